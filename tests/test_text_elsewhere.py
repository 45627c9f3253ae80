"""Texts in the wordings of many places: nothing true is blamed, and what is wrong is found, by each rule."""

from collections.abc import Sequence

import pytest
from make.books import CONTEXT, FAMILIES

from analysis.balancing.text.text_rules_applied import text_findings
from analysis.dataset.document_rows import narrative_rows, passage_rows, statement_rows
from analysis.dataset.store import to_frame
from analysis.extraction.layout.blocks import TextLine
from analysis.extraction.layout.passages import lines_to_passages
from analysis.reading.text.narrative import read_narrative
from analysis.reading.text.read_text import with_statements
from analysis.terms.document import Cover, ReadDocument
from analysis.terms.line_item import Kind, Level, Place


def told(
    text: str, kind: Kind = Kind.FINAL, form: str = "national", body: str = "甲局", titles: Sequence[str] = ()
) -> list[tuple[str, str | None]]:
    """Rule and expected words of every finding about a text without tables, of 2024."""
    family = FAMILIES.by_id[form]
    lines = [TextLine(line.strip(), Place(page=1)) for line in text.strip().splitlines()]
    read = with_statements(
        ReadDocument(
            cover=Cover(body, Level.DEPARTMENT, 2024, kind),
            pages=1,
            tables=(),
            other_tables=0,
            line_items=(),
            open_rows=(),
            narrative=read_narrative(lines, family),
            problems=(),
            passages=lines_to_passages([lines], family.wording.heading),
            form=form,
        ),
        FAMILIES,
    )
    head = {"document_id": "d", "source_file": "d.pdf", "kind": kind, "level": "department", "document_year": 2024}
    head |= {
        "organisation_id": "o",
        "organisation": body,
        "status": "parsed",
        "tables": 9,
        "other_tables": 0,
        "form": form,
    }
    findings = text_findings(
        to_frame([head], "documents"),
        to_frame([], "line_items"),
        to_frame([*narrative_rows(read, "d", "d.pdf")], "narrative"),
        to_frame([*passage_rows(read, "d", "d.pdf")], "passages"),
        to_frame([*statement_rows(read, "d", "d.pdf")], "statements"),
        CONTEXT,
        tables=to_frame(
            [head | {"number": at, "table": "revenue", "title": title} for at, title in enumerate(titles)], "tables"
        ),
    )
    return [(one.rule, one.expected) for one in findings]


# Final accounts and budgets in the wordings of Guangdong, Sichuan, Zhejiang, Hubei, Fujian and Shandong, with figures
# of our own.
GUANGDONG = """
一、收入支出决算总体情况说明
甲局2024年度总收入1,250.50万元，其中：本年收入1,200.00万元，上年结转50.50万元。与上年相比，增加100.00万元，增长8.69%。
1.财政拨款收入1,150.00万元，占本年收入的95.83%，比上年决算数增加90.00万元，增长8.49%。主要变动原因是：人员经费增加20万元。
2.其他收入50.00万元，占本年收入的4.17%，比上年决算数减少10.00万元，下降16.67%。
"""
SICHUAN = """
二、收入决算情况说明
2024年度本年收入合计1,200.00万元，其中：一般公共预算财政拨款收入1,000.00万元，占83.33%；政府性基金预算财政拨款收入200.00万元，占16.67%。
三、支出决算情况说明
2024年度本年支出合计1,180.00万元，其中：基本支出880.00万元，占74.58%；项目支出300.00万元，占25.42%。
五、一般公共预算财政拨款支出决算情况说明
2024年度一般公共预算财政拨款支出980.00万元，占本年支出合计的83.05%。与2023年度相比，一般公共预算财政拨款支出增加80.00万元，增长8.89%。
1.教育支出（类）普通教育（款）小学教育（项）：支出决算为100.00万元，完成预算100%，决算数等于预算数。
2.社会保障和就业（类）行政事业单位养老支出（款）行政单位离退休（项）：2024年决算数为80.00万元，完成预算的97.56%，决算数小于预算数。
"""
ZHEJIANG = """
（二）公务接待费
2024年预算数6.00万元，支出决算3.00万元，完成预算的50.00%，比上年决算减少1.50万元，下降33.33%。
（三）公务用车购置及运行维护费
2024年支出决算为12.00万元，与上年持平。其中：公务用车购置费支出0.00万元；公务用车运行维护费支出12.00万元。
"""
HUBEI = """
2024年度“三公”经费财政拨款支出预算为18.00万元，支出决算为15.00万元，完成预算的83.3%。
其中：因公出国（境）费支出决算为0万元；公务用车购置及运行费支出决算为12.00万元；公务接待费支出决算为3.00万元，与2023年度相比减少1.50万元，下降33.3%。
国内公务接待15批次，120人次。截至2024年12月31日，本部门共有车辆3辆；单价50万元以上通用设备0台（套）。
"""
BUDGET = """
2024年，我局收入预算为1,000.00万元，比上年增加50.00万元，增长5.26%，其中：一般公共预算拨款900.00万元，单位其他收入100.00万元。
相应安排支出预算1,000.00万元，其中：人员支出700.00万元，公用支出100.00万元，项目支出200.00万元。
（一）2010301行政运行（项级科目）700.00万元，较上年预算数减少35.00万元，降低4.8%。主要原因是减少人员经费35万元。
（二）住房公积金（2210201）60万元，与上年预算数一致。
教育支出、科学技术支出、住房保障支出分别为10万元、20万元、70万元，分别占10%、20%和70%。
"""

SHANDONG = """
2024年度收、支总计均为5,000.50万元。与2023年度相比，收、支总计各减少500.00万元，下降9.09%。
“三公”经费财政拨款支出全年预算为45.00万元，支出决算为40.10万元，完成全年预算的89.11%，与2023年度相比，减少0.90万元，下降2.2%。
（四）2024年度开展绩效自评，共涉及项目12个，涉及预算资金1,000.00万元，占项目支出总额的100%。“某项目”自评得分98.5分，全年预算数为100万元，执行数为95万元，完成预算的95%。
"""
UNIT_BUDGET = """
2024年本单位预算总收入826.43万元，比2023年预算数812.20万元增加14.23万元，增幅1.75%。其中财政拨款826.43万元（一般公共预算826.43万元、政府性基金0万元）。
2080505机关事业单位基本养老保险缴费支出2024年预算数为50.21万元，比2023年执行数48.11万元增加2.10万元，增长4.37%。
本单位公务接待费2024年预算安排1.2万元，与2023年预算1.2万元相比无增减。公务用车运行维护费2024年预算安排3万元，2023年预算安排3.5万元，减少0.5万元，减少14.29%。
人员经费、公用经费、项目支出分别为8,000万元、1,300万元、3,000万元，分别占65.04%、10.57%、24.39%。
"""

TOWN = """
二、本年收入1200万元，比2023年的1100万元增加100万元，增幅9.09%。
三、三公经费支出15万元，比上年18万元减少3万元，下降16.67%。其中公务接待费3万元，比上年4.5万元减少1.5万元，下降33.33%；公务用车运行维护费12万元，上年13.5万元，减少1.5万元，下降11.11%。
四、机关运行经费支出900000元，由上年的1000000元减少到900000元，下降10%。
"""


# A change of the whole told behind its parts; the budget of last year beside this year's; guests and their number.
CENTRES = """
另外，甲局下属6个事业单位，运行经费总预算安排90万元，其中：基本支出预算30万元，项目支出预算60万元，同比增加10万元，增长12.5%。
2024年“三公”经费预算数为50万元，比上年预算数减少10万元，下降16.67%。
甲局2023年“三公”经费预算数为60万元，其中因公出国（境）费0万元；公务用车购置及运行费40万元；公务接待费20万元。
"""
EXECUTED = """
2024年“三公”经费支出15.00万元，完成预算75%，比年初预算减少5.00万元，下降25%。
2024年“三公”经费预算20.00万元，其中：公务接待费8.00万元，公务用车购置及运行费12.00万元。
公务接待费支出4.00万元，国内公务接待共12批次（其中外事接待2批次），96人次（其中外事接待9人次）。
公务用车购置及运行费支出11.00万元（其中购置费0万元，运行费11.00万元），购置数和保有量分别为0辆和3辆。
"""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (CENTRES, Kind.BUDGET),
        (EXECUTED, Kind.FINAL),
        (GUANGDONG, Kind.FINAL),
        (SICHUAN, Kind.FINAL),
        (ZHEJIANG, Kind.FINAL),
        (HUBEI, Kind.FINAL),
        (BUDGET, Kind.BUDGET),
        (SHANDONG, Kind.FINAL),
        (UNIT_BUDGET, Kind.BUDGET),
        (TOWN, Kind.FINAL),
    ],
)
def test_nothing_true_is_blamed(text: str, kind: Kind) -> None:
    assert told(text, kind) == []


@pytest.mark.parametrize(
    ("text", "printed", "instead", "rule", "expected"),
    [
        (GUANGDONG, "增长8.69%", "增长8.96%", "text_percent", "8.69%"),
        (GUANGDONG, "占本年收入的4.17%", "占本年收入的4.71%", "text_share", "4.17%"),
        (GUANGDONG, "减少10.00万元，下降16.67%", "减少10.00万元，增长16.67%", "text_direction", "下降"),
        (SICHUAN, "占74.58%", "占75.48%", "text_share", "74.58%"),
        (SICHUAN, "增加80.00万元，增长8.89%", "增加80.00万元，增长8.16%", "text_percent", "8.89%"),
        (ZHEJIANG, "完成预算的50.00%", "完成预算的52.37%", "text_rate", "50.00%"),
        (ZHEJIANG, "支出12.00万元。", "支出12.50万元。", "text_sum", None),
        (ZHEJIANG, "下降33.33%", "下降50.00%", "text_percent", "33.33%"),
        (HUBEI, "公务接待费支出决算为3.00", "公务接待费支出决算为8.00", "text_sum", None),
        (BUDGET, "增长5.26%", "增长5.00%", "text_percent", "5.26%"),
        (BUDGET, "降低4.8%", "降低5.1%", "text_percent", "4.8%"),
        (SHANDONG, "各减少500.00万元，下降9.09%", "各减少500.00万元，下降10.00%", "text_percent", "9.09%"),
        (UNIT_BUDGET, "增幅1.75%", "增幅1.72%", "text_percent", "1.75%"),
        (UNIT_BUDGET, "增长4.37%", "增长4.18%", "text_percent", "4.36%"),
    ],
)
def test_what_is_wrong_is_found(text: str, printed: str, instead: str, rule: str, expected: str | None) -> None:
    assert printed in text
    kind = Kind.BUDGET if text in (BUDGET, UNIT_BUDGET) else Kind.FINAL
    assert (rule, expected) in told(text.replace(printed, instead), kind)


OWN = "2024年度收入10.00万元。\n2024年度基本支出8.00万元。\n2024年度项目支出2.00万元。\n"


@pytest.mark.parametrize(
    ("rule", "wrong", "right"),
    [
        (
            "text_zero_base",
            "公务接待费0.40万元，比2023年度增加0.40万元，增长100%。",
            "公务接待费0.40万元，比2023年度增加0.20万元，增长100%。",
        ),
        (
            "text_same_changed",
            "公务接待费支出决算减少为0.00万元，与2023年持平。",
            "公务接待费支出决算为0.00万元，与2023年持平。",
        ),
        (
            "text_repeated",
            "本年收入2028.61万元，本年支出10万元。\n（一）2024年度本年收入2028.01万元。",
            "本年收入2028.61万元，本年支出10万元。\n其中，公共预算财政拨款本年收入2028.01万元。",
        ),
        (
            "text_changed_twice",
            "收入支出总计10.00万元，比2023年度增加2.00万元。\n收入支出总计10.00万元，比2023年度增加3.00万元。",
            "收入支出总计10.00万元，比2023年度增加2.00万元。\n收入支出总计10.00万元，比2023年度预算数增加3.00万元。",
        ),
        (
            "text_own_year",
            "机关运行经费支出5.00万元，比2024年度减少1.00万元。",
            "公务接待费2024年度决算数5.00万元，比2024年度年初预算数6.00万元减少1.00万元。",
        ),
        (
            "text_change_steps",
            "公务接待费2024年度决算数5.00万元，比2024年度年初预算数6.00万元减少1.50万元。",
            "公务接待费2024年度决算数5.00万元，比2024年度年初预算数6.50万元减少1.50万元。",
        ),
        (
            "text_list_sum",
            "收入合计90.00万元，其中：财政拨款收入60.00万元，占60.00%；其他收入40.00万元，占40.00%。",
            "收入合计100.00万元，包括本年收入100.00万元，上年结转0万元。其中：财政拨款收入60.00万元，占60.00%；其他收入40.00万元，"
            "占40.00%。",
        ),
        ("text_unit", "国内公务接待支出0.40万（含外宾接待）。", "国内公务接待支出0.40万元（含外宾接待）。"),
        (
            "text_rate",
            "1.“教育支出（类）普通教育（款）小学教育（项）”。年初预算为20万元，支出决算为15万元，完成年初预算的80%。",
            "1.“教育支出（类）普通教育（款）小学教育（项）”。年初预算为20万元，支出决算为15万元，完成年初预算的75%。",
        ),
        (
            "text_list_sum",
            "本年支出合计100.00万元，其中：甲类支出60.00万元，占60.00%；乙类支出40.40万元，占40.00%。",
            "本年支出合计100.00万元，其中：甲类支出60.00万元，占60.00%；乙类支出40.00万元，占40.00%。",
        ),
        (
            "text_change_sum",
            "“三公”经费支出9.00万元，比2023年度增加3.00万元；因公出国（境）费0万元，比2023年度持平；公务用车购置及运行费5.00万元，"
            "比2023年度增加1.00万元；公务接待费4.00万元，比2023年度增加1.00万元。",
            "“三公”经费支出9.00万元，比2023年度增加2.00万元；因公出国（境）费0万元，比2023年度持平；公务用车购置及运行费5.00万元，"
            "比2023年度增加1.00万元；公务接待费4.00万元，比2023年度增加1.00万元。",
        ),
        (
            "text_old_name",
            "一般公共预算财政拨款支出82.51万元，主要用于以下方面：\n1.“文化体育与传媒支出”82.51万元，占100%；",
            "一般公共预算财政拨款支出82.51万元，主要用于以下方面：\n1.“文化旅游体育与传媒支出”82.51万元，占100%；",
        ),
        ("text_year", "第三部分甲局202年度部门决算情况说明", "第三部分甲局2024年度部门决算情况说明"),
        ("text_year", "第三部分甲局2023年度部门决算情况说明", "与《2023年度部门决算》相比，口径相同"),
        ("text_year", "第二部分2023年度部门决算表", "一、2023年部门预算执行情况"),
        ("text_year", "截至2023年12月31日，共有车辆3辆。", "截至2024年12月31日，共有车辆3辆。"),
        (
            "text_year",
            f"{OWN}（一）2023年度机关运行经费支出5.00万元，比上年增加1.00万元。",
            f"{OWN}（一）2023年度机关运行经费支出5.00万元，2024年度机关运行经费支出6.00万元。",
        ),
        (
            "text_year",
            f"{OWN}2、公务接待费。2025年度决算数5.00万元，比2024年度年初预算数6.00万元减少1.00万元。",
            f"{OWN}2、公务接待费。2023年度决算数5.00万元，2024年度决算数6.00万元。",
        ),
        (
            "text_year",
            f"{OWN}本部门2025年度机关运行经费支出5.00万元。",
            f"{OWN}2023年度结转的机关运行经费支出5.00万元。",
        ),
        (
            "text_year",
            f"{OWN}甲局2021年度财政拨款收、支总计100.00万元。",
            f"{OWN}甲局2024年度财政拨款收、支总计100.00万元。甲局2021年度财政拨款收、支总计90.00万元。",
        ),
        (
            "text_direction",
            "公务接待费支出决算为1.93万元，完成预算的66.67%，主要原因是严控支出，与上年相比增加0.47万元，下降19.58%。",
            "公务接待费支出决算为1.93万元，完成预算的66.67%，主要原因是严控支出，与上年相比减少0.47万元，下降19.58%。",
        ),
        (
            "text_budget_word",
            "1.教育支出（类）普通教育（款）小学教育（项）：支出决算为100.00万元，完成预算119%，决算数小于预算数。",
            "1.教育支出（类）普通教育（款）小学教育（项）：支出决算为100.00万元，完成预算100%，决算数小于预算数。",
        ),
        (
            "text_zero_base",
            "公务接待费0.40万元，比2023年度增加0.40万元，增长0%。",
            "公务接待费0.40万元，比2023年度增加0.40万元。",
        ),
        (
            "text_placeholder",
            "（一）机关运行经费支出（如本单位无机关运行经费，请写明“本单位无机关运行经费”）情况，如下。",
            "（一）机关运行经费支出（如办公费、水费、电费）情况，如下。",
        ),
        ("text_placeholder", "十三、XX局预算绩效目标设置情况说明", "十三、某局预算绩效目标设置情况说明"),
        (
            "text_placeholder",
            "本单位（包括…具体见附表）资产总额5.00万元。",
            "本单位（包括所属学校3所）资产总额5.00万元。",
        ),
        (
            "text_rounded_twice",
            "本年收入17.55亿元，比2023年增加0.87亿元，增长5.3%。",
            "本年收入17.55亿元，比2023年增加0.87亿元，增长5.4%。",
        ),
        (
            "text_percent",
            "本年收入17.55亿元，比2023年增加0.87亿元，增长5.4%。",
            "本年收入17.55亿元，比2023年增加0.87亿元，增长5.3%。",
        ),
        (
            "text_change_steps",
            "公务接待费3.00万元，比上年4.80万元减少1.50万元。",
            "公务接待费3.00万元，比上年4.51万元减少1.5万元。",
        ),
        (
            "text_change_steps",
            "机关运行经费95.00万元，较上年决算数100.00万元减少10.00万元，下降10.00%。",
            "机关运行经费95.00万元，按可比口径较上年决算数100.00万元减少10.00万元，下降9.52%。",
        ),
        (
            "text_direction",
            "公务接待费3.00万元，比上年4.50万元增加1.50万元。",
            "公务接待费3.00万元，比上年4.50万元减少1.50万元。",
        ),
        (
            "text_fallen_whole",
            "公用经费支出38.52万元，较2023年决算数减少100%。",
            "公用经费支出0万元，较2023年决算数减少100%。",
        ),
        (
            "text_code_name",
            "科目编码2120501-城乡社区规划与管理支出的金额为97.79万元。",
            "科目编码2120201-城乡社区规划与管理支出的金额为97.79万元。",
        ),
        (
            "text_list_sum",
            "财政拨款基本支出1334.15万元，其中：\n（一）人员经费991.45万元。\n（二）公用经费342.30万元。",
            "财政拨款基本支出1334.15万元，其中：\n（一）人员经费991.45万元。\n（二）公用经费300.30万元。",
        ),
        (
            "text_list_sum",
            "公共服务支出5631.85万元，支出项目包括：\n（一）事务5533.89万元。\n（二）改革支出87.97万元。",
            "公共服务支出5631.85万元，其中：\n（一）事务5533.89万元。\n（二）改革支出87.97万元。",
        ),
        (
            "text_sum",
            "公共服务支出50.00万元，按功能科目列支是：\n1、公共安全支出20.00万元（其中会议费1.00万元）。\n2、教育支出23.00万元。",
            "公共服务支出50.00万元，按功能科目列支是：\n1、公共安全支出20.00万元（其中会议费1.00万元）。\n2、教育支出30.00万元。",
        ),
        (
            "text_list_sum",
            "部门总支出50.00万元，具体情况如下：\n1.公共安全支出20.00万元。\n①巡逻20.00万元。\n2.教育支出23.00万元。",
            "部门总支出50.00万元，具体情况如下：\n1.公共安全支出20.00万元。\n2.教育支出23.00万元。\n？其他支出7.00万元。",
        ),
        (
            "text_list_sum",
            "部门总支出50.00万元，具体情况如下：\n1.公共安全支出20.00万元。\n2.教育支出23.00万元。",
            "部门总支出50.00万元，主要情况如下：\n1.公共安全支出20.00万元。\n2.教育支出23.00万元。",
        ),
        (
            "text_parts_exceed",
            "部门总支出50.00万元，其中：\n1.公共安全支出20.00万元。\n2.教育支出33.00万元。",
            "部门总支出50.00万元，其中：\n1.公共安全支出20.00万元。\n3.教育支出33.00万元。",
        ),
        (
            "text_parts_exceed",
            "基本支出252.20万元。其中，人员支出222.20万元，公用支出40.00万元。",
            "基本支出252.20万元。其中，人员支出222.20万元（其中离休费30.00万元），公用支出30.00万元。",
        ),
        (
            "text_parts_exceed",
            "公共服务支出50.00万元，其中：公共安全支出20.00万元，教育支出33.00万元。",
            "公共服务支出50.00万元，其中：公共安全支出20.00万元；政府性基金支出33.00万元。",
        ),
        (
            "text_arithmetic",
            "年初结转和结余12.50万元，本年收入310.00万元，本年支出302.20万元，结余分配0万元，年末结转和结余25.30万元。",
            "年初结转和结余12.50万元，本年收入310.00万元，本年支出302.20万元，结余分配5.00万元，年末结转和结余15.30万元。",
        ),
        (
            "text_balance",
            "本年收入140.00万元，年初结转和结余10.00万元；本年支出142.00万元，年末结转和结余9.00万元。",
            "本年收入140.00万元，年初结转和结余10.00万元；本年支出142.00万元，年末结转和结余8.00万元。",
        ),
        (
            "text_arithmetic",
            "全镇财政总收入1200万元，加上年滚存结余30万元，减全年财政总支出1108万元和上解支出20万元，财政总结余30万元。",
            "全镇财政总收入1200万元，加上年滚存结余30万元，减全年财政总支出1180万元和上解支出20万元，财政总结余30万元。",
        ),
        (
            "text_zero_base",
            "公务接待费支出3.20万元，2023年决算数为0万元，同比增长12.00%。",
            "公务接待费支出3.20万元，2023年决算数为3.20万元，同比增长0%。",
        ),
        (
            "text_share",
            "一般公共预算财政拨款支出130.00万元，其中：基本支出60.00万元，项目支出70.00万元，分别占46.15%、63.85%。",
            "一般公共预算财政拨款支出130.00万元，其中：基本支出60.00万元，项目支出70.00万元，分别占46.15%、53.85%。",
        ),
        (
            "text_unit",
            "本年收入合计88.00万元，其中：财政拨款收入68.00万元，占77.27%；其他收入20.00，占22.73%。",
            "本年收入合计88.00万元，其中：财政拨款收入68.00万元，占77.27%；其他收入20.00万元，占22.73%。",
        ),
        (
            "text_unit",
            "本年收入合计88.00万元，其中：财政拨款收入68.00万元，占77.27；其他收入20.00万元，占22.73%。",
            "本年收入合计88.00万元，其中：财政拨款收入68.00万元，占77.27个百分点；其他收入20.00万元，占22.73%。",
        ),
        (
            "text_parts_exceed",
            "本年支出50.00万元，其中：基本支出30.00万元，占60.00%；项目支出23.00万元，占46.00%。",
            "本年支出50.00万元，包括：基本支出30.00万元，其中人员经费25.00万元，公用经费5.00万元；项目支出20.00万元。",
        ),
        (
            "text_parts_exceed",
            "公共服务支出50.00万元，其中：巡逻支出20.00万元，教学支出33.00万元。",
            "公共服务支出50.00万元，比上年减少5.00万元，其中：新增甲项目20.00万元，减少乙项目45.00万元。",
        ),
        (
            "text_parts_exceed",
            "公共服务支出50.00万元，其中：巡逻支出20.00万元，教学支出33.00万元。",
            "公共服务支出50.00万元，其中：当年预算40.00万元，上年结转10.00万元；基本支出30.00万元，项目支出20.00万元。",
        ),
        (
            "text_percent",
            "会议费支出3.00万元，比2023年会议费2.00万元增加1.00万元，增长100.00%。",
            "会议费支出3.00万元，比2023年会议费2.00万元增加1.00万元，增长50.00%。",
        ),
        (
            "text_parts_exceed",
            "公共服务支出50.00万元，比上年增加2.00万元，增长4.17%。其中：巡逻支出20.00万元，教学支出33.00万元。",
            "收入预算100.00万元，包括：一般公共预算90.00万元，上年结转10.00万元；支出预算100.00万元，包括：基本支出60.00万元，项目支出40.00万元。",
        ),
        (
            "text_parts_exceed",
            "财政拨款支出100.00万元，其中甲类支出75.00万元，乙类支出35.00万元。",
            "财政拨款支出100.00万元，由基本支出60.00万元和项目支出40.00万元组成，其中甲类支出35.00万元，乙类支出25.00万元。",
        ),
        (
            "text_share_sum",
            "支出中，公务用车运行费12.00万元，占“某项”经费的75.00%；接待费3.00万元，占“某项”经费的18.75%；会议费1.00万元，占“某项”经费的16.25%。",
            "支出中，公务用车运行费12.00万元，占“某项”经费的75.00%；接待费3.00万元，占“某项”经费的18.75%；会议费1.00万元，占“某项”经费的6.25%。",
        ),
        (
            "text_year",
            "2024年收入90.00万元。2024年支出80.00万元。\n2024年三公经费决算数为24.00万元。\n2023年会议费支出预算数为2.00万元，与上年持平。",
            "2024年收入90.00万元。2024年支出80.00万元。\n2024年“三公”经费决算数为24.00万元，其中：接待费4.00万元。2023年决算数为25.00万元。",
        ),
        (
            "text_share_sum",
            "支出的构成为：甲类支出60.00万元，占60.00%；乙类支出30.00万元，占30.00%；丙类支出10.00万元，占11.00%。",
            "支出的构成为：甲类支出60.00万元，占60.00%；乙类支出30.00万元，占30.00%；丙类支出10.00万元，占10.00%。",
        ),
        (
            "text_direction",
            "一般公共预算财政拨款支出67.00万元，比2023年减少3.00万元，增长4.29%。",
            "一般公共预算财政拨款支出67.00万元，比2023年减少3.00万元，增长-4.29%。",
        ),
        (
            "text_percent",
            "公务接待费77.07万元，与上年相比减少24.09，下降31.25%。",
            "公务接待费77.07万元，与上年相比减少24.09，下降23.81%。",
        ),
        (
            "text_percent",
            "本年支出1686.22万元，比2023年增加402.15万元，增长32.31%。",
            "本年支出1686.22万元，比2023年增加402.15万元，同口径增长32.31%。",
        ),
        (
            "text_percent",
            "本年支出1686.22万元。\n本年支出1682.22万元，比2023年增加402.15万元，增长32.31%。",
            "本年支出1686.22万元。\n本年支出1682.22万元，比2023年增加402.15万元，增长31.32%。",
        ),
        (
            "text_budget_word",
            "1.“教育支出（类）普通教育（款）小学教育（项）”。年初预算为20万元，支出决算为15万元，决算数大于预算数。",
            "1.“教育支出（类）普通教育（款）小学教育（项）”。年初预算为20万元，支出决算为15万元，决算数小于预算数。",
        ),
        ("text_placeholder", "决算数大（小）于预算数的主要原因：节约。", "决算数大于预算数的主要原因：追加。"),
        ("text_placeholder", "比2023年度减/增加21.90万元。", "比2023年度增减相抵，净增加21.90万元。"),
        ("text_placeholder", "XX局2024年度收支总计不变。", "XX局域网运行正常。".replace("XX", "某")),
        (
            "text_placeholder",
            "二、部门构成（仅有一个单位的部门，本部分内容为“机构设置”）",
            "二、部门构成（仅一个单位）",
        ),
    ],
)
def test_each_rule_with_a_text_that_breaks_it_and_one_that_nearly_does(rule: str, wrong: str, right: str) -> None:
    assert rule in [name for name, _ in told(wrong)]
    assert rule not in [name for name, _ in told(right)]


def test_a_budget_does_not_tell_how_things_stand_when_its_year_is_over() -> None:
    told_of = [name for name, _ in told("截止2024年底，共有车辆1辆。", Kind.BUDGET)]
    assert told_of == ["text_year"]
    assert told("截至2024年底，预计共有车辆1辆。", Kind.BUDGET) == []
    assert told("截止2023年底，共有车辆1辆。", Kind.BUDGET) == []


def test_a_report_of_execution_is_judged_by_its_own_figures() -> None:
    text = "全县税收收入完成6.87亿元，增收0.89亿元，增长{}%；非税收入完成5.51亿元，增收1.16亿元，增长26.7%。"
    assert told(text.format("7.7"), Kind.EXECUTION) == [("text_percent", "14.9%")]
    assert told(text.format("14.9"), Kind.EXECUTION) == []


def test_a_total_told_of_another_body_of_the_place_is_told() -> None:
    text = "一、甲县财政局的主要职责。\n甲县教育局2024年收入支出总计100.00万元。"
    assert [name for name, _ in told(text, body="甲县财政局")] == ["text_other_place"]
    assert told(text.replace("教育局2", "财政局2"), body="甲县财政局") == []
    subordinate = text.replace("主要职责。", "主要职责，下设甲县教育局。")
    assert told(subordinate, body="甲县财政局") == []


@pytest.mark.parametrize(
    ("other", "own", "is_told"),
    [
        ("梓潼县财政局", "剑阁县财政局", True),
        ("北京市密云区财政局", "北京市怀柔区财政局", True),
        ("太仓市财政局", "昆山市财政局", True),
        ("苏州市财政局", "江苏省昆山市财政局", True),
        ("绵阳市财政局", "剑阁县财政局", False),  # an office above it
        ("剑阁县财政局", "剑阁县财政局", False),
        ("剑阁县教育局", "剑阁县财政局", False),
    ],
)
def test_the_same_office_of_another_place_is_told_where_a_sentence_tells_of_it(
    other: str, own: str, is_told: bool
) -> None:
    text = f"一、机关运行经费支出5.00万元。\n2024年度，{other}政府采购支出总额9.00万元。"
    assert ("text_other_place" in [name for name, _ in told(text, body=own)]) is is_told
    mentioned = text.replace(f"{other}政府采购", f"按{other}批复，政府采购")
    assert "text_other_place" not in [name for name, _ in told(mentioned, body=own)]


def test_a_table_titled_with_another_year_is_told_where_no_other_is() -> None:
    titles = ["收入支出决算总表", "2023年度收入决算表", "支出决算表"]
    assert told("收入决算如下。", titles=titles) == [("text_year", "2024年度收入决算表")]
    assert told("收入决算如下。", titles=[f"2023年度{title}" for title in titles]) == []
    assert told("收入决算如下。", titles=["2024年度收入决算表", "2023年部门预算执行表"]) == []


def test_a_heading_of_another_year_is_told_where_its_paragraph_is_of_this_year() -> None:
    text = (
        "一、2024年度收入情况说明\n甲局2024年度收入支出总计5.00万元。\n"
        "二、{0}年度支出情况说明\n甲局2024年度支出5.00万元。"
    )
    told_of = [one for one in told(text.format(2021)) if one[0] == "text_year"]
    assert told_of == [("text_year", "二、2024年度支出情况说明")]
    assert told(text.format(2024)) == []
    earlier = (
        "二、2023年度绩效评价情况说明\n甲局2024年度支出5.00万元。"  # what a year's accounts tell of the year before
    )
    assert "text_year" not in [name for name, _ in told(earlier)]
    assert "text_year" not in [name for name, _ in told(text.format(2023).replace("局2024年度支出", "局2023年度支出"))]


def test_shares_made_to_add_up_are_told_as_info_whether_they_name_their_whole_or_not() -> None:
    named = (
        "“三公”经费支出508.22万元。\n“三公”经费支出中，因公出国（境）费40.00万元，占“三公”经费的7.87%；"
        "公务用车购置及运行费411.20万元，占“三公”经费的80.92%；公务接待费57.02万元，占“三公”经费的11.21%。"
    )
    assert [name for name, _ in told(named)] == ["text_truncated"]
    listed = (
        "本年支出合计3000.00万元，其中：甲类支出1000.00万元，占33.34%；乙类支出1000.00万元，占33.33%；"
        "丙类支出1000.00万元，占33.33%。"
    )
    assert [name for name, _ in told(listed)] == ["text_truncated"]
    assert [name for name, _ in told(listed.replace("33.34", "33.44"))] == ["text_share"]


def test_what_is_said_of_another_district_is_told() -> None:
    text = "2024年度上海市静安区财政局收入支出总计100.00万元。"
    assert [name for name, _ in told(text, body="上海市普陀区财政局")] == ["text_other_place"]
    assert told(text.replace("静安", "普陀"), body="上海市普陀区财政局") == []


def test_what_the_forms_of_a_place_have_to_tell_is_missed_in_a_whole_text_alone() -> None:
    whole = HUBEI * 8
    (missing,) = [name for name, _ in told(whole, form="shanghai") if name == "text_disclosure"]
    assert missing == "text_disclosure"
    assert "text_disclosure" not in [name for name, _ in told(whole)]
    assert "text_disclosure" not in [name for name, _ in told(HUBEI, form="shanghai")]


def test_a_percentage_is_put_right_only_where_no_slip_in_an_amount_explains_it() -> None:
    by_amount = "机关运行经费支出264.15万元，比上年减少{}万元，下降17.95%。"
    assert told(by_amount.format("57.80")) == []
    assert told(by_amount.format("27.80")) == [("text_percent", None)]
    assert told("机关运行经费支出264.15万元，比上年减少57.80万元，下降11.74%。") == [("text_percent", "17.95%")]
    rate = "公务接待费支出预算为148.38万元，支出决算为247.78万元，完成预算的99.60%。"
    assert told(rate) == [("text_rate", None)]


def test_an_amount_and_a_percentage_that_fit_the_other_direction_tell_of_the_word() -> None:
    text = "机关运行经费支出82.42万元，比上年减少8.66万元，下降11.74%。"
    assert told(text) == [("text_direction", "增加")]
    assert told(text.replace("11.74", "9.51")) == []


def test_a_percentage_tells_which_of_three_amounts_of_a_change_is_wrong() -> None:
    assert ("text_change_steps", "减少1.50万元") in told("公务接待费3.00万元，比上年4.50万元减少1.80万元，下降33.33%。")
    assert ("text_change_steps", None) in told("公务接待费3.00万元，比上年4.80万元减少1.50万元，下降33.33%。")
    assert ("text_change_steps", None) in told("公务接待费3.00万元，2023年支出4.80万元，减少1.50万元。")
