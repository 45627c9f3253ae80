"""An executed notebook as one HTML page that asks nothing of the network and trusts nothing of the documents.

The page has no script at all: contents, dark mode, printing and the code switch are HTML and CSS. Pictures and styles
are in the page; the only thing it shares with its neighbours is a Chinese font that is fetched from the site's own
`assets` where the reader's system has none, so a page sent by mail still opens. Every piece of HTML, our own tables
too, goes through one sanitiser that knows a short list of tags and no outside address; a content security policy in the
page is the second wall.
"""

import re
from dataclasses import dataclass
from html import escape
from importlib.resources import as_file, files
from pathlib import Path
from urllib.parse import quote

import nbformat
import nh3
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

from analysis.errors import NotebookError
from analysis.publishing.execution.notebooks import load
from analysis.publishing.files import write_text

FONT = "WorkbenchSC-Regular.woff2"
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src 'self' file:; "
    "base-uri 'none'; form-action 'none'"
)
_TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "col", "colgroup", "dd", "details", "div", "dl", "dt",
    "em", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "mark", "ol", "p", "pre",
    "s", "small", "span", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {
    "*": {"class", "id", "title", "lang"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "details": {"open"},
}
_HIDDEN_INPUTS = {"injected-parameters", "parameters", "hide-input"}
_FRAGMENT = "?/:@!$&'()*+,;="  # what nbconvert leaves as it is in the identifier of a heading
_HEADING = re.compile(r"^##\s+(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands in the site, as addresses relative to the page."""

    home: str = "../../index.html"
    assets: str = "../../assets"


def sanitise(html: str) -> str:
    """`html` with nothing in it that runs, loads from outside, or hides behind a style."""
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"data"},
        link_rel="noopener noreferrer",
        clean_content_tags={"script", "style"},
    )


def stylesheet(assets: str) -> str:
    """The styles of every page, with the font's address below `assets`."""
    style = (files("analysis.publishing") / "assets" / "page" / "page.css").read_text(encoding="utf-8")
    return style.replace("{font}", f"{assets}/{FONT}")


def render(notebook: Path, page: Path, title: str, place: Place | None = None) -> None:
    """Write the executed `notebook` as an HTML page.

    Args:
        notebook: An executed notebook, as `notebooks.execute` leaves it.
        page: Where the page goes, atomically.
        title: The page's title; text, never markup.
        place: Where the page stands in the site.

    Raises:
        NotebookError: The notebook holds an error, or an output that a page cannot show.
    """
    place = place or Place()
    executed = load(notebook)
    _check_outputs(executed, notebook.name)
    config = Config()
    config.TagRemovePreprocessor.enabled = True
    config.TagRemovePreprocessor.remove_input_tags = _HIDDEN_INPUTS
    config.HTMLExporter.preprocessors = ["nbconvert.preprocessors.TagRemovePreprocessor"]
    resources = {
        "metadata": {"name": title, "path": ""},
        "page": {
            "title": title,
            "policy": POLICY,
            "style": stylesheet(place.assets),
            "home": place.home,
            "contents": _contents(executed),
        },
    }
    with as_file(files("analysis.publishing") / "assets" / "page") as templates:
        exporter = HTMLExporter(  # type: ignore[no-untyped-call]
            config=config,
            template_name="report",
            extra_template_basedirs=[str(templates)],
            sanitize_html=True,
            language_code="zh",
            exclude_input_prompt=True,
            exclude_output_prompt=True,
            exclude_anchor_links=False,
        )
        exporter.register_filter("clean_html", sanitise)  # type: ignore[no-untyped-call]
        html, _ = exporter.from_notebook_node(executed, resources=resources)
    write_text(page, html)


def _contents(executed: nbformat.NotebookNode) -> str:
    headings = [
        match[1] for cell in executed.cells if cell.cell_type == "markdown" for match in _HEADING.finditer(cell.source)
    ]
    links = "".join(
        f'<li><a href="#{quote(text.replace(" ", "-"), safe=_FRAGMENT)}">{escape(text)}</a></li>' for text in headings
    )
    return f"<ol>{links}</ol>"


def _check_outputs(executed: nbformat.NotebookNode, name: str) -> None:
    shown = {"image/png", "image/jpeg", "image/svg+xml", "text/html", "text/markdown", "text/plain", "text/latex"}
    for number, cell in enumerate(executed.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                raise NotebookError(f"{name} 第 {number} 个单元有错误（{output.ename}），不能成为报告。")
            kinds = set(output.get("data", {}))
            rich = {kind for kind in kinds if not kind.startswith("text/") and kind not in shown}
            if rich and not kinds & (shown - {"text/plain"}):
                raise NotebookError(f"{name} 第 {number} 个单元的输出（{'、'.join(sorted(rich))}）不能在网页中显示。")
