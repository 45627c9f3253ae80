"""The ministry's form of final accounts: 公开01 to 09表, with numbered rows (行次) and columns (栏次), and balances.

What was carried over from the year before (年初结转和结余) and into the next (年末结转和结余) closes the summaries; the
table of public expenses has the budget beside the final figures; basic expenditure stands in three panels.
"""

from decimal import Decimal

from typesetter.accounts import Accounts, Spending
from typesetter.book import Book, Item, Line, Matter, Panel, Section, Table
from typesetter.classification import classification, parts_of
from typesetter.layout import Form, Heading, Label, row_of_labels
from typesetter.narrative import CENT, TERMS, duties_of, wan_text
from typesetter.national_budget import PUBLIC_WORDS, public_labels
from typesetter.quirks import Quirks
from typesetter.statutory import (
    Measure,
    coded_table,
    economic_lines,
    fund_measures,
    is_personnel,
    labelled,
    lines_by_class,
    lines_by_code,
    public_expenses,
    public_row,
    spent,
    total_of,
    wan_figure,
    within,
)
from typesetter.tables import FUNDS, WAN

FUND_NAMES = tuple(f"{name}财政拨款" for name in ("一般公共预算", "政府性基金预算", "国有资本经营预算"))
SOURCES = tuple(zip("一二三", FUND_NAMES, strict=True))
EMPTY = {
    "government_fund": "政府性基金预算财政拨款收入支出",
    "state_capital": "国有资本经营预算财政拨款支出",
}


def national_final(accounts: Accounts, budget: Accounts, quirks: Quirks) -> Book:
    """The book that prints final accounts beside what the budget had planned."""
    word = "部门" if accounts.level == "department" else "单位"
    print_ = _Print(accounts, budget, quirks, word)
    tables = (
        print_.summary(), print_.revenue(), print_.expenditure(), print_.appropriations(), print_.general(),
        print_.basic(), print_.public(), print_.fund(), print_.capital(),
    )  # fmt: skip
    year, name = accounts.year, accounts.organisation
    return Book(
        name, accounts.level, year, tables, _opening(accounts), _items(accounts, budget), _closing(accounts, budget),
        "final", "national",
        Matter(
            (name, f"{year}年度{word}决算"),
            (
                f"第一部分  {name}概况", f"第二部分  {year}年度{word}决算表",
                f"第三部分  {year}年度{word}决算情况说明", "第四部分  名词解释",
            ),
            (Section(f"第一部分  {name}概况", duties_of(name, word)),),
            (
                Section(f"第三部分  {year}年度{word}决算情况说明", parts=("opening", "items", "closing")),
                Section("第四部分  名词解释", TERMS),
            ),
        ),
    )  # fmt: skip


class _Print:
    """The tables of one organisation's final accounts."""

    def __init__(self, accounts: Accounts, budget: Accounts, quirks: Quirks, word: str) -> None:
        self.accounts = accounts
        self.budget = budget
        self.quirks = quirks
        self.word = word

    def heading(self, number: int, title: str, note: str = "") -> Heading:
        captions = f"{self.word}：{self.accounts.organisation}", "金额单位：万元"
        return Heading(title, captions, f"公开{number:02}表", note)

    def summary(self) -> Table:
        accounts, quirks = self.accounts, self.quirks
        appropriated = [sum(item.appropriated for item in within(accounts, fund)) for fund in FUNDS]
        service, business, other = (
            sum(getattr(item, kind) for item in accounts.spending)
            for kind in ("service_income", "business_income", "other_income")
        )
        opening, closing, total = (
            sum(measure(item) for item in accounts.spending)
            for measure in (lambda item: item.opening, lambda item: item.closing, lambda item: item.total)
        )
        labels = (
            *zip((f"{numeral}、{name}收入" for numeral, name in SOURCES), appropriated, strict=True),
            ("四、上级补助收入", 0), ("五、事业收入", service), ("六、经营收入", business), ("七、附属单位上缴收入", 0),
            ("八、其他收入", other),
        )  # fmt: skip
        income = sum(appropriated) + service + business + other
        whole: Measure = lambda item: item.total  # noqa: E731
        revenue = Panel(
            "revenue", ("total",), labelled(labels, quirks), *labelled((("总计", income + opening),), quirks),
            foot=labelled(
                (("本年收入合计", income), ("使用非财政拨款结余", 0), ("年初结转和结余", opening)), quirks
            ),
            phase="executed",
        )  # fmt: skip
        expenditure = Panel(
            "expenditure", ("total",), lines_by_class(accounts.spending, (whole,), quirks),
            *labelled((("总计", total + closing),), quirks),
            foot=labelled((("本年支出合计", total), ("结余分配", 0), ("年末结转和结余", closing)), quirks),
            phase="executed",
        )  # fmt: skip
        labels_ = (
            Label(0, 0, 1, 3, "收入"), Label(0, 3, 1, 3, "支出"),
            *row_of_labels(1, ("项目", "行次", "金额") * 2), *row_of_labels(2, ("栏次", "", "1", "栏次", "", "2")),
        )  # fmt: skip
        form = Form(labels_, 3, (210, 40, 110) * 2, ordinals=True, row_height=14)
        title = "收入支出决算总表"
        return Table("revenue_expenditure_summary", (revenue, expenditure), WAN, form, self.heading(1, title))

    def revenue(self) -> Table:
        measures: dict[str, Measure] = {
            "total": lambda item: item.appropriated + item.total - spent(item),
            "fiscal_appropriation": lambda item: item.appropriated,
            "superior_subsidy": lambda item: 0,
            "service_income": lambda item: item.service_income,
            "business_income": lambda item: item.business_income,
            "subordinate_remittance": lambda item: 0,
            "other_income": lambda item: item.other_income,
        }
        words = (
            "本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入",
        )  # fmt: skip
        return coded_table(
            "revenue", self.accounts.spending, measures, numbered_form(words), self.heading(2, "收入决算表"),
            self.quirks, side="revenue", phase="executed",
        )  # fmt: skip

    def expenditure(self) -> Table:
        measures: dict[str, Measure] = {
            "total": lambda item: item.total,
            "basic": lambda item: item.basic,
            "project": lambda item: item.total - item.basic - item.business_income,
            "remittance_to_superior": lambda item: 0,
            "business_expenditure": lambda item: item.business_income,
            "subsidy_to_subordinate": lambda item: 0,
        }
        words = ("本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")
        return coded_table(
            "expenditure", self.accounts.spending, measures, numbered_form(words), self.heading(3, "支出决算表"),
            self.quirks, phase="executed",
        )  # fmt: skip

    def appropriations(self) -> Table:
        accounts, quirks = self.accounts, self.quirks
        income = [sum(item.appropriated for item in within(accounts, fund)) for fund in FUNDS]
        opening = [sum(item.opening for item in within(accounts, fund)) for fund in FUNDS]
        names = [f"{numeral}、{name}" for numeral, name in SOURCES]
        revenue = Panel(
            "revenue", ("total",), labelled(zip(names, income, strict=True), quirks),
            *labelled((("总计", sum(income) + sum(opening)),), quirks),
            foot=labelled(
                (
                    ("本年收入合计", sum(income)), ("年初财政拨款结转和结余", sum(opening)),
                    *zip(names, opening, strict=True),
                ),
                quirks,
            ),
            phase="executed",
        )  # fmt: skip
        chosen = [item for fund in FUNDS for item in within(accounts, fund)]
        paid, kept, both = (
            tuple(fund_measures(measure).values())
            for measure in (spent, lambda item: item.closing, lambda item: spent(item) + item.closing)
        )
        blank = Line((), "", ("",) * len(paid))
        expenditure = Panel(
            "expenditure", tuple(fund_measures(spent)), lines_by_class(chosen, paid, quirks),
            total_of(chosen, both, quirks, "总计"),
            foot=(
                total_of(chosen, paid, quirks, "本年支出合计"),
                total_of(chosen, kept, quirks, "年末财政拨款结转和结余"),
                blank, blank, blank,
            ),
            phase="executed",
        )  # fmt: skip
        labels = (
            Label(0, 0, 1, 3, "收入"), Label(0, 3, 1, 6, "支出"),
            *row_of_labels(1, ("项目", "行次", "金额", "项目", "行次", "合计", *FUND_NAMES)),
            *row_of_labels(2, ("栏次", "", "1", "栏次", "", "2", "3", "4", "5")),
        )  # fmt: skip
        form = Form(labels, 3, (150, 34, 80, 150, 34, 80, 80, 80, 80), ordinals=True, row_height=14)
        title = "财政拨款收入支出决算总表"
        return Table("appropriation_summary", (revenue, expenditure), WAN, form, self.heading(4, title))

    def general(self) -> Table:
        heading = self.heading(5, "一般公共预算财政拨款支出决算表")
        items = [item for item in within(self.accounts, FUNDS[0]) if spent(item)]
        return coded_table(
            "general_public_budget", items, by_nature(), numbered_form(("小计", "基本支出", "项目支出"), "本年支出"),
            heading, self.quirks, phase="executed",
        )  # fmt: skip

    def basic(self) -> Table:
        """Three panels: personnel, and operating in two; their sums stand below."""
        quirks = self.quirks
        personnel = [pair for pair in self.accounts.economic if is_personnel(pair[0])]
        operating = [pair for pair in self.accounts.economic if not is_personnel(pair[0])]
        lines = economic_lines(operating, quirks, 1)
        half = max(len(economic_lines(personnel, quirks, 1)), -(-len(lines) // 2))
        sums = [sum(fen for _, fen in pairs) for pairs in (personnel, operating)]
        panels = (
            Panel(
                "expenditure", ("personnel",), economic_lines(personnel, quirks, 1),
                Line((), "人员经费合计", (wan_figure(sums[0], quirks),)), phase="executed",
            ),
            Panel(
                "expenditure", ("operating",), lines[:half],
                Line((), "公用经费合计", (wan_figure(sums[1], quirks),), wide=True), phase="executed",
            ),
            Panel("expenditure", ("operating",), lines[half:], phase="executed"),
        )  # fmt: skip
        words = ("科目编码", "科目名称", "决算数") * 3
        labels = (Label(0, 0, 1, 3, "人员经费"), Label(0, 3, 1, 6, "公用经费"), *row_of_labels(1, words))
        form = Form(labels, 2, (46, 130, 80) * 3, 1)
        heading = self.heading(6, "一般公共预算财政拨款基本支出决算明细表")
        return Table("basic_by_economic", panels, WAN, form, heading)

    def public(self) -> Table:
        panels, labels = [], []
        for place, (accounts, phase, word) in enumerate(
            ((self.budget, "approved", "预算数"), (self.accounts, "executed", "决算数"))
        ):
            sums = public_expenses(accounts)
            panels.append(Panel("expenditure", tuple(sums), public_row(sums, self.quirks), labelled=False, phase=phase))
            labels += [Label(0, 6 * place, 1, 6, word), *public_labels(1, 6 * place, PUBLIC_WORDS)]
        labels += row_of_labels(3, tuple(map(str, range(1, 13))))
        form = Form(tuple(labels), 4, (64,) * 12)
        return Table("three_public", tuple(panels), WAN, form, self.heading(7, "财政拨款“三公”经费支出决算表"))

    def fund(self) -> Table:
        """Balance at the beginning and revenue at the left, expenditure and the balance at the end at the right."""
        items, quirks = within(self.accounts, FUNDS[1]), self.quirks
        left: tuple[Measure, ...] = (lambda item: item.opening, lambda item: item.appropriated)
        right: tuple[Measure, ...] = (*by_nature().values(), lambda item: item.closing)
        sides = (
            ("revenue", ("opening_balance", "total"), left),
            ("expenditure", (*by_nature(), "closing_balance"), right),
        )
        panels = tuple(
            Panel(
                side, measures, lines_by_code(items, calls, quirks), total_of(items, calls, quirks),
                labelled=side == "revenue", phase="executed",
            )
            for side, measures, calls in sides
        )  # fmt: skip
        labels = (
            Label(0, 0, 1, 2, "项目"), Label(0, 2, 2, 1, "年初结转和结余"), Label(0, 3, 2, 1, "本年收入"),
            Label(0, 4, 1, 3, "本年支出"), Label(0, 7, 2, 1, "年末结转和结余"),
            *row_of_labels(1, ("功能分类科目编码", "科目名称")), *row_of_labels(1, ("小计", "基本支出", "项目支出"), 4),
            Label(2, 0, 1, 2, "栏次"), *row_of_labels(2, tuple("123456"), 2),
        )  # fmt: skip
        form = Form(labels, 3, (60, 190, *(84,) * 6), 1, total_first=True, least_rows=4)
        note = "" if items else self._note("government_fund")
        title = f"{EMPTY['government_fund']}决算表"
        return Table("government_fund", panels, WAN, form, self.heading(8, title, note))

    def capital(self) -> Table:
        items = [item for item in within(self.accounts, FUNDS[2]) if spent(item)]
        heading = self.heading(9, f"{EMPTY['state_capital']}决算表", "" if items else self._note("state_capital"))
        form = numbered_form(("合计", "基本支出", "项目支出"), "本年支出")
        return coded_table("state_capital", items, by_nature(), form, heading, self.quirks, phase="executed")

    def _note(self, table: str) -> str:
        return f"注：本{self.word}本年度没有{EMPTY[table]}，故本表为空表。"


def by_nature() -> dict[str, Measure]:
    """Total, basic and project expenditure."""
    return {"total": spent, "basic": lambda item: item.basic, "project": lambda item: item.project}


def numbered_form(words: tuple[str, ...], group: str = "") -> Form:
    """A table by code of the final accounts: 项目 over code and name, and a row of column numbers."""
    count = len(words)
    columns = (
        (Label(0, 2, 1, count, group), *row_of_labels(1, words, 2))
        if group
        else tuple(Label(0, 2 + place, 2, 1, word) for place, word in enumerate(words))
    )
    labels = (
        Label(0, 0, 1, 2, "项目"), *row_of_labels(1, ("功能分类科目编码", "科目名称")), *columns,
        Label(2, 0, 1, 2, "栏次"), *row_of_labels(2, tuple(str(number + 1) for number in range(count)), 2),
    )  # fmt: skip
    wide = 100 if count < 6 else 74
    return Form(labels, 3, (70, 190, *(wide,) * count), 1, total_first=True, least_rows=4)


def _opening(accounts: Accounts) -> tuple[str, ...]:
    year = accounts.year
    total = sum(item.total for item in accounts.spending)
    opening, closing = (sum(getattr(item, kind) for item in accounts.spending) for kind in ("opening", "closing"))
    income = total + closing - opening
    appropriated = sum(item.appropriated for item in accounts.spending)
    basic = sum(item.basic for item in accounts.spending)
    general = sum(spent(item) for item in within(accounts, FUNDS[0]))
    return (
        "一、收入支出决算总体情况说明",
        f"{year}年度收、支总计均为{wan_text(income + opening)}万元。",
        "二、收入决算情况说明",
        f"{year}年度本年收入合计{wan_text(income)}万元，其中：财政拨款收入{wan_text(appropriated)}万元，"
        f"占{_share(appropriated, income)}%。",
        "三、支出决算情况说明",
        f"{year}年度本年支出合计{wan_text(total)}万元，其中：基本支出{wan_text(basic)}万元，"
        f"占{_share(basic, total)}%。",
        "四、一般公共预算财政拨款支出决算情况说明",
        f"{year}年度一般公共预算财政拨款支出{wan_text(general)}万元，占本年支出合计的{_share(general, total)}%。其中：",
    )


def _share(part: int, whole: int) -> str:
    return f"{(Decimal(part) / whole * 100).quantize(CENT)}" if whole else "0"


def _items(accounts: Accounts, budget: Accounts) -> tuple[Item, ...]:
    names = classification().functional
    planned = {item.code: spent(item) for item in budget.spending}
    chosen: list[Spending] = [item for item in within(accounts, FUNDS[0]) if spent(item)]
    return tuple(
        Item(
            number, parts_of(one.code), (names[one.code[:3]], names[one.code[:5]], names[one.code]),
            f"{names[one.code]}相关工作", wan_text(spent(one)), prior=wan_text(planned.get(one.code, 0)),
            percent=_completed(wan_text(spent(one)), wan_text(planned.get(one.code, 0))), heading="final",
        )
        for number, one in enumerate(chosen, start=1)
    )  # fmt: skip


def _completed(done: str, planned: str) -> str:
    """The share of the budget that was spent, from the figures as printed."""
    return f"{(Decimal(done) / Decimal(planned) * 100).quantize(CENT)}" if Decimal(planned) else ""


def _closing(accounts: Accounts, budget: Accounts) -> tuple[str, ...]:
    year = accounts.year
    wan = {measure: wan_text(fen) for measure, fen in public_expenses(accounts).items()}
    personnel = sum(fen for code, fen in accounts.economic if is_personnel(code))
    basic = sum(fen for _, fen in accounts.economic)
    planned = wan_text(public_expenses(budget)["total"])
    lines = [
        "五、一般公共预算财政拨款基本支出决算情况说明",
        f"{year}年度一般公共预算财政拨款基本支出{wan_text(basic)}万元，其中：人员经费{wan_text(personnel)}万元，"
        f"公用经费{wan_text(basic - personnel)}万元。",
        "六、财政拨款“三公”经费支出决算情况说明",
        f"{year}年度“三公”经费财政拨款支出预算为{planned}万元，支出决算为{wan['total']}万元。其中：",
        f"因公出国（境）费支出决算为{wan['overseas_visits']}万元，公务用车购置及运行维护费支出决算为{wan['vehicles']}万元，"
        f"公务接待费支出决算为{wan['receptions']}万元。",
    ]
    if accounts.administrative:
        lines += [
            "七、其他重要事项情况说明",
            f"（一）机关运行经费支出情况。{year}年度机关运行经费支出{wan_text(accounts.three_public.agency_operating)}万元。",
        ]
    return tuple(lines)
