"""An opened dataset: its tables lazily, its line items by organisation, its answers to SQL, its pivots.

Everything is read only, and read late: an organisation is opened by its own partitions, so a question about one costs
little however many there are. Line items come with `suspect` (an open error touches the figure; null where the dataset
was not validated) and `place`, the name by which a figure leads back to its document.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Unpack

import polars as pl

from analysis.dataset.figure_id import figure_id
from analysis.dataset.finding_order import in_order
from analysis.dataset.store import read_table, scan_slice, scan_table
from analysis.dataset.suspects import suspect_items
from analysis.display.tables import Heading, Paragraph, Table
from analysis.display.words import LEVEL_NAMES, SEVERITY_NAMES
from analysis.errors import DatasetError, ParameterError
from analysis.exploring import sql as queries
from analysis.exploring.pivots import Pivot, PivotChoices, PivotRequest, pivot
from analysis.exploring.spending import undivided
from analysis.knowledge.fields import data_dictionary
from analysis.reports.organisations import organisations
from analysis.reports.series.sources import from_best_document
from analysis.suggestions import suggestion
from analysis.terms.document import READ_STATUSES
from analysis.terms.line_item import Level, Phase, RowRole

_PUBLISHER = ("organisation", "organisation_id", "level", "first_year", "last_year")
_MOST = 40
_VIEWS = {
    "items": "line_items 加上 suspect（存疑）和 place（位置）",
    "spending": "各部门支出预算的最细各行，可以任意加总",
    "execution": "各部门支出决算的最细各行，可以任意加总",
    "three_public": "各部门“三公”经费预算合计",
}


@dataclass(frozen=True, slots=True)
class Publisher:
    """An organisation at one level, its document years, and the phase that its budgets (else accounts) tell."""

    organisation: str
    organisation_id: str
    level: str
    first_year: int
    last_year: int
    phase: str


def open_dataset(clean_dir: Path) -> "Dataset":
    """Open the cleaned dataset.

    Raises:
        DatasetError: there is none; the message says what to run.
    """
    opened = Dataset(clean_dir)
    for table in ("documents", "line_items"):
        scan_table(clean_dir, table)
    return opened


@dataclass(frozen=True)
class Dataset:
    """The dataset in `clean_dir`."""

    clean_dir: Path

    @cached_property
    def documents(self) -> pl.DataFrame:
        """The documents table."""
        return read_table(self.clean_dir, "documents")

    @cached_property
    def organisations(self) -> pl.DataFrame:
        """Who published what: `organisation`, `level`, `organisation_id`, `first_year`, `last_year`, `documents`."""
        read = self.documents.filter(pl.col("status").is_in(READ_STATUSES), pl.col("organisation_id").is_not_null())
        return organisations(read).drop("years")

    @cached_property
    def tables(self) -> dict[str, pl.LazyFrame]:
        """The tables that are there, lazily, by name, and the `views`."""
        there = {}
        for name in data_dictionary():
            try:
                there[name] = scan_table(self.clean_dir, name)
            except DatasetError:
                continue
        return there | self.views

    @cached_property
    def views(self) -> dict[str, pl.LazyFrame]:
        """The line items, and what may be added up of them: of departments, whose figures contain those of units.

        `spending` and `execution` have the rows that are divided no further, `three_public` the totals
        of what was approved.
        """
        items = self.items()
        public = items.filter(
            table="three_public",
            measure="total",
            level=Level.DEPARTMENT.value,
            row_role=RowRole.TOTAL.value,
            phase=Phase.APPROVED.value,
        ).filter(from_best_document())
        told = ("organisation", "level", "fiscal_year", "amount", "suspect", "place")
        return {
            "items": items,
            "spending": undivided(items, Phase.APPROVED, Level.DEPARTMENT),
            "execution": undivided(items, Phase.EXECUTED, Level.DEPARTMENT),
            "three_public": public.select(told),
        }

    def items(self, *organisations: str, years: Iterable[int] | None = None) -> pl.LazyFrame:
        """The line items with `suspect` and `place`, lazily.

        Args:
            organisations: Full names or ids; none stands for all.
            years: Document years; None for all.

        Raises:
            ParameterError: The dataset has no such organisation; the message has the nearest names.
        """
        ids = self._ids(organisations) if organisations else None
        items = scan_slice(self.clean_dir, "line_items", ids, None if years is None else list(years))
        try:
            findings = scan_table(self.clean_dir, "findings")
        except DatasetError:
            return items.with_columns(suspect=pl.lit(None, pl.Boolean), place=figure_id())
        if ids is not None:
            mine = self.documents.filter(pl.col("organisation_id").is_in(ids))["document_id"].unique().to_list()
            findings = findings.filter(pl.col("document_id").is_in(mine))
        return suspect_items(items, findings.collect()).with_columns(place=figure_id())

    def sql(self, query: str) -> pl.DataFrame:
        """Ask the tables in SQL; see `queries.ask`."""
        return queries.ask(self.tables, query)

    def pivot(self, rows: str, columns: str, **choices: Unpack[PivotChoices]) -> Pivot:
        """Amounts laid out over two columns of the line items: `lay_out` by keywords, those of `PivotRequest`."""
        return self.lay_out(PivotRequest(rows, columns, **choices))

    def lay_out(self, request: PivotRequest) -> Pivot:
        """Amounts laid out as asked; see `pivots.pivot` for what it refuses to add up.

        Raises:
            ParameterError: A sum would count money twice, or nothing fits.
        """
        return pivot(self.items(*request.organisations), request)

    def figure(self, place: str) -> dict[str, object]:
        """The line item that a `place` names: its file, page and box, what is printed, and all else.

        Raises:
            ParameterError: There is no such figure.
        """
        document_id = place.partition("/")[0]
        read = self.documents.filter(document_id=document_id)
        owners = read["organisation_id"].drop_nulls().unique().to_list()  # none of a document that names nobody
        found = self.items(*owners).filter(pl.col("place") == place).collect() if read.height else None
        if found is None or found.is_empty():
            raise ParameterError(f"数据中没有位置“{place}”的数字。 / no figure has the place {place!r}")
        return found.row(0, named=True)

    def choose(self, asked: str = "") -> Publisher:
        """An organisation to begin with: the one asked for by name or id, else the one with the most documents.

        Of several levels it is the one with more documents.

        Raises:
            ParameterError: There is no such organisation, or none at all.
        """
        there = self.organisations.drop_nulls("level")
        if asked:
            there = there.filter(pl.col("organisation_id").is_in(self._ids((asked,))))
        if there.is_empty():
            raise ParameterError("数据中没有单位；请先运行 workbench clean。 / no organisation: run workbench clean")
        first = there.sort("documents", "organisation", "level", descending=[True, False, False]).row(0, named=True)
        budgets = self.documents.filter(organisation_id=first["organisation_id"], level=first["level"], kind="budget")
        phase = Phase.APPROVED if budgets.height else Phase.EXECUTED
        return Publisher(**{name: first[name] for name in _PUBLISHER}, phase=phase.value)

    def findings(self, organisation: str) -> Table | Paragraph:
        """The findings on the documents of an organisation, with the ids by which `show_finding` shows them."""
        try:
            found = scan_table(self.clean_dir, "findings")
        except DatasetError:
            return Paragraph(("数据尚未核对；请先运行 workbench validate。",))
        mine = self.documents.filter(pl.col("organisation_id").is_in(self._ids((organisation,))))["document_id"]
        rows = in_order(found.filter(pl.col("document_id").is_in(mine.to_list()))).collect()
        if rows.is_empty():
            return Paragraph(("没有发现问题。",))
        heads = tuple(Heading(name, number=False) for name in ("编号", "程度", "文件", "说明"))
        body = tuple(
            (row["finding_id"], SEVERITY_NAMES[row["severity"]], row["source_file"], row["message_zh"])
            for row in rows.head(_MOST).iter_rows(named=True)
        )
        return Table(f"核对发现的问题（{len(body)} / {rows.height}）", heads, body)

    @property
    def overview(self) -> Table:
        """The organisations of the dataset as a table."""
        rows = tuple(
            (
                row["organisation"],
                LEVEL_NAMES[Level(row["level"])] if row["level"] else "",
                f"{row['first_year']}–{row['last_year']}",
                str(row["documents"]),
            )
            for row in self.organisations.iter_rows(named=True)
        )
        heads = (
            Heading("单位", number=False),
            Heading("层级", number=False),
            Heading("年度"),
            Heading("文件"),
        )
        return Table("数据中的单位", heads, rows)

    @property
    def words(self) -> Table:
        """The tables that are there, with what they hold and how many rows."""
        known = data_dictionary()
        rows = tuple(
            (
                name,
                known[name].zh if name in known else _VIEWS[name],
                f"{frame.select(pl.len()).collect().item():,}",
            )
            for name, frame in self.tables.items()
        )
        return Table("表", (Heading("表", number=False), Heading("内容", number=False), Heading("行")), rows)

    def _ids(self, organisations: Iterable[str]) -> list[str]:
        by_name: dict[str, list[str]] = {}
        for name, one in self.organisations.select("organisation", "organisation_id").unique().iter_rows():
            by_name.setdefault(name, []).append(one)
            by_name.setdefault(one, []).append(one)
        found: list[str] = []
        for asked in organisations:
            if asked not in by_name:
                hint = suggestion(asked, self.organisations["organisation"])
                raise ParameterError(f"数据中没有单位“{asked}”。{hint} / no organisation of this name")
            found += by_name[asked]
        return sorted(set(found))
