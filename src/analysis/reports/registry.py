"""The kinds of reports, in one place: what `--by` takes, what the site leads to, what the launcher of JupyterLab shows.

A report is its folder, its notebook and its line here.
"""

from collections.abc import Sequence
from pathlib import Path

from analysis.errors import ParameterError
from analysis.reports.compare.compare_kind import COMPARE
from analysis.reports.function.function_kind import FUNCTION
from analysis.reports.report_kind import ReportKind
from analysis.reports.report_spec import ReportSpec
from analysis.reports.unit.unit_kind import UNIT
from analysis.reports.year.year_kind import YEAR
from analysis.suggestions import suggestion

KINDS: dict[str, ReportKind] = {kind.id: kind for kind in (UNIT, YEAR, FUNCTION, COMPARE)}


def batch_kinds() -> tuple[str, ...]:
    """The ids of the kinds whose reports can be found in a dataset, in the order in which they are made."""
    return tuple(kind.id for kind in KINDS.values() if kind.specs is not None)


def report_specs(clean_dir: Path, by: str) -> tuple[ReportSpec, ...]:
    """Every report of one kind that the dataset can bear, those on request among them.

    Args:
        clean_dir: The cleaned dataset.
        by: One of `batch_kinds`.

    Raises:
        ParameterError: There is no such kind.
        DatasetError: There is no dataset.
    """
    specs = KINDS[by].specs if by in KINDS else None
    if specs is None:
        raise ParameterError(f"没有“{by}”这种报告；可选：{'、'.join(batch_kinds())}。")
    return specs(clean_dir)


def asked_reports(clean_dir: Path, by: str, named: Sequence[str]) -> tuple[ReportSpec, ...]:
    """The reports of one kind that are asked for one by one; none of a kind whose reports the dataset lists.

    Raises:
        ParameterError: Nothing is asked for, or nothing fits; the message has what comes nearest.
        DatasetError: There is no dataset.
    """
    asked = KINDS[by].asked if by in KINDS else None
    if asked is None:
        return ()
    if not named:
        raise ParameterError(f"--by {by} 要用 --only 说明比较谁，例如 --only 甲局、乙局。 / name whom by --only A、B")
    return tuple(asked(clean_dir, one) for one in named)


def choose(among: Sequence[ReportSpec], only: Sequence[str]) -> tuple[ReportSpec, ...]:
    """The reports whose key or name is in `only`; where it is empty, all but those made on request.

    Args:
        among: Reports of one kind.
        only: Keys or names.

    Raises:
        ParameterError: A name fits no report; the message has the nearest names.
    """
    if not only:
        return tuple(spec for spec in among if not spec.on_request)
    known = {word for spec in among for word in (spec.key, *spec.names)}
    for name in only:
        if name not in known:
            suggest = KINDS[among[0].by].suggest if among else None
            hint = suggest(name, among) if suggest else suggestion(name, known)
            raise ParameterError(f"没有“{name}”的报告。{hint}")
    return tuple(spec for spec in among if {spec.key, *spec.names} & set(only))
