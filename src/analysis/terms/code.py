"""Classification codes of the budget.

Functional codes (功能分类) have 3, 5 or 7 digits for class 类, section 款 and item 项; economic codes (经济分类) 3 or
5 for class and section. A spreadsheet that took a section for a number ate its leading zero: "301 2" is 30102. The
zero is restored only where the parts are known; a code that cannot be right stays as it is.
"""

from enum import StrEnum

PART_WIDTHS = (3, 2, 2)


class Scheme(StrEnum):
    """By what the rows of a table are classified.

    By function or by economic class, with codes: of departments 301–399, of governments 501–599. Without codes by
    purpose (支出用途: basic, project) or by the units that spend.
    """

    FUNCTIONAL = "functional"
    ECONOMIC = "economic"
    GOVERNMENT_ECONOMIC = "government_economic"
    PURPOSE = "purpose"
    ORGANISATION = "organisation"

    @property
    def levels(self) -> int:
        """How many levels the scheme's codes have; 0 where it has no codes."""
        return _LEVELS[self]

    @property
    def first_digit(self) -> str | None:
        """The digit with which every code of the scheme begins; None where it has no codes."""
        return _FIRST_DIGIT.get(self)


_FIRST_DIGIT = {Scheme.FUNCTIONAL: "2", Scheme.ECONOMIC: "3", Scheme.GOVERNMENT_ECONOMIC: "5"}
_LEVELS = {
    Scheme.FUNCTIONAL: 3,
    Scheme.ECONOMIC: 2,
    Scheme.GOVERNMENT_ECONOMIC: 2,
    Scheme.PURPOSE: 0,
    Scheme.ORGANISATION: 0,
}


def join_parts(parts: list[str]) -> str:
    """The normalised code of the parts printed in the 类, 款 and 项 columns, lost leading zeros restored."""
    return "".join(part.zfill(width) if part else "" for part, width in zip(parts, PART_WIDTHS, strict=False))


def restore_zero(code: str) -> str:
    """The normalised code of one printed in a single column: "3012" is 30102, anything else stays.

    Only an even length between the levels can have lost a zero, and only before its last digit: that of the last part.
    """
    return f"{code[:-1]}0{code[-1]}" if len(code) in (4, 6) else code


def level_of(code: str, scheme: Scheme) -> int | None:
    """1 for a class, 2 for a section, 3 for an item; None where the length fits no level of the scheme."""
    level = {3: 1, 5: 2, 7: 3}.get(len(code))
    return level if level is not None and level <= scheme.levels else None


def parent_of(code: str, scheme: Scheme) -> str | None:
    """The code one level up; None for a class and for a code of no level."""
    level = level_of(code, scheme)
    return code[: 2 * level - 1] if level is not None and level > 1 else None
