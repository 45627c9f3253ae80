"""One report: what it is about, how its files are called, and which part of the dataset it reads.

Every kind of report is described by the same frozen value, so that planning, executing and publishing know nothing of
kinds. A `ReportSpec` has been checked against the dataset: nothing that the
dataset lacks can be asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

OWN = "own"  # what a report of a user's own notebook is about
STANDALONE = ".standalone.html"
Parameter = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class ReportSpec:
    """One report to be made.

    Attributes:
        by: The id of its kind; the notebook and the folder of its pages bear this name.
        key: How its files are called and what `--only` takes: readable, unique, and safe as a file name.
        title: The heading of its page.
        parameters: The notebook's parameters, without the place of the dataset.
        names: Other words that `--only` takes for it, such as the full name of the organisation.
        organisations: The organisation_ids whose line items it reads; None for all.
        years: The document years whose line items it reads; None for all.
        on_request: Made only where it is named: there are too many of its like to make them all.
        link: What a link to it is called where its like stand in a line.
    """

    by: str
    key: str
    title: str
    parameters: Mapping[str, Parameter] = field(hash=False)
    names: tuple[str, ...] = ()
    organisations: tuple[str, ...] | None = None
    years: tuple[int, ...] | None = None
    on_request: bool = False
    link: str = ""

    def page(self, site_dir: Path) -> Path:
        """Where its page stands in the site."""
        return site_dir / "reports" / self.by / f"{self.key}.html"

    def standalone_page(self, site_dir: Path) -> Path:
        """Where the page stands that needs nothing beside it."""
        return self.page(site_dir).with_suffix(STANDALONE)
