"""The findings for a spreadsheet: csv and xlsx in which nothing runs, each row with the organisation and year."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path

import polars as pl
import xlsxwriter

from analysis.atomic import replacing
from analysis.dataset.export import write_csv

_HEADS: Mapping[str, str] = {
    "severity": "程度 severity",
    "status": "状态 status",
    "organisation": "单位 organisation",
    "document_year": "年度 year",
    "source_file": "文件 file",
    "page": "页 page",
    "line": "行 line",
    "cell": "单元格 cell",
    "table": "表 table",
    "code": "编码 code",
    "name": "名称 name",
    "measure": "栏 measure",
    "message_zh": "说明",
    "message_en": "message",
    "printed": "印出 printed",
    "expected": "应为 expected",
    "cause": "原因 cause",
    "evidence": "依据 evidence",
    "alternatives": "其他可能 alternatives",
    "accepted_reason": "确认理由 accepted because",
    "rule": "规则 rule",
    "check_id": "检查 check_id",
    "document_id": "文件标识 document_id",
    "finding_id": "问题标识 finding_id",
}
_WIDE = {"message_zh": 50, "message_en": 50, "evidence": 60, "alternatives": 50, "source_file": 32, "organisation": 28}
_ROWS = 1_048_575
_CELL = 32_000
_AT_ONCE = 20_000


def write_downloads(findings: pl.LazyFrame, documents: pl.DataFrame, folder: Path) -> tuple[Path, Path]:
    """Write findings.csv and findings.xlsx; a sheet holds the first million findings, the csv all of them."""
    known = documents.filter(pl.col("status") != "duplicate").unique("document_id", keep="first")
    of_document = known.select("document_id", "organisation", "document_year").lazy()
    joined = findings.join(of_document, on="document_id", how="left", maintain_order="left").select(list(_HEADS))
    csv, xlsx = folder / "findings.csv", folder / "findings.xlsx"
    with replacing(csv) as temporary, temporary.open("wb") as file:
        write_csv((part.rename(dict(_HEADS)) for part in _pieces(joined)), file)
    with replacing(xlsx) as temporary:
        _workbook(_pieces(joined.head(_ROWS)), temporary)
    return csv, xlsx


def _pieces(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """The rows piece by piece, one piece at least."""
    for number in count():
        piece = frame.slice(number * _AT_ONCE, _AT_ONCE).collect()
        if number == 0 or piece.height:
            yield piece
        if piece.height < _AT_ONCE:
            return


def _workbook(pieces: Iterable[pl.DataFrame], path: Path) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options | {"strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("findings")
        head, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 0)
        for column, (name, words) in enumerate(_HEADS.items()):
            sheet.set_column(column, column, _WIDE.get(name, 14))
            sheet.write_string(0, column, words, head)
        number = 0
        for number, row in enumerate((row for piece in pieces for row in piece.iter_rows()), start=1):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    sheet.write_number(number, column, value, wrapped)
                elif value is not None:
                    sheet.write_string(number, column, str(value)[:_CELL], wrapped)
        sheet.autofilter(0, 0, number, len(_HEADS) - 1)
