"""What stands at the edge of page after page is no text of the document; what only looks so is."""

from collections.abc import Sequence

import pytest
from make.pages import frame, page, words

from analysis.extraction.layout.blocks import Grid, TextLine
from analysis.extraction.layout.furniture import without_furniture
from analysis.extraction.layout.grid import place_blocks
from analysis.terms.page import Char

HORIZONTALS, VERTICALS = frame((100, 150, 200), (100, 120, 140))
CELLS = [*words("甲", 110, 105), *words("1", 160, 105), *words("乙", 110, 125), *words("2", 160, 125)]


def pages_of(edges: Sequence[list[Char]], cells: list[Char] = CELLS) -> list[str]:
    """The lines of a document of one table a page with these words at its edge."""
    placed = [place_blocks(page([*cells, *edge], HORIZONTALS, VERTICALS, n)) for n, edge in enumerate(edges)]
    blocks = without_furniture(placed)
    assert sum(isinstance(block, Grid) for block in blocks) == len(edges)
    return [block.text for block in blocks if isinstance(block, TextLine)]


@pytest.mark.parametrize(
    "text", ["样例局2026年度部门预算公开", "第{n}页，共21页 打印日期：2026-01-2{n}", "http://a.gov.cn/{n}.html"]
)
@pytest.mark.parametrize("top", [30, 770])
def test_running_headers_and_footers_are_dropped(text: str, top: float) -> None:
    assert pages_of([[], *(words(text.format(n=n), 50, top) for n in range(4))]) == []


def test_the_first_one_stays_where_it_parts_no_table() -> None:
    header = words("样例局2026年度部门预算公开", 50, 30)
    placed = [place_blocks(page([*header, *words("文", 50, 300)], number=n)) for n in range(4)]
    lines = [block.text for block in without_furniture(placed) if isinstance(block, TextLine)]
    assert lines == ["样例局2026年度部门预算公开", "文", "文", "文", "文"]
    assert pages_of([header] * 4) == ["样例局2026年度部门预算公开"]


@pytest.mark.parametrize(
    "text", ["收入预算总表", "编制单位：样例局", "金额单位：万元", "注：本表无数据", "1,234.50 2,000"]
)
def test_titles_captions_notes_and_amounts_stay(text: str) -> None:
    assert len(pages_of([words(text, 50, 30)] * 4)) == 4


def test_what_is_repeated_too_seldom_or_elsewhere_stays() -> None:
    header = words("样例局预算公开", 50, 30)
    assert len(pages_of([header, [], [], [], [], header, []])) == 2
    assert len(pages_of([words("样例局预算公开", 50, 30 + 9 * n) for n in range(4)])) == 4
    assert len(pages_of([words("样例局预算公开", 50, 300)] * 4)) == 4
