"""Every habit of published files that was met, set anew one at a time, and every kind of file: each cell comes back."""

import csv
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pdfplumber
import pytest
from make.gold import Key, key_of
from typesetter.accounts import Accounts, make_accounts
from typesetter.book import Truth
from typesetter.classification import classification
from typesetter.corpus import SETTERS, Plan, make_corpus
from typesetter.quirks import RULINGS, Quirks
from typesetter.tables import book_of

from analysis.extraction.formats.pdf_pages import read_pages
from analysis.extraction.layout.blocks import Grid
from analysis.extraction.layout.grid import page_to_blocks
from analysis.steps.read_and_resolve import read_and_resolve
from analysis.terms.document import ReadDocument
from analysis.terms.line_item import LineItem
from analysis.terms.page import Page

QUIRKS = {
    "plain": Quirks(),
    "amounts with fen": Quirks(amounts="grouped_fen"),
    "amounts without separators": Quirks(amounts="plain_fen"),
    "zeros printed": Quirks(nothing="zero"),
    "dashes for nothing": Quirks(nothing="dash"),
    "summary of four columns": Quirks(summary_columns=4),
    "leading zeros eaten": Quirks(eaten_zeros=True),
    "blanks inside names": Quirks(spaced_names=True),
    "narrow name column, names wrap": Quirks(narrow_names=True, summary_columns=4),
    "code in one column": Quirks(one_code_column=True),
    "code in one column, zeros eaten": Quirks(one_code_column=True, eaten_zeros=True),
    "header not repeated": Quirks(repeated_header=False),
    "total alone on the last page": Quirks(lone_total=True, repeated_header=False),
    "title inside the frame": Quirks(title_in_frame=True),
    "title inside the frame on every page": Quirks(title_in_frame=True, repeated_header=True),
    "empty tables say 无": Quirks(empty_word=True),
    "captions without 编制": Quirks(body_word=""),
    "captions say 预算单位": Quirks(body_word="预算"),
    "fund column of other words": Quirks(fund_word="政府性基金"),
    "capital table of other words": Quirks(capital_words="国有资本经营财政拨款预算支出"),
    "mistyped label": Quirks(capital_typo=True),
    "last title without its year": Quirks(year_in_last_title=False),
    "white cells behind the text": Quirks(white_cells=True),
    "page turned": Quirks(rotated=True),
    "text outside the page": Quirks(hidden_outside=True),
    "invisible text": Quirks(invisible_text=True),
    "digits on another baseline": Quirks(shifted_baseline=True),
    "words split over runs": Quirks(split_runs=True),
    **{f"rulings as {rulings}": Quirks(rulings=rulings) for rulings in RULINGS},
}
Read = Callable[[Quirks, str], tuple[ReadDocument, tuple[Truth, ...], Path]]


@cache
def accounts() -> Accounts:
    return make_accounts(Random(5), classification().bodies[0], "上海市普陀区样例街道办事处", 2024)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    folder = tmp_path_factory.mktemp("layouts")

    def make(quirks: Quirks, ending: str) -> tuple[ReadDocument, tuple[Truth, ...], Path]:
        path = folder / f"{abs(hash((quirks, ending)))}.{ending}"
        truth = SETTERS[ending](book_of(accounts(), quirks), path, quirks)
        return read_and_resolve(path), truth, path

    return make


def truth_key(cell: Truth) -> Key:
    named = cell.table != "three_public"
    return (
        cell.table,
        str(cell.side),
        str(cell.phase),
        (cell.code or "") if named else "",
        (cell.name or "") if named else "",
        cell.measure,
        cell.amount,
    )


def normalised(item: LineItem) -> Key:
    table, side, phase, _, name, measure, amount = key_of(item)
    return table, side, phase, item.row.code or "", name, measure, amount


def tables_of(truth: tuple[Truth, ...]) -> Counter[Key]:
    return Counter(truth_key(cell) for cell in truth if cell.table != "narrative")


@pytest.mark.parametrize("name", QUIRKS)
def test_a_habit_of_the_page_changes_no_cell(name: str, read: Read) -> None:
    document, truth, _ = read(QUIRKS[name], "pdf")
    assert Counter(normalised(item) for item in document.line_items) == tables_of(truth)
    assert document.problems == ()
    pages = {(truth_key(cell), cell.page) for cell in truth}
    assert all((normalised(item), item.figure.place.page) in pages for item in document.line_items)


@pytest.mark.parametrize("ending", [ending for ending in SETTERS if ending not in {"pdf", "txt"}])
@pytest.mark.parametrize("one_sheet", [False, True])
def test_every_kind_of_file_gives_the_same_cells(ending: str, one_sheet: bool, read: Read) -> None:
    document, truth, _ = read(Quirks(summary_columns=4, one_sheet=one_sheet), ending)
    assert Counter(normalised(item) for item in document.line_items) == tables_of(truth)
    assert document.problems == ()
    assert (document.cover.organisation, document.cover.year) == ("上海市普陀区样例街道办事处", 2024)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["plain", "summary of four columns", "zeros printed", "dashes for nothing"])
def test_plain_text_gives_no_wrong_cell_and_names_every_row_left_in_doubt(name: str, read: Read) -> None:
    document, truth, _ = read(QUIRKS[name], "txt")
    mine, all_cells = Counter(normalised(item) for item in document.line_items), tables_of(truth)
    assert not mine - all_cells
    doubtful = {(row.row.table, row.row.name) for row in document.open_rows}
    assert {(key[0], key[4]) for key in all_cells - mine} <= doubtful
    assert bool(document.problems) == bool(doubtful)
    assert sum(mine.values()) >= 0.9 * sum(all_cells.values())


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
def test_a_workbook_of_numbers_gives_the_same_amounts_and_codes(ending: str, read: Read) -> None:
    quirks = Quirks(numeric_amounts=True, numeric_codes=True)
    document, truth, _ = read(quirks, ending)
    assert Counter(normalised(item) for item in document.line_items) == tables_of(truth)


@pytest.mark.parametrize("ending", ["xlsx", "xls", "docx", "html"])
def test_a_cell_knows_its_reference(ending: str, read: Read) -> None:
    document, truth, _ = read(Quirks(), ending)
    assert all(item.figure.place.cell for item in document.line_items)
    if ending in {"xlsx", "xls"}:
        expected = {(truth_key(cell), cell.cell) for cell in truth}
        assert all((normalised(item), item.figure.place.cell) in expected for item in document.line_items)


@pytest.mark.parametrize("name", ["plain", "page turned"])
def test_the_box_of_a_figure_is_where_another_reader_finds_it(name: str, read: Read) -> None:
    """pdfplumber, an independent parser, finds the printed digits inside the box on the page as it is shown."""
    document, _, path = read(QUIRKS[name], "pdf")
    with pdfplumber.open(path) as pdf:
        for item in document.line_items[:: len(document.line_items) // 40]:
            place = item.figure.place
            assert place.page and place.x0 is not None and place.x1 is not None
            page = pdf.pages[place.page - 1]
            box = (place.x0, max(0, place.top or 0), min(place.x1, page.width), min(place.bottom or 0, page.height))
            inside = "".join(char["text"] for char in page.within_bbox(box, strict=False).chars)
            assert sorted(inside.strip()) == sorted(item.figure.printed)


@pytest.mark.slow
@pytest.mark.parametrize("quirks", [Quirks(), Quirks(rulings="thin_rects"), Quirks(rulings="cell_rects")])
def test_grids_are_those_of_an_independent_reader(quirks: Quirks, read: Read) -> None:
    _, _, path = read(quirks, "pdf")
    with pdfplumber.open(path) as pdf:
        for page in read_pages(path):
            assert isinstance(page, Page)
            mine = [grid for grid in page_to_blocks(page) if isinstance(grid, Grid)]
            theirs = pdf.pages[page.number - 1].extract_tables()
            assert len(mine) == len(theirs)
            for grid, table in zip(mine, theirs, strict=True):
                texts = [
                    [
                        "".join(cell.text.split()) if cell and (cell.row, cell.column) == (r, c) else None
                        for c, cell in enumerate(row)
                    ]
                    for r, row in enumerate(grid.matrix())
                ]
                assert [[text or "" for text in row] for row in texts] == [
                    ["".join((text or "").split()) for text in row] for row in table
                ]


@pytest.mark.slow
def test_a_folder_of_all_habits_mixed_comes_back_whole(tmp_path: Path) -> None:
    make_corpus(Plan(24, 3, "mixed"), tmp_path, 1)
    truth: dict[str, Counter[Key]] = {}
    with (tmp_path / "truth.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["table"] != "narrative":
                named = row["table"] != "three_public"
                code, name = (row["code"], row["name"]) if named else ("", "")
                key = (row["table"], row["side"], row["phase"], code, name, row["measure"], row["amount"])
                truth.setdefault(row["file"], Counter())[key] += 1  # type: ignore[index]
    for path in sorted((tmp_path / "raw").iterdir()):
        document = read_and_resolve(path)
        mine = Counter((*normalised(item)[:6], f"{item.figure.amount:.2f}") for item in document.line_items)
        assert mine == truth[path.name], path.name


# Codes that are printed once for several rows -------------------------------------------------------------------------

# 类, 款, 项 as printed, and the code that the row has.
CODED = [
    ("201", "", "", "201"),
    ("", "03", "", "20103"),
    ("", "", "01", "2010301"),
    ("", "", "50", "2010350"),
    ("208", "05", "05", "2080505"),
    ("", "", "06", "2080506"),
    ("", "99", "99", "2089999"),
    ("210", "11", "01", "2101101"),
    ("", "", "02", "2101102"),
]


def merged(rows: list[tuple[str, ...]], row: int, column: int) -> int:
    """How many rows the cell spans where blanks below a code are merged with it; 0 where it is merged itself."""
    if column < 2 and rows[row][column] == "" and any(above[column] for above in rows[:row]):
        return 0
    following = [below[: column + 1] for below in rows[row + 1 :]]
    return 1 + next((i for i, codes in enumerate(following) if any(codes)), len(following)) if column < 2 else 1


def coded_page(spanned: bool) -> str:
    body = ""
    for row, (*codes, code) in enumerate(CODED):
        cells = ""
        for column, text in enumerate(codes):
            rows = merged(CODED, row, column) if spanned else 1
            cells += f'<td rowspan="{rows}">{text}</td>' if rows else ""
        body += f"<tr>{cells}<td>科目{code}</td><td>{code}</td><td>{code}</td><td></td></tr>"
    head = "<tr><td colspan=3>功能分类科目编码</td><td rowspan=2>功能分类科目名称</td><td rowspan=2>合计</td>"
    head += "<td rowspan=2>基本支出</td><td rowspan=2>项目支出</td></tr><tr><td>类</td><td>款</td><td>项</td></tr>"
    words = (
        "<p>上海市普陀区2025年区级单位预算</p><p>预算单位：上海市某局</p><p>2025年单位支出预算总表</p><p>单位：元</p>"
    )
    return f"<!DOCTYPE html><html><body>{words}<table>{head}{body}</table></body></html>"


@pytest.mark.parametrize("spanned", [False, True], ids=["blank below", "merged"])
def test_a_code_printed_once_belongs_to_the_rows_below_it(spanned: bool, tmp_path: Path) -> None:
    (tmp_path / "coded.html").write_text(coded_page(spanned), encoding="utf-8")
    items = read_and_resolve(tmp_path / "coded.html").line_items
    codes = [code for *_, code in CODED]
    assert [item.row.code for item in items if item.column.measure == "total"] == codes
    assert [int(item.figure.amount) for item in items if item.column.measure == "total"] == list(map(int, codes))
    assert {item.row.name for item in items} == {f"科目{code}" for code in codes}
    parents = {item.row.code: item.row.parent_code for item in items}
    assert (parents["20103"], parents["2010350"], parents["2080506"]) == ("201", "20103", "20805")


def test_quirks_are_one_at_a_time() -> None:
    """A quirk that equals the default would test nothing."""
    base = Quirks()
    for name, quirks in QUIRKS.items():
        if name not in {"plain", "rulings as strokes"}:
            assert replace(quirks) != base, name
