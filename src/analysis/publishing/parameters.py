"""What a report is asked for, checked before any kernel starts.

A report by unit is one organisation at one level (a department's figures contain those of its units, so the two are
never mixed) over a range of years. What the dataset does not have is refused, with the names that come nearest.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from analysis.errors import ParameterError
from analysis.terms.document import Status
from analysis.terms.line_item import Level

LEVEL_NAMES = {Level.UNIT: "单位", Level.DEPARTMENT: "部门"}
_READ = (Status.PARSED.value, Status.PARTIAL.value)


@dataclass(frozen=True, slots=True)
class UnitReport:
    """One report by unit: an organisation at one level, from `first_year` to `last_year`, both included."""

    organisation: str
    organisation_id: str
    level: Level
    first_year: int
    last_year: int

    @property
    def key(self) -> str:
        """What `--only` takes and how the report's files are called: readable, unique, and safe as a file name."""
        name = re.sub(r"\W+", "", self.organisation)[:40]
        return f"{name}-{LEVEL_NAMES[self.level]}-{re.sub(r'[^0-9a-zA-Z]', '', self.organisation_id)[:8]}"

    @property
    def title(self) -> str:
        """The heading of the report."""
        years = str(self.first_year) if self.first_year == self.last_year else f"{self.first_year}–{self.last_year}"
        return f"{self.organisation}（{LEVEL_NAMES[self.level]}）{years}年"

    @property
    def years(self) -> range:
        """Every year of the range, with or without a document."""
        return range(self.first_year, self.last_year + 1)

    @property
    def parameters(self) -> dict[str, str | int]:
        """The notebook's parameters, without the place of the dataset."""
        return {
            "organisation": self.organisation,
            "level": self.level.value,
            "first_year": self.first_year,
            "last_year": self.last_year,
        }


def nearest(asked: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names most like the asked one: those that contain it first, then by similarity."""
    names = sorted(set(known))
    contained = [name for name in names if asked and asked in name]
    similar = difflib.get_close_matches(asked, names, n=count, cutoff=0.3)
    return list(dict.fromkeys([*contained, *similar]))[:count]


def unit_reports(documents: pl.DataFrame) -> tuple[UnitReport, ...]:
    """Every report by unit that the dataset can bear, by organisation and level.

    Args:
        documents: The documents table; only files that were read count.
    """
    groups = (
        _readable(documents)
        .group_by("organisation_id", "level")
        .agg(
            pl.col("organisation").sort_by("document_year", "organisation").last(),
            pl.col("document_year").min().alias("first"),
            pl.col("document_year").max().alias("last"),
        )
        .sort("organisation", "level", "organisation_id")
    )
    return tuple(
        UnitReport(row["organisation"], row["organisation_id"], Level(row["level"]), row["first"], row["last"])
        for row in groups.iter_rows(named=True)
    )


def choose(reports: Sequence[UnitReport], only: Sequence[str]) -> tuple[UnitReport, ...]:
    """The reports whose key or organisation is named in `only`; all of them where `only` is empty.

    Raises:
        ParameterError: A name fits no report; the message has the nearest names.
    """
    for name in only:
        if not any(name in (report.key, report.organisation) for report in reports):
            known = [report.organisation for report in reports] + [report.key for report in reports]
            raise ParameterError(f"没有“{name}”的报告。{_suggest(name, known)}")
    return tuple(r for r in reports if not only or r.key in only or r.organisation in only)


def unit_report(
    documents: pl.DataFrame, organisation: str, level: str | None, first_year: int, last_year: int
) -> UnitReport:
    """The report that these parameters ask for.

    Args:
        documents: The documents table.
        organisation: Full published name.
        level: "unit" or "department"; None where the organisation published at one level only.
        first_year: First document year.
        last_year: Last document year, included.

    Raises:
        ParameterError: Nothing in the dataset fits; the message has what comes nearest.
    """
    reports = unit_reports(documents)
    named = [report for report in reports if report.organisation == organisation]
    if not named:
        raise ParameterError(
            f"数据中没有单位“{organisation}”。{_suggest(organisation, [r.organisation for r in reports])}"
        )
    fitting = [report for report in named if level in (None, report.level.value)]
    levels = "、".join(sorted(report.level.value for report in named))
    if not fitting:
        raise ParameterError(f"“{organisation}”没有层级 level={level!r} 的文件；可选：{levels}。")
    if len(fitting) > 1:
        raise ParameterError(f"“{organisation}”有多个层级或标识（{levels}），数字不能相加：请给出 level。")
    if first_year > last_year:
        raise ParameterError(f"起始年度 {first_year} 晚于结束年度 {last_year}。")
    report = fitting[0]
    years = sorted(
        _readable(documents).filter(organisation_id=report.organisation_id, level=report.level.value)["document_year"]
    )
    if not any(first_year <= year <= last_year for year in years):
        known = "、".join(str(year) for year in dict.fromkeys(years))
        raise ParameterError(f"“{organisation}”在 {first_year}–{last_year} 年没有文件；有文件的年度：{known}。")
    return UnitReport(report.organisation, report.organisation_id, report.level, first_year, last_year)


def _readable(documents: pl.DataFrame) -> pl.DataFrame:
    needed = ("organisation", "organisation_id", "level", "document_year", "kind")
    return documents.filter(pl.col("status").is_in(_READ), *(pl.col(name).is_not_null() for name in needed))


def _suggest(asked: str, known: Iterable[str]) -> str:
    names = nearest(asked, known)
    return f"最接近的有：{'、'.join(names)}。" if names else "没有相近的名称。"
