"""What a person read in pictures (`readings.toml`) → the document with these figures in the place of the recognised.

A person goes before the recogniser, not before the identities: such a figure is `read`, and `proven` where two of them
hold. A reading that no longer meets a recognised figure is a problem of the document, never dropped without a word.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from analysis.errors import KnowledgeError
from analysis.knowledge.readings import load_readings
from analysis.recognising.picture import DECLINED, MISSING_LIBRARY
from analysis.terms.document import ReadDocument
from analysis.terms.line_item import LineItem, Place
from analysis.terms.money import is_recordable, parse_amount, to_yuan
from analysis.terms.recognition import Candidate, Reading, ToldReading

READINGS_FILE = "readings.toml"
_POINT = re.compile(r"\s*(\d+(?:\.\d+)?)\s*,\s*(\d+(?:\.\d+)?)\s*")


def read_told_readings(raw_dir: Path, source_files: Collection[str]) -> Mapping[str, Sequence[ToldReading]]:
    """What a person read in pictures of files of the raw folder; nothing where there is no `readings.toml`.

    Raises:
        KnowledgeError: It is no valid TOML, has a key or a value that it may not have, or names a file that is not
            there.
    """
    path = raw_dir / READINGS_FILE
    if not path.exists():
        return {}
    found = load_readings(path)
    for file in found:
        if file not in source_files:
            raise KnowledgeError(
                f"{path} 写到的文件“{file}”不在原始文件夹中；请写相对该文件夹的路径。"
                f" / {file} is not in the raw folder: write its path relative to the folder"
            )
    return found


def told_lines(told: Sequence[ToldReading]) -> str | None:
    """What a person read, one a line, as the dataset keeps it."""
    return "\n".join(f"{one.page} {one.cell} {one.figure} {one.by} {one.on}" for one in told) or None


def is_unread(message: object) -> bool:
    """Whether pages of a document wait for a recogniser: it was not asked for, or it was not installed."""
    return isinstance(message, str) and any(said in message for said in (DECLINED, MISSING_LIBRARY))


def with_told_readings(document: ReadDocument, told: Sequence[ToldReading]) -> ReadDocument:
    """The document with the figures that a person read."""
    if not told:
        return document
    readings = dict(document.readings)
    items = list(document.line_items)
    problems: list[str] = []
    for one in told:
        at = next((at for at, item in enumerate(items) if _is_meant(item.figure.place, one, readings)), None)
        changed = None if at is None else _with_figure(items[at], one.figure)
        if at is None or changed is None:
            problems.append(_problem(one))
            continue
        items[at] = changed
        readings[changed.figure.place] = Reading((Candidate(one.figure, 1.0),))
    return replace(document, line_items=tuple(items), readings=readings, problems=(*document.problems, *problems))


def _is_meant(place: Place, told: ToldReading, readings: Mapping[Place, Reading]) -> bool:
    if place not in readings or place.page != told.page:
        return False
    if place.x0 is None:
        return place.cell == told.cell
    point = _POINT.fullmatch(told.cell)
    return point is not None and place.holds(float(point[1]), float(point[2]))


def _with_figure(item: LineItem, text: str) -> LineItem | None:
    number = parse_amount(text, item.row.unit)
    if number is None or not is_recordable(yuan := to_yuan(number, item.row.unit)):
        return None
    return replace(item, figure=replace(item.figure, printed=text, amount=yuan))


def _problem(told: ToldReading) -> str:
    page = "" if told.page is None else f"第 {told.page} 页"
    return (
        f"{READINGS_FILE} 中{page}“{told.cell}”处的读数“{told.figure}”（{told.by}，{told.on}）已对不上任何识别的数字，"
        f"未采用；请核对后改正。 / A reading of {told.by} at {told.cell} meets no recognised figure any more."
    )


def cell_of(place: Place) -> str:
    """How a person names the cell at a place."""
    if place.x0 is None or place.top is None or place.x1 is None or place.bottom is None:
        return place.cell or ""
    return f"{(place.x0 + place.x1) / 2:.0f},{(place.top + place.bottom) / 2:.0f}"
