"""What lies over a PDF page, or is not what it seems: read, left out, or said, and never joined to a figure."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from make.pages import frame, page, texts_of, words
from reportlab.pdfgen.canvas import Canvas

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.pdf import read_pdf
from analysis.extraction.layout.blocks import Blocks, Grid, TextLine
from analysis.extraction.layout.grid import page_to_blocks, place_blocks
from analysis.recognising.picture import decline
from analysis.terms.page import Char

Draw = Callable[[Canvas], None]
ROWS = (("a", "1,200"), ("b", "3,400"), ("c", "5,600"))


def drawn(*draws: Draw) -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, (400, 300), invariant=1)
    for draw in draws:
        canvas.saveState()
        draw(canvas)
        canvas.restoreState()
    canvas.save()
    return target.getvalue()


def rules(canvas: Canvas) -> None:
    canvas.grid([50, 150, 250], [100, 130, 160, 190])


def figures(canvas: Canvas) -> None:
    for row, texts in enumerate(ROWS):
        for column, text in enumerate(texts):
            canvas.drawString(60 + 100 * column, 170 - 30 * row, text)


def read(tmp_path: Path, data: bytes) -> Blocks:
    (tmp_path / "a.pdf").write_bytes(data)
    return read_pdf(tmp_path / "a.pdf")


def rows_of(blocks: Blocks) -> list[list[str]]:
    (grid,) = (block for block in blocks.blocks if isinstance(block, Grid))
    return texts_of(grid)


EXPECTED = [list(row) for row in ROWS]


def aslant(canvas: Canvas) -> None:
    canvas.translate(100, 100)
    canvas.rotate(30)
    canvas.drawString(0, 0, "2026 ONLY 2026 FOR READING")


def faint(canvas: Canvas) -> None:
    canvas.setFillGray(0.8)
    canvas.setFont("Helvetica", 40)
    canvas.drawString(60, 130, "2026 ONLY")


def transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0.3)
    canvas.setFont("Helvetica", 40)
    canvas.drawString(60, 130, "2026 ONLY")


@pytest.mark.parametrize("watermark", [aslant, faint, transparent])
@pytest.mark.parametrize("below", [True, False])
def test_a_watermark_joins_no_figure(watermark: Draw, below: bool, tmp_path: Path) -> None:
    draws = (watermark, rules, figures) if below else (rules, figures, watermark)
    blocks = read(tmp_path, drawn(*draws))
    assert rows_of(blocks) == EXPECTED
    assert not blocks.problems


def test_large_dark_and_leaning_text_is_text(tmp_path: Path) -> None:
    def heading(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", 30)
        canvas.drawString(60, 250, "BUDGET")

    def leaning(canvas: Canvas) -> None:
        canvas.transform(1, 0, 0.3, 1, 0, 0)
        canvas.drawString(20, 50, "8.85 percent")

    texts = [block.text for block in read(tmp_path, drawn(heading, rules, figures, leaning)).blocks[::2]
             if isinstance(block, TextLine)]  # fmt: skip
    assert texts == ["BUDGET", "8.85percent"]


def test_texts_over_one_another_are_said() -> None:
    horizontals, verticals = frame((100, 150, 250), (100, 120, 140))
    chars = [*words("甲", 110, 105), *words("1200", 160, 105), *words("99", 161, 105.5)]
    assert place_blocks(page(chars, horizontals, verticals)).overprinted == 2
    bold = [*words("1200", 160, 105), *words("1200", 160.4, 105)]
    assert place_blocks(page(bold, horizontals, verticals)).overprinted == 0


def test_small_raised_digits_are_marks_of_footnotes() -> None:
    horizontals, verticals = frame((100, 150, 250), (100, 120, 140))
    mark = [Char("1", 210, 103, 214, 109)]
    lowered = [Char("2", 170, 129, 174, 135)]
    chars = [*words("甲", 110, 105), *words("30.30", 160, 105), *mark, *words("m", 160, 125), *lowered]
    (grid,) = page_to_blocks(page(chars, horizontals, verticals))
    assert isinstance(grid, Grid)
    assert texts_of(grid) == [["甲", "30.30"], ["", "m2"]]


def test_values_of_form_fields_are_read_in_their_cells(tmp_path: Path) -> None:
    def labels(canvas: Canvas) -> None:
        for row, (label, _) in enumerate(ROWS):
            canvas.drawString(60, 170 - 30 * row, label)

    def fields(canvas: Canvas) -> None:
        for row, (_, amount) in enumerate(ROWS):
            canvas.acroForm.textfield(value=amount, x=152, y=162 - 30 * row, width=96, height=20, name=f"f{row}")

    assert rows_of(read(tmp_path, drawn(rules, labels, fields))) == EXPECTED


def test_a_comment_with_a_number_is_said_and_no_figure(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(drawn(rules, figures))) as document:
        comment = {"/Type": "/Annot", "/Subtype": "/FreeText", "/Rect": [160, 165, 240, 185], "/DA": "/Helv 10 Tf"}
        dictionary = pikepdf.Dictionary(
            {key: pikepdf.Name(value) if str(value).startswith("/") and key != "/DA" else value
             for key, value in comment.items()}
        )  # fmt: skip
        dictionary.Contents = pikepdf.String("9,900")
        document.pages[0].Annots = document.make_indirect(pikepdf.Array([dictionary]))
        target = io.BytesIO()
        document.save(target)
    blocks = read(tmp_path, target.getvalue())
    assert rows_of(blocks) == EXPECTED
    assert "批注" in blocks.problems[0]


def unseen(canvas: Canvas) -> None:
    text = canvas.beginText(60, 140)
    text.setTextRenderMode(3)
    text.textOut("recognised 1,200")
    canvas.drawText(text)


def test_recognised_text_behind_a_picture_is_read_and_said(tmp_path: Path) -> None:
    blocks = read(tmp_path, drawn(unseen))
    assert [block.text for block in blocks.blocks if isinstance(block, TextLine)] == ["recognised1,200"]
    assert "识别层" in blocks.problems[0]
    assert rows_of(read(tmp_path, drawn(rules, figures, unseen))) == EXPECTED


def test_glyphs_without_characters_are_said(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(drawn(figures))) as document:
        font = next(iter(document.pages[0].Resources.Font.values()))
        maps = b"".join(b"<%02x> <%04x>\n" % (code, 0xE000 + code) for code in range(33, 120))
        font.ToUnicode = pikepdf.Stream(
            document,
            b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n1 begincodespacerange <00> <ff> "
            b"endcodespacerange\n87 beginbfchar " + maps + b"endbfchar endcmap end end",
        )
        target = io.BytesIO()
        document.save(target)
    (tmp_path / "b.pdf").write_bytes(target.getvalue())
    with pytest.raises(UnreadableFileError, match="文字层无法识读"):
        read_pdf(tmp_path / "b.pdf", decline)


def white_rules(canvas: Canvas) -> None:
    canvas.setStrokeGray(1)
    rules(canvas)


def shaded_cells(canvas: Canvas) -> None:
    canvas.setFillGray(0.9)
    for row in range(3):
        for column in range(2):
            canvas.rect(50 + 100 * column, 100 + 30 * row, 100, 30, stroke=0, fill=1)


@pytest.mark.parametrize("cells", [white_rules, shaded_cells])
def test_white_rules_and_shaded_cells_make_a_table_where_nothing_else_does(cells: Draw, tmp_path: Path) -> None:
    assert rows_of(read(tmp_path, drawn(cells, figures))) == EXPECTED


def test_one_shaded_box_makes_no_table(tmp_path: Path) -> None:
    def box(canvas: Canvas) -> None:
        canvas.setFillGray(0.9)
        canvas.rect(50, 100, 200, 100, stroke=0, fill=1)

    assert not any(isinstance(block, Grid) for block in read(tmp_path, drawn(box, figures)).blocks)
