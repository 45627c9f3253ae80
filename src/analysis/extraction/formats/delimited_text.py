"""Comma- or tab-separated values (csv, tsv) → blocks: one sheet, in any encoding that texts have.

A spreadsheet saves its rows with one number of fields each; that is how such a file is told from a text with commas or
tabs in it, whose columns have collapsed.
"""

import csv
import io
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.encodings import decode
from analysis.extraction.formats.sniffing import Sample
from analysis.extraction.formats.worksheet import Worksheet, sheet_to_blocks
from analysis.extraction.layout.blocks import Blocks

_SAMPLE = 2**18
_DELIMITERS = ("\t", ",")
_GROUPED = re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])")
_FEWEST_PAIRS, _UNEVEN = 5, 0.01
_STOPS = ("。", "；", ";")
_MAX_CELLS = 2_000_000
_NAME = "csv"


def is_delimited(sample: Sample) -> bool:
    """Whether it is a text of rows with one number of fields each."""
    try:
        return _delimiter(_beginning(sample.path)) is not None
    except UnreadableFileError:
        return False


def read_delimited(path: Path) -> Blocks:
    """The rows of the file as a sheet; a quoted field may hold the delimiter and line breaks.

    Raises:
        UnreadableFileError: its encoding is not known, or it has absurdly many fields.
    """
    text = decode(path.read_bytes())
    delimiter = _delimiter(text[:_SAMPLE]) or ","
    try:
        rows = [[field.strip() for field in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]
    except csv.Error as error:
        raise UnreadableFileError(
            f"表格文本的分隔有误，未读取：{error}；请另存为 xlsx。 / The separated values are malformed: {error}"
        ) from error
    if len(rows) * max(map(len, rows), default=0) > _MAX_CELLS:
        raise UnreadableFileError(
            "表格文本过大，未读取；请拆分。 / The separated values span too many cells; split them."
        )
    return Blocks(tuple(sheet_to_blocks(Worksheet(_NAME, 1, rows))), pages=1)


def _beginning(path: Path) -> str:
    """The first lines of a file; the bytes may end within a character, so the last line is left out."""
    with path.open("rb") as file:
        data = file.read(_SAMPLE)
    if len(data) == _SAMPLE:
        data = data[: data.rfind(b"\n") + 1]
    return decode(data)


def _delimiter(text: str) -> str | None:
    """What separates the fields; None where nothing does.

    Within a table every row has as many fields as the one above. Another table begins at its title, which stands alone
    in its row; a row of another length anywhere else has lost its blank cells, and its columns with them. Sentences
    have commas too, and may have as many of them: rows of which most end with a full stop are a text.
    """
    for delimiter in _DELIMITERS:
        pairs = [(above, row) for above, row in pairwise(_rows(text, delimiter)) if len(above) > 2 and len(row) > 2]
        uneven = sum(len(above) != len(row) and sum(map(bool, row)) > 1 for above, row in pairs)
        sentences = sum(row[-1].endswith(_STOPS) for _, row in pairs)
        if len(pairs) >= _FEWEST_PAIRS and uneven <= _UNEVEN * len(pairs) and sentences * 2 <= len(pairs):
            return delimiter
    return None


def _rows(text: str, delimiter: str) -> Sequence[Sequence[str]]:
    """The rows of a text as fields; the commas of an unquoted amount that stands between words separate nothing."""
    plain = text if delimiter != "," else _GROUPED.sub(lambda match: match[0].replace(",", ""), text)
    try:
        return [[field.strip() for field in row] for row in csv.reader(io.StringIO(plain), delimiter=delimiter)]
    except csv.Error:
        return []
