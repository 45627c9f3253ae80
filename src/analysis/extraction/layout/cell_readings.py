"""A page that was a picture → what each of its cells and lines may say, by place."""

from collections.abc import Iterator, Mapping

from analysis.extraction.layout.blocks import Grid
from analysis.extraction.layout.furniture import PlacedPage
from analysis.terms.line_item import Place
from analysis.terms.page import Page
from analysis.terms.recognition import Candidate, Reading


def cell_readings(placed: PlacedPage, page: Page) -> Mapping[Place, Reading]:
    """The reading of each cell and line that holds recognised text; of several pieces in one, all together."""
    if not page.readings:
        return {}
    shown = [(page.displayed(x, y, x, y), reading) for x, y, reading in page.readings]
    points = [(x, y, reading) for (x, y, _, _), reading in shown]
    found: dict[Place, list[Reading]] = {}
    for place in _places(placed):
        within = [reading for x, y, reading in points if place.holds(x, y)]
        if within:
            found[place] = within
    return {place: readings[0] if len(readings) == 1 else _together(readings) for place, readings in found.items()}


def _places(placed: PlacedPage) -> Iterator[Place]:
    for one in placed.blocks:
        if isinstance(one.block, Grid):
            yield from (cell.place for cell in one.block.cells if cell.text)
        else:
            yield one.block.place


def _together(readings: list[Reading]) -> Reading:
    text = "\n".join(reading.text for reading in readings)
    first = Candidate(text, min(reading.score for reading in readings))
    return Reading((first,), any(reading.contested for reading in readings))
