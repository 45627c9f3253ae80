"""What a notebook was asked to report on, checked against the dataset before anything is computed.

Each kind of notebook has a frozen scope: which organisations, years and code. A parameter that the dataset does not
have is refused with what comes nearest; so is one that lost its meaning on the way, such as a code that a command line
turned into a number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analysis.errors import ParameterError
from analysis.reports.parameters import CODE_LEVEL_NAMES, CODE_LEVELS, readable, unit_title
from analysis.suggestions import code_suggestion, suggestion
from analysis.terms.line_item import Level

COMPARED = {"total": "支出合计", "basic": "基本支出", "project": "项目支出"}
_SEPARATORS = re.compile(r"[、,，;；\n]")


@dataclass(frozen=True, slots=True)
class UnitScope:
    """An organisation at one level, from `first_year` to `last_year`, both included."""

    organisation: str
    organisation_id: str
    level: Level
    first_year: int
    last_year: int

    @property
    def title(self) -> str:
        """The heading of the report."""
        return unit_title(self.organisation, self.level, self.first_year, self.last_year)

    @property
    def years(self) -> range:
        """Every year of the range, with or without a document."""
        return range(self.first_year, self.last_year + 1)


@dataclass(frozen=True, slots=True)
class CompareScope:
    """Several organisations of one level side by side: their ids by name, over a range of years, in one measure."""

    organisations: Mapping[str, str]
    level: Level
    measure: str
    first_year: int
    last_year: int

    @property
    def years(self) -> range:
        """Every year of the range, with or without a document."""
        return range(self.first_year, self.last_year + 1)


def whole_year(value: object, name: str) -> int:
    """A year as a number; text of four digits is taken too.

    Raises:
        ParameterError: It is no year.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 1000 <= value <= 9999:
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}", value):
        return int(value)
    raise ParameterError(f"{name} 须是四位的年度，例如 2024；收到 {value!r}。")


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


def unit_scope(
    documents: pl.DataFrame, organisation: str, level: str | None, first_year: object, last_year: object
) -> UnitScope:
    """The organisation, level and years that these parameters ask for.

    Args:
        documents: The documents table.
        organisation: Full published name.
        level: "unit" or "department"; None where the organisation published at one level only.
        first_year: First document year.
        last_year: Last document year, included.

    Raises:
        ParameterError: Nothing in the dataset fits; the message has what comes nearest.
    """
    first, last = _range(first_year, last_year)
    known = _organisations(documents)
    named = known.filter(organisation=organisation)
    if named.is_empty():
        raise ParameterError(f"数据中没有单位“{organisation}”。{suggestion(str(organisation), known['organisation'])}")
    fitting = named if level is None else named.filter(level=level)
    levels = "、".join(sorted(named["level"]))
    if fitting.is_empty():
        raise ParameterError(f"“{organisation}”没有层级 level={level!r} 的文件；可选：{levels}。")
    if fitting.height > 1:
        raise ParameterError(f"“{organisation}”有多个层级或标识（{levels}），数字不能相加：请给出 level。")
    row = fitting.row(0, named=True)
    if not any(first <= year <= last for year in row["years"]):
        told = "、".join(str(year) for year in row["years"])
        raise ParameterError(f"“{organisation}”在 {first}–{last} 年没有文件；有文件的年度：{told}。")
    return UnitScope(row["organisation"], row["organisation_id"], Level(row["level"]), first, last)


def year_scope(documents: pl.DataFrame, fiscal_year: object) -> int:
    """The year that is asked for.

    Raises:
        ParameterError: No document bears it; the message has the years that do.
    """
    year = whole_year(fiscal_year, "fiscal_year")
    known = sorted(set(readable(documents)["document_year"]), key=lambda other: (abs(other - year), other))
    if year not in known:
        near = "、".join(str(other) for other in known[:3])
        raise ParameterError(f"{year} 年没有文件。" + (f"最接近的年度：{near}。" if near else "数据中没有年度。"))
    return year


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
        raise ParameterError(f"没有科目级次 level={level!r}；可选：{'、'.join(CODE_LEVELS)}（{_levels()}）。")
    if asked not in names:
        raise ParameterError(f"支出表中没有编码“{asked}”。{code_suggestion(asked, names)}")
    own = next((name for name, number in CODE_LEVELS.items() if len(asked) == 2 * number + 1), None)
    if level and level != own:
        raise ParameterError(f"编码 {asked} 不是{CODE_LEVEL_NAMES[level]}级；它的级次是 level={own!r}。")
    return asked


def compare_scope(
    documents: pl.DataFrame,
    organisations: str | Sequence[str],
    level: str,
    measure: str,
    first_year: object,
    last_year: object,
) -> CompareScope:
    """The organisations that are to be compared.

    Args:
        documents: The documents table.
        organisations: Full published names: a list, or a text with 、 between them.
        level: "unit" or "department"; "" where all of them published at one level only.
        measure: "total", "basic" or "project".
        first_year: First document year.
        last_year: Last document year, included.

    Raises:
        ParameterError: Fewer than two names, or nothing in the dataset fits; the message has what comes nearest.
    """
    first, last = _range(first_year, last_year)
    given = _SEPARATORS.split(organisations) if isinstance(organisations, str) else organisations
    names = tuple(dict.fromkeys(name.strip() for name in given if name.strip()))
    if len(names) < 2:
        raise ParameterError("至少要两个单位才能比较：用“、”隔开全称，或给出列表。")
    if measure not in COMPARED:
        raise ParameterError(f"没有指标 measure={measure!r}；可选：{'、'.join(COMPARED)}。")
    known = _organisations(documents)
    for name in names:
        if known.filter(organisation=name).is_empty():
            raise ParameterError(f"数据中没有单位“{name}”。{suggestion(name, known['organisation'])}")
    common = [
        one for one in Level if all(known.filter(organisation=name, level=one.value).height == 1 for name in names)
    ]
    fitting = [one for one in common if level in ("", one.value)]
    if len(fitting) != 1:
        told = "、".join(one.value for one in common) or "没有"
        raise ParameterError(f"部门与单位的数字不能相比：请给出所列单位都有文件的 level；可选：{told}。")
    rows = known.filter(pl.col("organisation").is_in(names), level=fitting[0].value)
    ids = dict(zip(rows["organisation"], rows["organisation_id"], strict=True))
    return CompareScope({name: ids[name] for name in names}, fitting[0], measure, first, last)


def _organisations(documents: pl.DataFrame) -> pl.DataFrame:
    """Every organisation at every level, under the name that it bore last, with its years."""
    return (
        readable(documents)
        .group_by("organisation_id", "level")
        .agg(
            pl.col("organisation").sort_by("document_year", "organisation").last(),
            pl.col("document_year").unique().sort().alias("years"),
        )
        .sort("organisation", "level", "organisation_id")
    )


def _range(first_year: object, last_year: object) -> tuple[int, int]:
    first, last = whole_year(first_year, "first_year"), whole_year(last_year, "last_year")
    if first > last:
        raise ParameterError(f"起始年度 {first} 晚于结束年度 {last}。")
    return first, last


def _levels() -> str:
    return "、".join(CODE_LEVEL_NAMES.values())
