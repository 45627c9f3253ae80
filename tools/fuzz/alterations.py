"""Ways to alter a file: each takes its bytes and a source of chance, and gives other bytes.

Some stand for what happens to files (bits that flip, blocks that are lost, downloads that end early), some for what
writers of files do, and some for malice.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

Change = Callable[[bytes, Random], bytes]
_BLOCK = 512
_NUMBERS = (
    "1e308", "-1e308", "NaN", "inf", "-inf", "9" * 40, "0." + "0" * 40 + "1", "1,23", "--1", "100①", "100²", "1 2",
    "△5", "999999999999.99", "0.00005", "(1)", "=1+1", "１００",
)  # fmt: skip
_SPANS = ("²", "①", "-1", "0", "1.5", "9" * 5000, "65536", "")
_WORDS = (
    "<script>x()</script>", "\x1b[31m", "\u202e", "url(//x)", "=cmd|' /C x'!A0", "\ud7ff", "{{ x }}", "$name", "%s%n",
    "\x00",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Alteration:
    """A way to alter files of some endings; `guarded` where the file's own checksums should notice it."""

    name: str
    endings: frozenset[str]
    change: Change
    guarded: bool = False


def _at(data: bytes, rng: Random, size: int = 1) -> int:
    return rng.randrange(max(1, len(data) - size))


def flip_bits(data: bytes, rng: Random) -> bytes:
    """One to three bits that flip."""
    altered = bytearray(data)
    for _ in range(rng.randint(1, 3)):
        altered[_at(data, rng)] ^= 1 << rng.randrange(8)
    return bytes(altered)


def lose_block(data: bytes, rng: Random) -> bytes:
    """A block of a disk that reads as zeros."""
    at = _at(data, rng, _BLOCK)
    return data[:at] + bytes(min(_BLOCK, len(data) - at)) + data[at + _BLOCK :]


def fill_block(data: bytes, rng: Random) -> bytes:
    """A block of another file."""
    at = _at(data, rng, _BLOCK)
    return data[:at] + rng.randbytes(min(_BLOCK, len(data) - at)) + data[at + _BLOCK :]


def end_early(data: bytes, rng: Random) -> bytes:
    """A download that ended early."""
    return data[: _at(data, rng)]


def repeat_block(data: bytes, rng: Random) -> bytes:
    """A block that is there twice."""
    at = _at(data, rng, _BLOCK)
    return data[: at + _BLOCK] + data[at:]


def leave_out_bytes(data: bytes, rng: Random) -> bytes:
    """Some bytes that are missing."""
    at = _at(data, rng, 64)
    return data[:at] + data[at + rng.randint(1, 64) :]


def _of_text(change: Callable[[str, Random], str]) -> Change:
    return lambda data, rng: change(data.decode("utf-8", "replace"), rng).encode("utf-8", "surrogatepass")


def _replaced(text: str, found: list[re.Match[str]], rng: Random, words: tuple[str, ...]) -> str:
    if not found:
        return text
    one = rng.choice(found)
    return text[: one.start(1)] + rng.choice(words) + text[one.end(1) :]


def odd_number(text: str, rng: Random) -> str:
    """A number that no budget has, in place of one that it has."""
    return _replaced(text, list(re.finditer(r"(?<=[>\s])(\d[\d,.]*)(?=[<\s])", text)), rng, _NUMBERS)


def odd_span(text: str, rng: Random) -> str:
    """A merged cell of an absurd width or height."""
    return re.sub(
        r"<td", f'<td {rng.choice(("colspan", "rowspan"))}="{rng.choice(_SPANS)}"', text, count=rng.randint(1, 30)
    )


def hostile_word(text: str, rng: Random) -> str:
    """A text that means something to whoever shows it."""
    return _replaced(text, list(re.finditer(r"([一-鿿]{2,})", text)), rng, _WORDS)


def lost_tag(text: str, rng: Random) -> str:
    """A tag that is missing."""
    return _replaced(text, list(re.finditer(r"(<[^>]{1,200}>)", text)), rng, ("",))


def deep_nesting(text: str, rng: Random) -> str:
    """Elements in elements, deeper than any parser likes."""
    return text + "<div>" * rng.choice((100, 5_000, 50_000))


def lost_figures(text: str, rng: Random) -> str:
    """Some figures that are missing."""
    found = list(re.finditer(r"\d[\d,]*\.?\d*", text))
    for one in sorted(rng.sample(found, min(len(found), rng.randint(1, 25))), key=lambda match: -match.start()):
        text = text[: one.start()] + text[one.end() :]
    return text


def _of_entry(change: Callable[[str, Random], str]) -> Change:
    """Alter one part of an archive and pack it anew, so that its checksums hold."""

    def altered(data: bytes, rng: Random) -> bytes:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        chosen = rng.choice([name for name in sorted(parts) if name.endswith(".xml")])
        parts[chosen] = change(parts[chosen].decode(), rng).encode("utf-8", "surrogatepass")
        return _packed(parts)

    return altered


def lose_entry(data: bytes, rng: Random) -> bytes:
    """A part of an archive that is missing."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    del parts[rng.choice(sorted(parts))]
    return _packed(parts)


def _packed(parts: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            # Its own time, so that the same seed gives the same bytes at any hour.
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), part, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def odd_value(text: str, rng: Random) -> str:
    """An attribute or a value of XML that nobody expects."""
    return _replaced(text, list(re.finditer(r'[">]([\w.]{1,12})["<]', text)), rng, (*_SPANS[:6], *_NUMBERS[:6]))


_ANY = frozenset(("pdf", "xlsx", "xls", "docx", "html", "txt"))
_PACKED = frozenset(("xlsx", "docx"))
_TEXTS = frozenset(("html", "txt"))
ALTERATIONS = (
    *(
        Alteration(change.__name__, endings, change, guarded=endings == _PACKED)
        for change in (flip_bits, lose_block, fill_block, end_early, repeat_block, leave_out_bytes)
        for endings in (_PACKED, _ANY - _PACKED)
    ),
    *(Alteration(change.__name__, _TEXTS, _of_text(change)) for change in (odd_number, hostile_word)),
    *(
        Alteration(change.__name__, frozenset(("html",)), _of_text(change))
        for change in (odd_span, lost_tag, deep_nesting)
    ),
    Alteration("lost_figures", frozenset(("txt",)), _of_text(lost_figures)),
    *(
        Alteration(f"{change.__name__}_inside", _PACKED, _of_entry(change))
        for change in (odd_value, lost_tag, hostile_word)
    ),
    Alteration("lose_entry", _PACKED, lose_entry),
)
"""Every way to alter a file; those of damage once for archives, which have checksums, and once for all others."""


def alter(data: bytes, ending: str, rng: Random) -> tuple[Alteration, bytes]:
    """The file altered in some way that fits its ending, and in which one."""
    chosen = rng.choice([one for one in ALTERATIONS if ending in one.endings])
    return chosen, chosen.change(data, rng)
