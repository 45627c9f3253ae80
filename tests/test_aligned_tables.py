"""Tables without rules: what alignment tells is read into its column, what it leaves in doubt is not read at all."""

from collections.abc import Sequence

import pytest

from analysis.extraction.layout.aligned_page import place_aligned
from analysis.extraction.layout.blocks import Grid
from analysis.terms.page import Char, Page

EM = 9.0
Lines = list[tuple[float, Sequence[tuple[float, str]]]]


def width(text: str) -> float:
    return sum(EM if ord(char) > 255 else EM / 2 for char in text)


def at(x: float, text: str) -> tuple[float, str]:
    return x, text


def ends(x: float, text: str) -> tuple[float, str]:
    return x - width(text), text


def amid(x: float, text: str) -> tuple[float, str]:
    return x - width(text) / 2, text


def page(lines: Lines) -> Page:
    chars = []
    for middle, words in [(40.0, [at(200, "2024年部门支出预算总表")]), (60.0, [at(400, "单位：元")]), *lines]:
        for x, text in words:
            for char in text:
                step = width(char)
                chars.append(Char(char, x, middle - 0.52 * EM, x + step, middle + 0.52 * EM))
                x += step
    return Page(1, 600, 800, 0, tuple(chars), (), ())


def rows_of(lines: Lines) -> list[list[str]] | None:
    """The rows of the table, each cell's text by column; None where the page is not read."""
    found = place_aligned(page(lines), ())
    if found is None:
        return None
    (grid,) = (placed.block for placed in found[0].blocks if isinstance(placed.block, Grid))
    return [["" if cell is None else cell.text for cell in row] for row in grid.matrix()]


HEAD = [at(50, "科目编码"), at(120, "科目名称"), at(260, "合计"), at(340, "基本支出"), at(420, "项目支出")]
ONE = [at(50, "20805"), at(120, "养老支出"), ends(330, "1,300.00"), ends(410, "300.00"), ends(490, "1,000.00")]
TWO = [at(50, "2080505"), at(120, "养老保险缴费"), ends(330, "12.50"), ends(490, "12.50")]
ALL = [at(50, "合计"), ends(330, "1,312.50"), ends(410, "300.00"), ends(490, "1,012.50")]
PLAIN: Lines = [(90, HEAD), (110, ONE), (130, TWO), (150, ALL)]


def test_blank_cells_keep_their_column() -> None:
    assert rows_of(PLAIN) == [
        ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
        ["20805", "养老支出", "1,300.00", "300.00", "1,000.00"],
        ["2080505", "养老保险缴费", "12.50", "", "12.50"],
        ["合计", "", "1,312.50", "300.00", "1,012.50"],
    ]


def test_heads_in_the_middle_and_indented_names() -> None:
    head = [
        amid(80, "科目编码"),
        amid(180, "科目名称"),
        amid(295, "合计"),
        amid(375, "基本支出"),
        amid(455, "项目支出"),
    ]
    indented = [at(52, "2080505"), at(131, "养老保险缴费"), ends(330, "12.50"), ends(490, "12.50")]
    found = rows_of([(90, head), (110, ONE), (130, indented), (150, ALL)])
    assert found is not None
    assert found[2] == ["2080505", "养老保险缴费", "12.50", "", "12.50"]


def test_a_name_over_two_lines_is_one_cell() -> None:
    first, second = [at(120, "机关事业单位")], [at(120, "养老缴费")]
    figures = [at(50, "2080505"), ends(330, "12.50"), ends(490, "12.50")]
    found = rows_of([(90, HEAD), (110, ONE), (124, first), (130, figures), (136, second), (150, ALL)])
    assert found is not None
    assert found[2] == ["2080505", "机关事业单位养老缴费", "12.50", "", "12.50"]


@pytest.mark.parametrize("place", [at(340, "一般公共预算"), amid(415, "一般公共预算")], ids=["left", "middle"])
def test_a_head_over_two_columns(place: tuple[float, str]) -> None:
    in_middle = place[0] != 340
    put = (
        (lambda left, right, text: amid((left + right) / 2, text))
        if in_middle
        else (lambda left, _, text: at(left, text))
    )
    top = [put(50, 110, "科目编码"), put(120, 240, "科目名称"), put(260, 330, "合计")]
    low = [put(340, 410, "基本支出"), put(420, 490, "项目支出")]
    found = rows_of([(80, [place]), (90, top), (100, low), (120, ONE), (140, TWO), (160, ALL)])
    assert found is not None
    assert found[0] == ["科目编码", "科目名称", "合计", "一般公共预算", "一般公共预算"]
    assert found[1] == ["科目编码", "科目名称", "合计", "基本支出", "项目支出"]


def test_a_table_goes_on_without_its_head_and_keeps_its_columns() -> None:
    first = place_aligned(page(PLAIN), ())
    assert first is not None
    rest = page([(20, TWO)])
    following = place_aligned(Page(2, 600, 800, 0, tuple(c for c in rest.chars if c.top < 30), (), ()), first[1])
    assert following is not None
    (grid,) = (placed.block for placed in following[0].blocks if isinstance(placed.block, Grid))
    assert [cell.column for cell in grid.cells] == [0, 1, 2, 4]
    (before,) = (placed.block for placed in first[0].blocks if isinstance(placed.block, Grid))
    assert grid.lefts == before.lefts


DOUBTFUL: dict[str, Lines] = {
    "two figures under one head": [(90, HEAD[:3]), (110, ONE), (130, TWO), (150, ALL)],
    "no head at all": [(110, ONE), (130, TWO), (150, ALL)],
    "figures that end at no one place": [
        (90, HEAD), (110, ONE), (130, [*TWO[:2], ends(322, "12.50"), ends(490, "12.50")]), (150, ALL),
    ],
    "a figure that touches a name": [
        (90, HEAD), (110, ONE), (130, [at(50, "208"), at(120, "养老保险12.50")]), (150, ALL),
    ],
    "a line between two rows": [(90, HEAD), (110, ONE), (120, [at(120, "机关事业")]), (130, TWO), (150, ALL)],
    "a word over columns that it does not stand in the middle of": [
        (80, [at(300, "一般公共预算")]), (90, HEAD[:3]), (100, HEAD[3:]), (120, ONE), (140, TWO), (160, ALL),
    ],
}  # fmt: skip


@pytest.mark.parametrize("lines", DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_can_be_read_in_two_ways_is_not_read(lines: Lines) -> None:
    assert rows_of(lines) is None


def test_the_numbers_of_the_columns_are_no_heads() -> None:
    numbers = [at(50, "栏次"), amid(270, "1"), amid(350, "2"), amid(430, "3")]
    lines: Lines = [(90, HEAD), (104, numbers), (124, ONE), (144, TWO), (164, ALL)]
    assert rows_of(lines) == rows_of(PLAIN)


def test_a_head_over_the_labels_alone_leaves_the_figures_in_their_columns() -> None:
    group = [amid(112, "项目")]
    low = [at(50, "科目编码"), at(140, "科目名称"), at(260, "合计"), at(340, "基本支出"), at(420, "项目支出")]
    named = [[word for word in row if word[0] != 120] + [at(95, "养老保险缴费支出")] for row in (ONE, TWO)]
    rows = rows_of([(80, group), (92, low), (112, named[0]), (132, named[1]), (152, ALL)])
    assert rows is not None
    assert [row[-3:] for row in rows[-3:]] == [
        ["1,300.00", "300.00", "1,000.00"],
        ["12.50", "", "12.50"],
        ["1,312.50", "300.00", "1,012.50"],
    ]
    assert ["养老保险缴费支出" in row for row in rows[-3:]] == [True, True, False]


def test_a_table_of_whole_numbers_is_not_passed_over() -> None:
    whole = [[at(120, "教育支出"), ends(330, "1300"), ends(410, "300")] for _ in range(3)]
    assert (
        place_aligned(page([*PLAIN, (170, [at(60, "单位：万元")]), *zip((190, 210, 230), whole, strict=True)]), ())
        is None
    )


EDGES = (30.0, 80.0, 190.0, 260.0, 330.0, 400.0, 470.0, 540.0)
FIGURES = ["1,300.00", "1,300.00", "300.00", "200.00", "100.00"]


def over(first: int, last: int, text: str) -> tuple[float, str]:
    """A head in the middle of the cells of some columns."""
    return amid((EDGES[first] + EDGES[last + 1]) / 2, text)


def two_levels(shift: float = 0) -> Lines:
    """Heads over two levels, one of them over two lines; the figures end `shift` further left in one column."""
    head: Lines = [
        (90, [amid(95, "科"), amid(125, "目"), over(3, 6, "2024年预算数")]),
        (100.5, [over(2, 2, "本年支")]),
        (105, [over(4, 6, "其中：基本支出")]),
        (109.5, [over(2, 2, "出合计")]),
        (112.5, [over(0, 0, "编码"), over(1, 1, "名称"), over(3, 3, "合计")]),
        (120, [over(4, 4, "小计"), over(5, 5, "人员经费"), over(6, 6, "公用经费")]),
    ]
    ends_at = [EDGES[number] - 4 - (shift if number == 5 else 0) for number in range(3, 8)]
    names = [("205", "教育支出"), ("20502", "普通教育"), ("2050202", "小学教育")]
    body: Lines = [
        (150 + 20 * n, [at(34, code), at(84, name), *map(ends, ends_at, FIGURES)])
        for n, (code, name) in enumerate(names)
    ]
    return [*head, *body]


def test_heads_over_several_levels_stand_in_the_middle_of_cells_that_nobody_drew() -> None:
    found = rows_of(two_levels())
    assert found is not None
    assert found[0] == ["科目", "科目", "本年支出合计", *["2024年预算数"] * 4]
    assert found[1][-3:] == ["其中：基本支出"] * 3
    assert found[2] == ["编码", "名称", "本年支出合计", "合计", "小计", "人员经费", "公用经费"]
    assert found[-1] == ["2050202", "小学教育", *FIGURES]


def test_heads_whose_cells_do_not_come_out_are_not_read() -> None:
    assert rows_of(two_levels(shift=8)) is None


def test_two_panels_tell_where_their_cells_end_by_the_words_over_them() -> None:
    def panel(left: float, words: str, figure: str) -> Sequence[tuple[float, str]]:
        return [at(left + 4, words), ends(left + 246, figure)]

    head: Lines = [
        (90, [amid(155, "收入"), amid(405, "支出")]),
        (105, [amid(115, "项目"), amid(240, "预算数"), amid(365, "项目（按功能分类）"), amid(490, "预算数")]),
    ]
    rows = [("一、财政拨款收入", "一、教育支出"), ("二、事业收入", "二、住房保障支出"), ("收入总计", "支出总计")]
    body: Lines = [
        (125 + 20 * n, [*panel(30, ours, f"{n}00.00"), *panel(280, others, f"{n}0.00")])
        for n, (ours, others) in enumerate(rows, start=1)
    ]
    found = rows_of([*head, *body])
    assert found is not None
    assert found[:2] == [["收入", "收入", "支出", "支出"], ["项目", "预算数", "项目（按功能分类）", "预算数"]]
    assert found[-1] == ["收入总计", "300.00", "支出总计", "30.00"]


def test_a_row_without_figures_is_as_far_from_the_others_as_they_are_from_one_another() -> None:
    found = rows_of([(90, HEAD), (110, ONE), (130, [at(120, "上年结转")]), (150, TWO), (170, TWO), (190, ALL)])
    assert found is not None
    assert found[2] == ["", "上年结转", "", "", ""]


def test_where_rows_are_no_further_apart_than_lines_such_a_line_is_in_doubt() -> None:
    assert rows_of([(90, HEAD), (104, ONE), (116, [at(120, "上年结转")]), (128, TWO), (140, TWO), (152, ALL)]) is None


def test_a_balance_without_figures_is_a_row_however_near_the_others_stand() -> None:
    heads = [at(50, "项目"), at(160, "预算数"), at(260, "项目"), at(400, "预算数")]
    lines: Lines = [(90, heads)]
    for number, name in enumerate(("一、拨款", "二、基金", "三、其他")):
        lines.append((104 + 12 * number, [at(50, name), ends(190, "100.00"), at(260, name), ends(430, "10.00")]))
    lines += [
        (140, [at(50, "本年收入合计"), ends(190, "300.00"), at(260, "本年支出合计"), ends(430, "30.00")]),
        (152, [at(50, "上年结转"), at(260, "年终结转结余")]),
        (164, [at(50, "收入总计"), ends(190, "300.00"), at(260, "支出总计"), ends(430, "30.00")]),
    ]
    found = rows_of(lines)
    assert found is not None
    assert found[-2:] == [["上年结转", "", "年终结转结余", ""], ["收入总计", "300.00", "支出总计", "30.00"]]
