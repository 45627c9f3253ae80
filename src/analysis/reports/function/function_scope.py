"""What a report by function is about: all that is spent under one code of the functional classification.

Every class has its report; a section or an item has one when it is named.
"""

from collections.abc import Mapping

import polars as pl

from analysis.errors import ParameterError
from analysis.reports.report_spec import ReportSpec
from analysis.reports.series.spending_series import SPENT_WORDS, TOTAL
from analysis.suggestions import code_suggestion
from analysis.terms.line_item import Side

CODE_LEVELS = {"class": 1, "section": 2, "item": 3}
CODE_LEVEL_NAMES = {"class": "类", "section": "款", "item": "项"}


def whole_code(value: object) -> str:
    """A functional code as text.

    Raises:
        ParameterError: It is no text: something on the way took it for a number, and its zeros may be lost.
    """
    if isinstance(value, str) and value:
        return value
    raise ParameterError(
        f'code 是文本，不是数：收到 {value!r}。在笔记本中请加引号，例如 code = "201"；'
        "在命令行请用 papermill 的 -r code 201，因为 -p 会把它变成数（0201 变成 201，前导零丢失）。"
    )


def code_scope(code: object, level: str, names: Mapping[str, str]) -> str:
    """The functional code that is asked for.

    Args:
        code: 3, 5 or 7 digits, as text.
        level: "class", "section" or "item", or "" where the code says it.
        names: The name of each code that occurs.

    Raises:
        ParameterError: The code does not occur or is of another level; the message has the nearest ones.
    """
    asked = whole_code(code)
    if level and level not in CODE_LEVELS:
        names_zh = "、".join(CODE_LEVEL_NAMES.values())
        raise ParameterError(f"没有科目级次 level={level!r}；可选：{'、'.join(CODE_LEVELS)}（{names_zh}）。")
    if asked not in names:
        raise ParameterError(f"支出表中没有编码“{asked}”。{code_suggestion(asked, names)}")
    actual = next((name for name, number in CODE_LEVELS.items() if len(asked) == 2 * number + 1), None)
    if level and level != actual:
        raise ParameterError(f"编码 {asked} 不是{CODE_LEVEL_NAMES[level]}级；它的级次是 level={actual!r}。")
    return asked


def function_specs(codes: pl.DataFrame) -> tuple[ReportSpec, ...]:
    """A report for every functional code; those of sections and items are made on request only.

    Args:
        codes: `code` and `name` of what occurs, as `occurring_codes` gives them.
    """
    levels = {width: level for level, width in (("class", 3), ("section", 5), ("item", 7))}
    return tuple(
        ReportSpec(
            by="function",
            key=code,
            title=f"{code} {name or ''}：支出单位与变化".replace(" ：", "："),
            parameters={"code": code, "level": levels[len(code)]},
            names=(name,) if name else (),
            on_request=len(code) > 3,
            link=f"{code} {name or ''}".strip(),
        )
        for code, name in codes.select("code", "name").iter_rows()
        if len(code) in levels
    )


def occurring_codes(items: pl.LazyFrame) -> pl.DataFrame:
    """The functional codes that stand in an expenditure table, with the name last printed, by code."""
    return (
        items.filter(
            pl.col("table").is_in(list(SPENT_WORDS)),
            pl.col("side") == Side.EXPENDITURE.value,
            pl.col("measure") == TOTAL,
            pl.col("code_level").is_not_null(),
            pl.col("document_year").is_not_null(),
        )
        .group_by("code")
        .agg(pl.col("name").sort_by("document_year", "name").last())
        .sort("code")
        .collect()
    )
