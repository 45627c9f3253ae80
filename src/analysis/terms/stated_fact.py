"""A fact that the text states beside the accounts: what was bought, owned, staffed, and how many goals were set."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analysis.terms.line_item import Phase, Place


@dataclass(frozen=True, slots=True)
class StatedFact:
    """One stated value.

    Attributes:
        subject: What it is about, an id of `knowledge/facts.toml`.
        value: Money in yuan, anything else in its own unit.
        unit: 元 for money, else the unit as the subject names it (辆, 平方米, 台（套）, 个).
        printed: The number with its unit as printed, or the words that state that there is none.
        as_of: The day for which it is stated (截至2024年12月31日); None where the text names none.
        fiscal_year: The year that it belongs to; None where neither text nor document tells.
        direction: 持平, 增加, 减少 … against `compared_year`; None where nothing is compared.
        change: By how much, in the unit of the value; None where the text gives no amount.
        change_percent: The same as a percentage, negative for a decrease.
        sentence: The sentence without white space.
        place: Where its digits, or its words, stand.
    """

    subject: str
    value: Decimal
    unit: str
    printed: str
    as_of: date | None
    fiscal_year: int | None
    phase: Phase
    direction: str | None
    change: Decimal | None
    change_percent: Decimal | None
    compared_year: int | None
    sentence: str
    place: Place
