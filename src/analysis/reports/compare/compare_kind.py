"""The report by compare among the kinds of reports."""

from analysis.reports.report_kind import Card, ReportKind

COMPARE = ReportKind(
    "compare",
    Card("compare", "单位比较", "Compare", "比", "C", "几家单位并排 / organisations side by side"),
)
