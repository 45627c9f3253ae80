"""What the sentences say of the change against an earlier year: base year, base, direction, amount and percentage.

A comparison is with the year before; one with the year itself is a template that was not filled in, found once for a
document however often it stands there. The amount before and the change make the amount. A change must leave an amount
of the year before that is not negative, and its percentage must fit it. Where revenue and expenditure are equal and
compare with the same base they change alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis.balancing.text.restated_cells import bare_label
from analysis.balancing.text.stated_amounts import (
    StatedAmount,
    change_rate,
    decimals,
    exact_percent,
    growth,
    in_words,
    may_be_meant,
    slip,
)
from analysis.balancing.text.statements import StatedChange, StatedFigure, plain
from analysis.balancing.text.text_document import TextDocument
from analysis.balancing.text.text_finding import TextPlace, at, at_item, text_finding
from analysis.terms.finding import Finding
from analysis.terms.line_item import Kind

_WHOLE = 100
_TELLING = 4  # figures of an amount that no two rows print by chance
_TOTAL = re.compile("收入|收支|总计|合计|支出预算|本年支出")
_UP, _DOWN = "增加", "减少"
_SAME = ("appropriation_income", "appropriation_expenditure")
_ITEM_YEAR = re.compile(r"(20\d{2})年(?:当年)?(?:预算)?执行数[为是]")
_ARRANGED_YEAR = re.compile(r"(20\d{2})年(?:当年)?预算安排")


@dataclass(frozen=True, slots=True)
class TableEvidence:
    """The amounts of a text, by number, that tables print at all, and those that a table prints alike."""

    printed: frozenset[int]
    confirmed: frozenset[int]

    @property
    def contradicted(self) -> frozenset[int]:
        """The amounts that every table with them prints otherwise."""
        return self.printed - self.confirmed


def change_findings(document: TextDocument, against_tables: TableEvidence, *, cut: bool) -> Iterator[Finding]:
    """What is wrong with the comparisons of a document, but for those of an amount that tables contradict.

    Args:
        document: whose text it is.
        against_tables: what the tables say of the amounts.
        cut: whether the text cuts off the last digits of what the tables print.
    """
    yield from _base_years(document)
    yield from _base_words(document)
    for statement in document.stated():
        if statement.number in against_tables.contradicted or statement.change is None:
            continue
        for change in (statement.change, *statement.later):
            told = replace(statement, change=change)
            yield from _below_zero(document, told, change)
            yield from _fallen_whole(document, told, change)
            steps = [*_steps(document, told, change)]
            yield from steps or _rate(document, told, change, against_tables, cut)
    yield from _apart(document)


def at_statement(statement: StatedFigure) -> TextPlace:
    """The paragraph of a statement, which is about its subject."""
    name = statement.subject.en if statement.subject else statement.name
    return replace(at(statement.passage.place, f"说明“{statement.name}”", name), name=statement.name)


def _base_years(document: TextDocument) -> Iterator[Finding]:
    """Comparisons with another year than the one before: they belong to the text, not to a row or subject."""
    compared: list[tuple[int, str, TextPlace]] = []
    for statement in document.stated():
        change = statement.change
        if change and change.base_year is not None and not _of_own_budget(document, change):
            compared.append((change.base_year, change.words, replace(at_statement(statement), name=None)))
    for item in document.items:
        where = replace(at_item(item), name=None)
        years = [int(year) for year in _ITEM_YEAR.findall(item.sentence)[:1]]
        if item.change and item.change.base_year is not None and not _of_own_budget(document, item.change):
            years.append(item.change.base_year)
        wrong = [year for year in years if year != document.year - 1]
        if wrong:
            words = item.change.words if item.change else f"{wrong[0]}年执行数"
            compared.append((wrong[0], words, where))
        arranged = _ARRANGED_YEAR.search(item.sentence)
        if arranged and int(arranged[1]) != document.year:
            expected = f"{document.year}年预算安排"
            yield text_finding(document, "text_base_year", replace(where, table="text"), arranged[0], expected=expected)
    with_itself = [one for one in compared if one[0] == document.year]
    listed = [f"{where.zh}：{words}" for _, words, where in with_itself]
    others = [one for one in compared if one[0] not in (document.year, document.year - 1)]
    for year, words, where in with_itself[:1] + others:
        rule, evidence = ("text_own_year", listed) if year == document.year else ("text_base_year", [])
        expected = words.replace(str(year), str(document.year - 1), 1)
        yield text_finding(document, rule, where, words, expected=expected, evidence=evidence)


def _of_own_budget(document: TextDocument, change: StatedChange) -> bool:
    """Whether final accounts compare with the budget of their own year."""
    return document.kind is Kind.FINAL and "预算" in change.base_word and change.base_year == document.year


def _base_words(document: TextDocument) -> Iterator[Finding]:
    """The opening sentences that compare with another base than the first of them."""
    opening = [
        (statement, statement.change)
        for statement in document.stated()
        if statement.subject and statement.subject.summary and statement.change and statement.change.base_word
    ]
    other = [(one, change) for one, change in opening if change.base_word != opening[0][1].base_word]
    for statement, change in other[:1]:
        first, base = opening[0]
        yield text_finding(
            document,
            "text_base_word",
            at_statement(statement),
            f"{statement.words}，{change.words}",
            other=(
                f"{base.base_word}（{first.name}）",
                f"{base.base_word} ({first.subject.en if first.subject else ''})",
            ),
            evidence=[f"{one.name}：{stated.words}" for one, stated in opening],
        )


def _below_zero(document: TextDocument, statement: StatedFigure, change: StatedChange) -> Iterator[Finding]:
    if change.amount is None or change.sign != 1:
        return
    if change.amount.yuan - change.amount.half <= statement.amount.yuan + statement.amount.half:
        return
    same = [
        f"{one.name}：{one.words}，{one.change.words}"
        for one in document.stated()
        if one is not statement and one.change and one.change.amount and one.change.amount.yuan == change.amount.yuan
    ]
    base = f"{change.base_year or document.year - 1}年{change.base_word or ''}"
    finding = text_finding(
        document,
        "text_below_zero",
        at_statement(statement),
        f"{statement.words}，{change.words}",
        expected=None if statement.amount.yuan else f"与{base}持平",
        evidence=same,
    )
    yield replace(finding, cause="neighbour_copied") if same else finding


def _fallen_whole(document: TextDocument, statement: StatedFigure, change: StatedChange) -> Iterator[Finding]:
    """A fall by 100 % or more that leaves something."""
    left = statement.amount.yuan > statement.amount.half
    if change.sign == -1 and change.percent and change.percent.value >= _WHOLE and left and _alone(change):
        yield text_finding(document, "text_fallen_whole", at_statement(statement), f"{statement.words}，{change.words}")


def _alone(change: StatedChange) -> bool:
    """Whether no amount of the change is told, by which its percentage is judged otherwise."""
    return change.amount is None or not change.amount.yuan


def _steps(document: TextDocument, statement: StatedFigure, change: StatedChange) -> Iterator[Finding]:
    """What was before and the change must make what is now; the percentage may tell which of the three is wrong."""
    prior, by = change.prior, change.amount
    if prior is None or by is None or not change.sign:
        return
    nows = [statement.amount, *statement.again]
    if change.beside:  # of which of the amounts before it the comparison is, the words do not tell
        nows += [one.amount for one in document.stated() if one.passage.number == statement.passage.number]
    if any(_makes(prior, change.sign, by, now) for now in nows):
        return
    now = statement.amount
    sign = (now.yuan > prior.yuan) - (now.yuan < prior.yuan)
    where, words = at_statement(statement), f"{statement.words}，{change.words}"
    evidence = [f"{prior.words} → {now.words}"]
    if sign and sign != change.sign and _makes(prior, sign, by, now):
        expected = _UP if sign > 0 else _DOWN
        yield text_finding(document, "text_direction", where, change.words, expected=expected, evidence=evidence)
        return
    allowed = growth(now, prior) if change.percent and sign == change.sign else None
    fits = allowed and change.percent and allowed.meets(change.sign * change.percent.value, change.percent.half)
    shown = max(decimals(one.digits) for one in (prior, by, now))
    yield text_finding(
        document,
        "text_change_steps",
        where,
        words,
        expected=f"{change.direction}{in_words(abs(now.yuan - prior.yuan), by.unit, shown)}" if fits else None,
        other=in_words(prior.yuan + change.sign * by.yuan, now.unit, shown),
        evidence=evidence,
    )


def _makes(prior: StatedAmount, sign: int, by: StatedAmount, now: StatedAmount) -> bool:
    """Whether the change leads from one amount to the other, each off by half of its last digit at most."""
    return abs(prior.yuan + sign * by.yuan - now.yuan) <= prior.half + by.half + now.half


def _rate(
    document: TextDocument, statement: StatedFigure, change: StatedChange, against_tables: TableEvidence, cut: bool
) -> Iterator[Finding]:
    """The percentage of a stated change, and its second direction word (减少…，下降…)."""
    if change.amount is None or change.sign is None or not change.sign:
        return
    if change.second and document.rules.signs.get(change.second, 0) not in (change.sign, 0):
        right = {1: "增长", -1: "下降"}
        if not _meets(change, statement.amount) and _meets(replace(change, sign=-change.sign), statement.amount):
            right = {1: _DOWN, -1: _UP}  # the first word is what is wrong
        yield text_finding(
            document,
            "text_direction",
            at_statement(statement),
            change.words,
            expected=right[change.sign],
        )
        return
    allowed = change_rate(change.amount, change.sign, statement.amount) if change.percent else None
    if change.percent is None or allowed is None or allowed.meets(change.percent.value, change.percent.half):
        return
    if any(_meets(change, other) for other in (*statement.again, *_said_otherwise(document, statement))):
        return  # the amount is what is wrong, and told so
    in_front = [
        one
        for one in document.stated()
        if one.passage.number == statement.passage.number and one.number < statement.number
    ]
    if any(_meets(change, one.amount) for one in in_front):
        return  # behind a list or a part (用于办公费20万元) the comparison is of what stands before it
    turned = replace(change, sign=-change.sign)
    if change.percent.value and _meets(turned, statement.amount):
        # Amount and percentage fit the other direction, to the last digit printed.
        word = _DOWN if change.sign > 0 else _UP
        yield text_finding(document, "text_direction", at_statement(statement), change.words, expected=word)
        return
    before = statement.amount.yuan - change.sign * change.amount.yuan
    copied = any(  # then the amount of the change may as well be the other's
        one.amount.yuan != statement.amount.yuan
        and one.change is not None
        and (one.change.amount, one.change.percent) == (change.amount, change.percent)
        for one in document.stated()
    )

    def fits(now: StatedAmount, by: StatedAmount) -> bool:
        return _meets(replace(change, amount=by), now)

    changed_by, now = change.amount, statement.amount
    near = allowed.meets(change.percent.value, change.percent.value / _WHOLE)  # reckoned otherwise, and no slip
    copied |= not near and may_be_meant(changed_by, change.percent, lambda one: fits(now, one))
    of_its_name = _of_its_name(document, statement)
    printed = statement.number in against_tables.printed or any(now.agrees(one) for one in of_its_name)
    confirmed = statement.number in against_tables.confirmed
    silent = bool(document.cells) and not printed  # tables are there, and this amount is in none of them
    named = statement.code is not None or bool(statement.subject and statement.subject.cells)
    if silent or not (printed or named):
        coarse = silent and change.percent.is_coarse
        copied |= (silent or not near) and (
            coarse or may_be_meant(now, change.percent, lambda one: fits(one, changed_by))
        )
    if not near and not confirmed:  # then a slip in the amount, or the figure of another row, may as well be wrong
        copied |= may_be_meant(now, change.percent, lambda one: fits(one, changed_by))
        copied |= _stands_elsewhere(document, statement)
        copied |= any(one.yuan and not one.agrees(now) for one in of_its_name)
    yield text_finding(
        document,
        slip(change.percent, allowed) or ("text_truncated" if cut and _is_cut(change, now) else "text_percent"),
        at_statement(statement),
        change.words,
        expected=None if copied else exact_percent(change.amount.yuan, before, decimals(change.percent.digits)),
        evidence=[f"{statement.words}，{change.words}"],
    )


def _stands_elsewhere(document: TextDocument, statement: StatedFigure) -> bool:
    """Whether a table, or a sentence on something else, prints the amount that is stated.

    Totals of revenue and expenditure are alike by right, and round amounts by chance.
    """
    figures = statement.amount.digits.replace(".", "").replace(",", "").strip("0")
    if len(figures) < _TELLING or _TOTAL.search(plain(statement.name)):
        return False
    cells = (cell.amount for row in document.cells.values() for cell in row)
    others = (one.amount for one in document.stated() if plain(one.name) != plain(statement.name))
    return any(one.repeats(statement.amount) for one in (*cells, *others))


def _of_its_name(document: TextDocument, statement: StatedFigure) -> list[StatedAmount]:
    """The amounts of the rows that bear the name of what is stated (培训费), whose whole may be more or less."""
    name = plain(statement.name).removesuffix("支出")
    cells = (cell for row in document.cells.values() for cell in row)
    return [cell.amount for cell in cells if bare_label(cell).removesuffix("支出") == name]


def _is_cut(change: StatedChange, now: StatedAmount) -> bool:
    """Whether a percentage is right where the last digits of both amounts are cut off and not rounded."""
    if change.amount is None:
        return False
    whole = [replace(one, yuan=one.yuan + one.half) for one in (change.amount, now)]
    return _meets(replace(change, amount=whole[0]), whole[1])


def _said_otherwise(document: TextDocument, statement: StatedFigure) -> Iterator[StatedAmount]:
    """Other amounts that the text states of the same subject."""
    for other in document.stated():
        same = statement.subject is not None and other.subject is statement.subject
        if same and not other.amount.agrees(statement.amount):
            yield other.amount


def _meets(change: StatedChange, now: StatedAmount) -> bool:
    """Whether the percentage of a change fits its amount and another amount of the year."""
    if change.amount is None or change.percent is None or not change.sign:
        return False
    allowed = change_rate(change.amount, change.sign, now)
    return allowed is not None and allowed.meets(change.percent.value, change.percent.half)


def _apart(document: TextDocument) -> Iterator[Finding]:
    found = {
        statement.subject.id: (statement, statement.change)
        for statement in document.stated()
        if statement.subject and statement.subject.id in _SAME and statement.change and statement.change.amount
    }
    if set(found) != set(_SAME):
        return
    (income, income_change), (spending, change) = found[_SAME[0]], found[_SAME[1]]
    alike = (income_change.base_year, income_change.base_word) == (change.base_year, change.base_word)
    if not alike or not income.amount.agrees(spending.amount) or income_change.amount is None or change.amount is None:
        return
    if None in (income_change.sign, change.sign) or (
        income_change.sign == change.sign and income_change.amount.agrees(change.amount)
    ):
        return
    yield text_finding(
        document,
        "text_change_apart",
        at_statement(spending),
        change.words,
        other=f"{income_change.direction}{income_change.amount.words}",
        evidence=[f"{income.words}，{income_change.words}", f"{spending.words}，{change.words}"],
    )
