"""Old Word document (.doc, .wps) → its paragraphs: what a reader sees of their text, and where they end in a table.

The text is a list of pieces, each a stretch of the file in UTF-16 or in one byte a character; body, notes, headers and
text boxes follow one another in it ([MS-DOC] 2.4.1 retrieving text, 2.5.1 Fib, 2.9.38 Clx). What tracked changes took
away and hidden or struck-out text are left out, as are the instructions of fields, whose results are kept.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.compound_file import read_stream
from analysis.extraction.formats.word97_lists import read_lists
from analysis.extraction.formats.word97_properties import Changes, Stretches, read_characters, read_paragraphs
from analysis.extraction.formats.word_numbering import Numbering
from analysis.extraction.layout.raised_marks import keep_raised

_MARK = 0xA5EC
_ENCRYPTED, _OTHER_TABLE = 0x0100, 0x0200
# Where the beginning of the file says how long the parts of the text are, and where the lists of the table stand.
_LENGTHS, _BOXES = 0x4C, 5
_CHARACTERS, _PARAGRAPHS, _PIECES, _LISTS, _OVERRIDES = 0xFA, 0x102, 0x1A2, 0x2E2, 0x2EA
_ONE_BYTE = 0x40000000
# Changes of characters: deleted, struck out once and twice, hidden; and raised.
_DELETED, _STRUCK, _HIDDEN, _SCRIPT = 0x0800, (0x0837, 0x2A53), 0x083C, 0x2A48
_SUPERSCRIPT = 1
# Changes of paragraphs: in a table, how deep, the end of a row; the ends of cells and rows of a table in a table.
_IN_TABLE, _DEPTH, _ROW_END, _INNER_CELL_END, _INNER_ROW_END = 0x2416, 0x6649, 0x2417, 0x244B, 0x244C
_LIST, _LEVEL = 0x460B, 0x260A  # which list a paragraph belongs to, and at which level
_CELL, _ENDS = "\x07", "\r\x07\x0c"
_FIELD, _RESULT, _FIELD_END = "\x13", "\x14", "\x15"
_PICTURES = "\x01\x08"
_WRITTEN = {"\t": " ", "\x0b": "\n", "\x0e": "\n", "\x1e": "-", "\xa0": " "}


@dataclass(frozen=True, slots=True)
class WordParagraph:
    """A paragraph as it is seen.

    Attributes:
        text: What it says.
        depth: In how many tables, one in another, it stands.
        ends_cell: Whether the cell of its table ends with it.
        ends_row: Whether it is no text, but the end of a row.
        changes: What is set for it; that of the end of a row says where its cells are.
    """

    text: str
    depth: int
    ends_cell: bool
    ends_row: bool
    changes: Changes


@dataclass(slots=True)
class Story:
    """The text of a document: the paragraphs of its body, then of its text boxes, and what was left out of them."""

    paragraphs: list[WordParagraph] = field(default_factory=list)
    struck: int = 0
    pictures: int = 0


def read_story(path: Path) -> Story:
    """The text of an old Word document.

    Raises:
        UnreadableFileError: it is damaged, has a password, or is older than Word 97.
    """
    data = path.read_bytes()
    try:
        return _story(data)
    except (struct.error, IndexError, ValueError) as error:
        raise _damaged() from error


def _damaged() -> UnreadableFileError:
    return UnreadableFileError(
        "旧版 Word 文档已损坏，无法打开；请重新下载，或用 Word 另存为 .docx。"
        " / The old Word document is damaged; download it again, or save it as .docx."
    )


def _story(data: bytes) -> Story:
    file = read_stream(data, "WordDocument")
    if file is None:
        raise _damaged()
    mark, flags = struct.unpack_from("<H8xH", file)
    if mark != _MARK:
        raise UnreadableFileError(
            "这是 Word 97 之前的文档；请用 Word 另存为 .docx。 / A document older than Word 97; save it as .docx."
        )
    if flags & _ENCRYPTED:
        raise UnreadableFileError(
            "文件有密码；请解除密码后再放入。 / The file needs a password; remove it and try again."
        )
    table = read_stream(data, "1Table" if flags & _OTHER_TABLE else "0Table")
    if table is None:
        raise _damaged()
    parts = {at: _part(file, table, at) for at in (_CHARACTERS, _PARAGRAPHS, _PIECES, _OVERRIDES)}
    pieces = list(_pieces(parts[_PIECES]))
    if any(piece.place + piece.width * (piece.end - piece.start) > len(file) for piece in pieces) or (
        sum(piece.end - piece.start for piece in pieces) > len(file)
    ):
        raise _damaged()  # it is cut off, or says the same again and again
    text = _PieceTable(
        file,
        pieces,
        read_characters(file, parts[_CHARACTERS]),
        read_paragraphs(file, parts[_PARAGRAPHS], read_stream(data, "Data") or b""),
        read_lists(_lists(file, table), parts[_OVERRIDES]),
    )
    lengths = struct.unpack_from("<8I", file, _LENGTHS)
    ends = list(accumulate(lengths))
    story = Story()
    for start, end in ((0, ends[0]), (ends[_BOXES], ends[_BOXES + 1])):
        text.tell(start, end, story)
    return story


def _part(file: bytes, table: bytes, at: int) -> bytes:
    """The part of the table that the beginning of the file names at a place."""
    start, size = struct.unpack_from("<II", file, at)
    return table[start : start + size]


def _lists(file: bytes, table: bytes) -> bytes:
    """The table from its lists on, whose levels stand behind what the file counts; nothing where it has none."""
    start, size = struct.unpack_from("<II", file, _LISTS)
    return table[start:] if size else b""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the text: the numbers of its characters, and where it stands in the file."""

    start: int
    end: int
    place: int
    width: int


def _pieces(clx: bytes) -> Iterator[_Piece]:
    """The pieces of the text, in its order.

    Raises:
        struct.error: the list is cut off.
        ValueError: it is not in order.
    """
    place = 0
    while clx[place] == 1:  # changes that pieces share
        place += 3 + struct.unpack_from("<H", clx, place + 1)[0]
    (size,) = struct.unpack_from("<I", clx, place + 1)
    count = (size - 4) // 12
    starts = struct.unpack_from(f"<{count + 1}I", clx, place + 5)
    if list(starts) != sorted(starts):
        raise ValueError("pieces of text that run backwards")
    for number, (start, end) in enumerate(pairwise(starts)):
        (at,) = struct.unpack_from("<2xI", clx, place + 5 + 4 * (count + 1) + 8 * number)
        one_byte = bool(at & _ONE_BYTE)
        at &= _ONE_BYTE - 1
        yield _Piece(start, end, at // 2 if one_byte else at, 1 if one_byte else 2)


@dataclass(frozen=True, slots=True)
class _PieceTable:
    """The pieces of a document with what holds for them."""

    file: bytes
    pieces: Sequence[_Piece]
    characters: Stretches
    paragraphs: Stretches
    numbering: Numbering

    def tell(self, start: int, end: int, story: Story) -> None:
        """Add the paragraphs from one character to another; what stands behind the last end of one is none."""
        parts: list[str] = []
        fields: list[str] = []  # those that are open, by how far they have come
        for written, looks, place, width in self._runs(start, end):
            seen = ""
            for char in written:
                if char in _ENDS:
                    self._add(parts, seen, looks, story)
                    story.paragraphs.append(self._paragraph("".join(parts), char, self.paragraphs.at(place)))
                    parts, seen, fields = [], "", []
                elif char == _FIELD:
                    fields.append(char)
                elif char in (_RESULT, _FIELD_END):
                    del fields[-1:]
                    fields += [char] if char == _RESULT else []
                elif char in _PICTURES:
                    story.pictures += 1
                elif _FIELD not in fields:
                    seen += _WRITTEN.get(char, char if char >= " " else "")
                place += width * (1 + (ord(char) > 0xFFFF))
            self._add(parts, seen, looks, story)

    def _runs(self, start: int, end: int) -> Iterator[tuple[str, Changes, int, int]]:
        """The stretches of one look: what is written, the look, the place in the file, the bytes of a character."""
        for piece in self.pieces:
            low, high = max(start, piece.start), min(end, piece.end)
            if low >= high:
                continue
            first, last = (piece.place + (at - piece.start) * piece.width for at in (low, high))
            for place, stop, looks in self.characters.runs(first, last):
                encoding = "cp1252" if piece.width == 1 else "utf-16-le"
                yield self.file[place:stop].decode(encoding, "replace"), looks, place, piece.width

    def _add(self, parts: list[str], seen: str, looks: Changes, story: Story) -> None:
        """Add what a reader sees of a run."""
        if not seen or looks.is_set(_DELETED) or looks.is_set(_HIDDEN):
            return
        if any(map(looks.is_set, _STRUCK)):
            story.struck += any(map(str.isdigit, seen))
            return
        if looks.value(_SCRIPT) == _SUPERSCRIPT:
            seen = keep_raised(parts[-1] if parts else "", seen)
        parts.append(seen)

    def _paragraph(self, text: str, end: str, changes: Changes) -> WordParagraph:
        number = self.numbering.count(str(changes.value(_LIST)), changes.value(_LEVEL)) if text.strip() else ""
        depth = max(changes.value(_DEPTH), 1) if changes.is_set(_IN_TABLE) or end == _CELL else 0
        ends_row = changes.is_set(_ROW_END) or changes.is_set(_INNER_ROW_END)
        ends_cell = not ends_row and (end == _CELL or changes.is_set(_INNER_CELL_END))
        return WordParagraph(number + text.lstrip() if number else text, depth, ends_cell, ends_row, changes)
