"""The charts of a report as files beside its page: svg to edit and to print, csv to compute with, png where drawn.

    reports/<by>/<key>/<chart name>.svg

An exported svg opens with Chinese type wherever it lies in the site: it names the font of the site's assets. What an
earlier run left and this one does not draw again is removed.
"""

import base64
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from analysis.atomic import replacing
from analysis.display.table_csv import table_csv
from analysis.display.templating import Markup
from analysis.pages import assets
from analysis.pages.chart_elements import PNG, SVG, ChartMetadata

_FORMS = ("svg", "png", "csv")
_OPENING = re.compile(r"<svg\b[^>]*>")
_STYLE = Markup("\n<style>{}</style>")


def export_charts(outputs: Iterable[Mapping[str, Any]], folder: Path, assets_folder: str) -> tuple[Path, ...]:
    """Write the named charts among `outputs` into `folder`; returns the files.

    Args:
        outputs: Outputs of an executed notebook.
        folder: Where the files go; it belongs to this report alone.
        assets_folder: The site's assets, as `folder` sees them.
    """
    written: dict[Path, bytes] = {}
    for output in outputs:
        metadata, data = ChartMetadata.of(output), output.get("data", {})
        name = metadata.name
        if name is None:
            continue
        if metadata.figures is not None:
            written[folder / f"{name}.csv"] = table_csv(metadata.figures).encode()
        if SVG in data:
            written[folder / f"{name}.svg"] = _with_font_face(data[SVG], assets_folder).encode()
        if PNG in data:
            written[folder / f"{name}.png"] = base64.b64decode(data[PNG])
    for path, content in written.items():
        with replacing(path) as temporary:
            temporary.write_bytes(content)
    for old in [one for form in _FORMS for one in folder.glob(f"*.{form}")]:
        if old not in written:
            old.unlink()
    return tuple(sorted(written))


def _with_font_face(svg: str, assets_folder: str) -> str:
    style = str(_STYLE.format(assets.font_face(f"{assets_folder}/{assets.FONT}", "woff2").strip()))
    return _OPENING.sub(lambda found: found[0] + style, svg, count=1)
