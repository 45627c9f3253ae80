"""The files that all pages of a site share: one copy each, and an address that changes when its content does.

    site/assets/page.css, report.js, figures.js, links.js, tables.js, listing.js, audit.js, plotly.min.js and the type

A page names a shared file with a digest of its content behind a question mark, so a browser that kept an old copy
fetches the new one, and a page that was made before still opens.
"""

import hashlib
from functools import cache
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path

from analysis.atomic import disk_is_full, replacing
from analysis.display.templating import Markup
from analysis.errors import WorkbenchError

FONT = "WorkbenchSC-Regular.woff2"
STYLE, SCRIPT, PLOTLY = "page.css", "report.js", "plotly.min.js"
FIGURES, LINKS, TABLES = "figures.js", "links.js", "tables.js"
LISTING, AUDIT = "listing.js", "audit.js"


_FONT_FACE = Markup(
    '@font-face {{ font-family: "Workbench SC"; src: url("{address}") format("{form}"); font-display: swap; }}\n'
)


@cache
def text(name: str) -> Markup:
    """A style or a script as the package holds it."""
    return Markup((files("analysis") / "assets" / "page" / name).read_text(encoding="utf-8"))  # our own file


def font_face(address: str, form: str) -> Markup:
    """The type of the pages as a rule of style, from `address`; `form` is "woff" or "woff2"."""
    return _FONT_FACE.format(address=address, form=form)


@cache
def plotly() -> bytes:
    """The plotly.js that the installed plotly brings along; the library itself is not imported for it.

    Raises:
        WorkbenchError: this plotly has no such file.
    """
    found = find_spec("plotly")
    path = Path(found.origin or "").parent / "package_data" / PLOTLY if found else Path(PLOTLY)
    if not path.is_file():
        raise WorkbenchError(f"找不到 {PLOTLY}；请重新安装 plotly。 / {path} is missing: install plotly again")
    return path.read_bytes()


@cache
def font() -> bytes:
    """The Chinese type of the pages, for readers whose system has none."""
    with as_file(files("analysis") / "assets" / "fonts" / FONT) as path:
        return path.read_bytes()


@cache
def font_to_cut() -> bytes:
    """The same type uncompressed, as a subset of its characters is cut from it."""
    with as_file(files("analysis") / "assets" / "fonts" / "WorkbenchSC-Regular.ttf") as path:
        return path.read_bytes()


@cache
def content(name: str) -> bytes:
    """What a shared file holds."""
    if name == PLOTLY:
        return plotly()
    if name == FONT:
        return font()
    if name == STYLE:
        return (font_face(address(".", FONT), "woff2") + text(STYLE)).encode()
    return text(name).encode()


@cache
def address(folder: str, name: str) -> str:
    """Where a page finds a shared file: below `folder`, with the digest of its content."""
    return f"{folder}/{name}?v={hashlib.sha256(content(name)).hexdigest()[:10]}"


def write_assets(folder: Path) -> None:
    """Put the shared files into `folder`; one that is there already with the same content is left alone.

    Raises:
        WorkbenchError: the disk is full.
    """
    try:
        for name in (FONT, STYLE, SCRIPT, FIGURES, LINKS, TABLES, LISTING, AUDIT, PLOTLY):
            _put(folder / name, content(name))
    except OSError as error:
        if not disk_is_full(error):
            raise
        raise WorkbenchError(
            f"磁盘已满，{folder} 写不下各页共用的文件；请腾出空间后重新运行。"
            f" / the disk is full: what all pages share does not fit into {folder}"
        ) from error


def _put(target: Path, wanted: bytes) -> None:
    if target.exists() and target.stat().st_size == len(wanted) and target.read_bytes() == wanted:
        return
    with replacing(target) as temporary:
        temporary.write_bytes(wanted)
