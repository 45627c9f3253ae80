"""The text of a budget (编制说明): opening, numbered items, closing, in the words of the official template.

The items come in the five heading styles that published budgets show. A change that the text states is computed from
the figures as it prints them, so that a reader can redo it; an item that begins this year has a base of 0, and the
template's habit of calling that 100 % is a quirk of its own.
"""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from typesetter.accounts import Accounts
from typesetter.book import Item, Table
from typesetter.classification import classification, parts_of
from typesetter.quirks import Quirks

CENT = Decimal("0.01")
OPENING_INCOMES = ("fiscal_appropriation", "service_income", "business_income", "other_income")
OPENING_FUNDS = ("general_public_budget", "government_fund_budget", "state_capital_budget")


def wan_text(fen: int, *, grouped: bool = False) -> str:
    """An amount in 万元 with two decimals, nothing as a bare 0."""
    if not fen:
        return "0"
    wan = (Decimal(fen) / 1_000_000).quantize(CENT, ROUND_HALF_UP)
    return f"{wan:,}" if grouped else f"{wan}"


def change_of(current: str, prior: str, quirks: Quirks) -> tuple[str, str]:
    """Direction word and unsigned percentage between two printed amounts."""
    now, before = (Decimal(text.replace(",", "")) for text in (current, prior))
    if now == before:
        return "持平", ""
    direction = "增加" if now > before else "减少"
    if not before:
        return direction, "100" if quirks.zero_base_percent else ""
    return direction, f"{(abs(now - before) / before * 100).quantize(CENT, ROUND_HALF_UP)}"


def items_of(accounts: Accounts, quirks: Quirks) -> tuple[Item, ...]:
    """One numbered item for each functional item that appropriations pay for."""
    names = classification().functional
    executed = dict(accounts.executed)
    items = []
    paid = (spending for spending in accounts.spending if spending.fiscal_appropriation)
    for number, spending in enumerate(paid, start=1):
        code = spending.code
        current = wan_text(spending.fiscal_appropriation, grouped=quirks.grouped_text)
        stated: dict[str, str] = {}
        if quirks.prior_stated:
            prior = wan_text(executed.get(code, 0), grouped=quirks.grouped_text)
            direction, percent = change_of(current, prior, quirks)
            stated = {"arranged": current, "prior": prior, "direction": direction, "percent": percent}
        path = (names[code[:3]], names[code[:5]], names[code])
        items.append(
            Item(number, parts_of(code), path, f"{names[code]}相关工作", current, heading=quirks.heading, **stated)
        )
    return tuple(items)


def sentence_of(item: Item, year: int) -> str:
    """The item as the text prints it."""
    top, middle, low = item.names
    number, current, purpose = item.number, item.current, item.purpose
    match item.heading:
        case "national" | "jiangsu" | "final":
            return _statutory(item, year)
        case "coded":
            marks = [f"（{part}{level}）" for part, level in zip(item.parts, "类款项", strict=True)]
            name = "".join(word + mark for word, mark in zip(item.names, marks, strict=True))
            head = f"{number}、{name}{current}万元。主要用于：{purpose}。"
        case "subject":
            head = f"{number}.“{top}（类）{middle}（款）{low}（项）”科目{current}万元，主要用于{purpose}。"
        case "stopped":
            head = f"{number}.“{top}（类）{middle}（款）{low}（项）”{current}万元。主要用于{purpose}。"
        case "mixed":
            head = f"{number}.“{top}（类){middle}（款){low}（项）”{current}万元，主要用于{purpose}。"
        case _:
            head = f"{number}. “{top}（类）{middle}（款）{low}（项）”{current}万元，主要用于{purpose}。"
    if not item.prior:
        return head
    percent = f"{item.percent}%" if item.percent else ""
    return (
        f"{head}{year - 1}年当年预算执行数为{item.prior}万元，{year}年预算安排{item.arranged}万元，"
        f"比{year - 1}年预算执行数{item.direction}{percent}。主要原因是：工作安排。"
    )


def _statutory(item: Item, year: int) -> str:
    """The item in the words of the ministry's template, of final accounts, or of Jiangsu."""
    top, middle, low = item.names
    path = f"{middle}（款）{low}（项）"
    moved = f"{item.direction}{item.change}万元" + (f"，{_rate(item)}{item.percent}%" if item.percent else "")
    if item.heading == "final":
        done = f"，完成年初预算的{item.percent}%" if item.percent else ""
        return f"{item.number}.{top}（类）{path}。年初预算为{item.prior}万元，支出决算为{item.current}万元{done}。"
    if item.heading == "jiangsu":
        same = "与上年数一致" if item.direction == "持平" else f"与上年相比{moved}"
        return f"{item.number}.{path}{item.current}万元，{same}。主要原因是工作安排。"
    flat = item.direction == "持平"
    compared = f"与{year - 1}年执行数持平" if flat else f"比{year - 1}年执行数{moved}"
    return f"{item.number}.{top}（类）{path}{year}年预算数为{item.current}万元，{compared}。主要原因是工作安排。"


def _rate(item: Item) -> str:
    return "增长" if item.direction == "增加" else "下降"


def opening_of(accounts: Accounts) -> tuple[str, ...]:
    """The paragraphs before the items, for made accounts."""

    def wan(name: str, fund: str = "") -> str:
        return wan_text(sum(getattr(item, name) for item in accounts.spending if fund in ("", item.fund)))

    sums = {name: wan(name) for name in ("total", *OPENING_INCOMES)}
    sums |= {fund: wan("fiscal_appropriation", fund) for fund in OPENING_FUNDS}
    return opening_sentences(accounts.organisation, accounts.year, sums)


def opening_sentences(organisation: str, year: int, sums: Mapping[str, str]) -> tuple[str, ...]:
    """The paragraphs before the items: income and expenditure, in 万元 by measure; what is not given is 0."""
    total, appropriated, service, business, other = (sums.get(name, "0") for name in ("total", *OPENING_INCOMES))
    general, fund, capital = (sums.get(name, "0") for name in OPENING_FUNDS)
    return (
        f"{year}年，{organisation}收入预算{total}万元，其中：财政拨款收入{appropriated}万元；"
        f"事业收入{service}万元；事业单位经营收入{business}万元；其他收入{other}万元。",
        f"支出预算{total}万元，其中：财政拨款支出预算{appropriated}万元。财政拨款支出预算中，"
        f"一般公共预算拨款支出预算{general}万元；政府性基金拨款支出预算{fund}万元；"
        f"国有资本经营预算拨款支出预算{capital}万元。",
        "财政拨款支出主要内容如下：",
    )


def closing_sentences(year: int, word: str, table: Table) -> tuple[str, ...]:
    """其他相关情况说明: what the text says of the last table, `table`; a blank there is 0 here."""
    panel = table.panels[0]
    texts = dict(zip(panel.measures, panel.lines[0].texts, strict=True))
    wan = {measure: text or "0" for measure, text in texts.items()}
    return (
        f"一、{year}年“三公”经费预算情况说明",
        f"{year}年“三公”经费预算数为{wan['total']}万元。其中：",
        f"（一）因公出国（境）费{wan['overseas_visits']}万元。",
        f"（二）公务用车购置及运行费{wan['vehicles']}万元，其中：公务用车购置费{wan['vehicle_purchase']}万元；"
        f"公务用车运行费{wan['vehicle_operation']}万元。",
        f"（三）公务接待费{wan['receptions']}万元。",
        "二、机关运行经费预算",
        f"{year}年本{word}财政拨款的机关运行经费预算为{wan['agency_operating']}万元。",
    )


def duties_of(organisation: str, word: str) -> tuple[str, ...]:
    """A page of duties and one of terms, in our own plain words."""
    return (
        f"{organisation}依照法律、法规和区政府的规定履行职责，编制本{word}年度预算，并对预算的真实、完整负责。",
        "（一）组织实施本领域的年度工作计划，管理有关资金和资产。",
        "（二）做好本领域的公共服务、日常管理和信息公开。",
        "（三）完成上级交办的其他任务。",
    )


TERMS = (
    "（一）基本支出预算：为保障机构正常运转、完成日常工作任务而编制的年度支出计划，包括人员经费和公用经费两部分。",
    "（二）项目支出预算：在基本支出之外，为完成特定工作任务或事业发展目标而编制的年度支出计划。",
    "（三）“三公”经费：财政拨款安排的因公出国（境）费、公务用车购置及运行费、公务接待费。",
    "（四）机关运行经费：行政单位和参照公务员法管理的事业单位用一般公共预算财政拨款安排的日常公用经费。",
)
