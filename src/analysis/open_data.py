"""The researcher's door: one value that has the tables, answers without counting money twice, and shows the page.

import analysis as wb
data = wb.open("my-data", raw="my-files")
data.spending(by="class")
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Unpack

import polars as pl

from analysis.dataset.store import has_table, read_table
from analysis.display.pictures import Picture
from analysis.errors import ParameterError
from analysis.exploring import spending as spent
from analysis.exploring.dataset_view import Dataset, open_dataset
from analysis.exploring.pivots import Pivot, PivotChoices
from analysis.knowledge.code_books import code_book
from analysis.terms.line_item import Level, Phase

_CLASS = 3  # digits of a class


def open_data(clean: str | Path, raw: str | Path | None = None) -> "Data":
    """Open a cleaned dataset.

    Args:
        clean: The folder that `workbench clean` wrote.
        raw: The published files, for `show` alone; None for none.

    Raises:
        DatasetError: There is no dataset; the message says what to run.
    """
    return Data(open_dataset(Path(clean)), None if raw is None else Path(raw))


@dataclass(frozen=True)
class Data:
    """A dataset to work with; every table is a polars frame, and money is decimal(18,2) in yuan.

    Who spends on what over the years, as a table of classes:

    >>> classes = data.spending(by="class", organisation="某区司法局")
    >>> classes.pivot("fiscal_year", index=["code", "name"], values="amount").rows()
    [('204', '公共安全支出', Decimal('100.00'), Decimal('150.00')), ('208', '社会保障支出', Decimal('50.00'), None)]

    Who spends on one code, in all organisations:

    >>> data.spending("2040601").select("organisation", "fiscal_year", "amount").rows()
    [('某区司法局', 2024, Decimal('100.00')), ('某区司法局', 2025, Decimal('150.00'))]

    What rose and fell most, as ratios that are floats:

    >>> data.growth(by="item").select("code", "change", "growth").rows()
    [('2040601', Decimal('50.00'), 0.5), ('2080501', None, None)]

    The sums of the SQL views are right, whatever they are grouped by:

    >>> data.sql("SELECT fiscal_year, sum(amount) FROM spending GROUP BY 1 ORDER BY 1").rows()
    [(2024, Decimal('150.00')), (2025, Decimal('150.00'))]
    """

    dataset: Dataset
    raw_dir: Path | None = None

    def __repr__(self) -> str:
        return f"{self.documents.height} documents of {self.dataset.organisations.height} organisations"

    @cached_property
    def documents(self) -> pl.DataFrame:
        """One row for each file found: how it was read, whose it is, of which year."""
        return self.dataset.documents

    @cached_property
    def unmapped(self) -> pl.DataFrame:
        """Printed money that was not understood, with the reason."""
        return self._table("unmapped")

    @cached_property
    def tables(self) -> pl.DataFrame:
        """One row for each printed table: its title, pages, unit, and whether it was read whole."""
        return self._table("tables")

    @cached_property
    def facts(self) -> pl.DataFrame:
        """What the notes state beside the tables: procurement, assets, vehicles, staff, goals; money in yuan."""
        return self._table("facts")

    @cached_property
    def projects(self) -> pl.DataFrame:
        """The projects with their forms of goals and their descriptions."""
        return self._table("projects")

    @cached_property
    def performance(self) -> pl.DataFrame:
        """The indicators of the projects: target, weight, and what was reached."""
        return self._table("performance")

    @cached_property
    def findings(self) -> pl.DataFrame:
        """What is wrong in the documents, where, and what it should be; empty before `workbench validate`."""
        return self._table("findings")

    @cached_property
    def codes(self) -> pl.DataFrame:
        """The official code books, a row for each name of a code and the years in which it is in force.

        `scheme`, `code`, `parent_code`, `name`, `parent_name` (the last one), `since`, `until` (null: open).
        """
        told = ("scheme", "code", "name", "since", "until")
        entries = [{name: getattr(one, name) for name in told} for one in code_book().entries]
        known = pl.DataFrame(entries, infer_schema_length=None)
        above = pl.col("code").str.head(pl.col("code").str.len_chars().cast(pl.Int64) - 2)
        known = known.with_columns(parent_code=pl.when(pl.col("code").str.len_chars() > _CLASS).then(above))
        last = known.sort("since", nulls_last=False).unique(["scheme", "code"], keep="last")
        parents = last.select("scheme", pl.col("code").alias("parent_code"), pl.col("name").alias("parent_name"))
        books = known.join(parents, on=["scheme", "parent_code"], how="left")
        return books.select("scheme", "code", "parent_code", "name", "parent_name", "since", "until").sort(
            "scheme", "code", "since"
        )

    def items(self, *organisations: str, years: Iterable[int] | None = None) -> pl.LazyFrame:
        """The line items, lazily, with `suspect` and `place`; see `Dataset.items`."""
        return self.dataset.items(*organisations, years=years)

    def spending(
        self,
        code: str | int | None = None,
        by: str | None = None,
        *,
        organisation: str | None = None,
        phase: str = "approved",
        level: str = "department",
    ) -> pl.DataFrame:
        """Expenditure as it is printed, one row for each organisation, year and code; no sum is made.

        Args:
            code: A functional code of 3, 5 or 7 digits; None for the totals.
            by: "class", "section" or "item": every code of that level, below `code` where one is given.
            organisation: A full name; None for all.
            phase: "approved" or "executed".
            level: "department" or "unit", never both: departments contain their units.

        Returns:
            `organisation`, `level`, `fiscal_year`, `code`, `name`, `amount` (yuan), `suspect`, `place`.

        Raises:
            ParameterError: A value is unknown or nothing fits; the message has what there is.
        """
        chosen = _phase(phase), _level(level)
        items = self.items(*([organisation] if organisation else ()))
        return spent.printed(items, *chosen, None if code is None else str(code), by)

    def growth(
        self,
        by: str | None = None,
        year: int | None = None,
        *,
        organisation: str | None = None,
        phase: str = "approved",
        level: str = "department",
    ) -> pl.DataFrame:
        """What changed from the year before, the largest change first; ratios are floats. See `spending.growth`.

        Raises:
            ParameterError: A value is unknown, or one of the two years has no figures.
        """
        return spent.growth(self.spending(None, by, organisation=organisation, phase=phase, level=level), year)

    def pivot(self, rows: str, columns: str, **choices: Unpack[PivotChoices]) -> Pivot:
        """Amounts laid out over two columns, sums that count money twice refused; see `Dataset.pivot`.

        Raises:
            ParameterError: A sum would count money twice, or nothing fits.
        """
        return self.dataset.pivot(rows, columns, **choices)

    def sql(self, query: str) -> pl.DataFrame:
        """Ask in SQL; besides the tables there are the views `spending`, `execution` and `three_public`.

        Raises:
            ParameterError: The query is wrong, gives no rows, or reaches for something outside.
        """
        return self.dataset.sql(query)

    def figure(self, place: str) -> dict[str, object]:
        """The line item that a `place` names.

        Raises:
            ParameterError: There is no such figure.
        """
        return self.dataset.figure(place)

    def show(self, place: str) -> Picture:
        """The place of a figure in the published document, framed.

        Raises:
            ParameterError: There is no such figure, or no folder of published files was given.
        """
        from analysis.steps.source_view import show_figure

        if self.raw_dir is None:
            raise ParameterError(
                '没有给出公布的文件：请用 wb.open("数据", raw="原件") 打开。 / open with raw= to see the pages'
            )
        return show_figure(place, self.dataset.clean_dir, self.raw_dir)

    def _table(self, name: str) -> pl.DataFrame:
        if not has_table(self.dataset.clean_dir, name):
            raise ParameterError(
                f"数据中没有 {name}；请先运行 workbench validate。 / no {name}: run workbench validate"
            )
        return read_table(self.dataset.clean_dir, name)


def _phase(value: str) -> Phase:
    if value not in {one.value for one in Phase}:
        raise ParameterError(f"phase={value!r} 不可选；可选：{'、'.join(Phase)}。 / phase is one of {', '.join(Phase)}")
    return Phase(value)


def _level(value: str) -> Level:
    if value not in {one.value for one in Level}:
        raise ParameterError(f"level={value!r} 不可选；可选：{'、'.join(Level)}。 / level is one of {', '.join(Level)}")
    return Level(value)
