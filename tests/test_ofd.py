"""OFD files (GB/T 33190-2016): the pages of a PDF written as one give what the PDF gives."""

from pathlib import Path

import pytest
from make.books import FAMILIES
from make.ofd import pdf_to_ofd, text_object, write_ofd

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.ofd import read_ofd
from analysis.extraction.formats.ofd_pages import read_ofd_pages
from analysis.extraction.layout.blocks import Grid, TextLine
from analysis.reading.read_document import read_document
from analysis.terms.document import ReadDocument

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"


def figures(document: ReadDocument) -> list[object]:
    return [(one.row.table, one.row.code, one.row.name, one.column, one.figure.printed) for one in document.line_items]


@pytest.mark.parametrize("name", ["云岭县松涛司法局-2023-部门预算", "上海市普陀区司法局-2026-部门预算"])
def test_an_ofd_gives_what_its_pdf_gives(name: str, tmp_path: Path) -> None:
    pdf_to_ofd(RAW / f"{name}.pdf", tmp_path / "a.ofd")
    ours, theirs = read_document(tmp_path / "a.ofd", FAMILIES), read_document(RAW / f"{name}.pdf", FAMILIES)
    assert figures(ours) == figures(theirs)
    assert (ours.cover, ours.problems) == (theirs.cover, theirs.problems)
    assert [passage.text for passage in ours.passages] == [passage.text for passage in theirs.passages]
    place, other = ours.line_items[-1].figure.place, theirs.line_items[-1].figure.place
    assert (place.page, place.x0) == (other.page, pytest.approx(other.x0, abs=2))


def texts(path: Path) -> list[str]:
    return [block.text for block in read_ofd(path).blocks if isinstance(block, TextLine)]


def test_steps_may_be_counted_or_left_out_and_a_matrix_sets_them(tmp_path: Path) -> None:
    objects = [
        text_object(20, 30, 4, "部门预算", "g 2 4 4.5"),
        text_object(20, 40, 4, "2024年", ""),
        text_object(20, 50, 4, "合计", "4", 'CTM="2 0 0 2 0 0"'),
    ]
    write_ofd(tmp_path / "a.ofd", [(210, 297, "".join(objects))])
    assert texts(tmp_path / "a.ofd") == ["部门预算", "2024年", "合计"]
    (one,) = read_ofd_pages(tmp_path / "a.ofd")
    last = one.page.chars[-1]
    assert (last.x1 - last.x0) * 25.4 / 72 == pytest.approx(8)


def test_a_template_lies_under_its_pages_and_thin_fills_are_rulings(tmp_path: Path) -> None:
    def fill(x: float, y: float, width: float, height: float) -> str:
        data = f"M 0 0 L {width} 0 L {width} {height} L 0 {height} C"
        return (
            f'<ofd:PathObject Boundary="{x} {y} {width} {height}" Fill="true" Stroke="false">'
            f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    lines = [fill(20, y, 100, 0.2) for y in (20, 30, 40)] + [fill(x, 20, 0.2, 20) for x in (20, 70, 120)]
    words = text_object(22, 27, 4, "合计", "4") + text_object(72, 27, 4, "100", "2 2")
    write_ofd(tmp_path / "a.ofd", [(210, 297, f"<ofd:PageBlock>{words}</ofd:PageBlock>")], template="".join(lines))
    (grid,) = read_ofd(tmp_path / "a.ofd").blocks
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.cells] == ["合计", "100", "", ""]


def test_a_watermark_is_left_out_and_what_nobody_sees_too(tmp_path: Path) -> None:
    objects = [
        text_object(20, 30, 4, "部门预算", "4 4 4"),
        text_object(20, 60, 20, "内部资料", "20 20 20", 'CTM="0.7 0.7 -0.7 0.7 0 0"'),
        text_object(20, 90, 4, "旧稿", "4", 'Visible="false"'),
    ]
    write_ofd(tmp_path / "a.ofd", [(210, 297, "".join(objects))])
    blocks = read_ofd(tmp_path / "a.ofd")
    assert texts(tmp_path / "a.ofd") == ["部门预算"]
    assert "水印" in "".join(blocks.notes)
    assert not blocks.problems


def test_pages_without_text_are_named(tmp_path: Path) -> None:
    picture = '<ofd:ImageObject Boundary="0 0 210 297" ResourceID="5"/>'
    write_ofd(tmp_path / "a.ofd", [(210, 297, text_object(20, 30, 4, "预算", "4")), (210, 297, picture)])
    blocks = read_ofd(tmp_path / "a.ofd")
    assert blocks.unread_pages == (2,)
    assert "第 2 页是图片" in "".join(blocks.problems)
    write_ofd(tmp_path / "b.ofd", [(210, 297, picture)])
    with pytest.raises(UnreadableFileError, match="没有可读的文字"):
        read_ofd(tmp_path / "b.ofd")


@pytest.mark.parametrize("objects", ["<ofd:TextObject", text_object(20, 30, 4, "预算", "g x y")])
def test_a_broken_ofd_is_refused_with_what_to_do(objects: str, tmp_path: Path) -> None:
    write_ofd(tmp_path / "a.ofd", [(210, 297, objects)])
    with pytest.raises(UnreadableFileError, match="另存为 PDF"):
        read_ofd(tmp_path / "a.ofd")
