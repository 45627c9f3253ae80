"""The form of Jiangsu's provincial departments: twelve tables in 万元, and a text with an explanation of each.

The summary has three panels (revenue, function, purpose), revenue is a list of sources below merged kinds, expenditure
is a single row that also has what is kept in reserve; meetings and training stand beside the three public expenses.
Appropriations are printed by function and by economic class before the general public budget is.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from typesetter.accounts import Accounts
from typesetter.book import Book, Item, Line, Matter, Panel, Section, Table
from typesetter.classification import classification, parts_of
from typesetter.layout import Form, Heading, Label, row_of_labels
from typesetter.narrative import CENT, TERMS, change_of, duties_of, wan_text
from typesetter.quirks import Quirks
from typesetter.statutory import (
    Measure,
    coded_form,
    coded_table,
    economic_lines,
    is_personnel,
    labelled,
    lines_by_class,
    public_expenses,
    public_row,
    spent,
    wan_figure,
    within,
)
from typesetter.tables import FUNDS, ORDINALS, WAN

PUBLIC_TITLE = "一般公共预算“三公”经费、会议费、培训费支出预算表"
PURCHASES = {
    "一、货物A": (("台式计算机", "31002"), ("信息安全软件", "31007"), ("印刷品", "30202")),
    "三、服务C": (("会议服务", "30215"), ("物业管理服务", "30209"), ("维修和保养服务", "30213")),
}
ONE_FIGURE: dict[str, Measure] = {"total": spent}


def jiangsu_budget(accounts: Accounts, quirks: Quirks) -> Book:
    """The book that prints a budget."""
    word = "部门" if accounts.level == "department" else "单位"
    print_ = _Print(accounts, quirks)
    tables = (
        print_.summary(), print_.revenue(), print_.expenditure(), print_.appropriations(),
        print_.by_function("appropriation_expenditure", None, 5, "财政拨款支出预算表（功能科目）"),
        print_.by_economic("appropriation_basic_by_economic", 6, "财政拨款基本支出预算表（经济科目）"),
        print_.by_function("general_public_budget", FUNDS[0], 7, "一般公共预算支出预算表（功能科目）"),
        print_.by_economic("basic_by_economic", 8, "一般公共预算基本支出预算表（经济科目）"),
        print_.public(), print_.by_function("government_fund", FUNDS[1], 10, "政府性基金支出预算表"),
        print_.operating(), print_.procurement(),
    )  # fmt: skip
    year, name = accounts.year, accounts.organisation
    contents = (
        f"第一部分 {word}概况", f"第二部分 {year}年度{word}预算表", f"第三部分 {year}年度{word}预算情况说明",
        "第四部分 名词解释",
    )  # fmt: skip
    return Book(
        name, accounts.level, year, tables, _opening(accounts, tables), _items(accounts, quirks),
        _closing(accounts, tables), "budget", "jiangsu",
        Matter(
            (f"{year}年度{word}预算公开", name), contents,
            (
                Section(contents[0], duties_of(name, word)),
                Section(contents[2], parts=("opening", "items", "closing")), Section(contents[3], TERMS),
            ),
            (),
        ),
    )  # fmt: skip


class _Print:
    """The tables of one organisation's budget."""

    def __init__(self, accounts: Accounts, quirks: Quirks) -> None:
        self.accounts = accounts
        self.quirks = quirks
        self.own = sum(item.total - spent(item) for item in accounts.spending)
        self.general, self.fund = (sum(spent(item) for item in within(accounts, fund)) for fund in FUNDS[:2])
        self.total = self.general + self.fund + self.own

    def heading(self, number: int, title: str, note: str = "") -> Heading:
        return Heading(title, (f"部门：{self.accounts.organisation}", "单位：万元"), f"公开{number:02}表", note)

    def purposes(self, own: bool) -> tuple[tuple[str, int], ...]:
        items = [item for item in self.accounts.spending if item.fund != FUNDS[2]]
        basic, reserve = sum(item.basic for item in items), sum(item.reserve for item in items)
        whole = self.total if own else self.general + self.fund
        return (
            ("一、基本支出", basic), ("二、项目支出", whole - basic - reserve), ("三、单位预留机动经费", reserve),
        )  # fmt: skip

    def summary(self) -> Table:
        quirks, total = self.quirks, self.total
        items = [item for item in self.accounts.spending if item.fund != FUNDS[2]]
        labels = (
            ("一、财政拨款", self.general + self.fund), ("1.一般公共预算", self.general),
            ("2.政府性基金预算", self.fund), ("二、财政专户管理资金", 0), ("三、其他资金", self.own),
        )  # fmt: skip
        revenue = Panel(
            "revenue", ("total",), labelled(labels, quirks), *labelled((("收入合计", total),), quirks),
            foot=labelled((("当年收入小计", total), ("上年结转资金", 0)), quirks),
        )  # fmt: skip
        foot = ("当年支出小计", total), ("结转下年资金", 0), ("支出合计", total)
        *subtotals, closing = (Line((), name, (wan_figure(fen, quirks),), wide=True) for name, fen in foot)
        function = Panel(
            "expenditure", ("total",), lines_by_class(items, (lambda item: item.total,), quirks), closing,
            foot=tuple(subtotals),
        )  # fmt: skip
        purpose = Panel("expenditure", ("total",), labelled(self.purposes(own=True), quirks))
        form = Form(
            (
                Label(0, 0, 1, 2, "收入"), Label(0, 2, 1, 4, "支出"), Label(1, 0, 2, 1, "项目名称"),
                Label(1, 1, 2, 1, "金额"), Label(1, 2, 1, 2, "功能分类"), Label(1, 4, 1, 2, "支出用途"),
                *row_of_labels(2, ("功能科目名称", "金额", "项目名称", "金额"), 2),
            ),
            3, (130, 85, 160, 85, 130, 85), row_height=14,
        )  # fmt: skip
        heading = self.heading(1, "收支预算总表")
        return Table("revenue_expenditure_summary", (revenue, function, purpose), WAN, form, heading)

    def revenue(self) -> Table:
        items = self.accounts.spending
        service, business, other = (
            sum(getattr(item, kind) for item in items) for kind in ("service_income", "business_income", "other_income")
        )
        sources = {
            "一般公共预算资金": (
                ("小计", self.general), ("公共财政拨款（补助）资金", self.general), ("专项收入", 0)
            ),
            "政府性基金": (("小计", self.fund),),
            "财政专户管理资金": (("小计", 0),),
            "其他资金": (("小计", self.own), ("事业收入", service), ("经营收入", business), ("其他收入", other)),
            "上年结转和结余资金": (("小计", 0),),
        }  # fmt: skip
        lines = tuple(
            Line((), name, (wan_figure(fen, self.quirks),), outer=outer)
            for outer, rows in sources.items()
            for name, fen in rows
        )
        (total,) = labelled((("收入总计", self.total),), self.quirks)
        form = Form(
            (Label(0, 0, 1, 2, "项目名称"), Label(0, 2, 1, 1, "金额")), 1, (180, 220, 140), outer=True, total_first=True
        )
        panel = Panel("revenue", ("total",), lines, total)
        return Table("revenue", (panel,), WAN, form, self.heading(2, "收入预算总表"))

    def expenditure(self) -> Table:
        (_, basic), (_, project), (_, reserve) = self.purposes(own=True)
        sums = {
            "total": self.total, "basic": basic, "project": project, "reserve": reserve, "carried_forward": 0
        }  # fmt: skip
        texts = tuple(wan_figure(fen, self.quirks) for fen in sums.values())
        words = ("合计", "基本支出", "项目支出", "单位预留机动经费", "结转下年资金")
        panel = Panel("expenditure", tuple(sums), (Line((), "", texts),), labelled=False)
        form = Form(row_of_labels(0, words), 1, (120,) * 5)
        return Table("expenditure", (panel,), WAN, form, self.heading(3, "支出预算总表"))

    def appropriations(self) -> Table:
        quirks, total = self.quirks, self.general + self.fund
        sources = (("一、一般公共预算", self.general), ("二、政府性基金预算", self.fund))
        revenue = Panel(
            "revenue", ("total",), labelled(sources, quirks),
            *labelled((("收入合计", total),), quirks),
        )  # fmt: skip
        expenditure = Panel(
            "expenditure", ("total",), labelled(self.purposes(own=False), quirks),
            *labelled((("支出合计", total),), quirks),
        )  # fmt: skip
        labels = (
            Label(0, 0, 1, 2, "收入"), Label(0, 2, 1, 2, "支出"), Label(1, 0, 2, 1, "项目名称"),
            Label(1, 1, 2, 1, "金额"), Label(1, 2, 1, 2, "支出用途"), *row_of_labels(2, ("项目名称", "金额"), 2),
        )  # fmt: skip
        form, heading = Form(labels, 3, (200, 130, 200, 130)), self.heading(4, "财政拨款收支预算总表")
        return Table("appropriation_summary", (revenue, expenditure), WAN, form, heading)

    def by_function(self, identifier: str, fund: str | None, number: int, title: str) -> Table:
        funds = FUNDS[:2] if fund is None else (fund,)
        items = [item for one in funds for item in within(self.accounts, one)]
        form = coded_form(("金额",), ("功能科目编码", "功能科目名称"))
        heading = self.heading(number, title, "" if items else "注：本部门无该项目")
        return coded_table(identifier, items, ONE_FIGURE, form, heading, self.quirks)

    def by_economic(self, identifier: str, number: int, title: str) -> Table:
        pairs = self.accounts.economic
        return self.economic(identifier, pairs, ("total", "金额"), self.heading(number, title))

    def operating(self) -> Table:
        pairs = tuple(pair for pair in self.accounts.economic if not is_personnel(pair[0]))
        chosen = pairs if self.accounts.administrative else ()
        heading = self.heading(11, "一般公共预算机关运行经费支出预算表", "" if chosen else "注：本部门无该项目")
        return self.economic("agency_operating", chosen, ("agency_operating", "机关运行经费支出"), heading)

    def economic(
        self, identifier: str, pairs: tuple[tuple[str, int], ...], column: tuple[str, str], heading: Heading
    ) -> Table:
        measure, word = column
        total = Line((), "合计", (wan_figure(sum(fen for _, fen in pairs), self.quirks) if pairs else "",))
        panel = Panel("expenditure", (measure,), economic_lines(pairs, self.quirks, 1), total)
        return Table(identifier, (panel,), WAN, coded_form((word,)), heading)

    def public(self) -> Table:
        public, kinds = self.accounts.three_public, public_expenses(self.accounts)
        three = kinds.pop("total")
        sums = {"total": three + public.meetings + public.training, "three_public": three, **kinds}
        sums |= {"meetings": public.meetings, "training": public.training}
        labels = (
            Label(0, 0, 3, 1, "合计"), Label(0, 1, 1, 6, "“三公”经费"), Label(0, 7, 3, 1, "会议费"),
            Label(0, 8, 3, 1, "培训费"), Label(1, 1, 2, 1, "小计"), Label(1, 2, 2, 1, "因公出国（境）费"),
            Label(1, 3, 1, 3, "公务用车购置及运行维护费"), Label(1, 6, 2, 1, "公务接待费"),
            *row_of_labels(2, ("小计", "公务用车购置费", "公务用车运行维护费"), 3),
        )  # fmt: skip
        panel = Panel("expenditure", tuple(sums), public_row(sums, self.quirks), labelled=False)
        return Table("three_public", (panel,), WAN, Form(labels, 3, (84,) * 9), self.heading(9, PUBLIC_TITLE))

    def procurement(self) -> Table:
        """What is bought: kinds, and below each its goods or services."""
        by_code = dict(self.accounts.economic)
        lines, total = [], 0
        for kind, goods in PURCHASES.items():
            bought = [(name, by_code.get(code, 0) // 2 // 10_000 * 10_000) for name, code in goods]
            bought = [(name, fen) for name, fen in bought if fen]
            whole = sum(fen for _, fen in bought)
            total += whole
            if bought:
                lines.append(Line((), "", (wan_figure(whole, self.quirks),), outer=kind))
                lines += [Line((), name, (wan_figure(fen, self.quirks),)) for name, fen in bought]
        panel = Panel("expenditure", ("total",), tuple(lines), *labelled((("合计", total),), self.quirks))
        words = ("采购品目大类", "采购物品名称", "总计")
        form = Form(row_of_labels(0, words), 1, (150, 260, 130), outer=True, total_first=True)
        return Table("procurement", (panel,), WAN, form, self.heading(12, "政府采购支出预算表"))


def _opening(accounts: Accounts, tables: tuple[Table, ...]) -> tuple[str, ...]:
    name, year = accounts.organisation, accounts.year
    texts = dict(zip(tables[2].panels[0].measures, tables[2].panels[0].lines[0].texts, strict=True))
    wan = {measure: text or "0" for measure, text in texts.items() if text != "-"}
    lines = [
        "一、收支预算总体情况说明",
        f"{name}{year}年度收入、支出预算总计{wan['total']}万元。",
        f"支出预算总计{wan['total']}万元。包括：",
        *_classes(accounts),
        "二、支出预算情况说明",
        f"{name}{year}年度支出预算合计{wan['total']}万元，其中：",
    ]
    for measure, word in (("basic", "基本支出"), ("project", "项目支出"), ("reserve", "单位预留机动经费")):
        amount = wan.get(measure, "0")
        lines.append(f"{word}{amount}万元，占{_share(amount, wan['total'])}%；")
    appropriated = wan_text(sum(spent(item) for fund in FUNDS[:2] for item in within(accounts, fund)))
    return (
        *lines,
        "三、财政拨款支出预算情况说明",
        f"{name}{year}年度财政拨款预算支出{appropriated}万元，占本年支出合计的"
        f"{_share(appropriated, wan['total'])}%。其中：",
    )  # fmt: skip


def _classes(accounts: Accounts) -> Iterator[str]:
    """The classes of all expenditure, of which the tables by function tell the appropriations alone."""
    names = classification().functional
    spending = sorted((item for item in accounts.spending if item.fund != FUNDS[2]), key=lambda item: item.code)
    for number, (top, group) in enumerate(groupby(spending, key=lambda item: item.code[:3]), start=1):
        whole = wan_text(sum(item.total for item in group))
        yield f"{number}.{names[top].removesuffix('支出')}（类）支出{whole}万元，主要用于单位履行职责。"


def _share(part: str, whole: str) -> str:
    one, all_ = (Decimal(text.replace(",", "")) for text in (part, whole))
    return f"{(one / all_ * 100).quantize(CENT)}" if all_ else "0"


def _items(accounts: Accounts, quirks: Quirks) -> tuple[Item, ...]:
    """The items of the appropriations, numbered anew below each class."""
    names, executed = classification().functional, dict(accounts.executed)
    chosen = sorted((item for fund in FUNDS[:2] for item in within(accounts, fund)), key=lambda item: item.code)
    items = []
    for place, (top, group) in enumerate(groupby(chosen, key=lambda item: item.code[:3]), start=1):
        for number, spending in enumerate(group, start=1):
            code = spending.code
            current, prior = wan_text(spent(spending)), wan_text(executed.get(code, 0))
            direction, percent = change_of(current, prior, quirks)
            change = f"{abs(Decimal(current) - Decimal(prior))}"
            path = (names[top], names[code[:5]], names[code])
            lead = f"（{ORDINALS[place]}）{names[top]}（类）" if number == 1 else ""
            items.append(
                Item(
                    number,
                    parts_of(code),
                    path,
                    f"{names[code]}相关工作",
                    current,
                    prior="",
                    percent=percent,
                    direction=direction,
                    heading="jiangsu",
                    change=change,
                    lead=lead,
                )
            )
    return tuple(items)


def _closing(accounts: Accounts, tables: tuple[Table, ...]) -> tuple[str, ...]:
    name, year = accounts.organisation, accounts.year
    basic = sum(fen for _, fen in accounts.economic)
    personnel = sum(fen for code, fen in accounts.economic if is_personnel(code))
    public = next(table for table in tables if table.id == "three_public").panels[0]
    wan = {measure: text or "0" for measure, text in zip(public.measures, public.lines[0].texts, strict=True)}
    wan = {measure: "0" if text in ("-", "0.00") else text for measure, text in wan.items()}
    lines = [
        "四、一般公共预算基本支出预算情况说明",
        f"{name}{year}年度一般公共预算财政拨款基本支出预算{wan_text(basic)}万元，其中：",
        f"（一）人员经费{wan_text(personnel)}万元。",
        f"（二）公用经费{wan_text(basic - personnel)}万元。",
        "五、一般公共预算“三公”经费、会议费、培训费支出预算情况说明",
        f"{name}{year}年度一般公共预算拨款安排的“三公”经费预算支出中，因公出国（境）费支出{wan['overseas_visits']}万元；"
        f"公务用车购置及运行维护费支出{wan['vehicles']}万元；公务接待费支出{wan['receptions']}万元。",
        f"{name}{year}年度一般公共预算拨款安排的会议费预算支出{wan['meetings']}万元。",
        f"{name}{year}年度一般公共预算拨款安排的培训费预算支出{wan['training']}万元。",
    ]
    if accounts.administrative:
        lines += [
            "六、一般公共预算机关运行经费支出预算情况说明",
            f"{name}{year}年一般公共预算机关运行经费预算支出{wan_text(basic - personnel)}万元。",
        ]
    return tuple(lines)
