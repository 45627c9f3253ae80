"""What a cleaning has to tell: which files were read, how far, what failed and why, and a sample of the result."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from analysis.dataset.store import partitions_of, read_table, scan_parts, scan_table
from analysis.display.tables import Heading, Headline, Headlines, Paragraph, Table
from analysis.display.words import KIND_NAMES, LEVEL_NAMES, STATUS_NAMES
from analysis.knowledge.names import short_table_names
from analysis.terms.document import READ_STATUSES, Status
from analysis.terms.line_item import Level
from analysis.terms.recognition import Certainty

_SAMPLE = 12
_MOST_DOUBTS = 200


@dataclass(frozen=True)
class CleanReport:
    """The dataset as the cleaning notebook shows it; `read` and `unchanged` are the counts of this run."""

    clean_dir: Path
    read: int
    unchanged: int

    @cached_property
    def documents(self) -> pl.DataFrame:
        """The documents table."""
        return read_table(self.clean_dir, "documents")

    @cached_property
    def counts(self) -> pl.DataFrame:
        """Line items by file and table: source_file, table, items, inferred."""
        return (
            scan_table(self.clean_dir, "line_items")
            .group_by("source_file", "table")
            .agg(items=pl.len(), inferred=(pl.col("placement") == "inferred").sum())
            .sort("source_file", "table")
            .collect(engine="streaming")
        )

    @property
    def headlines(self) -> Headlines:
        """Files, figures and organisations, and how many files went how."""
        by_status = dict(self.documents["status"].value_counts().iter_rows())
        rest = "，".join(
            f"{STATUS_NAMES[status]} {by_status[status]}" for status in STATUS_NAMES if status in by_status
        )
        figures = int(self.counts["items"].sum())
        inferred = int(self.counts["inferred"].sum())
        return Headlines(
            (
                Headline("文件", str(self.documents.height), "个", rest),
                Headline("读出的数字", f"{figures:,}", "个", f"其中 {inferred:,} 个的栏由勾稽关系推出"),
                Headline(
                    "单位", str(self.documents["organisation_id"].n_unique() if figures else 0), "个", self._years()
                ),
                Headline("本次读取", str(self.read), "个文件", f"{self.unchanged} 个未变，沿用上次结果"),
            )
        )

    def _years(self) -> str:
        years = sorted(self.documents["document_year"].drop_nulls())
        return f"{years[0]}–{years[-1]} 年" if years else "没有年度"

    @property
    def answer(self) -> Paragraph:
        """The answer first."""
        troubled = self.documents.filter(pl.col("status").is_in([Status.FAILED.value, Status.PARTIAL.value])).height
        if not self.documents.height:
            return Paragraph(
                ("原始文件夹中没有文件。请把公布的 PDF、xlsx、xls、docx、html 或 txt 放进去再运行。",), lead=True
            )
        if not self.documents["status"].is_in(READ_STATUSES).any():
            return Paragraph(("没有一个文件读得出来，原因和处理办法见下表。",), lead=True)
        if not troubled:
            return Paragraph(("全部文件的法定表都已读出；每个印出的数字各占一行，带有页码和位置。",), lead=True)
        return Paragraph((f"{troubled} 个文件没有读全，原因和处理办法见下表；其余文件不受影响。",), lead=True)

    @property
    def files(self) -> Table:
        """Every file with what happened to it."""
        rows = tuple(
            (
                row["source_file"],
                STATUS_NAMES[row["status"]],
                row["organisation"] or "",
                str(row["document_year"] or ""),
                (LEVEL_NAMES[Level(row["level"])] if row["level"] else "") + KIND_NAMES.get(row["kind"], ""),
                str(row["pages"] or ""),
                str(row["tables"] or ""),
                "；".join(text for text in (row["message"], row["note"]) if text),
            )
            for row in self.documents.iter_rows(named=True)
        )
        heads = (("文件", 0), ("状态", 0), ("单位", 0), ("年度", 1), ("种类", 0), ("页", 1), ("法定表", 1), ("说明", 0))
        failed = frozenset(i for i, row in enumerate(rows) if row[1] == STATUS_NAMES[Status.FAILED.value])
        return Table("每个文件的结果", _columns(heads), rows, failed)

    @property
    def coverage(self) -> Table:
        """Figures per document and official table; a found table without figures prints 0."""
        counts = {(file, table): items for file, table, items, _ in self.counts.iter_rows()}
        files = self.documents.filter(pl.col("status").is_in(READ_STATUSES))["source_file"].to_list()
        names = short_table_names(table for _, table in counts)
        rows = tuple((file, *(str(counts.get((file, table), 0)) for table in names)) for file in files)
        return Table(
            "每份文件各表读出的数字个数",
            _columns((("文件", 0), *((name, 1) for name in names.values()))),
            rows,
        )

    @property
    def sample(self) -> Table:
        """Some line items, spread evenly over the dataset: a few of each of some partitions."""
        names = partitions_of(self.clean_dir, "line_items")
        chosen = names[:: -(-len(names) // _SAMPLE)]
        each = -(-_SAMPLE // len(chosen))
        parts = [scan_parts(self.clean_dir, "line_items", [name]).collect() for name in chosen]
        picked = pl.concat([part.gather_every(max(1, -(-part.height // each))) for part in parts]).head(_SAMPLE)
        names_of_tables = short_table_names(picked["table"])
        rows = tuple(
            (
                row["organisation"] or "",
                str(row["fiscal_year"] or ""),
                names_of_tables[row["table"]],
                row["code"] or "",
                row["name"] or "",
                row["measure"],
                f"{row['amount']:,}",
                row["printed"],
                _place(row),
            )
            for row in picked.iter_rows(named=True)
        )
        heads = (
            ("单位", 0),
            ("年度", 1),
            ("表", 0),
            ("编码", 0),
            ("名称", 0),
            ("栏", 0),
            ("金额（元）", 1),
            ("原文", 1),
            ("位置", 0),
        )
        return Table("数据样例", _columns(heads), rows)

    @property
    def doubts(self) -> Table | Paragraph:
        """The figures of pictures that are in doubt, each with what `readings.toml` would say of it."""
        columns = ("source_file", "page", "x0", "top", "x1", "bottom", "cell", "name", "printed", "readings")
        rows = (
            scan_table(self.clean_dir, "line_items")
            .filter(pl.col("certainty") == Certainty.DOUBTFUL.value)
            .select(columns)
            .collect(engine="streaming")
        )
        if not rows.height:
            return Paragraph(("没有存疑的识别数字。",))
        heads = (("文件", 0), ("页", 1), ("行", 0), ("识别为", 1), ("可能是", 0), ("写入 readings.toml", 0))
        shown = [
            (
                row["source_file"],
                str(row["page"] or ""),
                row["name"] or "",
                row["printed"],
                row["readings"] or "",
                _entry(row),
            )
            for row in rows.head(_MOST_DOUBTS).iter_rows(named=True)
        ]
        return Table(f"存疑的识别数字（共 {rows.height} 个）", _columns(heads), tuple(shown))


def _columns(heads: Iterable[tuple[str, int]]) -> tuple[Heading, ...]:
    return tuple(Heading(name, bool(number)) for name, number in heads)


def _place(row: dict[str, object]) -> str:
    if row["cell"]:
        return str(row["cell"])
    return f"第 {row['page']} 页" if row["page"] else f"第 {row['line']} 行"


def _entry(row: Mapping[str, Any]) -> str:
    """The entry of `readings.toml` for a doubtful figure, to be completed by who looked at the original."""
    at = row["cell"] or ""
    if row["x0"] is not None:
        at = f"{(row['x0'] + row['x1']) / 2:.0f},{(row['top'] + row['bottom']) / 2:.0f}"
    page = "" if row["page"] is None else f"page = {row['page']}\n"
    return f'[["{row["source_file"]}"]]\n{page}cell = "{at}"\nfigure = "{row["printed"]}"\nby = ""\non = 2000-01-01'
