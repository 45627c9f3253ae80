"""Sums over tables of which the document lacks one: what is missing in the sum may stand on the page that is not there.

A document leaves out a table that would be empty, and such a sum holds without it. Where it does not hold, and more is
missing than is printed, nobody can tell a wrong figure from the table that is not there: it is not judged.
"""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from analysis.balancing.context import CheckingContext
from analysis.balancing.identities.checks import Checked
from analysis.balancing.identities.published_names import PublishedNames
from analysis.balancing.owed_tables import owed_tables
from analysis.knowledge.names import official_tables
from analysis.terms.identity import Identity, Relation


def without_absent(
    checked: Checked, documents: pl.DataFrame, tables: pl.DataFrame, context: CheckingContext
) -> Checked:
    """The checks, those not judged that fail by what an owed table may hold that the document does not print.

    Args:
        checked: the checks of the documents.
        documents: the documents, columns of the data dictionary.
        tables: the printed tables; of a document that tells of none nothing is known to be absent.
        context: the families, which say what a document owes, and the identities.
    """
    failing = checked.checks.filter(pl.col("outcome") == "fail", pl.col("difference") > 0)
    printed = tables.filter(pl.col("document_id").is_in(failing["document_id"].unique().to_list()))
    there = {name: set(rows["table"]) for (name,), rows in printed.group_by("document_id")}
    absent = {
        row["document_id"]: owed_tables(row, context.families) - there[row["document_id"]]
        for row in documents.filter(pl.col("document_id").is_in(list(there))).iter_rows(named=True)
    }
    names, by_id = PublishedNames.of(context.identities), {one.id: one for one in context.identities.within}
    reasons = {
        row["check_id"]: reason
        for row in failing.iter_rows(named=True)
        if row["identity"] in by_id
        and (reason := _reason(by_id[row["identity"]], row, absent.get(row["document_id"], frozenset()), names))
    }
    if not reasons:
        return checked
    told = pl.col("check_id").replace_strict(reasons, default=None, return_dtype=pl.String)
    lifted = pl.col("check_id").is_in(list(reasons))
    outcome = pl.when(lifted).then(pl.lit("not_applicable")).otherwise("outcome")
    return replace(
        checked,
        checks=checked.checks.with_columns(outcome=outcome, reason=pl.when(lifted).then(told).otherwise("reason")),
    )


def _reason(
    identity: Identity, check: Mapping[str, object], absent: frozenset[str], names: PublishedNames
) -> str | None:
    """Why a failing check is not judged; None where no table is absent that adds to its right side."""
    if identity.relation is Relation.AT_LEAST:
        return None
    added = [
        one.table for case in identity.cases if names.id_of(case.left.table) == check["table"] for one in case.right
    ]
    missing = [table for table in dict.fromkeys(added) if table in absent]
    if not missing:
        return None
    titles = "、".join(f"《{official_tables()[table]}》" for table in missing)
    english = f"{', '.join(missing)} missing, which may hold the difference: not judged"
    return f"缺{titles}，所差金额可能列在其中，不作判断 / {english}"
