"""The ministry's form of a budget since 2021: nine tables in 万元, and the text that explains them.

Revenue is printed by unit and source, the summaries name all classes, basic expenditure stands in three columns, and
the table of public expenses has the year before beside the year.
"""

from typesetter.accounts import Accounts
from typesetter.book import Book, Item, Line, Matter, Panel, Section, Table
from typesetter.classification import classification, parts_of
from typesetter.layout import Form, Heading, Label, row_of_labels
from typesetter.narrative import TERMS, change_of, duties_of, wan_text
from typesetter.quirks import Quirks
from typesetter.statutory import (
    Measure,
    coded_form,
    coded_table,
    economic_figures,
    economic_lines,
    figures,
    fund_measures,
    funded,
    labelled,
    lines_by_class,
    public_expenses,
    public_row,
    spent,
    total_of,
    within,
)
from typesetter.tables import FUNDS, WAN

FUND_NAMES = ("一般公共预算", "政府性基金预算", "国有资本经营预算")
OTHER_SOURCES = (
    "财政专户管理资金", "事业收入", "事业单位经营收入", "上级补助收入", "附属单位上缴收入", "其他收入",
)  # fmt: skip
SOURCE_MEASURES = (
    *FUNDS, "special_account", "service_income", "business_income", "superior_subsidy", "subordinate_remittance",
    "other_income",
)  # fmt: skip
EMPTY = {
    "government_fund": "政府性基金预算支出",
    "state_capital": "国有资本经营预算支出",
}
PUBLIC_WORDS = ("合计", "因公出国（境）费", "公务用车购置及运行费", "公务接待费")
VEHICLE_WORDS = ("小计", "公务用车购置费", "公务用车运行费")


def national_budget(accounts: Accounts, quirks: Quirks, before: Accounts | None = None) -> Book:
    """The book that prints a budget; `before` is the year before's, whose public expenses stand beside this year's."""
    word = "部门" if accounts.level == "department" else "单位"
    print_ = _Print(accounts, quirks, word)
    tables = (
        print_.summary(), print_.revenue(), print_.expenditure(), print_.appropriations(), print_.general(),
        print_.basic(), print_.public(before), print_.fund("government_fund", FUNDS[1], 8),
        print_.fund("state_capital", FUNDS[2], 9),
    )  # fmt: skip
    year, name = accounts.year, accounts.organisation
    return Book(
        name, accounts.level, year, tables, _opening(accounts), _items(accounts, quirks), _closing(accounts),
        "budget", "national",
        Matter(
            (name, f"{year}年{word}预算"),
            (
                f"第一部分  {name}概况", f"第二部分  {year}年{word}预算表", f"第三部分  {year}年{word}预算情况说明",
                "第四部分  名词解释",
            ),
            (Section(f"第一部分  {name}概况", duties_of(name, word)),),
            (
                Section(f"第三部分  {year}年{word}预算情况说明", parts=("opening", "items", "closing")),
                Section("第四部分  名词解释", TERMS),
            ),
        ),
    )  # fmt: skip


class _Print:
    """The tables of one organisation's budget."""

    def __init__(self, accounts: Accounts, quirks: Quirks, word: str) -> None:
        self.accounts = accounts
        self.quirks = quirks
        self.word = word

    def heading(self, number: int, title: str, note: str = "") -> Heading:
        captions = f"{self.word}：{self.accounts.organisation}", "单位：万元"
        return Heading(title, captions, f"{self.word}公开表{number}", note)

    def summary(self) -> Table:
        accounts, quirks = self.accounts, self.quirks
        general, fund, capital = (
            sum(item.fiscal_appropriation for item in accounts.spending if item.fund == one) for one in FUNDS
        )
        service, business, other = (
            sum(getattr(item, kind) for item in accounts.spending)
            for kind in ("service_income", "business_income", "other_income")
        )
        labels = (
            ("一、一般公共预算拨款收入", general), ("二、政府性基金预算拨款收入", fund),
            ("三、国有资本经营预算拨款收入", capital), ("四、财政专户管理资金收入", 0), ("五、事业收入", service),
            ("六、事业单位经营收入", business), ("七、上级补助收入", 0), ("八、附属单位上缴收入", 0),
            ("九、其他收入", other),
        )  # fmt: skip
        total = general + fund + capital + service + business + other
        whole: Measure = lambda item: item.total  # noqa: E731
        revenue = Panel(
            "revenue", ("total",), labelled(labels, quirks), *labelled((("收入总计", total),), quirks),
            foot=labelled((("本年收入合计", total), ("上年结转结余", 0)), quirks),
        )  # fmt: skip
        expenditure = Panel(
            "expenditure", ("total",), lines_by_class(accounts.spending, (whole,), quirks),
            *labelled((("支出总计", total),), quirks),
            foot=labelled((("本年支出合计", total), ("年终结转结余", 0)), quirks),
        )  # fmt: skip
        head = Label(0, 0, 1, 2, "收  入"), Label(0, 2, 1, 2, "支  出")
        words = row_of_labels(1, ("项  目", "预算数", "项  目", "预算数"))
        form = Form((*head, *words), 2, (220, 120, 220, 120), row_height=14)
        title = f"{self.word}收支总表"
        return Table("revenue_expenditure_summary", (revenue, expenditure), WAN, form, self.heading(1, title))

    def revenue(self) -> Table:
        """One row for the department, one for each unit: here the organisation itself."""
        accounts, quirks = self.accounts, self.quirks
        name = accounts.organisation
        items = accounts.spending
        sources: dict[str, Measure] = {
            **{fund: funded(fund, spent) for fund in FUNDS},
            **{
                kind: (lambda item, kind=kind: getattr(item, kind, 0))  # type: ignore[misc]
                for kind in SOURCE_MEASURES[3:]
            },
        }
        texts = figures(items, (lambda item: item.total, *sources.values()), quirks)
        code = f"{300 + len(name) % 90}"
        lines = (Line((), name, texts, unit=code), Line((), f"{name}（本级）", texts, unit=f"{code}001"))
        count = 1 + len(sources)
        words = ("合计", *FUND_NAMES, *OTHER_SOURCES)
        labels = (
            Label(0, 0, 2, 1, "部门（单位）代码"), Label(0, 1, 2, 1, "部门（单位）名称"), Label(0, 2, 2, 1, words[0]),
            Label(0, 3, 1, count - 1, "本年收入"), *row_of_labels(1, words[1:], 3),
        )  # fmt: skip
        form = Form(labels, 2, (52, 110, *(66,) * count), 1, total_first=True)
        panel = Panel("revenue", ("total", *sources), lines, Line((), "合计", texts))
        return Table("revenue", (panel,), WAN, form, self.heading(2, f"{self.word}收入总表"))

    def expenditure(self) -> Table:
        measures: dict[str, Measure] = {
            "total": lambda item: item.total,
            "basic": lambda item: item.basic,
            "project": lambda item: item.total - item.basic - item.business_income,
            "business_expenditure": lambda item: item.business_income,
            "remittance_to_superior": lambda item: 0,
            "subsidy_to_subordinate": lambda item: 0,
        }
        words = ("合计", "基本支出", "项目支出", "事业单位经营支出", "上缴上级支出", "对附属单位补助支出")
        title = f"{self.word}支出总表"
        items = self.accounts.spending
        return coded_table("expenditure", items, measures, coded_form(words), self.heading(3, title), self.quirks)

    def appropriations(self) -> Table:
        accounts, quirks = self.accounts, self.quirks
        sums = [sum(spent(item) for item in within(accounts, fund)) for fund in FUNDS]
        names = ("（一）一般公共预算拨款", "（二）政府性基金预算拨款", "（三）国有资本经营预算拨款")
        labels = (
            ("一、本年收入", sum(sums)), *zip(names, sums, strict=True),
            ("二、上年结转", 0), *((name, 0) for name in names),
        )  # fmt: skip
        revenue = Panel(
            "revenue", ("total",), labelled(labels, quirks), *labelled((("收入总计", sum(sums)),), quirks)
        )  # fmt: skip
        chosen = [item for item in accounts.spending if item.fiscal_appropriation]
        measures = fund_measures(spent)
        calls = tuple(measures.values())
        heads = total_of(chosen, calls, quirks, "一、本年支出")
        expenditure = Panel(
            "expenditure", tuple(measures),
            (heads, *lines_by_class(chosen, calls, quirks, "（{numeral}）{name}")),
            total_of(chosen, calls, quirks, "支出总计"),
            foot=(Line((), "二、年终结转结余", ("",) * len(calls)),),
        )  # fmt: skip
        head = Label(0, 0, 1, 2, "收  入"), Label(0, 2, 1, 5, "支  出")
        words = row_of_labels(1, ("项  目", "预算数", "项  目", "合计", *FUND_NAMES))
        form = Form((*head, *words), 2, (150, 90, 170, 90, 90, 90, 90), row_height=14)
        return Table("appropriation_summary", (revenue, expenditure), WAN, form, self.heading(4, "财政拨款收支总表"))

    def general(self) -> Table:
        measures: dict[str, Measure] = {
            "total": spent,
            "basic": lambda item: item.basic,
            "personnel": lambda item: item.personnel,
            "operating": lambda item: item.operating,
            "project": lambda item: item.project,
        }
        labels = (
            Label(0, 0, 2, 1, "科目编码"), Label(0, 1, 2, 1, "科目名称"), Label(0, 2, 2, 1, "合计"),
            Label(0, 3, 1, 3, "基本支出"), *row_of_labels(1, ("小计", "人员经费", "公用经费"), 3),
            Label(0, 6, 2, 1, "项目支出"),
        )  # fmt: skip
        form = Form(labels, 2, (70, 210, *(88,) * 5), 1, total_first=True)
        heading = self.heading(5, "一般公共预算支出表")
        items = within(self.accounts, FUNDS[0])
        return coded_table("general_public_budget", items, measures, form, heading, self.quirks)

    def basic(self) -> Table:
        pairs = self.accounts.economic
        labels = (
            Label(0, 0, 1, 2, "部门预算支出经济分类科目"), Label(0, 2, 1, 3, "本年一般公共预算基本支出"),
            *row_of_labels(1, ("科目编码", "科目名称", "合计", "人员经费", "公用经费")),
        )  # fmt: skip
        form = Form(labels, 2, (80, 230, 110, 110, 110), 1, total_first=True)
        total = Line((), "合计", economic_figures(pairs, self.quirks))
        panel = Panel("expenditure", ("total", "personnel", "operating"), economic_lines(pairs, self.quirks), total)
        return Table("basic_by_economic", (panel,), WAN, form, self.heading(6, "一般公共预算基本支出表"))

    def public(self, before: Accounts | None) -> Table:
        years = (self.accounts,) if before is None else (before, self.accounts)
        panels, labels = [], []
        for place, accounts in enumerate(years):
            sums = public_expenses(accounts)
            ago = self.accounts.year - accounts.year
            panels.append(
                Panel("expenditure", tuple(sums), public_row(sums, self.quirks), labelled=False, years_before=ago)
            )
            first = 6 * place
            labels += [Label(0, first, 1, 6, f"{accounts.year}年预算数"), *public_labels(1, first, PUBLIC_WORDS)]
        form = Form(tuple(labels), 3, (64,) * 6 * len(years))
        heading = self.heading(7, "财政拨款预算“三公”经费支出表")
        return Table("three_public", tuple(panels), WAN, form, heading)

    def fund(self, identifier: str, fund: str, number: int) -> Table:
        measures: dict[str, Measure] = {
            "total": spent, "basic": lambda item: item.basic, "project": lambda item: item.project
        }  # fmt: skip
        items = within(self.accounts, fund)
        note = "" if items else f"注：本{self.word}无{EMPTY[identifier]}，本表为空。"
        form = coded_form(("合计", "基本支出", "项目支出"), group=f"本年{EMPTY[identifier]}")
        return coded_table(
            identifier, items, measures, form, self.heading(number, f"{EMPTY[identifier]}表", note), self.quirks
        )


def public_labels(row: int, first: int, words: tuple[str, ...]) -> tuple[Label, ...]:
    """The header of the public expenses over two rows: the kinds, and the parts of vehicles."""
    total, overseas, vehicles, receptions = words
    return (
        Label(row, first, 2, 1, total), Label(row, first + 1, 2, 1, overseas), Label(row, first + 2, 1, 3, vehicles),
        *row_of_labels(row + 1, VEHICLE_WORDS, first + 2), Label(row, first + 5, 2, 1, receptions),
    )  # fmt: skip


def _opening(accounts: Accounts) -> tuple[str, ...]:
    name, year = accounts.organisation, accounts.year
    total = sum(item.total for item in accounts.spending)
    appropriated = sum(spent(item) for item in accounts.spending)
    funds = [sum(spent(item) for item in within(accounts, fund)) for fund in FUNDS]
    basic = sum(item.basic for item in accounts.spending)
    general = funds[0]
    return (
        f"一、{year}年收支预算总体情况说明",
        f"{name}{year}年收支总预算{wan_text(total)}万元。",
        f"二、{year}年支出预算情况说明",
        f"{name}{year}年支出预算{wan_text(total)}万元，其中：基本支出{wan_text(basic)}万元，"
        f"项目支出{wan_text(total - basic - sum(item.business_income for item in accounts.spending))}万元。",
        f"三、{year}年财政拨款收支预算总体情况说明",
        f"{name}{year}年财政拨款收支总预算{wan_text(appropriated)}万元。收入全部为本年财政拨款，其中："
        f"一般公共预算拨款{wan_text(general)}万元、政府性基金预算拨款{wan_text(funds[1])}万元。",
        f"四、{year}年一般公共预算当年拨款情况说明",
    )


def _items(accounts: Accounts, quirks: Quirks) -> tuple[Item, ...]:
    """The items of the general public budget, each with the change against last year's execution."""
    names, executed = classification().functional, dict(accounts.executed)
    items = []
    for number, spending in enumerate(within(accounts, FUNDS[0]), start=1):
        code = spending.code
        current, prior = wan_text(spent(spending)), wan_text(executed.get(code, 0))
        direction, percent = change_of(current, prior, quirks)
        change = wan_text(abs(_fen(current) - _fen(prior)))
        path = (names[code[:3]], names[code[:5]], names[code])
        items.append(
            Item(
                number,
                parts_of(code),
                path,
                f"{names[code]}相关工作",
                current,
                prior=prior,
                percent=percent,
                direction=direction,
                heading="national",
                change=change,
            )
        )
    return tuple(items)


def _fen(wan: str) -> int:
    return round(float(wan) * 1_000_000)


def _closing(accounts: Accounts) -> tuple[str, ...]:
    year = accounts.year
    wan = {measure: wan_text(fen) for measure, fen in public_expenses(accounts).items()}
    basic = dict(zip(("total", "personnel", "operating"), _basic_sums(accounts), strict=True))
    lines = [
        f"五、{year}年一般公共预算基本支出情况说明",
        f"{accounts.organisation}{year}年一般公共预算基本支出{wan_text(basic['total'])}万元，其中："
        f"人员经费{wan_text(basic['personnel'])}万元，公用经费{wan_text(basic['operating'])}万元。",
        f"六、{year}年财政拨款“三公”经费预算情况说明",
        f"{accounts.organisation}{year}年“三公”经费预算数为{wan['total']}万元，其中：因公出国（境）费"
        f"{wan['overseas_visits']}万元，公务用车购置及运行费{wan['vehicles']}万元（其中：公务用车购置费"
        f"{wan['vehicle_purchase']}万元，公务用车运行费{wan['vehicle_operation']}万元），公务接待费{wan['receptions']}万元。",
    ]
    if accounts.administrative:
        lines += [
            "七、其他重要事项的情况说明",
            f"（一）机关运行经费。{year}年机关运行经费财政拨款预算{wan_text(accounts.three_public.agency_operating)}万元。",
        ]
    return tuple(lines)


def _basic_sums(accounts: Accounts) -> tuple[int, int, int]:
    personnel = sum(fen for code, fen in accounts.economic if code[:3] in ("301", "303"))
    total = sum(fen for _, fen in accounts.economic)
    return total, personnel, total - personnel
