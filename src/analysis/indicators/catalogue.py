"""Every indicator as data: what it is called, its formula, its unit and its source, for reports and docs to print."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from analysis.knowledge.load import Shape, read_shape, shelf


class Indicator(Shape, frozen=True):
    """One indicator; `function` is the module and the name of what computes it."""

    id: str
    name_zh: str
    name_en: str
    formula: str
    unit: str
    source: str
    function: str

    @property
    def compute(self) -> Callable[..., Any]:
        """The function that computes it."""
        module, name = self.function.split(".")
        found: Callable[..., Any] = getattr(import_module(f"analysis.indicators.{module}"), name)
        return found

    @property
    def sentence(self) -> str:
        """What a report says of it: "项目支出占比 = 项目支出 / 支出合计（%）"."""
        return f"{self.name_zh} = {self.formula}（{self.unit}）"


class _Indicators(Shape, frozen=True):
    indicator: tuple[Indicator, ...]


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator by its id.

    Raises:
        KnowledgeError: An entry of knowledge/indicators.toml lacks something or has too much.
    """
    found = read_shape(shelf("indicators.toml"), _Indicators).indicator
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
