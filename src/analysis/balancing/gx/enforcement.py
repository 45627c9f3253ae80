"""The gate: Great Expectations judges the instances against the committed suite, and publishes what it saw.

The committed folder is only read; the run happens on a copy. Three things that Great Expectations would pass over in
silence are errors here: an expectation dropped because its type is unknown, an identity without an expectation, and
rows that were handed over and not looked at. An identity that no document let anybody check is neither passed nor
failed: it is left out of the run and shown as "could not be checked", with its reasons. Of very many instances only the
worst violations and a sample of the rest are handed over (`analysis.balancing.gx.tally`); the page says so. Great
Expectations keeps global state (its yaml parser, its current project): threads take turns.
"""

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import great_expectations as gx
import polars as pl
from great_expectations.core.run_identifier import RunIdentifier

from analysis.balancing.gx.data_docs import Undecided, publish_data_docs
from analysis.balancing.gx.identity_expectation import AT_LEAST, COLUMNS
from analysis.balancing.gx.suites import CHECKPOINT, SUITE_FILE, canonical, expectations
from analysis.balancing.gx.tally import SAMPLE, WORST, Tally
from analysis.errors import KnowledgeError
from analysis.terms.identity import Identities, Identity, Relation

_TURN = Lock()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one identity: outcome `pass`, `fail` or `undecided` (no instance could be looked at).

    `severity` is that of the suite: critical where the identity is a law, warning where it is usual or a bound.
    """

    identity: str
    sentence: str
    outcome: str
    evaluated: int
    failed: int
    reasons: tuple[str, ...] = ()
    severity: str = "critical"


@dataclass(frozen=True, slots=True)
class EnforcementResult:
    """The verdicts in the order of the suite, how many instances were handed over, and where the pages are."""

    verdicts: tuple[Verdict, ...]
    instances: int
    handed_over: int
    index: Path

    @property
    def success(self) -> bool:
        """Whether no identity that is a law failed and at least one could be checked."""
        laws = {verdict.outcome for verdict in self.verdicts if verdict.severity == "critical"}
        return "fail" not in laws and "pass" in laws


def run_suite(
    tally: Tally, expectations_root: Path, docs_dir: Path, identities: Identities, added: Sequence[Identity] = ()
) -> EnforcementResult:
    """Runs the committed suite on what was gathered of the checks and writes the Data Docs.

    Args:
        tally: of the outcomes of `analysis.balancing.identities.checks.check_instances`.
        expectations_root: the committed folder; it is not written to.
        docs_dir: where the pages go; pages of an earlier run are replaced.
        identities: those that were looked at.
        added: those of a user's own families, which no committed suite knows.

    Raises:
        KnowledgeError: the suite is missing or damaged, lacks an identity, names an unknown type, or rows were dropped.
    """
    suite = _suite(expectations_root)
    suite = {**suite, "expectations": [*suite["expectations"], *expectations(added)]}
    expected = {str(one["meta"]["identity"]): one for one in suite["expectations"]}
    counts = {name: count for name in tally.identities if (count := tally.looked_at(name))}
    if missing := sorted(tally.identities - set(expected)):
        raise KnowledgeError(f"{expectations_root / SUITE_FILE}: no expectation for {', '.join(missing)}; write them")
    undecided = _undecided(tally, set(expected) - set(counts))
    fed = handed_over(tally, identities)
    with tempfile.TemporaryDirectory(prefix="workbench-gx-") as folder:
        root = Path(folder) / "expectations"
        shutil.copytree(expectations_root, root)
        runnable = [one for name, one in expected.items() if name in counts]
        (root / SUITE_FILE).write_text(canonical({**suite, "expectations": runnable}), encoding="utf-8")
        with _TURN:
            failed = _run(root, fed, len(runnable))
        note = "" if fed.height == tally.seen else _sample_note(fed.height, tally.seen)
        sentences = {name: str(one["kwargs"]["sentence"]) for name, one in expected.items()}
        shown = [Undecided(name, sentences[name], reasons) for name, reasons in undecided.items()]
        index = publish_data_docs(Path(folder) / "results" / "data-docs", docs_dir, shown, note)
    all_failed = {name: count for name in counts if (count := tally.outcomes[name, "fail"])}
    verdicts = []
    for name, sentence in sentences.items():
        if (name in failed) != (name in all_failed):
            raise KnowledgeError(f"identity {name}: Great Expectations and the checks disagree; write the suite anew")
        outcome = "undecided" if name not in counts else "fail" if name in failed else "pass"
        count = counts.get(name, 0)
        reasons_given = undecided.get(name, ())
        severity = str(expected[name]["severity"])
        verdicts.append(Verdict(name, sentence, outcome, count, all_failed.get(name, 0), reasons_given, severity))
    return EnforcementResult(tuple(verdicts), tally.seen, fed.height, index)


def handed_over(tally: Tally, identities: Identities) -> pl.DataFrame:
    """The rows that Great Expectations gets, amounts in fen, the worst first: `identity` and `COLUMNS`."""
    bounds = [one.id for one in identities.entries if one.relation is Relation.AT_LEAST]
    rows = tally.rows()
    fen = [(pl.col(name) * 100).cast(pl.Int64) for name in ("left", "right", "tolerance")]
    return rows.with_columns(
        *fen,
        pl.col("table").replace(dict(identities.tables)),
        pl.col("measure").replace(dict(identities.measures)),
        pl.col("code", "name").fill_null(""),
        document=pl.col("source_file"),
        relation=pl.when(pl.col("identity").is_in(bounds)).then(pl.lit(AT_LEAST)).otherwise(pl.lit("=")),
    ).select("identity", *(pl.col(name) for name in COLUMNS))


def _suite(root: Path) -> dict[str, Any]:
    path = root / SUITE_FILE
    try:
        suite: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise KnowledgeError(f"{path}: cannot be read ({error}); write the expectations anew") from error
    return suite


def _undecided(tally: Tally, identities: set[str]) -> dict[str, tuple[str, ...]]:
    """The reasons why nothing could be looked at, most frequent first, for each of `identities`."""
    nobody = "数据中没有适用的文件 / no document of this kind in the dataset"
    reasons: dict[str, list[str]] = {name: [] for name in sorted(identities)}
    for (name, reason), _ in sorted(tally.reasons.items(), key=lambda one: (-one[1], one[0][1])):
        if name in reasons:
            reasons[name].append(reason)
    return {name: tuple(found) or (nobody,) for name, found in reasons.items()}


def _run(root: Path, fed: pl.DataFrame, expectations: int) -> set[str]:
    """Runs the suite of `root` and builds its pages; the identities that failed."""
    context = gx.get_context(mode="file", context_root_dir=str(root))
    failed: set[str] = set()
    if expectations:
        checkpoint = context.checkpoints.get(CHECKPOINT)
        result = checkpoint.run({"dataframe": fed.to_pandas()}, run_id=RunIdentifier(run_name=CHECKPOINT))
        (validation,) = result.run_results.values()
        evaluated = validation.statistics["evaluated_expectations"]
        if evaluated != expectations:
            raise KnowledgeError(f"{root.name}: {expectations} expectations are committed, {evaluated} were evaluated")
        given = {str(name): count for name, count in fed.group_by("identity").len().rows()}
        for one in validation.results:
            name = str((one.expectation_config.meta or {})["identity"]) if one.expectation_config else ""
            if one.result.get("instances") != given.get(name):
                raise KnowledgeError(f"identity {name}: {given.get(name)} rows were handed over, not all looked at")
            if not one.success:
                failed.add(name)
    context.build_data_docs()
    return failed


def _sample_note(fed: int, total: int) -> str:
    zh = f"共 {total:,} 处，本页列入 {fed:,} 处：每条关系最多 {WORST} 处差额最大的不符和 {SAMPLE:,} 处相符"
    en = f"{fed:,} of {total:,} instances: of each identity the {WORST} worst violations and {SAMPLE:,} others"
    return f"{zh} / {en}"
