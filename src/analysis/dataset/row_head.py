"""The columns with which every row of a document begins: its id, and the file that it was read from."""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps

from analysis.terms.document import ReadDocument

Row = dict[str, object]
RowsOfDocument = Callable[[ReadDocument, str, str], Iterator[Row]]


def headed(rows: Callable[[ReadDocument], Iterable[Row]]) -> RowsOfDocument:
    """Rows of a document, each with `document_id` and `source_file` in front; these are given besides the document."""

    @wraps(rows)
    def with_head(document: ReadDocument, document_id: str, source_file: str) -> Iterator[Row]:
        head: Row = {"document_id": document_id, "source_file": source_file}
        return (head | row for row in rows(document))

    return with_head
