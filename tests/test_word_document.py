"""What a reader of a Word document sees is read: nothing hidden, nothing taken away, every number that Word makes."""

from pathlib import Path

import pytest
from make.word_documents import cell, control, paragraph, row, run, table, word_document

from analysis.extraction.formats.format_registry import format_of
from analysis.extraction.layout.blocks import Grid, TextLine

RAISED = '<w:vertAlign w:val="superscript"/>'


def read(tmp_path: Path, *body: str, **parts: str) -> list[str | list[list[str]]]:
    """The lines of a document as texts, its tables as rows of texts."""
    path = tmp_path / "a.docx"
    path.write_bytes(word_document(*body, parts=parts))
    blocks = format_of(path).read(path).blocks
    return [
        block.text if isinstance(block, TextLine) else [[one.text if one else "-" for one in r] for r in block.matrix()]
        for block in blocks
    ]


def listed(text: str, number: str = "1", level: str = "0") -> str:
    return paragraph(text, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def test_content_controls_are_entered_wherever_they_stand(tmp_path: Path) -> None:
    plain = table(row("a", "1"), row("b", "2"))
    controlled = control(table(control(row(control(cell("a")), "1")), row("b", cell(control(paragraph("2"))))))
    assert read(tmp_path, controlled) == read(tmp_path, plain) == [[["a", "1"], ["b", "2"]]]
    assert read(tmp_path, paragraph(control(run("甲")), "乙")) == ["甲乙"]


def test_of_tracked_changes_what_they_lead_to(tmp_path: Path) -> None:
    changed = paragraph(
        f"<w:del>{run('旧')}</w:del><w:ins>{run('新')}</w:ins>",
        f"<w:moveFrom>{run('去')}</w:moveFrom><w:moveTo>{run('来')}</w:moveTo>",
    )
    gone = row("x", "9", properties="<w:del/>")
    assert read(tmp_path, changed, table(row("a", "1"), gone)) == ["新来", [["a", "1"]]]


def test_hidden_and_struck_out_text_is_no_text(tmp_path: Path) -> None:
    hidden, struck, shown = run("00", "<w:vanish/>"), run("1", "<w:strike/>"), run("2", '<w:vanish w:val="0"/>')
    styled = run("7", '<w:rStyle w:val="H"/>')
    styles = '<w:style w:styleId="H"><w:rPr><w:vanish/></w:rPr></w:style>'
    assert read(tmp_path, table(row(cell(paragraph("8", hidden, struck, styled, shown)))), styles=styles) == [[["82"]]]


def test_a_struck_out_figure_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(word_document(paragraph(run("100", "<w:strike/>"), "200")))
    assert "划去的数字" in format_of(path).read(path).notes[0]


def test_a_raised_mark_never_joins_the_digits(tmp_path: Path) -> None:
    figure, area = paragraph("30.30", run("1", RAISED)), paragraph("12m", run("2", RAISED), "办公用房")
    assert read(tmp_path, area, table(row(cell(figure)))) == ["12m2办公用房", [["30.30"]]]


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{table(row('a', '1'))}</w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert read(tmp_path, paragraph("文", f"<w:r>{both}</w:r>")) == ["文", [["a", "1"]]]


def test_a_table_around_a_larger_one_is_layout(tmp_path: Path) -> None:
    inner = table(*(row("a", "1", "2") for _ in range(3)))
    assert read(tmp_path, table(row(cell("题", inner)))) == ["题", [["a", "1", "2"]] * 3]
    small = table(row(cell(table(row("x"))), "1"), row("b", "2"))
    assert read(tmp_path, small) == [[["x", "1"], ["b", "2"]]]


NUMBERING = """
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
  <w:lvl w:ilvl="0"><w:start w:val="9"/><w:numFmt w:val="decimalEnclosedCircleChinese"/><w:lvlText w:val="%1"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2">
  <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num>
"""


def test_numbers_that_word_makes_are_written_out(tmp_path: Path) -> None:
    body = [listed("甲"), listed("乙", level="1"), listed("丙", level="1"), listed("丁"), listed("戊", level="1")]
    body += [listed("己", "2"), listed("庚", "2"), listed("辛", "3"), listed("壬", "0"), paragraph("癸")]
    expected = ["一、甲", "一.1.乙", "一.2.丙", "二、丁", "二.1.戊", "⑨己", "⑩庚", "辛", "壬", "癸"]
    assert read(tmp_path, *body, numbering=NUMBERING) == expected


def test_a_list_by_style_and_one_without_definition_are_counted(tmp_path: Path) -> None:
    styles = '<w:style w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    styled = paragraph("甲", properties='<w:pStyle w:val="L"/>')
    assert read(tmp_path, styled, styled, numbering=NUMBERING, styles=styles) == ["一、甲", "二、甲"]
    assert read(tmp_path, listed("甲"), listed("乙")) == ["1.甲", "2.乙"]


@pytest.mark.parametrize("depth", [50, 500])
def test_tables_nested_deep_are_read_or_refused_with_words(depth: int, tmp_path: Path) -> None:
    nested = "".join("<w:tbl><w:tr><w:tc>" for _ in range(depth)) + "</w:tc></w:tr></w:tbl>" * depth
    path = tmp_path / "a.docx"
    path.write_bytes(word_document(nested, paragraph("文")))
    if depth < 100:
        assert any(isinstance(block, TextLine | Grid) for block in format_of(path).read(path).blocks)
    else:
        with pytest.raises(Exception, match=r"嵌套过深|无法打开"):
            format_of(path).read(path)
