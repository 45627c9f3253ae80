"""The forms of Shanghai: titles, merged headers and column widths of the nine tables.

A header is data: a tuple of labels, each with its place and its span over rows and columns. What differs between
published files (the words for a fund, one code column or three, one expenditure column or four) is decided by quirks;
the rest is fixed.
"""

from dataclasses import replace

from typesetter.book import Book, Table
from typesetter.layout import Form, Heading, Label, row_of_labels
from typesetter.quirks import Quirks

TITLES = {
    "revenue_expenditure_summary": "财务收支预算总表",
    "revenue": "收入预算总表",
    "expenditure": "支出预算总表",
    "appropriation_summary": "财政拨款收支预算总表",
    "general_public_budget": "一般公共预算支出功能分类预算表",
    "government_fund": "政府性基金预算支出功能分类预算表",
    "state_capital": "国有资本经营预算支出功能分类预算表",
    "basic_by_economic": "一般公共预算基本支出部门预算经济分类预算表",
    "three_public": "“三公”经费和机关运行经费预算表",
}
MEASURE_WORDS = {
    "total": "合计",
    "basic": "基本支出",
    "project": "项目支出",
    "personnel": "人员经费",
    "operating": "公用经费",
    "fiscal_appropriation": "财政拨款收入",
    "service_income": "事业收入",
    "business_income": "事业单位经营收入",
    "other_income": "其他收入",
}
GROUP_WORDS = {
    "revenue": "收入预算",
    "expenditure": "支出预算",
    "general_public_budget": "一般公共预算支出",
    "government_fund": "政府性基金预算支出",
    "basic_by_economic": "一般公共预算基本支出",
}
EMPTY_WORDS = {"government_fund": "政府性基金预算", "state_capital": "国有资本经营预算"}


def title_of(book: Book, table: str, quirks: Quirks) -> str:
    """The table's published title."""
    if table == "three_public" and not quirks.year_in_last_title:
        return f"{book.word}{TITLES[table]}"
    return f"{book.year}年{book.word}{TITLES[table]}"


def heading_of(book: Book, table: Table, quirks: Quirks) -> Heading:
    """What stands around a table: what its family fixes, or the words of Shanghai."""
    if table.heading is not None:
        return table.heading
    captions = f"{quirks.body_word}{book.word}：{book.organisation}", unit_caption(table.id)
    return Heading(title_of(book, table.id, quirks), captions, note=note_of(book, table))


def unit_caption(table: str) -> str:
    """The unit line at the right above the table."""
    return "单位:万元" if table == "three_public" else "单位：元"


def note_of(book: Book, table: Table) -> str:
    """The sentence below an empty table; nothing for others."""
    words = EMPTY_WORDS.get(table.id)
    if words is None or not table.empty:
        return ""
    return f"注：本{book.word}{book.year}年无{words}财政拨款安排的预算，故本表为空表。"


def form_of(table: Table, year: int, quirks: Quirks) -> Form:
    """The form that fits a table: what its family fixes, or the shape in Shanghai."""
    if table.form is not None:
        return table.form
    match table.id:
        case "revenue_expenditure_summary":
            return _summary_form(len(table.panels[1].measures))
        case "appropriation_summary":
            return _appropriation_form(quirks)
        case "three_public":
            return _three_public_form(year)
        case _:
            return _coded_form(table, quirks)


def _summary_form(columns: int) -> Form:
    if columns == 1:
        words = ("项目", "预算数", "项目", "预算数")
        sides = (Label(0, 0, 1, 2, "本年收入"), Label(0, 2, 1, 2, "本年支出"))
        return Form((*sides, *row_of_labels(1, words)), 2, (210, 140, 210, 140))
    labels = (
        Label(0, 0, 1, 2, "本年收入"), Label(0, 2, 1, 5, "本年支出"),
        Label(1, 0, 3, 1, "项目"), Label(1, 1, 3, 1, "预算数"), Label(1, 2, 3, 1, "项目"), Label(1, 3, 1, 4, "预算数"),
        Label(2, 3, 2, 1, "合计"), Label(2, 4, 1, 2, "基本支出"), Label(2, 6, 2, 1, "项目支出"),
        Label(3, 4, 1, 1, "人员经费"), Label(3, 5, 1, 1, "公用经费"),
    )  # fmt: skip
    return Form(labels, 4, (145, 95, 160, 95, 90, 90, 95))


def _appropriation_form(quirks: Quirks) -> Form:
    words = ("项目", "预算数", "项目", "合计", "一般公共预算", quirks.fund_word, "国有资本经营预算")
    labels = (Label(0, 0, 1, 2, "财政拨款收入"), Label(0, 2, 1, 5, "财政拨款支出"))
    return Form((*labels, *row_of_labels(1, words)), 2, (140, 95, 105 if quirks.narrow_names else 160, 95, 95, 90, 95))


def _three_public_form(year: int) -> Form:
    labels = (
        Label(0, 0, 1, 6, f"{year}年“三公”经费预算数"), Label(0, 6, 3, 1, f"{year}年机关运行经费预算数"),
        Label(1, 0, 2, 1, "合计"), Label(1, 1, 2, 1, "因公出国(境)费"), Label(1, 2, 2, 1, "公务接待费"),
        Label(1, 3, 1, 3, "公务用车购置及运行费"), *row_of_labels(2, ("小计", "购置费", "运行费"), 3),
    )  # fmt: skip
    return Form(labels, 3, (105,) * 7)


def _coded_form(table: Table, quirks: Quirks) -> Form:
    """The tables by code: code columns, a name, and amounts under one group word."""
    economic = table.id == "basic_by_economic"
    levels = ("类", "款") if economic else ("类", "款", "项")
    codes, name = (
        ("部门预算经济分类科目编码", "经济分类科目名称") if economic else ("功能分类科目编码", "功能分类科目名称")
    )
    measures = table.panels[0].measures
    group = quirks.capital_words if table.id == "state_capital" else GROUP_WORDS[table.id]
    count = 1 if quirks.one_code_column else len(levels)
    depth = 2 if quirks.one_code_column else 3
    first = count + 1
    labels = (
        Label(0, 0, 1, first, "项目"),
        Label(0, first, 1, len(measures), group),
        Label(1, 0, 1, count, codes),
        Label(1, count, depth - 1, 1, name),
        *(() if quirks.one_code_column else row_of_labels(2, levels)),
        *(
            replace(label, rows=depth - 1)
            for label in row_of_labels(1, tuple(MEASURE_WORDS[m] for m in measures), first)
        ),
    )
    if quirks.narrow_names:
        amount, name_width = 76, 100
    else:
        amount, name_width = (92, 190) if len(measures) > 3 else (120, 240)
    code_width = 110 if quirks.one_code_column else 55 if economic else 38
    return Form(labels, depth, (code_width,) * count + (name_width,) + (amount,) * len(measures), count)
