"""What the shards give, in whatever order, put together in the one order of the tables.

Everything large waits on disk: the checks of each document, its findings of each severity, and what its findings
contradict. In memory stay the counts, a few rows for each document. What a person accepted is said of the findings on
their way out, so that what was found can be kept for another day.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from analysis.balancing.acceptances import Acceptance, accept
from analysis.balancing.examine import Examined
from analysis.balancing.gx.tally import Tally
from analysis.dataset.dictionary import arrow_schema
from analysis.dataset.parquet import to_arrow
from analysis.dataset.spool import Parcels, Spool, spooled
from analysis.dataset.store import adding, to_frame
from analysis.terms.finding import Severity
from analysis.terms.line_item import PLACE_COLUMNS

_RANKS = {severity.value: rank for rank, severity in enumerate(Severity)}
_AT_ONCE = 100_000
_COVERAGE = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("document_id", "source_file")),
        *(pa.field(name, pa.uint32()) for name in ("figures", "tied", "crossed")),
    ]
)


def spool_schemas() -> dict[str, pa.Schema]:
    """What is set aside of every document, and its columns."""
    findings = arrow_schema("findings")
    places = pa.schema([pa.field("finding_id", pa.string()), *(findings.field(name) for name in PLACE_COLUMNS)])
    return {
        "checks": arrow_schema("checks"),
        "findings": findings,
        "contradicted": places,
        "duties": arrow_schema("duties"),
        "coverage": _COVERAGE,
    }


@dataclass(slots=True)
class Collected:
    """What was found so far, set aside by document; `broken` are the documents that were not checked as they should."""

    spools: dict[str, Spool[Any]]
    accepted: Sequence[Acceptance] = ()
    broken: set[str] = field(default_factory=set)
    _outcomes: list[pl.DataFrame] = field(default_factory=list)

    def put(self, found: Examined) -> None:
        """Set aside what was found in a shard."""
        for name in ("checks", "duties", "coverage"):
            spool = self.spools[name]
            for key, rows in _of_each_document(getattr(found, name), spool.schema):
                spool.put(key, rows)
        for (severity, source_file, document), rows in _parts(found.findings, "severity", "source_file", "document_id"):
            ranked = _finding_key(_RANKS[str(severity)], str(source_file), str(document))
            self.spools["findings"].put(ranked, to_arrow(rows, "findings"))
        of_finding = found.findings.select("finding_id", "document_id")
        against = self.spools["contradicted"]
        for (document,), rows in _parts(found.contradicted.join(of_finding, on="finding_id"), "document_id"):
            against.put(str(document), rows.select(against.schema.names).to_arrow())
        if not found.sound:
            self.broken |= {str(one) for one in (*found.checks["document_id"].unique(), *found.duties["document_id"])}

    def take_over(self, earlier: dict[str, Parcels[Any]], documents: Sequence[tuple[str, str]]) -> None:
        """Set aside what was found in some documents, file and id, at an earlier time."""
        for source_file, document in documents:
            for name, parcels in earlier.items():
                keys: list[Any] = [document]
                if name == "findings":
                    keys = [_finding_key(rank, source_file, document) for rank in _RANKS.values()]
                for key in keys:
                    if key in parcels.batches:
                        self.spools[name].put(key, parcels.take(key))

    def write(self, clean_dir: Path) -> Tally:
        """Write checks and findings into the dataset; what Great Expectations is given of the checks.

        Raises:
            DatasetError: there is no dataset.
        """
        tally = Tally()
        tally.add(to_frame([], "checks"))  # a dataset in which there is nothing to check has a tally too
        with adding(clean_dir, "checks") as writer:
            for rows in _together(self.spools["checks"].in_order()):
                writer.write(rows)
                checks = pl.DataFrame(rows)
                tally.add(checks)
                self._outcomes.append(checks.group_by("document_id", "outcome", "reason").agg(places=pl.len()))
        with adding(clean_dir, "findings") as writer:
            for rows in _together(self.spools["findings"].in_order()):
                writer.write(accept(pl.DataFrame(rows), self.accepted))
        with adding(clean_dir, "duties") as writer:
            for rows in _together(self.spools["duties"].in_order()):
                writer.write(rows)
        return tally

    def of_documents(self, documents: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The findings of some documents in order, and the places of the figures that they contradict."""
        rows = list(documents.select("source_file", "document_id").iter_rows())
        keys = sorted(_finding_key(rank, *row) for rank in _RANKS.values() for row in rows)
        findings = pl.DataFrame(_taken(self.spools["findings"], keys))
        against = _taken(self.spools["contradicted"], [document for _, document in rows])
        return accept(findings, self.accepted), pl.DataFrame(against)

    def duties_of(self, documents: pl.DataFrame) -> pl.DataFrame:
        """The duties of some documents in order."""
        return pl.DataFrame(_taken(self.spools["duties"], documents["document_id"].to_list()))

    @property
    def coverage(self) -> pl.DataFrame:
        """The coverage of all documents."""
        rows = self.spools["coverage"]
        return pl.DataFrame(pa.concat_tables([rows.schema.empty_table(), *rows.in_order()])).sort(
            "source_file", "document_id"
        )

    @property
    def outcomes(self) -> pl.DataFrame:
        """How many checks of each document came out how, and why not: document_id, outcome, reason, places."""
        counted = pl.concat(self._outcomes) if self._outcomes else pl.DataFrame(schema=_OUTCOMES)
        return counted.group_by("document_id", "outcome", "reason").agg(pl.col("places").sum())


_OUTCOMES = {"document_id": pl.String, "outcome": pl.String, "reason": pl.String, "places": pl.UInt32}


@contextmanager
def collecting(folder: Path, accepted: Sequence[Acceptance] = ()) -> Iterator[Collected]:
    """A place for what is found; its files lie in `folder` until the end."""
    with ExitStack() as stack:
        yield Collected(
            {
                name: stack.enter_context(spooled(folder / f"{name}.arrow", schema))
                for name, schema in spool_schemas().items()
            },
            accepted,
        )


def _finding_key(rank: int, source_file: str, document_id: str) -> tuple[int, str, str]:
    """Under what the findings of a document lie, so that the gravest come first, then by file."""
    return rank, source_file, document_id


def _parts(frame: pl.DataFrame, *keys: str) -> Iterator[tuple[tuple[object, ...], pl.DataFrame]]:
    yield from frame.partition_by(keys, as_dict=True, maintain_order=True).items()


def _of_each_document(frame: pl.DataFrame, schema: pa.Schema) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each document in their order: cut from one table, for each conversion costs as much as many rows."""
    ordered = frame.sort("document_id", maintain_order=True)
    table = ordered.select(schema.names).rechunk().to_arrow().cast(schema)
    begin = 0
    for document, rows in ordered["document_id"].rle().struct.unnest().select("value", "len").iter_rows():
        yield document, table.slice(begin, rows)
        begin += rows


def _taken(spool: Spool[Any], keys: Sequence[Any]) -> pa.Table:
    return pa.concat_tables([spool.schema.empty_table(), *map(spool.take, keys)])


def _together(parts: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Small parts in larger ones: counting each alone would cost more than the counting."""
    waiting: list[pa.Table] = []
    rows = 0
    for part in parts:
        waiting.append(part)
        rows += part.num_rows
        if rows >= _AT_ONCE:
            yield pa.concat_tables(waiting).combine_chunks()
            waiting, rows = [], 0
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()
