"""What a person has looked at and lets stand: findings accepted with a reason, a name and a date.

`expectations/accepted_findings.toml` is written by hand and reviewed like the suites. An acceptance names a finding by
its id and repeats its rule and what was printed: that is the guard. Where the guard no longer fits, the finding is not
the one that was accepted; it stays open and the acceptance is reported. So is one that matches no finding any more: a
mended reader or a corrected document has made it needless. `document` is for the reader of the file alone, because
files move. A malformed file is our fault and an error at once: an acceptance must never be lost in silence.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from analysis.errors import KnowledgeError
from analysis.terms.finding import FindingStatus

FILE = "accepted_findings.toml"
_KEYS = ("finding_id", "document", "rule", "printed", "reason", "by", "date")


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One finding that a person accepts; `printed` is empty where the finding has nothing printed."""

    finding_id: str
    document: str
    rule: str
    printed: str
    reason: str
    by: str
    date: date

    @property
    def words(self) -> str:
        """Reason, person and date, as they stand beside the finding."""
        return f"{self.reason}（{self.by}，{self.date.isoformat()}）"


@dataclass(frozen=True, slots=True)
class Stale:
    """An acceptance that does nothing any more, and why, in Chinese and English."""

    acceptance: Acceptance
    zh: str
    en: str

    @property
    def words(self) -> str:
        """What is wrong with the acceptance, in one sentence."""
        return f"{FILE} 中 {self.acceptance.finding_id}（{self.acceptance.document}）：{self.zh}。 / {self.en}"


def read_acceptances(expectations_dir: Path) -> tuple[Acceptance, ...]:
    """The acceptances of the project; none where there is no file.

    Raises:
        KnowledgeError: the file is malformed; the message says where.
    """
    path = expectations_dir / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path}: cannot be read ({error}); save it as UTF-8") from error
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"{path}: no valid TOML: {error}") from error
    entries = content.pop("accepted", [])
    if content or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise KnowledgeError(f"{path}: only [[accepted]] entries may stand here; {', '.join(content)} is not one")
    acceptances = tuple(_acceptance(entry, f"{path}: entry {number}") for number, entry in enumerate(entries, 1))
    names = [one.finding_id for one in acceptances]
    if doubled := sorted({name for name in names if names.count(name) > 1}):
        raise KnowledgeError(f"{path}: accepted twice: {', '.join(doubled)}; keep one of them")
    return acceptances


def _acceptance(entry: Mapping[str, Any], where: str) -> Acceptance:
    if unknown := sorted(set(entry) - set(_KEYS)):
        raise KnowledgeError(f"{where}: unknown key {', '.join(unknown)}; known: {', '.join(_KEYS)}")
    if missing := [key for key in _KEYS if key not in entry]:
        raise KnowledgeError(f"{where}: missing key {', '.join(missing)}")
    if type(entry["date"]) is not date:
        raise KnowledgeError(f"{where}: date is a day without quotes, such as 2026-03-01")
    words = {key: entry[key] for key in _KEYS if key != "date"}
    for key, value in words.items():
        if not isinstance(value, str) or (key != "printed" and not value.strip()):
            raise KnowledgeError(f"{where}: {key} must be a text that is not empty")
    return Acceptance(**words, date=entry["date"])


def accept(findings: pl.DataFrame, accepted: Sequence[Acceptance]) -> pl.DataFrame:
    """The findings with `status` and `accepted_reason`: accepted where the id is named and the guard fits."""
    found = _by_id(findings)
    reasons = {one.finding_id: one.words for one in accepted if _broken(one, found.get(one.finding_id)) is None}
    of_finding = pl.col("finding_id").replace_strict(reasons, default=None, return_dtype=pl.String)
    return findings.with_columns(
        status=pl.when(pl.col("finding_id").is_in(list(reasons)))
        .then(pl.lit(FindingStatus.ACCEPTED.value))
        .otherwise(pl.lit(FindingStatus.OPEN.value)),
        accepted_reason=of_finding,
    )


def stale_acceptances(findings: pl.DataFrame, accepted: Sequence[Acceptance]) -> tuple[Stale, ...]:
    """The acceptances that match no finding, or whose guard no longer fits, in the order of the file."""
    found = _by_id(findings)
    broken = ((one, _broken(one, found.get(one.finding_id))) for one in accepted)
    return tuple(Stale(one, *words) for one, words in broken if words is not None)


def _by_id(findings: pl.DataFrame) -> dict[str, tuple[str, str]]:
    rows = findings.select("finding_id", "rule", pl.col("printed").fill_null("")).iter_rows()
    return {finding_id: (rule, printed) for finding_id, rule, printed in rows}


def _broken(one: Acceptance, finding: tuple[str, str] | None) -> tuple[str, str] | None:
    """Why the acceptance does not hold, in Chinese and English; None where it holds."""
    if finding is None:
        return "已没有这个问题，请删去此条", "there is no such finding any more: remove the entry"
    rule, printed = finding
    if rule != one.rule:
        return f"规则应为 {rule}，写的是 {one.rule}", f"its rule is {rule}, not {one.rule}"
    if printed != one.printed:
        return (
            f"印出的已是“{printed}”，确认时是“{one.printed}”，请重新核实",
            f"{printed!r} is printed now, {one.printed!r} when it was accepted: look again",
        )
    return None
