"""Which characters of a PDF page are a watermark: written aslant, or large and faint.

They lie over the figures and would join them. Text at a right angle to the rest is none, nor is a dark heading.
"""

import math
from collections.abc import Sequence
from ctypes import c_uint

import pypdfium2.raw as c

from analysis.extraction.formats.pdfium_calls import address_of, get_char_angle

_QUARTER = math.pi / 2
_ASLANT = math.radians(8)
# A run of a watermark is longer than this, so that looking at every third character finds it.
ANGLE_STEP = 3
_SAMPLE = 8
_LARGE = 1.8
_LIGHT, _THIN = 150, 128


def find_watermark(
    text_page: c.FPDF_TEXTPAGE, seen: Sequence[int], angles: Sequence[float], heights: Sequence[float]
) -> frozenset[int]:
    """The indices of the characters that are a watermark.

    Args:
        text_page: The page's text.
        seen: The indices of its visible characters.
        angles: The angles of every `ANGLE_STEP`th of them.
        heights: The heights of their boxes.
    """
    aslant = _aslant(text_page, seen) if any(angles) else []
    return frozenset(aslant) | frozenset(_faint(text_page, seen, heights))


def _aslant(text_page: c.FPDF_TEXTPAGE, seen: Sequence[int]) -> list[int]:
    address = address_of(text_page)
    return [index for index in seen if _is_aslant(get_char_angle(address, index)) and _is_turned(text_page, index)]


def _is_aslant(angle: float) -> bool:
    return abs((angle + _QUARTER / 2) % _QUARTER - _QUARTER / 2) > _ASLANT


def _is_turned(text_page: c.FPDF_TEXTPAGE, index: int) -> bool:
    """Whether a character stands on a line that is aslant; an italic one leans, but its line is level."""
    matrix = c.FS_MATRIX()
    return bool(c.FPDFText_GetMatrix(text_page, index, matrix)) and _is_aslant(math.atan2(matrix.b, matrix.a))


def _faint(text_page: c.FPDF_TEXTPAGE, seen: Sequence[int], heights: Sequence[float]) -> list[int]:
    typical = sorted(heights[::_SAMPLE])
    if not typical or max(heights) <= _LARGE * typical[len(typical) // 2]:
        return []
    least = _LARGE * typical[len(typical) // 2]
    large = (index for index, height in zip(seen, heights, strict=True) if height > least)
    return [index for index in large if _is_faint(text_page, index)]


def _is_faint(text_page: c.FPDF_TEXTPAGE, index: int) -> bool:
    colour = tuple(c_uint() for _ in range(4))
    if not c.FPDFText_GetFillColor(text_page, index, *colour):
        return False
    red, green, blue, alpha = (part.value for part in colour)
    return alpha <= _THIN or min(red, green, blue) >= _LIGHT
