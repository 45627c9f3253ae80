"""Sets the project's own input: figures of published budgets, in a layout made by the project.

The figures come from tables of transcribed cells, one CSV per document (table, row, side, code, name, column, text),
and from `narrative.csv`, the amounts that the numbered items of the text state. Printed texts and codes are kept
exactly, blank cells stay blank. The sentences are our own: the official template filled with the stated amounts.
"""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from typesetter.book import LEVEL_WORDS, Book, Item, Line, Panel, Table, amount_of
from typesetter.classification import parts_of
from typesetter.corpus import SETTERS
from typesetter.forms import TITLES
from typesetter.narrative import OPENING_FUNDS, OPENING_INCOMES, closing_sentences, opening_sentences, wan_text
from typesetter.quirks import Quirks
from typesetter.tables import WAN

Record = dict[str, str]

MEASURES = {
    "合计": "total", "预算数": "total", "基本支出": "basic", "项目支出": "project",
    "人员经费": "personnel", "公用经费": "operating", "财政拨款收入": "fiscal_appropriation",
    "事业收入": "service_income",
    "事业单位经营收入": "business_income", "其他收入": "other_income", "一般公共预算": "general_public_budget",
    "政府性基金预算": "government_fund_budget", "国有资本经营预算": "state_capital_budget",
    "因公出国(境)费": "overseas_visits", "公务接待费": "receptions", "购置及运行费小计": "vehicles",
    "购置费": "vehicle_purchase", "运行费": "vehicle_operation", "机关运行经费": "agency_operating",
}  # fmt: skip
BY_NATURE = ("total", "basic", "project")
COLUMNS = {
    "revenue": ("total", *OPENING_INCOMES),
    "expenditure": BY_NATURE,
    "general_public_budget": BY_NATURE,
    "government_fund": BY_NATURE,
    "state_capital": BY_NATURE,
    "basic_by_economic": ("total", "personnel", "operating"),
    "three_public": (
        "total", "overseas_visits", "receptions", "vehicles", "vehicle_purchase", "vehicle_operation",
        "agency_operating",
    ),
}  # fmt: skip
REVENUE_LABELS = {
    "revenue_expenditure_summary": (
        "一、财政拨款收入", "1.一般公共预算资金", "2.政府性基金", "3.国有资本经营预算",
        "二、事业收入", "三、事业单位经营收入", "四、其他收入",
    ),
    "appropriation_summary": ("一、一般公共预算资金", "二、政府性基金", "三、国有资本经营预算"),
}  # fmt: skip
TOTALS = ("收入总计", "支出总计", "合计")


@dataclass(frozen=True, slots=True)
class Edition:
    """One shipped file: whose figures, as which kind of file, with which habits."""

    id: str
    ending: str
    heading: str
    quirks: Quirks


EDITIONS = (
    Edition("putuo-wanli-2023-dept", "pdf", "quoted", Quirks(rulings="thin_rects", repeated_header=False)),
    Edition("putuo-wanli-2024-dept", "xlsx", "quoted", Quirks(year_in_last_title=False)),
    Edition("putuo-wanli-2025-dept", "pdf", "subject", Quirks(lone_total=True, rotated=True)),
    Edition("putuo-shangwuwei-2025-dept", "pdf", "mixed", Quirks(rulings="cell_rects", least_rows=9)),
    Edition(
        "putuo-shangwuwei-2025-unit", "xlsx", "mixed", Quirks(one_sheet=True, least_rows=8, fund_word="政府性基金")
    ),
    Edition("putuo-sifaju-2026-dept", "pdf", "coded", Quirks(empty_word=True, rulings="thin_rects", white_cells=True)),
)


def read_records(path: Path) -> list[Record]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ship(gold: Path, out: Path) -> tuple[Path, ...]:
    """Set every edition under `out`, with SOURCES.md; returns the files written."""
    documents = {record["id"]: record for record in read_records(gold / "documents.csv")}
    narrative = read_records(gold / "narrative.csv")
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for edition in EDITIONS:
        items = [record for record in narrative if record["id"] == edition.id]
        book = book_of_records(documents[edition.id], read_records(gold / f"{edition.id}.csv"), items, edition.heading)
        path = out / file_name(documents[edition.id], edition.ending)
        SETTERS[edition.ending](book, path, edition.quirks)
        written.append(path)
    return tuple(written)


def file_name(document: Record, ending: str) -> str:
    """The name under which a document is shipped."""
    word = LEVEL_WORDS[document["level"]]
    return f"{document['organisation']}-{document['fiscal_year']}-{word}预算.{ending}"


def book_of_records(document: Record, cells: list[Record], items: list[Record], heading: str) -> Book:
    """The book of one document's transcribed figures."""
    by_table: dict[str, list[Record]] = defaultdict(list)
    for cell in cells:
        by_table[cell["table"]].append(cell)
    tables = tuple(_table(name, by_table[f"b{number}"]) for number, name in enumerate(TITLES, start=1))
    codes = _codes_by_path(tables[4])
    year, organisation = int(document["fiscal_year"]), document["organisation"]
    word = LEVEL_WORDS[document["level"]]
    return Book(
        organisation, document["level"], year, tables,
        opening_sentences(organisation, year, _opening_sums(tables)),
        tuple(_item(record, codes, heading) for record in items),
        closing_sentences(year, word, tables[-1]),
    )  # fmt: skip


def _table(name: str, cells: list[Record]) -> Table:
    if name in REVENUE_LABELS:
        return Table(name, (_revenue_side(name, cells), _expenditure_side(name, cells)))
    side = "revenue" if name == "revenue" else "expenditure"
    lines = _lines(cells, side, COLUMNS[name])
    if name == "three_public":
        return Table(name, (Panel(side, COLUMNS[name], tuple(lines), labelled=False),), WAN)
    blank = Line((), "合计", ("",) * len(COLUMNS[name]))
    return Table(name, (_closed(side, COLUMNS[name], lines, blank),))


def _lines(cells: list[Record], side: str, measures: tuple[str, ...]) -> list[Line]:
    """The printed rows of one side, in order; a column that the records do not name is blank."""
    rows: dict[int, list[Record]] = defaultdict(list)
    for cell in cells:
        if cell["side"] == side:
            rows[int(cell["row"])].append(cell)
    lines = []
    for _, row in sorted(rows.items()):
        texts = {MEASURES[cell["column"]]: cell["text"] for cell in row}
        ordered = tuple(texts.pop(measure, "") for measure in measures)
        if texts:
            raise ValueError(f"row {row[0]['name']!r} has figures in columns that its table has not: {sorted(texts)}")
        lines.append(Line(parts_of(row[0]["code"]), row[0]["name"], ordered))
    return lines


def _closed(side: str, measures: tuple[str, ...], lines: list[Line], blank: Line) -> Panel:
    """A panel whose total row is taken out of `lines`, or is blank where none was printed with a figure."""
    total = next((line for line in lines if line.name in TOTALS), blank)
    return Panel(side, measures, tuple(line for line in lines if line is not total), total)


def _revenue_side(name: str, cells: list[Record]) -> Panel:
    """The printed revenue rows, and the form's rows that stand without a figure, each known by its ordinal."""
    panel = _closed("revenue", ("total",), _lines(cells, "revenue", ("total",)), Line((), "收入总计", ("",)))
    printed = {_ordinal(line.name): line for line in panel.lines}
    blank = {_ordinal(label): Line((), label, ("",)) for label in REVENUE_LABELS[name]}
    return Panel("revenue", ("total",), tuple((blank | printed).values()), panel.total)


def _ordinal(label: str) -> str:
    return re.split(r"[、.]", label)[0]


def _expenditure_side(name: str, cells: list[Record]) -> Panel:
    named = {cell["column"] for cell in cells if cell["side"] == "expenditure"}
    if name == "appropriation_summary":
        measures: tuple[str, ...] = ("total", *OPENING_FUNDS)
    elif "人员经费" in named:
        measures = ("total", "personnel", "operating", "project")
    else:
        measures = ("total",)
    blank = Line((), "支出总计", ("",) * len(measures))
    return _closed("expenditure", measures, _lines(cells, "expenditure", measures), blank)


def _codes_by_path(table: Table) -> dict[tuple[str, ...], str]:
    """The code of each item by the names of its class, its section and itself."""
    names = {line.code: line.name for line in table.panels[0].lines}
    return {(names[c[:3]], names[c[:5]], names[c]): c for c in names if len(c) == 7}


def _item(record: Record, codes: dict[tuple[str, ...], str], heading: str) -> Item:
    path = (record["class_name"], record["group_name"], record["item_name"])
    flat = record["text_of_direction"] == "持平"
    return Item(
        number=int(record["item"]),
        parts=parts_of(record["printed_code"] or codes.get(path, "")),
        names=path,
        purpose=f"{record['item_name']}相关工作",
        current=record["current_wanyuan"],
        arranged=record["arranged_wanyuan"],
        prior=record["prior_execution_wanyuan"],
        percent="" if flat else record["change_percent"].lstrip("-"),
        direction=record["text_of_direction"],
        heading=heading,
    )


def _opening_sums(tables: tuple[Table, ...]) -> dict[str, str]:
    """What the opening states, in 万元, from the revenue sides of the two summaries."""
    whole, appropriated = tables[0].panels[0], tables[3].panels[0]
    labels = {"fiscal_appropriation": "一", "service_income": "二", "business_income": "三", "other_income": "四"}
    by_ordinal = {_ordinal(line.name): line for line in whole.lines}
    lines = {measure: by_ordinal[ordinal] for measure, ordinal in labels.items()}
    lines |= dict(zip(OPENING_FUNDS, appropriated.lines, strict=True))
    lines |= {"total": whole.total or whole.lines[0]}
    return {measure: wan_text(int((amount_of(line.texts[0], 1) or 0) * 100)) for measure, line in lines.items()}
