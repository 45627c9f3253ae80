"""What a report by year is about: all organisations in one year, and which years there are."""

import polars as pl

from analysis.errors import ParameterError
from analysis.reports.organisations import attributed
from analysis.reports.parameters import whole_year
from analysis.reports.report_spec import ReportSpec


def year_scope(documents: pl.DataFrame, fiscal_year: object) -> int:
    """The year that is asked for.

    Raises:
        ParameterError: No document bears it; the message has the years that do.
    """
    year = whole_year(fiscal_year, "fiscal_year")
    known = sorted(set(attributed(documents)["document_year"]), key=lambda other: (abs(other - year), other))
    if year not in known:
        near = "、".join(str(other) for other in known[:3])
        raise ParameterError(f"{year} 年没有文件。" + (f"最接近的年度：{near}。" if near else "数据中没有年度。"))
    return year


def year_specs(documents: pl.DataFrame) -> tuple[ReportSpec, ...]:
    """A report for every year that a document bears on its cover; it reads the year before too, to compare with.

    Args:
        documents: The documents table; only files that were read count.
    """
    return tuple(
        ReportSpec(
            by="year",
            key=str(year),
            title=f"{year}年各部门、各单位支出",
            parameters={"fiscal_year": year},
            names=(f"{year}年",),
            years=(year - 1, year),
            link=f"{year} 年",
        )
        for year in sorted(set(attributed(documents)["document_year"]))
    )
