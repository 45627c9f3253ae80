"""One small budget that balances, printed in layouts of places that nobody here has seen.

Each layout says the same figures in its own titles, header words, order of columns, panels and codes; `truth` tells
what an amount must be, whatever the layout, so that a cell filed under a wrong meaning is found by its amount.
"""

from decimal import Decimal

from analysis.terms.label import without_ordinals
from make.web_tables import Part

NAMES = {
    "205": "教育支出", "20502": "普通教育", "2050202": "小学教育",
    "208": "社会保障和就业支出", "20805": "行政事业单位养老支出", "2080505": "机关事业单位基本养老保险缴费支出",
    "221": "住房保障支出", "22102": "住房改革支出", "2210201": "住房公积金",
    "212": "城乡社区支出", "21208": "国有土地使用权出让收入安排的支出", "2120803": "城市建设支出",
    "301": "工资福利支出", "30101": "基本工资", "302": "商品和服务支出", "30201": "办公费",
    "303": "对个人和家庭的补助", "30305": "生活补助",
}  # fmt: skip
# Basic and project expenditure of the general public budget by item, in 万元; the fund has project expenditure only.
GENERAL = {"2050202": ("300.50", "50.25"), "2080505": ("90.00", "0"), "2210201": ("30.25", "0")}
FUND = {"2120803": ("0", "44.00")}
ECONOMIC = {"30101": "310.75", "30201": "90.00", "30305": "20.00"}
THREE = {"total": "6.00", "overseas_visits": "1.00", "receptions": "2.00", "vehicles": "3.00"}
THREE |= {"vehicle_purchase": "0.50", "vehicle_operation": "2.50"}
GENERAL_TOTAL, FUND_TOTAL = Decimal("471.00"), Decimal("44.00")
TOTAL = GENERAL_TOTAL + FUND_TOTAL
_ITEMS = {"general_public_budget": GENERAL, "government_fund": FUND, "expenditure": GENERAL | FUND}
_COLUMN = {"basic": 0, "project": 1}
_OF_FUND = {"general_public_budget": "general_public_budget", "government_fund_budget": "government_fund"}


def spent(table: str, code: str, measure: str) -> Decimal:
    """What the rows below a code come to in a table; "" is the whole table."""
    items = [pair for item, pair in _ITEMS[table].items() if item.startswith(code)]
    columns = (_COLUMN[measure],) if measure in _COLUMN else (0, 1)
    return sum((Decimal(pair[at]) for pair in items for at in columns), Decimal(0))


def economic(code: str, measure: str) -> Decimal:
    found = {item: Decimal(amount) for item, amount in ECONOMIC.items() if item.startswith(code)}
    wanted = {"personnel": ("301", "303"), "operating": ("302",)}.get(measure, ("3",))
    return sum((amount for item, amount in found.items() if item.startswith(wanted)), Decimal(0))


_OF_ROWS = {"一般公共预算拨款": GENERAL_TOTAL, "政府性基金预算拨款": FUND_TOTAL, "某某市第一小学": None}


def money(amount: Decimal) -> str:
    return f"{amount:,.2f}" if amount else ""


def codes_of(table: str) -> list[str]:
    items = ECONOMIC if table == "basic_by_economic" else _ITEMS[table]
    return sorted({item[:end] for item in items for end in (3, 5, 7) if len(item) >= end})


def coded(
    table: str,
    head: list[str],
    measures: list[str],
    *,
    code: str = "one",
    total: str = "合计",
    total_first: bool = True,
    levels: int = 3,
    before: tuple[str, ...] = (),
    after: tuple[str, ...] = (),
) -> list[str]:
    """A coded table; `code` is one, three (类 款 项), dashed, inside the name or none."""
    rows = []
    for one in codes_of(table):
        if len(one) > 2 * levels + 1:
            continue
        amounts = [money(economic(one, m) if table == "basic_by_economic" else spent(table, one, m)) for m in measures]
        rows.append("|".join((*_label(one, code), *before, *amounts, *after)))
    whole = [money(economic("", m) if table == "basic_by_economic" else spent(table, "", m)) for m in measures]
    blank = {"three": 3, "inside": 0, "none": 0}.get(code, 1)
    line = "|".join((*[""] * blank, total, *before, *whole, *after))
    return [*head, line, *rows] if total_first else [*head, *rows, line]


def _label(code: str, style: str) -> list[str]:
    name = NAMES[code]
    if style == "three":
        return [code[:3], code[3:5], code[5:], name]
    parts = [code[:3], *(code[at : at + 2] for at in range(3, len(code), 2))]
    shown = {"dashed": "-".join(parts), "bracketed": f"[{code}]", "inside": f"[{code}]{name}", "none": name}
    return [shown[style]] if style in ("inside", "none") else [shown.get(style, code), name]


def truth(table: str, code: str | None, name: str | None, measure: str) -> Decimal | None:
    """The amount in 万元 that a row and a column must print; None where the budget has no such cell."""
    if table == "three_public":
        return Decimal(THREE[measure]) if measure in THREE else None
    words = without_ordinals(name or "")
    code = code or next((one for one, known in NAMES.items() if known == words), None)
    if code is None and not words.endswith(("合计", "总计")):
        return _OF_ROWS.get(words)
    if table == "basic_by_economic":
        return economic(code or "", measure)
    if table in _ITEMS:
        return spent(table, code or "", measure)
    return spent(_OF_FUND.get(measure, "expenditure"), code or "", "total")


def summary(head: list[str], *, width: int = 2, ordinals: str = "一二三四五六七八九", last: str = "总计") -> list[str]:
    """A summary of two panels: revenue by fund, expenditure by class."""
    classes = [code for code in codes_of("expenditure") if len(code) == 3]
    revenue = [("一般公共预算拨款", GENERAL_TOTAL), ("政府性基金预算拨款", FUND_TOTAL)]
    rows = []
    for at in range(max(len(classes), len(revenue))):
        left = f"{ordinals[at]}、{revenue[at][0]}|{money(revenue[at][1])}" if at < len(revenue) else "|"
        amount = money(spent("expenditure", classes[at], "total"))
        rows.append(f"{left}|{ordinals[at]}、{NAMES[classes[at]]}|{amount}")
    return [*head, *rows, f"收入{last}|{money(TOTAL)}|支出{last}|{money(TOTAL)}"]


def three(order: list[str], head: list[str]) -> list[str]:
    return [*head, "|".join(THREE[measure] for measure in order)]


C3 = ["total", "basic", "project"]
UNIT = "单位：万元"
EXP = ["科目编码|科目名称|合计|基本支出|项目支出"]
ECO = ["科目编码|科目名称|合计|人员经费|公用经费"]
TWO = ["{2}收入|{2}支出", "项目|预算数|项目|预算数"]
T3 = ["total", "overseas_visits", "vehicles", "vehicle_purchase", "vehicle_operation", "receptions"]
T3_HEAD = [
    "合计|因公出国（境）费|{3}公务用车购置及运行费|公务接待费",
    "||小计|公务用车购置费|公务用车运行费|",
]
LAYOUTS: dict[str, list[Part]] = {}


def _layout(name: str, *parts: Part) -> None:
    LAYOUTS[name] = list(parts)


_layout(
    "numbers of tables above, unit beside them",
    "附表1",
    "2024年收支总体情况表",
    UNIT,
    summary(TWO),
    "附表2",
    "2024年支出总体情况表",
    UNIT,
    coded("expenditure", EXP, C3),
    "附表3",
    "2024年一般公共预算支出情况表",
    UNIT,
    coded("general_public_budget", EXP, C3),
)
_layout(
    "project before basic, the total at the end",
    "部门支出总表",
    UNIT,
    coded(
        "expenditure",
        ["功能分类科目|科目名称|项目支出|基本支出|总计"],
        ["project", "basic", "total"],
        total_first=False,
    ),
    "一般公共预算支出表",
    UNIT,
    coded(
        "general_public_budget",
        ["编码|功能分类科目名称|项目支出|基本支出|支出合计"],
        ["project", "basic", "total"],
        total_first=False,
        total="总 计",
    ),
)
_layout(
    "codes in three columns under one head",
    "部门支出预算表",
    UNIT,
    coded("expenditure", ["{3}科目编码|科目名称|{3}2024年预算", "类|款|项||合计|基本支出|项目支出"], C3, code="three"),
    "一般公共预算财政拨款支出预算表",
    UNIT,
    coded(
        "general_public_budget",
        ["{4}支出功能分类科目|{3}本年支出", "类|款|项|科目名称|小计|基本支出|项目支出"],
        C3,
        code="three",
    ),
)
_layout(
    "codes inside the names",
    "支出预算明细表",
    UNIT,
    coded("expenditure", ["功能分类科目|合计|基本支出|项目支出"], C3, code="inside"),
    "一般公共预算支出明细表",
    UNIT,
    coded("general_public_budget", ["科目|合计|基本支出|项目支出"], C3, code="inside"),
)
_layout(
    "codes with dashes, ordinals of rows, remarks",
    "支出总表",
    UNIT,
    coded(
        "expenditure",
        ["科目编码|科目名称|行次|合计|基本支出|项目支出|备注"],
        C3,
        code="dashed",
        before=("1",),
        after=("",),
    ),
    "一般公共预算支出表",
    UNIT,
    coded(
        "general_public_budget",
        ["科目编码|科目名称|合计|基本支出|项目支出|备注"],
        C3,
        code="bracketed",
        after=("见说明",),
    ),
)
_layout(
    "classes only",
    "部门支出总表",
    UNIT,
    coded("expenditure", EXP, C3, levels=1),
    "一般公共预算支出表",
    UNIT,
    coded("general_public_budget", EXP, C3),
)
_layout(
    "names only",
    "部门支出总表",
    UNIT,
    coded("expenditure", ["支出项目|合计|基本支出|项目支出"], C3, code="none", levels=1),
    "收支总表",
    UNIT,
    summary(TWO),
)
_layout(
    "basic expenditure with all its parts",
    "一般公共预算基本支出表",
    UNIT,
    coded("basic_by_economic", ECO, ["total", "personnel", "operating"]),
    "一般公共预算支出表",
    UNIT,
    coded("general_public_budget", EXP, C3),
)
_layout(
    "operating before personnel, in other words",
    "一般公共预算基本支出预算表（按部门预算经济分类）",
    UNIT,
    coded(
        "basic_by_economic",
        ["{2}经济分类科目|{3}基本支出", "编码|名称|日常公用经费|人员支出|小计"],
        ["operating", "personnel", "total"],
        total_first=False,
    ),
)
_layout(
    "the unit in the heads",
    "部门支出总表",
    coded("expenditure", ["科目编码|科目名称|合计(万元)|基本支出(万元)|项目支出(万元)"], C3),
    "“三公”经费支出表",
    three(
        ["total", "overseas_visits", "receptions", "vehicles"],
        ["合计（万元）|因公出国（境）费用（万元）|公务接待费（万元）|公务用车购置及运行费（万元）"],
    ),
)
_layout("the three as columns with sub-heads", "财政拨款“三公”经费支出预算表", UNIT, three(T3, T3_HEAD))
_layout(
    "the three as a list",
    "“三公”经费预算情况表",
    UNIT,
    [
        "项 目|2024年预算数",
        "一、因公出国（境）费用|1.00",
        "二、公务接待费|2.00",
        "三、公务用车购置及运行维护费|3.00",
        "其中：公务用车购置费|0.50",
        "公务用车运行维护费|2.50",
        "合 计|6.00",
    ],
)
_layout("the three with a row of numbers", "部门“三公”经费表", UNIT, three(T3, [*T3_HEAD, "1|2|3|4|5|6"]))
_layout(
    "a summary with one row of heads",
    "部门收支预算总表",
    UNIT,
    summary(["收入项目|金额|支出项目（按功能分类）|金额"], last="合计"),
)
_layout(
    "a summary with a column of one fund",
    "财政拨款收支总表",
    UNIT,
    [
        "{2}收入|{4}支出",
        "项目|预算数|项目|合计|一般公共预算|政府性基金预算",
        f"一、一般公共预算拨款|{GENERAL_TOTAL}|一、教育支出|350.75|350.75|",
        "二、政府性基金预算拨款|44.00|二、社会保障和就业支出|90.00|90.00|",
        "||三、城乡社区支出|44.00||44.00",
        "||四、住房保障支出|30.25|30.25|",
        f"收入总计|{TOTAL}|支出总计|{TOTAL}|{GENERAL_TOTAL}|{FUND_TOTAL}",
    ],
)
_layout(
    "revenue by function and fund",
    "部门收入总表",
    UNIT,
    [
        "科目编码|科目名称|合计|一般公共预算|政府性基金预算|事业收入",
        *(
            "|".join(
                (
                    code,
                    NAMES[code],
                    *(
                        money(spent(_OF_FUND.get(m, "expenditure"), code, "total"))
                        for m in ("total", "general_public_budget", "government_fund_budget")
                    ),
                    "",
                )
            )
            for code in codes_of("expenditure")
        ),
        f"|合计|{TOTAL}|{GENERAL_TOTAL}|{FUND_TOTAL}|",
    ],
)
_layout(
    "shares and changes beside the money",
    "一般公共预算支出表",
    UNIT,
    coded(
        "general_public_budget",
        ["科目编码|科目名称|2023年执行数|{3}2024年预算数|{2}比上年增减", "|||合计|基本支出|项目支出|增减额|增减%"],
        C3,
        before=("0",),
        after=("-1.11", "-12.5"),
    ),
)
_layout(
    "units among the rows",
    "部门支出总表",
    UNIT,
    [
        "单位代码|单位名称（科目）|科目编码|合计|基本支出|项目支出",
        f"601001|某某市第一小学||{TOTAL}|{spent('expenditure', '', 'basic')}|{spent('expenditure', '', 'project')}",
        *(
            f"|{NAMES[code]}|{code}|" + "|".join(money(spent("expenditure", code, m)) for m in C3)
            for code in codes_of("expenditure")
        ),
    ],
)
_layout(
    "three panels with the economic class beside the function",
    "收支总表",
    UNIT,
    [
        "{2}收入|{4}支出",
        "项目|预算数|功能分类科目|预算数|经济分类科目|预算数",
        "一、一般公共预算拨款|471.00|一、教育支出|350.75|一、工资福利支出|310.75",
        "二、政府性基金预算拨款|44.00|二、社会保障和就业支出|90.00|二、商品和服务支出|184.25",
        "||三、城乡社区支出|44.00|三、对个人和家庭的补助|20.00",
        "||四、住房保障支出|30.25||",
        "收入合计|515.00|支出合计|515.00|支出合计|515.00",
    ],
)
_layout(
    "a note and the sum of a page in the frame",
    "部门支出总表",
    UNIT,
    [*coded("expenditure", EXP, C3), "{2}本页小计|515.00|420.75|94.25", "注：含政府性基金|44.00|||"],
)
