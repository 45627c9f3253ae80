"""Rules and characters → grids: what is drawn carelessly is still the table that a reader sees."""

from make.pages import frame, page, texts_of, words

from analysis.extraction.layout.blocks import Grid, TextLine
from analysis.extraction.layout.grid import page_to_blocks

CELLS = [*words("甲", 110, 105), *words("1", 160, 105), *words("乙", 110, 125), *words("2", 160, 125)]
HORIZONTALS, VERTICALS = frame((100, 150, 200), (100, 120, 140))


def test_a_row_without_its_outer_rule_is_a_row() -> None:
    """A page break leaves the first or the last row without one; the rules between the columns still stand there."""
    for horizontals in (HORIZONTALS[1:], HORIZONTALS[:-1]):
        (grid,) = page_to_blocks(page(CELLS, horizontals, VERTICALS))
        assert isinstance(grid, Grid)
        assert texts_of(grid) == [["甲", "1"], ["乙", "2"]]


def test_strokes_that_are_too_long_make_no_row() -> None:
    one_too_long = [(100.0, 60, 140), *VERTICALS[1:]]
    all_a_little = [(x, top - 5, bottom + 5) for x, top, bottom in VERTICALS]
    for verticals in (one_too_long, all_a_little):
        blocks = page_to_blocks(page([*words("题", 110, 80), *CELLS], HORIZONTALS, verticals))
        assert [type(block) for block in blocks] == [TextLine, Grid]
        assert isinstance(blocks[1], Grid)
        assert blocks[1].rows == 2


def test_a_table_in_a_frame_keeps_its_cells() -> None:
    """A frame drawn around a table, or around several, takes what they leave and nothing of theirs."""
    around, sides = frame((80, 220), (60, 160))
    chars = [*words("题", 110, 70), *CELLS]
    frame_grid, inner = page_to_blocks(page(chars, [*around, *HORIZONTALS], [*sides, *VERTICALS]))
    assert isinstance(frame_grid, Grid)
    assert isinstance(inner, Grid)
    assert texts_of(frame_grid) == [["题"]]
    assert texts_of(inner) == [["甲", "1"], ["乙", "2"]]
