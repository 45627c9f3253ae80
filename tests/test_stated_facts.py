"""What the notes state beside the tables: published documents value by value, and the traps of their wording."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from analysis.balancing.notes.fact_findings import fact_findings
from analysis.balancing.notes.project_findings import project_findings
from analysis.dataset.stated_rows import fact_rows, indicator_rows, project_rows
from analysis.dataset.store import to_frame
from analysis.extraction.layout.blocks import TextLine
from analysis.knowledge.families import load_families
from analysis.reading.read_document import read_document
from analysis.reading.text.stated_facts import read_stated_facts
from analysis.terms.document import Cover, ReadDocument
from analysis.terms.line_item import Kind, Level, Phase, Place
from analysis.terms.stated_fact import StatedFact

NOTHING_READ = ReadDocument(Cover(None, None, None, None), 0, (), 0, (), (), (), ())
TRUTH = Path(__file__).parent / "truth"


def _truth(name: str) -> Iterator[tuple[str, list[dict[str, str]]]]:
    with (TRUTH / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for source in dict.fromkeys(row["source_file"] for row in rows):
        yield source, [row for row in rows if row["source_file"] == source]


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


@pytest.fixture(scope="module")
def documents(shared: Path) -> dict[str, ReadDocument]:
    families = load_families()
    return {path.name: read_document(path, families) for path in sorted((shared / "documents").glob("putuo-*"))}


def test_every_fact_of_published_notes_is_read_and_none_is_invented(documents: dict[str, ReadDocument]) -> None:
    names = ("subject", "value", "unit", "as_of", "fiscal_year", "phase", "direction", "change", "change_percent")
    counted = 0
    for source, rows in _truth("stated_facts.csv"):
        read = [tuple(_text(getattr(fact, name)) for name in names) for fact in documents[source].facts]
        assert read == [tuple(row[name] for name in names) for row in rows], source
        counted += len(rows)
    assert counted == 285


def test_every_indicator_of_published_forms_is_read_and_none_is_invented(documents: dict[str, ReadDocument]) -> None:
    counted = 0
    for source, rows in _truth("performance.csv"):
        names = {project.number: project.name for project in documents[source].projects}
        read = [
            (names[one.project], *one.levels, one.operator, one.value, one.unit, one.printed)
            for one in documents[source].indicators
        ]
        columns = ("project_name", "level1", "level2", "level3", "operator", "value", "unit", "printed")
        assert [tuple(map(_text, one)) for one in read] == [tuple(row[name] for name in columns) for row in rows], (
            source
        )
        counted += len(rows)
    assert counted == 75


def test_the_notes_of_a_text_that_lost_its_columns_are_on_their_lines(documents: dict[str, ReadDocument]) -> None:
    document = documents["putuo-gongwuwang-2023-unit.txt"]
    lines = {fact.subject: fact.place.line for fact in document.facts}
    assert len(lines) == len(document.facts) == 28
    assert (lines["three_public"], lines["performance_amount"], lines["vehicles_law_enforcement"]) == (400, 418, 424)
    (project,) = document.projects
    assert (project.name, project.year) == ("社保卡设备维护、宣传、设备更新", 2023)
    assert project.facts["department"] == "上海市普陀区科学技术委员会"
    assert (project.facts["nature"], project.facts["category"]) == ("经常性项目", "其他运转类")
    assert project.dates == {"start": date(2023, 1, 1), "end": date(2023, 12, 31)}
    assert {name: str(yuan) for name, yuan in project.amounts.items()} == {
        "requested": "150000.00",
        "current_appropriation": "150000.00",
        "carried_over": "0.00",
        "other": "0.00",
    }
    assert list(project.parts) == ["overview", "basis", "implementer", "plan", "period", "arrangement", "goal"]
    assert project.parts["period"] == "2023年全年" and project.parts["plan"].endswith("优化工作方案。")
    assert project.facts["goal"].endswith("2、形成普陀特色的社保卡管理服务体系。")


def test_forms_on_pages_have_their_amounts_and_goals(documents: dict[str, ReadDocument]) -> None:
    projects = documents["putuo-wanli-2023-dept.pdf"].projects
    assert [project.name for project in projects] == [
        "新建万里街道社区公共服务中心",
        "就业援助基地补贴",
        "社区环境整治和建设经费",
        "各类工作经费",
        "公共服务设施运行经费",
        None,  # a description that bears no name
    ]
    assert [str(project.amounts["total"]) for project in projects[:4]] == [
        "4100000.00",
        "6351000.00",
        "4563800.00",
        "7595500.00",
    ]
    assert projects[1].facts["total_goal"] == projects[1].facts["annual_goal"] == "管理各类下拨费用，实报实销"
    assert projects[0].place.page == 31 and projects[5].parts["overview"].startswith("由上海市普陀区")


def _facts(*texts: str, year: int = 2024, kind: Kind = Kind.BUDGET) -> dict[str, StatedFact]:
    cover = Cover("某单位", Level.UNIT, year, kind)
    lines = [TextLine(text, Place(line=number)) for number, text in enumerate(texts, 1)]
    facts = read_stated_facts([lines], cover)
    assert len({fact.subject for fact in facts}) == len(facts), facts
    return {fact.subject: fact for fact in facts}


def test_parts_are_told_from_the_whole_and_plans_from_what_is_there() -> None:
    facts = _facts(
        "截至2023年12月31日，本部门共有车辆12辆，其中：执法执勤用车9辆、其他用车3辆；单价100万元（含）以上设备（不含车辆）2台（套）。",
        "2024年部门预算安排购置车辆1辆，其中：执法执勤用车1辆；安排购置单价100万元（含）以上设备0台（套）。",
    )
    assert {name: int(fact.value) for name, fact in facts.items()} == {
        "vehicles": 12,
        "vehicles_law_enforcement": 9,
        "vehicles_other": 3,
        "equipment_1m": 2,
        "vehicles_planned": 1,
        "vehicles_law_enforcement_planned": 1,
        "equipment_1m_planned": 0,
    }
    assert facts["vehicles"].as_of == date(2023, 12, 31) and facts["vehicles"].phase is Phase.EXECUTED
    assert facts["vehicles_planned"].as_of is None and facts["vehicles_planned"].fiscal_year == 2024


def test_a_threshold_is_no_value_and_a_broken_line_breaks_no_figure() -> None:
    facts = _facts(
        "截至2022年末，国有资产占用情况：单位价值50万元以上通用设备1",
        "4台（套），单位价值100万元以上专用设备2台（套）。",
    )
    assert {name: int(fact.value) for name, fact in facts.items()} == {
        "equipment_general_500k": 14,
        "equipment_special_1m": 2,
    }


@pytest.mark.parametrize(
    ("text", "direction", "change", "percent", "year"),
    [
        ("机关运行经费支出184.65万元，比2023年度增加2.55万元，增长1.40%。", "增加", "25500.00", "1.40", 2023),
        (
            "机关运行经费预算支出2,094.58万元，与上年相比减少8,007.18万元，降低79.27%。",
            "减少",
            "80071800.00",
            "-79.27",
            2023,
        ),
        ("2024年“三公”经费预算数为22.91万元，比2023年预算持平。", "持平", None, None, 2023),
        ("公务接待费1.35万元。比2023年预算持平，主要原因是接待不变。", "持平", None, None, 2023),
        ("机关运行经费预算20000元，同比减少5000元，下降20.00%。", "减少", "5000.00", "-20.00", 2023),
        (
            "机关运行经费支出20万元，主要保障运转需要。预算数比2023年增加5万元，增长33.33%。",
            "增加",
            "50000.00",
            "33.33",
            2023,
        ),
        ("政府采购预算20万元。培训次数比2023年增加。", None, None, None, None),
    ],
)
def test_a_comparison_belongs_to_the_value_before_it(
    text: str, direction: str, change: str | None, percent: str | None, year: int
) -> None:
    (fact,) = _facts(text).values()
    assert (fact.direction, fact.compared_year) == (direction, year)
    assert fact.change == (Decimal(change) if change else None)
    assert fact.change_percent == (Decimal(percent) if percent else None)


def test_a_second_value_of_one_subject_is_of_the_other_phase() -> None:
    cover = Cover("某单位", Level.UNIT, 2024, Kind.FINAL)
    line = TextLine("“三公”经费财政拨款支出年初预算为0.95万元，支出决算为0.00万元，完成预算的0%。", Place(line=1))
    facts = read_stated_facts([[line]], cover)
    assert [(fact.subject, fact.phase, fact.value) for fact in facts] == [
        ("three_public", Phase.APPROVED, Decimal("9500.00")),
        ("three_public", Phase.EXECUTED, Decimal("0.00")),
    ]


def test_the_parts_of_a_budget_in_final_accounts_are_of_its_phase() -> None:
    facts = _facts("2024年“三公”经费预算20万元，其中：公务接待费8万元。公务用车保有量2辆。", kind=Kind.FINAL)
    assert [fact.phase for fact in facts.values()] == [Phase.APPROVED, Phase.APPROVED, Phase.EXECUTED]


def test_a_change_in_another_unit_is_of_another_value() -> None:
    facts = _facts("2024年公务接待24批次，支出2万元，较上年减少0.3万元，减少13.04%。", kind=Kind.FINAL)
    assert facts["reception_batches"].change is None and facts["reception_batches"].direction is None


@pytest.mark.parametrize(
    ("text", "subject", "value"),
    [
        ("本单位无机关运行经费。", "agency_operating", 0),
        ("某中心2023年度未安排政府采购预算。", "procurement", 0),
        ("2018年本部门共5个项目实行绩效目标管理，涉及财政性资金合计5,086万元。", "performance_amount", 50_860_000),
        ("政府采购支出总额1,624.42万元，其中：拟采购货物支出350万元。", "procurement_goods", 3_500_000),
        ("2019年共设置绩效目标5个，其中项目绩效目标4个，涉及财政拨款资金11334.15万元。", "performance_projects", 4),
        ("本部门编制数30人，实有在职人员28人，离退休人员12人。", "staff_in_service", 28),
        ("公务接待2批次、24人次，其中：接待外宾0批次、0人次。", "reception_persons", 24),
        ("公务接待2批次、24人次，其中：接待外宾0批次、0人次。", "foreign_reception_persons", 0),
        (
            "政府采购预算支出合计160.20万元。其中：货物类60.20万元，工程类0万元，服务类100万元。",
            "procurement_goods",
            602_000,
        ),
        ("截至2022年12月31日，某局共有公务用车3辆，其中一般公务用车1辆、执勤执法用车2辆。", "vehicles", 3),
        ("2023年拟新增配置公务用车1辆，其中，执法执勤用车1辆。", "vehicles_planned", 1),
        ("截至2022年12月31日，房屋1,000.00平方米，原值900万元；车辆3辆，原值60万元。", "buildings_value", 9_000_000),
        ("本部门人员编制40人，其中行政编制15人、事业编制25人；实有人员38人。", "staff_authorised", 40),
        ("本部门人员编制40人，其中行政编制15人、事业编制25人；实有人员38人。", "staff_institution_posts", 25),
        ("离退休人员12人，其中：离休1人，退休11人。", "staff_retired", 12),
        ("对3个项目支出全面实施绩效目标管理，涉及一般公共预算拨款80万元。", "performance_amount_general", 800_000),
        (
            "组织对“甲”“乙”等2个项目开展了部门评价，涉及一般公共预算支出30万元。",
            "performance_evaluated_amount",
            300_000,
        ),
        ("截至2023年12月31日，本部门固定资产净值1,230.50万元。", "fixed_assets_net", 12_305_000),
        ("2024年本单位采购预算资金共计83万元，其中：货物类20万元。", "procurement", 830_000),
        ("2024年本部门日常运行经费预算120.35万元。", "agency_operating", 1_203_500),
        ("国内公务接待共14批次（其中外事接待3批次），92人次（其中外事接待11人次）。", "reception_persons", 92),
        ("国内公务接待共14批次（其中外事接待3批次），92人次（其中外事接待11人次）。", "foreign_reception_persons", 11),
        ("国内公务接待批次为35个，接待人次为260人。", "reception_batches", 35),
        ("国内公务接待批次为35个，接待人次为260人。", "reception_persons", 260),
        ("出国（境）经费、车辆购置及运行费、公务接待费（简称“三公”经费）支出合计9.60万元。", "three_public", 96_000),
        ("截至2023年8月31日，固定资产金额560万元。本年度拟购置固定资产35万元。", "fixed_assets", 5_600_000),
        ("全年共接待来访团组86个、来宾734人次。", "reception_batches", 86),
        ("全年共接待来访团组86个、来宾734人次。", "reception_persons", 734),
        ("公务用车购置费及运行维护费支出决算为15.25万元，更新公务用车0辆。", "vehicles_cost", 152_500),
        ("公务用车购置费及运行维护费支出决算为15.25万元，更新公务用车0辆。", "vehicles_bought", 0),
        ("截至2022年末，共有车辆5辆，其中，其他按照规定配备的公务用车2辆。", "vehicles", 5),
        ("截至2022年末，共有车辆5辆，其中，其他按照规定配备的公务用车2辆。", "vehicles_other", 2),
        ("组织对森林防火等8个项目编制了绩效目标，选取5个项目开展绩效监控。", "performance_projects", 8),
        ("组织对8个项目开展绩效自评。", "performance_assessed_projects", 8),
        ("其中：1.因公出国（境）费用。2024年预算数10.00万元，与上年持平。", "overseas_visits", 100_000),
        ("（二）机关运行经费。2024年预算20万元。", "agency_operating", 200_000),
        ("截至2024年末，无形资产净值249.98万元。", "intangible_assets_net", 2_499_800),
        ("截至2023年末，共有房屋建筑物8600平方米，房屋资产原值3200.00万元。", "buildings_area", 8600),
        ("截至2023年末，共有房屋建筑物8600平方米，房屋资产原值3200.00万元。", "buildings_value", 32_000_000),
        ("截至2024年末，房屋构筑物6200平方米，价值820.10万元。", "buildings_value", 8_201_000),
        ("政府采购预算150万元。其中：面向中小企业采购120万元。", "procurement_sme_reserved", 1_200_000),
    ],
)
def test_other_places_word_it_otherwise(text: str, subject: str, value: int) -> None:
    assert _facts(text)[subject].value == value


@pytest.mark.parametrize(
    "text",
    [
        "志愿服务100万元，工程300万元。",  # no procurement
        "项目拟购买车辆2辆用于巡查，计划接待游客580万人次。",
        "公共服务设施运行经费109.03万元，用于设施维护。",
        "一般公共服务支出（类）财政事务（款）行政运行（项）1,560.05万元。",
        "根据第2次会议，2023年5月完成3项工作。",
        "科技条件与服务（款）机构运行（项）147.34万元，主要用于人员经费。",
        "处置房屋建筑物0平方米，账面原值0万元；处置车辆1辆，账面原值18.50万元。",
        "截至2022年末，资产原值合计211万元，其中：（1）土地、房屋及构筑物70万元。",  # land too
    ],
)
def test_what_is_about_something_else_is_no_fact(text: str) -> None:
    assert _facts(text) == {}


def test_the_dataset_keeps_facts_projects_and_indicators(published_dataset: Path) -> None:
    facts = pl.read_parquet(published_dataset / "facts.parquet")
    assert facts.filter(pl.col("subject") == "performance_projects").get_column("value").to_list()
    performance = pl.read_parquet(published_dataset / "performance.parquet")
    projects = pl.read_parquet(published_dataset / "projects.parquet")
    joined = performance.join(projects, on=["document_id", "project"], how="anti")
    assert performance.height == 75 and joined.is_empty()


def _rows(*texts: str, kind: Kind = Kind.BUDGET) -> pl.DataFrame:
    """The facts that texts state, as the dataset keeps them."""
    lines = [TextLine(text, Place(line=number)) for number, text in enumerate(texts, 1)]
    cover = Cover("某单位", Level.UNIT, 2024, kind)
    document = replace(NOTHING_READ, facts=read_stated_facts([lines], cover))
    return to_frame(list(fact_rows(document, "d", "d.pdf")), "facts")


@pytest.mark.parametrize(
    ("texts", "rule", "expected"),
    [
        (("政府采购预算83.00万元，其中：货物1.00万元、工程55.00万元、服务37.00万元。",), "fact_parts", None),
        (("截至2023年12月31日，共有车辆7辆，其中：执法执勤用车4辆、其他用车2辆。",), "fact_parts", None),
        (("截至2023年12月31日，共有车辆7辆，其中：执法执勤用车9辆。",), "fact_parts", None),
        (("政府采购预算356.96万元，其中：货物57.58万元、工程36.08万元、服务245.30万元。",), "fact_part", "75.58万元"),
        (("国内公务接待38批次，312人次，公务接待费支出2.71万元，人均68.86元。",), "fact_quotient", "86.86元"),
        (("公务用车运行维护费36.12万元，公务用车保有量19辆，年平均运行费2.90万元。",), "fact_quotient", "1.90万元"),
        (("政府采购预算30.00万元。", "面向中小企业预留政府采购项目预算金额32.00万元。"), "fact_at_most", None),
        (("2024年度编报绩效目标的项目共4个。", "2024年度编报绩效目标的项目共5个。"), "fact_twice", None),
    ],
)  # fmt: skip
def test_what_the_notes_contradict_is_found_once(texts: tuple[str, ...], rule: str, expected: str | None) -> None:
    (finding,) = fact_findings(_rows(*texts))
    assert (finding.rule, finding.expected) == (rule, expected)


@pytest.mark.parametrize(
    "texts",
    [
        # each figure is rounded by itself
        ("政府采购金额为251.25万元，其中：货物采购金额4.79万元、工程采购金额0万元、服务采购金额246.47万元。",),
        # not all kinds are listed
        ("截至2023年12月31日，共有车辆7辆，其中：执法执勤用车4辆。",),
        # what was planned and what was done are two things
        ("“三公”经费财政拨款支出年初预算为0.95万元，支出决算为0.00万元。",),
        ("截至2023年12月31日，共有车辆7辆。", "2024年部门预算安排购置车辆1辆。"),
    ],
)
def test_what_fits_together_is_not_told(texts: tuple[str, ...]) -> None:
    assert list(fact_findings(_rows(*texts))) == []


def test_forms_whose_sources_do_not_make_the_whole_are_told(documents: dict[str, ReadDocument]) -> None:
    found = {}
    for name, document in documents.items():
        rows = fact_rows, project_rows, indicator_rows
        tables = ("facts", "projects", "performance")
        frames = [to_frame(list(make(document, name, name)), table) for make, table in zip(rows, tables, strict=True)]
        facts, projects, performance = frames
        found |= {name: [*fact_findings(facts), *project_findings(projects, performance, facts)]}
    told = {
        name: [(one.rule, one.place.page, one.printed, one.expected) for one in ones]
        for name, ones in found.items()
        if ones
    }
    assert told == {
        "putuo-wanli-2023-dept.pdf": [
            ("project_sum", 35, "10,903,043.00", "11,419,043.00"),
            ("project_note", 29, "3328.13万元", "3351.33万元"),
        ]
    }
