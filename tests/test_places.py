"""Documents of places that nobody has seen: what their pages say is read exactly, or kept apart with the reason."""

from pathlib import Path

import pytest
from make.books import FAMILIES

from analysis.reading.read_document import read_document
from analysis.terms.document import ReadDocument
from analysis.terms.line_item import LineItem
from analysis.terms.printed_table import UnmappedReason

Part = str | list[str]
COVER = "某某市水务局2024年部门预算"


def page(*parts: Part, cover: str = COVER) -> str:
    """A web page of paragraphs and tables; a cell is parted by | from the next, {2}words spans two columns."""
    body = [f"<p>{cover}</p>"]
    for part in parts:
        if isinstance(part, str):
            body.append(f"<p>{part}</p>")
        else:
            rows = ("".join(map(_cell, row.split("|"))) for row in part)
            body.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    return f"<html><body>{''.join(body)}</body></html>"


def _cell(text: str) -> str:
    span, _, words = text[1:].partition("}") if text.startswith("{") else ("1", "", text)
    return f'<td colspan="{span}">{words}</td>'


@pytest.fixture
def read(tmp_path: Path):  # type: ignore[no-untyped-def]
    def make(*parts: Part, cover: str = COVER) -> ReadDocument:
        path = tmp_path / "one.html"
        path.write_text(page(*parts, cover=cover), encoding="utf-8")
        document = read_document(path, FAMILIES)
        assert len(document.line_items) + len(document.unmapped) == document.cells_printed
        return document

    return make


def meanings(document: ReadDocument) -> dict[str, tuple[str, str]]:
    """Table and measure of each printed amount; the amounts of a test are all different."""
    return {item.figure.printed: (item.row.table, item.column.measure) for item in document.line_items}


def apart(document: ReadDocument) -> dict[str, UnmappedReason]:
    return {cell.printed: cell.reason for cell in document.unmapped}


def item(document: ReadDocument, printed: str) -> LineItem:
    (found,) = (one for one in document.line_items if one.figure.printed == printed)
    return found


HEAD = "科目编码|科目名称|合计|基本支出|项目支出"


@pytest.mark.parametrize(
    "parts",
    [
        ("支出预算总表 单位：元", "单位：万元", [HEAD, "213|农林水支出|30|10|20"]),
        (["{5}支出预算总表", "{5}单位：万元", "{5}金额单位：元", HEAD, "213|农林水支出|30|10|20"],),
        ("支出预算总表", "单位：万元", ["编码|名称|合计(元)|基本支出(元)|项目支出(元)", "213|农林水支出|30|10|20"]),
    ],
)
def test_two_units_that_contradict_each_other_are_told_and_give_no_amount(parts, read) -> None:  # type: ignore[no-untyped-def]
    document = read(*parts)
    assert not document.line_items
    assert {(cell.reason, cell.amount) for cell in document.unmapped} == {(UnmappedReason.NO_UNIT, None)}
    assert any("互相矛盾" in problem for problem in document.problems)


def test_one_column_may_have_a_unit_of_its_own(read) -> None:  # type: ignore[no-untyped-def]
    document = read("支出预算总表", "单位：万元", ["编码|名称|合计|基本支出(元)", "213|农林水支出|30|100000"])
    assert {one.figure.amount for one in document.line_items} == {300_000, 100_000}
