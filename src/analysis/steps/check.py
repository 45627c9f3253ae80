"""The dataset → checks → findings → everything that a person reads of them: the one place that joins the rooms for it.

Balancing says what does not hold and traces it, the store and the site write tables and pages, snapshots are taken of
the source files. Nothing here decides anything; the order is the story. The dataset is looked at shard by shard, on
whatever workers there are (`steps.shards`); what comes back is set aside and written in an order that does not depend
on them. Checks and findings are written before any page, so a page that cannot be made costs no result.
"""

import analysis.runtime.kernels.schemas  # noqa: F401 - before Great Expectations, which imports jsonschema

# isort: split
import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from analysis.balancing.acceptances import Stale, read_acceptances, stale_acceptances
from analysis.balancing.evidence import contradicted_places, failures
from analysis.balancing.gx.enforcement import EnforcementResult, run_suite
from analysis.balancing.identities.checks import check_instances
from analysis.dataset.finding_order import in_order
from analysis.dataset.generations import scratch_dir
from analysis.dataset.locks import pinned
from analysis.dataset.store import forms_dir, read_table, scan_slice, scan_table
from analysis.display.pictures import Picture
from analysis.display.tables import Paragraph
from analysis.errors import ParameterError
from analysis.knowledge.families import load_families
from analysis.knowledge.identities import load_identities
from analysis.knowledge.official_codes import official_list
from analysis.knowledge.rule_sentences import rule_sentences
from analysis.reports.check_report import CheckReport
from analysis.runtime.work import WorkError, Workers
from analysis.runtime.worker import attempt
from analysis.runtime.workers import worker_pool
from analysis.site.audit.audit_pages import NO_SOURCE, Audit, AuditBatch, joined, write_audit
from analysis.steps.check_documents import check_documents
from analysis.steps.collect import collecting
from analysis.steps.shards import SHARD_SIZE
from analysis.steps.take_snapshots import take_snapshots
from analysis.terms.document import READ_STATUSES, Status
from analysis.terms.finding import FindingStatus
from analysis.terms.snapshot import Snapshot

_WORTH_WORKERS = 3
_NO_PICTURE = "截图时遇到意外错误，未出图；请报告此错误"
_CHECKING = "勾稽、定位、文字和编码 checks"

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class CheckSummary:
    """What a check of the dataset found: the verdict of Great Expectations, stale acceptances, coverage, the page.

    `clean_dir` is the generation that was checked, whatever was cleaned meanwhile.
    """

    clean_dir: Path
    enforcement: EnforcementResult
    stale: tuple[Stale, ...]
    coverage: pl.DataFrame
    index: Path

    @property
    def findings(self) -> pl.DataFrame:
        """All findings."""
        return read_table(self.clean_dir, "findings")

    @property
    def verdict(self) -> Paragraph:
        """What Great Expectations says, in one sentence."""
        verdicts = [verdict.outcome for verdict in self.enforcement.verdicts]
        passed, failed, silent = (verdicts.count(outcome) for outcome in ("pass", "fail", "undecided"))
        summary = f"{passed} 条成立，{failed} 条有不符之处，{silent} 条没有一处能够检查"
        return Paragraph((f"{len(verdicts)} 条关系：{summary}。",))

    def report(self, clean_dir: Path) -> CheckReport:
        """The validation as its notebook shows it."""
        return CheckReport(clean_dir, self.coverage, tuple(one.words for one in self.stale))


@dataclass(frozen=True, slots=True)
class Distribution:
    """How the work is spread: over processes side by side, or the workers of a Dask scheduler, who check shards.

    The workers of a scheduler see the dataset under the same path. `shard_size` is in documents.
    """

    workers: int = 2
    scheduler: str | None = None
    shard_size: int = SHARD_SIZE

    def pool(self, shards: int) -> AbstractContextManager[Workers | None]:
        """Who checks that many shards; nobody but this process where starting a worker takes longer than a shard."""
        if self.scheduler is None and (self.workers == 1 or shards < _WORTH_WORKERS):
            return nullcontext()
        return worker_pool(min(self.workers, shards), self.scheduler)


LOCAL = Distribution()


def check_dataset(
    clean_dir: Path,
    raw_dir: Path | None,
    expectations_dir: Path,
    site_dir: Path,
    progress: Progress | None = None,
    distribution: Distribution = LOCAL,
) -> CheckSummary:
    """Check the dataset, write checks.parquet and findings.parquet, the Data Docs and the audit pages.

    Args:
        clean_dir: the cleaned dataset.
        raw_dir: the published files, for the pictures alone; None for none.
        expectations_dir: the committed suites and acceptances, and a user's official list of codes.
        site_dir: the site.
        progress: called with (done, total, name).
        distribution: how the work is spread.

    Raises:
        DatasetError: there is no dataset.
        KnowledgeError: a suite or the file of acceptances is malformed.
        WorkbenchError: the scheduler cannot be reached, or a shard could not be checked.
    """
    steps = Steps(progress)
    accepted = read_acceptances(expectations_dir)
    with pinned(clean_dir) as generation, scratch_dir(generation) as folder, collecting(folder, accepted) as collected:
        codes = official_list(expectations_dir)
        followed = check_documents(
            generation,
            folder,
            collected,
            codes,
            distribution.pool,
            distribution.shard_size,
            lambda shards: steps.start(_CHECKING, shards),
        )
        tally = collected.write(generation)
        findings = scan_table(generation, "findings")
        named = findings.filter(pl.col("finding_id").is_in([one.finding_id for one in accepted])).collect()
        stale = stale_acceptances(named, accepted)
        steps.start("Great Expectations")
        identities = load_identities(load_families(forms_dir(generation)))
        shipped = {one.id for one in load_identities(load_families()).entries}
        added = [one for one in identities.entries if one.id not in shipped]
        enforcement = run_suite(tally, expectations_dir, site_dir / "data-docs", identities, added)
        steps.start("问题清单和原件截图 pages")

        def part(rows: pl.DataFrame) -> AuditBatch:
            here, contradicted = collected.of_documents(rows)
            duties = collected.duties_of(rows)
            if raw_dir is None or not raw_dir.is_dir():
                return AuditBatch(here, {}, duties)
            pictures = attempt(
                lambda _: take_snapshots(here, contradicted, rows, raw_dir, distribution.workers, steps.within), None
            )
            if not isinstance(pictures, WorkError):
                return AuditBatch(here, pictures, duties)
            if rows.height > 1:
                return joined([part(row) for row in rows.iter_slices(1)])
            unseen = Snapshot((), f"{_NO_PICTURE}（{pictures.error}）。 / No picture could be made.")
            return AuditBatch(here, dict.fromkeys(here["finding_id"], unseen), duties)

        documents, notes = read_table(generation, "documents"), tuple(one.words for one in stale)
        shown = Audit(
            in_order(findings),
            documents,
            scan_table(generation, "duties"),
            collected.outcomes,
            part,
            rule_sentences(identities),
            notes,
            page_keys(followed, documents, findings, raw_dir),
            apart,
        )
        index = write_audit(shown, site_dir)
        return CheckSummary(generation, enforcement, stale, collected.coverage, index)


def page_keys(
    followed: Mapping[str, str], documents: pl.DataFrame, findings: pl.LazyFrame, raw_dir: Path | None
) -> dict[str, str]:
    """For each document a key of what its page follows from: what was found, what is accepted, the file it shows."""
    accepted = findings.filter(pl.col("status") == FindingStatus.ACCEPTED.value)
    said: dict[str, list[tuple[str, str]]] = {}
    for document, *words in accepted.select("document_id", "finding_id", "accepted_reason").collect().iter_rows():
        said.setdefault(document, []).append((words[0], words[1]))
    files = dict(
        documents.filter(pl.col("status").is_in(READ_STATUSES)).select("document_id", "source_file").iter_rows()
    )
    keys = {}
    for document, found in followed.items():
        told = repr((found, said.get(document), _file_state(raw_dir, files[document])))
        keys[document] = hashlib.sha256(told.encode()).hexdigest()
    return keys


def _file_state(raw_dir: Path | None, source_file: str) -> tuple[int, int] | None:
    """Size and time of a published file; None where it is not there."""
    try:
        state = None if raw_dir is None else (raw_dir / source_file).stat()
    except OSError:
        return None
    return None if state is None else (state.st_size, state.st_mtime_ns)


def apart(make: Callable[[Mapping[str, Any]], str], row: Mapping[str, Any]) -> tuple[str | None, str]:
    """What is made of a row; or None and the error, which is that of the row alone."""
    outcome = attempt(make, row)
    return (None, f"{outcome.error} {outcome.where}") if isinstance(outcome, WorkError) else (outcome, "")


def show_finding(finding_id: str, clean_dir: Path, raw_dir: Path) -> Picture:
    """The picture of one finding, made on demand from its source file.

    Raises:
        ParameterError: there is no such finding.
    """
    findings = scan_table(clean_dir, "findings").filter(pl.col("finding_id") == finding_id).collect()
    if findings.is_empty():
        raise ParameterError(f"没有问题 {finding_id}。 / There is no finding {finding_id}.")
    of_document = pl.col("document_id") == findings["document_id"][0]
    documents = read_table(clean_dir, "documents").filter(of_document, pl.col("status") != Status.DUPLICATE.value)
    organisations = documents["organisation_id"].drop_nulls().to_list() or None
    items = scan_slice(clean_dir, "line_items", organisations).filter(of_document).collect()
    checks = scan_table(clean_dir, "checks").filter(of_document).collect()
    identities = load_identities(load_families(forms_dir(clean_dir)))
    checked = replace(check_instances(items, documents, identities), checks=checks)
    against = contradicted_places(findings, failures(checked, items, identities))
    snapshots = take_snapshots(findings, against, documents, raw_dir)
    return Picture(snapshots.get(finding_id, NO_SOURCE), findings["printed"][0])


@dataclass(slots=True)
class Steps:
    """Tells which step the work is at."""

    progress: Progress | None
    done: int = 0
    total: int = 3

    def start(self, name: str, more: int = 0) -> None:
        """The next step begins; `more` steps than were thought are to come."""
        self.total += more
        if self.progress:
            self.progress(self.done, self.total, name)
        self.done += 1

    def within(self, _done: int, _total: int, name: str) -> None:
        """The step goes on with something of that name."""
        if self.progress:
            self.progress(self.done, self.total, name)
