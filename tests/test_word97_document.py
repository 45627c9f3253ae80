"""An old Word document is read as the newer one that says the same: its text as it is seen, its tables with spans.

`files/word97.doc` was made from a document of a few elements (lists, tracked changes, raised, struck-out and hidden
text, cells merged both ways, a table within a layout) by saving it as Word 97.
"""

from pathlib import Path

import pytest

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.format_registry import format_of
from analysis.extraction.layout.blocks import Grid, TextLine

OLD = Path(__file__).parent / "files" / "word97.doc"
_ENCRYPTED = 0x01  # in the twelfth byte of the document's stream


def test_text_is_read_as_it_is_seen() -> None:
    blocks = format_of(OLD).read(OLD).blocks
    assert [one.text for one in blocks if isinstance(one, TextLine)] == [
        "某某市水务局2024年度部门预算",
        "一、收入情况",
        "（一）部门收入",
        "（二）单位收入",
        "二、支出情况",
        "本年收入 1,230.80万元，新增加。",
        "面积12m2。",
        "左",
        "又表",
        "完",
    ]


def test_cells_stand_in_their_columns_with_their_spans() -> None:
    head, inner, shifted = (one for one in format_of(OLD).read(OLD).blocks if isinstance(one, Grid))
    placed = [(one.text, one.row, one.column, one.row_span, one.column_span) for one in head.cells if one.text]
    assert placed == [
        ("科目", 0, 0, 1, 2),
        ("预算数（万元）", 0, 2, 1, 2),
        ("编码", 1, 0, 1, 1),
        ("名称", 1, 1, 1, 1),
        ("合计", 1, 2, 1, 1),
        ("其中：项目", 1, 3, 1, 1),
        ("20103", 2, 0, 2, 1),
        ("行政运行", 2, 1, 1, 1),
        ("1,200.50", 2, 2, 1, 1),
        ("0.00", 2, 3, 1, 1),
        ("机关\n服务", 3, 1, 1, 1),
        ("30.30", 3, 2, 1, 1),
    ]
    assert [one.text for one in inner.cells] == ["甲", "1", "乙", "2", "丙", "3"]  # the layout around it is no table
    assert [(one.text, one.column, one.column_span) for one in shifted.cells][3:] == [("四", 0, 2), ("五", 2, 1)]


def test_what_is_struck_out_is_said() -> None:
    assert "划去的数字未读取：1 处" in format_of(OLD).read(OLD).notes[0]


@pytest.mark.parametrize("part", range(1, 12))
def test_a_document_that_is_cut_off_is_never_read_in_part(part: int, tmp_path: Path) -> None:
    whole = OLD.read_bytes()
    cut = tmp_path / "a.doc"
    cut.write_bytes(whole[: len(whole) * part // 12])
    with pytest.raises(UnreadableFileError):
        format_of(cut).read(cut)


@pytest.mark.parametrize(
    ("place", "byte", "said"), [(11, _ENCRYPTED, "密码"), (0, 0xDC, "Word 97 之前"), (1, 0x00, "Word 97 之前")]
)
def test_a_password_and_an_older_document_are_named(place: int, byte: int, said: str, tmp_path: Path) -> None:
    whole = bytearray(OLD.read_bytes())
    whole[whole.index(b"\xec\xa5") + place] = byte
    changed = tmp_path / "a.doc"
    changed.write_bytes(whole)
    with pytest.raises(UnreadableFileError, match=said):
        format_of(changed).read(changed)


def test_an_object_within_another_file_makes_it_no_word_document(tmp_path: Path) -> None:
    whole = OLD.read_bytes()
    other = tmp_path / "a.xls"
    other.write_bytes(whole.replace("WordDocument".encode("utf-16-le"), "WordDocumens".encode("utf-16-le")) + whole)
    assert format_of(other).id == "xls"
