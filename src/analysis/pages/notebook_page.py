"""An executed notebook as one HTML page that asks nothing of the network and trusts nothing of the documents.

The page can be read without any script: contents, dark mode, printing and the code switch are HTML and CSS, and every
chart is drawn in it. The script of the site makes charts alive that can be explored. Every piece of HTML, our own
tables too, goes through one sanitiser that knows a short list of tags and no outside address; a content security
policy in the page is the second wall. A page takes style, script and type from the site's assets, or stands alone.
"""

import analysis.runtime.kernels.schemas  # noqa: F401 - before whatever imports nbformat

# isort: split
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from analysis.atomic import write_text
from analysis.display.templating import Markup
from analysis.errors import NotebookError
from analysis.pages import assets
from analysis.pages.chart_elements import PLOTLY, ChartElements
from analysis.pages.chart_files import export_charts
from analysis.pages.notebook_cells import PLAIN, SHOWN, notebook_to_html
from analysis.pages.sanitising import with_first_heading, without_ways_out
from analysis.pages.shell import ContentsEntry, PageLocation, Shell, nav_links
from analysis.pages.standalone import packed_plotly, subset_font_face
from analysis.runtime.kernels.notebooks import load

_FRAGMENT = "?/:@!$&'()*+,;="  # what the identifier of a heading keeps as it is
_PLACE = re.compile(r'data-place="([^"]+)"')
_HEADING = re.compile(r"^##\s+(.+?)\s*$", re.MULTILINE)


Cited = Callable[[frozenset[str]], Mapping[str, Any]]


def render(
    executed: Path,
    page: Path,
    title: str,
    location: PageLocation | None = None,
    standalone: bool = False,
    cited: Cited | None = None,
    made_reports: str | None = None,
    named: bool = False,
) -> None:
    """Write an executed notebook as an HTML page, and its charts as files in a folder of the page's name.

    Args:
        executed: An executed notebook, as `notebooks.execute` leaves it.
        page: Where the page goes, atomically.
        title: The page's title; text, never markup.
        location: Where the page stands in the site.
        standalone: Everything is in the page, nothing beside it.
        cited: What is known of figures, by their places; without it they lead nowhere.
        made_reports: The file that tells which reports the site has, as the page sees it; without it no name is a link.
        named: The page's title is its first heading too: what it is about, where the notebook says what it asks.

    Raises:
        NotebookError: The notebook holds an error, or an output that a page cannot show.
    """
    location = PageLocation(home=None, assets="") if standalone else location or PageLocation()
    notebook = load(executed)
    outputs = list(_outputs(notebook))
    _check(outputs, executed.name)
    folder = page.with_suffix("")
    exported = () if standalone else export_charts(outputs, folder, f"../{location.assets}")
    body = notebook_to_html(notebook, ChartElements(folder.name if exported else None).html)
    if named:
        body = with_first_heading(body, title)
    places = frozenset(unescape(place) for place in _PLACE.findall(body)) if cited else frozenset()
    told = cited(places) if cited and places else None
    shell = Shell(
        title,
        location,
        nav_links(page, location),
        switch_code=True,
        wide=False,
        scripts=(
            *((assets.FIGURES,) if places else ()),
            *((assets.LINKS,) if made_reports and not standalone else ()),
            *((assets.TABLES,) if "<table" in body else ()),
        ),
        told_beside=made_reports if not standalone else None,
        cited=told,
        own_images=any("source" in document for document in (told or {}).get("documents", {}).values()),
    )
    contents = list(_contents(notebook))
    if standalone:
        body = without_ways_out(body)  # what is sent by mail has nothing beside it
        alive = any(PLOTLY in output.get("data", {}) for output in outputs)
        shell = _standalone(shell, body, contents, alive=alive)
    write_text(page, shell.around(body, contents))


def _standalone(shell: Shell, body: Markup, contents: Iterable[ContentsEntry], *, alive: bool) -> Shell:
    """The shell of a page that stands alone; `alive` where it has charts to explore."""
    return replace(
        shell,
        embedded=tuple(assets.text(name) for name in (assets.SCRIPT, *shell.scripts)),
        packed_plotly=packed_plotly() if alive else None,
        font_face=subset_font_face(shell.around(body, list(contents))),
    )


def _contents(notebook: Mapping[str, Any]) -> Iterator[ContentsEntry]:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            for heading in _HEADING.findall(cell["source"]):
                yield ContentsEntry(heading, quote(heading.replace(" ", "-"), safe=_FRAGMENT))


def _outputs(notebook: Mapping[str, Any]) -> Iterator[Any]:
    for cell in notebook["cells"]:
        yield from cell.get("outputs", [])


def _check(outputs: Iterable[Any], name: str) -> None:
    for output in outputs:
        if output.output_type == "error":
            raise NotebookError(f"{name} 中有错误（{output.ename}），不能成为报告。")
        kinds = set(output.get("data", {}))
        rich = {kind for kind in kinds if not kind.startswith("text/") and kind not in SHOWN}
        if rich and not kinds & (set(SHOWN) - {PLAIN}):
            raise NotebookError(f"{name} 中的输出（{'、'.join(sorted(rich))}）不能在网页中显示。")
