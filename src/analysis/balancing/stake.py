"""What is at stake in a finding, and which finding comes first.

At stake is how far the figures would lead a reader astray, in yuan: the difference to what should stand there or, where
nobody can tell, the difference that the relation leaves; for a wrong code the amount that stands under it. The rank
puts arithmetic before codes, before amounts of the text, before wording, and within each the larger stake first. It is
made of the finding alone, so that findings of different documents can be ranked together.
"""

import re
from decimal import Decimal

import polars as pl

_AMOUNT = re.compile(r"(\d[\d,，]*(?:\.\d+)?)(亿元|万元|元)")
_YUAN = {"亿元": 100_000_000, "万元": 10_000, "元": 1}
_MOST = 10**13
_IN_TEXT = ("narrative", "text")
_NAMES = ("text_class_name", "text_item_levels", "text_item_names", "code_old_name", "code_name_unsure", "code_unknown")


def stake_of_words(printed: str | None, expected: str | None) -> Decimal | None:
    """The difference in yuan between the first amount that is printed and the one that belongs there."""
    stated, right = _first_amount(printed), _first_amount(expected)
    return None if stated is None or right is None else abs(stated - right)


def _first_amount(words: str | None) -> Decimal | None:
    found = _AMOUNT.search(words or "")
    if found is None:
        return None
    return Decimal(re.sub("[,，]", "", found[1])) * _YUAN[found[2]]


def rank() -> pl.Expr:
    """The rank of findings: the smaller, the sooner; comparable between documents."""
    text, code = pl.col("table").is_in(_IN_TEXT), pl.col("rule").str.starts_with("code_")
    wording = pl.col("rule").is_in(_NAMES) | ((text | code) & (pl.col("severity") == "info"))
    kind = pl.when(wording).then(4).when(code).then(2).when(text | pl.col("rule").str.starts_with("text_")).then(3)
    yuan = pl.col("amount_at_stake").fill_null(0).round(0).cast(pl.Int64).clip(0, _MOST - 1)
    return (kind.otherwise(1).cast(pl.Int64) * _MOST + (_MOST - 1 - yuan)).alias("rank")
