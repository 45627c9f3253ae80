"""The dataset in shards: groups of organisations whose documents are checked together, and with nobody else's.

Whatever links two documents lies within one organisation, or between organisations that somebody told belong together;
so a shard holds whole organisations, and what one shard finds does not depend on the others. The one exception, names
that several organisations print for a code, is counted shard by shard first. A shard reads its own partitions alone and
gives back what it found, wherever it is worked on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analysis.balancing.codes.name_counts import NAMED, count_names, printed_names
from analysis.balancing.context import checking_context
from analysis.balancing.examine import Examined, ReadDataset, examine, nothing_examined
from analysis.balancing.identities.checks import NO_RELATIONS
from analysis.balancing.identities.incomplete_tables import incomplete_tables
from analysis.dataset.generations import partition_name
from analysis.dataset.store import forms_dir, has_table, read_table, scan_parts, scan_table, to_frame
from analysis.errors import WorkbenchError
from analysis.knowledge.families import load_families
from analysis.runtime.work import WorkError, Workers
from analysis.terms.code_book import CodeEntry
from analysis.terms.components import components
from analysis.terms.document import READ_STATUSES
from analysis.terms.identity import Organisations

# Fewer cost more: forming the instances takes about half a second for any number of documents; more take more memory.
SHARD_SIZE = 250


@dataclass(frozen=True, slots=True)
class Shard:
    """Some documents of a dataset, all those of some organisations, and the partitions that they lie in."""

    clean_dir: Path
    documents: tuple[str, ...]
    partitions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShardTask:
    """What a worker is told: a shard, the file of the names that all print, official codes.

    Without that file the shard is the whole dataset. Nothing is traced in the documents `untraced`.
    """

    shard: Shard
    names: Path | None = None
    untraced: tuple[str, ...] = ()
    codes: tuple[CodeEntry, ...] = ()


def split_into_shards(
    clean_dir: Path, organisations: Organisations = NO_RELATIONS, shard_size: int = SHARD_SIZE
) -> tuple[Shard, ...]:
    """The dataset in shards of about `shard_size` documents, in the order of their first files.

    Args:
        clean_dir: the cleaned dataset.
        organisations: which organisations were renamed and which units belong to which department, where told.
        shard_size: documents in a shard; an organisation with more of them is not split.
    """
    return together(bodies_of(clean_dir, organisations), shard_size)


def bodies_of(clean_dir: Path, organisations: Organisations = NO_RELATIONS) -> tuple[Shard, ...]:
    """The dataset in the smallest shards: each holds the documents that may be compared with one another.

    Documents without an organisation lie in one shard: they are told apart by nothing. There is one shard at least.
    """
    columns = ("document_id", "document_year", "organisation_id", "organisation", "source_file")
    documents = read_table(clean_dir, "documents").filter(pl.col("status").is_in(READ_STATUSES)).select(columns)
    known = documents.unique("document_id", keep="first", maintain_order=True).sort("source_file")
    named = known.drop_nulls("organisation").unique(["organisation", "organisation_id"]).sort("organisation")
    body = _bodies(named.select("organisation", "organisation_id").rows(), organisations)
    groups: dict[str | None, list[tuple[str, str]]] = {}
    for document, year, organisation_id, organisation, _ in known.iter_rows():
        group = groups.setdefault(body.get(organisation), [])
        group.append((document, partition_name(year, organisation_id)))
    return tuple(_shard(clean_dir, group) for group in groups.values() or [[]])


def together(bodies: Sequence[Shard], shard_size: int) -> tuple[Shard, ...]:
    """Bodies one after the other in shards of about `shard_size` documents."""
    found: list[Shard] = []
    waiting: list[Shard] = []
    for number, body in enumerate(bodies, 1):
        waiting.append(body)
        if number == len(bodies) or sum(len(one.documents) for one in waiting) >= shard_size:
            documents = tuple(document for one in waiting for document in one.documents)
            partitions = sorted({name for one in waiting for name in one.partitions})
            found.append(Shard(body.clean_dir, documents, tuple(partitions)))
            waiting = []
    return tuple(found)


def _shard(clean_dir: Path, members: Sequence[tuple[str, str]]) -> Shard:
    documents, partitions = [one for one, _ in members], sorted({name for _, name in members})
    return Shard(clean_dir, tuple(documents), tuple(partitions))


def _bodies(named: Sequence[tuple[str, str | None]], relations: Organisations) -> dict[str | None, str]:
    """For every organisation one name of all those that it may be compared with, directly or through others.

    Args:
        named: the names of the organisations with their ids; names with one id are one organisation.
        relations: what was told of them.
    """
    names = list(dict.fromkeys(name for name, _ in named))
    pairs = [(name, other) for name in names for other in (relations.lasting(name), relations.department(name))]
    first_of: dict[str, str] = {}
    pairs += [(name, first_of.setdefault(number, name)) for name, number in named if number is not None]
    everybody = sorted({name for pair in pairs for name in pair})
    number = {name: at for at, name in enumerate(everybody)}
    root = components(len(everybody), ((number[one], number[other]) for one, other in pairs))
    return {name: everybody[root[number[name]]] for name in names}


def shard_names(shard: Shard) -> pl.DataFrame:
    """Who prints which name for which code, in one shard (see `printed_names`)."""
    documents, line_items = _documents(shard), scan_parts(shard.clean_dir, "line_items", shard.partitions)
    return printed_names(documents, line_items.select(NAMED).collect())


def check_shard(task: ShardTask) -> Examined:
    """Check, trace and read one shard."""
    shard = task.shard
    context = checking_context(load_families(forms_dir(shard.clean_dir)), task.codes)
    documents = _documents(shard)
    line_items, narrative, passages, statements = (
        _rows(shard, table) for table in ("line_items", "narrative", "passages", "statements")
    )
    line_items = line_items.join(
        documents.select("document_id", "form"), on="document_id", how="left", maintain_order="left"
    )
    tables = _tables(shard)
    published = ReadDataset(
        documents,
        line_items,
        narrative,
        passages,
        statements,
        tables,
        incomplete_tables(tables, context.identities.tables),
        *_stated(shard),
        name_counts=None if task.names is None else pl.read_ipc(task.names),
        untraced=task.untraced,
    )
    return examine(published, context)


def nothing_checked(task: ShardTask, reason: str) -> Examined:
    """What is said of a shard in which nothing could be checked, for one reason."""
    context = checking_context(load_families(forms_dir(task.shard.clean_dir)))
    documents = _documents(task.shard).unique("document_id", keep="first", maintain_order=True)
    return nothing_examined(documents, _tables(task.shard), to_frame([], "line_items"), context, reason)


def names_of(parts: Sequence[Shard], workers: Workers | None) -> pl.DataFrame:
    """Who prints which name for which code, in some shards (see `printed_names`).

    Args:
        parts: the shards.
        workers: who looks; this process itself where there are none.

    Raises:
        WorkbenchError: a shard could not be looked at, and what is missing would go unnoticed.
    """
    found = list(_names_of(parts, workers))
    return pl.concat(found) if found else printed_names(to_frame([], "documents"), to_frame([], "line_items"))


def _names_of(parts: Sequence[Shard], workers: Workers | None) -> Iterator[pl.DataFrame]:
    if workers is None:
        yield from map(shard_names, parts)
        return
    for _, outcome in workers.outcomes(shard_names, parts):
        if isinstance(outcome, WorkError):
            raise cannot_check(outcome)
        yield outcome


def tasks_of(
    parts: Sequence[Shard], names: pl.DataFrame, folder: Path, codes: Sequence[CodeEntry] = ()
) -> tuple[ShardTask, ...]:
    """What is to be done in some shards of a dataset.

    Args:
        parts: the shards.
        names: who prints which name in the whole dataset.
        folder: for what all shards need to know; workers of a cluster see it under the same path.
        codes: a user's official list of codes.
    """
    place = folder / "names.arrow"
    count_names(names).write_ipc(place)
    return tuple(ShardTask(one, place, codes=tuple(codes)) for one in parts)


def cannot_check(error: WorkError) -> WorkbenchError:
    """What is said where the checking as a whole cannot go on."""
    return WorkbenchError(
        f"核对中断，未写入结果：{error.error or error.kind} {error.words}"
        " / a part of the dataset could not be checked; nothing was written"
    )


def _documents(shard: Shard) -> pl.DataFrame:
    """The documents of a shard; those of a dataset that was read before there were families have no form."""
    return read_table(shard.clean_dir, "documents").filter(pl.col("document_id").is_in(list(shard.documents)))


def _tables(shard: Shard) -> pl.DataFrame:
    """The printed tables; a dataset of before they were told of has none."""
    if not has_table(shard.clean_dir, "tables"):
        return to_frame([], "tables")
    tables = scan_table(shard.clean_dir, "tables").filter(pl.col("document_id").is_in(list(shard.documents)))
    return tables.collect()


def _stated(shard: Shard) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The facts, projects and indicators of a shard; none in a dataset of before there were these tables."""
    own = pl.col("document_id").is_in(list(shard.documents))
    facts, projects, performance = (
        scan_table(shard.clean_dir, table).filter(own).collect()
        if has_table(shard.clean_dir, table)
        else to_frame([], table)
        for table in ("facts", "projects", "performance")
    )
    return facts, projects, performance


def _rows(shard: Shard, table: str) -> pl.DataFrame:
    """The rows of a shard in the order of the files."""
    # Partitions hold few others, so it is cheaper to look at all rows once than at those of each file.
    rows = scan_parts(shard.clean_dir, table, shard.partitions).collect()
    own = rows.filter(pl.col("document_id").is_in(list(shard.documents)))
    return own.sort("source_file", maintain_order=True)
