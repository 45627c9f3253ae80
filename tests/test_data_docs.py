"""The Data Docs stand standalone, speak Chinese, and tell pass, fail and "could not be checked" apart."""

import re
from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from make.browser import wait_until, watched
from make.check_rows import BAD, COMMITTED, GOOD, UNSEEN, enforce, made_checks, outcome
from playwright.sync_api import Browser

from analysis.balancing.gx.data_docs import Undecided, loaded_from_elsewhere, publish_data_docs, standalone
from analysis.balancing.gx.page_policy import guarded
from analysis.errors import WorkbenchError


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "data-docs"
    checks = made_checks(GOOD, BAD, UNSEEN, outcome("row_income_sources", "7.00", "7.00", "pass"))
    enforce(checks, COMMITTED, folder)
    enforce(checks, COMMITTED, folder)
    return folder


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_a_second_run_replaces_the_first(site: Path) -> None:
    assert [page.relative_to(site).parts[0] for page in pages(site)] == ["expectations", "index.html", "validations"]


def test_every_resource_lies_beside_the_pages(site: Path) -> None:
    for page in pages(site):
        text = page.read_text("utf-8")
        resources = re.findall(r"<(?:link|script|img)\b[^>]*\b(?:href|src)=\"([^\"]+)\"", text)
        assert len(resources) >= 10
        for resource in resources:
            assert (page.parent / resource).resolve().is_file(), resource
        assert not re.search(r"(?:src|href)=[\"'](?:https?:)?//", text)


def test_the_pages_are_in_chinese(site: Path) -> None:
    for page in pages(site):
        text = page.read_text("utf-8")
        assert '<html lang="zh">' in text
        assert text.count("<title>") == 1
        assert "勾稽关系检查" in text


def test_a_failing_row_shows_place_sides_and_difference(site: Path) -> None:
    (page,) = (site / "validations").rglob("*.html")
    text = page.read_text("utf-8")
    for shown in (
        "某单位.pdf",
        "支出总表",
        "科学技术支出",
        "100.00",
        "102.00",
        "-2.00",
        "差额（元）",
        "1/2",
        "〔严重〕",
    ):
        assert shown in re.sub(r"</?span[^>]*>", "", text), shown


def test_what_could_not_be_checked_is_neither_pass_nor_fail(site: Path) -> None:
    (page,) = (site / "validations").rglob("*.html")
    text = page.read_text("utf-8")
    evaluated, section = text.split('id="undecided"')
    assert "row_vehicles" in section and "没有这张表" in section
    assert "row_vehicles" not in evaluated
    assert "条关系未能检查，不计入相符与不符" in evaluated


def test_a_page_that_would_load_something_else_is_refused(tmp_path: Path) -> None:
    built = tmp_path / "built"
    built.mkdir()
    (built / "index.html").write_text(
        '<html><head></head><body><iframe src="https://a.example/x"></iframe></body></html>'
    )
    with pytest.raises(WorkbenchError, match=r"index\.html would load"):
        publish_data_docs(built, tmp_path / "docs", [])


def test_what_is_told_is_escaped(tmp_path: Path) -> None:
    built = tmp_path / "built"
    built.mkdir()
    (built / "index.html").write_text("<html><head></head><body></body></html>")
    index = publish_data_docs(built, tmp_path / "docs", [Undecided("a<b", "<script>", ("x & y",))], "1 < 2")
    text = index.read_text("utf-8")
    assert "a&lt;b" in text and "&lt;script&gt;" in text and "x &amp; y" in text
    assert "<script>" not in text


def test_unknown_outside_files_are_dropped() -> None:
    page = '<html><head><link rel="stylesheet" href="https://cdn.example/dark.css"></head><body></body></html>'
    assert "dark.css" not in standalone(page, "")


# What a document says is text, whatever it says

PAYLOADS = (
    "<script>document.title='ran'</script>",
    '<img src="x" onerror="document.title=1">',
    '"><svg onload=alert(1)>',
    "<a href='javascript:alert(1)'>x</a>",
    "</td></tr></table><iframe src=//a.example></iframe>",
    "$column $PARAMETER $$ ${identity}",
    "{{ section_id }} {% raw %}",
    "url(//a.example/x) url(https://a.example/y) @import //a.example",
    "src=//a.example href='https://a.example/z'",
    "&lt;b&gt; &amp; </style> <!--",
)


def elements(page: str) -> list[lxml.html.HtmlElement]:
    return [one for one in lxml.html.document_fromstring(page).iter() if isinstance(one.tag, str)]


def active(page: str) -> Iterator[str]:
    """Everything in a page that runs: scripts, event handlers, addresses with a script."""
    for one in elements(page):
        if one.tag in ("script", "iframe", "object", "embed", "svg"):
            yield f"{one.tag} {one.text_content().strip()} {one.get('src')}"
        for name, value in one.attrib.items():
            if name.startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"{name}={value}"


def told(folder: Path, text: str) -> str:
    rows = [{**BAD, name: text} for name in ("source_file", "table", "code", "name", "measure")]
    rows = [{**row, "check_id": f"row_basic_project|{number}|{text}"} for number, row in enumerate(rows)]
    enforce(made_checks(GOOD, *rows), COMMITTED, folder)
    (page,) = (folder / "validations").rglob("*.html")
    return page.read_text("utf-8")


def test_nothing_of_a_document_runs_in_the_pages_and_all_of_it_can_be_read(tmp_path: Path) -> None:
    plain = sorted(active(told(tmp_path / "plain", "某单位")))
    page = told(tmp_path / "hostile", "".join(PAYLOADS))
    assert sorted(active(page)) == plain
    shown = [cell.text_content().strip() for cell in elements(page) if cell.tag == "td"]
    assert shown.count("".join(PAYLOADS)) == 5


@pytest.mark.parametrize(
    "loads",
    [
        '<img src="//a.example/x">',
        "<img srcset='https://a.example/x 2x'>",
        "<form action=https://a.example/x></form>",
        '<p style="background: url(//a.example/x)">',
        "<style>@import 'https://a.example/x';</style>",
        '<svg><use xlink:href="https://a.example/x"></use></svg>',
    ],
)
def test_what_a_page_loads_is_seen(loads: str) -> None:
    assert list(loaded_from_elsewhere(f"<html><body>{loads}</body></html>"))


def test_text_is_nothing_that_a_page_loads() -> None:
    text = "url(//a) @import //a src=&quot;//a&quot; https://a.example"
    assert not list(loaded_from_elsewhere(f"<html><body><p title='{text}'>{text}</p></body></html>"))


# The finished pages are looked at once more


FOREIGN = (
    "<script>document.title='ran'</script>",
    "<script src='static/vendor/js/../../../x.js'></script>",
    "<script src='https://a.example/x.js'></script>",
    "<img src=x onerror=\"document.title='ran'\">",
    "<p onclick='showAllValidations()'>x</p>",
    "<label onclick='showAllValidations();x()'>x</label>",
    "<a href='javascript:x()'>x</a>",
    "<a href=' JaVaScRiPt:x()'>x</a>",
    "<iframe srcdoc='x'></iframe>",
    "<meta http-equiv=refresh content='0;url=x'>",
    "<base href='x'>",
    "<form action=x><input type=submit></form>",
    "<svg><script>x()</script></svg>",
    "<object data=x></object>",
)


@pytest.mark.parametrize("inside", FOREIGN)
def test_what_does_not_come_from_the_templates_is_taken_out(inside: str) -> None:
    own = "<label onclick='showAllValidations()'>own</label>"
    page = guarded(f"<html><head></head><body>{inside}{own}</body></html>", is_index=False)
    (label,) = [one for one in elements(page) if one.tag == "label" and "onclick" in one.attrib]
    assert label.text == "own"
    assert list(active(page)) == ["onclick=showAllValidations()"]
    assert "ran" not in page


def policy_of(page: str) -> str:
    (meta,) = [one for one in elements(page) if one.get("http-equiv")]
    return str(meta.get("content"))


def test_every_page_has_a_policy_that_allows_no_script_but_ours(site: Path) -> None:
    for page in pages(site):
        text = page.read_text("utf-8")
        policy = policy_of(text)
        assert policy.startswith("default-src 'none'; script-src 'self' file:")
        assert "'unsafe-inline'" not in policy.partition("; style-src")[0] and "'unsafe-eval'" not in policy
        assert text.index("Content-Security-Policy") < text.index("<link")


def test_a_page_that_cannot_be_written_leaves_the_old_pages_whole(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {page: page.read_bytes() for page in pages(site)}
    built = site.parent / "built"
    for name in ("a", "b"):
        (built / name).mkdir(parents=True)
        (built / name / "page.html").write_text("<html><head></head><body></body></html>")
    real = Path.write_text

    def full(path: Path, text: str, **options: str) -> int:
        if path.parent.name == "b":
            raise OSError(28, "No space left on device")
        return real(path, text, **options)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        publish_data_docs(built, site, [])
    assert {page: page.read_bytes() for page in pages(site)} == before
    assert [path.name for path in site.parent.iterdir() if path.name.startswith(".")] == []


def test_under_their_policy_the_pages_fill_their_lists_and_hide_what_holds(
    tmp_path: Path, site: Path, browser: Browser
) -> None:
    told(tmp_path / "hostile", "".join(PAYLOADS))
    for folder in (site, tmp_path / "hostile"):
        with watched(browser) as seen:
            seen.page.goto((folder / "index.html").as_uri())
            wait_until(seen.page, "document.querySelectorAll('tr.clickable-row').length >= 2")
            assert seen.page.title() == "勾稽关系检查 · Identity checks"
        (page,) = (folder / "validations").rglob("*.html")
        with watched(browser) as seen:
            seen.page.goto(page.as_uri())
            seen.page.locator("label[onclick='hideSucceededValidations()']").click()
            wait_until(seen.page, "[...document.querySelectorAll('tr')].some(one => one.offsetParent === null)")
            assert seen.page.title() == "勾稽关系检查 · Identity checks"
