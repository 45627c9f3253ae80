"""The one door between reading and balancing.

Reading offers a row whose columns it does not know as alternatives; balancing settles it where the identities leave one
answer. Nothing else passes between the two rooms, so the identities cannot bend what was read.
"""

from dataclasses import replace
from pathlib import Path

from analysis.reading.read_document import read_document
from analysis.terms.document import ReadDocument


def read_and_resolve(path: str) -> ReadDocument:
    """The document at `path` with its open rows settled, those left in doubt named among its problems.

    Raises:
        UnreadableFileError: the file cannot be read.
    """
    document = read_document(Path(path))
    if not document.open_rows:
        return document
    # Only text without a grid needs the solver; workers that never meet one do not pay for its import.
    from analysis.balancing.resolve import resolve

    settled = resolve(document)
    names = "；".join(f"{row.row.table}“{row.row.printed_code or ''}{row.row.name or ''}”" for row in settled.doubtful)
    problems = (
        (
            *document.problems,
            f"{len(settled.doubtful)} 行的数字无法确定所在栏，未采用：{names}。"
            f" / The columns of {len(settled.doubtful)} rows stay in doubt and were left out.",
        )
        if settled.doubtful
        else document.problems
    )
    return replace(
        document, line_items=document.line_items + settled.line_items, open_rows=settled.doubtful, problems=problems
    )
