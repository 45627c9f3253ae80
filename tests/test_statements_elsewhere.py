"""What sentences of other places state: which figure is the budget, the year before, another year, a part, a count."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from make.books import FAMILIES

from analysis.errors import UnreadableFileError
from analysis.extraction.layout.blocks import TextLine
from analysis.extraction.layout.passages import lines_to_passages
from analysis.reading.text.read_text import with_statements
from analysis.steps.read_and_resolve import read_and_resolve
from analysis.terms.document import Cover, ReadDocument
from analysis.terms.line_item import Kind, Level, Phase, Place
from analysis.terms.statement import Statement


def stated(text: str, kind: Kind = Kind.FINAL, year: int | None = 2024) -> tuple[Statement, ...]:
    """The statements of a text without tables."""
    lines = [TextLine(line.strip(), Place(page=1)) for line in text.strip().splitlines()]
    passages = lines_to_passages([lines], FAMILIES.by_id["national"].wording.heading)
    read = ReadDocument(
        Cover("甲局", Level.DEPARTMENT, year, kind), 1, (), 0, (), (), (), (), passages=passages, form="national"
    )
    return with_statements(read, FAMILIES).statements


def _brief(statements: tuple[Statement, ...]) -> Iterator[tuple[str, str | None, str | None]]:
    """Each figure as printed, its role and the words of its subject; no words of direction."""
    for one in statements:
        if one.role != "direction":
            yield one.printed, one.role and one.role.value, one.subject and one.subject.words


@pytest.mark.parametrize(
    "words", ["完成年初预算数500万元的", "占年初预算500万元的", "为预算500万元的", "占任务数500万元的"]
)
def test_a_budget_whose_rate_follows_is_the_budget_of_what_was_named_before(words: str) -> None:
    found = stated(f"1-4月，税收收入累计完成200万元，{words}40%，比上年减收10万元，下降4.8%。", Kind.EXECUTION)
    assert list(_brief(found)) == [
        ("200", "current", "税收收入"),
        ("500", "budget", "税收收入"),
        ("40", "completion_percent", "税收收入"),
        ("10", "change", "税收收入"),
        ("4.8", "change_percent", "税收收入"),
    ]
    assert found[1].phase is Phase.APPROVED


@pytest.mark.parametrize("words", ["占调整预算", "完成年初预算", "为年预算的", "占任务数的", "达到年度预算的"])
def test_a_rate_without_its_budget_is_a_rate_of_completion(words: str) -> None:
    found = stated(f"非税收入完成300万元，{words}75.5%，同比增长3%。", Kind.EXECUTION)
    assert ("75.5", "completion_percent", "非税收入") in list(_brief(found))


def test_a_change_against_the_budget_of_the_year_is_of_the_amount_before_it() -> None:
    found = stated("2024年公务接待费支出6万元，完成年初预算60%，比年初预算减少4万元，比上年减少1万元，下降14.29%。")
    assert [one for one in _brief(found) if one[1] == "change"] == [
        ("4", "change", "公务接待费支出"),
        ("1", "change", "公务接待费支出"),
    ]
    assert [(one.base_year, one.base) for one in found if one.role == "change"] == [(2024, "年初预算"), (None, None)]


def test_a_budget_and_its_parts_in_final_accounts_are_no_outturn() -> None:
    found = stated("2024年“三公”经费预算20万元，其中：公务接待费8万元，公务用车购置及运行费12万元。")
    assert [role for _, role, _ in _brief(found)] == ["budget"] * 3
    found = stated("“三公”经费支出预算20万元，支出决算15万元，其中：公务接待费支出5万元，公务用车运行费支出10万元。")
    assert [role for _, role, _ in _brief(found)] == ["budget", "current", "current", "current"]


def test_what_is_compared_and_has_no_amount_owns_the_change_behind_it() -> None:
    found = stated(
        "“三公”经费支出决算为9万元，比去年增加2万元。其中，公务用车运行费支出决算比预算无增减变化，比去年增加1.2万元。"
    )
    assert list(_brief(found))[-1] == ("1.2", "change", "公务用车运行费支出")


def test_counts_named_together_are_no_shares_of_the_amounts_before_them() -> None:
    found = stated(
        "公务用车购置及运行费96万元（其中购置费30万元，运行费66万元），比上年下降8%，"
        "主要是保留车辆减少，2024年公务用车购置数和保有量分别为2辆和41辆。"
    )
    assert [(one.printed, one.role) for one in found if one.unit == "辆"] == [("2", "current"), ("41", "current")]


def test_a_count_behind_a_bracket_belongs_to_what_stood_before_it() -> None:
    found = stated("国内公务接待12批次（其中外事接待2批次），96人次（其中外事接待9人次）。")
    assert [one.subject and one.subject.words for one in found] == [
        "国内公务接待",
        "外事接待",
        "国内公务接待",
        "外事接待",
    ]


def test_what_is_carried_over_is_no_amount_of_the_year_before() -> None:
    found = stated("本年收入800万元，加上上级补助收入150万元，上年结转收入50万元，收入总计1000万元。")
    assert list(_brief(found))[1:3] == [("150", "current", "上级补助收入"), ("50", "current", "上年结转收入")]


def test_ahead_of_the_calendar_is_no_change() -> None:
    found = stated("全市一般公共预算支出1200亿元，完成年初预算38%，快于序时进度4.7个百分点，增长2%。", Kind.EXECUTION)
    assert list(_brief(found))[-1] == ("2", "change_percent", "一般公共预算支出")
    assert "4.7" not in [one.printed for one in found]


def test_a_verb_of_change_before_a_subject_tells_by_how_much_it_changed() -> None:
    assert list(_brief(stated("2024年公务接待费48万元。压缩公务接待费12万元，主要是厉行节约。"))) == [
        ("48", "current", "公务接待费"),
        ("12", "change", "公务接待费"),
    ]


def test_a_change_of_what_a_policy_touches_is_not_of_the_amount_before() -> None:
    found = stated("2024年一般公共预算收入完成900万元，税收收入受减税政策影响，较年初预算减少60万元，下降11.5%。")
    assert [(one.printed, one.subject) for one in found if one.role == "change"] == [("60", None)]


def test_words_before_a_comparison_end_with_the_amount_before_them() -> None:
    found = stated("公务用车购置费支出56万元比上年增加16万元，增长40%。")
    assert list(_brief(found))[1] == ("16", "change", "公务用车购置费支出")


REPORT = """
一、2024年财政预算执行情况
（一）一般公共预算
税收收入完成300万元，增长5%。
二、2025年财政预算草案
（一）一般公共预算
税收收入安排320万元，增长6.67%。
"""


def test_a_report_tells_of_the_year_that_its_parts_are_headed_with() -> None:
    amounts = [one for one in stated(REPORT, Kind.BUDGET, 2025) if one.role == "current"]
    assert [(one.printed, one.fiscal_year, one.phase) for one in amounts] == [
        ("300", 2024, Phase.EXECUTED),
        ("320", 2025, Phase.APPROVED),
    ]


def test_narrow_commas_between_words_are_commas() -> None:
    text = "2024年公务接待费支出6万元，比上年减少1万元，下降14.29%，购置数、保有量分别为1辆、3辆。"
    assert [*_brief(stated(text.replace("，", ",")))] == [*_brief(stated(text))]


def test_a_transfer_is_called_by_its_whole_name() -> None:
    found = stated("市级支出900亿元，其中：对区转移支付400亿元。", Kind.EXECUTION)
    assert list(_brief(found))[1] == ("400", "current", "对区转移支付")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("甲县2024年“三公”经费决算情况\n甲县2024年“三公”经费支出12.50万元，其中公务接待费3万元。", True),
        ("甲县2024年部门预算公开\n请见附件。", False),
    ],
)
def test_a_title_and_a_paragraph_with_an_amount_are_a_document(text: str, read: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    if read:
        assert [one.printed for one in read_and_resolve(path).statements if one.unit] == ["12.50", "3"]
    else:
        with pytest.raises(UnreadableFileError):
            read_and_resolve(path)
