"""Rows that a table leaves out though another table prints them: one finding for the row, not one for each relation.

Where one table prints a code and another one that must have it does not, every relation by code fails at that place,
and so does the sum of the row above. The row is missing where two things say so that do not depend on each other: its
parent's sum lacks just what another table prints for it, or two other tables print it where its parent is the only row
left, whether or not a relation fails for it. What fails for want of it is nobody else's error. A row whose figures were
left out looks the same from here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import polars as pl

from analysis.balancing.evidence import Failure, Failures, Row, half_digit, largest_difference, place_near
from analysis.knowledge.names import official_tables
from analysis.terms.finding import FigureChange, Finding, Severity
from analysis.terms.identity import Identity, Match, Strength

RULE = "missing_row"
_LEAST_WITNESSES = 2
_MOST = 3
_LEAST_SECTIONS = 2
_ITEM = 3  # the level of 项
_SECTION_DIGITS = 5
_WHOLE = ("total", "fiscal_appropriation", "general_public_budget", "government_fund_budget")

Gap = tuple[str, str, str]
"""Document, table, and the code that the table leaves out."""


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A row that is left out, the one finding that says so, and the checks that fail for want of it."""

    finding: Finding
    checks: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Printed:
    """The coded rows of a document's tables: the items of each code in each table."""

    rows: Mapping[str, Mapping[str, Sequence[Row]]]

    def lacks(self, table: str, code: str) -> bool:
        """Whether a table prints the parent of a code, not the code, and not its name under a code of its own."""
        here = self.rows.get(table, {})
        witness = next(self.witnesses(table, code), None)
        if code in here or witness is None:
            return False
        parent = witness["parent_code"]
        if not here or (parent is not None and parent not in here):
            return False
        there = self.rows[witness["table"]]
        alone = {item["name"] for one, items in here.items() if one not in there for item in items[:1]}
        return witness["name"] not in alone

    def witnesses(self, table: str, code: str) -> Iterator[Row]:
        """What the other tables print for the whole of a code."""
        for other, rows in self.rows.items():
            for item in rows.get(code, ()):
                if other != table and item["measure"] in _WHOLE and item["amount"]:
                    yield item


def missing_rows(found: Failures, line_items: pl.DataFrame) -> tuple[MissingRow, ...]:
    """The rows that tables leave out, in the order of the checks that fail for want of them.

    Args:
        found: The failing checks.
        line_items: The figures of the tables that were read whole, of documents without a failing check too.
    """
    printed = _printed(found.items)
    gaps: dict[Gap, None] = {}
    for failure in found.by_id.values():
        document = failure.check["document_id"]
        here = printed.get(document, _Printed({}))
        for table, code in (*_blank_by_code(found, failure), *_below(found, failure, here)):
            if here.lacks(table, code):
                gaps[document, table, code] = None
    bare = _printed(line_items.join(_with_bare_sections(line_items), on="document_id", how="semi"))
    for document, here in bare.items():
        gaps |= {(document, table, code): None for table, code in _childless(here)}
    # A table that lacks many rows is another table, or was read as one.
    many = Counter(gap[:2] for gap in gaps)
    known = {**bare, **printed}
    made = (_missing(found, gap, known[gap[0]]) for gap in gaps if many[gap[:2]] <= _MOST)
    return tuple(one for one in made if one is not None)


def _with_bare_sections(line_items: pl.DataFrame) -> pl.DataFrame:
    """The documents with a section that has rows below it in one table and none in another."""
    coded = line_items.filter(pl.col("code").is_not_null(), pl.col("unit_code").is_null())
    rows = coded.select("document_id", "table", "code", "parent_code", "code_level").unique()
    items = rows.filter(code_level=_ITEM).select("document_id", "table", code="parent_code")
    sections = rows.filter(code_level=_ITEM - 1).join(items.select("document_id", "code"), on=["document_id", "code"])
    return sections.join(items, on=["document_id", "table", "code"], how="anti").select("document_id").unique()


def _printed(line_items: pl.DataFrame) -> Mapping[str, _Printed]:
    rows: dict[str, dict[str, dict[str, list[Row]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for item in line_items.iter_rows(named=True):
        if item["code"] is not None and item["unit_code"] is None:
            rows[item["document_id"]][item["table"]][item["code"]].append(item)
    return (
        {document: _Printed(tables) for document, tables in rows.items()} if rows else defaultdict(lambda: _Printed({}))
    )


def without_rows(found: Failures, missing: Sequence[MissingRow]) -> Failures:
    """The failing checks but for those that fail for want of a row."""
    explained = frozenset().union(*(one.checks for one in missing))
    if not explained:
        return found
    return replace(found, by_id={name: one for name, one in found.by_id.items() if name not in explained})


def _hard(found: Failures, failure: Failure) -> bool:
    return found.identities.of(failure.check["identity"]).strength is Strength.HARD


def _blank_by_code(found: Failures, failure: Failure) -> Iterator[tuple[str, str]]:
    """The tables that a law by code speaks of where one side is blank, with the code."""
    code = failure.check["code"]
    if code is None or not _hard(found, failure) or bool(failure.left) == bool(failure.right):
        return
    for case in found.identities.of(failure.check["identity"]).cases:
        if case.match is Match.CODE and case.left.table == failure.check["table"]:
            blank = case.right if failure.left else (case.left,)
            yield from ((operand.table, code) for operand in blank)


def _below(found: Failures, failure: Failure, printed: _Printed) -> Iterator[tuple[str, str]]:
    """The codes below a row whose sum lacks something, which other tables print."""
    check = failure.check
    if _lacks_something(found, failure):
        codes = {code: items[0] for rows in printed.rows.values() for code, items in rows.items()}
        yield from ((check["table"], code) for code, item in codes.items() if item["parent_code"] == check["code"])


def _childless(printed: _Printed) -> Iterator[tuple[str, str]]:
    """The only row below a section that a table prints without it, though it prints the rows of its other sections.

    Other tables print that row with the amount that the section has here.
    """
    below = {table: _by_parent(rows) for table, rows in printed.rows.items()}
    for table, rows in printed.rows.items():
        sections = [code for code in rows if len(code) == _SECTION_DIGITS]
        bare = [code for code in sections if code not in below[table]]
        if not bare or len(bare) > _MOST or len(sections) - len(bare) < _LEAST_SECTIONS:
            continue
        for parent in bare:
            codes = {code for children in below.values() for code in children.get(parent, ())}
            amounts = {item["amount"] for item in rows[parent] if item["measure"] in _WHOLE}
            if len(codes) != 1:
                continue
            code = codes.pop()
            witnesses = [item for item in printed.witnesses(table, code) if item["amount"] in amounts]
            if len({item["table"] for item in witnesses}) >= _LEAST_WITNESSES and printed.lacks(table, code):
                yield table, code


def _by_parent(rows: Mapping[str, Sequence[Row]]) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for code, items in rows.items():
        if items[0]["parent_code"] is not None:
            found[items[0]["parent_code"]].add(code)
    return found


def _lacks_something(found: Failures, failure: Failure) -> bool:
    """Whether it is the sum of the rows below a code, or of the classes, that fails, and they come to too little."""
    check = failure.check
    if not _hard(found, failure) or len(failure.left) != 1 or check["difference"] <= 0:
        return False
    if not failure.right:
        return found.identities.of(check["identity"]).cases[0].match is Match.PARENT
    rows = [found.item(position) for position in failure.right]
    place = (check["table"], check["code"])
    return all(row["code"] is not None and (row["table"], row["parent_code"]) == place for row in rows)


def _missing(found: Failures, gap: Gap, printed: _Printed) -> MissingRow | None:
    document_id, table, code = gap
    witnesses = [*printed.witnesses(table, code)]
    twin = witnesses[0]
    above = [
        one
        for one in found.by_id.values()
        if (one.check["document_id"], one.check["table"], one.check["code"])
        == (document_id, table, twin["parent_code"])
        and _lacks_something(found, one)
    ]
    proof = next((item for item in witnesses if any(_is_lacking(found, one, item) for one in above)), None)
    by_code = [one for one in found.by_id.values() if _for_want(found, one, gap)]
    # A row of which no relation fails is known as missing by its parent alone.
    told = any(_hard(found, one) for one in by_code) or not by_code
    alone = proof is None and not above and twin["parent_code"] is not None and told
    if proof is None and not (alone and len({item["table"] for item in witnesses}) >= _LEAST_WITNESSES):
        return None
    lost = {one.check["measure"]: one.check["difference"] for one in above}
    everything = [*above, *by_code]
    parent = printed.rows[table].get(twin["parent_code"] or "", ())
    made = _finding(found, gap, proof or twin, next(iter(parent), None), lost, everything)
    return MissingRow(made, frozenset(one.check["check_id"] for one in everything))


def _is_lacking(found: Failures, failure: Failure, item: Row) -> bool:
    """Whether a sum lacks what another table prints, as far as rounding lets one tell."""
    if failure.check["measure"] not in _WHOLE:
        return False
    rows = [found.item(position) for position in (*failure.left, *failure.right)]
    half = sum((half_digit(row) for row in (*rows, item)), Decimal(0))
    return bool(abs(failure.check["difference"] - item["amount"]) <= half)


def _for_want(found: Failures, failure: Failure, gap: Gap) -> bool:
    """Whether a check fails at the code itself and speaks of the table that leaves it out."""
    document_id, table, code = gap
    if (failure.check["document_id"], failure.check["code"]) != (document_id, code):
        return False
    return table in _spoken_of(found.identities.of(failure.check["identity"]))


def _spoken_of(identity: Identity) -> frozenset[str]:
    return frozenset(one.table for case in identity.cases for one in (case.left, *case.right))


def _finding(
    found: Failures,
    gap: Gap,
    twin: Row,
    above: Row | None,
    lost: Mapping[str, Decimal],
    failing: Sequence[Failure],
) -> Finding:
    document_id, table, code = gap
    titles = official_tables()
    row_zh, other = f"“{code} {twin['name']}”", titles[twin["table"]]
    amounts = "、".join(
        f"{found.identities.measures.get(measure, measure)} {value:,} 元" for measure, value in lost.items()
    )
    proof_zh = f"，上级之和正好少{amounts}" if amounts else ""
    return Finding(
        document_id=document_id,
        source_file=twin["source_file"],
        rule=RULE,
        check_id=failing[0].check["check_id"] if failing else None,
        severity=Severity.ERROR,
        cause=RULE,
        message_zh=f"{titles[table]}缺{row_zh}一行，或该行没有金额：{other}印有此行（{twin['printed']}）{proof_zh}。",
        message_en=f"{table} lacks the row {code} or its figures, which {twin['table']} prints ({twin['printed']}).",
        table=table,
        code=code,
        name=twin["name"],
        place=place_near(twin if above is None else above),
        evidence=tuple(found.sentence(one) for one in failing[:20]),
        figures=tuple(
            FigureChange(table, code, twin["name"], measure, None, f"{value:,}") for measure, value in lost.items()
        ),
        amount_at_stake=largest_difference(failing) if failing else twin["amount"],
    )
