"""Items of the text named by section and item (就业补助（款）公益性岗位补贴（项）) that are no row of that section.

Such an item was brought to no row, so nothing compares its amount. Where one row of the very section has that amount,
and no other sentence speaks of it, the item bears the name of another one.
"""

import re
from collections.abc import Iterator

from analysis.balancing.text.item_rows import ItemRow, item_rows, row_evidence
from analysis.balancing.text.statements import StatedFigure, plain
from analysis.balancing.text.text_document import TextDocument
from analysis.balancing.text.text_finding import at, text_finding
from analysis.terms.finding import Finding

_PATH = re.compile(r"(?P<section>[^、，。；:“”\"\d]+?)\(款\)(?P<item>[^、，。；:“”\"\d]+?)\(项\)")


def section_item_findings(document: TextDocument) -> Iterator[Finding]:
    """The items of two names that are called by another item's."""
    stated = [*document.stated()]
    spoken = {one.code for one in stated} | {item.code for item in document.items}
    rows = [row for row in item_rows(document) if row.code not in spoken]
    for one in stated:
        match = _PATH.search(plain(one.words)) if one.code is None and one.subject is None else None
        if match is None or not rows:
            continue
        meant = [row for row in rows if _is_of(row, match["section"]) and one.amount.agrees(row.amount)]
        if len(meant) == 1 and one.amount.yuan and not _alike(match["item"], meant[0].names[2]):
            yield _told(document, one, match[0], meant[0])


def _is_of(row: ItemRow, section: str) -> bool:
    return bool(row.names[1]) and section.endswith(row.names[1])


def _alike(stated: str, printed: str) -> bool:
    """Whether a name is the other's beginning, as where an ending was left out: that is a matter of wording."""
    shorter, longer = sorted((stated, printed), key=len)
    return longer.startswith(shorter)


def _told(document: TextDocument, one: StatedFigure, path: str, row: ItemRow) -> Finding:
    where = at(one.passage.place, f"说明“{path}”", f"the item {path}")
    expected = f"{row.names[1]}(款){row.names[2]}(项)"
    return text_finding(document, "text_item_names", where, path, expected=expected, evidence=row_evidence(row))
