"""Quirks: the ways in which published files of the same form differ, as one frozen value.

Every field is a habit seen in published budgets. The default is the plainest official layout; `drawn_quirks` draws a
mixture. The fields up to `empty_word` decide what is printed and belong to making a book, the others to setting it.
"""

from dataclasses import dataclass, replace
from random import Random

AMOUNT_STYLES = ("grouped", "grouped_fen", "plain_fen", "plain")
NOTHING_STYLES = ("blank", "zero", "dash")
HEADINGS = ("quoted", "subject", "stopped", "coded", "mixed")
BODY_WORDS = ("编制", "预算", "")
RULINGS = ("strokes", "thin_rects", "cell_rects")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirks:
    """How a budget is printed."""

    amounts: str = "grouped"
    nothing: str = "blank"
    summary_columns: int = 1
    eaten_zeros: bool = False
    spaced_names: bool = False
    old_class_name: bool = False
    heading: str = "quoted"
    prior_stated: bool = True
    zero_base_percent: bool = True
    fund_word: str = "政府性基金预算"
    capital_typo: bool = False
    grouped_text: bool = False

    empty_word: bool = False
    one_code_column: bool = False
    repeated_header: bool = True
    lone_total: bool = False
    title_in_frame: bool = False
    body_word: str = "编制"
    capital_words: str = "国有资本经营预算支出"
    least_rows: int = 12
    narrow_names: bool = False
    year_in_last_title: bool = True

    rulings: str = "strokes"
    white_cells: bool = False
    rotated: bool = False
    hidden_outside: bool = False
    invisible_text: bool = False
    shifted_baseline: bool = False
    split_runs: bool = False

    one_sheet: bool = False
    numeric_amounts: bool = False
    numeric_codes: bool = False


def drawn_quirks(rng: Random) -> Quirks:
    """A mixture of quirks as an organisation's habits might be: mostly the official form, each quirk now and then."""

    def seldom(chance: float = 0.25) -> bool:
        return rng.random() < chance

    return Quirks(
        amounts=rng.choice(AMOUNT_STYLES),
        nothing=rng.choice(("blank", "blank", "zero", "zero", "dash")),
        summary_columns=rng.choice((1, 4)),
        eaten_zeros=seldom(),
        spaced_names=seldom(),
        old_class_name=seldom(0.1),
        heading=rng.choice(HEADINGS),
        prior_stated=not seldom(),
        zero_base_percent=not seldom(0.5),
        fund_word=rng.choice(("政府性基金预算", "政府性基金")),
        capital_typo=seldom(0.1),
        grouped_text=seldom(0.2),
        empty_word=seldom(),
        one_code_column=seldom(),
        repeated_header=not seldom(0.5),
        lone_total=seldom(),
        title_in_frame=seldom(0.15),
        body_word=rng.choice(("编制", "编制", *BODY_WORDS)),
        capital_words=rng.choice(("国有资本经营预算支出", "国有资本经营财政拨款预算支出")),
        least_rows=rng.choice((7, 9, 12)),
        narrow_names=seldom(0.3),
        year_in_last_title=not seldom(0.15),
        rulings=rng.choice(RULINGS),
        white_cells=seldom(),
        rotated=seldom(),
        hidden_outside=seldom(),
        invisible_text=seldom(),
        shifted_baseline=seldom(),
        split_runs=seldom(),
        one_sheet=seldom(0.5),
        numeric_amounts=seldom(0.5),
        numeric_codes=seldom(),
    )


def varied(quirks: Quirks, rng: Random) -> Quirks:
    """The same organisation a year later: nearly the same habits."""
    return replace(
        quirks,
        summary_columns=rng.choice((quirks.summary_columns, quirks.summary_columns, 1, 4)),
        repeated_header=quirks.repeated_header is not (rng.random() < 0.2),
        lone_total=rng.random() < 0.25,
    )
