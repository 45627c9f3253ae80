"""Sets a book as plain text, as an extraction from PDF leaves it.

The columns have collapsed: a row keeps the order of its figures and nothing else, blank cells are gone, header cells
stand in lines of their own. A page break is three blank lines; every printed row is followed by a blank one. The
truth bears line numbers.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from typesetter.book import Book, Table, Truth, narrative_truth, truth_of
from typesetter.forms import GROUP_WORDS, MEASURE_WORDS, note_of, title_of, unit_caption
from typesetter.narrative import TERMS, duties_of, sentence_of
from typesetter.quirks import Quirks
from typesetter.type import broken

LINE_EMS = 63.0
ROWS_ON_FIRST, ROWS_ON_NEXT = 14, 17
PAGE_BREAK = ("", "", "")


def set_txt(book: Book, path: Path, quirks: Quirks) -> tuple[Truth, ...]:
    """Write the book to `path`; returns its truth with line numbers."""
    page = _Page()
    label = "预算主管部门" if book.level == "department" else "预算单位"
    page.add("", f"上海市普陀区{book.year}年区级{book.word}预算", "", f"{label}：{book.organisation}")
    page.add(f" {book.organisation}主要职能", "", *_wrapped(duties_of(book.organisation, book.word)), *PAGE_BREAK)
    page.add("名词解释", "", *_wrapped(TERMS), *PAGE_BREAK)
    page.add(f"{book.year}年{book.word}预算编制说明", "", *_wrapped(book.opening))
    for item in book.items:
        page.state(narrative_truth(item, book.year), _wrapped((sentence_of(item, book.year),)))
    page.add(*PAGE_BREAK)
    for table in book.tables:
        _add_table(page, book, table, quirks)
    page.add("其他相关情况说明", "", *_wrapped(book.closing))
    for section in book.further:
        page.add(*PAGE_BREAK, section.head, "", *_wrapped(section.paragraphs))
    path.write_text("\n".join(page.lines) + "\n", encoding="utf-8")
    return tuple(page.truth)


class _Page:
    """The lines so far, and the truth of those that state amounts."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.truth: list[Truth] = []

    def add(self, *lines: str) -> None:
        self.lines += lines

    def state(self, truths: tuple[Truth, ...], lines: tuple[str, ...]) -> None:
        number = len(self.lines) + 1
        self.truth += [replace(truth, line=number) for truth in truths]
        self.lines += lines


def _wrapped(paragraphs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(line for paragraph in paragraphs for line in broken(f"    {paragraph}", LINE_EMS))


def _add_table(page: _Page, book: Book, table: Table, quirks: Quirks) -> None:
    body = f"{quirks.body_word}{book.word}： {book.organisation}"
    page.add(title_of(book, table.id, quirks), "", f"{body} {unit_caption(table.id)}", "")
    header = _header(book, table, quirks)
    page.add(*header, "")
    room = ROWS_ON_FIRST
    for row in _rows(book, table, quirks):
        if room == 0:
            page.add("", "", *((*header, "") if quirks.repeated_header else ()))
            room = ROWS_ON_NEXT
        page.state(row[1], (row[0], ""))
        room -= 1
    note = note_of(book, table)
    page.add(*((note, "") if note else ()), "", "")


def _rows(book: Book, table: Table, quirks: Quirks) -> Iterator[tuple[str, tuple[Truth, ...]]]:
    """The printed rows: the sides of one row follow one another; a row of nothing at all is not there.

    A row that ends in an amount has a space after it, as extracted text has.
    """
    longest = max(len(panel.lines) for panel in table.panels)
    for number in range(longest + 1):
        pieces: list[str] = []
        truths: list[Truth] = []
        closed = False
        for panel in table.panels:
            line = panel.total if number == longest else panel.lines[number] if number < len(panel.lines) else None
            if line is None:
                continue
            code = (line.printed_code,) if quirks.one_code_column else line.parts
            pieces += [*code, line.name, *line.texts]
            closed = any(line.texts) or (closed and not line.name)
            found = (truth_of(table, panel, line, measure, book.year) for measure in panel.measures)
            truths += [truth for truth in found if truth is not None]
        text = " ".join(piece for piece in pieces if piece)
        if text:
            yield (f"{text} " if closed else text), tuple(truths)


def _header(book: Book, table: Table, quirks: Quirks) -> tuple[str, ...]:
    match table.id:
        case "revenue_expenditure_summary" if len(table.panels[1].measures) == 1:
            return ("本年收入 本年支出", "", "项目 预算数 项目 预算数")
        case "revenue_expenditure_summary":
            return (
                "本年收入 本年支出", "", "项目 预算数 项目", "", "预算数", "",
                "合计", "基本支出", "", "项目支出", "人员经费 公用经费",
            )  # fmt: skip
        case "appropriation_summary":
            funds = f"一般公共预算 {quirks.fund_word} 国有资本经营预算"
            return ("财政拨款收入 财政拨款支出", "", f"项目 预算数 项目 合计 {funds}")
        case "three_public":
            return (
                f"{book.year}年“三公”经费预算数", "", f"{book.year}年机关运行经", "费预算数", "",
                "合计 因公出国(境)费 公务接待费", "", "公务用车购置及运行费", "", "小计 购置费 运行费",
            )  # fmt: skip
        case "revenue":
            names = "功能分类科目名称 合计 财政拨款收入 事业收入"
            return (
                "项目 收入预算", "", "功能分类科目编码", names, "",
                "事业单位", "经营收入", "", "其他收入", *_levels(3, quirks),
            )  # fmt: skip
        case "basic_by_economic":
            names = "部门经济分类科目名称 合计 人员经费 公用经费"
            return ("项目 一般公共预算基本支出", "", "经济分类科目编码", names, "", *_levels(2, quirks))
        case _:
            group = quirks.capital_words if table.id == "state_capital" else GROUP_WORDS[table.id]
            names = " ".join(("功能分类科目名称", *(MEASURE_WORDS[measure] for measure in table.panels[0].measures)))
            return (f"项目 {group}", "", "功能分类科目编码", names, "", *_levels(3, quirks))


def _levels(count: int, quirks: Quirks) -> tuple[str, ...]:
    return () if quirks.one_code_column else (" ".join("类款项"[:count]),)
