"""Line items that an open error touches: they carry `suspect`, and whoever adds them up must say so.

The findings are the truth and the line items stay as they were read, so an acceptance or a better reader changes
what is suspect without a new cleaning. An error touches the figure at its place. One that cannot be told apart touches
every figure that one of its alternatives would change, a slip of structure every figure that it moved, and a wrong code
all figures of its row, unless reading took the right code already. A figure of a picture that stayed in doubt is
suspect too.
"""

from pathlib import Path

import polars as pl

from analysis.dataset.generations import partition_name
from analysis.dataset.store import read_table, scan_parts, scan_table
from analysis.knowledge.names import texts
from analysis.terms.finding import FindingStatus, Severity
from analysis.terms.recognition import Certainty

_AT_ONCE = 200
_ROW = ("document_id", "table", "code")
_AT_PLACE = ("document_id", "table", "page", "x0", "top", "line", "cell", "measure")
_FIGURE = ("document_id", "table", "code", "name", "measure")


def read_suspects(clean_dir: Path) -> pl.DataFrame:
    """The line items that an open error touches, read from the partitions that have any.

    Raises:
        DatasetError: there is no dataset, or it has not been validated.
    """
    errors = _open_errors(clean_dir)
    touched = read_table(clean_dir, "documents").filter(pl.col("status") != "duplicate")
    of_errors = touched.join(errors, on="document_id", how="semi")
    pictured = (
        touched.filter(pl.col("recognised_pages").is_not_null()) if "recognised_pages" in touched.columns else None
    )
    known = of_errors if pictured is None else pl.concat([of_errors, pictured])
    bodies = known.select("document_year", "organisation_id").unique()
    names = sorted({partition_name(*row) for row in bodies.iter_rows()})
    documents = known["document_id"].unique()
    found = [scan_parts(clean_dir, "line_items", ()).collect().with_columns(suspect=pl.lit(value=True))]
    for first in range(0, len(names), _AT_ONCE):
        items = scan_parts(clean_dir, "line_items", names[first : first + _AT_ONCE])
        items = items.filter(pl.col("document_id").is_in(documents.to_list()))
        found.append(suspect_items(items, errors).filter(pl.col("suspect")).collect())
    return pl.concat(found)


def _open_errors(clean_dir: Path) -> pl.DataFrame:
    columns = (*_AT_PLACE, "code", "expected", "figures", "status", "severity")
    is_open = (pl.col("status") == FindingStatus.OPEN.value) & (pl.col("severity") == Severity.ERROR.value)
    return scan_table(clean_dir, "findings").filter(is_open).select(columns).collect()


def suspect_items(line_items: pl.LazyFrame, findings: pl.DataFrame) -> pl.LazyFrame:
    """The line items with `suspect`: whether an open error touches the figure."""
    errors = findings.filter(pl.col("status") == FindingStatus.OPEN.value, pl.col("severity") == Severity.ERROR.value)
    here = errors.filter(
        pl.col("measure").is_not_null(), pl.any_horizontal(pl.col("page", "line", "cell").is_not_null())
    )
    of_row = errors.filter(
        ~pl.col("table").is_in(list(texts())),
        pl.col("measure").is_null(),
        pl.col("code").is_not_null(),
        ~pl.col("expected").fill_null("").str.starts_with(pl.col("code")),  # only its zeros are lost
    )
    changed = errors.select("document_id", "figures").explode("figures").drop_nulls("figures").unnest("figures")
    touched = line_items
    touches = {"at_place": (here, _AT_PLACE), "by_row": (of_row, _ROW), "changed": (changed, _FIGURE)}
    signs = [sign for sign, (found, _) in touches.items() if found.height]  # a join with nothing costs what any does
    for sign in signs:
        found, keys = touches[sign]
        marked = found.select(keys).unique().with_columns(pl.lit(value=True).alias(sign)).lazy()
        touched = touched.join(marked, on=keys, how="left", nulls_equal=True, maintain_order="left")
    told = [pl.col(sign).fill_null(value=False) for sign in signs]
    if "certainty" in line_items.collect_schema().names():
        told.append((pl.col("certainty") == Certainty.DOUBTFUL.value).fill_null(value=False))
    suspect = pl.any_horizontal(pl.lit(value=False), *told)
    return touched.with_columns(suspect=suspect).drop(signs)
