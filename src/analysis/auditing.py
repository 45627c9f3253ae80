"""The dataset → checks → findings → everything that a person reads of them: the one place that joins the rooms for it.

Balancing says what does not hold and traces it, publishing writes tables and pages, picturing opens the source files.
Nothing here decides anything; the order is the story. Checks and findings are written before any page, so a page that
cannot be made costs no result.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from analysis.balancing.accepted import Stale, read_acceptances, stale_acceptances
from analysis.balancing.code_findings import code_findings
from analysis.balancing.coverage import coverage
from analysis.balancing.enforcement import EnforcementResult, enforce
from analysis.balancing.findings import assemble, findings_of_checks
from analysis.balancing.identities import known_identities
from analysis.balancing.text_findings import text_findings
from analysis.balancing.tracing import trace
from analysis.balancing.validation import check_dataset
from analysis.balancing.witnesses import failures, witnesses
from analysis.errors import DatasetError, ParameterError
from analysis.picturing import picture
from analysis.publishing.audit import NO_SOURCE, Audit, write_audit
from analysis.publishing.dataset import read_table, to_frame, write_table
from analysis.publishing.pictures import Picture
from analysis.publishing.stories.audit import AuditStory
from analysis.publishing.tables import Words
from analysis.terms.snapshot import Snapshot

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class AuditSummary:
    """What an audit found: the findings, the verdict of Great Expectations, stale acceptances, coverage, the page."""

    findings: pl.DataFrame
    enforcement: EnforcementResult
    stale: tuple[Stale, ...]
    coverage: pl.DataFrame
    index: Path

    @property
    def verdict(self) -> Words:
        """What Great Expectations says, in one sentence."""
        verdicts = [verdict.outcome for verdict in self.enforcement.verdicts]
        passed, failed, silent = (verdicts.count(outcome) for outcome in ("pass", "fail", "undecided"))
        told = f"{passed} 条成立，{failed} 条有不符之处，{silent} 条没有一处能够检查"
        return Words((f"{len(verdicts)} 条关系：{told}。",))

    def story(self, clean_dir: Path) -> AuditStory:
        """The audit as the notebook tells it."""
        return AuditStory(clean_dir, self.coverage, tuple(one.words for one in self.stale))


def audit(
    clean_dir: Path,
    raw_dir: Path | None,
    expectations_dir: Path,
    site_dir: Path,
    progress: Progress | None = None,
    workers: int = 2,
) -> AuditSummary:
    """Check the dataset, write checks.parquet and findings.parquet, the Data Docs and the audit pages.

    Args:
        clean_dir: the cleaned dataset.
        raw_dir: the published files, for the pictures alone; None for none.
        expectations_dir: the committed suites and acceptances.
        site_dir: the site.
        progress: called with (done, total, name).
        workers: processes that draw pictures side by side.

    Raises:
        DatasetError: there is no dataset.
        KnowledgeError: a suite or the file of acceptances is malformed.
    """
    steps = Steps(progress)
    accepted = read_acceptances(expectations_dir)
    documents, line_items = read_table(clean_dir, "documents"), read_table(clean_dir, "line_items")
    steps.next("勾稽关系 identities")
    checks = check_dataset(line_items, documents)
    write_table(checks, clean_dir, "checks")
    steps.next("定位 tracing")
    localisations = trace(line_items, checks, known_identities())
    steps.next("文字和编码 text and codes")
    narrative, passages = read_table(clean_dir, "narrative"), _passages(clean_dir)
    codes = code_findings(documents, line_items, narrative)
    parts = [
        findings_of_checks(checks, line_items, localisations),
        text_findings(documents, line_items, narrative, passages, codes),
        codes,
    ]
    findings = assemble(parts, accepted)
    write_table(findings, clean_dir, "findings")
    stale = stale_acceptances(findings, accepted)
    steps.next("Great Expectations")
    enforcement = enforce(checks, expectations_dir, site_dir / "data-docs")
    steps.next("原件截图 pictures")
    snapshots: Mapping[str, Snapshot] = {}
    if raw_dir is not None and raw_dir.is_dir():
        against = witnesses(findings, failures(checks, line_items, known_identities()))
        snapshots = picture(findings, against, documents, raw_dir, workers, progress)
    steps.next("问题清单 pages")
    notes = tuple(one.words for one in stale)
    index = write_audit(Audit(findings, documents, checks, snapshots, notes), site_dir)
    return AuditSummary(findings, enforcement, stale, coverage(line_items, checks), index)


def show_finding(finding_id: str, clean_dir: Path, raw_dir: Path) -> Picture:
    """The picture of one finding, made on demand from its source file.

    Raises:
        ParameterError: there is no such finding.
    """
    findings = read_table(clean_dir, "findings").filter(pl.col("finding_id") == finding_id)
    if findings.is_empty():
        raise ParameterError(f"没有问题 {finding_id}。 / There is no finding {finding_id}.")
    documents, checks = read_table(clean_dir, "documents"), read_table(clean_dir, "checks")
    of_document = pl.col("document_id") == findings["document_id"][0]
    items = read_table(clean_dir, "line_items").filter(of_document)
    against = witnesses(findings, failures(checks.filter(of_document), items, known_identities()))
    snapshots = picture(findings, against, documents, raw_dir)
    return Picture(snapshots.get(finding_id, NO_SOURCE), findings["printed"][0])


@dataclass(slots=True)
class Steps:
    """Tells which step the work is at."""

    progress: Progress | None
    done: int = 0

    def next(self, name: str) -> None:
        """The next of six steps begins."""
        if self.progress:
            self.progress(self.done, 6, name)
        self.done += 1


def _passages(clean_dir: Path) -> pl.DataFrame:
    """The text outside the tables; a dataset of an older reader has none."""
    try:
        return read_table(clean_dir, "passages")
    except DatasetError:
        return to_frame([], "passages")
