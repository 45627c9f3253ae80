"""Nominal amounts at the prices of another year.

The index is the caller's: the project ships none, for which one is right (consumer prices, the deflator of government
consumption) is a question of the analysis.
"""

from collections.abc import Mapping
from decimal import Decimal


def real(amount: Decimal | None, index: Decimal | None, base: Decimal | None) -> Decimal | None:
    """An amount at the prices of the base year.

    Formula: amount · base / index, both indices on the same reference (100 in any one year).
    None where one is missing or an index is not above zero.
    """
    if amount is None or index is None or base is None or index <= 0 or base <= 0:
        return None
    return amount * base / index


def deflated(
    amounts: Mapping[int, Decimal | None], indices: Mapping[int, Decimal], base_year: int
) -> dict[int, Decimal | None]:
    """A series of years at the prices of one; a year without an index is a gap."""
    base = indices.get(base_year)
    return {year: real(amount, indices.get(year), base) for year, amount in amounts.items()}


def chained(rates: Mapping[int, Decimal], first_year: int) -> dict[int, Decimal]:
    """An index of 100 in `first_year` from yearly rates of price change (ratios); it ends where a year has no rate."""
    index = {first_year: Decimal(100)}
    year = first_year + 1
    while year in rates:
        index[year] = index[year - 1] * (1 + rates[year])
        year += 1
    return index
