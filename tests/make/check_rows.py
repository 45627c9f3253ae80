"""Rows of the table of checks, and the committed expectations."""

from pathlib import Path

import polars as pl

from analysis.balancing.gx.enforcement import EnforcementResult, run_suite
from analysis.balancing.gx.tally import LIMIT, tally_checks
from analysis.balancing.identities.checks import CHECKS
from make.books import IDENTITIES

COMMITTED = Path(__file__).resolve().parents[2] / "expectations"


def outcome(identity: str, left: str | None, right: str | None, verdict: str, number: int = 0) -> dict[str, object]:
    reason = "没有这张表 / no such table" if verdict == "not_applicable" else None
    return {
        "check_id": f"{identity}|{number}",
        "identity": identity,
        "document_id": "d",
        "source_file": "某单位.pdf",
        "table": "expenditure",
        "code": "206",
        "name": "科学技术支出",
        "measure": "total",
        "left": left,
        "right": right,
        "difference": None,
        "tolerance": None if left is None else "1.50",
        "outcome": verdict,
        "reason": reason,
    }


def made_checks(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=dict.fromkeys(CHECKS, pl.String)).cast(dict(CHECKS))


GOOD = outcome("row_basic_project", "100.00", "101.00", "pass")


BAD = outcome("row_basic_project", "100.00", "102.00", "fail", 1)


UNSEEN = outcome("row_vehicles", None, None, "not_applicable")


def enforce(checks: pl.DataFrame, root: Path, docs: Path, limit: int = LIMIT) -> EnforcementResult:
    """The committed suite on checks that are all at hand."""
    return run_suite(tally_checks(checks, limit), root, docs, IDENTITIES)
