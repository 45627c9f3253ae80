"""The typesetter is a witness: what it says is true of a file must stand in the file, and its sums must balance."""

import csv
import re
from collections import Counter
from dataclasses import fields, replace
from decimal import Decimal
from pathlib import Path
from random import Random

import docx
import lxml.html
import openpyxl
import pypdfium2
import pytest
import python_calamine
from hypothesis import given, settings
from hypothesis import strategies as st
from typesetter.accounts import Accounts, department_of, make_accounts, next_year
from typesetter.book import Book, Truth, all_truth, amount_of
from typesetter.classification import classification
from typesetter.corpus import SETTERS, Plan, make_corpus
from typesetter.pdf import set_pdf
from typesetter.planting import KINDS, plant
from typesetter.quirks import Quirks, drawn_quirks
from typesetter.shipped import EDITIONS, MEASURES, book_of_records, file_name, read_records, ship
from typesetter.tables import book_of

ROOT = Path(__file__).resolve().parent.parent
GOLD = ROOT.parent / "shared" / "gold"
needs_gold = pytest.mark.skipif(not GOLD.is_dir(), reason="the transcribed figures (../shared/gold) are not here")

ZERO = Decimal(0)
FUNDS = {
    "general_public_budget": "general_public_budget",
    "government_fund": "government_fund_budget",
    "state_capital": "state_capital_budget",
}


def accounts(seed: int, step: int = 100) -> Accounts:
    rng = Random(seed)
    body = rng.choice(classification().bodies)
    office = make_accounts(rng, body, "上海市普陀区晨曦办公室", 2023, step=step)
    unit = make_accounts(rng, body, "上海市普陀区晨曦中心", 2023, administrative=False, step=step)
    if rng.random() < 0.5:
        office, unit = next_year(office, body, rng), next_year(unit, body, rng)
    return rng.choice((office, unit, department_of("上海市普陀区晨曦办公室", (office, unit))))


def made_book(seed: int = 1, quirks: Quirks | None = None) -> Book:
    return book_of(accounts(seed), quirks or Quirks())


class Figures:
    """The figures of a book by table and row."""

    def __init__(self, book: Book) -> None:
        self.rows: dict[tuple[str, str], dict[str, dict[str, Decimal]]] = {}
        for table in book.tables:
            for panel in table.panels:
                rows = self.rows.setdefault((table.id, panel.side), {})
                for line in panel.rows:
                    amounts = [amount_of(text, table.unit) or ZERO for text in line.texts]
                    rows[line.code or line.name] = dict(zip(panel.measures, amounts, strict=True))

    def table(self, name: str, side: str = "expenditure") -> dict[str, dict[str, Decimal]]:
        return self.rows[name, side]

    def coded(self) -> list[dict[str, dict[str, Decimal]]]:
        return [rows for rows in self.rows.values() if "合计" in rows]


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), step=st.sampled_from((1, 100)))
def test_made_accounts_balance(seed: int, step: int) -> None:
    plan = accounts(seed, step)
    style = "grouped_fen" if step == 1 else "grouped"
    book = book_of(plan, Quirks(summary_columns=4, amounts=style))
    figures = Figures(book)
    assert_codes_add_up(figures)
    assert_rows_add_up(figures)
    assert_tables_agree(figures)
    assert_classifications_agree(figures, plan)


def assert_codes_add_up(figures: Figures) -> None:
    for rows in figures.coded():
        codes = [code for code in rows if code.isdigit()]
        for code in [*codes, "合计"]:
            prefix, wanted = ("", 3) if code == "合计" else (code, len(code) + 2)
            parts = [rows[other] for other in codes if len(other) == wanted and other.startswith(prefix)]
            if parts:
                assert rows[code] == {measure: sum(part[measure] for part in parts) for measure in rows[code]}


def assert_rows_add_up(figures: Figures) -> None:
    for rows in figures.rows.values():
        for row in rows.values():
            for parts in (
                ("personnel", "operating"),
                ("basic", "project"),
                ("personnel", "operating", "project"),
                ("fiscal_appropriation", "service_income", "business_income", "other_income"),
                tuple(FUNDS.values()),
                ("overseas_visits", "receptions", "vehicles"),
            ):
                if set(row) - {"vehicle_purchase", "vehicle_operation", "agency_operating"} == {"total", *parts}:
                    assert row["total"] == sum(row[part] for part in parts)
    public = figures.table("three_public")[""]
    assert public["vehicles"] == public["vehicle_purchase"] + public["vehicle_operation"]


def assert_tables_agree(figures: Figures) -> None:
    revenue, expenditure = figures.table("revenue", "revenue"), figures.table("expenditure")
    assert {code: row["total"] for code, row in revenue.items()} == {c: row["total"] for c, row in expenditure.items()}
    income = figures.table("revenue_expenditure_summary", "revenue")
    spending = figures.table("revenue_expenditure_summary")
    assert income["收入总计"]["total"] == spending["支出总计"]["total"] == revenue["合计"]["total"]
    assert income["一、财政拨款收入"]["total"] == revenue["合计"]["fiscal_appropriation"]
    assert spending["支出总计"]["project"] == expenditure["合计"]["project"]
    appropriated = figures.table("appropriation_summary")["支出总计"]
    assert appropriated["total"] == income["一、财政拨款收入"]["total"]
    for table, measure in FUNDS.items():
        assert appropriated[measure] == figures.table(table)["合计"]["total"]
    basic = figures.table("basic_by_economic")["合计"]
    assert basic["total"] == figures.table("general_public_budget")["合计"]["basic"]
    assert basic["personnel"] == spending["支出总计"]["personnel"]
    for code, row in figures.table("general_public_budget").items():
        assert expenditure[code]["total"] >= row["total"]


def assert_classifications_agree(figures: Figures, plan: Accounts) -> None:
    economic, functional = figures.table("basic_by_economic"), figures.table("general_public_budget")

    def basic(*codes: str) -> Decimal:
        return sum((functional[code]["basic"] for code in codes if code in functional), ZERO)

    assert economic["30108"]["total"] == basic("2080505")
    assert economic["30109"]["total"] == basic("2080506")
    assert economic["30110"]["total"] == basic("2101101", "2101102")
    assert economic["30113"]["total"] == basic("2210201")
    public = figures.table("three_public")[""]
    assert public["receptions"] >= economic.get("30217", {"total": ZERO})["total"]
    if plan.level == "unit" and plan.administrative:
        assert abs(public["agency_operating"] - economic["合计"]["operating"]) <= 50


def pages_text(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as document:
        return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def assert_printed_on_pages(path: Path, truth: tuple[Truth, ...]) -> None:
    pages = [*pages_text(path), ""]
    in_tables = Counter((cell.page, cell.printed) for cell in truth if cell.table != "narrative")
    for (page, printed), count in in_tables.items():
        assert pages[page - 1].count(printed) >= count
    for cell in truth:
        if cell.table == "narrative":
            assert cell.printed in pages[cell.page - 1] + pages[cell.page]


CHANGED = {
    "amounts": "plain_fen", "nothing": "dash", "summary_columns": 4, "heading": "coded", "fund_word": "政府性基金",
    "body_word": "预算", "capital_words": "国有资本经营财政拨款预算支出", "least_rows": 7, "rulings": "cell_rects",
}  # fmt: skip


@pytest.mark.parametrize("quirk", [field.name for field in fields(Quirks)])
def test_every_quirk_keeps_the_truth_on_its_page(quirk: str, tmp_path: Path) -> None:
    quirks = replace(Quirks(), **{quirk: CHANGED.get(quirk, not getattr(Quirks(), quirk))})
    truth = set_pdf(made_book(2, quirks), tmp_path / "book.pdf", quirks)
    assert_printed_on_pages(tmp_path / "book.pdf", truth)


@pytest.mark.parametrize("rotated", [False, True])
def test_boxes_hold_their_figure(rotated: bool, tmp_path: Path) -> None:
    quirks = Quirks(rotated=rotated)
    truth = set_pdf(made_book(8, quirks), tmp_path / "book.pdf", quirks)
    with pypdfium2.PdfDocument(tmp_path / "book.pdf") as document:
        pages = [page.get_textpage() for page in document]
        for cell in truth:
            if cell.table != "narrative":
                upright = (cell.x0, 595 - cell.bottom, cell.x1, 595 - cell.top)
                turned = (cell.top, cell.x0, cell.bottom, cell.x1)
                assert pages[cell.page - 1].get_text_bounded(*(turned if rotated else upright)).strip() == cell.printed


def test_setters_return_the_truth_of_the_book(tmp_path: Path) -> None:
    book = made_book(3)
    wanted = Counter(
        (cell.table, cell.phase, cell.code, cell.name, cell.measure, cell.printed) for cell in all_truth(book)
    )
    for ending, setter in SETTERS.items():
        truth = setter(book, tmp_path / f"book.{ending}", Quirks())
        found = Counter((cell.table, cell.phase, cell.code, cell.name, cell.measure, cell.printed) for cell in truth)
        assert found == wanted


@pytest.mark.parametrize("quirks", [Quirks(), Quirks(one_sheet=True, title_in_frame=True, amounts="plain_fen")])
def test_workbook_cells_hold_the_truth(quirks: Quirks, tmp_path: Path) -> None:
    book = made_book(4, quirks)
    truth = SETTERS["xlsx"](book, tmp_path / "book.xlsx", quirks)
    file = openpyxl.load_workbook(tmp_path / "book.xlsx")
    for cell in truth:
        sheet, _, place = cell.cell.rpartition("!")
        assert file.worksheets[cell.page - 1].title == sheet
        value = file[sheet][place].value
        assert value == cell.printed if cell.table != "narrative" else cell.printed in value


def test_numeric_cells_hold_the_amount_and_lose_the_zeros_of_codes(tmp_path: Path) -> None:
    quirks = Quirks(numeric_amounts=True, numeric_codes=True)
    truth = SETTERS["xlsx"](made_book(4, quirks), tmp_path / "book.xlsx", quirks)
    file = openpyxl.load_workbook(tmp_path / "book.xlsx")
    for cell in truth:
        if cell.table not in ("narrative", "three_public"):
            sheet, _, place = cell.cell.rpartition("!")
            assert Decimal(str(file[sheet][place].value)) == cell.amount
    assert {"2085"} == {cell.printed_code for cell in truth if cell.code == "20805"}


def test_xls_has_the_cells_of_xlsx(tmp_path: Path) -> None:
    book, quirks = made_book(5), Quirks()
    read = []
    for ending in ("xlsx", "xls"):
        SETTERS[ending](book, tmp_path / f"book.{ending}", quirks)
        file = python_calamine.CalamineWorkbook.from_path(str(tmp_path / f"book.{ending}"))
        read.append([file.get_sheet_by_name(name).to_python() for name in file.sheet_names])
    assert read[0] == read[1]


def test_tables_of_text_documents_hold_the_truth(tmp_path: Path) -> None:
    book = made_book(6)
    truth = SETTERS["docx"](book, tmp_path / "book.docx", Quirks())
    SETTERS["html"](book, tmp_path / "book.html", Quirks())
    by_table = Counter((cell.cell.partition("!")[0], cell.printed) for cell in truth if cell.cell)
    in_word = docx.Document(str(tmp_path / "book.docx")).tables
    in_page = lxml.html.parse(str(tmp_path / "book.html")).findall(".//table")
    for number, (word, page) in enumerate(zip(in_word, in_page, strict=True), start=1):
        wanted = {printed: count for (name, printed), count in by_table.items() if name == f"T{number}"}
        for texts in ([t.text for t in word._tbl.iter("{*}t")], [cell.text_content() for cell in page.iter("td")]):
            found = Counter(texts)
            assert all(found[printed] >= count for printed, count in wanted.items())


def test_plain_text_lines_hold_the_truth_and_blanks_vanish(tmp_path: Path) -> None:
    book = made_book(7, Quirks(summary_columns=4))
    truth = SETTERS["txt"](book, tmp_path / "book.txt", Quirks(summary_columns=4))
    lines = (tmp_path / "book.txt").read_text(encoding="utf-8").split("\n")
    for cell in truth:
        here = "".join(line.strip() for line in lines[cell.line - 1 : cell.line + 4])
        assert cell.printed in (here if cell.table == "narrative" else lines[cell.line - 1].split(" "))
    assert not any("  " in lines[cell.line - 1] for cell in truth if cell.table != "narrative")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(6))
def test_planting_changes_exactly_the_named_cells(kind: str, seed: int) -> None:
    book = made_book(seed)
    wrong, planted = plant(book, Random(seed), kind)
    altered = []
    for old_table, new_table in zip(book.tables, wrong.tables, strict=True):
        for old, new in zip(old_table.panels, new_table.panels, strict=True):
            for before, after in zip(old.rows, new.rows, strict=True):
                place = (kind, new_table.id, new.side, before.code, before.name)
                if before.parts != after.parts:
                    altered.append((*place, "", after.printed_code, before.printed_code))
                texts = zip(old.measures, after.texts, before.texts, strict=True)
                altered += [(*place, *text) for text in texts if text[1] != text[2]]
    assert altered == sorted(
        (tuple(getattr(one, field.name) for field in fields(one)) for one in planted), key=altered.index
    )
    assert altered and (wrong.items, wrong.opening) == (book.items, book.opening)


@pytest.mark.parametrize("format_", [*SETTERS, "mixed"])
def test_same_seed_same_bytes(format_: str, tmp_path: Path) -> None:
    plan = Plan(documents=3, seed=7, format=format_, errors=2)
    for turn in ("a", "b"):
        make_corpus(plan, tmp_path / turn)
    first, second = (
        {str(path.relative_to(tmp_path / turn)): path.read_bytes() for path in (tmp_path / turn).rglob("*.*")}
        for turn in ("a", "b")
    )
    assert first == second
    assert len(first) == 3 + 3


def test_workers_make_the_same_corpus(tmp_path: Path) -> None:
    plan = Plan(documents=14, seed=3, format="html", errors=5)
    make_corpus(plan, tmp_path / "one", workers=1)
    make_corpus(plan, tmp_path / "two", workers=2)
    for name in ("truth.csv", "narrative.csv", "errors.csv"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    assert len(list((tmp_path / "one" / "raw").iterdir())) == 14


def test_drawn_corpora_keep_their_truth(tmp_path: Path) -> None:
    for seed in range(6):
        quirks = drawn_quirks(Random(seed))
        truth = set_pdf(made_book(seed, quirks), tmp_path / f"{seed}.pdf", quirks)
        assert_printed_on_pages(tmp_path / f"{seed}.pdf", truth)


@needs_gold
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda edition: edition.id)
def test_shipped_files_hold_each_gold_figure(edition, tmp_path: Path) -> None:
    document = next(row for row in read_records(GOLD / "documents.csv") if row["id"] == edition.id)
    cells = read_records(GOLD / f"{edition.id}.csv")
    items = [row for row in read_records(GOLD / "narrative.csv") if row["id"] == edition.id]
    book = book_of_records(document, cells, items, edition.heading)
    truth = [cell for cell in all_truth(book) if cell.table != "narrative"]
    assert Counter((c.side, c.printed_code, c.name, c.measure, c.printed) for c in truth) == Counter(
        (row["side"], row["code"], row["name"], MEASURES[row["column"]], row["text"]) for row in cells
    )
    assert Counter(float(item.current) for item in book.items) == Counter(
        float(row["current_wanyuan"]) for row in items
    )
    path = ROOT / "data" / "raw" / file_name(document, edition.ending)
    if edition.ending == "pdf":
        text = "".join(pages_text(path))
        figures = Counter(cell.printed for cell in all_truth(book))
        assert all(text.count(printed) >= count for printed, count in figures.items())
        assert all("".join(row["name"].split()) in text for row in cells)
    else:
        sheets = openpyxl.load_workbook(path).worksheets
        values = Counter(value for sheet in sheets for row in sheet.values for value in row if value)
        assert not Counter(cell.printed for cell in truth) - values


@needs_gold
def test_shipped_files_are_what_the_typesetter_makes(tmp_path: Path) -> None:
    for path in ship(GOLD, tmp_path):
        assert (ROOT / "data" / "raw" / path.name).read_bytes() == path.read_bytes()


def test_sources_name_every_shipped_file() -> None:
    raw = ROOT / "data" / "raw"
    named = set(re.findall(r"`([^`]+\.(?:pdf|xlsx|docx|txt))`", (raw / "SOURCES.md").read_text(encoding="utf-8")))
    assert named == {path.name for path in raw.iterdir() if path.name != "SOURCES.md" and not path.name.startswith(".")}


def test_truth_file_has_a_row_for_every_amount(tmp_path: Path) -> None:
    count = make_corpus(Plan(documents=2, seed=5, format="txt"), tmp_path)
    with (tmp_path / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == count
    assert all(Decimal(row["amount"]) >= 0 and row["line"] for row in rows)
