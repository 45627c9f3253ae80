"""How the budget was executed: on the first screen in one figure, then row by row, and what the texts say of last year.

Only pairs of one basis are compared (`series.compared_execution`); what has no pair is shown and not subtracted.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import polars as pl

from analysis.charts import changes
from analysis.charts.chart import Chart
from analysis.dataset.figure_id import stated_id
from analysis.display.amounts import GAP, percent, signed_percent, signed_wan, wan
from analysis.display.tables import Headline, Paragraph, Table, TableCell
from analysis.indicators.execution import deviation
from analysis.indicators.growth import growth
from analysis.indicators.structure import share
from analysis.knowledge.names import measure_names, table_names
from analysis.reports.cells import amount_of, cell, columns
from analysis.reports.series import executed as execution
from analysis.reports.series.compared_execution import NEXT_TEXT, TABLES, TEXT, compared
from analysis.reports.unit.unit_frames import UnitFrames
from analysis.terms.money import Unit, half_unit

_WITNESSES = {
    TABLES: "预算和决算两份文件的支出总表",
    TEXT: "决算说明所述的年初预算数与决算数",
    NEXT_TEXT: "下年预算说明所述的执行数，与当年预算同一张表的预算数",
}
_SPENDING = ("expenditure", "appropriation_expenditure", "general_public_budget")
_BASIS = ("年度", "口径", "依据")
_MOST, _CHARTED = 80, 12


@dataclass(frozen=True, eq=False)
class UnitExecution:
    """The section on execution."""

    frames: UnitFrames

    @cached_property
    def pairs(self) -> pl.DataFrame:
        """`compared_execution.compared`."""
        return compared(self.frames.data.items, self.frames.data.statements)

    @cached_property
    def _spending(self) -> pl.DataFrame:
        """Pairs of expenditure in the latest year that has any, of the table that tells most of all money."""
        rows = self.pairs.filter(pl.col("table").is_in(_SPENDING), measure="total")
        rows = rows.filter(pl.col("fiscal_year") == pl.col("fiscal_year").max())
        there = set(rows["table"])
        return rows.filter(table=next((table for table in _SPENDING if table in there), ""))

    @cached_property
    def _whole(self) -> tuple[Decimal, Decimal, str, str | None] | None:
        """Budget and execution of all that can be compared in that year: the total, or the items that have both.

        The words say what it is of, and the place where the execution of a total is printed.
        """
        rows = self._spending.drop_nulls(["approved", "executed"])
        totals = rows.filter(pl.col("code").is_null())
        if totals.height:
            row = totals.row(0, named=True)
            return row["approved"], row["executed"], str(row["name"] or "支出合计"), row["executed_row"]["place"]
        if rows.is_empty():
            return None
        items = rows.filter(pl.col("code").str.len_chars() == pl.col("code").str.len_chars().max())
        approved, executed = (sum(items[name], Decimal(0)) for name in ("approved", "executed"))
        return approved, executed, f"{items.height} 个有可比数的科目", None

    @property
    def headline(self) -> Headline | None:
        """What was executed of the budget, in one card; None where nothing can be compared."""
        if self._whole is None:
            return None
        approved, executed, of, place = self._whole
        done = percent(share(executed, approved)) if approved > 0 else GAP
        note = f"{of}；依据：{self._witness}"
        year = self._spending["fiscal_year"][0]
        return Headline(
            f"{year}年执行数", TableCell(wan(executed), place, note), "万元", f"为预算 {wan(approved)} 万元的 {done}"
        )

    @property
    def sentences(self) -> list[str]:
        """What the answer of the report says of it."""
        if self._whole is None:
            return []
        approved, executed, of, _ = self._whole
        year, less = self._spending["fiscal_year"][0], approved - executed
        word = "少支" if less >= 0 else "超支"
        done = f"，完成 {percent(share(executed, approved))}" if approved > 0 else ""
        told = execution.prior_execution(self.frames.data.narrative, self.frames.data.documents)
        doubtful = told.filter(pl.col("doubtful") > 0, fiscal_year=year)
        doubt = "；其中有条目所述的增减与金额对不上，存疑" if doubtful.height and self._by_next_text else ""
        return [
            f"{year}年，{of}预算 {wan(approved)} 万元，执行 {wan(executed)} 万元{done}，{word} {wan(abs(less))} 万元"
            f"（依据：{self._witness}{doubt}）。"
        ]

    @property
    def _by_next_text(self) -> bool:
        return bool(self._spending["witness"][0] == NEXT_TEXT)

    @property
    def _witness(self) -> str:
        return _WITNESSES[self._spending["witness"][0]]

    @property
    def chart(self) -> Chart | Paragraph:
        """What was spent more and less than budgeted, the largest differences of the latest year."""
        rows = self._spending.filter(pl.col("code").is_not_null())
        if rows.is_empty():
            return Paragraph(["所选年度的表格和文字都没有给出同一口径的预算数和执行数，不能比较。"])
        zero = pl.lit(0).cast(pl.Decimal(38, 2))
        change = pl.col("executed").fill_null(zero) - pl.col("approved").fill_null(zero)
        width = rows["code"].str.len_chars().max()
        presence = pl.when(pl.col("approved").is_null()).then(pl.lit("new"))
        rows = rows.filter(pl.col("code").str.len_chars() == width).select(
            pl.format("{} {}", pl.col("name").fill_null(""), "code").alias("name"),
            change.cast(pl.Decimal(38, 2)).alias("change"),
            presence.when(pl.col("executed").is_null())
            .then(pl.lit("ended"))
            .otherwise(pl.lit("both"))
            .alias("presence"),
        )
        top = rows.filter(pl.col("change") != 0).sort(pl.col("change").abs(), "name", descending=[True, False])
        if top.is_empty():
            return Paragraph([f"{self._spending['fiscal_year'][0]}年各科目的执行数与预算数相同。"])
        year, shown = self._spending["fiscal_year"][0], top.head(_CHARTED)
        more = f"；只画差异最大的 {_CHARTED} 项，共 {top.height} 项" if top.height > _CHARTED else ""
        caption = self.frames.caption(
            "execution", f"{year}年执行数与预算数差异", f"执行数减预算数；正数为超支，负数为结余{more}"
        )
        return changes.diverging(shown.sort("change", "name", descending=[True, False]), caption)

    @property
    def table(self) -> Table | None:
        """Budget and execution row by row, of every year and table that has both; None where none has."""
        rows = self.pairs.sort(pl.col("fiscal_year"), descending=True, maintain_order=True)
        if rows.is_empty():
            return None
        body, strong = [], set()
        for number, row in enumerate(rows.head(_MOST).iter_rows(named=True)):
            approved, executed = _amount(row["approved_row"]), _amount(row["executed_row"])
            if row["code"] is None or len(row["code"]) == 3:
                strong.add(number)
            different, ratio = _difference(row)
            words = (str(row["fiscal_year"]), table_names().get(row["table"], row["table"]), _WITNESSES[row["witness"]])
            numbers = (approved, executed, signed_wan(different), signed_percent(ratio))
            body.append((_label(row), words, numbers))
        rest = f"；前 {_MOST} 行，共 {rows.height} 行" if rows.height > _MOST else ""
        # What is the same in every row is said once, above them.
        apart = [len({words[at] for _, words, _ in body}) > 1 for at in range(len(_BASIS))]
        same = "；".join(f"{name}：{body[0][1][at]}" for at, name in enumerate(_BASIS) if not apart[at])
        year, basis, witness = ([name] if apart[at] else [] for at, name in enumerate(_BASIS))
        heads = (
            *columns(["科目", *year, *basis], ["预算", "执行", "差额", "偏离度"]),
            *columns(witness, []),
        )
        lines = tuple(
            (
                label,
                *(word for word, shown in zip(words[:-1], apart, strict=False) if shown),
                *numbers,
                *(words[-1:] if apart[-1] else ()),
            )
            for label, words, numbers in body
        )
        mixed = "；不同口径不可加总" if apart[1] else ""
        caption = f"预算与执行（万元）{rest}；{same + '；' if same else ''}偏离度 =（执行数 − 预算数）÷ 预算数{mixed}"
        return Table(caption, heads, lines, frozenset(strong))

    @property
    def stated_table(self) -> Table | None:
        """This year's budget beside last year's execution, as the texts of budgets state them item by item."""
        stated = self.frames.data.narrative.filter(pl.col("prior").is_not_null(), pl.col("current").is_not_null())
        years = self.frames.data.documents.select("document_id", "document_year")
        stated = stated.with_columns(doubtful=execution.contradicted())
        rows = stated.join(years, on="document_id").sort("document_year", "item", descending=[True, False])
        if rows.is_empty():
            return None
        places = self._places
        body = tuple(
            (
                f"{row['item']}. {_item(row)}",
                str(row["document_year"]),
                _said(row, "prior", places),
                _said(row, "current", places),
                signed_wan(row["current"] - row["prior"]),
                signed_percent(growth(row["current"], row["prior"])),
            )
            for row in rows.head(_MOST).iter_rows(named=True)
        )
        rest = f"；前 {_MOST} 条，共 {rows.height} 条" if rows.height > _MOST else ""
        heads = columns(["条目", "预算年度"], ["上年执行数", "本年预算数", "增减", "增减幅度"])
        return Table(f"预算说明所述的上年执行数与本年预算数（万元）{rest}", heads, body)

    @property
    def _places(self) -> Mapping[tuple[Any, ...], str]:
        """Where the text states an amount, by document, code, role and yuan; the first place of what it says twice."""
        told = self.frames.data.statements.filter(
            pl.col("role").is_in(["prior", "current"]), pl.col("code").is_not_null()
        )
        told = told.with_columns(value=pl.col("value").cast(pl.Decimal(38, 2)), place=stated_id("statements"))
        key = ("document_id", "code", "role", "value")
        return {
            row[:-1]: row[-1]
            for row in told.unique(key, keep="first", maintain_order=True).select(*key, "place").iter_rows()
        }


def _difference(row: Mapping[str, Any]) -> tuple[Decimal | None, Decimal | None]:
    """Execution less budget, and the deviation; none at all within what the text's two decimals of 万元 leave open."""
    if row["approved"] is None or row["executed"] is None:
        return None, None
    different = row["executed"] - row["approved"]
    if row["witness"] != TABLES and abs(different) <= half_unit(2, Unit.WAN_YUAN):
        return Decimal(0), Decimal(0)
    return different, deviation(row["executed"], row["approved"])


def _amount(row: Mapping[str, Any]) -> TableCell | str:
    if row["amount"] is None:
        return cell(None, "该文件未列示")
    return cell(amount_of(row))


def _label(row: Mapping[str, Any]) -> str:
    if row["code"]:
        return f"{row['code']} {row['name'] or ''}".strip()
    if row["measure"] != "total" or row["table"] not in _SPENDING:
        return str(row["name"] or measure_names().get(row["measure"], row["measure"]))
    return str(row["name"] or "合计（公开文件列示数）")


def _item(row: Mapping[str, Any]) -> str:
    """An item of a text with its code, which tells apart what bears the same name."""
    name = row["item_name"] or row["section_name"] or row["class_name"] or ""
    return f"{row['code']} {name}" if row["code"] else str(name)


def _said(row: Mapping[str, Any], role: str, places: Mapping[tuple[Any, ...], str]) -> TableCell:
    amount, printed = row[role], row[f"{role}_printed"]
    where = f"第 {row['page']} 页" if row["page"] is not None else f"第 {row['line']} 行"
    note = f"{amount:,} 元，原文“{printed or ''}”，{row['source_file']} {where} 文字"
    doubt = "；所述增减与金额不符" if row["doubtful"] else ""
    place = places.get((row["document_id"], row["code"], role, amount))
    return TableCell(wan(amount), place, note + doubt, suspect=row["doubtful"])
