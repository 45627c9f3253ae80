"""Files altered after field reports: each gives the figures of its base, or says what it does not give.

A figure that is lost or made up without a word is the worst that reading can do.
"""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from analysis.errors import UnreadableFileError
from analysis.steps.read_and_resolve import read_and_resolve
from analysis.terms.document import ReadDocument
from analysis.terms.printed_table import UnmappedReason

INPUTS = Path(__file__).parent.parent.parent / "shared" / "second" / "inputs"
BASES = {"p": "p00-base.pdf", "q": "q00-base.pdf", "d": "d00-base.docx"}
OTHER_BASE = "h00-base.html"
# Files whose figures are others than those of their base: another document, altered signs, rows of page sums.
OTHERS = {"p20-digits-wrapped-in-narrow-cell.pdf", "x07-triangle-negative.xlsx", "x18-subtotal-rows-per-page.xlsx"}
NAMES = sorted(path.name for path in INPUTS.glob("*") if path.suffix != ".zip" and path.name != "inputs.csv")

Key = tuple[object, ...]


@cache
def read(name: str) -> ReadDocument | str:
    try:
        return read_and_resolve(INPUTS / name)
    except UnreadableFileError as error:
        return str(error)


def figures(document: ReadDocument) -> Counter[Key]:
    return Counter(
        (item.row.table, item.column, item.row.code, item.row.name, item.figure.amount, item.fiscal_year)
        for item in document.line_items
    )


@pytest.mark.skipif(not NAMES, reason="the altered files (../shared/second/inputs) are not here")
@pytest.mark.parametrize("name", NAMES)
def test_an_altered_file_gives_the_figures_of_its_base_or_says_what_it_does_not(name: str) -> None:
    base = read(BASES.get(name[0], OTHER_BASE))
    assert isinstance(base, ReadDocument)
    found = read(name)
    if isinstance(found, str):
        assert "请" in found  # what to do
    elif name not in OTHERS and figures(found) != figures(base):
        assert found.problems


READ_WHOLE = (
    *("c01-utf8-bom.csv", "c02-gbk.csv", "c03-tabs.tsv", "d01-table-in-content-control.docx", "o03-web-archive.mht"),
    *("d02-cell-in-content-control.docx", "d04-table-nested-in-layout-table.docx", "d07-hidden-text-in-cells.docx"),
    *("d08-superscript-footnote-number.docx", "h03-hidden-rows-display-none.html", "h04-sup-footnote.html"),
    *("h11-textarea-input.html", "o05-spreadsheetml-2003.xls", "p02-watermark-diagonal.pdf", "q11-no-top-line.pdf"),
    "p05-borderless.pdf",
    *("p04-running-header-and-footer.pdf", "p07-first-row-without-top-line.pdf", "p29-footnote-mark-in-cell.pdf"),
    *("p11-kangxi-radicals-tounicode.pdf", "p22-amounts-in-form-fields.pdf", "q01-running-header-only.pdf"),
    *("q04-footer-with-date.pdf", "q08-white-lines.pdf", "x05-displayed-in-wan-stored-in-yuan.xlsx"),
    *("x25-full-width-codes.xlsx", "x26-footnote-marks-wan-yuan.xlsx"),
)


@pytest.mark.skipif(not NAMES, reason="the altered files (../shared/second/inputs) are not here")
def test_the_recognised_text_of_a_scan_is_read_whole_and_said_to_be_recognised() -> None:
    found, base = read("p24-searchable-scan-ocr-layer.pdf"), read("p00-base.pdf")
    assert isinstance(found, ReadDocument)
    assert isinstance(base, ReadDocument)
    assert figures(found) == figures(base)
    assert not found.problems
    assert any("由本软件识别" in note for note in found.cover.contradictions)


@pytest.mark.skipif(not NAMES, reason="the altered files (../shared/second/inputs) are not here")
@pytest.mark.parametrize("name", READ_WHOLE)
def test_what_was_lost_before_is_read_whole(name: str) -> None:
    found, base = read(name), read(BASES.get(name[0], OTHER_BASE))
    assert isinstance(found, ReadDocument)
    assert isinstance(base, ReadDocument)
    assert figures(found) == figures(base)
    assert not found.problems


PRINTED = {"p": 220, "q": 220}
# Files that print other figures than their base: another document, sums of a page besides.
PRINT_OTHERS = {"p20-digits-wrapped-in-narrow-cell.pdf": 564, "x18-subtotal-rows-per-page.xlsx": 403}


@pytest.mark.skipif(not NAMES, reason="the altered files (../shared/second/inputs) are not here")
@pytest.mark.parametrize("name", NAMES)
def test_each_figure_of_an_altered_file_is_read_kept_apart_or_named(name: str) -> None:
    """The figures that the base prints, counted once by hand: 401, and 220 of the PDFs."""
    found = read(name)
    if isinstance(found, str):
        return  # refused, with what to do
    words = "\n".join(found.problems)
    if "不在表格里" in words:
        assert not found.line_items
        return  # rows of figures without a table, which one sentence names
    named = sum(f"的“{cell.printed}”不是金额" in words for cell in found.unmapped)
    kept = len(found.line_items) + len(found.unmapped)
    assert kept == found.cells_printed
    assert kept + words.count("不是金额，未采用") - named == PRINT_OTHERS.get(name, PRINTED.get(name[0], 401))


@pytest.mark.skipif(not NAMES, reason="the altered files (../shared/second/inputs) are not here")
def test_numbers_as_text_are_read_and_those_that_may_be_two_are_kept_apart() -> None:
    found = read("x06-numbers-as-text-nbsp-yen-suffix.xlsx")
    assert isinstance(found, ReadDocument)
    assert {(cell.printed, cell.reason, cell.amount) for cell in found.unmapped} == {
        (printed, UnmappedReason.AMBIGUOUS_COLUMN, None) for printed in ("72 000", "70 263", "570 059")
    }
