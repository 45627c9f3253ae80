"""Files that are text: web pages, and lines."""

from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.reading.formats.markup import read_html
from analysis.reading.layout.blocks import Blocks, TextLine
from analysis.terms.line_item import Place


def read_page(path: Path) -> Blocks:
    """A web page as blocks.

    Raises:
        UnreadableFileError: Its encoding is not known.
    """
    return read_html(decode(path.read_bytes()))


def read_text(path: Path) -> Blocks:
    """A plain text as blocks.

    Raises:
        UnreadableFileError: Its encoding is not known.
    """
    return text_to_blocks(decode(path.read_bytes()))


def text_to_blocks(text: str) -> Blocks:
    """The lines of a text, each with its number; blank ones are left out."""
    lines = text.split("\n")
    return Blocks(
        tuple(TextLine(line.strip(), Place(line=n)) for n, line in enumerate(lines, 1) if line.strip()),
        pages=0,
        plain=True,
    )


def decode(data: bytes) -> str:
    """Text in UTF-8, UTF-16 with its mark, or GB 18030.

    Raises:
        UnreadableFileError: it is none of them.
    """
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(
        "文字编码无法识别（不是 UTF-8、UTF-16 或 GB 18030）；请另存为 UTF-8。"
        " / The text's encoding is not known; save it as UTF-8."
    )
