"""What an auditor reads in a workbook: Chinese headings and values over the names that programs know.

The words are those of the data dictionary and of the shelf. A value that nobody has a word for stays as it is.
"""

import re
from collections.abc import Mapping
from functools import cache

from analysis.dataset.dictionary import value_names
from analysis.knowledge.fields import data_dictionary

_MEANS = re.compile(r"[，；。：（(]")
_PLACE = ("x0", "top", "x1", "bottom")
_NARROW, _WIDE, _WIDEST = 9, 18, 44
_WIDTHS = {
    "organisation": 30, "source_file": 34, "name": 30, "sentence": 60, "message_zh": 60, "message_en": 60,
    "message": 44, "note": 30, "title": 36, "amount": _WIDE, "evidence": _WIDEST, "column_path": 30, "reason": 30,
    "row_label": 30, "expected": _WIDE, "printed": _WIDE,
}  # fmt: skip
_VALUES: Mapping[str, Mapping[str, str]] = {
    "phase": {"approved": "预算", "adjusted": "调整预算", "executed": "决算"},
    "kind": {"budget": "预算", "final": "决算"},
    "level": {"unit": "单位", "department": "部门", "government": "政府"},
    "status": {
        "parsed": "读取完整", "partial": "部分读出", "failed": "未能读取", "duplicate": "重复文件", "open": "未处理",
        "accepted": "已确认",
    },
    "side": {"revenue": "收入", "expenditure": "支出"},
    "scheme": {"functional": "功能分类", "economic": "部门经济分类", "government_economic": "政府经济分类",
               "purpose": "支出用途", "organisation": "单位"},
    "row_role": {"total": "合计", "subtotal": "小计", "detail": "明细"},
    "severity": {"error": "错误", "warning": "警告", "info": "提示"},
    "outcome": {"pass": "相符", "fail": "不符", "not_applicable": "未能检查"},
    "placement": {"printed": "文件列示", "inferred": "由勾稽关系得出"},
}  # fmt: skip

_HEADS = {
    "severity": "程度", "expected": "应为", "printed": "原文", "message_zh": "说明", "message_en": "说明（英文）",
    "amount": "金额（元）", "outcome": "结果", "phase": "预算或决算",
}  # fmt: skip


@cache
def heading(table: str, column: str) -> str:
    """The Chinese heading of a column: what the dictionary says of it first, where an auditor has no shorter word."""
    if column in _HEADS:
        return _HEADS[column]
    known = data_dictionary().get(table)
    meaning = next((one.zh for one in known.fields if one.name == column), "") if known else ""
    return _MEANS.split(meaning)[0] or column


@cache
def names_of(column: str) -> Mapping[str, str]:
    """The Chinese words for the values of a column; none where it holds free text."""
    return value_names().get(column) or _VALUES.get(column, {})


def width(column: str, kind_is_money: bool) -> int:
    """How many characters wide a column is: enough for its amounts, and no more than a screen bears."""
    if column in _PLACE:
        return _NARROW
    return _WIDTHS.get(column, _WIDE if kind_is_money else 14)


def in_reading_order(columns: list[str]) -> list[str]:
    """The columns with the box of the page last: nobody reads it."""
    return [*(one for one in columns if one not in _PLACE), *(one for one in columns if one in _PLACE)]
