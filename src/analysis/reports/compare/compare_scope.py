"""What a comparison is about: several organisations of one level side by side, in one measure of expenditure."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from analysis.errors import ParameterError
from analysis.knowledge.names import measures
from analysis.reports.organisations import attributed, organisations
from analysis.reports.parameters import YearRange, year_range
from analysis.reports.report_spec import ReportSpec
from analysis.reports.series.spending_series import SPENDING_MEASURES
from analysis.suggestions import suggestion
from analysis.terms.line_item import Level

_SEPARATORS = re.compile(r"[、,，;；\n]")


@dataclass(frozen=True, slots=True)
class CompareScope(YearRange):
    """Several organisations of one level: their ids by name, over a range of years, in one measure."""

    organisations: Mapping[str, str]
    level: Level
    measure: str


def compared_measures() -> Mapping[str, str]:
    """The measures that may be compared, with their names: total expenditure and its parts."""
    return {key: "支出合计" if key == "total" else measures()[key].zh for key in SPENDING_MEASURES}


def compare_scope(
    documents: pl.DataFrame,
    named: str | Sequence[str],
    level: str,
    measure: str,
    first_year: object,
    last_year: object,
) -> CompareScope:
    """The organisations that are to be compared.

    Args:
        documents: The documents table.
        named: Full published names: a list, or a text with 、 between them.
        level: "unit" or "department"; "" where all of them published at one level only.
        measure: "total", "basic" or "project".
        first_year: First document year.
        last_year: Last document year, included.

    Raises:
        ParameterError: Fewer than two names, or nothing in the dataset fits; the message has what comes nearest.
    """
    asked = year_range(first_year, last_year)
    given = _SEPARATORS.split(named) if isinstance(named, str) else named
    names = tuple(dict.fromkeys(name.strip() for name in given if name.strip()))
    if len(names) < 2:
        raise ParameterError("至少要两个单位才能比较：用“、”隔开全称，或给出列表。")
    if measure not in compared_measures():
        raise ParameterError(f"没有指标 measure={measure!r}；可选：{'、'.join(compared_measures())}。")
    known = organisations(attributed(documents))
    for name in names:
        if known.filter(organisation=name).is_empty():
            raise ParameterError(f"数据中没有单位“{name}”。{suggestion(name, known['organisation'])}")
    common = [
        one for one in Level if all(known.filter(organisation=name, level=one.value).height == 1 for name in names)
    ]
    fitting = [one for one in common if level in ("", one.value)]
    if len(fitting) != 1:
        levels = "、".join(one.value for one in common) or "没有"
        raise ParameterError(f"部门与单位的数字不能相比：请给出所列单位都有文件的 level；可选：{levels}。")
    rows = known.filter(pl.col("organisation").is_in(names), level=fitting[0].value)
    ids = dict(zip(rows["organisation"], rows["organisation_id"], strict=True))
    return CompareScope(
        {name: ids[name] for name in names},
        fitting[0],
        measure,
        first_year=asked.first_year,
        last_year=asked.last_year,
    )


def compare_spec(documents: pl.DataFrame, named: str) -> ReportSpec:
    """The report that compares these organisations over all their years.

    Args:
        documents: The documents table.
        named: Full published names with 、 between them.

    Raises:
        ParameterError: Fewer than two names, or nothing in the dataset fits.
    """
    years = attributed(documents)["document_year"]
    first, last = (int(str(year)) for year in (years.min() or 0, years.max() or 0))
    scope = compare_scope(documents, named, "", "total", first, last)
    names, ids = list(scope.organisations), tuple(scope.organisations.values())
    digest = hashlib.sha256("|".join(ids).encode()).hexdigest()[:8]
    first_name = re.sub(r"\W+", "", names[0])[:20]
    return ReportSpec(
        by="compare",
        key=f"{first_name}-比较-{len(names)}家-{digest}",
        title=f"{'、'.join(names)}：支出比较",
        parameters={
            "organisations": "、".join(names),
            "level": scope.level.value,
            "first_year": first,
            "last_year": last,
        },
        names=(named,),
        organisations=ids,
        on_request=True,
    )
