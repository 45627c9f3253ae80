"""A table of a report as csv: numbers that compute, gaps that are empty, and no word that a spreadsheet runs."""

import csv
import io

from analysis.display.table_csv import MARK, table_csv
from analysis.display.tables import Heading, Table, TableCell


def test_numbers_are_plain_gaps_empty_and_words_no_formulas() -> None:
    heads = (Heading("名称", number=False), Heading("金额"), Heading("比上年"))
    rows = (
        ("=HYPERLINK(1)", TableCell("1,234.50", "d/1", suspect=True), "+4.36%"),
        ("甲，乙", "—", "-12.00"),
        ("丙", "无此科目", ""),
        ("\t=1", "-", ""),
    )
    text = table_csv(Table("题", heads, rows))
    assert text.startswith(MARK)
    assert list(csv.reader(io.StringIO(text.removeprefix(MARK)))) == [
        ["名称", "金额", "比上年"],
        ["'=HYPERLINK(1)", "1234.50", "4.36%"],
        ["甲，乙", "", "-12.00"],
        ["丙", "无此科目", ""],
        ["'\t=1", "-", ""],
    ]
