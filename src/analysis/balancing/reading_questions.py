"""Findings that rest on figures of pictures: first questions of reading, not errors of whoever published them.

A figure that was recognised and not proven may be misread; so may a code, a name or a sentence on a recognised page.
What such figures contradict is worth a look at the original, no more. Each doubtful figure is a finding of its own,
with what it may say, so that its picture is shown and a person can settle it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import polars as pl

from analysis.balancing.evidence import Failures
from analysis.terms.finding import Alternative, Finding, Severity
from analysis.terms.line_item import Place
from analysis.terms.recognition import Certainty

DOUBTFUL_READING = "doubtful_reading"
_UNPROVEN = (Certainty.READ.value, Certainty.DOUBTFUL.value)
_TEXTS = ("narrative", "text")
_ZH = "所依据的数字或文字由图片识别而来，尚未证实，请先对照原件："
_EN = "This rests on what was recognised in a picture and is not proven; look at the original first. "


def as_questions(
    findings: Iterable[Finding], failed: Failures, line_items: pl.DataFrame, documents: pl.DataFrame
) -> Iterator[Finding]:
    """The findings, errors that rest on unproven readings made warnings that propose nothing.

    Args:
        findings: What was found.
        failed: The failing checks with their figures.
        line_items: All figures.
        documents: Their documents.
    """
    pictured = recognised_pages(documents)
    if not pictured:
        yield from findings
        return
    unproven = _unproven_figures(line_items)
    for finding in findings:
        if finding.severity is Severity.ERROR and _is_question(finding, failed, pictured, unproven):
            yield replace(
                finding,
                severity=Severity.WARNING,
                message_zh=_ZH + finding.message_zh,
                message_en=_EN + finding.message_en,
                expected=None,
                figures=(),
                alternatives=(),
            )
        else:
            yield finding


def recognised_pages(documents: pl.DataFrame) -> Mapping[str, frozenset[int]]:
    """The pages of each document that were recognised from pictures; 0 stands for pictures in a file without pages."""
    if "recognised_pages" not in documents.columns:
        return {}
    told = documents.filter(pl.col("recognised_pages").is_not_null()).select("document_id", "recognised_pages")
    return {document: frozenset(map(int, pages.split(","))) for document, pages in told.iter_rows()}


def _unproven_figures(line_items: pl.DataFrame) -> frozenset[tuple[str, Place]]:
    rows = line_items.filter(pl.col("certainty").is_in(_UNPROVEN))
    return frozenset((row["document_id"], Place.from_row(row)) for row in rows.iter_rows(named=True))


def _is_question(
    finding: Finding,
    failed: Failures,
    pictured: Mapping[str, frozenset[int]],
    unproven: frozenset[tuple[str, Place]],
) -> bool:
    pages = pictured.get(finding.document_id)
    if pages is None:
        return False
    check = failed.by_id.get(finding.check_id or "")
    if check is not None:
        figures = [failed.item(position)["certainty"] in _UNPROVEN for position in check.figures]
        return any(figures) or (finding.document_id, finding.place) in unproven
    on_picture = (finding.place.page or 0) in pages or (finding.place.cell or "").startswith("图")
    # A sentence elsewhere may be held against figures of a picture: only where there are such figures.
    return on_picture or (finding.table in _TEXTS and any(document == finding.document_id for document, _ in unproven))


def doubtful_readings(line_items: pl.DataFrame) -> Iterator[Finding]:
    """A finding for each doubtful figure, with what it may say."""
    if "certainty" not in line_items.columns:
        return
    for row in line_items.filter(pl.col("certainty") == Certainty.DOUBTFUL.value).iter_rows(named=True):
        where = " ".join(word for word in (row["code"], row["name"]) if word)
        offers = (row["readings"] or row["printed"]).splitlines()
        yield Finding(
            document_id=row["document_id"],
            source_file=row["source_file"],
            rule=DOUBTFUL_READING,
            severity=Severity.WARNING,
            message_zh=f"“{where}”的数字由图片识别为“{row['printed']}”，存疑；可能是：{'、'.join(offers)}。请对照原件。",
            message_en=f"The figure of {where} was recognised as {row['printed']} and is in doubt; it may be: "
            f"{', '.join(offers)}.",
            place=Place.from_row(row),
            table=row["table"],
            code=row["code"],
            name=row["name"],
            measure=row["measure"],
            printed=row["printed"],
            alternatives=tuple(Alternative(offer) for offer in offers[1:]),
        )
