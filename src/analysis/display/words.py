"""What the dataset's words are called in reports, charts and tables."""

from collections.abc import Mapping
from typing import Any

from analysis.knowledge.names import measure_names, table_names
from analysis.terms.document import Status
from analysis.terms.finding import Severity
from analysis.terms.line_item import Kind, Level, Phase

PHASE_NAMES = {Phase.APPROVED: "预算", Phase.ADJUSTED: "调整预算", Phase.EXECUTED: "决算"}
KIND_NAMES = {Kind.BUDGET.value: "预算", Kind.FINAL.value: "决算", Kind.EXECUTION.value: "预算执行"}
LEVEL_NAMES = {Level.UNIT: "单位", Level.DEPARTMENT: "部门", Level.GOVERNMENT: "政府"}
STATUS_NAMES = {
    Status.PARSED.value: "读取完整",
    Status.PARTIAL.value: "部分读出",
    Status.FAILED.value: "未能读取",
    Status.DUPLICATE.value: "重复文件",
}
SEVERITY_NAMES = {Severity.ERROR.value: "错误", Severity.WARNING.value: "警告", Severity.INFO.value: "提示"}


def place_in_table(row: Mapping[str, Any]) -> str:
    """The place of a finding in words: table, row, column."""
    table, measure = row["table"], row["measure"]
    words = (table_names().get(table, table), row["code"], row["name"], measure_names().get(measure, measure))
    return " ".join(str(word) for word in words if word)


def place_in_file(row: Mapping[str, Any]) -> str:
    """Where to look in the file: cell, page or line."""
    if row["cell"]:
        return str(row["cell"])
    if row["page"] is not None:
        return f"第 {row['page']} 页"
    return f"第 {row['line']} 行" if row["line"] is not None else ""
