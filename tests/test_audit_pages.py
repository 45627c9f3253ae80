"""The audit in a browser with the network off: pages, pictures, filters, Data Docs; and downloads that run nothing."""

import csv
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from make.books import IDENTITIES
from make.browser import wait_until, watched
from make.datasets import write_dataset
from make.findings import finding
from make.hostile_files import made_book, set_as
from playwright.sync_api import Browser, Page

from analysis.balancing.findings import assemble
from analysis.balancing.gx.suites import expectation_files
from analysis.dataset.store import read_table, to_frame
from analysis.dataset.suspects import read_suspects
from analysis.display.pictures import Picture
from analysis.errors import ParameterError
from analysis.extraction.evidence.snapshots import CHANGED, GONE
from analysis.site import build_site
from analysis.site.audit.audit_pages import Audit, AuditBatch, write_audit
from analysis.steps.check import CheckSummary, check_dataset, show_finding
from analysis.steps.clean import TABLES, clean_folder
from analysis.steps.take_snapshots import framed_words, take_snapshots
from analysis.terms.finding import Alternative, Severity
from analysis.terms.line_item import Place
from analysis.terms.snapshot import Crop, Excerpt

ENDINGS = ("pdf", "xlsx", "docx", "html", "txt")
FORMULA, SCRIPT = '=HYPERLINK("http://evil","x")', "<script>alert(1)</script>"


def planted(line_items: pl.DataFrame) -> pl.DataFrame:
    """The line items with one wrong digit in every document: an item's total in the expenditure table."""
    here = (pl.col("table") == "expenditure") & (pl.col("code_level") == 3) & (pl.col("measure") == "total")
    numbered = line_items.with_row_index("at")
    chosen = numbered.filter(here & (pl.col("amount") >= 100_000)).unique("document_id", keep="first")["at"]
    wrong = pl.col("at").is_in(chosen.to_list())
    more = (pl.col("amount") + Decimal("30000.00")).cast(pl.Decimal(18, 2))
    return numbered.with_columns(amount=pl.when(wrong).then(more).otherwise(pl.col("amount"))).drop("at")


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, setting = tmp_path_factory.mktemp("raw"), tmp_path_factory.mktemp("setting")
    for seed, ending in enumerate(ENDINGS, 1):
        (folder / f"{ending}文件.{ending}").write_bytes(set_as(made_book(seed), ending, setting))
    return folder


@pytest.fixture(scope="module")
def clean_dir(raw: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean") / "clean"
    clean_folder(raw, folder)
    tables = {name: read_table(folder, name) for name in TABLES}
    write_dataset(tables | {"line_items": planted(tables["line_items"])}, folder, "planted")
    return folder


@pytest.fixture(scope="module")
def expectations(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("expectations")
    for name, text in expectation_files(IDENTITIES).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site") / "site"


@pytest.fixture(scope="module")
def summary(clean_dir: Path, raw: Path, expectations: Path, site: Path) -> CheckSummary:
    done = check_dataset(clean_dir, raw, expectations, site)
    build_site(clean_dir, site)
    return done


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page without a network: whatever leaves the machine's files is stopped, and a test fails for it."""
    with watched(browser) as seen:
        yield seen.page


def planted_findings(summary: CheckSummary) -> pl.DataFrame:
    return summary.findings.filter(
        pl.col("table") == "expenditure", pl.col("check_id").is_not_null(), pl.col("severity") == "error"
    )


def test_every_planted_error_is_one_finding_with_its_figure(summary: CheckSummary, clean_dir: Path) -> None:
    found = planted_findings(summary)
    assert sorted(found["source_file"]) == sorted(f"{ending}文件.{ending}" for ending in ENDINGS)
    assert found["expected"].null_count() == 0
    suspects = read_suspects(clean_dir)
    keys = ["document_id", "table", "code", "measure"]
    assert suspects.join(found, on=keys, how="semi").height == len(ENDINGS)


def wait_for_pictures(page: Page) -> None:
    """Wait until every picture is loaded."""
    wait_until(page, "[...document.images].every(image => image.complete)")


def test_the_index_shows_every_finding_with_its_picture(summary: CheckSummary, page: Page) -> None:
    page.goto(summary.index.as_uri())
    assert page.locator("article.finding").count() == summary.findings.height
    assert "公开数据中的差错和疑点" in page.inner_text("h1")
    width = page.evaluate("document.querySelector('h1').getBoundingClientRect().width")
    assert width > 100
    for image in page.locator("img").all():
        image.scroll_into_view_if_needed()
    wait_for_pictures(page)
    widths = page.evaluate("[...document.images].map(image => image.naturalWidth)")
    assert widths and all(width > 500 for width in widths)


def test_the_filter_shows_what_is_asked_for(summary: CheckSummary, page: Page) -> None:
    page.goto(summary.index.as_uri())
    document = planted_findings(summary)["document_id"][0]
    page.select_option("#document", document)
    shown = page.locator("article.finding:visible")
    assert shown.count() == summary.findings.filter(pl.col("document_id") == document).height
    assert f"显示 {shown.count()} / {summary.findings.height}" in page.inner_text("#count")
    address = page.url
    page.goto("about:blank")
    page.goto(address)  # what is asked for stands in the address
    assert page.locator("article.finding:visible").count() == shown.count()
    page.select_option("#document", "")
    assert page.locator("article.finding:visible").count() == summary.findings.height


@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_of_a_document_stands_alone(
    summary: CheckSummary, site: Path, page: Page, tmp_path: Path, width: int
) -> None:
    (pdf,) = planted_findings(summary).filter(pl.col("source_file") == "pdf文件.pdf").rows(named=True)
    alone = tmp_path / "audit" / "alone.html"
    alone.parent.mkdir()
    shutil.copy(site / "audit" / f"{pdf['document_id']}.html", alone)
    shutil.copytree(site / "assets", tmp_path / "assets")  # the font; without it the system's own is taken
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(alone.as_uri())
    card = page.locator(f"#f-{pdf['finding_id']}")
    assert pdf["message_zh"] in card.inner_text()
    image = card.locator("img").first
    image.scroll_into_view_if_needed()
    wait_for_pictures(page)
    assert image.evaluate("image => image.naturalWidth") > 500
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert "https:" not in alone.read_text("utf-8") and "http:" not in alone.read_text("utf-8")


def test_the_site_index_leads_to_the_audit(summary: CheckSummary, site: Path, page: Page) -> None:
    page.goto((site / "index.html").as_uri())
    page.click("#listed a.tag.error >> nth=0")
    assert "哪些数字有问题" in page.inner_text("h1")
    page.click("text=问题清单")
    assert page.url == summary.index.as_uri()


def test_the_data_docs_open_offline_in_chinese(summary: CheckSummary, site: Path, page: Page) -> None:
    for place in sorted((site / "data-docs").rglob("*.html")):
        page.goto(place.as_uri())
        assert "勾稽" in page.inner_text("body")
    results = next((site / "data-docs" / "validations").rglob("*.html"))
    page.goto(results.as_uri())
    assert "html文件.html" in page.inner_text("body")


def test_the_picture_frames_the_figure_and_what_it_contradicts(
    summary: CheckSummary, clean_dir: Path, raw: Path
) -> None:
    views = {}
    for row in planted_findings(summary).iter_rows(named=True):
        shown = show_finding(row["finding_id"], clean_dir, raw)
        assert isinstance(shown, Picture) and shown.snapshot.reason is None
        views[row["source_file"].rpartition(".")[2]] = shown.snapshot.views[0]
    crop = views.pop("pdf")
    assert isinstance(crop, Crop) and crop.png.startswith(b"\x89PNG") and 0 < crop.focus < 1
    for ending, view in views.items():
        assert isinstance(view, Excerpt), ending
        assert len(view.marked) == 1 and view.against, ending
        assert len(view.labels) == len(view.rows)


def test_a_source_file_that_is_gone_or_changed_says_so(
    summary: CheckSummary, clean_dir: Path, raw: Path, tmp_path: Path
) -> None:
    moved = Path(shutil.copytree(raw, tmp_path / "raw"))
    (moved / "pdf文件.pdf").unlink()
    (moved / "txt文件.txt").write_text("别的文字", encoding="utf-8")
    nothing = pl.DataFrame(schema={"finding_id": pl.String})
    shown = take_snapshots(summary.findings, nothing, read_table(clean_dir, "documents"), moved)
    reasons = {row["source_file"]: shown[row["finding_id"]].reason for row in summary.findings.iter_rows(named=True)}
    assert reasons["pdf文件.pdf"] == GONE and reasons["txt文件.txt"] == CHANGED
    assert reasons["xlsx文件.xlsx"] is None


def test_an_unknown_finding_is_refused(summary: CheckSummary, clean_dir: Path, raw: Path) -> None:
    with pytest.raises(ParameterError, match="no finding"):
        show_finding("nothing", clean_dir, raw)


def test_a_second_audit_is_the_same_and_sweeps_up(
    summary: CheckSummary, clean_dir: Path, raw: Path, expectations: Path, site: Path
) -> None:
    (site / "audit" / "old.html").write_text("x")
    (site / "audit" / "pictures" / "old.png").write_bytes(b"x")
    before = {path: path.read_bytes() for path in (site / "audit").rglob("*") if path.is_file()}
    again = check_dataset(clean_dir, raw, expectations, site)
    assert again.findings.equals(summary.findings)
    after = {path: path.read_bytes() for path in (site / "audit").rglob("*") if path.is_file()}
    assert before.keys() - after.keys() == {site / "audit" / "old.html", site / "audit" / "pictures" / "old.png"}
    assert all(before[path] == data for path, data in after.items())


def test_without_the_raw_folder_everything_but_the_pictures_is_there(
    summary: CheckSummary, clean_dir: Path, expectations: Path, tmp_path: Path
) -> None:
    done = check_dataset(clean_dir, None, expectations, tmp_path / "site")
    assert done.findings.equals(summary.findings)
    assert "未出图" in done.index.read_text("utf-8")


def test_the_story_is_told_in_our_own_tables(summary: CheckSummary, clean_dir: Path) -> None:
    report = summary.report(clean_dir)
    for part in (report.headlines, report.answer, report.failed, report.meaning, report.doubtful, report.identities,
                 report.unchecked, report.covered, summary.verdict):  # fmt: skip
        html = part._repr_html_()
        assert "<" in html and "shape:" not in html
    assert "100.0%" in report.covered._repr_html_()
    assert str(summary.findings.filter(pl.col("severity") == "error").height) in report.answer._repr_html_()


def hostile(documents: pl.DataFrame) -> pl.DataFrame:
    texts = dict.fromkeys(("message_en", "printed", "expected", "name"), FORMULA)
    one = finding(
        document_id=documents["document_id"][0], source_file=f"{SCRIPT}.pdf", severity=Severity.ERROR,
        rule='"><img src=x>', message_zh=SCRIPT, evidence=(SCRIPT, "=1+1"), alternatives=(Alternative("+cmd"),),
        cause="@SUM(A1)", table="text", place=Place(cell=FORMULA), **texts,
    )  # fmt: skip
    return assemble([one], ())


def test_downloads_run_nothing_and_pages_escape_everything(clean_dir: Path, tmp_path: Path, page: Page) -> None:
    documents = read_table(clean_dir, "documents").with_columns(organisation=pl.lit(FORMULA))
    told = hostile(documents)
    outcomes = pl.DataFrame(schema={"document_id": pl.String, "outcome": pl.String, "reason": pl.String, "places": int})
    audited = Audit(
        told.lazy(),
        documents,
        to_frame([], "duties").lazy(),
        outcomes,
        lambda _: AuditBatch(told, {}, to_frame([], "duties")),
        {},
        (SCRIPT,),
    )
    index = write_audit(audited, tmp_path / "site")
    with (tmp_path / "site" / "downloads" / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert not any(re.match(r"\s*[=+\-@]", text) for text in row.values())
    assert row["印出 printed"] == f"'{FORMULA}"
    book = openpyxl.load_workbook(tmp_path / "site" / "downloads" / "findings.xlsx")
    cells = [cell for line in book["findings"].iter_rows() for cell in line]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    assert FORMULA in [cell.value for cell in cells]
    page.goto(index.as_uri())
    assert page.locator("img").count() == 0
    assert SCRIPT in page.inner_text("article.finding h3")
    assert re.findall("<script (?:src|type)=", index.read_text("utf-8")) == ["<script src="] * 3


def test_of_several_codes_that_of_the_row_itself_is_framed() -> None:
    row = {"table": "basic_by_economic", "rule": "code_lost_zero", "printed": "3012、3017", "expected": "30102、30107"}
    assert framed_words(row) == ("3012",)
    assert framed_words({**row, "printed": "3012", "expected": "30102"}) == ("3012",)
