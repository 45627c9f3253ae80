"""Stated changes against last year's document of the same organisation, where the folder holds it.

Only a comparison with last year's budget is looked at (预算, not 执行数: the execution stands in no budget; a bare 上年
where other changes of the document are the difference of the two budgets, to the last digit), only
where one document of that organisation, level, kind and year is there. A change of scope between the years can explain
a difference: never more than a warning.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from analysis.balancing.text.sentences import table_amounts
from analysis.balancing.text.stated_amounts import StatedAmount, in_words
from analysis.balancing.text.stated_changes import at_statement
from analysis.balancing.text.statements import StatedChange, StatedFigure
from analysis.balancing.text.text_document import TextDocument
from analysis.balancing.text.text_finding import text_finding
from analysis.terms.finding import Finding
from analysis.terms.line_item import Kind

_PROOFS = 2
Key = tuple[str, str | None, Kind, int]


def year_findings(documents: Sequence[TextDocument]) -> Iterator[Finding]:
    """The stated changes that are not the difference of the two documents."""
    by_year: dict[Key, list[TextDocument]] = defaultdict(list)
    for document in documents:
        if document.organisation_id:
            by_year[document.organisation_id, document.level, document.kind, document.year].append(document)
    for (organisation, level, kind, year), these in by_year.items():
        last = by_year.get((organisation, level, kind, year - 1), [])
        if len(these) != 1 or len(last) != 1 or kind is not Kind.BUDGET:
            continue
        stated = [(one, one.change) for one in these[0].stated() if one.change]
        proven = {one.subject.id for one, change in stated if one.subject and _is_difference(one, change, last[0])}
        for statement, change in stated:
            by_budget = change.base_word == "预算" and change.base_year == last[0].year
            bare = change.base_word == "" and change.base_year in (None, last[0].year)
            if by_budget or (bare and len(proven) >= _PROOFS):
                yield from _against(these[0], statement, change, last[0])


def _is_difference(statement: StatedFigure, change: StatedChange, last: TextDocument) -> bool:
    """Whether a change in money is what the two documents differ by, to the last digit that it prints."""
    before = _amount(last, statement.subject.id) if statement.subject else None
    if before is None or change.amount is None or not change.amount.yuan or not change.sign:
        return False
    return abs(statement.amount.yuan - before.yuan - change.sign * change.amount.yuan) <= change.amount.half


def _against(
    document: TextDocument, statement: StatedFigure, change: StatedChange, last: TextDocument
) -> Iterator[Finding]:
    if change.sign is None or statement.subject is None:
        return
    before = _amount(last, statement.subject.id)
    stated = change.amount.yuan * change.sign if change.amount else None
    if before is None or (stated is None and change.sign):
        return
    gap = statement.amount.yuan - before.yuan
    half = statement.amount.half + before.half + (change.amount.half if change.amount else 0)
    # Last year's figure in the text may have been rounded as the text rounds.
    if abs(gap - (stated or 0)) <= half + statement.amount.half:
        return
    direction = "增加" if gap > 0 else "减少" if gap else ""
    yield text_finding(
        document,
        "text_last_year",
        at_statement(statement),
        f"{statement.words}，{change.words}",
        expected=f"{direction}{in_words(abs(gap), statement.amount.unit)}" if gap else "持平",
        other=before.words,
        evidence=[f"{last.source_file} {statement.name}：{before.words}"],
    )


def _amount(last: TextDocument, subject: str) -> StatedAmount | None:
    """Last year's amount of the subject: by its tables, else by its text where that says it once."""
    stated = [one for one in last.stated() if one.subject and one.subject.id == subject]
    if not stated:
        return None
    if found := table_amounts(last, stated[0], last.phase):
        return found[0][0]
    return stated[0].amount if all(one.amount.agrees(stated[0].amount) for one in stated) else None
