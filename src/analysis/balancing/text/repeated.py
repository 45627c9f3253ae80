"""The text against itself: one indicator said twice, no change beside a change, growth from nothing, sums of lists.

Where a table already tells which figure is wrong, the contradiction within the text is no second finding.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from analysis.balancing.text.restated_cells import bare_label
from analysis.balancing.text.stated_amounts import in_words, ratio
from analysis.balancing.text.stated_changes import at_statement
from analysis.balancing.text.statements import StatedFigure, plain
from analysis.balancing.text.text_document import TextDocument
from analysis.balancing.text.text_finding import at_item, text_finding
from analysis.terms.code import Scheme
from analysis.terms.code_book import is_variant, plain_name
from analysis.terms.finding import Finding

_ALL = Fraction(100)
_FUNDS = re.compile("财政拨款|公共预算|政府性基金|国有资本|下属|本级|单位")
_FEWEST = 2
_LITTLE = Decimal("0.01")
_CODED = re.compile(
    r"(?<!\d)(?P<code>2\d{4}(?:\d{2})?)[-—、:]*[“\"]?(?P<name>[一-鿿、()]{4,40}?)(?:[”\"]|\([款项]\)|的?金额为?|为|共)*$"
)
_NAMED = re.compile(
    r"(?:[(]?[一二三四五六七八九十\d]{1,3}[)]?[.、．]?)?(?P<name>[一-鿿、]{4,40}?)\((?P<code>2\d{4}(?:\d{2})?)\)"
)
_MOVED = ("增加", "减少", "增长", "下降")


def repeated_findings(document: TextDocument, wrong: Collection[int]) -> Iterator[Finding]:
    """What contradicts itself; `wrong` are the numbers of the statements that a table already contradicts."""
    yield from _twice(document, wrong)
    yield from _changed_twice(document)
    yield from _zero_bases(document)
    yield from _same_changed(document)
    yield from _lists(document, wrong)
    yield from _share_sums(document)
    yield from _change_sums(document)
    yield from _code_names(document)
    yield from _old_names(document)


def _twice(document: TextDocument, wrong: Collection[int]) -> Iterator[Finding]:
    """An indicator of the document that is stated with two values."""
    by_subject: dict[str, list[StatedFigure]] = defaultdict(list)
    for statement in document.stated():
        if statement.subject and statement.subject.cells and not statement.subject.within:
            by_subject[statement.subject.id].append(statement)
    for stated in by_subject.values():
        first = stated[0]
        other = next((one for one in stated if not one.amount.agrees(first.amount)), None)
        told = any(one.number in wrong for one in stated)
        if other is None or told or _of_another_year(document, first) or _of_another_year(document, other):
            continue
        if _scope(first) != _scope(other):
            continue
        yield text_finding(document, "text_repeated", at_statement(other), other.words, other=first.words)


def _of_another_year(document: TextDocument, statement: StatedFigure) -> bool:
    """Whether the words before the amount name another year: then it is another indicator."""
    at = statement.passage.text.find(statement.words)
    before = plain(statement.passage.text[max(0, at - 30) : at + len(statement.words)])
    return any(str(year) in before for year in range(document.year - 4, document.year)) or "上年" in before


def _scope(statement: StatedFigure) -> frozenset[str]:
    """Of which funds the words before an amount speak: the same indicator of two funds is two."""
    text = plain(statement.passage.text)
    before = text[: text.find(plain(statement.words)) + len(statement.words)]
    return frozenset(_FUNDS.findall(before))


def _changed_twice(document: TextDocument) -> Iterator[Finding]:
    """A change that is told twice of one amount against one base, and unlike."""
    seen: dict[tuple[str, Decimal, int | None, str], StatedFigure] = {}
    for statement in document.stated():
        change = statement.change
        if change is None or change.amount is None or not change.sign or not statement.amount.yuan:
            continue
        about = statement.subject.id if statement.subject else statement.code or statement.name
        key = (about, statement.amount.yuan, change.base_year, change.base_word)
        first = seen.setdefault(key, statement)
        if first.change and first.change.amount and not first.change.amount.agrees(change.amount):
            words = f"{first.words}，{first.change.words}"
            yield text_finding(
                document,
                "text_changed_twice",
                at_statement(statement),
                f"{statement.words}，{change.words}",
                other=words,
            )


def _zero_bases(document: TextDocument) -> Iterator[Finding]:
    """A percentage of growth where there was nothing before."""
    for item in document.items:
        change = item.change
        if change and change.percent and change.percent.value and item.prior and not item.prior.yuan:
            words = f"{item.prior.words}…{change.words}"
            yield text_finding(document, "text_zero_base", at_item(item, item.code), words)
    for statement in document.stated():
        change = statement.change
        if change is None or change.percent is None or change.sign != 1:
            continue
        nothing = change.prior is not None and not change.prior.yuan and change.percent.value
        if nothing or (change.amount and change.amount.yuan and change.amount.yuan == statement.amount.yuan):
            words = f"{statement.words}，{change.words}"
            yield text_finding(document, "text_zero_base", at_statement(statement), words)


def _same_changed(document: TextDocument) -> Iterator[Finding]:
    for statement in document.stated():
        change = statement.change
        if change is None or change.sign != 0:
            continue
        amount = change.amount is not None and change.amount.yuan
        percent = change.percent is not None and change.percent.value
        fell = any(f"{word}为" in statement.words for word in _MOVED) and change.base_word in ("", "决算")
        if amount or percent or fell:
            words = f"{statement.words}，{change.words}"
            yield text_finding(document, "text_same_changed", at_statement(statement), words)


def _lists(document: TextDocument, wrong: Collection[int]) -> Iterator[Finding]:
    """The parts of a whole, each with its share: the shares are all of it, and then the amounts are too."""
    by_number = {statement.number: statement for statement in document.stated()}
    parts: dict[int, list[StatedFigure]] = defaultdict(list)
    judged = {whole for whole, _ in document.rules.sums} | _said_unlike(document)
    for statement in by_number.values():
        if statement.whole in by_number:
            parts[statement.whole].append(statement)
    for number, siblings in parts.items():
        whole = by_number[number]
        listed = [one for one in siblings if one.share and not one.share.of] or siblings
        if whole.subject and whole.subject.id in judged:
            continue
        if (
            not whole.amount.yuan
            or len(listed) < _FEWEST
            or number in wrong
            or any(one.number in wrong for one in listed)
        ):
            continue
        percents = [one.share.percent for one in listed if one.share]
        shares, half = sum((one.value for one in percents), Fraction(0)), sum(one.half for one in percents)
        gap = whole.amount.yuan - sum((one.amount.yuan for one in listed), Decimal(0))
        amounts_agree = abs(gap) <= whole.amount.half + sum(one.amount.half for one in listed)
        each = all(one.share or not one.amount.yuan for one in listed)  # a share of one part is none of a list
        meant = each and abs(shares - _ALL) <= half if percents else _meant_as_all(whole, listed, gap)
        if meant and not amounts_agree:
            added = in_words(whole.amount.yuan - gap, whole.amount.unit)
            yield text_finding(
                document,
                "text_list_sum",
                at_statement(whole),
                whole.words,
                other=added,
                evidence=[one.words for one in listed],
            )


def _share_sums(document: TextDocument) -> Iterator[Finding]:
    """Shares of a list whose whole is not told, where all but one are those of its sum and together are not 100 %."""
    for listed in (*_shared_lists(document), *_lists_of_classes(document)):
        added = sum((one.amount.yuan for one in listed), Decimal(0))
        if len(listed) <= _FEWEST or added <= 0:
            continue
        whole = replace(listed[0].amount, yuan=added, half=sum((one.amount.half for one in listed), Decimal(0)))
        shares = [(one, one.share.percent, ratio(one.amount, whole)) for one in listed if one.share]
        off = [one for one, share, allowed in shares if allowed and not allowed.meets(share.value, share.half)]
        total = sum((share.value for _, share, _ in shares), Fraction(0))
        if len(off) == 1 and abs(total - _ALL) > sum(share.half for _, share, _ in shares):
            yield text_finding(
                document,
                "text_share_sum",
                at_statement(off[0]),
                f"{float(total):g}%",
                evidence=[f"{one.words}，{one.share.words}" for one in listed if one.share],
            )


def _shared_lists(document: TextDocument) -> Iterator[list[StatedFigure]]:
    """The amounts of a paragraph with shares of one whole that the text tells no amount of."""
    stated = {one.subject.id for one in document.stated() if one.subject}
    told = {part for whole, parts in document.rules.sums if whole in stated for part in parts}
    for paragraph in document.statements:
        for of in dict.fromkeys(one.share.of for one in paragraph if one.share):
            named = document.rules.subject_in(plain(of), document.kind) if of else None
            if named in stated:
                continue
            same = [one for one in paragraph if one.share and one.share.of == of]
            yield [one for one in same if of or (one.whole is None and not (one.subject and one.subject.id in told))]


def _lists_of_classes(document: TextDocument) -> Iterator[list[StatedFigure]]:
    """The classes with their shares that paragraphs one behind the other begin with."""
    listed: list[StatedFigure] = []
    for paragraph in document.statements:
        first = paragraph[0] if paragraph else None
        if first is None or not first.class_name or first.share is None or first.share.of or first.whole is not None:
            continue
        if listed and first.passage.number != listed[-1].passage.number + 1:
            yield listed
            listed = []
        listed = [*listed, first]
    yield listed


def _said_unlike(document: TextDocument) -> set[str]:
    """The subjects that the text states with two values, which is told by itself."""
    values: dict[str, set[Decimal]] = defaultdict(set)
    for statement in document.stated():
        if statement.subject:
            values[statement.subject.id].add(statement.amount.yuan)
    return {subject for subject, found in values.items() if len(found) > 1}


def _meant_as_all(whole: StatedFigure, listed: list[StatedFigure], gap: Decimal) -> bool:
    """Whether parts without shares are surely all of a whole: they miss it by one digit, or by little and say so."""
    amounts = [one.amount.yuan for one in listed]
    if abs(gap) > whole.amount.yuan * _LITTLE or sum(amount > 0 for amount in amounts) < _FEWEST:
        return False
    one_digit = len(f"{abs(gap):f}".replace(".", "").strip("0")) == 1
    return one_digit or plain(whole.passage.text).endswith(("包括:", "如下:", "构成:"))


def _change_sums(document: TextDocument) -> Iterator[Finding]:
    """The change of a whole and those of all its parts, where each is told against the same year."""
    stated: dict[str, list[StatedFigure]] = defaultdict(list)
    for statement in document.stated():
        if statement.subject and statement.change:
            stated[statement.subject.id].append(statement)
    for whole, parts in document.rules.sums:
        if len(stated[whole]) != 1 or any(len(stated[part]) != 1 for part in parts):
            continue
        total, addends = stated[whole][0], [stated[part][0] for part in parts]
        moved = [_moved(one) for one in (total, *addends)]
        years = {(one.change.base_year, one.change.base_word) for one in (total, *addends) if one.change}
        if len(years) != 1 or any(one is None for one in moved):
            continue
        values = [one for one in moved if one is not None]
        gap = values[0] - sum(values[1:], Decimal(0))
        half = sum(one.amount.half for one in (total, *addends))
        if abs(gap) <= half or total.change is None:
            continue
        yield text_finding(
            document,
            "text_change_sum",
            at_statement(total),
            f"{total.words}，{total.change.words}",
            other=in_words(values[0] - gap, total.amount.unit),
            evidence=[f"{one.words}，{one.change.words}" for one in addends if one.change],
        )


def _moved(statement: StatedFigure) -> Decimal | None:
    """The signed change that is told of an amount; None where it is not told in money."""
    change = statement.change
    if change is None or change.sign is None:
        return None
    if change.sign == 0:
        return Decimal(0)
    return change.amount.yuan * change.sign if change.amount else None


def _code_names(document: TextDocument) -> Iterator[Finding]:
    """Codes that the text prints with a name that they never bore, and another code of the class alone bears."""
    told: set[str] = set()
    for statement in document.stated():
        printed = _CODED.search(plain(statement.words)[: -len(statement.amount.words)])
        printed = printed or _NAMED.match(plain(statement.passage.text))
        if printed is None or printed["code"] in told:
            continue
        code, name = printed["code"], printed["name"]
        own = [one for one in document.code_book.names_of(Scheme.FUNCTIONAL, code) if one.evidence.sure]
        named = document.code_book.named(Scheme.FUNCTIONAL, code[:3], len(code), name)
        if named is None or not own:
            known = own[-1].name if own else None
            yield from _against_rows(document, statement, code, name, known)
            continue
        if named.code == code:
            continue
        if any(is_variant(plain_name(one.name), name, document.endings) for one in own):
            continue
        told.add(code)
        yield text_finding(
            document,
            "text_code_name",
            at_statement(statement),
            f"{code} {name}",
            expected=named.code,
            other=own[-1].name,
        )


def _against_rows(
    document: TextDocument, statement: StatedFigure, code: str, name: str, known: str | None
) -> Iterator[Finding]:
    """A code of the text that the tables or the book give another name, and its name another code of the class."""
    rows = {cell.code: bare_label(cell) for cells in document.cells.values() for cell in cells if cell.code}
    right = {one for one, label in rows.items() if label == name and len(one) == len(code) and one[:3] == code[:3]}
    other = rows.get(code, known)
    if other and len(right - {code}) == len(right) == 1 and not is_variant(plain_name(other), name, document.endings):
        (expected,) = right
        where = at_statement(statement)
        yield text_finding(document, "text_code_name", where, f"{code} {name}", expected=expected, other=other)


def _old_names(document: TextDocument) -> Iterator[Finding]:
    """Classes that the text calls by a name of before, where no item bears it."""
    of_items = {plain(item.names[0]) for item in document.items}
    told: set[str] = set()
    for statement in document.stated():
        name = plain(statement.name)
        if statement.subject or name in of_items or name in told:
            continue
        found = document.code_book.expired(Scheme.FUNCTIONAL, "", name, document.year)
        if found is not None and name not in document.printed_names:
            told.add(name)
            yield text_finding(document, "text_old_name", at_statement(statement), name, expected=found[1].name)
