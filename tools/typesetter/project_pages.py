"""The pages of projects: performance goals as places draw them, self-assessments, and headed descriptions.

A project is drawn once and set in any layout; the truth is what that layout prints of it. The layouts are those of the
ministry (财预〔2015〕88号, 财预〔2020〕10号), of Shanghai's districts, of Jiangxi and of Sichuan.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from typesetter.layout import Drawing, Heading, Label

NAMES = (
    "信息系统运行维护", "老旧管网改造", "社区公共服务设施运行经费", "人才引进与培训", "安全生产检查",
    "河道综合整治（二期）", "公共文化活动", "就业援助补贴", "档案数字化加工", "政务服务大厅物业管理",
)  # fmt: skip
GOALS = (
    "保障{}各项任务按期完成，服务对象满意度稳步提高，形成长效管理机制。",
    "全面完成{}年度计划，提升公共服务水平，资金使用规范有效。",
    "通过实施{}，解决群众反映的突出问题；项目验收合格率达到既定要求。",
)
INDICATORS = (
    ("产出指标", "数量指标", "完成任务数量", "≥", "12", "项"),
    ("产出指标", "数量指标", "培训人次", "≥", "1200", "人次"),
    ("产出指标", "数量指标", "改造管网长度", "=", "3.5", "公里"),
    ("产出指标", "质量指标", "验收合格率", "=", "100", "%"),
    ("产出指标", "质量指标", "系统故障率", "≤", "2", "%"),
    ("产出指标", "时效指标", "任务按期完成率", "≥", "95", "%"),
    ("产出指标", "时效指标", "项目完成时间", "", "2024年12月底前", ""),
    ("成本指标", "经济成本指标", "项目总成本", "≤", "80", "万元"),
    ("效益指标", "经济效益指标", "节约运行成本", ">", "10", "万元"),
    ("效益指标", "社会效益指标", "公共服务水平", "", "有效提升", ""),
    ("效益指标", "社会效益指标", "受益人数", "≥", "30000", "人"),
    ("效益指标", "生态效益指标", "环境改善情况", "", "明显改善", ""),
    ("效益指标", "可持续影响指标", "长效管理制度健全性", "", "健全", ""),
    ("满意度指标", "服务对象满意度指标", "服务对象满意度", "≥", "90", "%"),
)  # fmt: skip
SIGNS = {"≥": ("≥", "≥", ">=", "不低于"), "≤": ("≤", "≤", "不超过"), "=": ("=", "＝", ""), ">": (">", "＞"), "": ("",)}
PARTS = (
    ("overview", "项目概述", "本项目由{unit}组织实施，内容为{name}。"),
    ("basis", "立项依据", "依据有关文件和年度工作计划立项。"),
    ("implementer", "实施主体", "{unit}"),
    ("plan", "实施方案", "第一季度制定方案；第二季度至第三季度组织实施；第四季度总结验收。"),
    ("period", "实施周期", "{year}年1月至12月"),
    ("arrangement", "年度预算安排", "{year}年预算安排{wan}万元。"),
    ("goal", "绩效目标", "{goal}"),
)


@dataclass(frozen=True, slots=True)
class MadeIndicator:
    """One indicator: its names, the target as sign, number or word, and unit; its weight, and what was reached."""

    levels: tuple[str, str, str]
    sign: str
    target: str
    unit: str
    weight: Decimal
    actual: str
    score: Decimal


@dataclass(frozen=True, slots=True)
class MadeProject:
    """One project; money in yuan: what is asked for the year is appropriation, carried over and other."""

    name: str
    nature: str
    department: str
    unit: str
    year: int
    start: str
    end: str
    appropriation: Decimal
    carried_over: Decimal
    other: Decimal
    requested: Decimal
    executed: Decimal
    goal: str
    indicators: tuple[MadeIndicator, ...]


@dataclass(frozen=True, slots=True)
class PrintedIndicator:
    """What a layout prints of an indicator."""

    levels: tuple[str, str, str]
    operator: str | None
    value: Decimal | None
    unit: str | None
    printed: str | None
    weight: Decimal | None
    actual: str | None
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class PrintedProject:
    """What a layout prints of a project: its name, facts, dates and yuan by their names in the dataset."""

    name: str
    facts: dict[str, str]
    amounts: dict[str, Decimal]
    indicators: tuple[PrintedIndicator, ...]


def drawn_projects(
    rng: Random, department: str, unit: str, year: int, most: Decimal, count: int
) -> tuple[MadeProject, ...]:
    """Projects of a body, whose money makes no more than `most` yuan."""
    names = rng.sample(NAMES, count)
    return tuple(_drawn_project(rng, name, department, unit, year, most / count) for name in names)


def _drawn_project(rng: Random, name: str, department: str, unit: str, year: int, most: Decimal) -> MadeProject:
    requested = Decimal(max(1, int(most * rng.randint(30, 95) / 100 / 100)) * 100)
    carried = Decimal(int(requested * rng.choice((0, 0, 10, 20)) / 100 / 100) * 100)
    other = Decimal(int(requested * rng.choice((0, 0, 0, 15)) / 100 / 100) * 100)
    executed = Decimal(int(requested * rng.randint(70, 100) / 100 / 100) * 100)
    chosen = sorted(rng.sample(range(len(INDICATORS)), rng.randint(3, 8)))
    weights = _weights(rng, len(chosen))
    indicators = []
    for place, weight in zip(chosen, weights, strict=True):
        *levels, sign, target, of = INDICATORS[place]
        printed = rng.choice(SIGNS[sign])
        actual = target if not sign else f"{target}{of}"
        score = weight if rng.random() < 0.7 else weight - Decimal("0.5")
        target = target.replace("2024", str(year))
        indicators.append(MadeIndicator(tuple(levels), printed, target, of, weight, actual, score))
    return MadeProject(
        name, rng.choice(("经常性项目", "一次性项目", "新增项目")), department, unit, year, f"{year}-01-01",
        f"{year}-12-31", requested - carried - other, carried, other, requested, executed,
        rng.choice(GOALS).format(name), tuple(indicators),
    )  # fmt: skip


def _weights(rng: Random, count: int) -> list[Decimal]:
    """Weights that make 90: ten points are for the rate of execution."""
    rest, weights = 90, []
    for left in range(count, 1, -1):
        weights.append(rng.randint(3, max(3, rest // left)))
        rest -= weights[-1]
    return [Decimal(one) for one in (*weights, rest)]


class Layout:
    """Cells gathered row by row."""

    def __init__(self, widths: Sequence[int]) -> None:
        self.widths = tuple(widths)
        self.cells: list[Label] = []
        self.row = 0

    def add(self, *cells: str | tuple[str, int] | tuple[str, int, int], first: int = 0) -> None:
        """A row: each cell a text, or a text with the columns and rows over which it reaches."""
        column = first
        for cell in cells:
            text, wide, high = (cell, 1, 1) if isinstance(cell, str) else (*cell, 1)[:3]
            self.cells.append(Label(self.row, column, high, wide, text))
            column += wide
        self.row += 1

    def drawing(self, title: str, captions: tuple[str, str] = ("", "")) -> Drawing:
        return Drawing(Heading(title, captions), tuple(self.cells), self.widths)


def yuan_text(yuan: Decimal, unit: str) -> str:
    return f"{yuan:,.2f}" if unit == "元" else f"{yuan / 10_000:.2f}"


def printed_target(one: MadeIndicator, *, bracketed: bool = False) -> str:
    """The target in one cell: ≥90%, or ≥90.00(%)."""
    if not one.unit:
        return one.target
    return (
        f"{one.sign}{one.target}.00({one.unit})"
        if bracketed and "." not in one.target
        else f"{one.sign}{one.target}{one.unit}"
    )


def _operator(sign: str) -> str | None:
    return next((name for name, signs in SIGNS.items() if sign and sign in signs), None)


def _printed(one: MadeIndicator, target: str, *, weight: bool = False, assessed: bool = False) -> PrintedIndicator:
    number = Decimal(one.target) if one.unit else None
    return PrintedIndicator(
        one.levels, _operator(one.sign) if one.unit and target else None, number if target else None,
        one.unit or None if target else None, target or None, one.weight if weight else None,
        one.actual if assessed else None, one.score if assessed else None,
    )  # fmt: skip


def shanghai_form(project: MadeProject) -> tuple[Drawing, tuple[PrintedProject, ...]]:
    """财政项目支出绩效目标填报表 of Shanghai's districts."""
    page = Layout((40, 70, 90, 110, 90, 90, 90, 90))
    unit = "元"
    page.add(("财政项目支出绩效目标填报表", 8))
    page.add((f"（{project.year}年度）", 8))
    page.add(("项目名称", 2), (project.name, 2), "项目性质", project.nature, "项目类别", "特定目标类")
    page.add(("主管部门", 2), (project.department, 2), "实施单位", (project.unit, 3))
    page.add(("计划开始日期", 2), (project.start, 2), "计划完成日期", (project.end, 3))
    fiscal = project.appropriation + project.carried_over
    money = [
        yuan_text(one, unit)
        for one in (project.requested, fiscal, project.other, project.appropriation, project.carried_over)
    ]
    page.add(("项目资金（元）", 1, 4), ("项目资金总额", 2), money[0], ("年度资金申请总额", 2), (money[0], 2))
    page.add(("其中：财政资金", 2, 2), (money[1], 1, 2), ("其中：当年财政拨款", 2), (money[3], 2), first=1)
    page.add(("上年结转资金", 2), (money[4], 2), first=4)
    page.add(("其他资金", 2), money[2], ("其他资金", 2), (money[2], 2), first=1)
    page.add(("项目绩效目标", 1, 2), ("项目总目标", 3), ("年度总体目标", 4))
    page.add((project.goal, 3), (project.goal, 4), first=1)
    page.add(
        ("绩效指标", 1, len(project.indicators) + 1), "一级指标", "二级指标", ("三级指标", 3), ("年度(/项目)指标值", 2)
    )
    printed = []
    for one, levels in zip(project.indicators, _levels(project.indicators), strict=True):
        target = printed_target(one, bracketed=True)
        _level_cells(page, levels, 1)
        page.add((one.levels[2], 3), (target, 2), first=3)
        printed.append(_printed(one, target))
    facts = _facts(project) | {
        "nature": project.nature,
        "category": "特定目标类",
        "start": project.start,
        "end": project.end,
    }
    facts |= {"total_goal": project.goal, "annual_goal": project.goal}
    amounts = {
        "total": project.requested, "requested": project.requested, "fiscal": fiscal, "other_total": project.other,
        "current_appropriation": project.appropriation, "carried_over": project.carried_over, "other": project.other,
    }  # fmt: skip
    return page.drawing(""), (PrintedProject(project.name, facts, amounts, tuple(printed)),)


def ministry_form(project: MadeProject) -> tuple[Drawing, tuple[PrintedProject, ...]]:
    """项目支出绩效目标表, as the central departments publish it."""
    page = Layout((70, 110, 130, 170, 150))
    count = len(project.indicators)
    page.add(("项目支出绩效目标表", 5))
    page.add((f"（{project.year}年度）", 5))
    page.add(("项目名称", 2), (project.name, 3))
    page.add(("主管部门及代码", 2), project.department, "实施单位", project.unit)
    money = _money(project)
    page.add(("项目资金（万元）", 1, 4), ("年度资金总额：", 2), (money[0], 2))
    page.add(("其中：财政拨款", 2), (money[1], 2), first=1)
    page.add(("上年结转", 2), (money[2], 2), first=1)
    page.add(("其他资金", 2), (money[3], 2), first=1)
    page.add(("年度总体目标", 1, 1), (project.goal, 4))
    page.add(("绩效指标", 1, count + 1), "一级指标", "二级指标", "三级指标", "指标值")
    printed = []
    for one, levels in zip(project.indicators, _levels(project.indicators), strict=True):
        target = printed_target(one)
        _level_cells(page, levels, 1)
        page.add(one.levels[2], target, first=3)
        printed.append(_printed(one, target))
    facts = _facts(project) | {"annual_goal": project.goal}
    amounts = {
        "requested": project.requested, "fiscal": project.appropriation, "carried_over": project.carried_over,
        "other": project.other,
    }  # fmt: skip
    return page.drawing(""), (PrintedProject(project.name, facts, amounts, tuple(printed)),)


def _money(project: MadeProject) -> list[str]:
    """The sum of the year, then its sources: appropriation, carried over, other."""
    amounts = (project.requested, project.appropriation, project.carried_over, project.other)
    return [yuan_text(one, "万元") for one in amounts]


def jiangxi_form(project: MadeProject) -> tuple[Drawing, tuple[PrintedProject, ...]]:
    """项目支出绩效目标表 of Jiangxi: the title above the frame, dates in one cell, sums beside one another."""
    page = Layout((110, 120, 160, 120, 120))
    page.add("项目名称", (project.name, 4))
    page.add("主管部门及代码", (project.department, 2), "实施单位", project.unit)
    page.add("项目属性", (project.nature, 2), "项目日期范围", f"{project.start}至{project.end}")
    money = _money(project)
    page.add(("项目资金（万元）", 1, 4), ("年度资金总额", 2), (money[0], 2))
    page.add(("其中：财政拨款", 2), (money[1], 2), first=1)
    page.add(("上年结转资金", 2), (money[2], 2), first=1)
    page.add(("其他资金", 2), (money[3], 2), first=1)
    page.add(("年度绩效目标", 5))
    page.add((project.goal, 5))
    page.add("一级指标", "二级指标", "三级指标", ("指标值", 2))
    printed = []
    for one, levels in zip(project.indicators, _levels(project.indicators), strict=True):
        target = printed_target(one)
        _level_cells(page, levels, 0)
        page.add(one.levels[2], (target, 2), first=2)
        printed.append(_printed(one, target))
    facts = _facts(project) | {"nature": project.nature, "start": project.start, "end": project.end}
    facts |= {"annual_goal": project.goal, "period": f"{project.start}至{project.end}"}
    amounts = {
        "requested": project.requested, "fiscal": project.appropriation, "carried_over": project.carried_over,
        "other": project.other,
    }  # fmt: skip
    title = f"项目支出绩效目标表（{project.year}年度）"
    return page.drawing(title), (PrintedProject(project.name, facts, amounts, tuple(printed)),)


def sichuan_table(projects: Sequence[MadeProject]) -> tuple[Drawing, tuple[PrintedProject, ...]]:
    """部门预算项目绩效目标表 of Sichuan: all projects of a body in one table, with columns of operators and units."""
    page = Layout((60, 80, 60, 110, 55, 75, 90, 40, 70, 45, 35))
    page.add(
        "单位名称", "项目名称", "预算数", "年度目标", "一级指标", "二级指标", "三级指标", "指标性质", "指标值",
        "度量单位", "权重",
    )  # fmt: skip
    found = []
    for project in projects:
        count = len(project.indicators)
        printed = []
        page.add(
            (project.unit, 1, count), (project.name, 1, count), (yuan_text(project.requested, "万元"), 1, count),
            (project.goal, 1, count),
        )  # fmt: skip
        page.row -= 1
        for one, levels in zip(project.indicators, _levels(project.indicators), strict=True):
            _level_cells(page, levels, 4)
            sign = one.sign or ("＝" if one.unit else "定性")
            page.add(one.levels[2], sign, one.target, one.unit, f"{one.weight}", first=6)
            shown = replace(one, sign=sign if one.unit else "")
            printed.append(_printed(shown, one.target, weight=True))
        facts = {"unit": project.unit, "annual_goal": project.goal}
        found.append(PrintedProject(project.name, facts, {"requested": project.requested}, tuple(printed)))
    return page.drawing(f"部门预算项目绩效目标表（{projects[0].year}年度）", ("", "金额单位：万元")), tuple(found)


def assessment(project: MadeProject) -> tuple[Drawing, tuple[PrintedProject, ...]]:
    """项目支出绩效自评表 of the ministry."""
    page = Layout((50, 60, 90, 130, 70, 70, 45, 45, 60))
    count = len(project.indicators)
    page.add(("项目支出绩效自评表", 9))
    page.add((f"（{project.year}年度）", 9))
    page.add(("项目名称", 2), (project.name, 7))
    page.add(("主管部门", 2), (project.department, 2), "实施单位", (project.unit, 4))
    page.add(("项目资金（万元）", 2, 5), ("", 1), "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    done = project.executed * 100 / project.requested
    sums = (
        ("年度资金总额", project.requested), ("其中：当年财政拨款", project.appropriation),
        ("上年结转资金", project.carried_over), ("其他资金", project.other),
    )  # fmt: skip
    for label, yuan in sums:
        executed = project.executed if label == "年度资金总额" else yuan
        points = ("10", f"{done:.2f}%", "9.5") if label == "年度资金总额" else ("—", "", "—")
        money = [yuan_text(one, "万元") for one in (yuan, yuan, executed)]
        page.add(label, *money, *points, first=2)
    page.add(("年度总体目标", 1, 2), ("预期目标", 3), ("实际完成情况", 5))
    page.add((project.goal, 3), ("已完成。", 5), first=1)
    page.add(
        ("绩效指标", 1, count + 1),
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    )
    printed = []
    for one, levels in zip(project.indicators, _levels(project.indicators), strict=True):
        target = printed_target(one)
        _level_cells(page, levels, 1)
        page.add(one.levels[2], target, one.actual, f"{one.weight}", f"{one.score}", "", first=3)
        printed.append(_printed(one, target, weight=True, assessed=True))
    total = sum((one.score for one in project.indicators), Decimal("9.5"))
    page.add(("总分", 6), "100", f"{total}", "")
    facts = _facts(project) | {"annual_goal": project.goal, "goal_reached": "已完成。"}
    amounts = {
        "requested": project.requested, "current_appropriation": project.appropriation,
        "carried_over": project.carried_over, "other": project.other, "adjusted": project.requested,
        "executed": project.executed,
    }  # fmt: skip
    return page.drawing(""), (PrintedProject(project.name, facts, amounts, tuple(printed)),)


def description_of(project: MadeProject, *, marks: str = "、") -> tuple[str, tuple[str, ...], dict[str, str]]:
    """A headed description: its title, its paragraphs, and the parts as the dataset names them."""
    words = {
        "name": project.name, "unit": project.unit, "year": project.year, "goal": project.goal,
        "wan": yuan_text(project.requested, "万元"),
    }  # fmt: skip
    paragraphs, parts = [], {}
    for ordinal, (name, head, text) in zip("一二三四五六七", PARTS, strict=True):
        parts[name] = text.format(**words)
        paragraphs += [f"{ordinal}{marks}{head}" if marks == "、" else f"（{ordinal}）{head}", parts[name]]
    return f"{project.name}经费情况说明", tuple(paragraphs), parts


def lines_of_form(project: MadeProject) -> tuple[tuple[str, ...], PrintedProject]:
    """Shanghai's form as a text that lost its columns, long words broken over lines."""
    _, (printed,) = shanghai_form(project)
    money = {name: f"{yuan:,.2f}" for name, yuan in printed.amounts.items()}
    lines = [
        "财政项目支出绩效目标填报表", f"（{project.year}年度）", "",
        f"项目名称 {project.name} 项目性质 {project.nature} 项目类别 特定目标类", "",
        f"主管部门 {project.department} 实施单位 {project.unit}", "",
        f"计划开始日期 {project.start} 计划完成日期 {project.end}", "", "项目资金", "", "（元）", "",
        f"项目资金总额 {money['total']} 年度资金申请总额 {money['requested']}", "",
        f"其中：财政资金 {money['fiscal']}", "", f"其中：当年财政拨款 {money['current_appropriation']}", "",
        f"上年结转资金 {money['carried_over']}", "", f"其他资金 {money['other']} 其他资金 {money['other']}", "",
        "项目", "", "绩效", "", "目标", "", "项目总目标 年度总体目标", "", project.goal, "",
        "一级指标 二级指标 三级指标 年度(/项目)指标值", "", "绩效", "", "指标", "",
    ]  # fmt: skip
    for one, levels in zip(project.indicators, _levels(project.indicators), strict=True):
        first, second = levels[0][0], levels[1][0]
        lines += [word for level in (first, second) if level for word in (level, "")]
        lines += [f"{one.levels[2]} {printed_target(one, bracketed=True)}", ""]
    facts = {name: text for name, text in printed.facts.items() if name not in ("total_goal", "annual_goal")}
    return tuple(lines), replace(printed, facts=facts | {"goal": project.goal})


def _facts(project: MadeProject) -> dict[str, str]:
    return {"department": project.department, "unit": project.unit}


def _levels(indicators: Sequence[MadeIndicator]) -> list[tuple[tuple[str, int], tuple[str, int]]]:
    """For each row the first and second name with the rows over which they reach; no rows where one above does."""
    rows = []
    for number, one in enumerate(indicators):
        pairs = []
        for depth in (1, 2):
            key = one.levels[:depth]
            if number and indicators[number - 1].levels[:depth] == key:
                pairs.append(("", 0))
                continue
            high = next(
                (at for at, other in enumerate(indicators[number:]) if other.levels[:depth] != key),
                len(indicators) - number,
            )
            pairs.append((one.levels[depth - 1], high))
        rows.append((pairs[0], pairs[1]))
    return rows


def _level_cells(page: Layout, levels: tuple[tuple[str, int], tuple[str, int]], first: int) -> None:
    """The merged names at the left of the coming row."""
    for column, (text, high) in enumerate(levels, first):
        if high:
            page.cells.append(Label(page.row, column, high, 1, text))
