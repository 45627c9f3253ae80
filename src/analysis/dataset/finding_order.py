"""The order in which findings are listed wherever they are: the gravest first, and of those the weightiest by rank."""

import polars as pl

from analysis.terms.finding import Severity

_SEVERITIES = pl.Enum([severity.value for severity in Severity])


def in_order(findings: pl.LazyFrame) -> pl.LazyFrame:
    """The findings of any documents by severity, rank and file."""
    severity = pl.col("severity").cast(_SEVERITIES)
    return findings.sort(severity, "rank", "source_file", "document_id", maintain_order=True)
