"""Published documents as scans: their pages as pictures, read and checked as the documents themselves are.

The truth is what the workbench reads and finds in the documents: a figure of the scan is right where its place has the
same amount under the same meaning. An error of a table is *found* in the scan as an error, or *asked* as a warning at
the same row; an error that the document itself does not have is false.

`DOCUMENTS` is the folder of PDF files (default ../shared/documents), `DPI`, `QUALITY` and `SEALS` the scan, `KEEP` a
folder where the scans and what was recognised stay between runs. `SHOW=1` prints each difference.
"""

import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from bench.documents import ROOT

DOCUMENTS = Path(os.environ.get("DOCUMENTS", ROOT.parent / "shared" / "documents"))
TEXTS = ("narrative", "text")
Row = Mapping[str, Any]


def main() -> None:
    os.environ["OMP_NUM_THREADS"] = "1"
    sources = sorted(DOCUMENTS.rglob("*.pdf"))
    if not sources:
        print(f"no documents in {DOCUMENTS}")
        return
    if keep := os.environ.get("KEEP"):
        _measure(sources, Path(keep))
        return
    with TemporaryDirectory() as name:
        _measure(sources, Path(name))


def _measure(sources: list[Path], folder: Path) -> None:
    from analysis.dataset.store import read_table
    from analysis.steps.check import check_dataset
    from analysis.steps.clean import clean_folder

    whole, scanned = folder / "documents", folder / "scans"
    _set(sources, whole, scanned)
    tables = []
    for raw in (whole, scanned):
        clean = folder / f"{raw.name}-clean"
        clean_folder(raw, clean, workers=1)
        check_dataset(clean, None, ROOT / "expectations", folder / f"{raw.name}-site")
        tables.append({table: read_table(clean, table) for table in ("line_items", "findings", "unmapped")})
    truth, read = tables
    total: Counter[str] = Counter()
    for source in sources:
        counts = compare_figures(_of(truth["line_items"], source), _of(read["line_items"], source))
        counts += compare_findings(_of(truth["findings"], source), _of(read["findings"], source))
        counts["unmapped"] = len(_of(read["unmapped"], source))
        _print(source.stem, counts)
        total += counts
    _print("all", total)


def _set(sources: list[Path], whole: Path, scanned: Path) -> None:
    """The documents, and their scans, in two folders; what is there is left."""
    from typesetter.scan import Scan, set_scan

    how = Scan(
        **{name: int(os.environ[name.upper()]) for name in ("dpi", "quality", "seals") if name.upper() in os.environ}
    )
    for folder in (whole, scanned):
        folder.mkdir(parents=True, exist_ok=True)
    for source in sources:
        if not (whole / source.name).exists():
            (whole / source.name).write_bytes(source.read_bytes())
        if not (scanned / source.name).exists():
            unfinished = scanned.parent / source.name
            set_scan(source, unfinished, how)
            unfinished.rename(scanned / source.name)


def _of(frame: pl.DataFrame, source: Path) -> list[Row]:
    return list(frame.filter(pl.col("source_file") == source.name).iter_rows(named=True))


def compare_figures(truth: list[Row], read: list[Row]) -> Counter[str]:
    """Counts: figures, right, wrong and made up by certainty, missing, and right figures of a row with another name."""
    counts: Counter[str] = Counter(figures=len(truth))
    left: dict[int | None, list[Row]] = defaultdict(list)
    for row in read:
        left[row["page"]].append(row)
    for row in truth:
        x, y = (row["x0"] + row["x1"]) / 2, (row["top"] + row["bottom"]) / 2
        same_page = left[row["page"]]
        found = next(
            (one for one in same_page if one["x0"] <= x <= one["x1"] and one["top"] <= y <= one["bottom"]), None
        )
        if found is None:
            counts["missing"] += 1
            _show("missing", row, None)
            continue
        same_page.remove(found)
        right = all(found[key] == row[key] for key in ("table", "side", "measure", "phase", "code", "amount"))
        counts["right" if right else "wrong"] += 1
        counts[f"{'right' if right else 'wrong'} {found['certainty']}"] += 1
        counts["renamed"] += right and "".join((found["name"] or "").split()) != "".join((row["name"] or "").split())
        if not right:
            _show("wrong", row, found)
    for row in (row for rows in left.values() for row in rows):
        counts["made up"] += 1
        _show("made up", row, None)
    return counts


def compare_findings(truth: list[Row], read: list[Row]) -> Counter[str]:
    """Counts: errors of tables in the document, found and asked in the scan; errors of the scan that it alone has."""
    counts: Counter[str] = Counter()
    errors = [row for row in truth if row["severity"] == "error"]
    for row in errors:
        if row["table"] in TEXTS:
            continue
        told = {one["severity"] for one in read if one["rule"] != "doubtful_reading" and _speaks_of(one, row)}
        became = "found" if "error" in told else "asked" if told else "lost"
        counts["errors"] += 1
        counts[became] += 1
        if became != "found":
            _show(became, row, None)
    for one in (one for one in read if one["severity"] == "error"):
        if not any(_speaks_of(one, row) for row in errors):
            counts["false"] += 1
            _show("false", one, None)
    return counts


def _speaks_of(one: Row, other: Row) -> bool:
    """Whether two findings speak of a row that both name, or of the text of one page."""
    if one["table"] in TEXTS or other["table"] in TEXTS:
        return (one["rule"], one["page"]) == (other["rule"], other["page"])
    return not _rows(one).isdisjoint(_rows(other))


def _rows(finding: Row) -> set[tuple[str, str]]:
    return set(_named(finding)) | {pair for figure in finding["figures"] or () for pair in _named(figure)}


def _named(row: Row) -> Iterator[tuple[str, str]]:
    """The row of a table by its code, else by its name."""
    if row["table"] and (word := row["code"] or row["name"]):
        yield row["table"], word


def _show(what: str, row: Row, found: Row | None) -> None:
    if not os.environ.get("SHOW"):
        return
    keys = ("source_file", "page", "rule", "table", "code", "name", "measure", "printed", "message_zh")
    print(f"  {what}:", *(row[key] for key in keys if row.get(key)), sep=" | ")
    if found is not None:
        print("    read:", *(found[key] for key in (*keys[3:8], "certainty") if found.get(key)), sep=" | ")


def _print(name: str, counts: Counter[str]) -> None:
    figures = max(1, counts["figures"])
    doubtful = counts["right doubtful"] + counts["wrong doubtful"]
    print(
        f"{name:30s} {counts['figures']:5d} figures: right {counts['right'] / figures:7.2%}"
        f"  proven {counts['right proven'] / figures:6.1%}  read {counts['right read'] / figures:6.1%}"
        f"  doubtful {doubtful / figures:6.1%}"
        f"  missing {counts['missing']}  made up {counts['made up']}  unmapped {counts['unmapped']}"
        f"  other name {counts['renamed']}"
        f"  silently wrong: proven {counts['wrong proven']}, read {counts['wrong read']}"
        f"  errors of tables {counts['errors']}:"
        f" found {counts['found']}, asked {counts['asked']}, lost {counts['lost']}"
        f"  false errors {counts['false']}",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
