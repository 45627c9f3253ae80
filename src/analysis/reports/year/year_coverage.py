"""What a report by year covers: which organisation published what, and which official tables gave figures.

A table without figures is no fault by itself: many print an empty one. Only where a file was read in part, or not at
all, may figures be lost; that is told apart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from analysis.charts.chart import Chart
from analysis.charts.drawing import Caption
from analysis.charts.matrix import matrix
from analysis.display.tables import Paragraph, Table
from analysis.display.words import KIND_NAMES, LEVEL_NAMES
from analysis.knowledge.names import short_table_names
from analysis.reports.captions import cut_words, source_line
from analysis.reports.cells import columns
from analysis.reports.series.sources import BODY, KIND_OF_PHASE
from analysis.reports.year.year_frames import YearData
from analysis.terms.document import Status
from analysis.terms.line_item import Kind, Level

_SHOWN = 40
_FILES = {Status.PARSED.value: "all", Status.PARTIAL.value: "part"}
_CELL = {"row": pl.String, "column": pl.String, "state": pl.String, "words": pl.String}


@dataclass(frozen=True)
class YearCoverage:
    """The sections on what is there and what is not."""

    data: YearData

    @cached_property
    def _main(self) -> pl.DataFrame:
        """The document that tells each organisation and level: its budget, else its final account."""
        final = pl.col("kind") == Kind.FINAL.value
        return self.data.documents.sort(final, maintain_order=True).unique(BODY, keep="first", maintain_order=True)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """The short names of the tables that are shown."""
        return short_table_names(self.data.tables["table"])

    @cached_property
    def _tables(self) -> pl.DataFrame:
        """Every told document and table: `organisation`, `level`, `status`, `table`, `state`; the worst told first."""
        names = pl.DataFrame({"table": list(self._names)})
        counted = self._main.join(names, how="cross", maintain_order="left_right").join(
            self.data.tables, on=["document_id", "table"], how="left", maintain_order="left"
        )
        partial = pl.col("status") == Status.PARTIAL.value
        state = (
            pl.when(pl.col("figures") > 0)
            .then(pl.lit("all"))
            .when(partial)
            .then(pl.lit("failed"))
            .otherwise(pl.lit("none"))
        )
        rows = counted.with_columns(state=state)
        lacking = [(pl.col("state") == name).sum().over("document_id") for name in ("failed", "none")]
        return rows.sort(*lacking, "organisation", "level", descending=[True, True, False, False], maintain_order=True)

    @property
    def chart(self) -> Chart | Paragraph:
        """Organisations against documents and tables, what lacks most first."""
        if self._main.is_empty():
            return Paragraph([f"{self.data.year}年没有读出的文件。"])
        shown = self._tables.select("document_id").unique(maintain_order=True).head(_SHOWN)
        rows = self._tables.join(shown, on="document_id", how="semi", maintain_order="left")
        label = pl.format(
            "{}·{}", pl.col("level").replace_strict({k.value: v for k, v in LEVEL_NAMES.items()}), "organisation"
        )
        kinds = {
            (one, level, kind): _FILES[status]
            for one, level, kind, status in self.data.documents.select(*BODY, "kind", "status").iter_rows()
        }
        # The organisations shown are few; the columns of their files stand before those of the tables.
        files = [
            (row["label"], f"{KIND_NAMES[kind]}文件", kinds.get((*(row[name] for name in BODY), kind), "none"), None)
            for row in rows.select(*BODY, label.alias("label")).unique(maintain_order=True).iter_rows(named=True)
            for kind in KIND_OF_PHASE.values()
        ]
        cells = rows.select(
            label.alias("row"),
            pl.col("table").replace_strict(dict(self._names)).alias("column"),
            "state",
            pl.lit(None, pl.String).alias("words"),
        )
        frame = pl.concat([pl.DataFrame(files, schema=_CELL, orient="row"), cells])
        total = self._main.height
        subtitle = "缺得多的在前；“没有”可能是无此表或空表，“未读出”指文件只读出一部分"
        subtitle += cut_words(_SHOWN, total, "个", "只画")
        source = source_line(f"{self.data.documents['organisation_id'].n_unique()} 个", str(self.data.year))
        return matrix(frame, Caption("coverage", f"{self.data.year}年公开和读出了哪些表", subtitle, source))

    @property
    def table(self) -> Table | Paragraph:
        """For every table and level, in how many documents it has figures."""
        if self._main.is_empty():
            return Paragraph([])
        states = ("all", "none", "failed")
        counted = self._tables.group_by("table", "level").agg(
            *((pl.col("state") == state).sum().alias(state) for state in states)
        )
        counts = {(row["table"], row["level"]): [str(row[s]) for s in states] for row in counted.iter_rows(named=True)}
        levels = [level for level in (Level.DEPARTMENT, Level.UNIT) if (self._main["level"] == level.value).any()]
        known = self._tables.filter(state="all").select("table", "level").unique()
        alone = known.group_by("table").agg(
            pl.col("level").is_in([level.value for level in levels]).any().alias("here")
        )
        others = set(alone.filter(~pl.col("here"))["table"])  # what only governments print
        body = tuple(
            (name, *(number for level in levels for number in counts[table, level.value]))
            for table, name in self._names.items()
            if table not in others
        )
        heads = [f"{LEVEL_NAMES[level]}：{words}" for level in levels for words in ("有数字", "没有", "未读出")]
        return Table(f"{self.data.year}年各表在多少份文件中有数字", columns(["表"], heads), body)
