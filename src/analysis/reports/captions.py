"""What captions say of all views alike: where the figures come from, and what did not fit."""

from decimal import Decimal

from analysis.display.amounts import percent, wan
from analysis.indicators.growth import growth

_LEAST = Decimal(50)  # yuan: less is 0.00 in 万元


def changed_words(now: Decimal, before: Decimal) -> str:
    """How an amount changed from the year before, as the offices say it: 比上年减少 10.00 万元（下降 20.87%）."""
    change, ratio = now - before, growth(now, before)
    if not change:
        return "与上年持平"
    word, way = ("增加", "增长") if change > 0 else ("减少", "下降")
    amount = f"{wan(abs(change))} 万元" if abs(change) >= _LEAST else "不足 0.01 万元"
    return f"比上年{word} {amount}（{'上年为零' if ratio is None else f'{way} {percent(abs(ratio))}'}）"


def source_line(publishers: str, years: str, what: str = "") -> str:
    """The line under a chart: whose published files of which years, such as "3 个部门", "2023–2025", "预算"."""
    return f"来源：{publishers} {years} 年{what}公开文件"


def cut_words(shown: int, count: int, counter: str, selection: str) -> str:
    """What a caption adds where not all are shown; nothing where all are.

    Args:
        shown: How many are shown at most.
        count: How many there are.
        counter: What is counted: 个, 份.
        selection: Which ones are shown, such as "只列前" or "只画最大的".
    """
    return f"；{selection} {shown} {counter}，共 {count} {counter}" if count > shown else ""
