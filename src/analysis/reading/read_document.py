"""One file → all that it says: the way through the reading room.

The kind of a file is told by its content, never by its ending. What cannot be read raises `UnreadableFileError` with a
sentence that says what is wrong and what to do; what can be read in part comes with its problems.
"""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.knowledge.families import Families
from analysis.reading.formats.format_registry import OTHER_ENDINGS, FileFormat, endings, format_of
from analysis.reading.forms.cover import read_cover
from analysis.reading.forms.items import TableReading, read_table
from analysis.reading.forms.locate import Located, LocatedTable, locate
from analysis.reading.forms.plain_text import read_plain_table
from analysis.reading.forms.recognise import recognise
from analysis.reading.layout.blocks import Block, Blocks, Grid
from analysis.reading.layout.passages import lines_to_passages
from analysis.reading.text.narrative import read_narrative
from analysis.terms.document import Cover, ReadDocument
from analysis.terms.form import Family
from analysis.terms.line_item import Kind

MAX_BYTES = 200 * 2**20


def read_document(path: Path, families: Families) -> ReadDocument:
    """All that the file says, in the words of the family of forms that fits it best.

    Raises:
        UnreadableFileError: it cannot be read at all; the message says why and what to do.
    """
    kind = file_format(path)
    strange = _strange_ending(path, kind)
    try:
        document = _read(path, kind, families)
    except UnreadableFileError as error:
        raise UnreadableFileError(" ".join((str(error), *strange))) from error
    contradictions = (*strange, *document.cover.contradictions)
    return replace(document, cover=replace(document.cover, contradictions=contradictions))


def _strange_ending(path: Path, kind: FileFormat) -> tuple[str, ...]:
    """What to say where the name's ending promises another kind of file than the content is."""
    ending = path.suffix.lower()
    if endings().get(ending, kind) is kind and ending not in OTHER_ENDINGS:
        return ()
    return (
        f"后缀为 {ending}，内容却是 {kind.id}，按内容读取。"
        f" / The name ends in {ending}, but the content is {kind.id}; it was read as that.",
    )


def _read(path: Path, kind: FileFormat, families: Families) -> ReadDocument:
    located_blocks = kind.read(path)
    recognition = recognise(located_blocks, families.by_id.values())
    family = recognition.family
    located = locate(located_blocks, family)
    cover = read_cover(located, family)
    chosen = tuple(_best_of_each(located, located_blocks.plain))
    readings = [_read_table(table, cover.year, plain=located_blocks.plain) for table in chosen]
    tables = tuple(dict.fromkeys(table.form.table for table in chosen))
    if not tables:
        _refuse_without_tables(located_blocks)
    problems = (
        *located_blocks.problems,
        *_unknown(cover),
        *_missing(tables, cover, family),
        *(problem for reading in readings for problem in reading.problems),
    )
    return ReadDocument(
        cover=cover,
        pages=located_blocks.pages,
        tables=tables,
        other_tables=located.other_tables,
        line_items=tuple(item for reading in readings for item in reading.line_items),
        open_rows=tuple(row for reading in readings for row in reading.open_rows),
        narrative=tuple(item for passage in located.passages for item in read_narrative(passage, family)),
        problems=tuple(dict.fromkeys(problems)),
        passages=lines_to_passages(located.passages, family.wording.heading),
        form=family.id,
        form_score=recognition.score,
    )


def file_format(path: Path) -> FileFormat:
    """What the file is by its content.

    Raises:
        UnreadableFileError: it is empty, too large, or of no kind that is read.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFileError("文件是空的（0 字节）；请重新下载。 / The file is empty; download it again.")
    if size > MAX_BYTES:
        raise UnreadableFileError(
            f"文件过大（{size / 2**20:.0f} MiB），未读取；请拆分后再放入。 / The file is too large; split it."
        )
    return format_of(path)


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


def _best_of_each(located: Located, plain: bool) -> Iterable[LocatedTable]:
    """Each official table once: of several with one title (a contents page in plain text) the one with most in it."""
    best: dict[tuple[str, Kind], LocatedTable] = {}
    for table in located.tables:
        key = table.form.table, table.form.kind
        size = len(table.lines) if plain else sum(len(segment.rows) for segment in table.segments)
        old = best.get(key)
        if old is None or size > (len(old.lines) if plain else sum(len(segment.rows) for segment in old.segments)):
            best[key] = table
    return best.values()


def _read_table(table: LocatedTable, year: int | None, *, plain: bool) -> TableReading:
    if year is None:
        return TableReading((), (), ())
    return read_plain_table(table, year) if plain else read_table(table, year)


def _unknown(cover: Cover) -> list[str]:
    words = [
        zh
        for zh, value in (
            ("单位名称", cover.organisation),
            ("年度", cover.year),
            ("部门或单位", cover.level),
            ("预算或决算", cover.kind),
        )
        if value is None
    ]
    return (
        [f"文中未见：{'、'.join(words)}。 / The text does not state all of organisation, year, level, kind."]
        if words
        else []
    )


def _missing(tables: tuple[str, ...], cover: Cover, family: Family) -> list[str]:
    """The official tables that this kind and year should have and that were not found."""
    expected = {
        form.table: form.titles[0]
        for form in family.forms
        if form.kind is cover.kind and form.since <= (cover.year or 0)
    }
    missing = {table: title for table, title in expected.items() if table not in tables}
    if not missing:
        return []
    return [f"缺少法定表：{'、'.join(missing.values())}。 / Official tables not found: {', '.join(missing)}."]
