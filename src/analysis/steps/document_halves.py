"""A disclosure that was published in two files, its text in one and its tables in the other: each is told its half.

Two files are halves where they speak of one body, year and kind, and one prints text alone and the other tables alone;
where several could be, those of one folder. What is said of it is said anew each time, for a half may come or go.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from analysis.dataset.row_head import Row
from analysis.terms.document import ONLY_TEXT, READ_STATUSES, Half, Status

_TOLD = "合为一份公开"


def with_halves(rows: Sequence[Row]) -> list[Row]:
    """The rows of the documents with `other_half`, and the message and note that follow from it.

    Args:
        rows: All documents, with `organisation_id`.
    """
    found = _pairs(row for row in rows if row["status"] in READ_STATUSES)
    return [_told(row, found.get(str(row["document_id"]))) if row["status"] in READ_STATUSES else row for row in rows]


def _pairs(rows: Iterable[Row]) -> dict[str, Row]:
    """The other half of each document that has one, by its id."""
    groups: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for row in rows:
        key = row.get("organisation_id"), row.get("document_year"), row.get("kind")
        if row.get("half") is not None and None not in key:
            groups[key].append(row)
    found: dict[str, Row] = {}
    for group in groups.values():
        texts, tables = ([row for row in group if row["half"] == half] for half in (Half.TEXT, Half.TABLES))
        for text in texts:
            others = _nearest(text, tables)
            if len(others) == 1 and len(_nearest(others[0], texts)) == 1:
                found[str(text["document_id"])], found[str(others[0]["document_id"])] = others[0], text
    return found


def _nearest(row: Row, others: Sequence[Row]) -> list[Row]:
    """Those of the same level, as far as both tell one; of several those in the same folder."""
    alike = [one for one in others if None in (one["level"], row["level"]) or one["level"] == row["level"]]
    beside = [one for one in alike if _folder(one) == _folder(row)]
    return alike if len(alike) < 2 else beside


def _folder(row: Row) -> PurePosixPath:
    return PurePosixPath(str(row["source_file"])).parent


def _told(row: Row, other: Row | None) -> Row:
    """The row with its other half; a text without one says that its tables may stand in another file."""
    said = [one for one in str(row["message"] or "").split("；") if one and one != ONLY_TEXT]
    notes = [one for one in str(row["note"] or "").split("；") if one and _TOLD not in one]
    if other is not None:
        part = "表格部分" if other["half"] == Half.TABLES else "文字部分"
        notes.append(
            f"与{part}“{other['source_file']}”{_TOLD}。 / With {other['source_file']} it makes up one disclosure."
        )
    elif row.get("half") == Half.TEXT:
        said.append(ONLY_TEXT)
    return {
        **row,
        "other_half": None if other is None else other["document_id"],
        "status": Status.PARTIAL if said else Status.PARSED,
        "message": "；".join(said) or None,
        "note": "；".join(notes) or None,
    }
