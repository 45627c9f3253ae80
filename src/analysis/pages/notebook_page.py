"""An executed notebook as one HTML page that asks nothing of the network and trusts nothing of the documents.

The page can be read without any script: contents, dark mode, printing and the code switch are HTML and CSS, and every
chart is drawn in it. The script of the site makes charts alive that can be explored. Every piece of HTML, our own
tables too, goes through one sanitiser that knows a short list of tags and no outside address; a content security
policy in the page is the second wall. A page takes style, script and type from the site's assets, or stands alone.
"""

import analysis.runtime.kernels.schemas  # noqa: F401 - before whatever imports nbformat

# isort: split
import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache, partial
from html import escape
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any
from urllib.parse import quote

import nbformat
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from traitlets.config import Config

from analysis.atomic import write_text
from analysis.errors import NotebookError
from analysis.pages import assets
from analysis.pages.chart_elements import PLOTLY, PNG, SVG, ChartElements
from analysis.pages.chart_files import export_charts
from analysis.pages.sanitising import sanitise
from analysis.pages.shell import PageLocation, Shell, nav_links
from analysis.pages.standalone import font_face, packed_plotly
from analysis.runtime.kernels.notebooks import load

__all__ = ["PageLocation", "Renderer", "render", "sanitise"]

_SHOWN = [SVG, PNG, "text/html", PLOTLY, "image/jpeg", "text/markdown", "text/latex", "text/plain"]
_CELLS = 512
_HIDDEN_INPUTS = {"injected-parameters", "parameters", "hide-input"}
_FRAGMENT = "?/:@!$&'()*+,;="  # what nbconvert leaves as it is in the identifier of a heading
_HEADING = re.compile(r"^##\s+(.+?)\s*$", re.MULTILINE)


class _BodyExporter(HTMLExporter):
    """nbconvert's exporter without what it does to be safe from others, which takes longer than all the rest.

    Its last step parses the finished page once more, to look for pictures without words; our figures have theirs. Its
    first copies the notebook thrice and checks it twice; ours was checked as it was read, and is read for one page.
    """

    def _preprocess(self, nb: nbformat.NotebookNode, resources: Any) -> tuple[nbformat.NotebookNode, Any]:
        for preprocessor in self._preprocessors:
            nb, resources = preprocessor(nb, resources)
        return nb, resources

    def from_notebook_node(  # type: ignore[override]
        self, nb: nbformat.NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """The notebook as the body of a page."""
        language = nb.metadata.get("language_info", {}).get("name") or "ipython3"
        self.register_filter("highlight_code", partial(_highlighted, language))  # type: ignore[no-untyped-call]
        told = self._init_resources(resources)  # type: ignore[no-untyped-call]
        html, told = TemplateExporter.from_notebook_node(self, nb, told, **options)
        return str(html), told


def _highlighted(language: str, source: str, metadata: Mapping[str, Any]) -> str:
    return _coloured(source, language, metadata.get("magics_language"))


@lru_cache(_CELLS)
def _coloured(source: str, language: str, magic: str | None) -> str:
    """The code of a cell as HTML; all reports of a kind have the same code."""
    told = {"magics_language": magic} if magic else None
    return str(Highlight2HTML(pygments_lexer=language)(source, metadata=told))  # type: ignore[no-untyped-call]


class Renderer:
    """The converter, set up once in a process: its templates are compiled for the first page and serve all others."""

    def __init__(self) -> None:
        config = Config()
        config.TagRemovePreprocessor.enabled = True
        config.TagRemovePreprocessor.remove_input_tags = _HIDDEN_INPUTS
        config.HTMLExporter.preprocessors = ["nbconvert.preprocessors.TagRemovePreprocessor"]
        config.NbConvertBase.display_data_priority = _SHOWN
        with as_file(files("analysis") / "assets" / "page") as templates:
            self._exporter = _BodyExporter(  # type: ignore[no-untyped-call]
                config=config,
                template_name="report",
                extra_template_basedirs=[str(templates)],
                sanitize_html=True,
                language_code="zh",
                exclude_input_prompt=True,
                exclude_output_prompt=True,
                exclude_anchor_links=False,
            )
            self._exporter.register_filter("clean_html", sanitise)  # type: ignore[no-untyped-call]
            # Compiles the templates, while they are a folder for certain.
            empty = nbformat.NotebookNode(cells=[], metadata={}, nbformat=4, nbformat_minor=5)  # type: ignore[no-untyped-call]
            self._body(empty, "", ChartElements(None))

    def render(
        self, executed: Path, page: Path, title: str, location: PageLocation | None = None, standalone: bool = False
    ) -> None:
        """Write an executed notebook as an HTML page, and its charts as files in a folder of the page's name.

        Args:
            executed: An executed notebook, as `notebooks.execute` leaves it.
            page: Where the page goes, atomically.
            title: The page's title; text, never markup.
            location: Where the page stands in the site.
            standalone: Everything is in the page, nothing beside it.

        Raises:
            NotebookError: The notebook holds an error, or an output that a page cannot show.
        """
        location = PageLocation(home=None, assets="") if standalone else location or PageLocation()
        notebook = load(executed)
        outputs = list(_outputs(notebook))
        _check(outputs, executed.name)
        folder = page.with_suffix("")
        exported = () if standalone else export_charts(outputs, folder, f"../{location.assets}")
        shell = Shell(title, location, nav_links(page, location), switch_code=True, wide=False)
        html = self._body(notebook, title, ChartElements(folder.name if exported else None))
        if standalone:
            shell, html = _embedded(shell, html, alive=any(PLOTLY in output.get("data", {}) for output in outputs))
        write_text(page, shell.opening(_contents(notebook)) + html + shell.closing())

    def _body(self, notebook: nbformat.NotebookNode, title: str, figures: ChartElements) -> str:
        resources = {"metadata": {"name": title, "path": ""}, "figures": figures}
        html, _ = self._exporter.from_notebook_node(notebook, resources=resources)
        return str(html)


@cache
def _renderer() -> Renderer:
    return Renderer()


def render(
    executed: Path, page: Path, title: str, location: PageLocation | None = None, standalone: bool = False
) -> None:
    """`Renderer.render` by the one renderer of this process."""
    _renderer().render(executed, page, title, location, standalone)


def _embedded(shell: Shell, html: str, *, alive: bool) -> tuple[Shell, str]:
    """The shell and the body of a page that stands alone."""
    packed, packed_hash = packed_plotly() if alive else ("", "")
    frame = Shell(
        shell.title,
        shell.location,
        switch_code=shell.switch_code,
        wide=shell.wide,
        embedded=(assets.text(assets.SCRIPT),),
        allowed=(packed_hash,) if alive else (),
        font_face=font_face(shell.opening() + html + shell.closing()),
    )
    return frame, html + packed


def _contents(notebook: nbformat.NotebookNode) -> str:
    headings = [
        match[1] for cell in notebook.cells if cell.cell_type == "markdown" for match in _HEADING.finditer(cell.source)
    ]
    links = "".join(
        f'<li><a href="#{quote(text.replace(" ", "-"), safe=_FRAGMENT)}">{escape(text)}</a></li>' for text in headings
    )
    return f"<ol>{links}</ol>" if links else ""


def _outputs(notebook: nbformat.NotebookNode) -> Iterator[Any]:
    for cell in notebook.cells:
        yield from cell.get("outputs", [])


def _check(outputs: list[Any], name: str) -> None:
    for output in outputs:
        if output.output_type == "error":
            raise NotebookError(f"{name} 中有错误（{output.ename}），不能成为报告。")
        kinds = set(output.get("data", {}))
        rich = {kind for kind in kinds if not kind.startswith("text/") and kind not in _SHOWN}
        if rich and not kinds & (set(_SHOWN) - {"text/plain"}):
            raise NotebookError(f"{name} 中的输出（{'、'.join(sorted(rich))}）不能在网页中显示。")
