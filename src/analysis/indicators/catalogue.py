"""Every indicator as data: what it is called, its formula, its unit, its source and what computes it."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from analysis.errors import KnowledgeError
from analysis.indicators.execution import deviation
from analysis.indicators.growth import compound, contributions, growth
from analysis.indicators.peers import percentile, quartiles, ranks
from analysis.indicators.prices import real
from analysis.indicators.structure import concentration, distance, share
from analysis.knowledge.load import Shape, read_shape, shelf

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "execution.deviation": deviation,
    "growth.compound": compound,
    "growth.contributions": contributions,
    "growth.growth": growth,
    "peers.percentile": percentile,
    "peers.quartiles": quartiles,
    "peers.ranks": ranks,
    "prices.real": real,
    "structure.concentration": concentration,
    "structure.distance": distance,
    "structure.share": share,
}


class Indicator(Shape, frozen=True):
    """One indicator; `function` is what computes it, one of `FUNCTIONS`."""

    id: str
    name_zh: str
    name_en: str
    formula: str
    unit: str
    source: str
    function: str


class _Indicators(Shape, frozen=True):
    indicator: tuple[Indicator, ...]


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator by its id.

    Raises:
        KnowledgeError: An entry of knowledge/indicators.toml lacks something, has too much, or names no function.
    """
    found = read_shape(shelf("indicators.toml"), _Indicators).indicator
    for indicator in found:
        if indicator.function not in FUNCTIONS:
            raise KnowledgeError(f"knowledge/indicators.toml, {indicator.id}: no function {indicator.function!r}")
    return {indicator.id: indicator for indicator in found}


def to_markdown() -> str:
    """The indicators as a page to read, docs/indicators.md."""
    lines = [
        "# Indicators 指标",
        "",
        "Generated from `src/analysis/knowledge/indicators.toml`; computed by `analysis.indicators`.",
        "All are exact (decimals) until drawn. What is missing is a gap and makes a gap; no base, no ratio.",
        "Like is compared with like: approved with approved, executed with executed. Growth is nominal.",
        "",
        "| 指标 | indicator | 公式 | 单位 | 来源 | function |",
        "|---|---|---|---|---|---|",
    ]
    for entry in indicators().values():
        cells = (entry.name_zh, entry.name_en, entry.formula, entry.unit, entry.source, f"`{entry.function}`")
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"
