"""The documents of a dataset → the region of each, and ids by which organisations of one name in two regions differ.

A document names its place, in its organisation's name or on its cover, or a person does. Which of several counties of
that name is meant may show in the folder that the file lies in, or in the other documents of the folder; so codes and
ids are given when all documents are at hand, anew each time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

from analysis.dataset.document_rows import organisation_identifier
from analysis.dataset.row_head import Row
from analysis.knowledge.regions import region_of, region_of_folders
from analysis.terms.document import READ_STATUSES, Cover


def printed_region(cover: Cover) -> str | None:
    """The place that a document names, as printed: that of its organisation's name, with the cover's where it helps."""
    named = region_of(_bare(cover.organisation))
    on_cover = region_of(_bare(cover.region))
    if named is None:
        return on_cover.name if on_cover else cover.region
    if named.code is None and on_cover and on_cover.code and region_of(named.name, (on_cover.code,)) != named:
        return on_cover.name if on_cover.name.endswith(named.name) else f"{on_cover.name}{named.name}"
    return named.name


def _bare(text: str | None) -> str:
    return "".join((text or "").split())


def with_regions(rows: Sequence[Row]) -> list[Row]:
    """The rows of the documents with `region_code` and `organisation_id`.

    Args:
        rows: All documents, with `region` as printed or given.
    """
    named = {number: _named(row) for number, row in enumerate(rows) if row["status"] in READ_STATUSES}
    alone = {key: _code(key[0], ()) for key in dict.fromkeys(named.values())}
    sisters: dict[PurePosixPath, set[str]] = defaultdict(set)
    for (_, folder), code in alone.items():
        if code is not None:
            sisters[folder].add(code)
    codes = {key: code or _by_context(*key, sisters) for key, code in alone.items()}
    return [_with_ids(row, codes[named[number]]) if number in named else row for number, row in enumerate(rows)]


def _named(row: Row) -> tuple[str, PurePosixPath]:
    """The place that a document names, and its folder."""
    return _bare(str(row.get("region") or "")), PurePosixPath(str(row["source_file"])).parent


def _by_context(region: str, folder: PurePosixPath, sisters: Mapping[PurePosixPath, set[str]]) -> str | None:
    """The code of a place that the document's own words leave open: by its folders, else by the documents beside."""
    by_name = region_of_folders(folder.parts)
    by_folder = _code(region, (by_name.code,)) if by_name and by_name.code else None
    return by_folder or _code(region, sorted(sisters.get(folder, ())))


def _code(region: str, beside: Iterable[str]) -> str | None:
    found = region_of(region, beside)
    return found.code if found else None


def _with_ids(row: Row, code: str | None) -> Row:
    organisation, region = row.get("organisation"), row.get("region")
    if organisation is None:
        return {**row, "region_code": code}
    name = None if region is None else str(region)
    return {**row, "region_code": code, "organisation_id": organisation_identifier(str(organisation), name, code)}
