"""Gold cells as keys that a reading can be compared with."""

import csv
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

from analysis.terms.line_item import LineItem

Key = tuple[str, str, str, str, str, str, Decimal]

_BUDGET = [
    "revenue_expenditure_summary",
    "revenue",
    "expenditure",
    "appropriation_summary",
    "general_public_budget",
    "government_fund",
    "state_capital",
    "basic_by_economic",
    "three_public",
]
_FINAL = [*_BUDGET[:5], "basic_by_economic", "three_public", "government_fund", "state_capital"]
MEASURES = {
    "合计": "total",
    "预算数": "total",
    "决算数": "total",
    "本年收入合计": "total",
    "本年支出合计": "total",
    "基本支出": "basic",
    "项目支出": "project",
    "人员经费": "personnel",
    "公用经费": "operating",
    "财政拨款收入": "fiscal_appropriation",
    "事业收入": "service_income",
    "事业单位经营收入": "business_income",
    "其他收入": "other_income",
    "一般公共预算": "general_public_budget",
    "一般公共预算财政拨款": "general_public_budget",
    "因公出国(境)费": "overseas_visits",
    "公务接待费": "receptions",
    "购置及运行费小计": "vehicles",
    "购置费": "vehicle_purchase",
    "运行费": "vehicle_operation",
    "机关运行经费": "agency_operating",
}


def gold_cells(path: Path) -> tuple[Counter[Key], dict[Key, set[int]]]:
    """The printed cells of one document with their count, and the pages (lines of text) where each stands."""
    keys: Counter[Key] = Counter()
    places: dict[Key, set[int]] = {}
    with path.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            final = row["table"].startswith("f")
            table = (_FINAL if final else _BUDGET)[int(row["table"][1:]) - 1]
            phase, _, column = row["column"].rpartition(":")
            approved = phase == "预算数" or (not phase and not final)
            factor = 10_000 if final or table == "three_public" else 1
            named = table != "three_public"
            key = (
                table,
                row["side"],
                "approved" if approved else "executed",
                row["code"] if named else "",
                row["name"] if named else "",
                MEASURES[column],
                (Decimal(row["amount"]) * factor).quantize(Decimal("0.01")),
            )
            keys[key] += 1
            places.setdefault(key, set()).add(int(row["page"]))
    return keys, places


def key_of(item: LineItem) -> Key:
    row, column = item.row, item.column
    return (
        row.table,
        str(column.side),
        str(column.phase),
        row.printed_code or "",
        row.name or "",
        column.measure,
        item.figure.amount,
    )


def read_cells(items: Iterable[LineItem]) -> Counter[Key]:
    return Counter(key_of(item) for item in items)
