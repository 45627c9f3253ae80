"""What an earlier validation found in documents that have not changed since: it is taken over, not found again.

The documents that may be compared with one another are a *body*. What is found in one follows from its content (the
rows of its documents in every table, the program, the official codes) and from one thing more: which names the other
bodies confirm for the codes that it asks about. Both are fingerprints here; where both are the same, so is all that is
found, and the tables are the same bytes as those of a validation that looks at everything. What broke is tried again.

    .checked/index.json      the fingerprints, and where in the files what was found in a document lies
    .checked/<run>-*.arrow   checks, findings, …, and who prints which name
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pyarrow as pa

from analysis.atomic import write_text
from analysis.dataset.generations import SINGLE, root
from analysis.dataset.spool import Parcels, Spool, spooled
from analysis.dataset.store import dataset_version, has_table, partition_digests, read_table
from analysis.extraction.content_hash import content_sha256
from analysis.steps.collect import Collected, spool_schemas
from analysis.steps.installed_version import installed_version
from analysis.steps.shards import Shard
from analysis.terms.code_book import CodeEntry

FOLDER = ".checked"
_INDEX = "index.json"
_NAMES = "names"
_PRINTED_NAMES = pa.schema(
    [
        *(pa.field(name, pa.string()) for name in ("document_id", "organisation_id", "scheme", "code")),
        pa.field("year", pa.int16()),
        pa.field("plain", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class EarlierChecks:
    """What is kept: who prints which name by the content of a body, what was found in it where others said `asked`."""

    parcels: Mapping[str, Parcels[Any]] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)

    def names(self, content: str) -> pl.DataFrame | None:
        """Who prints which name in the body of that content; None where it is not known."""
        if _NAMES not in self.parcels or content not in self.parcels[_NAMES].batches:
            return None
        return pl.DataFrame(self.parcels[_NAMES].take(content))

    def holds(self, content: str, asked: str) -> bool:
        """Whether what is found in a body is known."""
        return self.asked.get(content) == asked

    @property
    def found(self) -> dict[str, Parcels[Any]]:
        """What was found, by what is set aside of every document."""
        return {name: parcels for name, parcels in self.parcels.items() if name != _NAMES}


def contents_of(clean_dir: Path, bodies: Sequence[Shard], codes: Sequence[CodeEntry]) -> tuple[str, ...]:
    """A fingerprint of the content of each body, in their order.

    Raises:
        DatasetError: there is no dataset, or it is damaged.
    """
    first = "|".join((installed_version(), dataset_version(clean_dir) or "", *map(repr, codes)))
    rows: dict[str, Any] = defaultdict(hashlib.sha256)
    for table in ("documents", *SINGLE):
        if has_table(clean_dir, table):
            frame = read_table(clean_dir, table)
            at = frame.columns.index("document_id")
            for row in frame.iter_rows():
                rows[row[at]].update(f"{table}{row!r}".encode())
    partitions = partition_digests(clean_dir)
    found = []
    for body in bodies:
        parts = [rows[document].hexdigest() for document in body.documents]
        parts += [partitions.get(name, "") for name in body.partitions]
        found.append(hashlib.sha256("|".join((first, *body.documents, *parts)).encode()).hexdigest())
    return tuple(found)


def answers_of(bodies: Sequence[Shard], looked_up: pl.DataFrame) -> tuple[str, ...]:
    """A fingerprint of what each body is told of the others (see `names_looked_up`), in their order."""
    told: dict[str, Any] = defaultdict(hashlib.sha256)
    for document, *row in looked_up.iter_rows():
        told[document].update(repr(row).encode())
    return tuple(
        hashlib.sha256("|".join(told[one].hexdigest() for one in body.documents).encode()).hexdigest()
        for body in bodies
    )


@contextmanager
def name_spool(folder: Path) -> Iterator[Spool[str]]:
    """A place for who prints which name, by the content of bodies."""
    with spooled(folder / "printed-names.arrow", _PRINTED_NAMES) as spool:
        yield spool


def earlier_checks(clean_dir: Path) -> EarlierChecks:
    """What is kept of the last validation; nothing where there was none, or where it is damaged."""
    folder = root(clean_dir) / FOLDER
    schemas = {**spool_schemas(), _NAMES: _PRINTED_NAMES}
    try:
        index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
        if index["version"] != installed_version():
            return EarlierChecks()
        parcels = {}
        for name, schema in schemas.items():
            path = folder / f"{index['run']}-{name}.arrow"
            if index["sha256"][name] != content_sha256(path):
                return EarlierChecks()
            pairs = index["batches"][name]
            batches = {(tuple(key) if isinstance(key, list) else key): numbers for key, numbers in pairs}
            parcels[name] = Parcels(path, schema, batches)
        return EarlierChecks(parcels, index["asked"])
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowInvalid):
        return EarlierChecks()


def keep_checks(clean_dir: Path, collected: Collected, names: Spool[str], asked: Mapping[str, str]) -> None:
    """Keep what was found for the next validation; `asked` has the bodies in which all was found.

    The index comes last: a kill at any moment leaves what was kept before, or this.
    """
    folder = root(clean_dir) / FOLDER
    folder.mkdir(exist_ok=True)
    run, spools = uuid4().hex, {**collected.spools, _NAMES: names}
    index: dict[str, Any] = {"version": installed_version(), "run": run, "asked": asked, "batches": {}, "sha256": {}}
    for name, spool in spools.items():
        index["batches"][name] = list(spool.parcels.batches.items())  # they are all there: the file is whole
        path = spool.path.replace(folder / f"{run}-{name}.arrow")
        index["sha256"][name] = content_sha256(path)
    write_text(folder / _INDEX, json.dumps(index, ensure_ascii=False))
    for path in folder.iterdir():
        if path.name != _INDEX and not path.name.startswith(run):
            path.unlink()
