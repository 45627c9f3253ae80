"""One file → all that it says: the way through the reading room.

What cannot be read raises `UnreadableFileError` with a sentence that says what is wrong and what to do; what can be
read in part comes with its problems.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields, replace
from itertools import groupby
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.format_registry import format_of, note_on_ending
from analysis.extraction.formats.ocr.at_once import recognise_now
from analysis.extraction.layout.blocks import Block, Blocks, Grid, TextLine
from analysis.extraction.layout.passages import lines_to_passages
from analysis.knowledge.families import Families
from analysis.reading.forms.cover import read_cover
from analysis.reading.forms.locate import Located, locate
from analysis.reading.forms.once import read_tables
from analysis.reading.forms.recognise import Recognition, recognise
from analysis.reading.forms.wholeness import printed_tables
from analysis.reading.projects.projects import read_projects
from analysis.reading.text.narrative import read_narrative
from analysis.reading.text.stated_facts import read_stated_facts
from analysis.recognising.picture import PictureReader
from analysis.terms.document import NOTHING_GIVEN, Cover, Given, Half, ReadDocument
from analysis.terms.form import Form, Sure
from analysis.terms.line_item import Level
from analysis.terms.money import Unit


def read_document(
    path: Path, families: Families, given: Given = NOTHING_GIVEN, pictures: PictureReader = recognise_now
) -> ReadDocument:
    """All that the file says, in the words of the family of forms that fits it best.

    Args:
        path: The file.
        families: The families of forms.
        given: What goes before what the document says of itself.
        pictures: Who says what pages say that are pictures.

    Raises:
        UnreadableFileError: it cannot be read at all; the message says why and what to do.
    """
    found = format_of(path)
    note = note_on_ending(path, found)
    notes = () if note is None else (note,)
    try:
        blocks = found.read(path, pictures)
        document = _to_document(blocks, families, given)
    except UnreadableFileError as error:
        raise UnreadableFileError(" ".join((str(error), *notes))) from error
    contradictions = (*notes, *blocks.notes, *document.cover.contradictions)
    return replace(document, cover=replace(document.cover, contradictions=contradictions))


def _to_document(blocks: Blocks, families: Families, given: Given) -> ReadDocument:
    recognition = recognise(blocks, families.by_id.values())
    family = recognition.family
    located = _with_unit(locate(blocks, recognition), given.unit)
    cover = _with_given(read_cover(located, recognition, blocks.site), given)
    found = read_tables(located, cover.year, plain=blocks.plain)
    tables, readings = found.tables, found.readings
    cover = replace(cover, contradictions=(*cover.contradictions, *found.notes))
    official = tuple(dict.fromkeys(table.form.table for table in tables if table.form))
    if not official:
        _refuse_without_tables(blocks)
    problems = (
        *blocks.problems,
        *_unstated(cover),
        *(_attached(blocks) if not official else ()),
        *found.problems,
        *(problem for reading in readings for problem in reading.problems),
    )
    projects, indicators = read_projects(blocks.blocks)
    document = ReadDocument(
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
        printed_tables=tuple(printed_tables(found, blocks)),
        unmapped=tuple(cell for reading in readings for cell in reading.unmapped),
        cells_printed=sum(reading.cells for reading in readings),
        facts=read_stated_facts(_runs(blocks), cover),
        projects=projects,
        indicators=indicators,
        readings=blocks.readings,
    )
    if document.half is Half.TEXT:  # its tables may stand in another file, which is known when all are read
        return document
    missing = _missing(official, cover, recognition)
    perhaps = _perhaps_missed(missing[Sure.MEMORY])
    return replace(
        document,
        problems=(*document.problems, *_missed((*missing[Sure.SEEN], *missing[Sure.CONTENTS]))),
        cover=replace(cover, contradictions=(*cover.contradictions, *perhaps)),
    )


def _runs(blocks: Blocks) -> Iterator[list[TextLine]]:
    """The lines that stand between grids."""
    for is_text, run in groupby(blocks.blocks, lambda block: isinstance(block, TextLine)):
        if is_text:
            yield [block for block in run if isinstance(block, TextLine)]


def _with_given(cover: Cover, given: Given) -> Cover:
    of_cover = {one.name for one in fields(cover)}
    values = {name: value for one in fields(given) if (value := getattr(given, name := one.name)) is not None}
    return replace(cover, **{name: value for name, value in values.items() if name in of_cover})


def _with_unit(located: Located, unit: Unit | None) -> Located:
    """The tables with the unit that a person gives, where they state none."""
    if unit is None:
        return located
    tables = (
        replace(table, unit=unit, unit_inherited=True)
        if table.form and table.unit is None and not table.contradicting
        else table
        for table in located.tables
    )
    return replace(located, tables=tuple(tables))


def _attached(blocks: Blocks) -> tuple[str, ...]:
    """A word on the documents that a page without official tables links to: its figures stand there."""
    if not blocks.attached:
        return ()
    shown = "、".join(blocks.attached[:_MOST_NAMED]) + (" 等" if len(blocks.attached) > _MOST_NAMED else "")
    return (
        f"网页附有文件：{shown}；表在附件里，不在网页里，请下载附件一并放入。"
        f" / The tables are not on the page but in {len(blocks.attached)} documents that it links to: download them.",
    )


_MOST_NAMED, _FEWEST_BLOCKS = 5, 3
_OF_BUDGETS = re.compile('预算|决算|三公[”"]?经费|财政拨款')
_STATES = re.compile(r"\d\s*[亿万千]?元")


def _refuse_without_tables(blocks: Blocks) -> None:
    """Refuse what says nothing of budgets; a document whose official tables cannot be read is another thing."""
    of_budgets = any(_OF_BUDGETS.search(text) for block in blocks.blocks for text in _texts(block))
    grids = any(isinstance(block, Grid) for block in blocks.blocks)
    states = any(_STATES.search(text) for block in blocks.blocks for text in _texts(block))  # a title and a paragraph
    bare = len(blocks.blocks) < _FEWEST_BLOCKS and not grids and not states
    if not of_budgets or (bare and not blocks.attached):
        message = (
            "文件中没有预算表，也没有预算文字；请确认放对了文件。"
            " / The file holds neither budget tables nor their text; make sure that it is the right one."
        )
        raise UnreadableFileError(" ".join((message, *blocks.problems)))


def _texts(block: Block) -> Iterable[str]:
    return (cell.text for cell in block.cells) if isinstance(block, Grid) else (block.text,)


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


def _missing(tables: tuple[str, ...], cover: Cover, recognition: Recognition) -> dict[Sure, tuple[Form, ...]]:
    """The tables that this kind and year should have and that were not found, by how sure that is."""
    expected = [
        form
        for form in recognition.family.forms
        if form.kind is cover.kind
        and (recognition.government or cover.level is not Level.GOVERNMENT)
        and form.government is recognition.government
        and form.since is not None
        and form.since <= (cover.year or 0)
        and form.table not in tables
    ]
    return {sure: tuple(form for form in expected if form.sure is sure) for sure in Sure}


def _missed(forms: Sequence[Form]) -> tuple[str, ...]:
    if not forms:
        return ()
    titles = {form.table: form.titles[0] for form in forms}
    return (f"缺少法定表：{'、'.join(titles.values())}。 / Official tables not found: {', '.join(titles)}.",)


def _perhaps_missed(forms: Sequence[Form]) -> tuple[str, ...]:
    """What only memory expects: nobody has seen that the place publishes it."""
    if not forms:
        return ()
    titles = {form.table: form.titles[0] for form in forms}
    return (
        f"未见以下表，但当地是否公开尚未核实：{'、'.join(titles.values())}。"
        f" / Not found, though it is not certain that the place publishes them: {', '.join(titles)}.",
    )
