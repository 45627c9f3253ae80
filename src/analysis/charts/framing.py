"""What stands around every drawing: the title and what is to be known above it, the source and the unit below.

A drawing opens a sheet, draws, and closes it into a `Chart`. A frame that holds nothing to draw closes into a chart
that says so: a hole in a report would be read as a fault, and a zero as a figure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.charts import explore
from analysis.charts.chart import Caption, Chart
from analysis.charts.frame_values import DOUBT_WORDS
from analysis.charts.rendering.canvas import Canvas
from analysis.charts.theme import HOLLOW, INK, MUTED
from analysis.charts.typography import cut, width
from analysis.display.tables import Table

WIDTH = 518.0
EDGE = 10.0
TOP = 62.0
FOOT = 44.0
NOTHING = "没有可画的数字"
NO_DOCUMENT = "无文件\n或表未读出"
_TITLE_SIZES = (13.0, 12.0, 11.0)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A sheet that was opened for a chart, `foot` being the line below it."""

    caption: Caption
    sheet: Canvas
    foot: str

    def close(
        self, sentences: Sequence[str], figures: Table, data: Sequence[Mapping[str, Any]],
        layout: Mapping[str, Any] | None = None,
    ) -> Chart:  # fmt: skip
        """The chart: what was drawn, what it says, its figures, and plotly's traces of the same."""
        caption, sheet = self.caption, self.sheet
        alternative = f"{caption.title}：{'；'.join(sentences)}。" if sentences else f"{caption.title}。"
        explored = explore.figure(caption, data, self.foot, sheet.height, layout)
        return Chart(
            caption.name, caption.title, alternative, figures, sheet, explored, caption.subtitle, self.foot,
            (explore.TITLE, explore.room_below(self.foot)),
        )  # fmt: skip


def open_drawing(caption: Caption, height: float, unit: str, doubt: bool = False) -> Drawing:
    """A sheet with everything around the drawing; `doubt` explains ※ below it."""
    sheet = Canvas(WIDTH, height)
    room = WIDTH - 2 * EDGE
    size = next((size for size in _TITLE_SIZES if width(caption.title, size, True) <= room), _TITLE_SIZES[-1])
    sheet.words(EDGE, 22, cut(caption.title, room, size, True), size, INK, bold=True, middle=False)
    sheet.words(EDGE, 40, cut(caption.subtitle, room, 9), 9, MUTED, middle=False)
    foot = " · ".join(part for part in (f"单位：{unit}" if unit else "", DOUBT_WORDS if doubt else "") if part)
    if caption.source:
        space = room - (width(f" · {foot}", 8) if foot else 0)
        printed = " · ".join(part for part in (cut(caption.source, space, 8), foot) if part)
    else:
        printed = foot
    sheet.words(EDGE, height - 9, printed, 8, MUTED, middle=False)
    return Drawing(caption, sheet, " · ".join(part for part in (caption.source, foot) if part))


def nothing(caption: Caption, figures: Table) -> Chart:
    """A chart that says that its frame holds no figure."""
    drawing = open_drawing(caption, 150, "")
    drawing.sheet.band(EDGE, TOP - 6, WIDTH - 2 * EDGE, 150 - TOP - 22, NOTHING, HOLLOW)
    alternative = f"{caption.title}：{NOTHING}。"
    return Chart(caption.name, caption.title, alternative, figures, drawing.sheet, None, caption.subtitle)
