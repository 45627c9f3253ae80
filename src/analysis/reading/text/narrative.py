"""The numbered items of the text (编制说明): what each says of this year, of last year's execution and of the change.

An item begins at a line with its path of class, section and item, with or without a number of its own, in any of the
heading styles seen: levels in brackets or between dashes, quoted or not, with or without codes (204类), 科目 behind it.
It ends before the next item, a section heading, or the tables. Amounts and percentages are kept as stated;
nothing is computed here.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from analysis.extraction.layout.blocks import TextLine
from analysis.extraction.layout.joined_lines import JoinedLines
from analysis.terms.form import Family, Wording
from analysis.terms.label import squeeze
from analysis.terms.line_item import Figure, NarrativeItem
from analysis.terms.money import Unit, is_recordable, parse_amount, to_yuan

_TOO_MANY_PERCENT = 10**12
_UNITS = {unit.zh: unit for unit in Unit}


def read_narrative(lines: Sequence[TextLine], family: Family) -> tuple[NarrativeItem, ...]:
    """Every item of the text, in order; where one bears no number of its own, all are numbered by their order."""
    items: list[NarrativeItem] = []
    gathered: list[TextLine] = []
    for line in lines:
        words = squeeze(line.text)
        start = family.wording.item_start.match(words)
        if start and (start["number"] or not gathered or _ends_sentence(gathered[-1])):
            items += _to_item(gathered, family.wording)
            gathered = [line]
        elif gathered and words and family.wording.section.match(words):
            items += _to_item(gathered, family.wording)
            gathered = []
        elif gathered:
            gathered.append(line)
    return _numbered([*items, *_to_item(gathered, family.wording)])


def _numbered(items: Sequence[NarrativeItem]) -> tuple[NarrativeItem, ...]:
    """The items once each, by their place in the text where one of them prints no number.

    Hidden text around a page repeats items word for word.
    """
    once = tuple({item.sentence: item for item in reversed(items)}.values())[::-1]
    if all(item.number for item in once):
        return once
    return tuple(replace(item, number=place) for place, item in enumerate(once, start=1))


def _ends_sentence(line: TextLine) -> bool:
    return squeeze(line.text).endswith(("。", "；", ";"))


def _to_item(lines: Sequence[TextLine], words: Wording) -> list[NarrativeItem]:
    """The item that the lines print; an empty list where its head states no amount."""
    own = JoinedLines.of(_paragraph(lines))
    text = own.text
    head = words.item.match(text)
    current = _figure(head, "current", own)
    if head is None or current is None:
        return []
    change = words.item_change.search(text)
    return [
        NarrativeItem(
            number=int(head["number"] or 0),
            class_name=head["class_name"],
            section_name=head["section_name"],
            item_name=head["item_name"],
            printed_code="".join(head[part] or "" for part in ("class_code", "section_code", "item_code")) or None,
            current=current,
            arranged=_figure(words.item_arranged.search(text), "arranged", own),
            prior=_figure(words.item_prior.search(text), "prior", own),
            change_percent=_percent(change, words),
            direction=change["direction"] if change else None,
            sentence=text,
            place=own.lines[0].place,
        )
    ]


def _paragraph(lines: Sequence[TextLine]) -> Sequence[TextLine]:
    """The item's own lines: a line that ends a sentence well before the right margin is its last."""
    widest = max((line.place.x1 or 0 for line in lines), default=0)
    for index, line in enumerate(lines):
        ends = _ends_sentence(line)
        short = line.place.x1 is not None and line.place.x1 < widest - 40
        if ends and short and index + 1 < len(lines):
            return lines[: index + 1]
    return lines


def _figure(match: re.Match[str] | None, group: str, lines: JoinedLines) -> Figure | None:
    """The stated amount, placed on the line where its digits begin; None where it is too large to be recorded."""
    amount = parse_amount(match[group]) if match else None
    if match is None or amount is None:
        return None
    unit = _UNITS[match[f"{group}_unit"]]
    yuan = to_yuan(amount, unit)
    if not is_recordable(yuan):
        return None
    return Figure(match[group], yuan, lines.place_at(match.start(group)), unit)


def _percent(change: re.Match[str] | None, words: Wording) -> Decimal | None:
    if change is None:
        return None
    if change["direction"] == "持平":
        return Decimal(0)
    if not change["percent"] or not change["sign"]:
        return None
    percent = Decimal(change["percent"])
    if percent >= _TOO_MANY_PERCENT:
        return None
    return -percent if words.item_decrease.fullmatch(change["direction"]) else percent
