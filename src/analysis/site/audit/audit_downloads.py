"""The findings for a spreadsheet, in every format that takes one table: each row with its organisation and year."""

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

import polars as pl

from analysis.dataset.export.export_format import TableLayout
from analysis.dataset.export.formats import table_formats
from analysis.terms.document import Status

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
    "amount_at_stake": "所涉金额 yuan at stake",
    "cause": "原因 cause",
    "evidence": "依据 evidence",
    "alternatives": "其他可能 alternatives",
    "accepted_reason": "确认理由 accepted because",
    "rule": "规则 rule",
    "rank": "排序 rank",
    "check_id": "检查 check_id",
    "document_id": "文件标识 document_id",
    "finding_id": "问题标识 finding_id",
}
_WIDE = {"message_zh": 50, "message_en": 50, "evidence": 60, "alternatives": 50, "source_file": 32, "organisation": 28}
_AT_ONCE = 20_000


def write_downloads(findings: pl.LazyFrame, documents: pl.DataFrame, folder: Path) -> tuple[Path, ...]:
    """Write findings.csv, findings.xlsx and so on; a sheet holds the first million findings, a csv all of them."""
    read = documents.filter(pl.col("status") != Status.DUPLICATE.value).unique("document_id", keep="first")
    of_document = read.select("document_id", "organisation", "document_year").lazy()
    joined = findings.join(of_document, on="document_id", how="left", maintain_order="left").select(list(_HEADS))
    layout = TableLayout("findings", {_HEADS[name]: width for name, width in _WIDE.items()})
    written = []
    for one in table_formats():
        if one.write_table is not None:
            path = folder / f"findings.{one.id}"
            one.write_table((part.rename(dict(_HEADS)) for part in _pieces(joined)), path, layout)
            written.append(path)
    return tuple(written)


def _pieces(frame: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """The rows piece by piece, one piece at least."""
    for number in count():
        piece = frame.slice(number * _AT_ONCE, _AT_ONCE).collect()
        if number == 0 or piece.height:
            yield piece
        if piece.height < _AT_ONCE:
            return
