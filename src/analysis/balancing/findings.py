"""Failing checks and the words of the other rules → findings: one per cause, in a fixed order, with ids that stay.

Nine identities that one wrong figure breaks are one finding. Where the tracing names the figure, the finding stands at
that figure (see `analysis.balancing.localising.localised_findings`); what was not traced is put together where checks
share a figure.
A failing check that is no law (soft, bound) is a warning of its own only where no traced figure takes part in it.

An id is made of document, rule and place, never of a message or an order: it survives another run, another folder,
other files, better words. Where two findings have all of that in common, they are counted from the top of the page.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from functools import cache
from typing import Any

import polars as pl

from analysis.balancing.acceptances import Acceptance, accept
from analysis.balancing.evidence import CHECK_COLUMNS, Failure, Failures, largest_difference, place_of_blank
from analysis.balancing.localising.localised_findings import traced_findings
from analysis.balancing.stake import rank, stake_of_words
from analysis.knowledge.fields import Field, data_dictionary
from analysis.terms.components import components
from analysis.terms.finding import Alternative, FigureChange, Finding, Severity
from analysis.terms.identity import Strength
from analysis.terms.line_item import Place
from analysis.terms.trace import Localisation, Slip

_MADE_HERE = ("finding_id", "rank", "status", "accepted_reason")
_SEVERITIES = [severity.value for severity in Severity]
_TYPES: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "string": pl.String,
    "int32": pl.Int32,
    "float64": pl.Float64,
    "money": pl.Decimal(18, 2),
}
_IDENTITY = ("document_id", "rule", "table", "code", "name", "measure")
_ROW = ("document_id", "table", "code")
_CAUSE = ("document_id", "table", "code", "page", "line", "cell", "printed", "expected")
_ORDER = ("source_file", "document_id", "page", "line", "top", "x0", "cell", "rule", "table", "code", "name", "measure")
_AS_COLUMNS = ("severity", "place", "evidence", "figures", "alternatives")
_TEXTS = tuple(one.name for one in fields(Finding) if one.name not in _AS_COLUMNS)


@cache
def finding_schema() -> pl.Schema:
    """The columns that a finding gives, as the data dictionary declares them."""
    columns = data_dictionary()["findings"].fields
    return pl.Schema({one.name: _type(one) for one in columns if one.name not in _MADE_HERE})


def _type(field: Field) -> pl.DataType | type[pl.DataType]:
    if field.type == "list":
        return pl.List(pl.Struct({one.name: _type(one) for one in field.fields}))
    return _TYPES[field.type]


def findings_frame(findings: Iterable[Finding]) -> pl.DataFrame:
    """Findings as rows with the columns of `finding_schema`; what a finding leaves open is null."""
    return pl.DataFrame([_row(one) for one in findings], schema=finding_schema(), orient="row")


def _row(finding: Finding) -> dict[str, Any]:
    changes: list[tuple[int | None, FigureChange]] = [(None, figure) for figure in finding.figures]
    changes += [(at, figure) for at, one in enumerate(finding.alternatives, 1) for figure in one.figures]
    return {
        **{name: getattr(finding, name) for name in _TEXTS},
        **finding.place.columns(),
        "severity": finding.severity.value,
        "evidence": "\n".join(finding.evidence) or None,
        "alternatives": "\n".join(one.words for one in finding.alternatives) or None,
        "amount_at_stake": stake_of_words(finding.printed, finding.expected)
        if finding.amount_at_stake is None
        else finding.amount_at_stake,
        "figures": [{"alternative": at, **asdict(figure)} for at, figure in changes],
    }


def findings_of_checks(found: Failures, localisations: Sequence[Localisation]) -> tuple[Finding, ...]:
    """The findings that the failing checks amount to, one per cause.

    Args:
        found: the failing checks with their figures.
        localisations: what the tracing made of the failing hard checks; what it leaves out is grouped here.
    """
    traced, explained = traced_findings(found, localisations)
    left = [failure for name, failure in found.by_id.items() if name not in explained]
    return (*traced, *(_group(found, group) for group in _connected(left)))


def assemble(findings: Iterable[Finding], accepted: Sequence[Acceptance]) -> pl.DataFrame:
    """All findings as one table of the data dictionary: ids, status and order.

    Args:
        findings: what the rules found, in any order.
        accepted: what a person lets stand.
    """
    rows = _one_per_cause(findings_frame(dict.fromkeys(findings)))
    severity = pl.col("severity").cast(pl.Enum(_SEVERITIES))
    ranked = rows.with_columns(rank())
    ordered = ranked.sort(
        severity, "source_file", "document_id", "rank", *_ORDER, "printed", "message_zh", nulls_last=True
    )
    named = ordered.with_columns(finding_id=pl.Series(_ids(ordered), dtype=pl.String))
    return accept(named, accepted).select(data_dictionary()["findings"].names)


def _one_per_cause(rows: pl.DataFrame) -> pl.DataFrame:
    """The findings without those that another rule says as well: the same thing printed there, the same expected.

    The one that knows its place best is kept; what one rule finds twice at a place stays twice.
    """
    tells_both = pl.col("printed").is_not_null() & pl.col("expected").is_not_null()
    best = pl.col("rule").sort_by(pl.col("x0").is_null(), pl.col("rule")).first().over(_CAUSE)
    # A row whose code was traced is known to no code book and to no parent: consequences, not causes.
    traced = rows.filter(pl.col("cause") == Slip.CODE_DIGIT.value).select(
        "document_id", "table", "code", by=pl.lit(True)
    )
    known = rows.filter(~tells_both | (pl.col("rule") == best)).join(
        traced.unique(), on=_ROW, how="left", nulls_equal=True
    )
    itself = pl.col("cause").eq_missing(Slip.CODE_DIGIT.value)
    follows = pl.col("by").is_not_null() & pl.col("check_id").is_null() & ~itself
    return known.filter(~follows).drop("by")


def _ids(ordered: pl.DataFrame) -> list[str]:
    """The id of every row: of its document, rule and place, and of how many of the same came before it on the page."""
    place = [pl.col(name).cast(pl.String).fill_null("") for name in (*_IDENTITY, "page", "line", "cell")]
    keys = ordered.with_row_index("at").with_columns(key=pl.concat_str(place, separator="|"))
    counted = keys.sort("key", "top", "x0", "printed", "expected", "message_zh", nulls_last=True).with_columns(
        again=pl.int_range(pl.len()).over("key")
    )
    words = counted.sort("at").select("key", "again").iter_rows()
    return [hashlib.sha256(f"{key}|{again}".encode()).hexdigest()[:16] for key, again in words]


def _connected(left: Sequence[Failure]) -> Iterator[list[Failure]]:
    """Failing checks that share a figure, directly or through others, in the order in which they come."""
    first_with: dict[int, int] = {}
    sharing = [(first_with.setdefault(figure, at), at) for at, failure in enumerate(left) for figure in failure.figures]
    groups: dict[int, list[Failure]] = {}
    for first, failure in zip(components(len(left), sharing), left, strict=True):
        groups.setdefault(first, []).append(failure)
    yield from groups.values()


def _group(found: Failures, group: Sequence[Failure]) -> Finding:
    """One finding for checks that hang together and were not traced to a figure."""
    strengths = [found.identities.of(failure.check["identity"]).strength for failure in group]
    hard = Strength.HARD in strengths
    first = group[strengths.index(Strength.HARD)] if hard else group[0]
    check, identity = first.check, found.identities.of(first.check["identity"])
    figure = found.item(first.left[0]) if first.left else None
    several = f"等 {len(group)} 处" if len(group) > 1 else ""
    zh, en = _WORDS[identity.strength]
    gap = f"{check['left']:,} − {check['right']:,} = {check['difference']:,}"
    return Finding(
        **{name: check[name] for name in CHECK_COLUMNS},
        rule=identity.id,
        severity=Severity.ERROR if hard else Severity.WARNING,
        message_zh=f"{found.words(check)}{several}{zh}：{identity.zh}（{gap} 元）。",
        message_en=f"{en}: {identity.en} ({gap} yuan; {len(group)} checks fail).",
        place=Place.from_row(figure) if figure else place_of_blank(found, first),
        printed=figure["printed"] if figure and len(first.left) == 1 else None,
        evidence=tuple(found.sentence(failure) for failure in group),
        alternatives=tuple(_candidates(found, group)) if hard else (),
        amount_at_stake=largest_difference(group),
    )


def _candidates(found: Failures, group: Sequence[Failure]) -> Iterator[Alternative]:
    """Every figure of the checks: any one may be the wrong one."""
    for position in sorted({figure for failure in group for figure in failure.figures}):
        item = found.item(position)
        row = (item["table"], item["code"], item["name"], item["measure"])
        change = FigureChange(*row, printed=item["printed"], proposed=None)
        yield Alternative(found.change_words(change), (change,))


_WORDS = {
    Strength.HARD: (
        "勾稽不符，未能确定错在哪个数字",
        "The figures do not agree, and which one is wrong was not traced",
    ),
    Strength.SOFT: (
        "通常相等而此处不等，请核实，不一定是错误",
        "Usually equal, and not here: not promised, worth a look",
    ),
    Strength.BOUND: ("超出通常的界限，请核实，不一定是错误", "Beyond its usual bound: worth a look"),
}
