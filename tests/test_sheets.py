"""Workbooks of every make, and separated values: what they show is read, what nobody sees is left out and said."""

import io
import re
import zipfile
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
import xlwt
from make.hostile_files import SHEET, entry_of, repacked
from openpyxl.worksheet.worksheet import Worksheet

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.compound_file import read_stream
from analysis.extraction.formats.format_registry import format_of
from analysis.extraction.formats.number_formats import UNKNOWN_SCALE, show
from analysis.extraction.layout.blocks import Blocks, Grid, TextLine

HEAD = ("编码", "名称", "金额")


def read(tmp_path: Path, data: bytes) -> Blocks:
    (tmp_path / "a").write_bytes(data)
    return format_of(tmp_path / "a").read(tmp_path / "a")


def rows_of(blocks: Blocks) -> list[list[str]]:
    (grid,) = (block for block in blocks.blocks if isinstance(block, Grid))
    return [[cell.text if cell else "" for cell in row] for row in grid.matrix()]


def workbook(*rows: tuple[object, ...]) -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (HEAD, *rows):
        sheet.append(row)
    return book, sheet


def saved(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("code", "stored", "shown"),
    [("0!.0000", "570059", "57.0059"), ("0!.0,", "224465463", "22446.5"), ("0\\.0,", "224465463", "22446.5"),
     ("0.00,,", "224465463", "224.47"), ("#,", "8442289", "8442"), ('0.00"万元"', "12.3", "12.30万元"),
     ("0.0%", "0.0234", "2.3%"), ("#,##0.00", "5253.16043333333", "5253.16"), ("[$¥-804]#,##0.00", "3.14159", "3.14"),
     ('_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-1.005", "-1.01"),
     ('[>=10000]0!.0,"万";0', "123456", UNKNOWN_SCALE)],
)  # fmt: skip
def test_a_number_is_read_as_its_format_shows_it(code: str, stored: str, shown: str) -> None:
    assert show(stored, code) == shown


@pytest.mark.parametrize(
    ("code", "stored"),
    [("General", "1.5"), ("#,##0.00", "12.5"), ("00", "2"), ("0", "201"), ("yyyy/m/d", "45000"), ("@", "12"),
     ("0.00E+00", "8442289"), ("[Red]0.00", "1.5")],
)  # fmt: skip
def test_a_number_that_is_shown_whole_stays_as_it_is_stored(code: str, stored: str) -> None:
    assert show(stored, code) is None


def test_formats_formulas_and_errors_of_a_workbook(tmp_path: Path) -> None:
    book, sheet = workbook((201, "a", 570059), (202, "b", "=C2+1"), (203, "c", "#REF!"), (204, "d", 12.5))
    sheet["C2"].number_format = "0!.0000"
    blocks = read(tmp_path, saved(book))
    assert rows_of(blocks)[1:] == [["201", "a", "57.0059"], ["202", "b", "=C2+1"], ["203", "c", "#REF!"],
                                   ["204", "d", "12.5"]]  # fmt: skip
    assert ["公式" in problem or "错误值" in problem for problem in blocks.problems] == [True, True]
    assert "C3" in blocks.problems[0] and "C4" in blocks.problems[1]


def test_hidden_rows_columns_and_sheets_are_left_out_and_said(tmp_path: Path) -> None:
    book, sheet = workbook((201, "a", 1), (201, "old", 9), (202, "b", 2))
    sheet.row_dimensions[3].hidden = True
    sheet["D2"] = "草稿"
    sheet.column_dimensions["D"].hidden = True
    book.create_sheet("草稿").append(("支出", 5))
    book["草稿"].sheet_state = "hidden"
    blocks = read(tmp_path, saved(book))
    assert [row for row in rows_of(blocks)[1:] if any(row)] == [["201", "a", "1"], ["202", "b", "2"]]
    assert ["草稿" in blocks.notes[0], "第 3 行" in blocks.notes[1], "D 列" in blocks.notes[1]] == [True] * 3
    assert not blocks.problems


def test_a_hidden_row_is_no_reason_to_lose_a_merged_cell_that_goes_on(tmp_path: Path) -> None:
    book, sheet = workbook((201, "a", 1), (None, "b", 2))
    sheet.merge_cells("A2:A3")
    sheet.row_dimensions[2].hidden = True
    assert rows_of(read(tmp_path, saved(book)))[1:] == [["201", "", ""], ["201", "b", "2"]]


def test_codes_that_became_dates_are_said_and_real_dates_are_not(tmp_path: Path) -> None:
    book, _ = workbook((201, "a", 1), (202, "b", 2), (203, "c", 3), (date(2025, 6, 1), "d", 4))
    assert "编码已被" in read(tmp_path, saved(book)).problems[0]
    book, _ = workbook(*((201, "a", day) for day in (date(2025, 1, 1), date(2025, 1, 2))))
    assert not read(tmp_path, saved(book)).problems


def test_texts_below_a_merged_cell_are_said(tmp_path: Path) -> None:
    book, sheet = workbook((201, "a", 1))
    sheet.merge_cells("A2:B2")
    sheet_xml = entry_of(saved(book), SHEET)
    covered = re.sub(rb'<c r="B2"[^>]*/>', b"", sheet_xml).replace(b'<c r="C2"', b'<c r="B2"><v>7</v></c><c r="C2"')
    assert "合并单元格" in read(tmp_path, repacked(saved(book), {SHEET: covered})).problems[0]


def test_an_old_workbook_is_read_as_it_shows(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("a")
    wan = xlwt.easyxf(num_format_str="0!.0000")
    for row, values in enumerate((HEAD, (201, "a", 570059), (201, "旧", 9), (202, "b", 12.5), (203, "c", 2.25))):
        for column, value in enumerate(values):
            sheet.write(row, column, value, wan if value == 570059 else xlwt.Style.default_style)
    sheet.write(5, 2, xlwt.Formula("1/0"))
    sheet.row(6).set_cell_error(2, "#REF!")
    sheet.row(2).hidden = True
    sheet.write(1, 3, "草稿")
    sheet.col(3).hidden = True
    target = io.BytesIO()
    book.save(target)
    blocks = read(tmp_path, target.getvalue())
    assert [row for row in rows_of(blocks)[1:] if any(row)][:3] == [
        ["201", "a", "57.0059"], ["202", "b", "12.5"], ["203", "c", "2.25"]
    ]  # fmt: skip
    assert rows_of(blocks)[6][2] == "#REF!"
    assert ["第 3 行" in blocks.notes[0], "D 列" in blocks.notes[0], "C7" in blocks.problems[0]] == [True] * 3


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9])
def test_a_cut_compound_file_has_no_stream_or_a_part_of_it(cut: float) -> None:
    book = xlwt.Workbook()
    book.add_sheet("a").write(0, 0, "编码")
    target = io.BytesIO()
    book.save(target)
    data = target.getvalue()
    whole = read_stream(data, "Workbook")
    assert whole is not None
    assert read_stream(data, "nothing") is None
    assert len(read_stream(data[: int(len(data) * cut)], "Workbook") or b"") <= len(whole)


TABLE = "题目,,\n编码,名称,金额\n" + "".join(f'20{n},"a, b","{n},000"\n' for n in range(6))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_separated_values_are_a_grid(encoding: str, delimiter: str, tmp_path: Path) -> None:
    text = TABLE if delimiter == "," else TABLE.replace("a, b", "a; b").replace('"', "").replace(",0", "0")
    text = text if delimiter == "," else text.replace(",", "\t")
    (tmp_path / "a").write_bytes(text.encode(encoding))
    assert format_of(tmp_path / "a").id == "csv"
    blocks = format_of(tmp_path / "a").read(tmp_path / "a")
    assert isinstance(blocks.blocks[0], TextLine)
    assert rows_of(blocks)[3][0] == "202"
    assert len(rows_of(blocks)[3]) == 3


@pytest.mark.parametrize(
    "text",
    ["合计 8,285,813 1,000 2,000,000\n" * 9, "收入\t1\n支出\t2\t3\n其他\t4\t5\t6\n项目\t7\t8\n" * 9,
     "编码\t名称\t合计\t财政拨款\t其他\n" + "201\t一般公共服务支出\t1,000\t1,000\n" * 50,
     "本年收入，比上年增加。\n" * 9, "1.契税120万元,同比增加20万元,增长20.00%。\n" * 9],
)  # fmt: skip
def test_text_whose_columns_have_collapsed_is_no_grid(text: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_text(text, encoding="utf-8")
    assert format_of(tmp_path / "a").id == "txt"


SPREADSHEET = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="w"><NumberFormat ss:Format="0!.0000"/></Style></Styles>
<Worksheet ss:Name="a"><Table>
<Row><Cell><Data ss:Type="String">编码</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">金额</Data></Cell></Row>
<Row ss:Hidden="1"><Cell><Data ss:Type="Number">9</Data></Cell><Cell/><Cell><Data ss:Type="Number">9</Data></Cell></Row>
<Row><Cell ss:MergeDown="1"><Data ss:Type="Number">201</Data></Cell><Cell><Data ss:Type="String">a</Data></Cell>
<Cell ss:StyleID="w"><Data ss:Type="Number">570059</Data></Cell></Row>
<Row><Cell ss:Index="2"><Data ss:Type="String">b</Data></Cell><Cell ss:Formula="=R1C1"/></Row>
</Table></Worksheet></Workbook>"""


def test_a_spreadsheet_in_xml_is_read_as_it_shows(tmp_path: Path) -> None:
    blocks = read(tmp_path, SPREADSHEET.encode())
    rows = [["编码", "", "金额"], ["", "", ""], ["201", "a", "57.0059"], ["201", "b", "=R1C1"]]
    assert rows_of(blocks) == rows
    assert "隐藏" in blocks.notes[0]


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">
<office:automatic-styles><style:style style:name="h"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet><table:table table:name="a">
<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>
<table:table-row><table:table-cell table:number-rows-spanned="2"><text:p>编码</text:p></table:table-cell>
<table:table-cell><text:p>x</text:p></table:table-cell><table:table-cell><text:p>金额</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:covered-table-cell table:number-columns-repeated="2"/>
<table:table-cell office:value-type="float" office:value="570059"><text:p>57.0059</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="16000"/></table:table-row>
<table:table-row table:visibility="filter"><table:table-cell><text:p>9</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048570"><table:table-cell/></table:table-row></table:table>
<table:table table:name="b" table:style-name="h"/></office:spreadsheet></office:body></office:document-content>"""


def open_document(content: str, kind: str = "spreadsheet") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        archive.writestr("content.xml", content)
    return target.getvalue()


def test_an_open_document_is_read_as_it_shows(tmp_path: Path) -> None:
    blocks = read(tmp_path, open_document(ODS))
    assert [row[::2] for row in rows_of(blocks)] == [["编码", "金额"], ["编码", "57.0059"], ["", "57.0059"]]
    assert len(blocks.notes) == 2
    with pytest.raises(UnreadableFileError, match="docx"):
        read(tmp_path, open_document("<x/>", "text"))
    with pytest.raises(UnreadableFileError, match="过大"):
        read(tmp_path, open_document(ODS.replace('="2"><table:cov', '="1000000"><table:cov')))


def test_a_web_archive_is_read_as_its_page(tmp_path: Path) -> None:
    message = EmailMessage()
    message["MIME-Version"] = "1.0"
    page = "<html><body><table><tr><td>编码</td><td>金额</td></tr></table></body></html>"
    message.set_content(page, subtype="html", charset="gb18030")
    message.make_related()
    assert rows_of(read(tmp_path, message.as_bytes())) == [["编码", "金额"]]


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"{\\rtf1 }", "docx"), (b"Rar!\x1a\x07", "解压"), (b"7z\xbc\xaf\x27\x1c", "解压"),
     (b"\xd0\xcf\x11\xe0" + "PowerPoint Document".encode("utf-16-le"), "PDF")],
)  # fmt: skip
def test_other_kinds_are_named_with_what_to_do(data: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=words):
        read(tmp_path, data)


@pytest.mark.parametrize(("entry", "words"), [("OFD.xml", "OFD"), ("a.pdf", "压缩包")])
def test_archives_are_named_with_what_to_do(entry: str, words: str, tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(entry, b"%PDF-1.4 rest")
    with pytest.raises(UnreadableFileError, match=words):
        read(tmp_path, target.getvalue())
