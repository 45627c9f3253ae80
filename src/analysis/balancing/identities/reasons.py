"""Why an identity could not be checked: one sentence, Chinese first, that a person can verify in the document.

The reasons are asked in the order in which a reader would find them: the table is missing, its columns are not printed,
its rows are not printed; only then is there nothing to compare.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

import polars as pl

from analysis.balancing.identities.published_names import PublishedNames
from analysis.balancing.identities.row_sets import Tables, in_columns, in_rows, table_of
from analysis.terms.identity import Case, Guard, Identity, Match, Operand

Sentence = Callable[[tuple[Operand, ...], PublishedNames], str]

_NOTHING = "没有可以对照的金额 / no amounts to compare"


def guard_reason(guard: Guard, known: bool) -> str:
    """Why a lifted document is not checked; where it is not `known`, its table is missing."""
    if known:
        return f"{guard.zh}，此关系不适用 / not promised: {guard.en}"
    return f"缺表，不知是否{guard.zh} / cannot tell whether {guard.en}"


def unseen_reasons(identities: Sequence[Identity], names: PublishedNames) -> pl.DataFrame:
    """The `reason` of instances of which one side is not printed, by `entry`, `case` and `left_blank`."""
    rows = [
        (entry, number, left_blank, _blank(case, (case.left,) if left_blank else case.right, names))
        for entry, identity in enumerate(identities)
        for number, case in enumerate(identity.cases)
        for left_blank in (True, False)
    ]
    schema = {"entry": pl.Int16, "case": pl.Int16, "left_blank": pl.Boolean, "reason": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _blank(case: Case, operands: tuple[Operand, ...], names: PublishedNames) -> str:
    title, table = names.titles[operands[0].table], names.in_english(operands[0].table)
    if case.match is Match.NAME:
        return f"{title}没有同名的行 / no row of that name in {table}"
    if case.match is Match.PARENT:
        zh, en = ("上级", "parent") if operands == (case.left,) else ("下级", "child")
        return f"{title}没有印出它的{zh}行 / no {en} row in {table}"
    return f"{title}没有印出这一栏 / this column is not printed in {table}"


def case_reasons(tables: Tables, case: Case, silent: Collection[str], names: PublishedNames) -> Mapping[str, str]:
    """For documents without a single instance of a case the first reason that fits; the left side is asked first."""
    asked: tuple[tuple[Sentence, Callable[[Operand], list[pl.Expr]]], ...] = (
        (_no_table, _anywhere),
        (_no_column, in_columns),
        (_no_row, in_rows),
    )
    found: dict[str, str] = {}
    for sentence, conditions in asked:
        for side in ((case.left,), case.right):
            if len(found) == len(silent):
                return found
            there = frozenset[str]().union(*(_documents(tables, operand, conditions) for operand in side))
            reason = sentence(side, names)
            found |= {document: reason for document in silent if document not in there and document not in found}
    return dict.fromkeys(silent, _NOTHING) | found


def _anywhere(_: Operand) -> list[pl.Expr]:
    return []


def _documents(tables: Tables, operand: Operand, conditions: Callable[[Operand], list[pl.Expr]]) -> frozenset[str]:
    """The documents where the operand's table has cells that meet the conditions."""
    key = (operand.table if conditions is _anywhere else operand, conditions)
    if key not in tables.memo:
        sheets = table_of(tables, operand).lazy().filter(pl.lit(value=True), *conditions(operand)).select("sheet")
        tables.memo[key] = tables.documents_of(sheets.unique().collect()["sheet"])
    return tables.memo[key]


def _titles(operands: tuple[Operand, ...], names: PublishedNames) -> tuple[str, str]:
    tables = list(dict.fromkeys(operand.table for operand in operands))
    return "、".join(names.titles[table] for table in tables), ", ".join(map(names.in_english, tables))


def _no_table(operands: tuple[Operand, ...], names: PublishedNames) -> str:
    zh, en = _titles(operands, names)
    return f"没有{zh}，或表中没有金额 / no {en}, or no amounts in it"


def _no_column(operands: tuple[Operand, ...], names: PublishedNames) -> str:
    zh, en = _titles(operands, names)
    measures = list(dict.fromkeys(measure for operand in operands for measure in operand.measures))
    columns = "、".join(names.measures[measure] for measure in measures) or "任何"
    return f"{zh}没有印出{columns}栏 / {en} does not print {', '.join(measures) or 'any column'}"


def _no_row(operands: tuple[Operand, ...], names: PublishedNames) -> str:
    zh, en = _titles(operands, names)
    rows = "、".join(operand.rows.zh for operand in operands)
    return f"{zh}没有{rows} / {en} lacks {', '.join(operand.rows.en for operand in operands)}"
