"""Tables too wide for a page, whose further columns are printed on another page."""

from pathlib import Path

import pytest
from make.web_tables import FAMILIES
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from analysis.reading.read_document import ReadDocument, read_document

LEFT = [
    ["科目编码", "科目名称", "合计", "基本支出"],
    ["", "", "", "小计"],
    ["205", "教育支出", "440.00", "390.00"],
    ["20502", "普通教育", "440.00", "390.00"],
    ["2050202", "小学教育", "440.00", "390.00"],
]
RIGHT = [
    ["", "", "项目支出"],
    ["人员经费", "公用经费", ""],
    ["300.00", "90.00", "50.00"],
    ["300.00", "90.00", "50.00"],
    ["300.00", "90.00", "50.00"],
]


def read(folder: Path, right: list[list[str]], *, pitch: float = 20) -> ReadDocument:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    path = folder / "某某市教育局2024年部门预算.pdf"
    canvas = Canvas(str(path), pagesize=A4)

    def draw(rows: list[list[str]], step: float) -> None:
        canvas.setFont("STSong-Light", 9)
        xs, ys = [40 + 90 * n for n in range(len(rows[0]) + 1)], [700 - step * n for n in range(len(rows) + 1)]
        canvas.grid(xs, ys)
        for y, row in zip(ys, rows, strict=False):
            for x, text in zip(xs, row, strict=False):
                canvas.drawString(x + 3, y - 13, text)

    canvas.setFont("STSong-Light", 9)
    canvas.drawString(60, 760, "某某市教育局2024年部门预算")
    canvas.drawString(60, 740, "部门支出总表")
    canvas.drawString(400, 725, "单位：万元")
    draw(LEFT, 20)
    canvas.showPage()
    draw(right, pitch)
    canvas.save()
    return read_document(path, FAMILIES)


def test_columns_on_the_next_page_belong_to_their_rows(tmp_path: Path) -> None:
    document = read(tmp_path, RIGHT)
    assert not document.unmapped
    found = {one.column.measure: one.figure.printed for one in document.line_items if one.row.code == "2050202"}
    assert found == {
        "total": "440.00", "basic": "390.00", "personnel": "300.00", "operating": "90.00", "project": "50.00",
    }  # fmt: skip


@pytest.mark.parametrize(("right", "pitch"), [(RIGHT[:-1], 20), (RIGHT, 25)], ids=["a row less", "other heights"])
def test_columns_whose_rows_cannot_be_told_leave_the_table_incomplete(
    right: list[list[str]], pitch: float, tmp_path: Path
) -> None:
    document = read(tmp_path, right, pitch=pitch)
    assert len(document.line_items) == 6
    assert len(document.unmapped) == 3 * len(right[2:])
    assert not document.printed_tables[0].complete
