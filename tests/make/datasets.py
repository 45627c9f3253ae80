"""Small datasets with the contract's columns and types."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import polars as pl

from analysis.dataset.dictionary import arrow_schema
from analysis.dataset.document_rows import identifier
from analysis.dataset.generations import PARTITIONED, GenerationWriter, partition_name
from analysis.dataset.parquet import to_arrow

SCRIPT, FORMULA = "<script>alert(1)</script>", '=HYPERLINK("http://evil","x")'


def write_dataset(tables: Mapping[str, pl.DataFrame], clean_dir: Path, version: str) -> None:
    """Make `tables` the dataset, all at once. `version` is that of the reader; call it inside `locked`.

    Raises:
        DatasetError: the folder holds a file of our names that we did not write.
    """
    writer = GenerationWriter(clean_dir, version)
    read = tables["documents"].filter(pl.col("status") != "duplicate")
    claims = ("document_id", "document_year", "organisation_id")
    names = {row[0]: partition_name(row[1], row[2]) for row in read.select(claims).iter_rows()}
    for table, frame in tables.items():
        if table not in PARTITIONED:
            writer.table(table, frame)
            continue
        named = frame.with_columns(partition=pl.col("document_id").replace_strict(names, return_dtype=pl.String))
        for (name,), rows in named.partition_by("partition", as_dict=True).items():
            writer.partition(table, str(name), to_arrow(rows, table))
    writer.publish()


def write_tables(clean_dir: Path, tables: dict[str, list[dict[str, object]]], more: Sequence[str] = ()) -> Path:
    """Small parquet tables with the contract's columns and types; what a row leaves out is null or a filler.

    `more` are tables beside documents, line items and narrative.
    """
    clean_dir.mkdir(parents=True, exist_ok=True)
    frames = {}
    for table in ("documents", "line_items", "narrative", *more):
        schema = pl.from_arrow(arrow_schema(table).empty_table()).schema
        rows = [dict.fromkeys(schema) | row for row in tables.get(table, [])]
        frames[table] = pl.DataFrame(rows, schema=schema, orient="row")
    write_dataset(frames, clean_dir, "version")
    return clean_dir


def document(number: int, organisation: str, year: int, **more: object) -> dict[str, object]:
    return {
        "document_id": f"d{number}", "source_file": f"{number}.pdf", "status": "parsed", "kind": "budget",
        "level": "unit", "organisation": organisation, "organisation_id": identifier(organisation),
        "document_year": year,
    } | more  # fmt: skip


def amount(of: dict[str, object], code: str | None, name: str, yuan: object, **more: object) -> dict[str, object]:
    keys = ("document_id", "source_file", "organisation_id", "organisation", "level", "document_year", "kind")
    level = None if code is None else (len(code) - 1) // 2
    return {key: of[key] for key in keys} | {
        "fiscal_year": of["document_year"], "phase": "approved", "table": "expenditure", "row_number": 1,
        "side": "expenditure", "scheme": "functional", "code": code, "printed_code": code, "name": name,
        "code_level": level, "row_role": {None: "total", 3: "detail"}.get(level, "subtotal"), "measure": "total",
        "amount": Decimal(str(yuan)), "printed": str(yuan), "printed_unit": "yuan", "placement": "printed",
    } | more  # fmt: skip
