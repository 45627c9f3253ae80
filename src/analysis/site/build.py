"""The site is put together: downloads and guides first, then the pages that lead to everything that is there.

site/index.html        who published what, what it comes to, what is open, and where to read on
site/files.html        every file found, how it was read, and why not
site/dictionary.html   every column of the dataset
site/downloads/        the dataset to take along
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analysis.atomic import write_text
from analysis.dataset.export.formats import table_formats
from analysis.dataset.locks import held
from analysis.dataset.store import read_table
from analysis.display.templating import render
from analysis.display.words import KIND_NAMES, LEVEL_NAMES, STATUS_NAMES
from analysis.knowledge.families import load_families
from analysis.pages import assets
from analysis.pages.notebook_page import render as render_notebook
from analysis.pages.shell import NavLink, Shell, nav_links
from analysis.reports.made_reports import asked_pages
from analysis.reports.registry import KINDS
from analysis.reports.report_spec import ReportSpec
from analysis.site.downloads import Download, write_downloads
from analysis.site.guides import SITE_ROOT, write_dictionary, write_indicators
from analysis.site.listing import ListFilter, Listing
from analysis.site.listing_rows import STATES, SiteData, file_rows, load_site_data, organisation_rows

_MORE = (
    ("问题清单：公开数据中的差错和疑点", "audit/index.html"),
    ("勾稽核对报告", "validate.html"),
    ("数据质量报告（Data Docs）", "data-docs/index.html"),
    ("数据清洗报告", "clean.html"),
    ("全部文件及读取情况", "files.html"),
    ("数据字典", "dictionary.html"),
    ("指标说明", "indicators.html"),
)
_INDEX_TITLE = "部门预算决算公开数据"
_FILES_TITLE = "全部文件：读出了什么，没有读出什么？"
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
    with held(clean_dir) as generation:
        assets.write_assets(site_dir / "assets")
        if (clean_dir / "clean.ipynb").exists():
            render_notebook(clean_dir / "clean.ipynb", site_dir / "clean.html", "数据清洗报告", SITE_ROOT)
        return _write_pages(generation, site_dir, indicators)


def _write_pages(clean_dir: Path, site_dir: Path, indicators: Path | None) -> Path:
    documents = read_table(clean_dir, "documents")
    downloads = write_downloads(clean_dir, site_dir / "downloads")
    if indicators is not None and indicators.exists():
        write_indicators(indicators, site_dir)
    write_dictionary(site_dir)
    data = load_site_data(documents, clean_dir, site_dir)
    _write_listing(site_dir / "files.html", "site/files.html.j2", _FILES_TITLE, data, _files(data))
    return _write_listing(
        site_dir / "index.html",
        "site/index.html.j2",
        _INDEX_TITLE,
        data,
        _organisations(data),
        reports=_report_links(clean_dir, site_dir),
        pages=[NavLink(words, address) for words, address in _MORE if (site_dir / address).exists()],
        downloads=(*downloads, *_findings(site_dir)),
    )


def _write_listing(page: Path, template: str, title: str, data: SiteData, listing: Listing, **values: object) -> Path:
    """A page with a list that is searched; `values` are what its template asks for besides."""
    body = render(template, title=title, summary=_summary(data.documents), listing=listing, **values)
    shell = Shell(title, SITE_ROOT, nav_links(page, SITE_ROOT), scripts=(assets.LISTING,))
    write_text(page, shell.around(body))
    return page


def _years(documents: pl.DataFrame) -> ListFilter:
    years = sorted(set(documents["document_year"].drop_nulls()), reverse=True)
    return ListFilter("year", "年度", tuple((str(year), f"{year} 年") for year in years))


def _places(documents: pl.DataFrame) -> tuple[ListFilter, ...]:
    """Filters by region and by family of forms, each where there is more than one to choose from."""
    families = load_families(None).by_id
    regions = sorted(documents["region"].drop_nulls().unique())
    forms = sorted(documents["form"].drop_nulls().unique())
    found = (
        ListFilter("region", "地区", tuple((one, one) for one in regions)),
        ListFilter("form", "表式", tuple((one, families[one].zh if one in families else one) for one in forms)),
    )
    return tuple(one for one in found if len(one.values) > 1)


def _kinds(documents: pl.DataFrame) -> ListFilter:
    return ListFilter("kind", "种类", tuple(one for one in KIND_NAMES.items() if one[0] in set(documents["kind"])))


def _files(data: SiteData) -> Listing:
    present = set(data.documents["status"])
    statuses = ListFilter("status", "读取", tuple(one for one in STATUS_NAMES.items() if one[0] in present))
    return Listing(
        "每个文件的读取情况",
        "个文件",
        ("文件", "单位", "层级", "年度", "种类", "支出合计（万元）", "读取", "未处理的问题"),
        file_rows(data),
        (_LEVELS, _years(data.documents), _kinds(data.documents), *_places(data.documents), statuses),
        "例如：街道 2024",
        frozenset({5}),
    )


def _organisations(data: SiteData) -> Listing:
    rows = organisation_rows(data)
    present = {state for row in rows for state in row.of["state"]}
    states = ListFilter("state", "问题", tuple(one for one in STATES if one[0] in present))
    return Listing(
        "每个单位的文件、支出合计和未处理的问题",
        "个单位",
        ("单位", "层级", "文件", "支出合计（万元）", "未处理的问题"),
        rows,
        (_LEVELS, _years(data.documents), _kinds(data.documents), *_places(data.documents), states),
        "单位、科目名称或编码，如：街道、208",
        frozenset({3}),
        (("amount", "支出合计"), ("errors", "错误")),
        data.codes,
    )


def _summary(documents: pl.DataFrame) -> str:
    counts = dict(documents["status"].value_counts().iter_rows())
    statuses = "，".join(f"{name} {counts[status]} 个" for status, name in STATUS_NAMES.items() if status in counts)
    return f"共 {documents.height} 个文件：{statuses}。"


@dataclass(frozen=True, slots=True)
class ReportLinks:
    """The links to the finished reports of one kind; under a `heading` they make a section of their own."""

    title: str
    heading: str | None
    links: tuple[NavLink, ...]


def _report_links(clean_dir: Path, site_dir: Path) -> list[ReportLinks]:
    """The kinds of reports that the index lists, those of which none is finished left out."""
    lines = []
    for kind in KINDS.values():
        if kind.links is None:
            continue
        links = _listed(kind.specs(clean_dir), site_dir) if kind.specs else _asked_for(kind.id, site_dir)
        if links:
            lines.append(ReportLinks(kind.links.title, kind.links.heading, links))
    return lines


def _listed(specs: Sequence[ReportSpec], site_dir: Path) -> tuple[NavLink, ...]:
    there = (spec for spec in specs if spec.page(site_dir).exists())
    return tuple(NavLink(spec.link, spec.page(Path()).as_posix()) for spec in there)


def _asked_for(by: str, site_dir: Path) -> tuple[NavLink, ...]:
    pages = asked_pages(site_dir, by)
    return tuple(NavLink(title, page.relative_to(site_dir).as_posix()) for page, title in pages)


def _findings(site_dir: Path) -> tuple[Download, ...]:
    """The files that the audit left among the downloads."""
    files = [(site_dir / "downloads" / f"findings.{one.id}", one.words) for one in table_formats()]
    return tuple(Download(path, f"{path.name}（问题清单，{words}）") for path, words in files if path.exists())
