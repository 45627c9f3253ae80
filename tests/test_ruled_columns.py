"""Tables of which only the columns are ruled, or only the frame: cut into rows, or refused."""

from collections.abc import Sequence

from analysis.extraction.layout.blocks import Grid
from analysis.extraction.layout.grid import place_blocks
from analysis.terms.page import Char, Page

EM = 9.0
EDGES = (40.0, 110.0, 230.0, 330.0, 430.0)
Lines = Sequence[tuple[float, Sequence[str]]]


def page(lines: Lines, edges: Sequence[float] = EDGES, *, head: float | None = 70.0) -> Page:
    """Words at the left of their columns, in a frame from 50 to 200 that has rulings between columns alone."""
    chars = []
    for middle, words in lines:
        for left, text in zip(EDGES, words, strict=False):
            x = left + 4
            for char in text:
                step = EM if ord(char) > 255 else EM / 2
                chars.append(Char(char, x, middle - 0.52 * EM, x + step, middle + 0.52 * EM))
                x += step
    heights = [50.0, *([head] if head else []), 200.0]
    horizontals = tuple((y, EDGES[0], EDGES[-1]) for y in heights)
    return Page(1, 600, 800, 0, tuple(chars), horizontals, tuple((x, 50.0, 200.0) for x in edges))


def rows_of(of: Page) -> list[list[str]]:
    (grid,) = (placed.block for placed in place_blocks(of).blocks if isinstance(placed.block, Grid))
    return [["" if cell is None else cell.text for cell in row] for row in grid.matrix()]


HEAD = (60.0, ["科目编码", "科目名称", "合计", "基本支出"])
ROWS: Lines = [(90.0, ["205", "教育支出", "1,350.00"]), (110.0, ["20502", "普通教育", "1,350.00", "50.00"])]
TOTAL = (170.0, ["", "合计", "1,350.00", "50.00"])


def test_rows_are_cut_where_only_columns_are_ruled() -> None:
    assert rows_of(page([HEAD, (80.0, ["栏次", "", "1", "2"]), *ROWS, TOTAL])) == [
        ["科目编码", "科目名称", "合计", "基本支出"],
        ["栏次", "", "1", "2"],
        ["205", "教育支出", "1,350.00", ""],
        ["20502", "普通教育", "1,350.00", "50.00"],
        ["", "合计", "1,350.00", "50.00"],
    ]


def test_a_name_over_two_lines_stays_with_its_row() -> None:
    lines: Lines = [HEAD, *ROWS, (135.0, ["", "机关事业单位"]), (140.0, ["2050202", "", "7.00"]), (145.0, ["", "养老"])]
    assert rows_of(page([*lines, TOTAL]))[3] == ["2050202", "机关事业单位\n养老", "7.00", ""]


def test_a_line_between_two_rows_leaves_no_answer() -> None:
    found = place_blocks(page([HEAD, *ROWS, (118.0, ["", "其中"]), (126.0, ["2050202", "", "7.00"]), TOTAL]))
    assert found.open == 1
    assert not any(isinstance(placed.block, Grid) for placed in found.blocks)


def test_a_frame_around_columns_is_no_cell() -> None:
    found = place_blocks(page([HEAD, *ROWS, TOTAL], edges=(EDGES[0], EDGES[-1])))
    assert found.open == 1
    assert not any(isinstance(placed.block, Grid) for placed in found.blocks)


def test_a_cell_of_several_lines_of_words_is_one_cell() -> None:
    lines: Lines = [HEAD, (90.0, ["205", "教育", "1,350.00"]), (101.0, ["", "支出"])]
    assert rows_of(page(lines))[1] == ["205", "教育\n支出", "1,350.00", ""]


def test_the_numbers_of_the_columns_stand_apart_from_a_row_without_figures() -> None:
    rows = rows_of(page([HEAD, (90.0, ["栏次", "", "1", "2"]), (110.0, ["", "合计"])]))
    assert rows[1:] == [["栏次", "", "1", "2"], ["", "合计", "", ""]]


def test_a_head_without_a_ruling_below_is_parted_from_its_row() -> None:
    lines: Lines = [HEAD, (80.0, ["205", "教育支出", "1,350.00", "50.00"])]
    assert rows_of(page(lines, head=None)) == [HEAD[1], ["205", "教育支出", "1,350.00", "50.00"]]
