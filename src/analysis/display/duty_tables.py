"""The ledger of duties as tables: of one document every area and what was not kept, of many a line each."""

from collections.abc import Mapping

import polars as pl

from analysis.display.tables import Heading, Table

AREAS: Mapping[str, str] = {"table": "法定表", "identity": "勾稽关系", "text": "文字", "disclosure": "公开内容"}
STATES: Mapping[str, str] = {
    "passed": "符合",
    "failed": "不符或未见",
    "not_read": "没有读到",
    "not_checked": "没有检查",
    "not_applicable": "不适用",
}
_MOST = 200


def duties_of_document(duties: pl.DataFrame) -> Table:
    """How many duties of each area stand how."""
    counts = {(area, state): number for area, state, number in duties.group_by("area", "state").len().iter_rows()}
    rows = tuple(
        (name, *(str(counts.get((area, state), 0) or "·") for state in STATES)) for area, name in AREAS.items()
    )
    heads = (Heading("应查", number=False), *(Heading(name) for name in STATES.values()))
    return Table("应查事项完成情况", heads, rows)


def unmet_duties(duties: pl.DataFrame) -> Table | None:
    """Each duty that is broken, was not read or not checked, with the reason; None where there is none."""
    told = duties.filter(pl.col("state").is_in(["failed", "not_read", "not_checked"]))
    if told.is_empty():
        return None
    listed = tuple(
        (
            row["words"],
            AREAS[row["area"]],
            STATES[row["state"]] + (f" {row['places']} 处" if row["state"] == "failed" and row["places"] else ""),
            (row["reason"] or "").partition(" / ")[0],
        )
        for row in told.iter_rows(named=True)
    )
    columns = tuple(Heading(name, number=False) for name in ("职责", "类别", "状态", "原因"))
    return Table("不符、未见、没有读到和没有检查的", columns, listed)


def duties_by_document(duties: pl.DataFrame) -> Table:
    """For each document how many of its duties stand how."""
    counted = duties.group_by("source_file", "document_id").agg(
        *((pl.col("state") == state).sum().alias(state) for state in STATES)
    )
    rows = tuple(
        (row["source_file"], *(str(row[state] or "·") for state in STATES))
        for row in counted.sort("source_file", "document_id").head(_MOST).iter_rows(named=True)
    )
    more = f"（前 {len(rows)} 个文件，共 {counted.height} 个）" if counted.height > len(rows) else ""
    heads = (Heading("文件", number=False), *(Heading(name) for name in STATES.values()))
    return Table(f"各文件应查事项完成情况{more}", heads, rows)
