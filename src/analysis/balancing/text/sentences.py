"""Sentences against tables, and against one another: amounts, parts and wholes, shares, rates.

A sentence that restates a cell must print its amount, to half of the last digit of both; where several tables print it,
one that agrees is enough. A cell that is not printed says nothing, but for the one-row tables whose blank is a 0. Parts
add up to the whole within the rounding of all of them, a share and a rate lie in the interval that the printed digits
allow. What a table already contradicts is not told a second time as a sum.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from analysis.balancing.text.restated_cells import (
    APPROPRIATIONS,
    FUNDS,
    SUMMARIES,
    WHOLES,
    RestatedCell,
    bare_label,
)
from analysis.balancing.text.stated_amounts import (
    Interval,
    Percent,
    StatedAmount,
    cuts,
    decimals,
    exact_percent,
    in_words,
    may_be_meant,
    meets_rate,
    one_slip,
    rate_is_likelier,
    ratio,
    slip,
    to_amount,
)
from analysis.balancing.text.stated_changes import TableEvidence, at_statement
from analysis.balancing.text.statements import StatedFigure, plain
from analysis.balancing.text.text_document import TextDocument
from analysis.balancing.text.text_finding import text_finding
from analysis.terms.finding import Finding
from analysis.terms.line_item import Kind, Phase, Side

_ALL = 100
_BASIC = "basic_by_economic"
_NOTHING = to_amount("0", "万元")
_YEAR_TOLD = re.compile(r"(?<![比较与同和至止])(20\d{2})年(?![末底])")


def sentence_findings(document: TextDocument, contradicted_by_tables: Collection[int]) -> Iterator[Finding]:
    """What is wrong with the amounts of the sentences.

    An amount that all tables contradict carries its percentages with it: one cause is told once. Which amounts these
    are, `contradicted_by_tables` tells by their numbers.
    """
    wrong: set[str] = set()
    for statement in document.stated():
        found = [*_against_table(document, statement)]
        if found and statement.subject:
            wrong.add(statement.subject.id)
        yield from found
    yield from _sums(document, wrong)
    yield from _bounds(document)
    for paragraph in document.statements:
        for statement in paragraph:
            wholes = {statement.number, statement.whole}
            if wholes.isdisjoint(contradicted_by_tables):
                yield from _share(document, paragraph, statement)
                yield from _completion(document, statement)


def is_incomplete(document: TextDocument, statement: StatedFigure) -> bool:
    """Whether a table that prints what is stated was not read whole: then nobody can tell what it prints."""
    subject = statement.subject
    return subject is not None and not document.incomplete.isdisjoint(one.table for one in subject.cells)


def table_amounts(
    document: TextDocument, statement: StatedFigure, phase: Phase
) -> tuple[tuple[StatedAmount, str], ...]:
    """What the tables print for the statement, and where; nothing where they do not tell."""
    return tuple((cell.amount, _cell_words(cell)) for cell in _table_cells(document, statement, phase))


def _table_cells(document: TextDocument, statement: StatedFigure, phase: Phase) -> tuple[RestatedCell, ...]:
    """The cells that print what is stated; for a blank that is a 0 one that says so."""
    if statement.economic is not None:
        return tuple(_economic_cells(document, statement.economic, phase))
    if statement.subject is None:
        return tuple(_row_cells(document, statement, phase))
    if is_incomplete(document, statement):
        return ()
    found = [cell for one in statement.subject.cells if (cell := document.cell(one, phase))]
    blank = (
        replace(beside, name=f"{one.measure}：空白", amount=_NOTHING)
        for one in statement.subject.cells
        if one.blank and (beside := document.cell(one.in_column(one.blank), phase))
    )
    return tuple(found) or tuple(islice(blank, 1))


def contradicted(document: TextDocument, statement: StatedFigure) -> bool:
    """Whether every table that prints what is stated prints another amount."""
    found = table_amounts(document, statement, document.phase)
    return bool(found) and not any(printed.agrees(statement.amount) for printed, _ in found)


def table_evidence(document: TextDocument) -> TableEvidence:
    """What the tables say of every amount of a text, each looked up once."""
    found = {one.number: (one, table_amounts(document, one, document.phase)) for one in document.stated()}
    return TableEvidence(
        frozenset(number for number, (_, amounts) in found.items() if amounts),
        frozenset(
            number
            for number, (one, amounts) in found.items()
            if any(printed.agrees(one.amount) for printed, _ in amounts)
        ),
    )


def _row_cells(document: TextDocument, statement: StatedFigure, asked: Phase) -> list[RestatedCell]:
    """What any table prints in a phase as the total of the functional row that a statement speaks of.

    Nothing where a table that has such rows was not read whole or not found, and of a class where no table tells all
    expenditure by function: the sentence may speak of that, and the tables of appropriations of less.
    """
    coded = [*FUNDS, APPROPRIATIONS, *(table for table, _ in WHOLES)]
    if statement.code is None or not (document.incomplete | document.missing).isdisjoint((*coded, *SUMMARIES)):
        return []
    found = [
        cell
        for (table, _, measure, phase), cells in document.cells.items()
        for cell in cells
        if table in coded and measure == "total" and phase == asked and cell.code == statement.code
    ]
    names = {plain(statement.name).removesuffix("支出")} if statement.class_name else set()
    summaries = [
        cell
        for (table, side, _, phase), cells in document.cells.items()
        for cell in cells
        if table in SUMMARIES and side == Side.EXPENDITURE and phase == asked
        if bare_label(cell).removesuffix("支出") in names
    ]
    return found + summaries if found else []


def _economic_cells(document: TextDocument, code: str, asked: Phase) -> Iterator[RestatedCell]:
    """The one figure of a row of the table of basic expenditure."""
    if _BASIC not in document.incomplete:
        for (table, _, _, phase), cells in document.cells.items():
            if table == _BASIC and phase == asked:
                yield from (cell for cell in cells if cell.code == code)


def _cell_words(cell: RestatedCell) -> str:
    return f"{cell.table} {cell.name or ''}：{cell.amount.words}"


def _against_table(document: TextDocument, statement: StatedFigure) -> Iterator[Finding]:
    stated = [(statement.amount, document.phase, statement.words)]
    if statement.execution and statement.execution.budget and not statement.again:
        stated.append((statement.execution.budget, Phase.APPROVED, statement.execution.words))
    for amount, phase, words in stated:
        cells = _table_cells(document, statement, phase)
        found = [(cell.amount, _cell_words(cell)) for cell in cells]
        # Where tables contradict each other and one of them agrees with the text, the text is not what is wrong.
        if not found or any(printed.agrees(amount) for printed, _ in found):
            continue
        agreed = all(printed.agrees(found[0][0]) for printed, _ in found)
        cut = agreed and amount.cuts(found[0][0])
        if not agreed and (meant := _one_slip_away(amount, cells)):
            # Of tables of several funds the one whose figure is one slip away.
            cells, found, agreed = meant, [(cell.amount, _cell_words(cell)) for cell in meant], True
        yield text_finding(
            document,
            "text_truncated" if cut else "text_table",
            at_statement(statement),
            words,
            expected=in_words(found[0][0].yuan, amount.unit)
            if cut or (agreed and _is_sure(document, statement, amount, cells))
            else None,
            other=found[0][0].words,
            evidence=[line for _, line in found],
        )


def _one_slip_away(amount: StatedAmount, cells: Sequence[RestatedCell]) -> tuple[RestatedCell, ...]:
    """The cells with the one figure of which a slip makes an amount; none where there is no such figure, or two."""
    shown = decimals(amount.digits)
    digits = amount.digits.replace(",", "")
    meant = {
        words: cell
        for cell in cells
        if one_slip(digits, (words := in_words(cell.amount.yuan, amount.unit, shown)).removesuffix(amount.unit))
    }
    right = next(iter(meant.values())).amount if len(meant) == 1 else None
    return tuple(cell for cell in cells if right and cell.amount.agrees(right))


def _is_sure(
    document: TextDocument, statement: StatedFigure, amount: StatedAmount, cells: Sequence[RestatedCell]
) -> bool:
    """Whether the amount of the text is what is wrong, and not the figure or unit of the table, nor the name.

    A figure that no other proves, nor another table repeats, may be wrong itself; the same digits under another unit
    tell that one of the units is; and an amount that stands at another row of the tables may be called by a wrong name.
    """
    if not any(cell.proven for cell in cells) and len({cell.table for cell in cells}) == 1:
        return False
    if any(to_amount(cell.amount.digits, amount.unit).agrees(amount) for cell in cells):
        return _unit_holds(document, {cell.table for cell in cells})
    if statement.subject is not None or statement.code is None:
        return True
    return not any(
        cell.code and cell.code != statement.code and len(cell.code) == len(statement.code)
        for at_place in document.cells.values()
        for cell in at_place
        if cell.amount.yuan and cell.amount.agrees(amount)
    )


def _unit_holds(document: TextDocument, tables: Collection[str]) -> bool:
    """Whether other sentences state what these tables print: then their unit is right."""
    return any(
        one.amount.yuan and cell.table in tables and cell.amount.agrees(one.amount)
        for one in document.stated()
        for cell in _table_cells(document, one, document.phase)
    )


def _once(document: TextDocument) -> dict[str, StatedFigure]:
    """The statements by subject, without those that are stated twice and unlike, or of a year before."""
    found: dict[str, StatedFigure] = {}
    unlike: set[str] = set()
    for statement in document.stated():
        if statement.subject is None or _of_an_earlier_year(document, statement):
            continue
        first = found.setdefault(statement.subject.id, statement)
        if not first.amount.agrees(statement.amount):
            unlike.add(statement.subject.id)
    return {name: statement for name, statement in found.items() if name not in unlike}


def _of_an_earlier_year(document: TextDocument, statement: StatedFigure) -> bool:
    """Whether the year that the paragraph names last before an amount, and compares nothing with, is gone by."""
    text = plain(statement.passage.text)
    named = _YEAR_TOLD.findall(text, 0, max(0, text.find(plain(statement.words))) + len(statement.words))
    return bool(named) and int(named[-1]) < document.year


def _sums(document: TextDocument, wrong: set[str]) -> Iterator[Finding]:
    once = _once(document)
    for whole, parts in document.rules.sums:
        if whole not in once or any(part not in once for part in parts) or wrong.intersection((whole, *parts)):
            continue
        total, addends = once[whole], [once[part] for part in parts]
        gap = total.amount.yuan - sum(one.amount.yuan for one in addends)
        if abs(gap) <= total.amount.half + sum(one.amount.half for one in addends):
            continue
        if all(table_amounts(document, one, document.phase) for one in (total, *addends)):
            continue  # the text says what the table says: the table's own sum is the finding
        added = in_words(total.amount.yuan - gap, total.amount.unit)
        proven = all(table_amounts(document, one, document.phase) for one in addends)
        yield text_finding(
            document,
            "text_sum",
            at_statement(total),
            total.words,
            expected=added if proven else None,  # else a part may as well be what is wrong
            other=added,
            evidence=[one.words for one in addends],
        )


def _bounds(document: TextDocument) -> Iterator[Finding]:
    once = _once(document)
    for part, whole in document.rules.bounds:
        if part not in once or whole not in once:
            continue
        less, more = once[part], once[whole]
        if less.amount.yuan - less.amount.half > more.amount.yuan + more.amount.half:
            yield text_finding(
                document,
                "text_part",
                at_statement(less),
                less.words,
                other=more.words,
                evidence=[more.words],
            )


def _share(document: TextDocument, paragraph: tuple[StatedFigure, ...], statement: StatedFigure) -> Iterator[Finding]:
    share = statement.share
    if share is None:
        return
    named = None
    if share.of:
        named = document.rules.subject_in(plain(share.of), document.kind)
        wholes = [one for one in document.stated() if named and one.subject and one.subject.id == named]
    else:
        before = [one for one in document.stated() if one.number == statement.whole]
        wholes = [*before, *(paragraph[:1] if before and before[0] in paragraph else ())]
        if not wholes and (named := _whole_of(document, paragraph, statement)):
            wholes = [one for one in document.stated() if one.subject and one.subject.id == named]
    if wholes and all(contradicted(document, one) for one in wholes):
        return  # the whole is what is wrong, and told so
    totals = [one.amount for one in wholes] or _printed_wholes(document, named)
    allowed = [found for one in totals if (found := ratio(statement.amount, one))]
    if not allowed or any(one.meets(share.percent.value, share.percent.half) for one in allowed):
        return
    shares = [one.share.percent.digits for one in paragraph if one.share and not one.share.of]
    cut = any(cuts(share.percent, one) for one in allowed) or _forced(document, statement, allowed)
    printed = bool(table_amounts(document, statement, document.phase))
    silent = bool(document.cells) and not printed  # tables are there, and this amount is in none of them
    open_ = share.percent.is_coarse and silent and not _adds_up(document, statement, totals[0])
    yield text_finding(
        document,
        "text_truncated" if cut else "text_share",
        at_statement(statement),
        f"{statement.words}，{share.words}",
        expected=None
        if not cut and (open_ or _amount_may_be_wrong(document, statement, share.percent, totals[0]))
        else exact_percent(statement.amount.yuan, totals[0].yuan, decimals(share.percent.digits)),
        evidence=[totals[0].words, *([f"各占比：{'、'.join(f'{one}%' for one in shares)}"] if len(shares) > 1 else [])],
    )


def _whole_of(document: TextDocument, paragraph: Sequence[StatedFigure], statement: StatedFigure) -> str | None:
    """The sum of which a paragraph states all parts with their shares, this amount among them."""
    shared = {one.subject.id for one in paragraph if one.subject and one.share and not one.share.of}
    own = statement.subject.id if statement.subject else None
    return next((whole for whole, parts in document.rules.sums if own in parts and shared.issuperset(parts)), None)


def _amount_may_be_wrong(
    document: TextDocument, statement: StatedFigure, percent: Percent, whole: StatedAmount
) -> bool:
    """Whether an amount that no table prints may be what is wrong, and not its percentage of a whole."""
    if found := table_amounts(document, statement, document.phase):
        # One that disagrees is told, and nothing else; one of which tables print two amounts may be the other.
        return not all(printed.agrees(statement.amount) for printed, _ in found)
    return may_be_meant(statement.amount, percent, lambda one: meets_rate(percent, one, whole))


def _adds_up(document: TextDocument, statement: StatedFigure, whole: StatedAmount) -> bool:
    """Whether the parts that are stated of one whole are together what it is: then none of them is wrong."""
    parts = [one.amount for one in document.stated() if one.whole == statement.whole]
    added, half = sum(one.yuan for one in parts), sum(one.half for one in parts)
    return statement.whole is not None and len(parts) > 1 and abs(added - whole.yuan) <= half + whole.half


def _printed_wholes(document: TextDocument, subject: str | None) -> list[StatedAmount]:
    """What the tables print for a whole that the text names and does not state."""
    if subject is None:
        return []
    cells = document.rules.subjects[subject].cells
    if not document.incomplete.isdisjoint(one.table for one in cells):
        return []
    return [cell.amount for one in cells if (cell := document.cell(one, document.phase))]


def _forced(document: TextDocument, statement: StatedFigure, allowed: Sequence[Interval]) -> bool:
    """Whether a share is off by less than a last digit because all of them were made to add up to 100 %."""
    share = statement.share
    if share is None or (statement.whole is None and share.of is None):
        return False
    siblings = [one for one in document.stated() if one.share and one.share.of == share.of]
    if share.of is None:
        siblings = [one for one in siblings if one.whole == statement.whole]
    else:
        siblings = [one for one in siblings if one.passage.number == statement.passage.number]
    parts = [one.share.percent for one in siblings if one.share]
    near = any(one.meets(share.percent.value, 3 * share.percent.half) for one in allowed)
    return near and sum(one.value for one in parts) == _ALL


def _ratios(amounts: Sequence[StatedAmount], whole: StatedAmount) -> Iterator[Interval | None]:
    return (ratio(one, whole) for one in amounts)


def _completion(document: TextDocument, statement: StatedFigure) -> Iterator[Finding]:
    execution = statement.execution
    if execution is None or execution.rate is None or document.kind is not Kind.FINAL:
        return
    budget = execution.budget
    if budget is None and (found := table_amounts(document, statement, Phase.APPROVED)):
        budget = found[0][0]
    allowed = ratio(statement.amount, budget) if budget else None
    if budget is None or allowed is None or allowed.meets(execution.rate.value, execution.rate.half):
        return
    if any(one and one.meets(execution.rate.value, execution.rate.half) for one in _ratios(statement.again, budget)):
        return
    printed = bool(table_amounts(document, statement, Phase.APPROVED))
    doubted = _amount_may_be_wrong(document, statement, execution.rate, budget)
    doubted |= not printed and rate_is_likelier(execution.rate, statement.amount, budget)
    yield text_finding(
        document,
        slip(execution.rate, allowed) or "text_rate",
        at_statement(statement),
        execution.words,
        expected=None
        if doubted
        else exact_percent(statement.amount.yuan, budget.yuan, decimals(execution.rate.digits)),
        evidence=[f"预算 {budget.words}，决算 {statement.amount.words}"],
    )
