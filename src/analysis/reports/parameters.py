"""Every report that the dataset can bear, and the choice among them, made before any kernel starts.

A report by unit is one organisation at one level (a department's figures contain those of its units, so the two are
never mixed) over its years; one by year all organisations of a year; one by function all that is spent under one code.
Every class has its report; a section or an item has one when it is named. What the dataset does not have is refused,
with the names that come nearest.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from analysis.dataset.store import read_table, scan_table
from analysis.display.words import LEVEL_NAMES
from analysis.errors import ParameterError
from analysis.reports.report_spec import ReportSpec
from analysis.suggestions import code_suggestion, suggestion
from analysis.terms.document import Status
from analysis.terms.line_item import Level, Side

CODE_LEVELS = {"class": 1, "section": 2, "item": 3}
CODE_LEVEL_NAMES = {"class": "类", "section": "款", "item": "项"}
_READ = (Status.PARSED.value, Status.PARTIAL.value)


def readable(documents: pl.DataFrame) -> pl.DataFrame:
    """The documents that were read and say whose they are."""
    needed = ("organisation", "organisation_id", "level", "document_year", "kind")
    return documents.filter(pl.col("status").is_in(_READ), *(pl.col(name).is_not_null() for name in needed))


def unit_title(organisation: str, level: Level, first_year: int, last_year: int) -> str:
    """The heading of a report by unit."""
    years = str(first_year) if first_year == last_year else f"{first_year}–{last_year}"
    return f"{organisation}（{LEVEL_NAMES[level]}）{years}年"


def unit_reports(documents: pl.DataFrame) -> tuple[ReportSpec, ...]:
    """Every report by unit, by organisation and level.

    Args:
        documents: The documents table; only files that were read count.
    """
    groups = (
        readable(documents)
        .group_by("organisation_id", "level")
        .agg(
            pl.col("organisation").sort_by("document_year", "organisation").last(),
            pl.col("document_year").min().alias("first_year"),
            pl.col("document_year").max().alias("last_year"),
        )
        .sort("organisation", "level", "organisation_id")
    )
    return tuple(_unit_report(**row) for row in groups.iter_rows(named=True))


def _unit_report(organisation: str, organisation_id: str, level: str, first_year: int, last_year: int) -> ReportSpec:
    name = re.sub(r"\W+", "", organisation)[:40]
    number = re.sub(r"[^0-9a-zA-Z]", "", organisation_id)[:8]
    return ReportSpec(
        by="unit",
        key=f"{name}-{LEVEL_NAMES[Level(level)]}-{number}",
        title=unit_title(organisation, Level(level), first_year, last_year),
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


def year_reports(documents: pl.DataFrame) -> tuple[ReportSpec, ...]:
    """A report for every year that a document bears on its cover; it reads the year before too, to compare with.

    Args:
        documents: The documents table; only files that were read count.
    """
    return tuple(
        ReportSpec(
            by="year",
            key=str(year),
            title=f"{year}年各单位的预算和决算",
            parameters={"fiscal_year": year},
            names=(f"{year}年",),
            years=(year - 1, year),
        )
        for year in sorted(set(readable(documents)["document_year"]))
    )


def function_reports(codes: pl.DataFrame) -> tuple[ReportSpec, ...]:
    """A report for every functional code; those of sections and items are made on request only.

    Args:
        codes: `code` and `name` of what occurs, as `occurring_codes` gives them.
    """
    levels = {width: level for level, width in (("class", 3), ("section", 5), ("item", 7))}
    return tuple(
        ReportSpec(
            by="function",
            key=code,
            title=f"{code} {name or ''}：谁在花这笔钱".replace(" ：", "："),
            parameters={"code": code, "level": levels[len(code)]},
            names=(name,) if name else (),
            on_request=len(code) > 3,
        )
        for code, name in codes.select("code", "name").iter_rows()
        if len(code) in levels
    )


def occurring_codes(items: pl.LazyFrame) -> pl.DataFrame:
    """The functional codes that stand in an expenditure table, with the name last printed, by code."""
    return (
        items.filter(
            pl.col("table") == "expenditure",
            pl.col("side") == Side.EXPENDITURE.value,
            pl.col("measure") == "total",
            pl.col("code_level").is_not_null(),
            pl.col("document_year").is_not_null(),
        )
        .group_by("code")
        .agg(pl.col("name").sort_by("document_year", "name").last())
        .sort("code")
        .collect()
    )


_MAKERS: Mapping[str, Callable[[Path], tuple[ReportSpec, ...]]] = {
    "unit": lambda clean_dir: unit_reports(read_table(clean_dir, "documents")),
    "year": lambda clean_dir: year_reports(read_table(clean_dir, "documents")),
    "function": lambda clean_dir: function_reports(occurring_codes(scan_table(clean_dir, "line_items"))),
}


def reports(clean_dir: Path, by: str) -> tuple[ReportSpec, ...]:
    """Every report of one kind that the dataset can bear, those on request among them.

    Args:
        clean_dir: The cleaned dataset.
        by: "unit", "year" or "function".

    Raises:
        ParameterError: There is no such kind.
        DatasetError: There is no dataset.
    """
    if by not in _MAKERS:
        raise ParameterError(f"没有“{by}”这种报告；可选：{'、'.join(_MAKERS)}。")
    return _MAKERS[by](clean_dir)


def choose(among: Sequence[ReportSpec], only: Sequence[str]) -> tuple[ReportSpec, ...]:
    """The reports whose key or name is in `only`; where it is empty, all but those made on request.

    Raises:
        ParameterError: A name fits no report; the message has the nearest names.
    """
    if not only:
        return tuple(report for report in among if not report.on_request)
    known = {word for report in among for word in (report.key, *report.names)}
    for name in only:
        if name not in known:
            raise ParameterError(f"没有“{name}”的报告。{_nearest_reports(name, among, known)}")
    return tuple(report for report in among if {report.key, *report.names} & set(only))


def _nearest_reports(name: str, among: Sequence[ReportSpec], known: Iterable[str]) -> str:
    if among and among[0].by == "function":
        return code_suggestion(name, {report.key: next(iter(report.names), "") for report in among})
    return suggestion(name, known)
