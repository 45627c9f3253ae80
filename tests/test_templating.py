"""Templates: what comes from a document is text on every kind of page, and HTML is made nowhere else."""

import ast
import re
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import lxml.html
import pytest
from jinja2 import UndefinedError
from make.made_pages import ALL, HOSTILE
from make.made_site import KINDS, hostile_site, page_of

from analysis.display.tables import Heading, Headline, Headlines, Paragraph, Table, TableCell
from analysis.display.templating import Markup, render
from analysis.exploring.csv_link import CsvLink
from analysis.pages import assets
from analysis.reports.problems import Problems

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "analysis"
TAGS = (
    "a|article|b|body|br|button|caption|circle|code|dd|defs|details|div|dl|dt|figcaption|figure|footer|g|h[1-6]|head|"
)
TAGS += "header|html|i|img|input|label|li|link|main|mark|meta|nav|ol|option|p|path|pattern|pre|rect|script|section|"
TAGS += "select|span|style|sub|summary|sup|svg|table|tbody|td|text|th|thead|title|tr|ul"
TAG = re.compile(rf"(?<!\?P)</?(?:{TAGS})(?:[\s>/]|$)")
# Where markup is put together without a template, and why.
WITHOUT_TEMPLATE = {
    "balancing/gx/data_docs.py": "mends pages that Great Expectations made by its own templates",
    "balancing/gx/page_policy.py": "looks at the same pages once more and writes their policy",
    "charts/rendering/svg.py": "writes shapes from numbers; what goes into a page is sanitised there",
    "charts/rendering/plotly_*.py": "plotly's own few tags, of which a page lets line breaks and type pass",
    "exploring/selection_chart.py": "plotly's own few tags",
}
# Where a text is declared to be HTML: what escapes, what sanitises, and files of our own, kept cards among them.
MAKES_MARKUP = {"display/templating.py", "pages/sanitising.py", "pages/assets.py", "site/audit/kept_pages.py"}


@cache
def trees() -> tuple[tuple[str, ast.AST], ...]:
    return tuple(
        (path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for path in sorted(PACKAGE.rglob("*.py"))
    )


def words_of(node: ast.AST) -> str:
    """The constant words of a text that is put together: of an f-string, of a sum, of a format."""
    match node:
        case ast.JoinedStr():
            words = [one.value if isinstance(one, ast.Constant) else " " for one in node.values]
            return "".join(map(str, words)) if len(words) > 1 or not isinstance(node.values[0], ast.Constant) else ""
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            sides = (node.left, node.right)
            return " ".join(one.value for one in sides if isinstance(one, ast.Constant) and isinstance(one.value, str))
        case ast.Call(func=ast.Attribute(attr="format" | "join", value=ast.Constant(value=str() as text))):
            return text
    return ""


def test_html_is_put_together_by_templates_alone() -> None:
    found = {path for path, tree in trees() if any(TAG.search(words_of(node)) for node in ast.walk(tree))}
    known = {pattern: {path for path in found if fnmatch(path, pattern)} for pattern in WITHOUT_TEMPLATE}
    assert found == set().union(*known.values())
    assert all(known.values()), "an exception that nothing needs"


def test_nothing_but_templates_and_sanitisers_declares_a_text_to_be_html() -> None:
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Markup":
                assert all(isinstance(one, ast.Constant) for one in node.args) or path in MAKES_MARKUP, path
                assert not any(isinstance(one, ast.JoinedStr) for one in node.args), path


def test_of_nbconvert_only_the_filters_are_asked() -> None:
    """They are public; its exporter was overridden in places that no version promises."""
    for path, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("nbconvert"):
                assert str(node.module).startswith("nbconvert.filters"), path


def test_a_template_escapes_what_is_not_markup_and_misses_nothing() -> None:
    table = Table('"<b>', (Heading("a", number=False), Heading("b")), (("x", TableCell("<1>", '"p', "'n", True)),))
    html = str(render("display/paragraph.html.j2", sentences=[table, "<i>"], lead=False))
    assert "<li>&lt;i&gt;</li>" in html and html.count("<table>") == 1
    (cell,) = lxml.html.fragment_fromstring(html).xpath(".//td")
    assert (cell.get("data-place"), cell.get("title"), cell.text) == ('"p', "'n", "<1>")
    with pytest.raises(UndefinedError):
        render("display/paragraph.html.j2", sentences=["x"])


def test_a_template_leaves_no_line_break_of_its_own() -> None:
    html = Headlines((Headline("甲", "1", "万元", "+1"),))._repr_html_()
    assert "\n" not in html and "  " not in html
    assert lxml.html.fragment_fromstring(html).xpath("string(.//p[@class='amount'])") == "1 万元"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_site(tmp_path_factory.mktemp("hostile") / "site")


def active(html: lxml.html.HtmlElement) -> list[str]:
    """What could run, load or hide something, but for the scripts and styles of our own."""
    own = {str(assets.text(name)) for name in (assets.SCRIPT, assets.AUDIT, assets.TABLES)}
    found = []
    for element in html.iter("*"):
        found += [f"{element.tag} {name}" for name in element.attrib if str(name).lower().startswith("on")]
        found += [f"style {value}" for value in element.xpath("./@style") if re.search(r"url\((?!#)", value)]
        if element.tag in ("iframe", "object", "embed", "base", "form", "foreignobject", "animate", "frame"):
            found.append(element.tag)
        if element.tag == "script" and element.text not in own and not element.get("type"):
            ours = r"[./]*(?:assets/\w+\.js\?v=\w+|(?:reports/)?index\.js)"  # the second: which reports there are
            found += [] if re.fullmatch(ours, element.get("src", "")) else ["script"]
        if element.tag == "style":
            found += [] if str(assets.text(assets.STYLE)) in (element.text or "") else ["style"]
        for name in ("href", "src", "action", "formaction", "srcset", "data"):
            if re.match(r"\s*(?!data:image/(png|jpeg);base64,)([a-z][a-z0-9+.-]*:|//)", element.get(name, ""), re.I):
                found.append(f"{element.tag} {name} {element.get(name)}")
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_document_is_active_and_its_words_can_be_read(site: Path, kind: str) -> None:
    html = lxml.html.document_fromstring(page_of(site, kind).read_text(encoding="utf-8"))
    assert active(html) == []
    for script in html.xpath("//script | //style"):
        script.drop_tree()
    text = html.text_content()
    if kind != "dictionary":
        missing = [word for word in HOSTILE if word not in text]
        assert missing == []


def test_what_a_notebook_shows_alone_is_escaped_too(tmp_path: Path) -> None:
    row = {"severity": "error", "status": "open", "document_id": "d", "finding_id": "f", "page": None, "cell": ALL,
           "line": None} | dict.fromkeys(("source_file", "message_zh", "printed", "name"), ALL)  # fmt: skip
    values = (
        Problems(({**row, "expected": f"应{ALL}"},), 1, None),
        CsvLink(ALL, b""),
        Table(ALL, (Heading(ALL), Heading("2024年")), ((ALL, TableCell(ALL, ALL, ALL)),)),
        Headlines((Headline(ALL, TableCell(ALL, ALL, ALL), ALL, ALL),)),
        Paragraph([ALL]),
        Paragraph([ALL, ALL], lead=True),
    )
    for value in values:
        html = lxml.html.document_fromstring(f"<div>{value._repr_html_()}</div>")
        links = [link for link in html.xpath("//a[@download]") if link.attrib.pop("href").startswith("data:text/csv;")]
        assert len(links) == isinstance(value, CsvLink)
        assert active(html) == []
        assert ALL in html.text_content()


def test_markup_is_what_the_templates_return() -> None:
    assert isinstance(render("display/paragraph.html.j2", sentences=["x"], lead=True), Markup)
