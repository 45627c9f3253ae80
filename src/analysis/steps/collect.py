"""What the shards give, in whatever order, put together in the one order of the tables.

Everything large waits on disk: the checks of each document, its findings of each severity, and what its findings
contradict. In memory stay the counts and the coverage, a few rows for each document.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
import pyarrow as pa

from analysis.balancing.examine import Examined
from analysis.balancing.gx.tally import Tally
from analysis.dataset.dictionary import arrow_schema
from analysis.dataset.parquet import to_arrow
from analysis.dataset.spool import Spool, spooled
from analysis.dataset.store import adding, to_frame
from analysis.terms.finding import Severity
from analysis.terms.line_item import PLACE_COLUMNS

_RANKS = {severity.value: rank for rank, severity in enumerate(Severity)}
_AT_ONCE = 100_000


@dataclass(slots=True)
class Collected:
    """What was found so far."""

    checks: Spool[str]
    findings: Spool[tuple[int, str, str]]
    contradicted: Spool[str]
    duties: Spool[str]
    _coverage: list[pl.DataFrame] = field(default_factory=list)
    _outcomes: list[pl.DataFrame] = field(default_factory=list)

    def put(self, found: Examined) -> None:
        """Set aside what was found in a shard."""
        for (document,), rows in _parts(found.checks, "document_id"):
            self.checks.put(str(document), to_arrow(rows, "checks"))
        for (severity, source_file, document), rows in _parts(found.findings, "severity", "source_file", "document_id"):
            self.findings.put((_RANKS[str(severity)], str(source_file), str(document)), to_arrow(rows, "findings"))
        for (document,), rows in _parts(found.duties, "document_id"):
            self.duties.put(str(document), to_arrow(rows, "duties"))
        of_finding = found.findings.select("finding_id", "document_id")
        for (document,), rows in _parts(found.contradicted.join(of_finding, on="finding_id"), "document_id"):
            self.contradicted.put(str(document), rows.select(self.contradicted.schema.names).to_arrow())
        self._coverage.append(found.coverage)
        counted = found.checks.group_by("document_id", "outcome", "reason").agg(places=pl.len())
        self._outcomes.append(counted)

    def write(self, clean_dir: Path) -> Tally:
        """Write checks and findings into the dataset; what Great Expectations is given of the checks.

        Raises:
            DatasetError: there is no dataset.
        """
        tally = Tally()
        tally.add(to_frame([], "checks"))  # a dataset in which there is nothing to check has a tally too
        with adding(clean_dir, "checks") as writer:
            for rows in _together(self.checks.in_order()):
                writer.write(rows)
                tally.add(pl.DataFrame(rows))
        with adding(clean_dir, "findings") as writer:
            for rows in self.findings.in_order():
                writer.write(rows)
        with adding(clean_dir, "duties") as writer:
            for rows in _together(self.duties.in_order()):
                writer.write(rows)
        return tally

    def of_documents(self, documents: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The findings of some documents in order, and the places of the figures that they contradict."""
        rows = list(documents.select("source_file", "document_id").iter_rows())
        keys = sorted((rank, *row) for rank in _RANKS.values() for row in rows)
        findings = [to_arrow(to_frame([], "findings"), "findings"), *(self.findings.take(key) for key in keys)]
        against = [self.contradicted.schema.empty_table(), *(self.contradicted.take(document) for _, document in rows)]
        return pl.DataFrame(pa.concat_tables(findings)), pl.DataFrame(pa.concat_tables(against))

    def duties_of(self, documents: pl.DataFrame) -> pl.DataFrame:
        """The duties of some documents in order."""
        rows = [self.duties.take(document) for document in documents["document_id"]]
        return pl.DataFrame(pa.concat_tables([to_arrow(to_frame([], "duties"), "duties"), *rows]))

    @property
    def coverage(self) -> pl.DataFrame:
        """The coverage of all documents."""
        return pl.concat(self._coverage).sort("source_file", "document_id")

    @property
    def outcomes(self) -> pl.DataFrame:
        """How many checks of each document came out how, and why not: document_id, outcome, reason, places."""
        return pl.concat(self._outcomes)


@contextmanager
def collecting(folder: Path) -> Iterator[Collected]:
    """A place for what is found; its files lie in `folder` until the end."""
    findings = arrow_schema("findings")
    places = pa.schema([pa.field("finding_id", pa.string()), *(findings.field(name) for name in PLACE_COLUMNS)])
    with (
        spooled(folder / "checks.arrow", arrow_schema("checks")) as checks,
        spooled(folder / "findings.arrow", findings) as found,
        spooled(folder / "contradicted.arrow", places) as contradicted,
        spooled(folder / "duties.arrow", arrow_schema("duties")) as duties,
    ):
        yield Collected(checks, found, contradicted, duties)


def _parts(frame: pl.DataFrame, *keys: str) -> Iterator[tuple[tuple[object, ...], pl.DataFrame]]:
    yield from frame.partition_by(keys, as_dict=True, maintain_order=True).items()


def _together(parts: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """Small parts in larger ones: counting each alone would cost more than the counting."""
    waiting: list[pa.Table] = []
    for part in parts:
        waiting.append(part)
        if sum(one.num_rows for one in waiting) >= _AT_ONCE:
            yield pa.concat_tables(waiting).combine_chunks()
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting).combine_chunks()
