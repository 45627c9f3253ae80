"""What each row of a table is to the others: a total, a subtotal of rows that print figures, or a detail."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from analysis.reading.forms.table_rows import RawRow
from analysis.terms.form import Family
from analysis.terms.label import CHAPTER, ORDINAL, PART, squeeze
from analysis.terms.line_item import Row as PrintedRow
from analysis.terms.line_item import RowRole, Side

_CHAPTER, _PART, _ORDINAL = re.compile(CHAPTER), re.compile(PART), re.compile(ORDINAL)
_OF_WHICH = re.compile("其中[:：]?")
_FIRST_CHAPTER = re.compile("一[、.．]")  # 二、 below a row without ordinal goes on with the 一、 above it


def row_roles(
    raw: Sequence[RawRow], rows: Sequence[PrintedRow], family: Family, *, nameless: bool
) -> Iterator[RowRole]:
    """The role of each row.

    Args:
        raw: The rows as they stand.
        rows: The same rows with their codes.
        family: Whose words the labels speak.
        nameless: Whether the table is one row, or rows, without labels: each is its total.
    """
    words = family.wording
    parents = {row.code[:end] for row in rows if row.code for end in (3, 5) if len(row.code) > end}
    whole = {row.side for row in raw if words.grand_total.fullmatch(row.label) and words.whole.search(row.label)}
    for index, row in enumerate(raw):
        code = rows[index].code
        following = [other for other in raw[index + 1 :] if other.block == row.block and other.side is row.side]
        following = [other for other in following if other.label]
        lone = not (row.label or code or row.unit_code)
        if nameless or lone or (not code and _is_grand_total(row, whole, family)):
            yield RowRole.TOTAL
        elif code:
            yield RowRole.SUBTOTAL if code in parents else RowRole.DETAIL
        elif words.total.fullmatch(row.label) or row.label.endswith("合计"):
            yield RowRole.SUBTOTAL
        else:
            parts = _has_parts(row, following, family) or (row.unit_code and _has_rows(row, rows[index + 1 :]))
            yield RowRole.SUBTOTAL if parts else RowRole.DETAIL


def _is_grand_total(row: RawRow, whole: set[Side], family: Family) -> bool:
    """Whether the row sums the whole table: 总计, or 合计 where no 总计 stands on its side."""
    words = family.wording
    if not words.grand_total.fullmatch(row.label):
        return False
    return row.side not in whole or words.whole.search(row.label) is not None


def _has_rows(row: RawRow, following: Sequence[PrintedRow]) -> bool:
    """Whether rows of the unit, or of units below it, stand below its own: those bear its code."""
    code = row.unit_code or ""
    return any((other.unit_code or "").startswith(code) for other in following)


def _has_parts(row: RawRow, following: Sequence[RawRow], family: Family) -> bool:
    """Whether the rows right below are its parts.

    1. 2. 3. under 一、; 一、 二、 under a row without ordinal; and under a heading such as 一、本年收入 or 年初结转
    和结余 rows without ordinal (see `unnumbered_parts`).
    """
    chapter = _CHAPTER.match(row.label)
    if _PART.match(row.label) or (row.outer and not chapter):
        return False
    pattern = _PART if chapter else _FIRST_CHAPTER
    parts = []
    for other in following:
        if not pattern.match(other.label):
            break
        parts.append(other)
        pattern = _PART if chapter else _CHAPTER
    return any(part.figures for part in parts or unnumbered_parts(row, following, family))


def unnumbered_parts(row: RawRow, following: Sequence[RawRow], family: Family) -> Sequence[RawRow]:
    """The rows without ordinals that are the parts of a summary's heading, up to the next heading or total."""
    words = family.wording
    if not _is_heading(row, following, family):
        return ()
    part = words.fund_part if _heads_funds(row, family) else words.summary_part
    parts = []
    for other in following:
        label = other.label
        if _ORDINAL.match(label) or words.total.fullmatch(label) or words.summary_heading.fullmatch(label):
            break
        if not part.search(label):
            break
        parts.append(other)
    return parts


def _is_heading(row: RawRow, following: Sequence[RawRow], family: Family) -> bool:
    """Whether the row heads rows without ordinals: by its words, or as a chapter right above the funds' rows."""
    words = family.wording
    bare = squeeze(_ORDINAL.sub("", row.label, count=1))
    if words.summary_heading.fullmatch(bare) or words.fund_heading.fullmatch(bare):
        return True
    chapter = _CHAPTER.match(row.label) is not None and words.fund_part.search(bare) is None
    return chapter and bool(following) and words.fund_part.search(following[0].label) is not None


def _heads_funds(row: RawRow, family: Family) -> bool:
    return family.wording.fund_heading.fullmatch(squeeze(_ORDINAL.sub("", row.label, count=1))) is not None


def with_headings(raw: Sequence[RawRow], family: Family) -> list[RawRow]:
    """The rows of a summary; the unnumbered parts of a heading bear it as their outer label.

    财政拨款（补助） without an ordinal is one of the rows like its parts: it is their sum, and they keep their places.
    """
    rows = list(raw)
    for index, row in enumerate(raw):
        if _heads_funds(row, family) and not _ORDINAL.match(row.label):
            continue
        same = [at for at in range(index + 1, len(raw)) if raw[at].block == row.block and raw[at].label]
        for at, _ in zip(same, unnumbered_parts(row, [raw[at] for at in same], family), strict=False):
            rows[at] = replace(rows[at], outer=row.label)
        for at in _rest_of_which(row, [(at, raw[at]) for at in same], family):
            rows[at] = replace(rows[at], outer=row.label)
    return rows


def _rest_of_which(row: RawRow, following: Sequence[tuple[int, RawRow]], family: Family) -> Sequence[int]:
    """The rows without ordinals that are parts of a row like the 其中 right below it: all together are its figures."""
    if not row.figures or not following or not _OF_WHICH.match(following[0][1].label):
        return ()
    words = family.wording
    rest: list[int] = []
    left = _amounts(row) - _amounts(following[0][1])
    for at, other in following[1:]:
        if _ORDINAL.match(other.label) or words.total.fullmatch(other.label) or not left:
            break
        rest.append(at)
        left -= _amounts(other)
    return rest if not left else ()


def _amounts(row: RawRow) -> Decimal:
    """What a row prints in its first column of figures."""
    return next((figure.amount for _, figure in row.figures), Decimal())


def below_their_units(raw: Sequence[RawRow], family: Family) -> list[RawRow]:
    """The rows of a coded table that prints its codes once for each unit: those below a unit's own row belong to it.

    Such a row bears a name and no code of the scheme. Where no code is printed twice nothing tells a unit's row from
    another one, and nothing depends on it.
    """
    coded = Counter((row.block, row.side, row.parts) for row in raw if any(row.parts) and row.unit_code is None)
    if max(coded.values(), default=0) < 2:
        return list(raw)
    rows: list[RawRow] = []
    unit: RawRow | None = None
    for row in raw:
        if any(row.parts) and row.unit_code is None:
            rows.append(replace(row, unit_code=unit.unit_code, unit_name=unit.label) if unit else row)
            continue
        total = family.wording.total.fullmatch(row.label) or row.label.endswith("合计")
        unit = row if row.label and not total and row.figures else None if total else unit
        rows.append(row)
    return rows
