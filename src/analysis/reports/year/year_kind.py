"""The report by year among the kinds of reports."""

from pathlib import Path

from analysis.reports.report_kind import Card, ReportKind, SiteLinks
from analysis.reports.report_spec import ReportSpec


def _specs(clean_dir: Path) -> tuple[ReportSpec, ...]:
    from analysis.dataset.store import read_table
    from analysis.reports.year.year_scope import year_specs

    return year_specs(read_table(clean_dir, "documents"))


YEAR = ReportKind(
    "year",
    Card("year", "年度报告", "Year report", "年", "Y", "一年中的全部单位 / all organisations in a year"),
    specs=_specs,
    links=SiteLinks("按年度"),
)
