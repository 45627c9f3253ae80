"""Plain text → blocks: lines with their numbers, and no grid."""

from pathlib import Path

from analysis.extraction.formats.encodings import decode
from analysis.extraction.layout.blocks import Blocks, TextLine
from analysis.terms.line_item import Place


def read_text(path: Path) -> Blocks:
    """The lines of a text; blank ones are left out.

    Raises:
        UnreadableFileError: its encoding is not known.
    """
    lines = enumerate(decode(path.read_bytes()).split("\n"), 1)
    return Blocks(
        tuple(TextLine(line.strip(), Place(line=number)) for number, line in lines if line.strip()), pages=0, plain=True
    )
