"""What became of a budget: how far execution lies from what was approved."""

from decimal import Decimal


def deviation(executed: Decimal | None, approved: Decimal | None) -> Decimal | None:
    """预决算偏离度: how far execution lies above (below: negative) the approved budget, as a ratio.

    Formula: (executed − approved) / approved. None where one is missing or nothing was approved.
    """
    if executed is None or approved is None or approved <= 0:
        return None
    return (executed - approved) / approved
