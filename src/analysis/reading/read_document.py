"""One file → all that it says: the way through the reading room.

What cannot be read raises `UnreadableFileError` with a sentence that says what is wrong and what to do; what can be
read in part comes with its problems.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.knowledge.families import Families
from analysis.reading.formats.format_registry import format_of, note_on_ending
from analysis.reading.forms.cover import read_cover
from analysis.reading.forms.items import read_table
from analysis.reading.forms.locate import LocatedTable, locate
from analysis.reading.forms.plain_text import read_plain_table
from analysis.reading.forms.recognise import Recognition, recognise
from analysis.reading.layout.blocks import Block, Blocks, Grid
from analysis.reading.layout.passages import lines_to_passages
from analysis.reading.text.narrative import read_narrative
from analysis.terms.document import NOTHING_GIVEN, Cover, Given, ReadDocument
from analysis.terms.line_item import Kind


def read_document(path: Path, families: Families, given: Given = NOTHING_GIVEN) -> ReadDocument:
    """All that the file says, in the words of the family of forms that fits it best.

    Args:
        path: The file.
        families: The families of forms.
        given: What goes before what the document says of itself.

    Raises:
        UnreadableFileError: it cannot be read at all; the message says why and what to do.
    """
    found = format_of(path)
    note = note_on_ending(path, found)
    notes = () if note is None else (note,)
    try:
        blocks = found.read(path)
        document = _to_document(blocks, families, given)
    except UnreadableFileError as error:
        raise UnreadableFileError(" ".join((str(error), *notes))) from error
    contradictions = (*notes, *blocks.notes, *document.cover.contradictions)
    return replace(document, cover=replace(document.cover, contradictions=contradictions))


def _to_document(blocks: Blocks, families: Families, given: Given) -> ReadDocument:
    recognition = recognise(blocks, families.by_id.values())
    family = recognition.family
    located = locate(blocks, recognition)
    cover = _with_given(read_cover(located, recognition), given)
    tables = _fullest_of_each(located.tables)
    readings = [
        read_plain_table(table, number, cover.year) if blocks.plain else read_table(table, number, cover.year)
        for number, table in enumerate(tables, 1)
    ]
    official = tuple(dict.fromkeys(table.form.table for table in tables if table.form))
    if not official:
        _refuse_without_tables(blocks)
    problems = (
        *blocks.problems,
        *_unstated(cover),
        *_missing(official, cover, recognition),
        *(problem for reading in readings for problem in reading.problems),
    )
    return ReadDocument(
        cover=cover,
        pages=blocks.pages,
        tables=official,
        other_tables=located.other_tables,
        line_items=tuple(item for reading in readings for item in reading.line_items),
        open_rows=tuple(row for reading in readings for row in reading.open_rows),
        narrative=tuple(item for passage in located.passages for item in read_narrative(passage, family)),
        problems=tuple(dict.fromkeys(problems)),
        passages=lines_to_passages(located.passages, family.wording.heading),
        form=family.id,
        form_score=recognition.score,
        printed_tables=tuple(reading.printed_table for reading in readings if reading.printed_table),
        unmapped=tuple(cell for reading in readings for cell in reading.unmapped),
        cells_printed=sum(reading.cells for reading in readings),
    )


def _with_given(cover: Cover, given: Given) -> Cover:
    values = {one.name: value for one in fields(given) if (value := getattr(given, one.name)) is not None}
    return replace(cover, **values)


def _refuse_without_tables(blocks: Blocks) -> None:
    """Refuse what says nothing of budgets; a document whose official tables cannot be read is another thing."""
    of_budgets = any("预算" in text or "决算" in text for block in blocks.blocks for text in _texts(block))
    if not of_budgets or (len(blocks.blocks) < 3 and not any(isinstance(block, Grid) for block in blocks.blocks)):
        message = (
            "文件中没有预算表，也没有预算文字；请确认放对了文件。"
            " / The file holds neither budget tables nor their text; make sure that it is the right one."
        )
        raise UnreadableFileError(" ".join((message, *blocks.problems)))


def _texts(block: Block) -> Iterable[str]:
    return (cell.text for cell in block.cells) if isinstance(block, Grid) else (block.text,)


def _fullest_of_each(tables: Sequence[LocatedTable]) -> list[LocatedTable]:
    """The tables, each official one once: of several with one title the one with most rows; the others are of no form.

    Plain text has lines only: there a title without rows, as on a contents page, is dropped.
    """
    fullest: dict[tuple[str, Kind], int] = {}
    for number, table in enumerate(tables):
        if table.form:
            key = table.form.table, table.form.kind
            if key not in fullest or _length(table) > _length(tables[fullest[key]]):
                fullest[key] = number
    kept = set(fullest.values())
    return [
        table if number in kept else replace(table, form=None)
        for number, table in enumerate(tables)
        if number in kept or table.segments
    ]


def _length(table: LocatedTable) -> int:
    return len(table.lines) + sum(len(segment.rows) for segment in table.segments)


def _unstated(cover: Cover) -> tuple[str, ...]:
    """What every document should say of itself and this one does not."""
    stated = {
        "单位名称": cover.organisation,
        "年度": cover.year,
        "部门或单位": cover.level,
        "预算或决算": cover.kind,
    }
    words = [word for word, value in stated.items() if value is None]
    if not words:
        return ()
    return (f"文中未见：{'、'.join(words)}。 / The text does not state all of organisation, year, level, kind.",)


def _missing(tables: tuple[str, ...], cover: Cover, recognition: Recognition) -> tuple[str, ...]:
    """The official tables that this kind and year should have and that were not found."""
    expected = (
        form
        for form in recognition.family.forms
        if form.kind is cover.kind
        and form.government is recognition.government
        and form.since is not None
        and form.since <= (cover.year or 0)
    )
    missing = {form.table: form.titles[0] for form in expected if form.table not in tables}
    if not missing:
        return ()
    return (f"缺少法定表：{'、'.join(missing.values())}。 / Official tables not found: {', '.join(missing)}.",)
