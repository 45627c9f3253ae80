"""One kind of report: what it is called, how its reports are found in a dataset, and where the site links to them.

What is read of a dataset is imported when a kind is asked for its reports: a command line that only lists the kinds
must not wait for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.reports.report_spec import ReportSpec


@dataclass(frozen=True, slots=True)
class Card:
    """What a notebook is called in JupyterLab's launcher.

    Attributes:
        notebook: Its name in `notebooks/`, without the ending.
        zh, en: Its title.
        sign_zh, sign_en: The letter of its icon.
        about: What it is for, in both languages.
    """

    notebook: str
    zh: str
    en: str
    sign_zh: str
    sign_en: str
    about: str


@dataclass(frozen=True, slots=True)
class SiteLinks:
    """How the index of a site leads to the reports of a kind.

    Attributes:
        title: What stands before the links.
        heading: The heading of a section of their own; None where they stand above the list of organisations.
    """

    title: str
    heading: str | None = None


@dataclass(frozen=True, slots=True)
class ReportKind:
    """A kind of report.

    Attributes:
        id: What `--by` takes; its notebook and the folder of its pages bear this name.
        card: Its notebook in the launcher.
        specs: Every report of the kind that a dataset can bear; None for a kind whose reports a person asks for.
        suggest: The sentence that names what comes nearest to a report that is not there; among names where None.
        asked: The report that a person asks for by a text, of a kind whose reports no dataset lists.
        links: How the index leads to its reports; None where their rows in its list do.
    """

    id: str
    card: Card
    specs: Callable[[Path], tuple[ReportSpec, ...]] | None = None
    suggest: Callable[[str, Sequence[ReportSpec]], str] | None = None
    asked: Callable[[Path, str], ReportSpec] | None = None
    links: SiteLinks | None = None
