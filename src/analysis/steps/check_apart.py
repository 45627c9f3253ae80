"""Shards are checked, and a document that breaks the checking costs only itself.

Where a shard breaks, its halves are checked, then theirs, until the documents are known that break by themselves. Where
it is the tracing alone that breaks in one of them, it is checked and nothing is traced in it; else all that is said of
it is that it was not checked, and why. Then the shard is checked once more without what breaks. A dataset that cannot
be read and knowledge that is malformed are no fault of a document: they end the checking.
"""

import builtins
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from analysis import errors
from analysis.balancing.examine import Examined
from analysis.errors import WorkbenchError
from analysis.runtime.work import FailureKind, WorkError, Workers
from analysis.runtime.worker import attempt
from analysis.steps.shards import ShardTask, cannot_check, check_shard, nothing_checked


def _descendants(modules: Sequence[object], base: type[Exception]) -> frozenset[str]:
    every = [one for module in modules for one in vars(module).values()]
    return frozenset(one.__name__ for one in every if isinstance(one, type) and issubclass(one, base))


_NOT_OF_A_DOCUMENT = _descendants([errors], WorkbenchError) | _descendants([builtins], OSError)


def check_shards(tasks: Sequence[ShardTask], workers: Workers | None) -> Iterator[Examined]:
    """What is found in all shards, as they get done; this process itself works where there are no workers.

    Raises:
        WorkbenchError: the dataset cannot be read, or knowledge is malformed.
    """
    broken: list[ShardTask] = []
    for task, outcome in _outcomes(tasks, workers):
        if isinstance(outcome, WorkError):
            _refuse_what_is_of_no_document(outcome)
            broken.append(task)
        else:
            yield outcome
    for task in broken:
        for found in _without_what_breaks(task, workers):
            yield replace(found, sound=False)


def _outcomes(tasks: Sequence[ShardTask], workers: Workers | None) -> Iterator[tuple[ShardTask, Examined | WorkError]]:
    if workers is None:
        yield from ((task, attempt(check_shard, task)) for task in tasks)
        return
    for number, outcome in workers.outcomes(check_shard, tasks):
        yield tasks[number], outcome


def _refuse_what_is_of_no_document(error: WorkError) -> None:
    if error.error in _NOT_OF_A_DOCUMENT:
        raise cannot_check(error)


def _without_what_breaks(task: ShardTask, workers: Workers | None) -> Iterator[Examined]:
    """The results of a shard of which some documents break the checking."""
    breaking = _breaking(task, workers)
    untraced = {
        one.shard.documents[0]
        for one, outcome in _outcomes([replace(_of(task, [name]), untraced=(name,)) for name in breaking], workers)
        if not isinstance(outcome, WorkError)
    }
    left_out = {name: error for name, error in breaking.items() if name not in untraced}
    rest = [name for name in task.shard.documents if name not in left_out]
    together = replace(_of(task, rest), untraced=tuple(sorted(untraced)))
    for _, outcome in _outcomes([together] if rest else [], workers):
        if isinstance(outcome, WorkError):  # they break together alone: what links them is not looked at
            alone = [replace(_of(task, [name]), untraced=together.untraced) for name in rest]
            for one, found in _outcomes(alone, workers):
                if isinstance(found, WorkError):
                    left_out[one.shard.documents[0]] = found
                else:
                    yield found
        else:
            yield outcome
    for name, error in left_out.items():
        yield nothing_checked(_of(task, [name]), _words(error))


def _breaking(task: ShardTask, workers: Workers | None) -> Mapping[str, WorkError]:
    """The documents of a shard that break the checking by themselves, each with what happened."""
    breaking: dict[str, WorkError] = {}
    halves = list(_halves(task)) or [task]
    while halves:
        again: list[ShardTask] = []
        for part, outcome in _outcomes(halves, workers):
            if isinstance(outcome, WorkError):
                _refuse_what_is_of_no_document(outcome)
                if len(part.shard.documents) == 1:
                    breaking[part.shard.documents[0]] = outcome
                again += _halves(part)
        halves = again
    return dict(sorted(breaking.items()))


def _halves(task: ShardTask) -> Iterator[ShardTask]:
    documents = task.shard.documents
    middle = len(documents) // 2
    if middle:
        yield _of(task, documents[:middle])
        yield _of(task, documents[middle:])


def _of(task: ShardTask, documents: Sequence[str]) -> ShardTask:
    """The same work on some documents of the shard."""
    return replace(task, shard=replace(task.shard, documents=tuple(documents)))


def _words(error: WorkError) -> str:
    """Why a document was not checked."""
    if error.kind is not FailureKind.ERROR:
        return f"核对此文件时{error.words.replace(' / ', ' / the checking broke on it: ', 1)}"
    return (
        f"核对此文件时遇到意外错误（{error.error}，{error.where}），未检查；请报告此错误"
        f" / the checking broke on it ({error.error} at {error.where}); report this"
    )
