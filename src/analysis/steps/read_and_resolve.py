"""The one door between reading and balancing.

Reading offers a row whose columns it does not know as alternatives; balancing resolves it where the identities leave
one answer. Nothing else passes between the two rooms, so the identities cannot bend what was read.
"""

from dataclasses import replace
from pathlib import Path

from analysis.knowledge.families import load_families
from analysis.reading.read_document import read_document
from analysis.terms.document import ReadDocument


def read_and_resolve(path: Path, forms_dir: Path | None = None) -> ReadDocument:
    """The document at `path` with its open rows resolved, those left in doubt named among its problems.

    Args:
        path: The file.
        forms_dir: A user's own families of forms; None for none.

    Raises:
        UnreadableFileError: the file cannot be read.
        KnowledgeError: a family of forms is malformed.
    """
    families = load_families(forms_dir)
    document = read_document(path, families)
    if not document.open_rows:
        return document
    # Only text without a grid needs the solver; workers that never meet one do not pay for its import.
    from analysis.balancing.resolve import resolve
    from analysis.knowledge.identities import load_identities

    resolved = resolve(document, load_identities(families))
    names = "；".join(f"{row.row.table}“{row.row.printed_code or ''}{row.row.name or ''}”" for row in resolved.doubtful)
    problems = (
        (
            *document.problems,
            f"{len(resolved.doubtful)} 行的数字无法确定所在栏，未采用：{names}。"
            f" / The columns of {len(resolved.doubtful)} rows stay in doubt and were left out.",
        )
        if resolved.doubtful
        else document.problems
    )
    return replace(
        document, line_items=document.line_items + resolved.line_items, open_rows=resolved.doubtful, problems=problems
    )
