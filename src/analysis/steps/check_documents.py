"""What is found in the documents of a dataset: in those that are new or have changed by checking them, else as before.

First it is told who prints which name, for that is what documents ask of one another; then it is known in which bodies
something may have changed (`earlier_checks`), and these are checked shard by shard.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import polars as pl

from analysis.balancing.codes.name_counts import count_names, names_looked_up
from analysis.dataset.spool import Spool
from analysis.dataset.store import read_table
from analysis.knowledge.code_books import code_book
from analysis.runtime.work import Workers
from analysis.steps.check_apart import check_shards
from analysis.steps.collect import Collected
from analysis.steps.earlier_checks import (
    EarlierChecks,
    answers_of,
    contents_of,
    earlier_checks,
    keep_checks,
    name_spool,
)
from analysis.steps.shards import Shard, bodies_of, names_of, tasks_of, together
from analysis.terms.code_book import CodeEntry
from analysis.terms.document import READ_STATUSES

Pools = Callable[[int], AbstractContextManager[Workers | None]]


def check_documents(
    clean_dir: Path,
    folder: Path,
    collected: Collected,
    codes: Sequence[CodeEntry],
    pools: Pools,
    shard_size: int,
    tell: Callable[[int], None],
) -> Mapping[str, str]:
    """Put what is found in all documents into `collected`, and keep it for the next time.

    Args:
        clean_dir: the cleaned dataset.
        folder: for what is in the making; workers of a cluster see it under the same path.
        collected: where it is put.
        codes: a user's official list of codes.
        pools: gives workers for so many shards, or None where this process works.
        shard_size: documents in a shard.
        tell: called with the number of shards to check, then with 0 after each.

    Returns:
        For each document that was checked as it should a fingerprint of what its findings follow from.

    Raises:
        WorkbenchError: the dataset cannot be read, knowledge is malformed, or workers were lost.
    """
    bodies = bodies_of(clean_dir)
    contents = contents_of(clean_dir, bodies, codes)
    earlier = earlier_checks(clean_dir)
    with name_spool(folder) as spool, ExitStack() as stack:
        unknown = [body for body, content in zip(bodies, contents, strict=True) if earlier.names(content) is None]
        shards = together(unknown, shard_size)
        workers = stack.enter_context(pools(len(shards)))
        names = _names(bodies, contents, earlier, names_of(shards, workers), spool)
        answers = answers_of(bodies, names_looked_up(names, count_names(names), code_book(tuple(codes))))
        known: list[Shard] = []
        due: list[Shard] = []
        for body, content, answer in zip(bodies, contents, answers, strict=True):
            (known if earlier.holds(content, answer) else due).append(body)
        shards = together(due, shard_size)
        tell(len(shards))
        collected.take_over(earlier.found, list(_files(clean_dir, known)))
        if workers is None:
            workers = stack.enter_context(pools(len(shards)))
        for result in check_shards(tasks_of(shards, names, folder, codes), workers):
            collected.put(result)
            tell(0)
        sound = [not collected.broken.intersection(body.documents) for body in bodies]
        asked = {content: answer for content, answer, whole in zip(contents, answers, sound, strict=True) if whole}
        keep_checks(clean_dir, collected, spool, asked)
    return {
        document: f"{content}{answer}"
        for body, content, answer, whole in zip(bodies, contents, answers, sound, strict=True)
        for document in body.documents
        if whole
    }


def _names(
    bodies: Sequence[Shard], contents: Sequence[str], earlier: EarlierChecks, new: pl.DataFrame, spool: Spool[str]
) -> pl.DataFrame:
    """Who prints which name in all bodies; that of each is put into the spool."""
    by_document = {document: rows for (document,), rows in new.partition_by("document_id", as_dict=True).items()}
    found = [new.clear()]
    for body, content in zip(bodies, contents, strict=True):
        known = earlier.names(content)
        if known is None:
            rows = [by_document[document] for document in body.documents if document in by_document]
            known = pl.concat([new.clear(), *rows])
        spool.put(content, known.to_arrow().cast(spool.schema))
        found.append(known)
    return pl.concat(found)


def _files(clean_dir: Path, bodies: Sequence[Shard]) -> Iterator[tuple[str, str]]:
    """The file and the id of each document of some bodies."""
    of_bodies = pl.col("document_id").is_in([document for body in bodies for document in body.documents])
    read = read_table(clean_dir, "documents").filter(of_bodies, pl.col("status").is_in(READ_STATUSES))
    yield from read.select("source_file", "document_id").iter_rows()
