"""What is wrong with the codes and names of a document: each cause once, with its place and what should stand there.

Three things can speak against a printed code: its own digits, the other rows of its table, and the code book. The book
is not complete, so it makes an error only where its name was read somewhere (`Evidence.sure`); documents help it out,
for a name that two organisations print for a code in one year is confirmed. Where a code and its name do not belong
together, the other tables of the document tell which of the two is wrong; where they do not, both are offered.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from analysis.balancing.codes.name_counts import (
    NAME_COUNTS,
    count_names,
    possible,
    printed_names,
    printed_rows,
    read_documents,
)
from analysis.balancing.codes.serial_codes import SerialRun, serial_runs
from analysis.balancing.codes.swapped_codes import Swap
from analysis.balancing.codes.twins import MiscodedRow, miscoded_rows
from analysis.balancing.codes.verdicts import PrintedCode, code_verdict
from analysis.balancing.context import CheckingContext
from analysis.balancing.identities.incomplete_tables import of_complete_tables
from analysis.knowledge.code_books import CodeRules
from analysis.knowledge.names import official_tables
from analysis.terms.code import Scheme
from analysis.terms.code_book import CodeBook, is_variant, plain_name
from analysis.terms.finding import Alternative, FigureChange, Finding, Severity
from analysis.terms.label import CHAPTER
from analysis.terms.line_item import Place

Row = Mapping[str, Any]

_SUMMARIES = ("revenue_expenditure_summary", "appropriation_summary")
_CAUSES = {
    "code_lost_zero": "leading_zero_lost",
    "code_old_name": "old_name",
    "code_duplicate": "duplicate_code",
    "code_of_twin": "code_digit",
}
_SHAPES = {
    Scheme.FUNCTIONAL: "2xx, 2xxxx, 2xxxxxx",
    Scheme.ECONOMIC: "3xx, 3xxxx",
    Scheme.GOVERNMENT_ECONOMIC: "5xx, 5xxxx",
}
_BELOW = ("class_name", "section_name", "item_name")
_BY_TABLE = ("code_of_twin", "code_serial", "code_orphan")
_BOTH = ("printed", "expected")
_AT = ("document_id", "table", "side", "row_number", "code")


@dataclass(frozen=True, slots=True)
class KnownCodes:
    """Codes that are known to be wrong: rows that another table proves miscoded, runs of serial numbers.

    `numbered` are whole tables of serial numbers, of whose rows nothing else is said; `swapped` are rows that bear
    each other's code.
    """

    miscoded: Sequence[MiscodedRow]
    runs: Sequence[SerialRun]
    numbered: Sequence[SerialRun] = ()
    swapped: Sequence[Swap] = ()


@dataclass(frozen=True, slots=True)
class CodeIssue:
    """One thing that a rule says of a row, before its sentence is made; `severity` where it differs from the rule's.

    `subject` tells one cause from another where the same is printed in other words; `others` are the rows of one cause.
    """

    rule: str
    row: Row
    printed: str
    expected: str | None = None
    other: str = ""
    alternatives: tuple[str, ...] = ()
    severity: str | None = None
    subject: str = ""
    others: tuple[FigureChange, ...] = ()

    @property
    def change(self) -> FigureChange:
        """The row as one that this cause changes."""
        row = self.row
        return FigureChange(row["table"], row["code"], row["name"], None, self.printed, self.expected)


def code_findings(
    documents: pl.DataFrame,
    line_items: pl.DataFrame,
    narrative: pl.DataFrame,
    context: CheckingContext,
    name_counts: pl.DataFrame | None = None,
    incomplete: pl.DataFrame | None = None,
    known: KnownCodes | None = None,
) -> tuple[Finding, ...]:
    """What is wrong with the codes and names in the tables and in the numbered items of the text.

    Args:
        documents: the cleaned documents; only those that were read are looked at.
        line_items: the cleaned line items.
        narrative: the numbered items of the text.
        context: the books.
        name_counts: how many print which names in the whole dataset (see `count_names`), where this is a part of it.
        incomplete: the tables that were not read whole, of whose rows nothing is said; None for none.
        known: the wrong codes that were found already.

    Returns:
        One finding per cause, in the order of the documents' files.
    """
    book, rules = context.code_book, context.code_rules
    read = read_documents(documents)
    printed = line_items if incomplete is None else of_complete_tables(line_items, incomplete)
    rows = printed_rows(printed, read)
    coded = rows.filter(pl.col("code").is_not_null())
    if known is None:
        known = KnownCodes(miscoded_rows(rows, book), tuple(serial_runs(coded.filter(possible()), book, rules.endings)))
    wrong, runs = (*known.miscoded, *(one for swap in known.swapped for one in swap)), known.runs
    rest = _without(coded, [one.row for one in wrong], [row for run in runs for row in run.rows])
    likely = rest.filter(possible())
    names = count_names(printed_names(documents, line_items)) if name_counts is None else name_counts
    found = [
        *map(_twin, known.miscoded),
        *(_swapped(*swap) for swap in known.swapped),
        *(_serial(run.rows, run.right) for run in (*runs, *known.numbered)),
        *_spelling(rest),
        *_names(likely, names, book, rules),
        *_old_labels(rows.filter(pl.col("code").is_null()), book),
        *_structure(coded.filter(possible()), wrong),
        *_text(narrative.join(read, on="document_id", suffix="_read"), likely, book),
    ]
    findings = (_finding(one, rules) for one in _once(found))
    return tuple(sorted(findings, key=lambda finding: finding.source_file))


def _without(rows: pl.DataFrame, *explained: Sequence[Row]) -> pl.DataFrame:
    """The rows but for those of which everything is said already."""
    keys = [tuple(row[name] for name in _AT) for rows_of in explained for row in rows_of]
    known = pl.DataFrame(keys, schema={name: rows.schema[name] for name in _AT}, orient="row")
    return rows.join(known, on=_AT, how="anti")


def _twin(one: MiscodedRow) -> CodeIssue:
    """A code that another table proves wrong."""
    printed = one.row["printed_code"] or one.row["code"]
    return CodeIssue("code_of_twin", one.row, printed, one.right, official_tables()[one.proof])


def _swapped(one: MiscodedRow, other: MiscodedRow) -> CodeIssue:
    """Two codes that changed places: one issue at the first row, with both rows."""
    changes = tuple(
        FigureChange(each.row["table"], each.row["code"], each.row["name"], None, each.row["code"], each.right)
        for each in (one, other)
    )
    return CodeIssue("code_swapped", one.row, one.row["code"], one.right, other.row["name"], others=changes)


def _serial(rows: Sequence[Row], right: Sequence[str | None]) -> CodeIssue:
    """A run of serial numbers: one issue at its first row, with every row and the code of its name."""
    changes = tuple(
        FigureChange(row["table"], row["code"], row["name"], None, row["code"], code)
        for row, code in zip(rows, right, strict=True)
    )
    printed = f"{rows[0]['code']}–{rows[-1]['code']}"
    return CodeIssue("code_serial", rows[0], printed, other=str(len(rows)), others=changes)


def _spelling(coded: pl.DataFrame) -> Iterator[CodeIssue]:
    """Codes whose own digits cannot be right: a zero lost, a length or class that the scheme lacks."""
    digits = pl.col("printed_code").str.replace_all(r"\D", "")
    # 类 printed once above: the section or item that stands alone has lost nothing
    carried = pl.col("code").str.ends_with(digits) & (pl.col("code").str.len_chars() - digits.str.len_chars()).is_in(
        (3, 5)
    )
    for row in coded.filter(possible(), digits != pl.col("code"), ~carried).iter_rows(named=True):
        yield CodeIssue("code_lost_zero", row, row["printed_code"], row["code"])
    for row in coded.filter(~possible()).iter_rows(named=True):
        shape = _SHAPES[Scheme(row["scheme"])] if row["scheme"] else "2xx, 3xx"
        yield CodeIssue("code_impossible", row, row["printed_code"] or row["code"], other=shape)


def _names(rows: pl.DataFrame, name_counts: pl.DataFrame, book: CodeBook, rules: CodeRules) -> Iterator[CodeIssue]:
    """Codes and names that do not belong together: against the book, the other documents, the other tables."""
    key = list(NAME_COUNTS)
    printed_here = rows.select(key).unique().sort(key)
    names_by_code: dict[tuple[str, str, int], dict[str, int]] = {}
    near = name_counts.join(printed_here.select(key[:3]).unique(), on=key[:3], how="semi", nulls_equal=True).sort(key)
    for scheme, code, year, name, organisations in near.iter_rows():
        names_by_code.setdefault((scheme, code, year), {})[name] = organisations
    doubted = [
        (scheme, code, year, name)
        for scheme, code, year, name in printed_here.iter_rows()
        if year is not None and not book.confirms(Scheme(scheme), code, year, name)
    ]
    if doubted:
        at = pl.DataFrame(doubted, schema=dict(rows.select(key).schema), orient="row")
        suspects = rows.join(at, on=key, maintain_order="left")
        pairs = _pairs_of(rows.join(suspects, on="document_id", how="semi"))
        for row in suspects.iter_rows(named=True):
            names = names_by_code[row["scheme"], row["code"], row["year"]]
            issue = _against_others(row, names, pairs[row["document_id"]], book, rules)
            if issue:
                yield issue
    yield from _two_names(rows, book, rules)


def _pairs_of(rows: pl.DataFrame) -> dict[str, set[tuple[str, str, str]]]:
    pairs: dict[str, set[tuple[str, str, str]]] = {}
    for document, *pair in rows.select("document_id", "table", "code", "plain").iter_rows():
        pairs.setdefault(document, set()).add((pair[0], pair[1], pair[2]))
    return pairs


def _against_others(
    row: Row, names: Mapping[str, int], pairs: set[tuple[str, str, str]], book: CodeBook, rules: CodeRules
) -> CodeIssue | None:
    printed = PrintedCode(
        Scheme(row["scheme"]),
        row["code"],
        row["plain"],
        row["year"],
        names,
        frozenset((code, name) for table, code, name in pairs if table != row["table"]),
        frozenset((code, name) for table, code, name in pairs if table == row["table"]),
    )
    verdict = code_verdict(printed, book, rules.endings)
    if verdict is None:
        return None
    at = f"{row['code']} {row['name']}"
    subject = str(row["plain"]) if verdict.rule == "code_old_name" else ""
    return CodeIssue(
        verdict.rule, row, at, verdict.expected, verdict.other, verdict.alternatives, verdict.severity, subject
    )


def _two_names(rows: pl.DataFrame, book: CodeBook, rules: CodeRules) -> Iterator[CodeIssue]:
    """Codes that one document calls differently where the book cannot tell which name is right."""
    key = ("document_id", "scheme", "code")
    several = rows.filter(pl.col("plain").n_unique().over(key) > 1)
    for group in several.partition_by(key, maintain_order=True):
        counts = group.group_by("plain", maintain_order=True).len().sort("len", maintain_order=True)["plain"].to_list()
        rare, usual = counts[0], counts[-1]
        alone = len(counts) == 2 and group.filter(pl.col("plain") == rare)["table"].n_unique() == 1
        agreed = alone and group.filter(pl.col("plain") == usual)["table"].n_unique() > 1
        row = group.filter(pl.col("plain") == rare).row(0, named=True)
        now = book.in_force(Scheme(row["scheme"]), row["code"], row["year"]) if row["year"] is not None else None
        if not (now and now.evidence.sure) and not is_variant(rare, usual, rules.endings):
            name = group.filter(pl.col("plain") == usual)["name"][0] if agreed else None
            expected = None if name is None else f"{row['code']} {name}"
            severity = None if name is None else Severity.ERROR.value
            yield CodeIssue("code_two_names", row, f"{row['code']} {row['name']}", expected, usual, (), severity)


def _old_labels(rows: pl.DataFrame, book: CodeBook) -> Iterator[CodeIssue]:
    """Class rows of the summaries, which bear no code, under a name that is no more in use."""
    classes = rows.filter(
        pl.col("table").is_in(_SUMMARIES), pl.col("side") == "expenditure", pl.col("year").is_not_null()
    )
    label = pl.col("plain").str.replace(f"^{CHAPTER}", "")
    for row in classes.with_columns(plain=label).iter_rows(named=True):
        if expired := book.expired(Scheme.FUNCTIONAL, "", row["plain"], row["year"]):
            old, now = expired
            yield CodeIssue(
                "code_old_name",
                {**row, "code": old.code},
                f"{old.code} {old.name}",
                f"{now.code} {now.name}",
                str(old.until),
                subject=plain_name(old.name),
            )


def _structure(rows: pl.DataFrame, miscoded: Sequence[MiscodedRow]) -> Iterator[CodeIssue]:
    """Codes that stand twice in a table, and codes whose parent does not stand in it though others' parents do.

    A form that lists the lowest level alone, perhaps unit by unit, leaves out no parent; nor does it print a code twice
    by mistake where each unit prints its own.
    """
    table = ("document_id", "table", "side")
    by_unit = rows.filter(pl.col("unit_code").is_null(), pl.col("unit_name").is_null())
    twice = by_unit.with_columns(rows=pl.len().over(*table, "scheme", "code")).filter(pl.col("rows") > 1)
    wrong = {tuple(one.row[name] for name in (*table, "code")) for one in miscoded}
    right = {(*(one.row[name] for name in table), one.right) for one in miscoded}
    for row in twice.unique([*table, "scheme", "code"], keep="last", maintain_order=True).iter_rows(named=True):
        yield CodeIssue("code_duplicate", row, f"{row['code']} {row['name']}", other=str(row["rows"]))
    parents = rows.select(*table, parent_code="code")
    lower = rows.filter(pl.col("parent_code").is_not_null())
    with_levels = rows.group_by(table).agg(levels=pl.col("code_level").n_unique()).filter(pl.col("levels") > 1)
    lower = lower.join(with_levels, on=table, how="semi", maintain_order="left")
    for row in lower.join(parents, on=[*table, "parent_code"], how="anti", maintain_order="left").iter_rows(named=True):
        at = tuple(row[name] for name in table)
        if (*at, row["code"]) in wrong or {(*at, row["parent_code"]), (*at, row["code"])} & right:
            continue
        severity = "info" if row["status"] == "partial" else None
        yield CodeIssue("code_orphan", row, f"{row['code']} {row['name']}", other=row["parent_code"], severity=severity)


def _text(items: pl.DataFrame, rows: pl.DataFrame, book: CodeBook) -> Iterator[CodeIssue]:
    """Names in the numbered items of the text that are no more in use, or stand one level too low."""
    functional = rows.filter(pl.col("scheme") == Scheme.FUNCTIONAL.value)
    printed = {document: frame for (document,), frame in functional.partition_by("document_id", as_dict=True).items()}
    for item in items.filter(pl.col("year").is_not_null()).iter_rows(named=True):
        row = {**item, "table": "narrative", "code": item["printed_code"], "name": item["item_name"]}
        parent: str | None = ""
        for level in _BELOW:
            name = str(item[level])
            if parent is not None and (expired := book.expired(Scheme.FUNCTIONAL, parent, name, item["year"])):
                old, now = expired
                at = {**row, "code": row["code"] or now.code}
                yield CodeIssue("code_old_name", at, name, now.name, str(old.until), subject=plain_name(old.name))
            parent = book.below(Scheme.FUNCTIONAL, parent, name) if parent is not None else None
        if (functional_rows := printed.get(item["document_id"])) is not None:
            yield from _shifted(row, item, functional_rows)


def _shifted(row: Row, item: Row, functional_rows: pl.DataFrame) -> Iterator[CodeIssue]:
    """An item whose section bears the name of its class, and whose item that of a section of the tables."""
    class_name, section, name = (plain_name(str(item[level])) for level in _BELOW)
    if section != class_name:
        return
    levels = {level: functional_rows.filter(pl.col("code_level") == level) for level in (1, 2, 3)}
    above = levels[1].filter(pl.col("plain") == class_name)["code"].unique()
    sections = levels[2].filter(pl.col("plain") == name, pl.col("parent_code").is_in(above.implode()))["code"].unique()
    if levels[2].filter(pl.col("plain") == section, pl.col("parent_code").is_in(above.implode())).height or not len(
        sections
    ):
        return
    gap = (pl.col("amount") - item["current"]).abs()
    fitting = levels[3].filter(pl.col("parent_code").is_in(sections.implode()), gap <= 50).unique(["code", "plain"])
    printed = f"{item['class_name']}（类）{item['section_name']}（款）{item['item_name']}（项）"
    if fitting.height == 1:
        right = fitting.row(0, named=True)
        expected = f"{item['class_name']}（类）{item['item_name']}（款）{right['name']}（项）"
        yield CodeIssue("code_wrong_level", {**row, "code": row["code"] or right["code"]}, printed, expected)
    else:
        yield CodeIssue("code_wrong_level", row, printed, severity="warning")


def _once(found: Sequence[CodeIssue]) -> Iterator[CodeIssue]:
    """Each cause at its first place, with the other rows where it stands too.

    A row of which something graver is known is not called a duplicate or an orphan as well. Lost zeros are one cause a
    table, an old name one a document, wherever it stands; else each item of the text is a place of its own.
    """
    graver = ("code_name", "code_of_name", "code_of_twin", "code_swapped", "code_impossible")
    explained = {(one.row["document_id"], one.row["code"]) for one in found if one.rule in graver}
    causes: dict[tuple[str, ...], list[CodeIssue]] = {}
    for one in found:
        document, code, table = (str(one.row[name]) for name in ("document_id", "code", "table"))
        if one.rule in ("code_duplicate", "code_orphan") and (document, code) in explained:
            continue
        if one.subject:
            cause: tuple[str, ...] = (document, one.rule, one.subject)
        elif one.rule == "code_lost_zero":
            cause = (document, one.rule, table)
        else:
            code = one.other if one.rule == "code_orphan" else code
            place = str(one.row["item"]) if table == "narrative" else table if one.rule in _BY_TABLE else ""
            printed = "" if one.rule == "code_orphan" else one.printed
            cause = (document, one.rule, code, printed, place)
        causes.setdefault(cause, []).append(one)
    for first, *more in causes.values():
        if not more:
            yield replace(first, other="1") if first.rule == "code_lost_zero" else first
        elif first.rule == "code_lost_zero":
            printed, expected = ("、".join(str(getattr(one, name)) for one in (first, *more)) for name in _BOTH)
            changes = tuple(one.change for one in (first, *more))
            yield replace(first, printed=printed, expected=expected, other=str(len(changes)), others=changes)
        else:
            yield replace(first, others=tuple(dict.fromkeys(one.change for one in (first, *more))))


def _also_in(issue: CodeIssue) -> Iterator[str]:
    """The other tables in which the same cause stands, in words."""
    titles = official_tables()
    for table in dict.fromkeys(one.table for one in issue.others if one.table != issue.row["table"]):
        yield f"{titles.get(table, '编制说明')}中也如此 / likewise in {table}"


def _finding(issue: CodeIssue, rules: CodeRules) -> Finding:
    rule, row, titles = rules.rules[issue.rule], issue.row, official_tables()
    words = {
        "code": row["code"],
        "name": row["name"],
        "printed": issue.printed,
        "expected": issue.expected,
        "year": row["year"],
        "other": issue.other,
    }
    narrative = row["table"] == "narrative"
    return Finding(
        document_id=row["document_id"],
        source_file=row["source_file"],
        rule=rule.id,
        severity=Severity(issue.severity or rule.severity),
        cause=_CAUSES.get(rule.id),
        message_zh=rule.zh.format(table="编制说明" if narrative else titles[row["table"]], **words),
        message_en=rule.en.format(table="the text" if narrative else row["table"], **words),
        table=row["table"],
        code=row["code"],
        name=row["name"],
        place=Place.from_row(row),
        printed=issue.printed,
        expected=issue.expected,
        evidence=(rule.source, *_also_in(issue)),
        figures=issue.others,
        amount_at_stake=row.get("amount"),
        alternatives=tuple(map(Alternative, issue.alternatives)),
    )
