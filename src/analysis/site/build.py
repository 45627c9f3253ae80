"""The site is put together: downloads and guides first, then the pages that lead to everything that is there.

site/index.html        who published what, what it comes to, what is open, and where to read on
site/files.html        every file found, how it was read, and why not
site/dictionary.html   every column of the dataset
site/downloads/        the dataset to take along
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path

import polars as pl

from analysis.atomic import write_text
from analysis.dataset.export.formats import table_formats
from analysis.dataset.store import read_table
from analysis.display.words import KIND_NAMES, LEVEL_NAMES
from analysis.pages import assets
from analysis.pages.notebook_page import render
from analysis.pages.shell import NavLink, Shell, nav_links
from analysis.reports.registry import KINDS
from analysis.reports.report_spec import ReportSpec
from analysis.site.downloads import Download, write_downloads
from analysis.site.guides import HERE, write_dictionary, write_indicators
from analysis.site.listing import ListFilter, Listing
from analysis.site.listing_rows import STATES, STATUS, SiteData, file_rows, load_site_data, organisation_rows

_MORE = (
    ("问题清单：公布的数字错在哪里", "audit/index.html"),
    ("勾稽核对报告", "validate.html"),
    ("数据质量报告（Data Docs）", "data-docs/index.html"),
    ("数据清洗报告", "clean.html"),
    ("全部文件及读取情况", "files.html"),
    ("数据字典", "dictionary.html"),
    ("指标说明", "indicators.html"),
)
_LEVELS = ListFilter("level", "层级", tuple((level.value, name) for level, name in LEVEL_NAMES.items()))


def build_site(clean_dir: Path, site_dir: Path, indicators: Path | None = None) -> Path:
    """Write the index and what it leads to, over the reports, audit pages and Data Docs that the site holds.

    Args:
        clean_dir: The cleaned dataset.
        site_dir: The site; links are made only to what is there.
        indicators: The document that explains the indicators; None for none.

    Returns:
        The index page.

    Raises:
        DatasetError: The dataset is missing or damaged.
    """
    documents = read_table(clean_dir, "documents")
    assets.write_assets(site_dir / "assets")
    downloads = write_downloads(clean_dir, site_dir / "downloads")
    if (clean_dir / "clean.ipynb").exists():
        render(clean_dir / "clean.ipynb", site_dir / "clean.html", "数据清洗报告", HERE)
    if indicators is not None and indicators.exists():
        write_indicators(indicators, site_dir)
    write_dictionary(site_dir)
    told = load_site_data(documents, clean_dir, site_dir)
    _write(site_dir / "files.html", "全部文件：读出了什么，没有读出什么？", _files(told))
    linked = (kind.specs for kind in KINDS.values() if kind.specs is not None and kind.links is not None)
    reports = [spec for specs in linked for spec in specs(clean_dir)]
    body = _index(told, [report for report in reports if report.page(site_dir).exists()], downloads)
    return _write(site_dir / "index.html", "公开的预算和决算：谁花了多少钱？", body)


def _write(page: Path, title: str, body: str) -> Path:
    shell = Shell(title, HERE, nav_links(page, HERE), scripts=(assets.LISTING,))
    write_text(page, shell.around(f"<h1>{escape(title)}</h1>{body}"))
    return page


def _years(documents: pl.DataFrame) -> ListFilter:
    years = sorted(set(documents["document_year"].drop_nulls()), reverse=True)
    return ListFilter("year", "年度", tuple((str(year), f"{year} 年") for year in years))


def _kinds(documents: pl.DataFrame) -> ListFilter:
    return ListFilter("kind", "种类", tuple(one for one in KIND_NAMES.items() if one[0] in set(documents["kind"])))


def _files(told: SiteData) -> str:
    there = set(told.documents["status"])
    states = ListFilter("status", "读取", tuple(one for one in STATUS.items() if one[0] in there))
    listing = Listing(
        "每个文件的读取情况",
        "个文件",
        ("文件", "单位", "层级", "年度", "种类", "支出合计（万元）", "读取", "未处理的问题"),
        file_rows(told),
        (_LEVELS, _years(told.documents), _kinds(told.documents), states),
        "例如：街道 2024",
        frozenset({5}),
    )
    return f"<p>{escape(_summary(told.documents))}</p>{listing.html()}"


def _summary(documents: pl.DataFrame) -> str:
    counts = dict(documents["status"].value_counts().iter_rows())
    told = "，".join(f"{name} {counts[status]} 个" for status, name in STATUS.items() if status in counts)
    return f"共 {documents.height} 个文件：{told}。"


def _index(told: SiteData, reports: Sequence[ReportSpec], downloads: Sequence[Download]) -> str:
    rows = organisation_rows(told)
    there = {state for row in rows for state in row.of["state"]}
    listing = Listing(
        "每个单位的文件、支出合计和未处理的问题",
        "个单位",
        ("单位", "层级", "文件", "支出合计（万元）", "未处理的问题"),
        rows,
        (
            _LEVELS,
            _years(told.documents),
            _kinds(told.documents),
            ListFilter("state", "问题", tuple(one for one in STATES if one[0] in there)),
        ),
        "单位名称，或功能分类的名称、编码，例如：街道、教育、2010101",
        frozenset({3}),
        (("amount", "支出合计"), ("errors", "错误")),
        told.codes,
    )
    words = (
        f"<p>{escape(_summary(told.documents))}支出合计是最近一年文件所印的合计；"
        "点单位看报告，点年度看该文件的核对结果。"
        '<span class="note" lang="en">Budgets and final accounts of public bodies, read and checked.</span></p>'
    )
    return f"{words}{_links(reports)}{listing.html()}{_more(told, reports, downloads)}"


def _links(reports: Sequence[ReportSpec], under_headings: bool = False) -> str:
    """The links to the reports of the kinds that have a section of their own, or of those that have none."""
    html = ""
    for kind in KINDS.values():
        if kind.links is not None and (kind.links.heading is not None) == under_headings:
            line = _line(reports, kind.id, kind.links.title)
            heading = f"<h2>{kind.links.heading}</h2>" if line and kind.links.heading else ""
            html += f"{heading}{line}"
    return html


def _line(reports: Sequence[ReportSpec], by: str, title: str) -> str:
    """The links to the reports of one kind, in a line."""
    links = "".join(
        f"<li>{NavLink(report.link, report.page(Path()).as_posix()).html()}</li>"
        for report in reports
        if report.by == by
    )
    return (
        f'<nav aria-label="{title}的报告"><ul class="inline"><li class="note">{title}：</li>{links}</ul></nav>'
        if links
        else ""
    )


def _more(told: SiteData, reports: Sequence[ReportSpec], downloads: Sequence[Download]) -> str:
    pages = "".join(
        f"<li>{NavLink(words, address).html()}</li>" for words, address in _MORE if (told.site_dir / address).exists()
    )
    files = "".join(
        f'<li>{NavLink(one.words, f"downloads/{one.path.name}").html()}<span class="size">{one.size}</span></li>'
        for one in (*downloads, *_findings(told.site_dir))
    )
    beside = f"<div><h2>更多</h2><ul>{pages}</ul></div><div><h2>下载</h2><ul>{files}</ul></div>"
    return f'{_links(reports, under_headings=True)}<div class="columns">{beside}</div>'


def _findings(site_dir: Path) -> tuple[Download, ...]:
    names = [(f"findings.{one.id}", f"问题清单，{one.words}") for one in table_formats()]
    return tuple(
        Download(site_dir / "downloads" / name, f"{name}（{words}）")
        for name, words in names
        if (site_dir / "downloads" / name).exists()
    )
