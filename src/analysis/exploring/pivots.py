"""Amounts laid out over two columns, refusing every sum that would count money twice.

A published budget prints the same money many times: as a class, its sections and its items; in several tables; approved
and executed; in a unit and in the department above it; in 合计 and in its parts. One rule guards them all: where the
chosen figures differ in such a property, it must be chosen or stand on an axis; otherwise nothing is added and the
sentence says why. Where two documents tell one thing, budgets tell what was approved and final accounts what was
executed; two documents of one kind are refused. A combination that nobody printed stays empty: a gap is no zero.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Required, TypedDict

import polars as pl

from analysis.display.amounts import GAP, wan
from analysis.display.tables import Heading, Table, TableCell
from analysis.errors import ParameterError
from analysis.exploring.csv_link import CsvLink
from analysis.knowledge.names import measure_names, table_names
from analysis.reports.series.sources import from_best_document
from analysis.terms.line_item import RowRole

WHY = {
    "phase": "预算数（approved）和执行数（executed）不能相加：请用 phase 选定其一。",
    "level": "部门（department）的数字已含其下属单位（unit），不能相加：请用 level 选定其一。",
    "table": "同一笔钱印在几张表里，不能相加：请用 table 选定一张表。",
    "side": "收入（revenue）和支出（expenditure）不能相加：请用 side 选定其一。",
    "measure": "合计栏已含各分项栏，不能相加：请用 measure 选定一栏。",
    "fiscal_year": "不同年度的金额不相加：请把 fiscal_year 放在行或列上，或者用 years 选定一年。",
}
_NESTED = (
    "类已含款、款已含项，不能相加：请用 row_role 选定 total（合计）或 detail（最细的行），"
    "或者用 code_level 选定 1（类）、2（款）、3（项）。"
)
_VALUES = {
    "phase": {"approved": "预算数", "executed": "执行数"},
    "level": {"unit": "单位", "department": "部门"},
    "row_role": {"total": "合计行", "detail": "最细的行", "subtotal": "小计行"},
    "code_level": {"1": "类", "2": "款", "3": "项"},
    "side": {"revenue": "收入", "expenditure": "支出"},
}
_MOST_VALUES = 40
_STATED = ("phase", "level")
_CHOSEN = ("table", "measure", "phase", "level", "row_role", "code_level", "code", "side")
_WHOSE = ("organisation_id", "level", "fiscal_year", "phase", "table", "side", "measure", "row_role", "code")


@dataclass(frozen=True, slots=True, eq=False)
class Pivot:
    """Amounts over two axes.

    Attributes:
        rows, columns: The names of the axes.
        amounts: One row a value of `rows`, one column a value of `columns`, in yuan, null where nothing was printed.
        suspects: The same cells: whether an open error touches one of the figures; null where nobody looked.
        title: What was chosen.
    """

    rows: str
    columns: str
    amounts: pl.DataFrame
    suspects: pl.DataFrame
    title: str

    @property
    def table(self) -> Table:
        """For reading: in 万元, exact on hover, suspect figures marked."""
        names = self.amounts.columns[1:]
        body: tuple[tuple[str | TableCell, ...], ...] = tuple(
            (
                str(amounts[0]),
                *(_cell(amount, doubtful) for amount, doubtful in zip(amounts[1:], suspects[1:], strict=True)),
            )
            for amounts, suspects in zip(self.amounts.iter_rows(), self.suspects.iter_rows(), strict=True)
        )
        heads = (Heading(self.rows, number=False), *(Heading(name) for name in names))
        return Table(f"{self.title}（万元）", heads, body)

    @property
    def download(self) -> CsvLink:
        """The amounts as a csv file, in yuan."""
        return CsvLink.of(self.amounts, "pivot.csv")

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


class PivotChoices(TypedDict, total=False):
    """What a `PivotRequest` has beside its axes, as keywords; None says that a required one is left open."""

    table: Required[str | None]
    measure: Required[str | None]
    phase: Required[str | None]
    level: Required[str | None]
    side: str | None
    row_role: str | None
    code_level: int | None
    code: str | None
    organisations: Collection[str]
    years: Collection[int] | None


@dataclass(frozen=True, slots=True)
class PivotRequest:
    """What is to be laid out.

    Attributes:
        rows: The column of the line items whose values become rows.
        columns: The column whose values become columns.
        table, measure, phase, level, side, row_role, code_level, code: The one value that is chosen; None for none.
            `phase` and `level` must be chosen or stand on an axis, whatever the data hold.
        organisations: Full names or ids; empty for all.
        years: Fiscal years; None for all.
    """

    rows: str
    columns: str
    table: str | None = None
    measure: str | None = None
    phase: str | None = None
    level: str | None = None
    side: str | None = None
    row_role: str | None = None
    code_level: int | None = None
    code: str | None = None
    organisations: Collection[str] = ()
    years: Collection[int] | None = None

    @property
    def chosen(self) -> dict[str, str | int]:
        """The values that are chosen, by the column of the line items."""
        values = {name: getattr(self, name) for name in _CHOSEN}
        return {name: value for name, value in values.items() if value is not None}


def pivot(items: pl.LazyFrame, request: PivotRequest) -> Pivot:
    """Lay out amounts; see the top of this page for what is refused.

    Args:
        items: Line items with `suspect`, of the organisations that are asked for.
        request: What is to be laid out.

    Raises:
        ParameterError: A sum would count money twice, or nothing fits.
    """
    rows, columns, chosen = request.rows, request.columns, request.chosen
    axes = (rows, columns)
    known = items.collect_schema().names()
    for axis in axes:
        if axis not in known:
            raise ParameterError(f"没有“{axis}”这一列；可选：{'、'.join(known)}。 / no such column")
    if rows == columns:
        raise ParameterError("行和列不能是同一列。 / rows and columns must differ")
    unsaid = {name for name in _STATED if name not in chosen and name not in axes}
    picked = items.filter(pl.col("amount").is_not_null(), **chosen)
    if request.years is not None:
        picked = picked.filter(pl.col("fiscal_year").is_in(list(request.years)))
    figures = picked.filter(from_best_document()).collect()
    if figures.is_empty():
        asked = "、".join(f"{name}={value}" for name, value in chosen.items())
        raise ParameterError(f"没有符合条件的数字：{asked}。{_what_there_is(items, chosen)} / nothing fits")
    _guard(figures, axes, unsaid)
    label = pl.col(columns).cast(pl.String).fill_null("（无）")
    sums = (
        figures.with_columns(label.alias(" column"))
        .group_by(rows, " column")
        .agg(pl.col("amount").sum(), pl.col("suspect").any(ignore_nulls=False))
        .sort(rows, " column", nulls_last=True)
    )
    order = sorted(sums[" column"].unique())
    title = "，".join(_words(name, value) for name, value in chosen.items())
    return Pivot(rows, columns, _wide(sums, rows, "amount", order), _wide(sums, rows, "suspect", order), title)


def _what_there_is(items: pl.LazyFrame, chosen: Mapping[str, str | int]) -> str:
    """The values that the first unknown choice could have."""
    for name, value in chosen.items():
        there = items.select(pl.col(name).drop_nulls().unique().sort()).collect()[name].to_list()
        if value not in there:
            shown = "、".join(map(str, there[:_MOST_VALUES])) + ("…" if len(there) > _MOST_VALUES else "")
            return f"{name} 没有 {value}；数据中有：{shown}。"
    return "每个值都有，但没有一行同时符合。"


def _choices(figures: pl.DataFrame, name: str) -> str:
    """The values of a column that the figures have, where the sentence of `WHY` does not name them."""
    if name not in ("table", "measure"):
        return ""
    return f"可选：{'、'.join(figures[name].drop_nulls().unique().sort())}。"


def _guard(figures: pl.DataFrame, axes: tuple[str, str], unsaid: Collection[str]) -> None:
    """Refuse a sum that counts twice, with all that is still to be chosen and the values that there are."""
    mixed = [name for name in WHY if name not in axes and (name in unsaid or figures[name].n_unique() > 1)]
    if mixed:
        raise ParameterError("\n".join(f"{WHY[name]}{_choices(figures, name)}" for name in mixed))
    if "code" not in axes and figures["code"].drop_nulls().n_unique() != 1:
        roles, levels = figures["row_role"].unique().to_list(), figures["code_level"].unique().to_list()
        flat = len(roles) == 1 and roles[0] != RowRole.SUBTOTAL.value
        if not flat and not (len(levels) == 1 and levels[0] is not None):
            raise ParameterError(_NESTED)
    twice = (
        figures.group_by(_WHOSE).agg(pl.col("source_file").unique().sort()).filter(pl.col("source_file").list.len() > 1)
    )
    if twice.height:
        files = sorted({str(file) for names in twice["source_file"] for file in names})
        raise ParameterError(f"几个文件说的是同一单位、同一年度的数字，不能相加：{'、'.join(files)}。 / claimed twice")


def _wide(sums: pl.DataFrame, rows: str, value: str, order: list[str]) -> pl.DataFrame:
    wide = sums.pivot(" column", index=rows, values=value, aggregate_function="first", maintain_order=True)
    return wide.select(pl.col(rows).cast(pl.String).fill_null("（无）"), *(pl.col(name) for name in order))


def _words(name: str, value: str | int) -> str:
    known: Mapping[str, Mapping[str, str]] = {"table": table_names(), "measure": measure_names(), **_VALUES}
    return known.get(name, {}).get(str(value), str(value))


def _cell(amount: Decimal | None, doubtful: Any) -> TableCell:
    note = None if amount is None else f"{amount:,} 元"
    return TableCell(wan(amount) if amount is not None else GAP, None, note, bool(doubtful))
