"""PDF file → how many of its compressed parts are damaged.

pdfium draws what it can of a damaged stream and says nothing, so figures would vanish without a word. Every Flate
stream is unpacked once, to its end, and the checksum believed; what describes objects has no checksum, but its brackets
pair, its filters have names that there are, and the box of a page has four sides. Pictures are passed over, and all of
an encrypted file.
"""

import base64
import re
import zlib
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as c

from analysis.errors import UnreadableFileError

_PIECE = 2**20
_PACKED_AGAIN = 2**24
_UNPACKED = 2**28
_ENCRYPTED = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")
_STREAM = re.compile(rb"stream\r?\n")
_OBJECT = re.compile(rb"\bobj\b(.*?)(?=\bendobj\b|\bstream\r?\n|\bobj\b|\Z)", re.DOTALL)
_NO_TOKEN = re.compile(rb"(?<=[\s\[\]<>])[\x80-\xff]")  # a name begins with a stroke, whatever its characters
_BOX = re.compile(rb"/(?:Media|Crop)Box\s*\[([^\[\]]*)\]")
_SIDE = re.compile(rb"\d+\s+\d+\s+R|[-+]?(?:\d+\.?\d*|\.\d+)")
# Numbers are bounded: in a run of a million digits each would be tried as a beginning.
_DEFINED = re.compile(rb"(?<!\d)(\d{1,10})\s{1,9}(\d{1,5})\s{1,9}obj\b")
_NEEDED = re.compile(rb"/(?:Contents|Kids|Resources)\s*(?:\[([^\[\]]*)\]|(\d+\s+\d+\s+R))")
_REFERENCE = re.compile(rb"(?<!\d)(\d{1,10})\s{1,9}(\d{1,5})\s{1,9}R\b")
_FILTER_NAMES = re.compile(rb"/Filter\s*(?:(/[^\s/<>\[\]()]+)|\[([^\[\]]*)\])")
_FILTER_PART = re.compile(rb"\d+\s+\d+\s+R|[^\s/]+")
_KNOWN_FILTERS = frozenset(
    b"FlateDecode ASCII85Decode ASCIIHexDecode LZWDecode RunLengthDecode CCITTFaxDecode JBIG2Decode DCTDecode "
    b"JPXDecode Crypt Fl A85 AHx LZW RL CCF DCT".split()
)
_FILTERS = re.compile(rb"/Filter\s*\[?\s*/(ASCII85Decode(?=\s*/Flate))?\s*/?(FlateDecode)?")


def damaged_streams(path: Path) -> int:
    """How many parts of the file are damaged.

    Raises:
        UnreadableFileError: a part unfolds to more than any page holds.
    """
    data = path.read_bytes()
    if _ENCRYPTED.search(data) and _is_encrypted(path):
        return 0
    damaged, start = _missing_objects(data), 0
    for end in re.finditer(b"endstream", data):
        stream = _STREAM.search(data, start, end.start())
        damaged += stream is None or not _unpacks(data, start, stream, end.start())
        damaged += _damaged_descriptions(data[start : stream.start() if stream else end.start()])
        start = end.end()
    return damaged + _damaged_descriptions(data[start:])


def _missing_objects(data: bytes) -> int:
    """How many objects that a page needs are nowhere; not known where objects are packed."""
    if b"/ObjStm" in data:
        return 0
    needed = {found for several, one in _NEEDED.findall(data) for found in _REFERENCE.findall(several or one)}
    return len(needed - set(_DEFINED.findall(data))) if needed else 0


def said_of_damage(damaged: int) -> list[str]:
    """A word on so many damaged parts of a file."""
    if not damaged:
        return []
    return [
        f"文件有 {damaged} 处数据损坏，可能缺字缺数；请重新下载。"
        f" / {damaged} parts of the file are damaged, text or figures may be missing; download it again."
    ]


def _damaged_descriptions(data: bytes) -> int:
    """How many objects between two streams are described in a way that cannot be meant; a text may say anything."""
    return sum(b"(" not in found[1] and not _can_be_meant(found[1]) for found in _OBJECT.finditer(data))


def _can_be_meant(described: bytes) -> bool:
    if described.count(b"<<") != described.count(b">>") or described.count(b"[") != described.count(b"]"):
        return False
    if _NO_TOKEN.search(described):
        return False
    if any(len(_SIDE.findall(box)) != 4 for box in _BOX.findall(described)):
        return False
    parts = (part for one, several in _FILTER_NAMES.findall(described) for part in _FILTER_PART.findall(one + several))
    return all(part in _KNOWN_FILTERS or part.endswith(b" R") for part in parts)


def _is_encrypted(path: Path) -> bool:
    """Whether the file is encrypted: the word may stand anywhere in it."""
    try:
        with pdfium.PdfDocument(path) as document:
            return bool(c.FPDF_GetSecurityHandlerRevision(document.raw) >= 0)
    except pdfium.PdfiumError as error:
        return "password" in str(error).lower()


def _unpacks(data: bytes, start: int, stream: re.Match[bytes], end: int) -> bool:
    described = data[max(start, data.rfind(b"obj", start, stream.start())) : stream.start()]
    filters = _FILTERS.search(described)
    if filters is None or not filters[2] or b"/Image" in described:
        return True
    packed = data[stream.end() : end]
    unpacking = zlib.decompressobj()
    size = 0
    try:
        waiting = base64.a85decode(packed.strip(), adobe=True) if filters[1] else packed
        for _ in range(described.count(b"/FlateDecode") - 1):  # packed more than once
            waiting = zlib.decompressobj().decompress(waiting, _PACKED_AGAIN)
        while waiting and not unpacking.eof:
            size += len(unpacking.decompress(waiting, _PIECE))
            waiting = unpacking.unconsumed_tail
            if size > _UNPACKED:
                raise UnreadableFileError(_TOO_MUCH)
    except (zlib.error, ValueError):
        return False
    return unpacking.eof or not packed.strip() or _lacks_its_checksum_alone(packed)


def _lacks_its_checksum_alone(packed: bytes) -> bool:
    """Whether all the data is there; some writers leave out the checksum behind it."""
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpacking.decompress(packed[2:], _UNPACKED)
    except zlib.error:
        return False
    return unpacking.eof


_TOO_MUCH = (
    "PDF 的内容解压后过大，疑似压缩炸弹，未读取；请另存后再放入。"
    " / A part of the PDF unfolds to too much data, and it was not read; save it anew."
)
