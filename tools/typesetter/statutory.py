"""What the ministry's forms and those that follow them have in common: figures in 万元, the list of all classes.

The summaries of these forms name all classes of expenditure, whether used or not, each with its ordinal; tables by
code have a 合计 above their rows and figures in 万元 with two decimals.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from typesetter.accounts import Accounts, Spending
from typesetter.book import Line, Panel, Table
from typesetter.classification import classification, parts_of
from typesetter.layout import Form, Heading, Label, row_of_labels
from typesetter.narrative import CENT, ROUND_HALF_UP, Decimal
from typesetter.quirks import Quirks
from typesetter.tables import FUNDS, ORDINALS, WAN, spaced

Measure = Callable[[Spending], int]
CLASSES = {
    "201": "一般公共服务支出", "202": "外交支出", "203": "国防支出", "204": "公共安全支出", "205": "教育支出",
    "206": "科学技术支出", "207": "文化旅游体育与传媒支出", "208": "社会保障和就业支出", "210": "卫生健康支出",
    "211": "节能环保支出", "212": "城乡社区支出", "213": "农林水支出", "214": "交通运输支出",
    "215": "资源勘探工业信息等支出", "216": "商业服务业等支出", "217": "金融支出", "220": "自然资源海洋气象等支出",
    "221": "住房保障支出", "222": "粮油物资储备支出", "223": "国有资本经营预算支出", "224": "灾害防治及应急管理支出",
    "229": "其他支出",
}  # fmt: skip
NUMERALS = (*ORDINALS, "二十", "二十一", "二十二", "二十三")


def wan_figure(fen: int, quirks: Quirks) -> str:
    """A table's figure in 万元 with two decimals; nothing as the organisation prints it."""
    if not fen:
        return {"blank": "", "zero": "0.00", "dash": "-"}[quirks.nothing]
    wan = (Decimal(fen) / 1_000_000).quantize(CENT, ROUND_HALF_UP)
    return f"{wan:,}" if quirks.amounts.startswith("grouped") else f"{wan}"


def figures(items: Iterable[Spending], measures: Iterable[Measure], quirks: Quirks) -> tuple[str, ...]:
    """The sums of `items`, one for each measure, as they are printed."""
    chosen = tuple(items)
    return tuple(wan_figure(sum(measure(item) for item in chosen), quirks) for measure in measures)


def lines_by_code(items: Sequence[Spending], measures: Sequence[Measure], quirks: Quirks) -> tuple[Line, ...]:
    """Classes, sections and items of the functional classification."""
    names = classification().functional
    prefixes = sorted({item.code[:width] for item in items for width in (3, 5, 7)})
    return tuple(
        Line(
            parts_of(prefix),
            spaced(names[prefix], quirks),
            figures((item for item in items if item.code.startswith(prefix)), measures, quirks),
        )
        for prefix in prefixes
    )


def total_of(items: Sequence[Spending], measures: Sequence[Measure], quirks: Quirks, name: str = "合计") -> Line:
    """The row of totals; blank where there is nothing at all."""
    texts = figures(items, measures, quirks) if items else ("",) * len(measures)
    return Line((), name, texts)


def lines_by_class(
    items: Sequence[Spending], measures: Sequence[Measure], quirks: Quirks, pattern: str = "{numeral}、{name}"
) -> tuple[Line, ...]:
    """All classes, each with its ordinal; a class without figures stands there blank."""
    lines = []
    for number, (code, name) in enumerate(CLASSES.items(), start=1):
        chosen = [item for item in items if item.code.startswith(code)]
        texts = figures(chosen, measures, quirks) if chosen else ("",) * len(measures)
        lines.append(Line((), pattern.format(numeral=NUMERALS[number], name=name), texts))
    return tuple(lines)


def labelled(labels: Iterable[tuple[str, int]], quirks: Quirks) -> tuple[Line, ...]:
    """Rows of one figure each."""
    return tuple(Line((), label, (wan_figure(fen, quirks),)) for label, fen in labels)


def economic_lines(pairs: Iterable[tuple[str, int]], quirks: Quirks, columns: int = 3) -> tuple[Line, ...]:
    """Classes and items of the economic classification: total, personnel and operating, or one figure."""
    chosen, names = tuple(pairs), classification().economic
    return tuple(
        Line(parts_of(prefix), spaced(names[prefix], quirks), economic_figures(chosen, quirks, columns, prefix))
        for prefix in sorted({code[:width] for code, _ in chosen for width in (3, 5)})
    )


def economic_figures(
    pairs: Iterable[tuple[str, int]], quirks: Quirks, columns: int = 3, prefix: str = ""
) -> tuple[str, ...]:
    """What all items below `prefix` make together, by total, personnel and operating (or the total alone)."""
    chosen = [(code, fen) for code, fen in pairs if code.startswith(prefix)]
    personnel = sum(fen for code, fen in chosen if is_personnel(code))
    total = sum(fen for _, fen in chosen)
    return tuple(wan_figure(fen, quirks) for fen in (total, personnel, total - personnel)[:columns])


def is_personnel(code: str) -> bool:
    """Whether an economic item is personnel expenditure (人员经费)."""
    return code[:3] in ("301", "303")


def within(accounts: Accounts, fund: str) -> tuple[Spending, ...]:
    """The items of one budget that appropriations pay for or leave a balance in."""
    return tuple(item for item in accounts.spending if item.fund == fund and (item.appropriated or item.opening))


def funded(fund: str, measure: Measure) -> Measure:
    """A measure of the items of one budget alone."""
    return lambda item: measure(item) if item.fund == fund else 0


def spent(item: Spending) -> int:
    return item.fiscal_appropriation


def fund_measures(measure: Measure) -> dict[str, Measure]:
    """Total and the three budgets."""
    return {"total": measure} | {fund: funded(fund, measure) for fund in FUNDS}


def public_expenses(accounts: Accounts) -> dict[str, int]:
    """The three public expenses and their parts, in the order of the ministry's table."""
    public = accounts.three_public
    vehicles = public.vehicle_purchase + public.vehicle_operation
    return {
        "total": public.overseas_visits + vehicles + public.receptions,
        "overseas_visits": public.overseas_visits,
        "vehicles": vehicles,
        "vehicle_purchase": public.vehicle_purchase,
        "vehicle_operation": public.vehicle_operation,
        "receptions": public.receptions,
    }


def public_row(sums: Mapping[str, int], quirks: Quirks) -> tuple[Line, ...]:
    """The one row of the table of public expenses; nothing is printed as a zero."""
    return (Line((), "", tuple(wan_figure(fen, quirks) or "0.00" for fen in sums.values())),)


def coded_form(words: Sequence[str], head: tuple[str, str] = ("科目编码", "科目名称"), group: str = "") -> Form:
    """A table by code: code, name and the columns `words`, under one group word where there is one."""
    depth, count = (2, len(words)) if group else (1, len(words))
    wide = 92 if count < 6 else 78
    labels = (
        *(Label(0, place, depth, 1, word) for place, word in enumerate(head)),
        *((Label(0, 2, 1, count, group),) if group else ()),
        *row_of_labels(depth - 1, tuple(words), 2),
    )
    return Form(labels, depth, (70, 200, *(wide,) * count), 1, total_first=True, least_rows=4)


def coded_table(
    identifier: str,
    items: Sequence[Spending],
    measures: Mapping[str, Measure],
    form: Form,
    heading: Heading,
    quirks: Quirks,
    *,
    side: str = "expenditure",
    phase: str = "approved",
) -> Table:
    """A table by functional code."""
    chosen = tuple(measures.values())
    lines, total = lines_by_code(items, chosen, quirks), total_of(items, chosen, quirks)
    return Table(identifier, (Panel(side, tuple(measures), lines, total, phase=phase),), WAN, form, heading)
