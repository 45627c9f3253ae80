"""Tables that contradict themselves in so many places that no figure of them can be blamed for it.

Where a third of the relations within a table fail and the tracing finds no single cause for them, or a sixth of them
and a total is below its largest part, the table was put together wrongly, or was read wrongly: that is one finding, it
proposes nothing, and no other table and no sentence of the text is measured by that table. A few figures that are wrong
in a long table, or that other tables prove wrong, are told as what they are, though one of them is above its total.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analysis.balancing.evidence import Failure, Failures, largest_difference
from analysis.balancing.identities.checks import Checked
from analysis.balancing.misaligned_tables import UnreliableTable
from analysis.knowledge.names import official_tables
from analysis.terms.finding import Finding, Severity
from analysis.terms.identity import Strength
from analysis.terms.line_item import Place
from analysis.terms.trace import Localisation

RULE = "contradictory_table"
_LEAST_FAILING = 6
_SHARE = 3
_SHARE_OF_SHORT = 6
_LEAST_CAUSES = 3


@dataclass(frozen=True, slots=True)
class RelationsWithin:
    """How many relations of the hard identities lie within each table of a document, and how many of them fail."""

    all: Mapping[tuple[str, str], int]
    failing: Mapping[tuple[str, str], int]


def relations_within(checked: Checked, line_items: pl.DataFrame, hard: Sequence[str]) -> RelationsWithin:
    """The relations within the tables of those documents in which any relation fails."""
    decided = checked.checks.filter(pl.col("identity").is_in(list(hard)), pl.col("outcome") != "not_applicable")
    broken = decided.filter(pl.col("outcome") == "fail")["document_id"].unique()
    there = decided.filter(pl.col("document_id").is_in(broken.implode())).select(
        "document_id", "outcome", instance="check_id"
    )
    if there.is_empty():
        return RelationsWithin({}, {})
    tables = line_items.select("table").with_row_index("item").with_columns(pl.col("item").cast(pl.Int64))
    counted = (
        checked.terms.join(there, on="instance", how="inner")
        .join(tables, on="item")
        .group_by("instance")
        .agg(pl.col("document_id", "outcome", "table").first(), tables=pl.col("table").n_unique())
        .filter(pl.col("tables") == 1)
    )
    by_table = counted.group_by("document_id", "table").agg(pl.len(), failing=(pl.col("outcome") == "fail").sum())
    rows = list(by_table.select("document_id", "table", "len", "failing").iter_rows())
    return RelationsWithin(
        {(document, table): number for document, table, number, _ in rows},
        {(document, table): failing for document, table, _, failing in rows if failing},
    )


def contradictory_tables(
    found: Failures, relations: RelationsWithin, localisations: Sequence[Localisation]
) -> tuple[UnreliableTable, ...]:
    """The tables that contradict themselves, with the one finding of each."""
    causes = _causes(localisations)
    unproven = _causes([one for one in localisations if not _is_proven(one)])
    tables = []
    for key, failing in sorted(relations.failing.items()):
        many = failing >= _LEAST_FAILING and failing * _SHARE >= relations.all[key]
        within = [*_within(found, *key)]
        short = [one for one in within if _total_below_its_part(found, one)]
        short = short if failing * _SHARE_OF_SHORT >= relations.all[key] else []
        if max(many * causes.get(key, 0), bool(short) * unproven.get(key, 0)) >= _LEAST_CAUSES:
            tables.append(UnreliableTable(*key, _finding(found, key, within, short, relations.all[key])))
    return tuple(tables)


def _is_proven(one: Localisation) -> bool:
    """Whether all that the first explanation changes is certain, as where other tables print each figure."""
    return bool(one.explanations) and set(one.explanations[0].changes) <= set(one.certain)


def _causes(localisations: Sequence[Localisation]) -> dict[tuple[str, str], int]:
    """How many separate things would have to change in each table by the first explanation of every block."""
    found: dict[tuple[str, str], int] = {}
    for one in localisations:
        first = one.explanations[0].changes if one.explanations else ()
        changed = {(change.table, change.cause if len(first) > 2 else change) for change in first}
        for table, _ in changed:
            found[one.document_id, table] = found.get((one.document_id, table), 0) + 1
        if not first:
            for table in {name.split("|")[2] for name in one.failing}:
                found[one.document_id, table] = found.get((one.document_id, table), 0) + 1
    return found


def _within(found: Failures, document_id: str, table: str) -> Iterator[Failure]:
    """The failing laws of a document whose figures all stand in the table."""
    for failure in found.by_id.values():
        if failure.check["document_id"] != document_id or failure.check["table"] != table:
            continue
        hard = found.identities.of(failure.check["identity"]).strength is Strength.HARD
        if hard and all(found.item(position)["table"] == table for position in failure.figures):
            yield failure


def _total_below_its_part(found: Failures, failure: Failure) -> bool:
    """Whether one figure stands on the left and is below one of those that it is the sum of."""
    if len(failure.left) != 1 or not failure.right:
        return False
    return bool(failure.check["left"] < max(found.item(position)["amount"] for position in failure.right))


def _finding(
    found: Failures, key: tuple[str, str], within: Sequence[Failure], short: Sequence[Failure], relations: int
) -> Finding:
    document_id, table = key
    title = official_tables()[table]
    first = (short or within)[0]
    figure = found.item(first.left[0] if first.left else first.right[0])
    below_zh = below_en = ""
    if short:
        largest = max((found.item(position) for position in first.right), key=lambda item: item["amount"])
        below_zh = f"{found.words(figure)} {figure['printed']}小于其中的{found.words(largest)} {largest['printed']}；"
        below_en = f"{figure['printed']} is below its own part {largest['printed']}; "
    return Finding(
        document_id=document_id,
        source_file=first.check["source_file"],
        rule=RULE,
        check_id=first.check["check_id"],
        severity=Severity.ERROR,
        message_zh=(
            f"{title}自相矛盾：{below_zh}表内 {relations} 处关系有 {len(within)} 处不成立，不能确定哪些数字正确，"
            "请对照原件整表核对；其他表和文字不再与本表比较。"
        ),
        message_en=(
            f"{table} contradicts itself: {below_en}{len(within)} of {relations} relations within it fail; nothing can "
            "be proposed, look at the whole table."
        ),
        table=table,
        code=figure["code"],
        name=figure["name"],
        measure=figure["measure"],
        place=Place.from_row(figure),
        printed=figure["printed"],
        evidence=tuple(found.sentence(failure) for failure in within[:20]),
        amount_at_stake=largest_difference(within),
    )
