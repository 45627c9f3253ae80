"""What Great Expectations is given of the checks, gathered piece by piece: the counts of all, the rows of some.

Beyond `limit` instances only the worst violations of each identity and a sample of what holds are kept; the counts stay
those of all instances. The pieces come in the order of the checks, so the same checks give the same rows however they
are cut.
"""

from collections import Counter
from dataclasses import dataclass, field

import polars as pl

WORST = 200
SAMPLE = 1_000
LIMIT = 200_000
_EXCESS = (pl.col("left") - pl.col("right")).abs()
_WORST_FIRST = [True, False]


@dataclass(slots=True)
class Tally:
    """Counts by identity and outcome, by identity and reason; and the rows kept."""

    limit: int = LIMIT
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    _failing: list[pl.DataFrame] = field(default_factory=list)
    _holding: list[pl.DataFrame] = field(default_factory=list)

    def add(self, checks: pl.DataFrame) -> None:
        """Take in the next piece of the checks."""
        for identity, outcome, count in checks.group_by("identity", "outcome").len().iter_rows():
            self.outcomes[identity, outcome] += count
        silent = checks.filter(pl.col("outcome") == "not_applicable")
        for identity, reason, count in silent.group_by("identity", "reason").len().iter_rows():
            self.reasons[identity, str(reason)] += count
        self._failing.append(checks.filter(pl.col("outcome") == "fail"))
        self._holding.append(checks.filter(pl.col("outcome") == "pass"))
        if self.seen > self.limit:
            failing = pl.concat(self._failing).sort(_EXCESS, "check_id", descending=_WORST_FIRST)
            self._failing = [failing.group_by("identity", maintain_order=True).head(WORST).select(checks.columns)]
            # What holds is sampled as it comes; sorting a million places to show a few would cost more than judging.
            holding = pl.concat(self._holding)
            self._holding = [holding.group_by("identity", maintain_order=True).head(SAMPLE).select(checks.columns)]

    @property
    def identities(self) -> frozenset[str]:
        """The identities that were met with."""
        return frozenset(identity for identity, _ in self.outcomes)

    @property
    def seen(self) -> int:
        """How many instances were looked at."""
        return self.outcomes.total() - self.reasons.total()

    def looked_at(self, identity: str) -> int:
        """How many instances of an identity were looked at."""
        return self.outcomes[identity, "pass"] + self.outcomes[identity, "fail"]

    def rows(self) -> pl.DataFrame:
        """The rows kept, violations first, the worst of them first."""
        parts = [pl.concat(part) for part in (self._failing, self._holding)]
        return pl.concat([part.sort(_EXCESS, "check_id", descending=_WORST_FIRST) for part in parts])


def tally_checks(checks: pl.DataFrame, limit: int = LIMIT) -> Tally:
    """The tally of checks that are all at hand."""
    tally = Tally(limit)
    tally.add(checks)
    return tally
