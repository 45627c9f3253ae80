"""How places word the notes beside the tables (其他重要事项的情况说明, 其他相关情况说明), as data.

`{subject}` stands for a number with its unit, `{subject/台}` for one with that unit, `{subject@approved}` for one of
that phase, `{~subject}` for how it compares with the year before, `{%a/b}` for the share of one in another.
`{Y}` is the year, `{P}` the one before it, `{N}` the organisation, `{W}` 部门 or 单位.

A paragraph with a `day` states what was there on it: month and day of the year before in a budget, of the year in final
accounts. The turns of phrase are those of the places, the sentences are ours.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A paragraph; `day` is the day for which it states what is owned."""

    text: str
    day: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class NoteStyle:
    """A place's wording: its paragraphs, how it compares (up, down, the same), and the unit of its money."""

    name: str
    kind: str
    lines: tuple[NoteLine, ...]
    more: str = "，比上年增加{c}，增长{p}%"
    less: str = "，比上年减少{c}，下降{p}%"
    same: str = "，与上年持平"
    unit: str = "万元"


YEAR_END, AUGUST, JULY = (12, 31), (8, 31), (7, 31)


def _lines(*texts: str | tuple[str, tuple[int, int]]) -> tuple[NoteLine, ...]:
    return tuple(NoteLine(text) if isinstance(text, str) else NoteLine(*text) for text in texts)


BUDGETS = (
    NoteStyle(
        "上海", "budget",
        _lines(
            "一、{Y}年“三公”经费预算情况说明",
            "{Y}年“三公”经费预算数为{three_public}。其中：",
            "（一）因公出国（境）费{overseas_visits}。",
            "（二）公务用车购置及运行费{vehicles_cost}，其中：公务用车购置费{vehicle_purchase}；公务用车运行费{vehicle_operation}。",
            "（三）公务接待费{receptions}。",
            "二、机关运行经费预算",
            "{Y}年本{W}财政拨款的机关运行经费预算为{agency_operating}。",
            "三、政府采购情况",
            "{Y}年本{W}政府采购预算{procurement}，其中：政府采购货物预算{procurement_goods}、政府采购工程预算"
            "{procurement_works}、政府采购服务预算{procurement_services}。",
            "{Y}年本{W}面向中小企业预留政府采购项目预算金额{procurement_sme_reserved}，其中，预留给小型和微型企业的政府采购项目预算为"
            "{procurement_small_reserved}。",
            "四、绩效目标设置情况",
            "按照本区预算绩效管理工作的总体要求，本{W}开展了{Y}年项目预算绩效目标编报工作，编报绩效目标的项目{performance_projects}，"
            "涉及项目预算资金{performance_amount}。",
            "五、国有资产占有使用情况",
            (
                "截至{P}年8月31日，本{W}共有车辆{vehicles}，其中：一般公务用车{vehicles_general}、执法执勤用车{vehicles_law_enforcement}、"
                "其他用车{vehicles_other}；单价100万元（含）以上设备（不含车辆）{equipment_1m}。",
                AUGUST,
            ),
            "{Y}年部门预算安排购置车辆{vehicles_planned}；安排购置单价100万元（含）以上设备（不含车辆）{equipment_1m_planned}。",
        ),
    ),
    NoteStyle(
        "江西", "budget",
        _lines(
            "（一）机关运行费预算情况说明",
            "{Y}年{W}机关运行费预算{agency_operating}{~agency_operating}。",
            "按照《地方预决算公开操作规程》的口径，机关运行费指各部门的公用经费，包括办公及印刷费、邮电费、差旅费、会议费等。",
            "（二）政府采购情况说明",
            "{Y}年{W}所属各单位政府采购总额{procurement}，其中：政府采购货物预算{procurement_goods}、政府采购工程预算"
            "{procurement_works}、政府采购服务预算{procurement_services}。",
            "（三）国有资产占有使用情况说明",
            (
                "截至{P}年7月31日，{W}共有车辆{vehicles}，其中，一般公务用车实有数{vehicles_general}，执法执勤用车实有数"
                "{vehicles_law_enforcement}，特种专业技术车辆{vehicles_special}。",
                JULY,
            ),
            "{Y}年{W}预算安排购置车辆{vehicles_planned}。",
            "（四）人员情况",
            "编制人数小计为{staff_authorised}，其中：行政编制人数{staff_administrative_posts}，全部补助事业编制人数{staff_institution_posts}；"
            "实有人数{staff_actual}，其中：在职人数小计{staff_in_service}，退休人员小计{staff_pensioners}。",
            "（五）“三公”经费预算情况说明",
            "{Y}年{W}“三公”经费一般公共预算安排{three_public}。其中：",
            "因公出国（境）费{overseas_visits}，公务接待费{receptions}，公务用车运行维护费{vehicle_operation}，公务用车购置费"
            "{vehicle_purchase}。",
            "（六）绩效目标设置情况说明",
            "{Y}年{W}二级项目实行绩效目标管理的有{performance_projects}，涉及资金{performance_amount}。",
        ),
        "，比上年预算增加{c}，上升{p}%", "，比上年预算减少{c}，下降{p}%", "，与上年预算持平",
    ),
    NoteStyle(
        "河南", "budget",
        _lines(
            "（一）机关运行经费支出情况",
            "{N}{Y}年机关运行经费支出预算{agency_operating}，主要保障机构正常运转及正常履职需要{~agency_operating}。",
            "（二）政府采购支出情况",
            "{Y}年政府采购预算安排{procurement}，其中：政府采购货物预算{procurement_goods}、政府采购工程预算{procurement_works}、"
            "政府采购服务预算{procurement_services}。",
            "（三）绩效目标设置情况",
            "{Y}年，我{W}纳入绩效目标管理的项目共{performance_projects}，涉及预算支出资金{performance_amount}。",
            "（四）国有资产占用情况",
            (
                "{P}年期末，我{W}固定资产总额{fixed_assets}，其中，房屋建筑物{buildings_value}，车辆{vehicles_value}。"
                "共有车辆{vehicles}，其中：一般公务用车{vehicles_general}、一般执法执勤用车{vehicles_law_enforcement}、特种专业技术用车"
                "{vehicles_special}、其他用车{vehicles_other}；单价50万元以上通用设备{equipment_general_500k}，单价100万元以上专用设备"
                "{equipment_special_1m}。",
                YEAR_END,
            ),
            "（五）“三公”经费支出预算情况",
            "我{W}{Y}年“三公”经费预算为{three_public}。具体支出情况如下：",
            "1.因公出国（境）费{overseas_visits}，主要用于单位工作人员公务出国（境）的住宿费、差旅费等。",
            "2.公务用车购置及运行费{vehicles_cost}，其中，公务用车购置费{vehicle_purchase}；公务用车运行维护费{vehicle_operation}。",
            "3.公务接待费{receptions}，主要用于按规定开支的各类公务接待支出。",
        ),
        "。预算数比{P}年增加{c}，增长{p}%", "。预算数比{P}年减少{c}，下降{p}%", "。预算数与{P}年持平",
    ),
    NoteStyle(
        "福建", "budget",
        _lines(
            "（一）机关运行经费",
            "{Y}年，{N}一般公共预算拨款安排的机关运行经费支出{agency_operating}{~agency_operating}。",
            "（二）政府采购情况",
            "{Y}年，{N}政府采购预算总额{procurement}，其中：货物类采购预算{procurement_goods}，工程类采购预算{procurement_works}，"
            "服务类采购预算{procurement_services}。",
            "（三）国有资产占用使用情况",
            (
                "截至{P}年底，{N}本级及所属各预算单位共有车辆{vehicles}，其中：省部级领导干部用车{vehicles_ministerial}、一般公务用车"
                "{vehicles_general}、执法执勤用车{vehicles_law_enforcement}、特种专业技术用车{vehicles_special}、其他用车{vehicles_other}。"
                "单位价值50万元以上通用设备{equipment_general_500k}，单位价值100万元以上专用设备{equipment_special_1m}。",
                YEAR_END,
            ),
            "（四）绩效目标设置情况",
            "{Y}年{N}共设置{performance_projects}项目绩效目标，涉及财政拨款资金{performance_amount}。",
            "（五）“三公”经费",
            "因公出国（境）经费{Y}年预算安排{overseas_visits}。公务接待费{Y}年预算安排{receptions}。公务用车购置及运行费"
            "{Y}年预算安排{vehicles_cost}，其中：公务用车运行费{vehicle_operation}，公务用车购置费{vehicle_purchase}。",
        ),
        "，比{P}年增加{c}，增长{p}%", "，比{P}年减少{c}，降低{p}%", "，与{P}年持平",
    ),
    NoteStyle(
        "广东", "budget",
        _lines(
            "一、机关运行经费安排情况说明",
            "{Y}年，本{W}机关运行经费安排{agency_operating}{~agency_operating}，主要原因是工作安排。",
            "二、政府采购情况说明",
            "{Y}年本{W}政府采购安排{procurement}，其中：货物类采购预算{procurement_goods}，工程类采购预算{procurement_works}，"
            "服务类采购预算{procurement_services}。",
            "三、国有资产占有使用情况说明",
            (
                "截至{P}年12月31日，本{W}固定资产金额{fixed_assets}，分布构成情况为：房屋{buildings_area}，车辆{vehicles/台}，"
                "单价在100万元以上的设备{equipment_1m/台}。",
                YEAR_END,
            ),
            "四、预算绩效信息公开情况说明",
            "{Y}年，本{W}实行绩效目标管理的项目{performance_projects}，涉及一般公共预算当年拨款{performance_amount_general}。",
            "五、“三公”经费预算安排情况说明",
            "{Y}年本{W}“三公”经费预算安排{three_public}{~three_public}。其中：因公出国（境）支出{overseas_visits}；"
            "公务用车购置及运行维护支出{vehicles_cost}（公务用车购置支出{vehicle_purchase}，公务用车运行维护费支出{vehicle_operation}）；"
            "公务接待费支出{receptions}。",
        ),
        "，比上年增加{c}，增长{p}%", "，比上年减少{c}，下降{p}%", "，与上年一致",
    ),
    NoteStyle(
        "四川", "budget",
        _lines(
            "（一）机关运行经费",
            "{Y}年，{N}的机关运行经费财政拨款预算为{agency_operating}{~agency_operating}。",
            "（二）政府采购情况",
            "{Y}年，{N}安排政府采购预算{procurement}，主要用于采购办公设备、物业服务等。",
            "（三）国有资产占有使用情况",
            (
                "{P}年底，{N}共有车辆{vehicles}，其中，定向保障用车{vehicles_directed}、执法执勤用车{vehicles_law_enforcement}、"
                "其他用车{vehicles_other}。单位价值200万元以上大型设备{equipment_2m}。",
                YEAR_END,
            ),
            "（四）绩效目标设置情况",
            "绩效目标是预算编制的前提和基础，按照“费随事定”的原则，{Y}年{N}开展绩效目标管理的项目{performance_projects}，"
            "涉及预算{performance_amount}。其中：人员类项目{performance_personnel_projects}，涉及预算{performance_personnel_amount}；"
            "运转类项目{performance_running_projects}，涉及预算{performance_running_amount}；特定目标类项目"
            "{performance_special_projects}，涉及预算{performance_special_amount}。",
            "（五）“三公”经费",
            "{N}{Y}年“三公”经费财政拨款预算数{three_public}，其中：因公出国（境）经费{overseas_visits}，公务接待费{receptions}，"
            "公务用车购置及运行维护费{vehicles_cost}。",
        ),
        "，比{P}年预算增加{c}，增长{p}%", "，比{P}年预算减少{c}，下降{p}%", "，与{P}年预算持平",
    ),
    NoteStyle(
        "中央", "budget",
        _lines(
            "（一）机关运行经费安排情况说明",
            "{Y}年，{N}本级等3家行政单位的机关运行经费财政拨款预算{agency_operating}{~agency_operating}。",
            "（二）政府采购情况说明",
            "{Y}年{N}政府采购预算总额{procurement}，其中：政府采购货物预算{procurement_goods}、政府采购工程预算{procurement_works}、"
            "政府采购服务预算{procurement_services}。",
            "（三）国有资产占有使用情况说明",
            (
                "截至{P}年7月31日，{N}共有车辆{vehicles}，其中，部级领导干部用车{vehicles_ministerial}、机要通信用车"
                "{vehicles_confidential}、应急保障用车{vehicles_emergency}、特种专业技术用车{vehicles_special}、离退休干部用车"
                "{vehicles_retired}、其他用车{vehicles_other}，其他用车主要是业务用车；单位价值100万元以上设备（不含车辆）{equipment_1m}。",
                JULY,
            ),
            "{Y}年部门预算安排购置车辆{vehicles_planned}，其中，机要通信用车{vehicles_confidential_planned}、其他用车"
            "{vehicles_other_planned}；购置单位价值100万元以上设备（不含车辆）{equipment_1m_planned}。",
            "（四）预算绩效情况说明",
            "{Y}年对{N}{performance_projects}项目支出全面实施绩效目标管理，涉及一般公共预算拨款{performance_amount_general}，"
            "政府性基金预算拨款{performance_amount_fund}。",
            "（五）“三公”经费财政拨款预算情况说明",
            "{Y}年“三公”经费财政拨款预算数为{three_public}，其中：因公出国（境）费{overseas_visits}，公务用车购置及运行费{vehicles_cost}"
            "（其中：公务用车购置费{vehicle_purchase}，公务用车运行费{vehicle_operation}），公务接待费{receptions}。",
        ),
        "，比{P}年预算增加{c}，增长{p}%", "，比{P}年预算减少{c}，降低{p}%", "，与{P}年预算持平",
    ),
    NoteStyle(
        "北京", "budget",
        _lines(
            "一、“三公”经费财政拨款预算说明",
            "{Y}年“三公”经费财政拨款预算{three_public}{~three_public}。其中：",
            "1.因公出国（境）费用{overseas_visits}。2.公务接待费{receptions}。3.公务用车购置和运行维护费{vehicles_cost}，其中，"
            "公务用车购置费{vehicle_purchase}，公务用车运行维护费{vehicle_operation}。",
            "二、政府采购预算说明",
            "{Y}年{N}政府采购预算总额{procurement}，其中：政府采购货物预算{procurement_goods}，政府采购工程预算{procurement_works}，"
            "政府采购服务预算{procurement_services}。",
            "三、政府购买服务预算说明",
            "{Y}年{N}政府购买服务预算总额{government_purchased_services}。",
            "四、机关运行经费说明",
            "{Y}年本{W}履行一般行政管理职能、维持机关日常运行而开支的机关运行经费，合计{agency_operating}。",
            "五、项目支出绩效目标情况说明",
            "{Y}年，{N}填报绩效目标的预算项目{performance_projects}，占本部门本年预算项目的100%。填报绩效目标的项目支出预算"
            "{performance_amount}，占本部门项目支出预算的100%。",
            "六、国有资本经营预算财政拨款情况说明",
            "本{W}{Y}年无国有资本经营预算财政拨款安排的预算。",
            "七、国有资产占用情况说明",
            (
                "截至{P}年底，{N}共有车辆{vehicles/台}，共计{vehicles_value}；单位价值50万元以上的通用设备{equipment_general_500k}、"
                "共计{equipment_general_500k_value}，单位价值100万元以上的专用设备{equipment_special_1m}、共计{equipment_special_1m_value}。",
                YEAR_END,
            ),
        ),
        "，比{P}年年初预算增加{c}", "，比{P}年年初预算减少{c}", "，与{P}年年初预算持平",
    ),
    NoteStyle(
        "江苏", "budget",
        _lines(
            "十一、一般公共预算机关运行经费支出预算情况说明",
            "{Y}年本{W}一般公共预算机关运行经费预算支出{agency_operating}{~agency_operating}。主要原因是工作安排。",
            "十二、政府采购支出预算情况说明",
            "{Y}年度政府采购支出预算总额{procurement}，其中：拟采购货物支出{procurement_goods}、拟采购工程支出{procurement_works}、"
            "拟购买服务支出{procurement_services}。",
            "十三、国有资产占用情况说明",
            (
                "截至{P}年12月31日，本{W}共有车辆{vehicles}，其中，副部（省）级及以上领导用车{vehicles_ministerial}、一般公务用车"
                "{vehicles_general}、执法执勤用车{vehicles_law_enforcement}、特种专业技术用车{vehicles_special}、业务用车"
                "{vehicles_business}、其他用车{vehicles_other}。单价50万元（含）以上的通用设备{equipment_general_500k}，单价100万元（含）"
                "以上的专用设备{equipment_special_1m}。",
                YEAR_END,
            ),
            "十四、预算绩效目标设置情况说明",
            "{Y}年度，本{W}整体支出纳入绩效目标管理，涉及四本预算资金{performance_overall_amount}；本{W}共{performance_projects}项目"
            "纳入绩效目标管理，涉及财政性资金合计{performance_amount}，占四本预算资金总额的比例为60%。",
            "十五、“三公”经费支出预算情况说明",
            "因公出国（境）费支出{overseas_visits}；公务用车购置及运行维护费支出{vehicles_cost}，其中：公务用车购置支出"
            "{vehicle_purchase}，公务用车运行维护费支出{vehicle_operation}；公务接待费预算支出{receptions}。",
        ),
        "，与上年相比增加{c}，增长{p}%", "，与上年相比减少{c}，减少{p}%", "，与上年预算相同",
    ),
    NoteStyle(
        "广西", "budget",
        _lines(
            "（一）机关运行经费安排情况说明。",
            "{Y}年机关运行经费预算{agency_operating}{~agency_operating}。主要原因是公用经费变动。",
            "（二）政府采购预算安排情况说明。",
            "{Y}年政府采购预算{procurement}{~procurement}。按政府采购项目类型，分为货物类采购、工程类采购和服务类采购三种类型。"
            "其中：货物类采购{procurement_goods}，工程类采购{procurement_works}，服务类采购{procurement_services}。",
            "（三）国有资产的总体情况说明。",
            (
                "截至{P}年12月31日，共有车辆{vehicles}，其中：一般公务用车{vehicles_general}、一般执法执勤用车{vehicles_law_enforcement}、"
                "特种专业技术用车{vehicles_special}、其他用车{vehicles_other}。",
                YEAR_END,
            ),
            "（四）“三公”经费预算情况说明。",
            "{Y}年“三公”经费预算{three_public}。其中：因公出国（境）费{overseas_visits}；公务接待费{receptions}；公务用车购置费"
            "{vehicle_purchase}；公务用车运行维护费{vehicle_operation}。",
            "（五）预算绩效说明。",
            "{Y}年实行预算绩效目标管理的项目共{performance_projects}，涉及资金{performance_amount}。",
        ),
        "，同比增加{c}，增长{p}%", "，同比减少{c}，下降{p}%", "，同比持平", "元",
    ),
)  # fmt: skip

FINALS = (
    NoteStyle(
        "中央", "final",
        _lines(
            "（一）“三公”经费财政拨款支出决算情况说明",
            "{N}{Y}年度“三公”经费财政拨款支出预算为{three_public@approved}，支出决算为{three_public}。",
            "（二）机关运行经费支出情况",
            "{N}{Y}年度机关运行经费支出{agency_operating}{~agency_operating}。主要原因是压减一般性支出。",
            "（三）政府采购支出情况",
            "{N}{Y}年度政府采购支出总额{procurement}，其中：政府采购货物支出{procurement_goods}、政府采购工程支出{procurement_works}、"
            "政府采购服务支出{procurement_services}。授予中小企业合同金额{procurement_sme_awarded}，占政府采购支出总额的{%procurement_sme_awarded/procurement}，其中：授予小微企业"
            "合同金额{procurement_small_awarded}，占授予中小企业合同金额的"
            "{%procurement_small_awarded/procurement_sme_awarded}。",
            "（四）国有资产占用情况",
            (
                "截至{Y}年12月31日，{N}共有车辆{vehicles}，其中，副部（省）级及以上领导用车{vehicles_ministerial}、主要负责人用车"
                "{vehicles_leaders}、机要通信用车{vehicles_confidential}、应急保障用车{vehicles_emergency}、执法执勤用车"
                "{vehicles_law_enforcement}、特种专业技术用车{vehicles_special}、离退休干部服务用车{vehicles_retired}、其他用车"
                "{vehicles_other}；单价100万元（含）以上设备（不含车辆）{equipment_1m}。",
                YEAR_END,
            ),
            "（五）预算绩效情况说明",
            "根据预算绩效管理要求，{N}组织对{Y}年度一般公共预算项目支出全面开展绩效自评，其中，一级项目"
            "{performance_assessed_primary}，二级项目{performance_assessed_secondary}，共涉及资金{performance_assessed_amount}，"
            "占一般公共预算项目支出总额的100%。",
            "组织对“信息系统运行维护”“专项业务”等{performance_evaluated_projects}项目开展了部门评价，涉及一般公共预算支出"
            "{performance_evaluated_amount}。",
        ),
        "，比{P}年度增加{c}，增长{p}%", "，比{P}年度减少{c}，降低{p}%", "，与{P}年度持平",
    ),
    NoteStyle(
        "上海", "final",
        _lines(
            "一、“三公”经费支出决算情况说明",
            "{Y}年度“三公”经费财政拨款支出年初预算为{three_public@approved}，支出决算为{three_public}。其中：因公出国（境）费支出决算"
            "{overseas_visits}；公务用车购置及运行费支出决算{vehicles_cost}；公务接待费支出决算{receptions}。",
            "二、机关运行经费支出情况说明",
            "{Y}年度本{W}机关运行经费支出{agency_operating}{~agency_operating}。",
            "三、政府采购支出情况说明",
            "{Y}年度政府采购支出总额{procurement}，其中：货物支出{procurement_goods}、工程支出{procurement_works}、服务支出"
            "{procurement_services}。",
            "四、国有资产占用情况说明",
            (
                "截至{Y}年12月31日，本{W}共有车辆{vehicles}，其中：一般公务用车{vehicles_general}、执法执勤用车{vehicles_law_enforcement}、"
                "其他用车{vehicles_other}；单价100万元（含）以上设备（不含车辆）{equipment_1m}。",
                YEAR_END,
            ),
            "五、预算绩效情况说明",
            "{Y}年度，本{W}开展绩效自评的项目共{performance_assessed_projects}，涉及预算资金{performance_assessed_amount@approved}，"
            "平均得分{performance_average_score}。绩效评级为“优”的项目{performance_rated_excellent}；绩效评级为“良”的项目"
            "{performance_rated_good}；绩效评级为“合格”的项目{performance_rated_sufficient}；绩效评级为“不合格”的项目"
            "{performance_rated_insufficient}。自评发现问题{performance_problems}，已完成整改{performance_problems_mended}，"
            "正在整改{performance_problems_open}。",
        ),
        "，比{P}年度增加{c}，增长{p}%", "，比{P}年度减少{c}，下降{p}%", "，与{P}年度持平",
    ),
    NoteStyle(
        "湖南", "final",
        _lines(
            "一、机关运行经费支出情况说明",
            "{Y}年度机关运行经费支出{agency_operating}{~agency_operating}。主要原因是：工作安排。",
            "二、政府采购支出情况说明",
            "{Y}年度政府采购支出总额{procurement}，其中：政府采购货物支出{procurement_goods}、政府采购工程支出{procurement_works}、"
            "政府采购服务支出{procurement_services}。",
            "三、国有资产占用情况说明",
            (
                "截至{Y}年12月31日，本{W}共有房屋{buildings_area}。共有车辆{vehicles/台}，其中，厅级及以上领导用车"
                "{vehicles_bureau_leaders/台}，一般公务用车{vehicles_general/台}，一般执法执勤用车{vehicles_law_enforcement/台}，"
                "特种专业技术用车{vehicles_special/台}，其他用车{vehicles_other/台}；单位价值50万元以上通用设备{equipment_general_500k}，"
                "单位价值100万元以上专用设备{equipment_special_1m}。",
                YEAR_END,
            ),
            "四、重点绩效评价结果等预算绩效情况说明",
            "我{W}对{Y}年度部门预算项目和专项支出开展绩效自评工作，其中，自评项目{performance_assessed_projects}，涉及一般公共预算支出"
            "{performance_assessed_amount}，占部门预算项目总额的100%。绩效自评价平均得分{performance_average_score}。",
            "五、“三公”经费支出决算情况说明",
            "“三公”经费支出年初预算为{three_public@approved}，支出决算为{three_public}，其中，因公出国（境）费支出决算为{overseas_visits}，"
            "公务接待费支出决算为{receptions}，公务用车购置费支出决算为{vehicle_purchase}，公务用车运行维护费支出决算为{vehicle_operation}。",
        ),
        "，比{P}年增加{c}，增长{p}%", "，比{P}年减少{c}，降低{p}%", "，与{P}年持平",
    ),
    NoteStyle(
        "江西", "final",
        _lines(
            "一、机关运行经费支出情况说明",
            "本{W}{Y}年度机关运行经费支出{agency_operating}（与部门决算中行政单位和参照公务员法管理事业单位财政拨款基本支出中公用经费之和保持一致）"
            "{~agency_operating}。",
            "二、政府采购支出情况说明",
            "本{W}{Y}年度政府采购支出总额{procurement}，其中：政府采购货物支出{procurement_goods}、政府采购工程支出{procurement_works}、"
            "政府采购服务支出{procurement_services}。授予中小企业合同金额{procurement_sme_awarded}，占政府采购支出总额的{%procurement_sme_awarded/procurement}，其中：授予小微企业"
            "合同金额{procurement_small_awarded}，占政府采购支出总额的"
            "{%procurement_small_awarded/procurement}。",
            "三、国有资产占用情况说明",
            (
                "截止{Y}年12月31日，本{W}国有资产占用情况为：车辆{vehicles}，其中，机要通信用车{vehicles_confidential}、应急保障用车"
                "{vehicles_emergency}、执法执勤用车{vehicles_law_enforcement}、其他用车{vehicles_other}。单位价值50万元以上通用设备"
                "{equipment_general_500k}，单位价值100万元以上专用设备{equipment_special_1m}。",
                YEAR_END,
            ),
            "四、预算绩效情况说明",
            "根据预算绩效管理要求，本{W}组织对纳入{Y}年度部门预算范围的二级项目{performance_assessed_secondary}全面开展绩效自评，共涉及资金"
            "{performance_assessed_amount}，占一般公共预算项目支出总额的95%。",
            "五、人员情况",
            "本{W}{Y}年年末实有人数{staff_actual}，其中在职人员{staff_in_service}，离退休人员{staff_retired}。",
        ),
        "，较年初预算数增加{c}，增长{p}%", "，较年初预算数减少{c}，降低{p}%", "，与年初预算数持平",
    ),
)  # fmt: skip
