"""The report by compare among the kinds of reports."""

from pathlib import Path

from analysis.reports.report_kind import Card, ReportKind, SiteLinks
from analysis.reports.report_spec import ReportSpec


def _asked(clean_dir: Path, named: str) -> ReportSpec:
    from analysis.dataset.store import read_table
    from analysis.reports.compare.compare_scope import compare_spec

    return compare_spec(read_table(clean_dir, "documents"), named)


COMPARE = ReportKind(
    "compare",
    Card("compare", "单位比较", "Compare", "比", "C", "几个单位并列 / organisations side by side"),
    asked=_asked,
    links=SiteLinks("单位比较"),
)
