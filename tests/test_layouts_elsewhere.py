"""Layouts of places that nobody here has files of: what they say is read, or kept apart with a true reason."""

from pathlib import Path

import pytest
from make.web_tables import Reader, apart, meanings, reader

ITEMS = ["因公出国（境）费|||", "公务接待费|5|6|", "公务用车购置及运行维护费|7|8|", "合计|12|14|"]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return reader(tmp_path)


def test_the_first_item_of_a_list_may_be_blank(read: Reader) -> None:
    document = read("一般公共预算“三公”经费支出表", "单位：万元", ["项目|2023年预算数|2024年预算数|增减（%）", *ITEMS])
    assert {printed: measure for printed, (_, measure) in meanings(document).items()} == {
        **dict.fromkeys("56", "receptions"),
        **dict.fromkeys("78", "vehicles"),
        **dict.fromkeys(("12", "14"), "total"),
    }
    assert not apart(document)


def test_the_second_line_of_a_head_may_name_the_labels_alone(read: Reader) -> None:
    head = ["科目编码|科目名称|合计|基本支出|项目支出", "编码|名称|||", "205|教育支出|30|20|10"]
    document = read("部门支出总表", "单位：万元", head)
    assert {measure for _, measure in meanings(document).values()} == {"total", "basic", "project"}
