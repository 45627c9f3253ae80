"""Numbers that Word makes itself: a paragraph of a list carries none, only which list and which level it belongs to.

The levels of a list say how a number is written (`1.`, `（一）`, `①`); each paragraph of it counts on. A list whose
definition the file lacks is counted in Arabic numerals.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_DIGITS = "〇一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "ideographDigital",
    "japaneseCounting",
    "japaneseDigitalTenThousand",
    "koreanDigital2",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "taiwaneseDigital",
}
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MAX_LEVELS = 9


class ListLevel(NamedTuple):
    """How a level of a list is written: with which number it begins, in which style, `%1` for that of the first one."""

    start: int = 1
    style: str = "decimal"
    text: str = ""


_UNDEFINED = ListLevel(text="%1.")


@dataclass(slots=True)
class Numbering:
    """The lists of a document, counted while its paragraphs are read in order."""

    lists: Mapping[str, tuple[str, Mapping[int, ListLevel]]]
    styles: Mapping[str, tuple[str, int]]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def next_number(self, properties: etree._Element | None) -> str:
        """The number of the paragraph with these properties, and count on; nothing where it is in no list."""
        return self.count(*self._list_of(properties))

    def count(self, number: str | None, depth: int) -> str:
        """The number of the next paragraph of a list at a level; nothing where it is in none (None, or "0")."""
        if number is None or number == "0":
            return ""
        counted, levels = self.lists.get(number, (f"undefined {number}", {}))
        level = levels.get(depth, _UNDEFINED if not levels else ListLevel(style="none"))
        counts = self._counts.setdefault(counted, {})
        counts[depth] = counts[depth] + 1 if depth in counts else level.start
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if level.style in {"bullet", "none"}:
            return ""
        text = level.text
        for other in range(min(depth, _MAX_LEVELS) + 1):
            above = levels.get(other, level)
            text = text.replace(f"%{other + 1}", _written(counts.get(other, above.start), above.style))
        return text

    def _list_of(self, properties: etree._Element | None) -> tuple[str | None, int]:
        """The list and the level that a paragraph names, itself or by its style."""
        if properties is None:
            return None, 0
        found = properties.find(f"{W}numPr")
        style = properties.find(f"{W}pStyle")
        by_style = self.styles.get(style.get(f"{W}val") or "") if style is not None else None
        if found is None or found.find(f"{W}numId") is None:
            return by_style or (None, 0)
        return _value(found, "numId"), _integer(_value(found, "ilvl"), 0)


def read_numbering(numbering: etree._Element | None, styles: etree._Element | None) -> Numbering:
    """The lists that a document defines; without definitions, counters alone."""
    lists: dict[str, tuple[str, Mapping[int, ListLevel]]] = {}
    if numbering is not None:
        levels = {one.get(f"{W}abstractNumId") or "": dict(_levels(one)) for one in numbering.iter(f"{W}abstractNum")}
        for one in numbering.iter(f"{W}num"):
            number, abstract = one.get(f"{W}numId") or "", _value(one, "abstractNumId") or ""
            own = {depth: level for over in one.iter(f"{W}lvlOverride") for depth, level in _levels(over)}
            starts = {
                _integer(over.get(f"{W}ilvl"), 0): _integer(_value(over, "startOverride"), 1)
                for over in one.iter(f"{W}lvlOverride")
                if over.find(f"{W}startOverride") is not None
            }
            merged = {**levels.get(abstract, {}), **own}
            for depth, start in starts.items():
                level = merged.get(depth, _UNDEFINED)
                merged[depth] = ListLevel(start, level.style, level.text)
            # Lists of one definition count together, unless one of them begins anew.
            lists[number] = (f"anew {number}" if starts else abstract, merged)
    return Numbering(lists, dict(_styled(styles)) if styles is not None else {})


def _levels(element: etree._Element) -> Iterator[tuple[int, ListLevel]]:
    for level in element.findall(f"{W}lvl"):
        yield (
            _integer(level.get(f"{W}ilvl"), 0),
            ListLevel(
                _integer(_value(level, "start"), 1),
                _value(level, "numFmt") or "decimal",
                _value(level, "lvlText") or "",
            ),
        )


def _styled(styles: etree._Element) -> Iterator[tuple[str, tuple[str, int]]]:
    for style in styles.findall(f"{W}style"):
        found = style.find(f"{W}pPr/{W}numPr")
        if found is not None and (number := _value(found, "numId")):
            yield style.get(f"{W}styleId") or "", (number, _integer(_value(found, "ilvl"), 0))


def _value(element: etree._Element, name: str) -> str | None:
    child = element.find(f"{W}{name}")
    return None if child is None else child.get(f"{W}val")


def _integer(text: str | None, otherwise: int) -> int:
    """A small number of an attribute; `otherwise` where it says none."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 7 else otherwise


def _written(number: int, style: str) -> str:
    if style in _CHINESE:
        return _chinese(number, _DIGITS, "十")
    if style == "chineseLegalSimplified":
        return _chinese(number, _FORMAL, "拾")
    if style.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if style in {"upperLetter", "lowerLetter"} and 1 <= number <= 26:
        letter = chr(96 + number)
        return letter.upper() if style == "upperLetter" else letter
    if style in {"upperRoman", "lowerRoman"} and 1 <= number < 400:
        return _roman(number).upper() if style == "upperRoman" else _roman(number)
    if style == "ideographTraditional" and 1 <= number <= len(_STEMS):
        return _STEMS[number - 1]
    if style == "ideographZodiac" and 1 <= number <= len(_BRANCHES):
        return _BRANCHES[number - 1]
    return f"{number:02d}" if style == "decimalZero" else str(number)


def _chinese(number: int, digits: str, ten: str) -> str:
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if not tens else ten if tens == 1 and ten == "十" else digits[tens] + ten
    return head + (digits[ones] if ones else "")


def _roman(number: int) -> str:
    written = ""
    for value, letters in _ROMAN:
        while number >= value:
            written, number = written + letters, number - value
    return written
