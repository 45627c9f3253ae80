"""Stated changes against last year's document of the same organisation, where the folder holds it.

Only a comparison with last year's budget is looked at (预算, not 执行数: the execution stands in no budget), only
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
        for statement in these[0].stated():
            if statement.change:
                yield from _against(these[0], statement, statement.change, last[0])


def _against(
    document: TextDocument, statement: StatedFigure, change: StatedChange, last: TextDocument
) -> Iterator[Finding]:
    if change.base_word != "预算" or change.base_year != last.year or change.sign is None or statement.subject is None:
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
