"""The head of a table → what each of its columns holds.

The header is the rows before the first row with an amount or a code. Each column's path of header cells, from the top
to the leaf, is looked up in the family's columns. A label column after a figure column begins a new panel: the
expenditure side of a summary, its third panel by purpose, or the second list of the final accounts' economic table.
No two columns of a panel mean the same: of those that would, the one that is printed as the sum of all keeps its
meaning, and the others are kept apart.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from analysis.extraction.layout.blocks import Cell
from analysis.extraction.layout.money_cells import Amounts, anchored, is_numbering
from analysis.knowledge.names import tables
from analysis.reading.forms.columns import ColumnMeaning, FigureColumn, read_path
from analysis.reading.forms.distinct_columns import distinct_columns
from analysis.reading.forms.recognise import label_kind
from analysis.reading.forms.titles import plain_words
from analysis.terms.code import Scheme
from analysis.terms.form import Family, Form, Layout
from analysis.terms.label import CHAPTER, squeeze
from analysis.terms.line_item import Column, Side
from analysis.terms.printed_table import UnmappedReason

_CODE = re.compile(r"\d{3}(?:[.．]?\d{2}){0,2}|\d{3} ?\d{1,2}")
_CHAPTER = re.compile(CHAPTER)
_WORDS = re.compile(r"[一-鿿A-Za-z]")
_YEAR_ALONE, _AMOUNT = re.compile(r"20\d{2}年(?:度)?"), "金额"
_PART_OF_CODE = {"类", "款", "项"}
_LABELS = {"code", "name", "unit_code", "unit_name"}

Row = tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class ColumnBlock:
    """One panel of a table: its label columns, the side and scheme that its head tells, its figure columns."""

    codes: tuple[int, ...]
    names: tuple[int, ...]
    unit_code: int | None
    unit_name: int | None
    scheme: Scheme | None
    figures: tuple[FigureColumn, ...]


@dataclass(frozen=True, slots=True)
class UnknownColumn:
    """A column of figures without a meaning: its header path and why."""

    index: int
    path: str
    reason: UnmappedReason


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a table hold. `paths` are the header paths of all columns, for those who name a cell.

    `panels` are the columns of each block, by their index.
    """

    height: int
    blocks: tuple[ColumnBlock, ...]
    unknown: tuple[UnknownColumn, ...]
    paths: tuple[str, ...]
    panels: tuple[tuple[int, ...], ...]

    def panel_of(self, column: int) -> int:
        """The number of the block that a column stands in; -1 where none holds it."""
        return next((number for number, columns in enumerate(self.panels) if column in columns), -1)


def header_height(rows: tuple[Row, ...], amounts: Amounts, layout: Layout, family: Family) -> int:
    """How many rows the header has: those before the first row with an amount, a code, an ordinal label, or a blank."""
    with_amounts = {row for row, _ in amounts}
    for number in range(len(rows)):
        texts = [squeeze(cell.text) for cell in anchored(rows, number)]
        if is_numbering(texts):
            continue
        if number in with_amounts or (layout is Layout.CODED and any(map(_CODE.fullmatch, texts))):
            return number
        if layout is not Layout.CODED and any(map(_CHAPTER.match, texts)):
            return number
        if _is_blank_row(rows, number, amounts, family):
            return number
    return len(rows)


def _is_blank_row(rows: tuple[Row, ...], number: int, amounts: Amounts, family: Family) -> bool:
    """Whether a row names something and prints nothing of it, below a head for every column of amounts.

    Its words are no head (类 款 项 below 科目编码, with blank cells below the heads of the figures).
    """
    columns = {column for _, column in amounts}
    cells = anchored(rows, number)
    blank = {cell.column for cell in cells if not cell.text.strip()}
    words = [plain_words(cell.text) for cell in cells if cell.text.strip()]
    return (
        bool(words)
        and bool(columns)
        and columns <= blank
        and all(any(_says(row, column) for row in rows[:number]) for column in columns)
        and not any(label_kind(text, family) for text in words)
    )


def read_header(rows: tuple[Row, ...], amounts: Amounts, form: Form, family: Family) -> Header:
    """What each column of the table holds, by the words of its family.

    Args:
        rows: The first piece of the table.
        amounts: Its money cells.
        form: What the table is.
        family: Whose words it speaks.
    """
    height = header_height(rows, amounts, form.layout, family)
    width = max((len(row) for row in rows), default=0)
    head = tuple(row for number, row in enumerate(rows[:height]) if not is_numbering(_texts(rows, number)))
    paths = [_path(head, column) for column in range(width)]
    kinds = _kinds(rows[height:], amounts, paths, form, family)
    groups = _groups(kinds)
    two_sided = len(groups) > 1 and form.layout is Layout.TWO_SIDED
    blocks: list[ColumnBlock] = []
    unknown: list[UnknownColumn] = []
    for number, group in enumerate(groups):
        side = _side(group, paths, two_sided, number)
        labels = [index for index in group if kinds[index] in _LABELS]
        heads = _figure_paths({index: paths[index] for index in group if kinds[index] is None}, form, family)
        heads |= {index: _AMOUNT for index in heads if _is_year_alone(head, index, paths[index], form)}
        columns = {index: read_path(path, form, side, family) for index, path in heads.items()}
        if form.layout is Layout.TWO_SIDED and not two_sided:  # nothing tells which side an amount stands on
            columns = {index: _without_meaning(meaning) for index, meaning in columns.items()}
        figures, apart = distinct_columns(columns, paths, head, family)
        unknown += [UnknownColumn(index, "/".join(paths[index]), reason) for index, reason in apart]
        labels = _one_classification(labels, kinds, paths, rows[height:], form.scheme)
        blocks.append(_block(labels, kinds, paths, figures, form, family))
    if two_sided:
        blocks, alike = _one_of_each(blocks, groups, kinds, paths)
        unknown += [UnknownColumn(i, "/".join(paths[i]), UnmappedReason.AMBIGUOUS_COLUMN) for i in alike]
    return Header(
        height, tuple(blocks), tuple(unknown), tuple("/".join(path) for path in paths), tuple(map(tuple, groups))
    )


def _one_of_each(
    blocks: Sequence[ColumnBlock], groups: Sequence[Sequence[int]], kinds: Sequence[str | None], paths: list[list[str]]
) -> tuple[list[ColumnBlock], list[int]]:
    """The panels of a summary, and the columns of those that classify the same amounts once more.

    Of several with one meaning that by function keeps it, for a summary is by function; where none or several say so,
    none keeps it.
    """
    alike: dict[tuple[Column, int, Scheme | None], list[int]] = defaultdict(list)
    for number, block in enumerate(blocks):
        for figure in block.figures:
            alike[figure.column, figure.years_back, block.scheme].append(number)
    several = {number for numbers in alike.values() if len(numbers) > 1 for number in numbers}
    heads = {number: "".join("/".join(paths[i]) for i in groups[number] if kinds[i] == "name") for number in several}
    by_function = {number for number, head in heads.items() if "功能" in head}
    again = several - by_function if len(by_function) == 1 else several
    kept = [replace(block, figures=()) if number in again else block for number, block in enumerate(blocks)]
    return kept, [figure.index for number in sorted(again) for figure in blocks[number].figures]


def _texts(rows: tuple[Row, ...], number: int) -> list[str]:
    return [squeeze(cell.text) for cell in anchored(rows, number)]


def _path(header: tuple[Row, ...], column: int) -> list[str]:
    """The words over a column from top to leaf, each merged cell once; years only where nothing else stands there."""
    path: list[str] = []
    years: list[str] = []
    seen: set[int] = set()
    for row in header:
        cell = row[column] if column < len(row) else None
        if cell is None or id(cell) in seen:
            continue
        seen.add(id(cell))
        words = plain_words(cell.text)
        if words and (not path or path[-1] != words):
            path.append(words)
        elif not words and cell.text.strip():
            years.append(squeeze(cell.text))
    return path or years[-1:]


def _figure_paths(paths: Mapping[int, list[str]], form: Form, family: Family) -> dict[int, str]:
    """The words over each figure column, without a topmost cell that says nothing of it.

    That is one that names the side, that stands over all of them, or that names the fund of the whole table.
    """
    common = len(paths) > 1 and len({path[0] if path else "" for path in paths.values()}) == 1
    if common or form.layout is Layout.TWO_SIDED:
        return {index: "/".join(path[1:] or path) for index, path in paths.items()}
    own = _below_own_fund(paths, form, family)
    return {index: "/".join(path[1:] if index in own else path) for index, path in paths.items()}


def _below_own_fund(paths: Mapping[int, list[str]], form: Form, family: Family) -> frozenset[int]:
    """The columns below a head that names the fund of the table, where all others only sum them or compare them.

    总计 | 一般公共预算拨款 over 小计, 基本支出 and 项目支出: of the general public budget those are the whole. Where
    what was carried over has a column of its own they are not.
    """
    fund = tables()[form.table].fund
    deep = {index: path for index, path in paths.items() if len(path) > 1}
    meant = {index: read_path(path[0], form, None, family).column for index, path in deep.items()}
    own = {index for index, column in meant.items() if fund and column and column.measure == fund}
    others = (read_path("/".join(path), form, None, family) for index, path in paths.items() if index not in own)
    whole = all(one.is_sum or one.reason is UnmappedReason.DERIVED for one in others)
    return frozenset(own if whole else ())


def _says(row: Row, column: int) -> bool:
    return column < len(row) and (cell := row[column]) is not None and bool(cell.text.strip())


def _is_year_alone(head: tuple[Row, ...], index: int, path: Sequence[str], form: Form) -> bool:
    """Whether nothing but a year stands over a column, beside the side of a summary that it is of."""
    if len(path) > (form.layout is Layout.TWO_SIDED):
        return False
    cells = [cell for row in head if index < len(row) and (cell := row[index]) is not None]
    return bool(cells) and _YEAR_ALONE.fullmatch(squeeze(cells[-1].text)) is not None


def _kinds(
    body: Sequence[Row], amounts: Amounts, paths: list[list[str]], form: Form, family: Family
) -> list[str | None]:
    """What each column is: a kind of label, None for figures. A column that prints words and no amount is a label."""
    with_amounts = {column for _, column in amounts}
    kinds: list[str | None] = []

    def next_one(index: int) -> int:  # but for 行次
        later = range(index + 1, len(paths))
        return next((at for at in later if label_kind("/".join(paths[at]), family) != "ignored"), len(paths))

    for index, path in enumerate(paths):
        kind = label_kind("/".join(path), family)
        if path[-1:] == ["单位"] and index and family.wording.count.search("/".join(paths[index - 1])):
            kind = "ignored"  # 数量 | 单位: in what the goods are counted
        if kind in {None, "name", "ignored"} and index not in with_amounts and _prints_codes(body, index):
            kind = "code"  # 功能分类科目 over the codes, or over both codes and names; 项目编码 over those of functions
        elif kind == "code" and not _prints_digits(body, index) and _prints_words(body, index):
            kind = "name"  # 类 款 项 over the names of each level
        if kind is None and index not in with_amounts:
            if not path and kinds and kinds[-1] == "name":
                kind = "name"  # the second of two label columns under one head
            elif form.layout is Layout.TWO_SIDED and next_one(index) in with_amounts and _prints_words(body, index):
                kind = "name"  # 收入 | 预算数 | 支出 | 预算数: in a summary words before figures are a label
            elif not _is_measure("/".join(path), form, family) and _prints_words(body, index):
                kind = "text"
        kinds.append(kind)
    if not {"code", "unit_code"}.intersection(kinds):  # 采购品目, 专项名称: what stands before the figures are names
        first = next((i for i, kind in enumerate(kinds) if kind is None), len(kinds))
        kinds = ["name" if kind == "text" and i < first else kind for i, kind in enumerate(kinds)]
    return ["ignored" if kind == "text" else kind for kind in kinds]


def _is_measure(path: str, form: Form, family: Family) -> bool:
    return any(rule.path.search(path) and rule.holds_in(form.table) for rule in family.measures)


def _prints_codes(body: Sequence[Row], index: int) -> bool:
    """Whether a column prints codes of a classification, and nothing else."""
    cells = [row[index] for row in body if index < len(row)]
    texts = [squeeze(cell.text) for cell in cells if cell is not None and cell.column == index]
    printed = [text for text in texts if text]
    return len(printed) > 1 and all(map(_CODE.fullmatch, printed))


def _prints_digits(body: Sequence[Row], index: int) -> bool:
    return any(
        index < len(row) and (cell := row[index]) is not None and any(map(str.isdigit, cell.text)) for row in body
    )


def _prints_words(body: Sequence[Row], index: int) -> bool:
    return any(
        index < len(row) and (cell := row[index]) is not None and cell.column == index and _WORDS.search(cell.text)
        for row in body
    )


def _groups(kinds: list[str | None]) -> list[list[int]]:
    """Column indices in panels: a new one begins where a label column follows a figure column."""
    groups: list[list[int]] = [[]]
    for index, kind in enumerate(kinds):
        before = kinds[index - 1] if index else kind
        if index and kind in _LABELS and before is None and any(kinds[i] is None for i in groups[-1]):
            groups.append([])
        groups[-1].append(index)
    return groups


def _side(group: list[int], paths: list[list[str]], two_sided: bool, number: int) -> Side | None:
    if not two_sided:
        return None
    top = "".join(paths[index][0] for index in group if paths[index])
    if "收入" in top and "支出" not in top:
        return Side.REVENUE
    if "支出" in top and "收入" not in top:
        return Side.EXPENDITURE
    return Side.REVENUE if number == 0 else Side.EXPENDITURE


def _without_meaning(meaning: ColumnMeaning) -> ColumnMeaning:
    return replace(meaning, column=None, reason=meaning.reason or UnmappedReason.AMBIGUOUS_COLUMN)


def _one_classification(
    labels: list[int],
    kinds: Sequence[str | None],
    paths: list[list[str]],
    body: Sequence[Row],
    scheme: Scheme | None,
) -> list[int]:
    """The label columns without those of another classification that stands beside that of the form.

    政府预算经济分类 501 beside 部门预算经济分类 301, or the economic class beside the function: two codes in each row,
    which make no code together. Those of the form begin as the codes of its scheme do.
    """
    pairs: list[list[int]] = []
    for index in labels:
        if kinds[index] in {"code", "name"}:
            last = pairs[-1][-1] if pairs else None
            one_head = last is not None and len(paths[index]) > 1 and paths[index][:-1] == paths[last][:-1]
            whole = not one_head and _PART_OF_CODE.isdisjoint(paths[index][-1:])  # 编码 behind 类 款 项
            if last is None or (
                kinds[index] == "code"
                and (kinds[last] == "name" or (whole and not _PART_OF_CODE.isdisjoint(paths[last][-1:])))
            ):
                pairs.append([])
            pairs[-1].append(index)
    coded = [pair for pair in pairs if kinds[pair[0]] == "code"]
    first = scheme.first_digit if scheme else None
    own = [pair for pair in coded if first and _begins_with(first, body, pair[0])]
    if len(coded) < 2 or len(own) != 1:
        return labels
    others = {index for pair in coded if pair is not own[0] for index in pair}
    return [index for index in labels if index not in others]


def _begins_with(digit: str, body: Sequence[Row], index: int) -> bool:
    """Whether the codes that a column prints begin with a digit."""
    texts = (squeeze(cell.text) for row in body if index < len(row) and (cell := row[index]) is not None)
    codes = [text for text in texts if _CODE.fullmatch(text)]
    return bool(codes) and all(code.startswith(digit) for code in codes)


def _block(
    labels: list[int],
    kinds: list[str | None],
    paths: list[list[str]],
    figures: tuple[FigureColumn, ...],
    form: Form,
    family: Family,
) -> ColumnBlock:
    by_kind = {kind: tuple(index for index in labels if kinds[index] == kind) for kind in _LABELS}
    names, codes = by_kind["name"], by_kind["code"]
    unit_code, unit_name = (next(iter(by_kind[kind]), None) for kind in ("unit_code", "unit_name"))
    if not names and unit_name is not None:
        names = (unit_name,)
    of_units = not codes and (unit_name is not None or unit_code is not None)
    heads = ["/".join(paths[index]) for index in names]
    by_purpose = any(family.wording.purpose.search(head) for head in heads)
    scheme = Scheme.ORGANISATION if of_units else Scheme.PURPOSE if by_purpose else form.scheme
    return ColumnBlock(codes, names, unit_code, unit_name, scheme, figures)


def map_columns(before: tuple[float, ...], after: tuple[float, ...], tolerance: float) -> dict[int, int]:
    """For each column of the first segment the column of a later one that begins at the same left edge."""
    mapping: dict[int, int] = {}
    for index, left in enumerate(before):
        near = [place for place, edge in enumerate(after) if abs(edge - left) <= tolerance]
        if near:
            mapping[index] = near[0]
    return mapping


def repeated_rows(rows: tuple[Row, ...], header_rows: tuple[Row, ...]) -> int:
    """How many rows at the beginning of a later piece only repeat words of the header, or number the columns."""
    words = {squeeze(cell.text) for row in header_rows for cell in row if cell is not None}
    for number, row in enumerate(rows):
        texts = {squeeze(cell.text) for cell in row if cell is not None} - {""}
        if not texts or not texts <= words:
            return number
    return len(rows)
