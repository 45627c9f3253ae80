"""What captions say of all views alike: where the figures come from, and what did not fit."""


def source_line(publishers: str, years: str, what: str = "") -> str:
    """The line under a chart: whose published files of which years, such as "3 家部门", "2023–2025", "预算"."""
    return f"来源：{publishers} {years} 年{what}公开文件"


def cut_words(shown: int, count: int, counter: str, selection: str) -> str:
    """What a caption adds where not all are shown; nothing where all are.

    Args:
        shown: How many are shown at most.
        count: How many there are.
        counter: What is counted: 家, 个, 份.
        selection: Which ones are shown, such as "只列前" or "只画最大的".
    """
    return f"；{selection} {shown} {counter}，共 {count} {counter}" if count > shown else ""
