"""Raised characters: marks of footnotes, which belong to no text and never to the digits in front of them."""

import re

_MARK = re.compile(
    r"(?=.*[\d①-⓿❶-➓*＊※†‡])(?:[\[［(（【〔]?(?:注|注释)?[\d,，、\s]{1,6}[\]］)）】〕]?|[①-⓿❶-➓*＊※†‡]+)"
)
_UNIT = re.compile(r"[A-Za-z]\s*$")


def keep_raised(before: str, raised: str) -> str:
    """What stays of raised characters behind a text: nothing of a mark; all of what is none, as the ² of m²."""
    return "" if _MARK.fullmatch(raised.strip()) and not _UNIT.search(before) else raised
