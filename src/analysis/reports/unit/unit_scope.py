"""What a report by unit is about: one organisation at one level over its years.

A department's figures contain those of its units, so the two levels are never mixed.
"""

import re
from dataclasses import dataclass

import polars as pl

from analysis.display.words import LEVEL_NAMES
from analysis.errors import ParameterError
from analysis.reports.organisations import attributed, organisations
from analysis.reports.parameters import YearRange, year_range
from analysis.reports.report_spec import ReportSpec
from analysis.suggestions import suggestion
from analysis.terms.line_item import Level


@dataclass(frozen=True, slots=True)
class UnitScope(YearRange):
    """An organisation at one level, over a range of document years."""

    organisation: str
    organisation_id: str
    level: Level


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
    asked = year_range(first_year, last_year)
    known = organisations(attributed(documents))
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
    if not any(year in asked.years for year in row["years"]):
        published = "、".join(str(year) for year in row["years"])
        raise ParameterError(
            f"“{organisation}”在 {asked.first_year}–{asked.last_year} 年没有文件；有文件的年度：{published}。"
        )
    return UnitScope(
        row["organisation"],
        row["organisation_id"],
        Level(row["level"]),
        first_year=asked.first_year,
        last_year=asked.last_year,
    )


def unit_specs(documents: pl.DataFrame) -> tuple[ReportSpec, ...]:
    """Every report by unit, by organisation and level.

    Args:
        documents: The documents table; only files that were read count.
    """
    names = ("organisation", "organisation_id", "level", "first_year", "last_year")
    found = organisations(attributed(documents)).select(names)
    return tuple(_spec(**row) for row in found.iter_rows(named=True))


def _spec(organisation: str, organisation_id: str, level: str, first_year: int, last_year: int) -> ReportSpec:
    name = re.sub(r"\W+", "", organisation)[:40]
    number = re.sub(r"[^0-9a-zA-Z]", "", organisation_id)[:8]
    return ReportSpec(
        by="unit",
        key=f"{name}-{LEVEL_NAMES[Level(level)]}-{number}",
        title=_title(organisation, Level(level), first_year, last_year),
        parameters={
            "organisation": organisation,
            "level": level,
            "first_year": first_year,
            "last_year": last_year,
        },
        names=(organisation,),
        organisations=(organisation_id,),
        years=tuple(range(first_year, last_year + 1)),
    )


def _title(organisation: str, level: Level, first_year: int, last_year: int) -> str:
    years = str(first_year) if first_year == last_year else f"{first_year}–{last_year}"
    return f"{organisation}（{LEVEL_NAMES[level]}）：支出结构与变化（{years}年）"
