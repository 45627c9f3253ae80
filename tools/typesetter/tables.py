"""Accounts set out as the nine official tables.

Every table is a view of the same spending: rows are the classes, sections and items of the codes in use, columns are
sums over the items below. So the identities between and within the tables hold by construction; whether the printed
texts keep them is a matter of the amount's style alone, and a style in whole yuan is only used with accounts in whole
yuan.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from typesetter.accounts import Accounts, Spending
from typesetter.book import Book, Line, Panel, Table
from typesetter.classification import classification, parts_of
from typesetter.narrative import closing_sentences, items_of, opening_of, wan_text
from typesetter.quirks import Quirks

ORDINALS = ("", *"一二三四五六七八九", "十", *(f"十{digit}" for digit in "一二三四五六七八九"))
INCOMES = ("fiscal_appropriation", "service_income", "business_income", "other_income")
FUNDS = ("general_public_budget", "government_fund_budget", "state_capital_budget")
WAN = 10_000
OLD_NAMES = {"210": "医疗卫生与计划生育支出"}

Measure = Callable[[Spending], int]


def amount_text(fen: int, quirks: Quirks) -> str:
    """A figure in yuan as this budget prints it."""
    if not fen:
        return {"blank": "", "zero": "0.00" if quirks.amounts.endswith("fen") else "0", "dash": "-"}[quirks.nothing]
    yuan = Decimal(fen) / 100
    match quirks.amounts:
        case "grouped":
            return f"{yuan:,.0f}"
        case "grouped_fen":
            return f"{yuan:,.2f}"
        case "plain_fen":
            return f"{yuan:.2f}"
        case _:
            return f"{yuan:.0f}"


def spaced(name: str, quirks: Quirks) -> str:
    """A short name with spaces put in to fill its cell, as typists do."""
    return " ".join(name) if quirks.spaced_names and len(name) <= 4 else name


def book_of(accounts: Accounts, quirks: Quirks) -> Book:
    """The book that prints `accounts`."""
    word = "部门" if accounts.level == "department" else "单位"
    general = [item for item in accounts.spending if item.fund == "general_public_budget"]
    fund = [item for item in accounts.spending if item.fund == "government_fund_budget"]
    capital = [item for item in accounts.spending if item.fund == "state_capital_budget"]
    kinds: dict[str, Measure] = {
        "total": lambda item: item.fiscal_appropriation,
        "basic": lambda item: item.basic,
        "project": lambda item: item.project,
    }
    tables = (
        _summary(accounts, quirks),
        _functional("revenue", "revenue", accounts.spending, _incomes(), quirks),
        _functional("expenditure", "expenditure", accounts.spending, _whole_expenditure(), quirks),
        _appropriations(accounts, quirks),
        _functional("general_public_budget", "expenditure", general, kinds, quirks),
        _functional("government_fund", "expenditure", fund, kinds, quirks),
        _functional("state_capital", "expenditure", capital, kinds, quirks),
        _economic(accounts, quirks),
        _three_public(accounts),
    )
    return Book(
        accounts.organisation, accounts.level, accounts.year, tables,
        opening_of(accounts), items_of(accounts, quirks), closing_sentences(accounts.year, word, tables[-1]),
    )  # fmt: skip


def _incomes() -> dict[str, Measure]:
    return {
        "total": lambda item: item.total,
        "fiscal_appropriation": lambda item: item.fiscal_appropriation,
        "service_income": lambda item: item.service_income,
        "business_income": lambda item: item.business_income,
        "other_income": lambda item: item.other_income,
    }


def _whole_expenditure() -> dict[str, Measure]:
    return {
        "total": lambda item: item.total,
        "basic": lambda item: item.basic,
        "project": lambda item: item.total - item.basic,
    }


def _sums(items: Iterable[Spending], measures: Iterable[Measure], quirks: Quirks) -> tuple[str, ...]:
    chosen = tuple(items)
    return tuple(amount_text(sum(measure(item) for item in chosen), quirks) for measure in measures)


def _prefixes(codes: Iterable[str]) -> list[str]:
    return sorted({code[:width] for code in codes for width in (3, 5, 7) if len(code) >= width})


def _functional(
    table: str, side: str, spending: Sequence[Spending], measures: dict[str, Measure], quirks: Quirks
) -> Table:
    """A table by functional code: classes, sections, items, and 合计."""
    names = classification().functional | (OLD_NAMES if quirks.old_class_name else {})
    lines = tuple(
        Line(
            parts_of(prefix),
            spaced(names[prefix], quirks),
            _sums((item for item in spending if item.code.startswith(prefix)), measures.values(), quirks),
        )
        for prefix in _prefixes(item.code for item in spending)
    )
    sums = _sums(spending, measures.values(), quirks) if spending else ("",) * len(measures)
    return Table(table, (Panel(side, tuple(measures), lines, Line((), "合计", sums)),))


def _by_class(accounts: Accounts, measures: dict[str, Measure], chosen: Sequence[Spending], quirks: Quirks) -> Panel:
    """The expenditure side of the two summaries: numbered classes, and 支出总计."""
    names = classification().functional | (OLD_NAMES if quirks.old_class_name else {})
    classes = sorted({item.code[:3] for item in chosen})
    lines = tuple(
        Line(
            (),
            f"{ORDINALS[number]}、{names[code]}",
            _sums((item for item in chosen if item.code.startswith(code)), measures.values(), quirks),
        )
        for number, code in enumerate(classes, start=1)
    )
    total = Line((), "支出总计", _sums(chosen, measures.values(), quirks))
    return Panel("expenditure", tuple(measures), lines, total)


def _summary(accounts: Accounts, quirks: Quirks) -> Table:
    sums = {name: sum(getattr(item, name) for item in accounts.spending) for name in INCOMES}
    funds = {fund: sum(i.fiscal_appropriation for i in accounts.spending if i.fund == fund) for fund in FUNDS}
    capital = "国有资本经验预算" if quirks.capital_typo else "国有资本经营预算"
    labels = (
        ("一、财政拨款收入", sums["fiscal_appropriation"]),
        ("1.一般公共预算资金", funds["general_public_budget"]),
        (f"2.{quirks.fund_word}", funds["government_fund_budget"]),
        (f"3.{capital}", funds["state_capital_budget"]),
        ("二、事业收入", sums["service_income"]),
        ("三、事业单位经营收入", sums["business_income"]),
        ("四、其他收入", sums["other_income"]),
    )
    revenue = Panel(
        "revenue",
        ("total",),
        tuple(Line((), label, (amount_text(fen, quirks),)) for label, fen in labels),
        Line((), "收入总计", (amount_text(sum(sums.values()), quirks),)),
    )
    measures: dict[str, Measure] = {"total": lambda item: item.total}
    if quirks.summary_columns == 4:
        measures |= {
            "personnel": lambda item: item.personnel,
            "operating": lambda item: item.operating,
            "project": lambda item: item.total - item.basic,
        }
    return Table("revenue_expenditure_summary", (revenue, _by_class(accounts, measures, accounts.spending, quirks)))


def _appropriations(accounts: Accounts, quirks: Quirks) -> Table:
    def within(fund: str) -> Measure:
        return lambda item: item.fiscal_appropriation if item.fund == fund else 0

    funds = {fund: within(fund) for fund in FUNDS}
    chosen = [item for item in accounts.spending if item.fiscal_appropriation]
    labels = ("一、一般公共预算资金", f"二、{quirks.fund_word}", "三、国有资本经营预算")
    revenue = Panel(
        "revenue",
        ("total",),
        tuple(
            Line((), label, _sums(chosen, (measure,), quirks))
            for label, measure in zip(labels, funds.values(), strict=True)
        ),
        Line((), "收入总计", _sums(chosen, (lambda item: item.fiscal_appropriation,), quirks)),
    )
    measures: dict[str, Measure] = {"total": lambda item: item.fiscal_appropriation} | funds
    return Table("appropriation_summary", (revenue, _by_class(accounts, measures, chosen, quirks)))


def _economic(accounts: Accounts, quirks: Quirks) -> Table:
    """Basic expenditure by economic code; a spreadsheet that eats zeros has eaten those of 02 and 07."""

    def texts(prefix: str) -> tuple[str, ...]:
        chosen = [(code, fen) for code, fen in accounts.economic if code.startswith(prefix)]
        personnel = sum(fen for code, fen in chosen if code[:3] in ("301", "303"))
        operating = sum(fen for _, fen in chosen) - personnel
        return tuple(amount_text(fen, quirks) for fen in (personnel + operating, personnel, operating))

    def parts(code: str) -> tuple[str, ...]:
        whole = parts_of(code)
        return (whole[0], whole[1][1]) if quirks.eaten_zeros and whole[1:] in (("02",), ("07",)) else whole

    names = classification().economic
    lines = tuple(
        Line(parts(prefix), spaced(names[prefix], quirks), texts(prefix))
        for prefix in _prefixes(code for code, _ in accounts.economic)
    )
    measures = ("total", "personnel", "operating")
    return Table("basic_by_economic", (Panel("expenditure", measures, lines, Line((), "合计", texts(""))),))


def _three_public(accounts: Accounts) -> Table:
    public = accounts.three_public
    vehicles = public.vehicle_purchase + public.vehicle_operation
    sums = {
        "total": public.overseas_visits + public.receptions + vehicles,
        "overseas_visits": public.overseas_visits,
        "receptions": public.receptions,
        "vehicles": vehicles,
        "vehicle_purchase": public.vehicle_purchase,
        "vehicle_operation": public.vehicle_operation,
        "agency_operating": public.agency_operating,
    }
    texts = tuple(wan_text(fen) for fen in sums.values())
    return Table("three_public", (Panel("expenditure", tuple(sums), (Line((), "", texts),), labelled=False),), WAN)
