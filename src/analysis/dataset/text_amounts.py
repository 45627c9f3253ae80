"""What became of the amounts that a document's text states, in one sentence for people."""

from collections.abc import Mapping
from typing import Any


def stated_amounts(row: Mapping[str, Any]) -> str | None:
    """How many amounts the text states, how many are held against tables, and why the others are not.

    Args:
        row: A row of the documents; of a dataset of before there were statements it lacks them.

    Returns:
        The sentence; None where the text states none.
    """
    stated, compared, note = (row.get(name) for name in ("amounts_stated", "amounts_compared", "amounts_note"))
    if not stated:
        return None
    zh, _, en = (note or "").partition(" / ")
    rest = (f"，其余{zh.rstrip('。')}", f"; the others: {en.rstrip('.')}") if note else ("", "")
    return (
        f"文字所述金额 {stated} 个，{compared} 个与表内数字对照{rest[0]}。"
        f" / The text states {stated} amounts, {compared} of them are held against the tables{rest[1]}."
    )
