"""What the audit found in the documents of a report, each with its picture of the published page and a way to its page.

A finding is told in one sentence; the picture is the audit's own, taken from the site's folder where it is there, made
part of the notebook so that the report can be sent alone. Everything that comes from a document is text.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from analysis.display.tables import Heading, Paragraph, Table, TextRepr
from analysis.display.templating import HtmlRepr, Markup, render
from analysis.display.words import SEVERITY_NAMES, place_in_file

AUDIT = "../../audit/"
_STATE = {"open": "", "accepted": "，已由人确认"}
_SHOWN = ("error", "warning")
_MOST, _MOST_PICTURES = 20, 8
_SAFE = re.compile(r"[0-9A-Za-z_-]+")


@dataclass(frozen=True, slots=True, repr=False)
class Problems(TextRepr, HtmlRepr):
    """Findings as a list of articles, the gravest first; `total` is how many there are in all."""

    rows: tuple[Mapping[str, Any], ...]
    total: int
    pictures: Path | None

    def __str__(self) -> str:
        lines = (f"{_severity(row)} {_where(row)} {row['message_zh']}" for row in self.rows)
        return "\n".join([f"共 {self.total} 个错误和警告", *lines])

    def __html__(self) -> Markup:
        articles = [_article(row, self.pictures if at < _MOST_PICTURES else None) for at, row in enumerate(self.rows)]
        return render("reports/problems.html.j2", articles=articles, total=self.total, audit=AUDIT)


@dataclass(frozen=True, slots=True)
class ProblemArticle:
    """A finding as the template takes it; what is empty is left out.

    Attributes:
        severity, severity_name, where, message: What is wrong and where, for who reads.
        printed, expected: What is printed and what it should be, where the message does not say so.
        framed: What the picture frames.
        png: The picture in base64.
        anchor: The finding's place among the audit pages.
    """

    severity: str
    severity_name: str
    where: str
    message: str
    printed: str
    expected: str
    framed: str
    png: str
    anchor: str


def _article(row: Mapping[str, Any], pictures: Path | None) -> ProblemArticle:
    expected = row["expected"] or ""
    return ProblemArticle(
        row["severity"],
        _severity(row),
        _where(row),
        row["message_zh"],
        row["printed"] or "",
        "" if expected in row["message_zh"] else expected,
        row["printed"] or row["name"] or "此处",
        _png(row["finding_id"], pictures),
        _anchor(row),
    )


def _png(finding_id: str, pictures: Path | None) -> str:
    if pictures is None or not _SAFE.fullmatch(finding_id):
        return ""
    path = pictures / f"{finding_id}-0.png"
    return base64.b64encode(path.read_bytes()).decode() if path.is_file() else ""


def _severity(row: Mapping[str, Any]) -> str:
    return str(SEVERITY_NAMES.get(row["severity"], row["severity"]))


def _where(row: Mapping[str, Any]) -> str:
    return f"{row['source_file']} {place_in_file(row)}{_STATE.get(row['status'], '')}"


def of_documents(findings: pl.DataFrame | None, pictures: Path | None) -> Problems | Paragraph:
    """The errors and warnings in a report's documents; a sentence where there is nothing to list.

    Args:
        findings: The findings of the documents; None where nothing was checked.
        pictures: The folder of the audit's pictures; None for none.
    """
    if findings is None:
        return Paragraph(("这些数据尚未核对：请先运行 workbench validate。",))
    grave = findings.filter(pl.col("severity").is_in(_SHOWN))
    if grave.is_empty():
        return Paragraph(("核对没有发现这些文件有错误或可疑之处；没有核对到的地方见勾稽核对报告。",))
    graver = pl.col("severity").replace_strict({name: rank for rank, name in enumerate(_SHOWN)}, return_dtype=pl.Int8)
    order = grave.sort(
        pl.col("status") == "accepted", graver, "rank", "source_file", "page", "finding_id", nulls_last=True
    )
    return Problems(tuple(order.head(_MOST).to_dicts()), grave.height, pictures)


def counts_by(findings: pl.DataFrame | None, documents: pl.DataFrame) -> Table | Paragraph:
    """How many findings each organisation's documents have that are still open, the most errors first.

    Args:
        findings: The findings of the documents; None where nothing was checked.
        documents: `document_id`, `organisation`, `level`.
    """
    if findings is None:
        return Paragraph(("这些数据尚未核对：请先运行 workbench validate。",))
    still_open = findings.filter(status="open").join(
        documents.select("document_id", "organisation"), on="document_id", how="inner"
    )
    if still_open.is_empty():
        return Paragraph(("没有未处理的问题。",))
    counted = (
        still_open.group_by("organisation")
        .agg(
            *((pl.col("severity") == name).sum().alias(name) for name in SEVERITY_NAMES),
            pl.col("message_zh").sort_by(pl.col("severity") != "error").first(),
        )
        .sort("error", "warning", "info", "organisation", descending=[True, True, True, False])
    )
    shown = counted.head(_MOST * 5)
    body = tuple(
        (row["organisation"], row["message_zh"], *(str(row[name]) for name in SEVERITY_NAMES))
        for row in shown.iter_rows(named=True)
    )
    rest = f"（前 {shown.height} 个，共 {counted.height} 个）" if counted.height > shown.height else ""
    heads = (
        Heading("单位", False),
        Heading("例如", False),
        *(Heading(name) for name in SEVERITY_NAMES.values()),
    )
    return Table(f"各单位文件中未处理的问题{rest}", heads, body)


def _anchor(row: Mapping[str, Any]) -> str:
    if not (_SAFE.fullmatch(row["document_id"]) and _SAFE.fullmatch(row["finding_id"])):
        return ""
    return f"{row['document_id']}.html#f-{row['finding_id']}"
