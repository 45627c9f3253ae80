"""Covers as they are published: who, when and what is known from the words, and nothing is made up."""

import pytest
from make.books import FAMILIES

from analysis.extraction.layout.blocks import Blocks, TextLine
from analysis.reading.forms.cover import read_cover
from analysis.reading.forms.locate import locate
from analysis.reading.forms.recognise import recognise
from analysis.terms.document import Cover
from analysis.terms.line_item import Kind, Level, Place


def cover_of(text: str, site: str | None = None) -> Cover:
    blocks = Blocks(tuple(TextLine(line, Place(page=1)) for line in text.split("|")), 1)
    recognition = recognise(blocks, FAMILIES.by_id.values())
    return read_cover(locate(blocks, recognition), recognition, site)


BUDGET, FINAL, EXECUTION = Kind.BUDGET, Kind.FINAL, Kind.EXECUTION
COVERS = [
    # over lines, in other digits, in another order
    ("平潭县|水利工程建设领导小组办公室|2024年度部门决算", "平潭县水利工程建设领导小组办公室", 2024, FINAL),
    ("某县人民法院|二〇二四年度|部门决算", "某县人民法院", 2024, FINAL),
    ("某县人民法院二○二三年部门预算公开", "某县人民法院", 2023, BUDGET),
    ("２０２４年度某县北山镇人民政府部门决算公开", "某县北山镇人民政府", 2024, FINAL),
    ("某某镇人民政府|2024 年 度 部 门 决 算", "某某镇人民政府", 2024, FINAL),
    ("某市教育局|部门预算|2024年", "某市教育局", 2024, BUDGET),
    ("某市教育局|部门预算|（2024年度）", "某市教育局", 2024, BUDGET),
    ("2024年|部门预算|某市教育局", "某市教育局", 2024, BUDGET),
    ("2024年度|某市教育局|部门决算", "某市教育局", 2024, FINAL),
    ("某县2024年县级部门预算|某县教育局", "某县教育局", 2024, BUDGET),
    ("附件1|某市教育局2024年部门预算", "某市教育局", 2024, BUDGET),
    # bodies of every kind
    ("某县人民医院|2024年度单位决算公开", "某县人民医院", 2024, FINAL),
    ("某县第一中学2024年度单位预算", "某县第一中学", 2024, BUDGET),
    ("2024年度部门决算公开|单位名称：某市残疾人康复中心", "某市残疾人康复中心", 2024, FINAL),
    ("2024年度部门决算公开|公开单位：某区街道办事处（盖章）", "某区街道办事处", 2024, FINAL),
    ("中共某县委组织部（本级）2024年单位预算", "中共某县委组织部", 2024, BUDGET),
    ("某市文化和旅游局（某市文物局）2024年部门预算", "某市文化和旅游局(某市文物局)", 2024, BUDGET),
    ("2024年预算公开|某大学", "某大学", 2024, BUDGET),
    # wordings
    ("某市教育局关于2024年度部门决算公开的说明", "某市教育局", 2024, FINAL),
    ("某市教育局2024年部门预算及“三公”经费预算信息公开", "某市教育局", 2024, BUDGET),
    ("关于公开某市教育局2024年部门预算的公告", "某市教育局", 2024, BUDGET),
    ("某某区审计局2018年预算“三公”经费情况说明", "某某区审计局", 2018, BUDGET),
    ("某县人民检察院2015年部门预算批复明细表", "某县人民检察院", 2015, BUDGET),
    ("2016年某某乡公共财政预算支出计划", "某某乡", 2016, BUDGET),
    ("某某乡人民政府2014年收支决算总表", "某某乡人民政府", 2014, FINAL),
    ("2014年“三公”经费公共财政拨款支出决算批复表", None, 2014, FINAL),
    ("某县北山镇人民政府|2024年决算报告|一、预算收支决算情况", "某县北山镇人民政府", 2024, FINAL),
    ("某县北山镇人民政府|2024年度“三公”经费决算汇总情况|按照有关要求", "某县北山镇人民政府", 2024, FINAL),
    ("某市商务局2024年“三公经费”预算对比增减说明", "某市商务局", 2024, BUDGET),
    ("关于湖北省财政厅财政拨款“三公”经费2024年预算情况的说明", "湖北省财政厅", 2024, BUDGET),
    ("关于邵阳市2024年市级决算草案和2025年上半年预算执行情况的报告", "邵阳市", 2024, FINAL),
    ("云南省人民政府|关于2024年决算（草案）的报告|——2025年7月20日", "云南省", 2024, FINAL),
    ("汕尾市2024年市级部门预算|中共汕尾市委办公室", "中共汕尾市委办公室", 2024, BUDGET),
    ("汕尾市2024年市级决算草案的报告", "汕尾市", 2024, FINAL),
    ("重庆市市级2024年“三公”经费预算汇总情况", "重庆市", 2024, BUDGET),
    ("某县人民法院预决算公开", "某县人民法院", None, None),
    ("某某管理局2015年度预决算", "某某管理局", 2015, None),
    # notices speak of the body that they are sent to
    ("某市财政局关于批复某办2024年部门预算的通知|某财〔2024〕3号|某市建设办公室：", "某市建设办公室", 2024, BUDGET),
    ("某市财政局关于批复2024年部门预算的通知|各预算单位：", None, 2024, BUDGET),
    # reports and what was executed while the year ran
    ("某某乡人民政府 2017年财政预算执行情况和2018年|财政收支预算（草案）的报告", "某某乡人民政府", 2018, BUDGET),
    ("关于某某市2023年预算执行情况和2024年预算草案的报告", "某某市", 2024, BUDGET),
    ("2018年某某乡1月份“三公”经费支出公开表", "某某乡", 2018, EXECUTION),
    ("2018年某某镇2月份三公经费支出情况", "某某镇", 2018, EXECUTION),
    ("某市教育局2024年第三季度“三公”经费支出情况表", "某市教育局", 2024, EXECUTION),
    ("平潭县2024年1-6月预算执行情况分析", "平潭县", 2024, EXECUTION),
    ("平潭县2024年上半年预算执行情况的报告", "平潭县", 2024, EXECUTION),
    # a page says its title in short and then in full; a heading of the text says less than the title
    ("某某乡2015年财政收支决算|2015年度某某区某某乡人民政府决算说明", "某某区某某乡人民政府", 2015, FINAL),
    # what stands above is the menu of the page, or the place
    ("政务公开|定西市残疾人联合会2024年部门预算公开", "定西市残疾人联合会", 2024, BUDGET),
    ("通知公告|某县水务局2024年部门预算", "某县水务局", 2024, BUDGET),
    ("定西市|安定区残疾人联合会2024年部门预算公开", "定西市安定区残疾人联合会", 2024, BUDGET),
    # a part of the document is of a part of the body
    ("某市水利局2024年部门预算|第二部分 某市水利局本级2024年单位预算表", "某市水利局", 2024, BUDGET),
    ("某市水利局2024年部门预算|某市水利局本级2024年部门预算", "某市水利局", 2024, BUDGET),
    ("某某中心2019年预算说明|经人大审议通过，说明如下：|一、2019年部门收支预算", "某某中心", 2019, BUDGET),
]  # fmt: skip


@pytest.mark.parametrize(("text", "organisation", "year", "kind"), COVERS)
def test_covers(text: str, organisation: str | None, year: int | None, kind: Kind | None) -> None:
    cover = cover_of(text)
    assert (cover.organisation, cover.year, cover.kind) == (organisation, year, kind)


def test_the_site_tells_whose_the_accounts_of_a_government_are_where_the_page_does_not() -> None:
    cover = cover_of("2023年12月预算执行情况分析|今年以来，财政收支平稳。", "平潭综合实验区党工委管委会")
    assert (cover.organisation, cover.level, cover.year) == ("平潭综合实验区", Level.GOVERNMENT, 2023)


def test_the_site_tells_no_body_of_a_department() -> None:
    cover = cover_of("2023年部门预算公开|今年以来，收支平稳。", "平潭综合实验区党工委管委会")
    assert cover.organisation is None


@pytest.mark.parametrize(
    ("publisher", "organisation"), [("某县教育局", "某县教育局"), ("中国某县", None), ("某某日报", None)]
)
def test_a_page_that_names_nobody_is_of_the_body_that_published_it(publisher: str, organisation: str | None) -> None:
    assert cover_of(f"2023年部门预算公开|今年以来，收支平稳。|来源：{publisher}").organisation == organisation
