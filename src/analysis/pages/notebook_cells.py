"""The cells of an executed notebook as HTML: nbconvert's filters turn each text into HTML, and one sanitiser passes it.

Of nbconvert only the filters are asked (Markdown, the colours of code and of a terminal); which output is shown, and
what stands around it, is ours: `pages/notebook.html.j2`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nbconvert.filters import Highlight2HTML, ansi2html

from analysis.display.templating import Markup, render
from analysis.pages.chart_elements import PLOTLY, PNG, SVG
from analysis.pages.markdown import markdown_to_html
from analysis.pages.sanitising import sanitise

HTML, JPEG, MARKDOWN, LATEX, PLAIN = "text/html", "image/jpeg", "text/markdown", "text/latex", "text/plain"
# Of the forms in which a notebook holds one output the first of these is shown.
SHOWN = (SVG, PNG, HTML, PLOTLY, JPEG, MARKDOWN, LATEX, PLAIN)
_CELLS = 512
_HIDDEN_SOURCES = {"injected-parameters", "parameters", "hide-input"}
_RAW_HTML = {"", HTML}

ChartHtml = Callable[[Mapping[str, Any]], Markup]


@dataclass(frozen=True, slots=True)
class CellOutput:
    """One output: its HTML, in a box of these `classes` where it has some; `is_text` keeps its line breaks."""

    html: Markup
    classes: str = ""
    is_text: bool = False


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """A cell as the template takes it; `kind` is "markdown", "code" or "raw", `text` is None where it is hidden."""

    kind: str
    id: str
    tags: tuple[str, ...]
    text: Markup | None
    outputs: tuple[CellOutput, ...] = ()


def notebook_to_html(notebook: Mapping[str, Any], chart_html: ChartHtml) -> Markup:
    """All cells, in order.

    Args:
        notebook: An executed notebook, without errors.
        chart_html: What makes a figure of an output that draws.
    """
    language = notebook["metadata"].get("language_info", {}).get("name") or "ipython3"
    return render("pages/notebook.html.j2", cells=list(_cells(notebook["cells"], language, chart_html)))


def _cells(cells: Iterable[Mapping[str, Any]], language: str, chart_html: ChartHtml) -> Iterable[NotebookCell]:
    for cell in cells:
        kind, metadata = cell["cell_type"], cell["metadata"]
        tags = tuple(metadata.get("tags", ()))
        hidden = not _HIDDEN_SOURCES.isdisjoint(tags)
        if kind == "code":
            text = None if hidden else _code(cell["source"], language, metadata.get("magics_language"))
            outputs = tuple(_output(output, chart_html) for output in cell["outputs"])
            yield NotebookCell(kind, cell.get("id", ""), tags, text, outputs)
        elif kind == "markdown" and not hidden:
            text = markdown_to_html(cell["source"], cell.get("attachments"))
            yield NotebookCell(kind, cell.get("id", ""), tags, text)
        elif kind == "raw" and not hidden and metadata.get("raw_mimetype", "").lower() in _RAW_HTML:
            yield NotebookCell(kind, "", tags, sanitise(cell["source"]))


@lru_cache(_CELLS)
def _code(source: str, language: str, magic: str | None) -> Markup:
    """The code of a cell, coloured; all reports of a kind have the same code."""
    metadata = {"magics_language": magic} if magic else None
    return sanitise(Highlight2HTML(pygments_lexer=language)(source, metadata=metadata))  # type: ignore[no-untyped-call]


def _output(output: Mapping[str, Any], chart_html: ChartHtml) -> CellOutput:
    if output["output_type"] == "stream":
        classes = f"output_subarea output_stream output_{output['name']} output_text"
        return CellOutput(_terminal(output["text"]), classes, is_text=True)
    data = output["data"]
    form = next((form for form in SHOWN if form in data), None)
    executed = " output_execute_result" if output["output_type"] == "execute_result" else ""
    match form:
        case "image/svg+xml" | "image/png" | "application/vnd.plotly.v1+json":
            return CellOutput(chart_html(output))
        case "text/html":
            return CellOutput(sanitise(data[form]), f"output_html rendered_html output_subarea{executed}")
        case "text/markdown":
            return CellOutput(markdown_to_html(data[form]), f"output_markdown rendered_html output_subarea{executed}")
        case "image/jpeg":
            return CellOutput(render("pages/jpeg.html.j2", data=data[form]), f"output_jpeg output_subarea{executed}")
        case "text/latex":
            return CellOutput(Markup.escape(data[form]), f"output_latex output_subarea{executed}")
        case "text/plain":
            return CellOutput(_terminal(data[form]), f"output_text output_subarea{executed}", is_text=True)
        case _:
            return CellOutput(Markup())


def _terminal(text: str) -> Markup:
    """Text of a terminal, its colours as classes."""
    return sanitise(ansi2html(text))  # type: ignore[no-untyped-call]
