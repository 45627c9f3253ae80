"""The columns of a panel, each with a meaning of its own: no two of them mean the same.

Of those that would, the one that is printed as the sum of all keeps its meaning, and the others are kept apart. Columns
of 上年, or of an earlier one of several years in the header, belong to that year.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace

from analysis.extraction.layout.blocks import Cell
from analysis.reading.forms.columns import ColumnMeaning, FigureColumn
from analysis.terms.form import Family
from analysis.terms.label import squeeze
from analysis.terms.line_item import Column, Phase
from analysis.terms.printed_table import UnmappedReason

_YEAR = re.compile(r"(20\d{2})年")


def distinct_columns(
    columns: Mapping[int, ColumnMeaning],
    paths: list[list[str]],
    header: tuple[tuple[Cell | None, ...], ...],
    family: Family,
) -> tuple[tuple[FigureColumn, ...], list[tuple[int, UnmappedReason]]]:
    """The columns whose meaning is theirs alone, and the others with the reason."""
    apart = [(index, meaning.reason) for index, meaning in columns.items() if meaning.reason]
    known = tuple(
        FigureColumn(index, meaning.column, unit=meaning.unit) for index, meaning in columns.items() if meaning.column
    )
    figures = _adjusted(_three_public_total(_with_years(known, header, family)), paths, family)
    by_meaning: dict[tuple[Column, int], list[FigureColumn]] = defaultdict(list)
    for figure in figures:
        by_meaning[figure.column, figure.years_back].append(figure)
    for alike in by_meaning.values():
        if len(alike) > 1:
            highest = min(len(paths[one.index]) for one in alike)
            whole = [one for one in alike if len(paths[one.index]) == highest]
            so_far = [one for one in alike if family.wording.cumulative.search("/".join(paths[one.index]))]
            keeps = whole[0] if len(whole) == 1 and columns[whole[0].index].is_sum else None
            of_all = [one for one in whole if not family.wording.of_year.fullmatch(paths[one.index][-1])]
            keeps = so_far[0] if len(so_far) == 1 else keeps or (of_all[0] if len(of_all) == 1 else None)
            apart += [
                (
                    one.index,
                    UnmappedReason.DERIVED
                    if keeps and _sums(one.index, columns, paths, family)
                    else UnmappedReason.AMBIGUOUS_COLUMN,
                )
                for one in alike
                if one is not keeps
            ]
    others = {index for index, _ in apart}
    return tuple(figure for figure in figures if figure.index not in others), apart


def _sums(index: int, columns: Mapping[int, ColumnMeaning], paths: list[list[str]], family: Family) -> bool:
    """Whether a column only sums others: its leaf says so, or that it leaves out what was carried over."""
    return columns[index].is_sum or family.wording.of_year.fullmatch(paths[index][-1]) is not None


def _adjusted(figures: tuple[FigureColumn, ...], paths: list[list[str]], family: Family) -> tuple[FigureColumn, ...]:
    """The budget as it was adjusted (全年预算数) beside the one of the beginning of the year (年初预算数)."""
    approved = Counter((f.column, f.years_back) for f in figures if f.column.phase is Phase.APPROVED)
    return tuple(
        replace(f, column=replace(f.column, phase=Phase.ADJUSTED))
        if approved[f.column, f.years_back] > 1 and family.wording.adjusted.search("/".join(paths[f.index]))
        else f
        for f in figures
    )


def _three_public_total(figures: tuple[FigureColumn, ...]) -> tuple[FigureColumn, ...]:
    """The sum of the three is the total of the table, where no other column is."""
    phases = {(f.column.phase, f.years_back) for f in figures if f.column.measure == "total"}
    return tuple(
        replace(f, column=replace(f.column, measure="total"))
        if f.column.measure == "three_public" and (f.column.phase, f.years_back) not in phases
        else f
        for f in figures
    )


def _with_years(
    figures: tuple[FigureColumn, ...], header: tuple[tuple[Cell | None, ...], ...], family: Family
) -> tuple[FigureColumn, ...]:
    """The columns with the year that they belong to: 上年, or an earlier one of several years in the header.

    A single year that is not the document's is a slip of the pen and changes nothing.
    """
    words = {column.index: "/".join(_texts_above(header, column.index)) for column in figures}
    years = {index: max(map(int, found)) for index, text in words.items() if (found := _YEAR.findall(text))}
    latest = max(years.values(), default=0)
    several = len(set(years.values())) > 1

    def years_back(index: int) -> int:
        if family.wording.prior_year.search(words[index]):
            return 1
        return latest - years[index] if several and index in years else 0

    return tuple(replace(column, years_back=years_back(column.index)) for column in figures)


def _texts_above(header: tuple[tuple[Cell | None, ...], ...], index: int) -> list[str]:
    return [squeeze(cell.text) for row in header if index < len(row) and (cell := row[index]) is not None]
