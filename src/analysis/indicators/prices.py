"""Nominal amounts at the prices of another year.

The index is the caller's: the project ships none, for which one is right (consumer prices, the deflator of government
consumption) is a question of the analysis.
"""

from decimal import Decimal


def real(amount: Decimal | None, index: Decimal | None, base: Decimal | None) -> Decimal | None:
    """An amount at the prices of the base year.

    Formula: amount · base / index, both indices on the same reference (100 in any one year).
    None where one is missing or an index is not above zero.
    """
    if amount is None or index is None or base is None or index <= 0 or base <= 0:
        return None
    return amount * base / index
