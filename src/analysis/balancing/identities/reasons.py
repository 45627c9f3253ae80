"""Why an identity could not be checked: one sentence, Chinese first, that a person can verify in the document.

The reasons are asked in the order in which a reader would find them: the table is missing, its columns are not printed,
its rows are not printed; only then is there nothing to compare.
"""

from collections.abc import Callable

import polars as pl

from analysis.balancing.identities.published_names import PublishedNames
from analysis.balancing.identities.row_sets import Tables, in_columns, in_rows, table_of
from analysis.terms.identity import Case, Identity, Match, Operand

Sentence = Callable[[tuple[Operand, ...], PublishedNames], str]

_NOTHING = "没有可以对照的金额 / no amounts to compare"


def guard_reason(identity: Identity) -> pl.Expr:
    """The `reason` of a lifted document, from the columns `guard` and `known`."""
    lifted = {one.id: f"{one.zh}，此关系不适用 / not promised: {one.en}" for one in identity.unless}
    unknown = {one.id: f"缺表，不知是否{one.zh} / cannot tell whether {one.en}" for one in identity.unless}
    reason = pl.when("known").then(pl.col("guard").replace(lifted)).otherwise(pl.col("guard").replace(unknown))
    return reason.alias("reason")


def unseen_reason(identity: Identity, names: PublishedNames) -> pl.Expr:
    """The `reason` of an instance of which one side is not printed, in a document where others are."""
    reason = pl.lit(_NOTHING)
    for number, case in enumerate(identity.cases):
        here = pl.when(pl.col("cells").is_null()).then(pl.lit(_blank(case, (case.left,), names)))
        reason = (
            pl.when(pl.col("case") == number)
            .then(here.otherwise(pl.lit(_blank(case, case.right, names))))
            .otherwise(reason)
        )
    return reason.alias("reason")


def _blank(case: Case, operands: tuple[Operand, ...], names: PublishedNames) -> str:
    title, table = names.titles[operands[0].table], names.in_english(operands[0].table)
    if case.match is Match.NAME:
        return f"{title}没有同名的行 / no row of that name in {table}"
    if case.match is Match.PARENT:
        zh, en = ("上级", "parent") if operands == (case.left,) else ("下级", "child")
        return f"{title}没有印出它的{zh}行 / no {en} row in {table}"
    return f"{title}没有印出这一栏 / this column is not printed in {table}"


def case_reasons(
    tables: Tables, scope: pl.DataFrame, real: pl.DataFrame, identity: Identity, names: PublishedNames
) -> pl.DataFrame:
    """The documents of `scope` without a single instance of a case: document_id, case, reason."""
    frames = [pl.DataFrame(schema={"document_id": pl.String, "case": pl.Int16, "reason": pl.String})]
    seen = real.select("case", "document_id").unique()
    for number, case in enumerate(identity.cases):
        silent = scope.join(seen.filter(pl.col("case") == number), on="document_id", how="anti")
        if not silent.is_empty():
            reason = _reasons(tables, silent, case, names).with_columns(case=pl.lit(number, pl.Int16))
            frames.append(reason.select("document_id", "case", "reason"))
    return pl.concat(frames)


def _reasons(tables: Tables, silent: pl.DataFrame, case: Case, names: PublishedNames) -> pl.DataFrame:
    """The first reason that fits each silent document; the left side is asked before the right."""
    asked: tuple[tuple[Sentence, Callable[[Operand], list[pl.Expr]]], ...] = (
        (_no_table, _anywhere),
        (_no_column, in_columns),
        (_no_row, in_rows),
    )
    answer = silent.with_columns(reason=pl.lit(None, pl.String))
    for sentence, conditions in asked:
        for side in ((case.left,), case.right):
            open_ones = answer.filter(pl.col("reason").is_null())
            if open_ones.is_empty():
                return answer
            there = pl.concat([_documents(tables, operand, conditions) for operand in side])
            missing = open_ones.join(there, on="document_id", how="anti").select(
                "document_id", because=pl.lit(sentence(side, names))
            )
            answer = answer.join(missing, on="document_id", how="left", maintain_order="left").select(
                "document_id", reason=pl.coalesce("reason", "because")
            )
    return answer.with_columns(pl.col("reason").fill_null(_NOTHING))


def _anywhere(_: Operand) -> list[pl.Expr]:
    return []


def _documents(tables: Tables, operand: Operand, conditions: Callable[[Operand], list[pl.Expr]]) -> pl.DataFrame:
    """The documents where the operand's table has cells that meet the conditions."""
    key = (operand, conditions)
    if key not in tables.memo:
        chosen = table_of(tables, operand).lazy().filter(pl.lit(value=True), *conditions(operand))
        sheets = chosen.select("sheet").unique().collect()
        tables.memo[key] = sheets.join(tables.sheets, on="sheet").select("document_id").unique()
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
