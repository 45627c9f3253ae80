"""Documents → checks and findings: what is checked as printed, and what is judged once what is proven is set aside.

The order is that of causes. A code that another table proves wrong is read rightly before anything is traced; a table
whose rows slipped, or that contradicts itself, is one finding, and nothing is measured by it; what is left is traced to
figures, and only then is the text compared with the tables. The checks stay those of the document as it is printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from analysis.balancing.absent_tables import without_absent
from analysis.balancing.caption_findings import caption_findings
from analysis.balancing.codes.code_findings import KnownCodes, code_findings
from analysis.balancing.codes.misnamed import misnamed_classes, with_right_names
from analysis.balancing.codes.name_counts import possible, printed_rows, read_documents
from analysis.balancing.codes.serial_codes import SerialRun, numbered_tables, serial_runs
from analysis.balancing.codes.swapped_codes import swapped_rows
from analysis.balancing.codes.twins import miscoded_rows, with_right_codes
from analysis.balancing.context import CheckingContext
from analysis.balancing.contradictory_tables import contradictory_tables, relations_within
from analysis.balancing.duties import ledger
from analysis.balancing.evidence import Failures, contradicted_places, failures
from analysis.balancing.findings import assemble, findings_of_checks
from analysis.balancing.identities.checks import Checked, check_instances
from analysis.balancing.identities.coverage import coverage, proven_figures
from analysis.balancing.identities.incomplete_tables import INCOMPLETE, of_complete_tables
from analysis.balancing.identities.not_checked import not_checked
from analysis.balancing.localising.localise import trace
from analysis.balancing.localising.mended import mended
from analysis.balancing.misaligned_tables import UnreliableTable, misaligned_tables
from analysis.balancing.missing_rows import missing_rows, without_rows
from analysis.balancing.mistaken_units import mistaken_units, units_told_by_text, with_right_units
from analysis.balancing.notes.fact_findings import fact_findings, without_sums_of_facts
from analysis.balancing.notes.project_findings import project_findings
from analysis.balancing.notes.table_findings import spending_findings, table_findings
from analysis.balancing.notes.year_findings import between_findings, target_findings
from analysis.balancing.reading_questions import as_questions, doubtful_readings
from analysis.balancing.repeated_rows import repeated_rows, righted, without_figures
from analysis.balancing.text.text_rules_applied import text_findings
from analysis.knowledge.names import official_tables
from analysis.terms.identity import Identity, Strength

_ROW = ("document_id", "table", "side", "row_number")


@dataclass(frozen=True, slots=True)
class ReadDataset:
    """The documents of a dataset, or of a part of it, and what was read in them.

    `tables` are the printed tables, `incomplete` those that were not read whole; `name_counts` says who prints which
    names in the whole dataset, None where this is the whole. `untraced` are documents whose errors cannot be traced.
    """

    documents: pl.DataFrame
    line_items: pl.DataFrame
    narrative: pl.DataFrame
    passages: pl.DataFrame
    statements: pl.DataFrame
    tables: pl.DataFrame
    incomplete: pl.DataFrame
    facts: pl.DataFrame
    projects: pl.DataFrame
    performance: pl.DataFrame
    name_counts: pl.DataFrame | None = None
    untraced: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examined:
    """Checks, findings, duties as tables, how far figures are tied, and the places that the findings contradict.

    Nobody has accepted any finding yet. It is not `sound` where the checking broke on some of the documents.
    """

    checks: pl.DataFrame
    findings: pl.DataFrame
    duties: pl.DataFrame
    coverage: pl.DataFrame
    contradicted: pl.DataFrame
    sound: bool = True


def examine(read: ReadDataset, context: CheckingContext) -> Examined:
    """Checks some documents and finds what is wrong in them."""
    identities, incomplete = context.identities, read.incomplete
    checked = _checked(read.line_items, read.documents, read.tables, context, incomplete)
    whole = of_complete_tables(read.line_items, incomplete)
    rows = printed_rows(whole, read_documents(read.documents))
    numbered = tuple(numbered_tables(rows, context.code_book))
    incomplete = _with_tables(incomplete, [*map(_of_no_code, numbered)])
    rows = of_complete_tables(rows, incomplete)
    miscoded = miscoded_rows(rows, context.code_book)
    swapped = swapped_rows(rows, context.code_book)
    recoded = (*miscoded, *(one for swap in swapped for one in swap))
    coded = rows.filter(pl.col("code").is_not_null(), possible())
    runs = tuple(serial_runs(coded, context.code_book, context.code_rules.endings))
    misnamed = misnamed_classes(coded, context.code_book)
    captions = mistaken_units(of_complete_tables(read.line_items, incomplete))
    captions += units_told_by_text(read.line_items, read.tables, read.statements)
    line_items = with_right_names(with_right_codes(with_right_units(read.line_items, captions), recoded), misnamed)
    documents = {*(one.row["document_id"] for one in recoded), *misnamed["document_id"]}
    documents |= {run.rows[0]["document_id"] for run in numbered} | {one.document_id for one in captions}
    judged = _checked_again(checked, line_items, read, context, incomplete, documents)
    line_items, judged = _without_repeated(line_items, judged, read, context, incomplete)
    hard = [one.id for one in identities.within if one.strength is Strength.HARD]
    relations = relations_within(judged, line_items, hard)
    unreliable = misaligned_tables(line_items, relations.failing)
    doubted = _with_tables(incomplete, [one.place for one in unreliable])
    traceable = judged.checks.filter(~pl.col("document_id").is_in(list(read.untraced)))
    failed = failures(judged, line_items, identities)
    left_out = missing_rows(_without(failed, unreliable, runs), of_complete_tables(line_items, doubted))
    failed = without_rows(failed, left_out)
    traceable = traceable.filter(~pl.col("check_id").is_in([name for one in left_out for name in one.checks]))
    localisations = trace(line_items, traceable, identities, None, doubted, read.statements)
    contradictory = contradictory_tables(_without(failed, unreliable, runs), relations, localisations)
    if contradictory:
        doubted = _with_tables(doubted, [one.place for one in contradictory])
        localisations = trace(line_items, traceable, identities, None, doubted, read.statements)
    tables = (*unreliable, *contradictory)
    codes = code_findings(
        read.documents,
        read.line_items,
        read.narrative,
        context,
        read.name_counts,
        incomplete,
        KnownCodes(miscoded, runs, numbered, swapped),
    )
    right = mended(line_items.with_columns(proven_figures(line_items, judged, identities)), localisations)
    told = text_findings(
        read.documents,
        right,
        read.narrative,
        read.passages,
        read.statements,
        context,
        codes,
        doubted,
        read.tables,
    )
    facts = [*fact_findings(read.facts)]
    found = [
        *caption_findings(read.documents, read.tables, {(one.document_id, one.table) for one in captions}),
        *(one.finding for one in captions),
        *(one.finding for one in tables),
        *(one.finding for one in left_out),
        *findings_of_checks(_without(failed, tables, runs), localisations),
        *without_sums_of_facts(told, facts),
        *codes,
        *facts,
        *table_findings(read.facts, right, doubted, told),
        *spending_findings(read.projects, line_items, doubted),
        *between_findings(read.facts, read.documents),
        *project_findings(read.projects, read.performance, read.facts),
        *target_findings(read.projects, read.performance, read.documents),
    ]
    questions = as_questions(found, failed, line_items, read.documents)
    findings = assemble([*questions, *doubtful_readings(read.line_items)], ())
    duties = ledger(read.documents, read.tables, checked.checks, findings, read.passages, read.narrative, context)
    tied = coverage(read.line_items, checked, identities)
    return Examined(checked.checks, findings, duties, tied, contradicted_places(findings, failed))


def nothing_examined(
    documents: pl.DataFrame, tables: pl.DataFrame, no_items: pl.DataFrame, context: CheckingContext, reason: str
) -> Examined:
    """What is said of documents in which nothing could be checked, for one reason; `no_items` has columns alone."""
    no_text = pl.DataFrame(schema={"document_id": pl.String, "text": pl.String})
    identities = context.identities
    nothing = check_instances(no_items, documents.clear(), identities)
    findings = assemble([], ())
    against = contradicted_places(findings, failures(nothing, no_items, identities))
    checks = not_checked(documents, identities, reason)
    duties = ledger(documents, tables, checks, findings, no_text, no_text, context)
    return Examined(checks, findings, duties, coverage(no_items, nothing, identities), against)


def _checked(
    line_items: pl.DataFrame,
    documents: pl.DataFrame,
    tables: pl.DataFrame,
    context: CheckingContext,
    incomplete: pl.DataFrame,
) -> Checked:
    """The checks of some documents, of which none is told to fail by what a table that is not there may hold."""
    checked = check_instances(line_items, documents, context.identities, incomplete=incomplete)
    return without_absent(checked, documents, tables, context)


def _without_repeated(
    line_items: pl.DataFrame, judged: Checked, read: ReadDataset, context: CheckingContext, incomplete: pl.DataFrame
) -> tuple[pl.DataFrame, Checked]:
    """The line items and their checks without the rows printed twice, where that makes the tables come right."""
    failing = judged.checks.filter(pl.col("outcome") == "fail")["document_id"].unique()
    rows = repeated_rows(line_items.filter(pl.col("document_id").is_in(failing.implode())))
    if rows.is_empty():
        return line_items, judged
    once = without_figures(line_items, rows)
    right = righted(judged, _checked_again(judged, once, read, context, incomplete, {*rows["document_id"]}))
    rows = rows.filter(pl.col("document_id").is_in(right))
    once = without_figures(line_items, rows)
    return once, _checked_again(judged, once, read, context, incomplete, set(right))


def _checked_again(
    checked: Checked,
    line_items: pl.DataFrame,
    read: ReadDataset,
    context: CheckingContext,
    incomplete: pl.DataFrame,
    miscoded: set[str],
) -> Checked:
    """The checks with those of the miscoded documents made anew from `line_items`; what links documents stays."""
    if not miscoded:
        return checked
    again = pl.col("document_id").is_in(sorted(miscoded))
    within = pl.col("identity").is_in([one.id for one in context.identities.within])
    anew = _checked(line_items, read.documents.filter(again), read.tables, context, incomplete)
    kept = checked.checks.filter(~(again & within))
    terms = checked.terms.join(kept.select(instance="check_id"), on="instance", how="semi")
    checks = pl.concat([kept, anew.checks.filter(within)]).sort("document_id", "identity", "check_id")
    return Checked(checks, pl.concat([terms, anew.terms.select(terms.columns)]))


def _of_no_code(run: SerialRun) -> tuple[str, str, str]:
    """The table of a run of serial numbers with the reason why nothing is measured by it."""
    document, table = run.rows[0]["document_id"], run.rows[0]["table"]
    title = official_tables()[table]
    return (
        document,
        table,
        f"《{title}》的编码印成了顺序号，不作判断 / {table} prints serial numbers as codes: not judged",
    )


def _with_tables(incomplete: pl.DataFrame, rows: Sequence[tuple[str, str, str]]) -> pl.DataFrame:
    """The tables that nothing is measured by: those not read whole, and these, each with its document and reason."""
    return pl.concat([incomplete.select(list(INCOMPLETE)), pl.DataFrame(rows, schema=INCOMPLETE, orient="row")])


def _without(failed: Failures, unreliable: Sequence[UnreliableTable], runs: Sequence[SerialRun]) -> Failures:
    """The failing checks that speak of none of the tables, nor, where they are no laws, of serial numbers as codes."""
    doubted = {(one.document_id, one.table) for one in unreliable}
    numbered = {tuple(row[name] for name in _ROW) for run in runs for row in run.rows}
    if not doubted and not numbered:
        return failed
    kept = {}
    for name, failure in failed.by_id.items():
        identity, document = failed.identities.of(failure.check["identity"]), failure.check["document_id"]
        rows = [failed.item(position) for position in failure.figures]
        tables = {failure.check["table"], *(row["table"] for row in rows), *_spoken_of(identity)}
        by_code = identity.strength is not Strength.HARD and any(
            tuple(row[name] for name in _ROW) in numbered for row in rows
        )
        if not by_code and not any((document, table) in doubted for table in tables):
            kept[name] = failure
    return replace(failed, by_id=kept)


def _spoken_of(identity: Identity) -> frozenset[str]:
    """The tables that every case of an identity speaks of."""
    cases = ({one.left.table, *(operand.table for operand in one.right)} for one in identity.cases)
    return frozenset(set.intersection(*cases))
