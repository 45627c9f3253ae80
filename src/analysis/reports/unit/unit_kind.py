"""The report by unit among the kinds of reports."""

from pathlib import Path

from analysis.reports.report_kind import Card, ReportKind
from analysis.reports.report_spec import ReportSpec


def _specs(clean_dir: Path) -> tuple[ReportSpec, ...]:
    from analysis.dataset.store import read_table
    from analysis.reports.unit.unit_scope import unit_specs

    return unit_specs(read_table(clean_dir, "documents"))


UNIT = ReportKind(
    "unit",
    Card("unit", "单位报告", "Unit report", "单", "U", "一个单位的支出结构与变化 / what one organisation spends"),
    specs=_specs,
)
