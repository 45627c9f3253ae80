"""Many reports: planned, made side by side, each written down when it is finished.

A report that fails costs only itself, and the run goes on. What died of its machine, a kernel or a worker that was
killed, is tried once more. Whoever stops the run, by Ctrl-C or by a kill, loses what was being made at that moment; the
next run does the rest.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path

from analysis.errors import KernelDiedError
from analysis.pages import assets
from analysis.reports.planning.manifest import FinishedReport, opened
from analysis.reports.planning.plan import PendingReport, ReportTarget, plan, remove, sweep
from analysis.reports.report_spec import ReportSpec
from analysis.runtime.kernels.limits import RunLimits
from analysis.runtime.work import WorkError, Workers

Progress = Callable[[int, int, str], None]
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Batch:
    """The reports of one kind, and how they are run."""

    of: ReportTarget
    limits: RunLimits = field(default_factory=RunLimits)


@dataclass(frozen=True, slots=True)
class Published:
    """What a run did: pages made, how many stood already, the reports that failed with the reason, pages removed."""

    pages: tuple[Path, ...]
    unchanged: int
    failures: tuple[tuple[str, str], ...]
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One report to be made, as a worker gets it; `again` where it died before."""

    batch: Batch
    due: PendingReport
    again: bool = False


def make(job: Job) -> FinishedReport:
    """Make one report; what a worker does. Returns what is to be written down.

    Raises:
        NotebookError: the notebook did not run to its end, cannot be shown, or the disk is full.
    """
    # Imported here, for a run that plans and waits needs nothing of it; and the server of kernels imports meanwhile.
    from analysis.reports.kernel_preload import REPORT_PRELOAD
    from analysis.runtime.kernels.fork_client import servers

    batch = job.batch
    servers.start({**os.environ, **batch.limits.environment()}, REPORT_PRELOAD)
    from analysis.reports.publish import publish

    # A worker of a cluster may have several threads; the messages of kernels driven side by side get mixed up.
    with _one_at_a_time:
        limits = replace(batch.limits, ahead=not job.again)  # if it dies again, all that it put out is to be kept
        page = publish(batch.of.notebook, batch.of.clean_dir, batch.of.site_dir, job.due.report, limits)
    return replace(job.due.made, size=page.stat().st_size)


def run(
    batch: Batch,
    among: Sequence[ReportSpec],
    only: Sequence[str],
    workers: Callable[[], AbstractContextManager[Workers]],
    progress: Progress,
    waiting: Callable[[], None],
) -> Published:
    """Bring the reports of one kind up to date.

    Args:
        batch: The kind, and how.
        among: Every report of the kind that the dataset can bear.
        only: Keys or names; none for all.
        workers: Starts workers; called only where there is something to do.
        progress: Called with (done, total, title) after each report.
        waiting: Called where another run works on this site.

    Raises:
        ParameterError: `only` names something that is not there.
        WorkbenchError: The disk is full, or the cluster was lost.
    """
    with opened(batch.of.site_dir / "reports", waiting) as manifest:
        planned = plan(manifest, batch.of, among, only)
        sweep(batch.of.site_dir / "reports" / batch.of.by)
        remove(manifest, batch.of.site_dir, planned.gone)
        made: list[PendingReport] = []
        failures: dict[str, str] = {}
        if planned.due:
            assets.write_assets(batch.of.site_dir / "assets")
            with workers() as pool:
                for due, outcome in _outcomes(pool, batch, planned.due):
                    if isinstance(outcome, WorkError):
                        failures[due.report.key] = outcome.words
                    else:
                        manifest.add(outcome)
                        made.append(due)
                    progress(len(made) + len(failures), len(planned.due), due.report.title)
    pages = sorted(due.report.page(batch.of.site_dir) for due in made)
    gone = sorted(made.key for made in planned.gone)
    return Published(tuple(pages), planned.unchanged, tuple(sorted(failures.items())), tuple(gone))


def _outcomes(
    workers: Workers, batch: Batch, due: Sequence[PendingReport]
) -> Iterator[tuple[PendingReport, FinishedReport | WorkError]]:
    again: list[PendingReport] = []
    for number, outcome in workers.outcomes(make, (Job(batch, one) for one in due)):
        if isinstance(outcome, WorkError) and outcome.error == KernelDiedError.__name__:
            again.append(due[number])
        else:
            yield due[number], outcome
    for number, outcome in workers.outcomes(make, (Job(batch, one, again=True) for one in again)):
        yield again[number], outcome
