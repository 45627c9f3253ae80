"""The report by function among the kinds of reports."""

from collections.abc import Sequence
from pathlib import Path

from analysis.reports.report_kind import Card, ReportKind, SiteLinks
from analysis.reports.report_spec import ReportSpec
from analysis.suggestions import code_suggestion


def _specs(clean_dir: Path) -> tuple[ReportSpec, ...]:
    from analysis.dataset.store import scan_table
    from analysis.reports.function.function_scope import function_specs, occurring_codes

    return function_specs(occurring_codes(scan_table(clean_dir, "line_items")))


def _suggest(asked: str, among: Sequence[ReportSpec]) -> str:
    return code_suggestion(asked, {spec.key: next(iter(spec.names), "") for spec in among})


FUNCTION = ReportKind(
    "function",
    Card("function", "功能科目报告", "Function report", "类", "F", "一个科目由谁支出 / who spends on a code"),
    specs=_specs,
    suggest=_suggest,
    links=SiteLinks("功能分类", heading="按功能分类：支出单位与变化"),
)
