"""What the notes and forms of one organisation say in several documents: the same fact twice, and goals year by year.

A fact is the same where subject, year, phase and day are; a budget and final accounts, or two budgets, may state it. A
target is held against the one of the year before, of the project and the indicator of the same name.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

import polars as pl

from analysis.balancing.notes.fact_findings import amount_words, fact_finding, slack
from analysis.knowledge.fact_rules import fact_rules
from analysis.terms.finding import Finding
from analysis.terms.label import squeeze
from analysis.terms.public_project import GoalScope

Row = Mapping[str, Any]
Targets = dict[tuple[str, str], Row]
_BODY = ("organisation_id", "level")
_FACT = ("subject", "fiscal_year", "phase", "as_of")
_SHOWN = 3


def between_findings(facts: pl.DataFrame, documents: pl.DataFrame) -> Iterator[Finding]:
    """Facts that two documents of one organisation and level state differently, told in the later one."""
    stated: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
    rule = fact_rules().twice
    for fact in _of_bodies(facts, documents).iter_rows(named=True):
        if not (rule.told_elsewhere.fullmatch(fact["subject"]) or rule.of_each_unit.fullmatch(fact["subject"])):
            stated[tuple(fact[name] for name in (*_BODY, *_FACT))].append(fact)
    for facts_of_one in stated.values():
        by_document = {fact["document_id"]: fact for fact in facts_of_one}
        if len(by_document) < len(facts_of_one):  # one of them states it twice itself
            continue
        for before, after in pairwise(by_document.values()):
            if (before["kind"], before["document_year"]) == (after["kind"], after["document_year"]):
                continue  # two editions of one document: which of them holds is not known
            if abs(before["value"] - after["value"]) > slack(before) + slack(after):
                expected = amount_words(before, before["value"])
                yield fact_finding(
                    "fact_between", after, after["printed"], expected=expected, other=before["source_file"]
                )


def target_findings(projects: pl.DataFrame, performance: pl.DataFrame, documents: pl.DataFrame) -> Iterator[Finding]:
    """Projects whose targets ask for less than those of the year before."""
    named = _of_bodies(projects, documents).filter(
        pl.col("name").is_not_null() | (pl.col("scope") == GoalScope.DEPARTMENT.value)
    )
    indicators: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in performance.iter_rows(named=True):
        indicators[row["document_id"], row["project"]].append(row)
    planned: dict[tuple[Any, ...], tuple[Row, Targets]] = {}
    project: Row
    for project in named.iter_rows(named=True):
        year = project["form_year"] or project["document_year"]
        targets = _targets(indicators[project["document_id"], project["project"]])
        key = (*(project[name] for name in _BODY), squeeze(project["name"] or ""), project["kind"])
        if targets and (*key, year) not in planned:
            planned[*key, year] = project, targets
    for (*of, kind, year), (project, targets) in planned.items():
        if kind != "budget":
            continue
        earlier = [found for one in ("budget", "final") if (found := planned.get((*of, one, year - 1)))]
        lower: dict[tuple[str, str], str] = {}
        for _, before in earlier:
            for name, target in targets.items():
                if name in before and (less := _asks_less(target, before[name], year - 1)):
                    lower.setdefault(name, less)
        if lower:
            words = "、".join(list(lower.values())[:_SHOWN]) + ("……" if len(lower) > _SHOWN else "")
            yield fact_finding("project_lower_target", project, str(len(lower)), other=words)


def _of_bodies(rows: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The rows with whose and of which year their document is, the earlier documents first."""
    whose = documents.select("document_id", *_BODY, "kind", "document_year").drop_nulls()
    return rows.join(whose, on="document_id", how="inner").sort("document_year", "kind", maintain_order=True)


def _targets(rows: list[Row]) -> Targets:
    """The indicators with a number and a direction, by name and unit; a name that stands twice says nothing."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["long_term"]:
            continue
        if row["value"] is not None and row["operator"] in ("≥", ">", "≤", "<") and row["level3"]:
            found[squeeze(row["level3"]), row["unit"] or ""].append(row)
    return {name: ones[0] for name, ones in found.items() if len(ones) == 1}


def _asks_less(row: Row, before: Row, year: int) -> str | None:
    """In words, how a target asks for less than an earlier one; None where it does not, or they cannot be compared."""
    more = row["operator"] in ("≥", ">")
    if more != (before["operator"] in ("≥", ">")):
        return None
    value: Decimal = row["value"]
    if value < before["value"] if more else value > before["value"]:
        return f"{row['level3']}{row['printed']}（{year}年为{before['printed']}）"
    return None
