"""What is wrong on the forms of projects: sources that do not make the whole, dates, weights, blank or copied goals."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.balancing.notes.fact_findings import amount_words, fact_finding, slack
from analysis.knowledge.fact_rules import fact_rules
from analysis.terms.finding import Finding
from analysis.terms.public_project import GoalScope

Row = Mapping[str, Any]
_FEN = Decimal("0.01")
# A table in 万元 with two decimals is off by this much; with one decimal by ten times as much.
_ROUNDED = Decimal(500)
_FILLED = ("name", "described_overview", "requested_amount")
_OF_THE_YEAR = ("requested", "fiscal", "current_appropriation", "total", "adjusted")
_SHOWN = 5
# A goal of a few words (保障运转) may well be that of several projects.
_SHORTEST_GOAL = 20


def project_findings(projects: pl.DataFrame, performance: pl.DataFrame, facts: pl.DataFrame) -> Iterator[Finding]:
    """The findings of the projects of any number of documents."""
    indicators: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for row in performance.iter_rows(named=True):
        indicators[row["document_id"], row["project"]].append(row)
    forms: dict[str, list[Row]] = defaultdict(list)
    for project in projects.iter_rows(named=True):
        yield from _sums(project)
        yield from _table(project)
        if project["start"] and project["end"] and project["end"] < project["start"]:
            yield fact_finding("project_dates", project, str(project["end"]), other=str(project["start"]))
        own = indicators[project["document_id"], project["project"]]
        yield from _indicators(project, own)
        yield from _directions(project, own)
        spent, budget = project["executed_amount"], project["adjusted_amount"]
        if spent is not None and budget is not None and spent > budget:
            yield fact_finding("project_overspent", project, f"{spent:,.2f}", other=f"{budget:,.2f}")
        if not own and all(project[name] is None for name in _FILLED):
            yield fact_finding("project_blank_form", project, "")
        if own and not _of_department(project):
            forms[project["document_id"]].append(project)
    for ones in forms.values():
        yield from _same_goals(ones)
    yield from _note(forms, facts)


def _of_department(project: Row) -> bool:
    """Whether a form is of a department's whole expenditure: it is no project, and divides its points as it likes."""
    return bool(project["scope"] == GoalScope.DEPARTMENT)


def _sums(project: Row) -> Iterator[Finding]:
    for rule in fact_rules().form_sums:
        whole = project[f"{rule.whole}_amount"]
        parts = [project[f"{name}_amount"] for name in rule.parts]
        stated = [part for part in parts if part is not None]
        if (
            whole is None
            or len(stated) < len(parts)
            or any(project[f"{one}_amount"] is not None for one in rule.unless)
        ):
            continue
        total = sum(stated, Decimal(0))
        within = sum((project[f"{name}_amount"] for name in rule.within), Decimal(0))
        if min(abs(total - whole), abs(total - within - whole)) > _FEN * len(parts):
            terms = " + ".join(f"{part:,.2f}" for part in stated)
            yield fact_finding("project_sum", project, f"{whole:,.2f}", expected=f"{total:,.2f}", other=terms)


def _table(project: Row) -> Iterator[Finding]:
    """The row of the table of projects is what the form asks for, in all or from the public purse."""
    amount, requested = project["table_amount"], project["requested_amount"]
    stated = [project[f"{name}_amount"] for name in _OF_THE_YEAR]
    if amount is None or requested is None or any(abs(one - amount) <= _ROUNDED for one in stated if one is not None):
        return
    yield fact_finding("project_table", project, f"{requested:,.2f}", expected=f"{amount:,.2f}")


def _indicators(project: Row, own: Sequence[Row]) -> Iterator[Finding]:
    if blank := [row["level3"] for row in own if not row["printed"]]:
        names = "、".join(blank[:_SHOWN]) + ("……" if len(blank) > _SHOWN else "")
        yield fact_finding("project_blank_target", project, str(len(blank)), other=names)
    of_year = [row for row in own if not row["long_term"]]
    weights = [row["weight"] for row in of_year]
    if weights and not _of_department(project) and None not in weights:
        yield from _scores(project, of_year)
        total, sums = sum(weights, Decimal(0)), fact_rules().weights.sums
        if total not in sums:
            expected = " / ".join(map(str, sums))
            yield fact_finding("project_weights", project, f"{total.normalize():f}", expected=expected)


def _scores(project: Row, own: Sequence[Row]) -> Iterator[Finding]:
    """Scores above the weight; where most are, they are on another scale than the weights."""
    above = [row for row in own if row["score"] is not None and row["score"] > row["weight"]]
    if above and 2 * len(above) < len(own):
        names = "、".join(f"{row['level3']}{row['score'].normalize():f}/{row['weight'].normalize():f}" for row in above)
        yield fact_finding("project_score", project, str(len(above)), other=names)


def _directions(project: Row, own: Sequence[Row]) -> Iterator[Finding]:
    """Targets whose operator is the wrong way round for what the name of the indicator measures."""
    names = fact_rules().directions
    for row in own:
        if row["value"] is None or not row["level3"] or row["unit"] not in (None, "%"):
            continue
        wrong = names.more if row["operator"] in ("≤", "<") else names.less if row["operator"] in ("≥", ">") else None
        if wrong is not None and wrong.search(row["level3"]):
            target = row["printed"] if row["operator"] in row["printed"] else f"{row['operator']}{row['printed']}"
            yield fact_finding("project_direction", {**project, **_place(row)}, target, other=row["level3"])


def _place(row: Row) -> Row:
    return {name: row[name] for name in ("page", "x0", "top", "x1", "bottom", "line", "cell")}


def _same_goals(forms: Sequence[Row]) -> Iterator[Finding]:
    first: dict[str, Row] = {}
    for project in forms:
        goal = project["annual_goal"] or project["total_goal"]
        if goal is None or len(goal) < _SHORTEST_GOAL:
            continue
        other = first.setdefault(goal, project)
        if other is not project and other["name"] != project["name"]:
            yield fact_finding("project_same_goal", project, goal, other=other["name"] or "")


def _note(forms: Mapping[str, Sequence[Row]], facts: pl.DataFrame) -> Iterator[Finding]:
    """No more forms are printed than the note counts; where as many are, their money is what it states."""
    counted = {
        (row["document_id"], row["subject"], row["fiscal_year"]): row
        for row in facts.filter(pl.col("subject").is_in(["performance_projects", "performance_amount"])).iter_rows(
            named=True
        )
    }
    for (document, subject, year), amount in counted.items():
        if subject == "performance_projects":
            yield from _counted(amount, forms.get(document, ()))
        count = counted.get((document, "performance_projects", year))
        printed = forms.get(document, ())
        money = [project["requested_amount"] for project in printed]
        if subject != "performance_amount" or count is None or len(printed) != count["value"] or None in money:
            continue
        total = sum(money, Decimal(0))
        if printed and abs(total - amount["value"]) > slack(amount):
            expected = amount_words(amount, total)
            yield fact_finding("project_note", amount, amount["printed"], expected=expected, other=str(len(printed)))


def _counted(count: Row, forms: Sequence[Row]) -> Iterator[Finding]:
    """Forms of other years (final accounts assess what was planned before) are not those that the note counts."""
    names = {
        project["name"] for project in forms if project["name"] and project["form_year"] in (None, count["fiscal_year"])
    }
    if len(names) > count["value"]:
        yield fact_finding("project_count", count, count["printed"], other=str(len(names)))
