"""What is spent, each yuan once: the rows of the expenditure tables from which any sum is right.

A published budget prints an amount as a class, its sections and its items, in several tables, approved and executed, in
a unit and in the department above it. `undivided` keeps of all that the rows that the document divides no further, of
the best document, of one phase and one level: so they may be added up by whatever they bear. `printed` keeps the rows
as they are printed, one level of codes at a time. Ratios are floats: a quotient of decimals would be cut to two digits.
"""

import polars as pl

from analysis.errors import ParameterError
from analysis.reports.series.sources import from_best_document
from analysis.reports.series.spending_series import EXPENDITURE_TABLE, TOTAL
from analysis.terms.line_item import Level, Phase, RowRole, Side

WIDTHS = {"class": 3, "section": 5, "item": 7}
_OF = ("organisation", "level", "fiscal_year")
_ROW = (*_OF, "code", "name", "amount", "suspect", "place")
_CODES = [pl.col("code").str.head(width).alias(f"{name}_code") for name, width in WIDTHS.items() if name != "item"]


def undivided(items: pl.LazyFrame, phase: Phase, level: Level) -> pl.LazyFrame:
    """The rows of expenditure that are divided no further.

    Args:
        items: Line items with `suspect` and `place`.
        phase: Approved or executed.
        level: Departments contain their units, so one of the two.

    Returns:
        `organisation`, `level`, `fiscal_year`, `class_code`, `section_code`, `code`, `name`, `amount` (yuan),
        `suspect`, `place`.
    """
    rows = _expenditure(items, phase, level).filter(pl.col("code").is_not_null(), row_role=RowRole.DETAIL.value)
    return rows.select(*_OF, *_CODES, "code", "name", "amount", "suspect", "place")


def printed(items: pl.LazyFrame, phase: Phase, level: Level, code: str | None, by: str | None) -> pl.DataFrame:
    """Expenditure as it is printed: the total of each organisation and year, one code, or one level of codes.

    Args:
        items: Line items with `suspect` and `place`.
        phase: Approved or executed.
        level: Departments contain their units, so one of the two.
        code: A functional code; None for no one.
        by: "class", "section" or "item"; None for the totals, or with a code for that code alone.

    Returns:
        `organisation`, `level`, `fiscal_year`, `code`, `name`, `amount` (yuan), `suspect`, `place`; one row for each
        organisation, year and code.

    Raises:
        ParameterError: There is no such level of codes, or nothing fits; the message has what there is.
    """
    if by is not None and by not in WIDTHS:
        raise ParameterError(f"没有科目级次 by={by!r}；可选：{'、'.join(WIDTHS)}。 / by is one of {', '.join(WIDTHS)}")
    rows = _expenditure(items, phase, level)
    if code is None and by is None:
        chosen = rows.filter(row_role=RowRole.TOTAL.value)
    elif by is None:
        chosen = rows.filter(code=code)
    else:
        below = pl.col("code").str.starts_with(code or "")
        chosen = rows.filter(below, pl.col("code").str.len_chars() == WIDTHS[by])
    keys = ["organisation_id", "fiscal_year", "code"]
    found = chosen.unique(keys, keep="first", maintain_order=True).select(_ROW).collect()
    if found.is_empty():
        asked = f"code={code!r}, by={by!r}, phase={phase.value!r}, level={level.value!r}"
        raise ParameterError(f"没有符合条件的支出：{asked}。{_what_there_is(items)}")
    return found.sort("organisation", "fiscal_year", "code", nulls_last=True)


def growth(rows: pl.DataFrame, year: int | None = None) -> pl.DataFrame:
    """How each row of `printed` changed from the year before.

    Args:
        rows: Of one level of codes, or totals.
        year: The year that changed; None for the last one of which somebody has the year before too.

    Returns:
        `organisation`, `level`, `code`, `name`, `before`, `amount`, `change` (yuan, null where one of the two years
        does not print the row), `growth` and `contribution` (floats, 0.05 is 5 %; the contribution is the change as a
        part of all that the organisation printed the year before); the largest change first.

    Raises:
        ParameterError: One of the two years has no rows.
    """
    years = sorted(set(rows["fiscal_year"]))
    now = year or _last_comparable(rows) or max(years, default=0)
    if not {now, now - 1} <= set(years):
        raise ParameterError(
            f"{now} 年或 {now - 1} 年没有数字；有数字的年度：{'、'.join(map(str, years))}。 / no such years"
        )
    keys = ["organisation", "level", "code"]
    after = rows.filter(fiscal_year=now).select(*keys, "name", "amount")
    before = rows.filter(fiscal_year=now - 1).select(*keys, pl.col("name").alias("old_name"), before="amount")
    whole = before.group_by("organisation", "level").agg(pl.col("before").sum().alias("whole"))
    pairs = after.join(before, on=keys, how="full", coalesce=True, nulls_equal=True).join(
        whole, on=["organisation", "level"], how="left"
    )
    change = (pl.col("amount") - pl.col("before")).alias("change")
    told = pairs.with_columns(change, name=pl.coalesce("name", "old_name"))
    told = told.select(
        *keys, "name", "before", "amount", "change",
        growth=ratio(pl.col("change"), pl.when(pl.col("before") > 0).then("before")),
        contribution=ratio(pl.col("change"), pl.col("whole")),
    )  # fmt: skip
    order = (pl.col("change").abs(), "organisation", "code")
    return told.sort(*order, descending=[True, False, False], nulls_last=True)


def _last_comparable(rows: pl.DataFrame) -> int | None:
    """The last year of which an organisation has rows, and of the year before too."""
    there = rows.select("organisation", "level", "fiscal_year").unique()
    before = there.with_columns(pl.col("fiscal_year") + 1)
    years = there.join(before, on=["organisation", "level", "fiscal_year"], how="semi")["fiscal_year"]
    return max(years.to_list(), default=None)


def ratio(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """A ratio of two amounts as a float; null where the whole is none or zero.

    Money is decimal(18,2), and a quotient of such decimals is one again: 0.1241 would become 0.12.
    """
    return pl.when(whole != 0).then(part.cast(pl.Float64) / whole.cast(pl.Float64))


def _expenditure(items: pl.LazyFrame, phase: Phase, level: Level) -> pl.LazyFrame:
    rows = items.filter(
        table=EXPENDITURE_TABLE, side=Side.EXPENDITURE.value, measure=TOTAL, phase=phase.value, level=level.value
    )
    return rows.filter(from_best_document())


def _what_there_is(items: pl.LazyFrame) -> str:
    """The phases and levels that have expenditure, as a sentence."""
    there = items.filter(table=EXPENDITURE_TABLE, measure=TOTAL).select("level", "phase").unique()
    pairs = (f"level={level!r}, phase={phase!r}" for level, phase in there.collect().sort("level", "phase").iter_rows())
    return f"数据中有：{'；'.join(pairs) or '没有支出总表'}。 / nothing fits"
