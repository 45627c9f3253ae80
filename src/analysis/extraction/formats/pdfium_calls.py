"""The pdfium calls that are made for every character and every path, bound to plain integers.

pypdfium2 hands out a Python object for every pointer; a page has a thousand characters and as many objects, and making
these objects costs more than the calls. Here the same functions take and give addresses, and keep the interpreter's
lock: the calls are shorter than letting go of it. Seen with pypdfium2 5.15;
`tests/test_pdfium.py` compares both ways of calling.
"""

import ctypes
from collections.abc import Callable
from typing import Any

import pypdfium2.raw as c

INVISIBLE: int = c.FPDF_TEXTRENDERMODE_INVISIBLE
NO_TEXT: int = c.FPDF_TEXTRENDERMODE_UNKNOWN
"""The render mode that pdfium gives for what is no text at all."""

_POINTER, _INT = ctypes.c_void_p, ctypes.c_int


def _bare(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    address = ctypes.cast(function, _POINTER).value
    if address is None:
        raise ImportError(f"pdfium has no {function}")
    return ctypes.PYFUNCTYPE(result, *arguments)(address)


get_page_object = _bare(c.FPDFPage_GetObject, _POINTER, _POINTER, _INT)
get_form_object = _bare(c.FPDFFormObj_GetObject, _POINTER, _POINTER, ctypes.c_ulong)
get_object_kind = _bare(c.FPDFPageObj_GetType, _INT, _POINTER)
get_render_mode = _bare(c.FPDFTextObj_GetTextRenderMode, _INT, _POINTER)
get_draw_mode = _bare(c.FPDFPath_GetDrawMode, _INT, _POINTER, _POINTER, _POINTER)
get_fill_colour = _bare(c.FPDFPageObj_GetFillColor, _INT, *[_POINTER] * 5)
get_stroke_colour = _bare(c.FPDFPageObj_GetStrokeColor, _INT, *[_POINTER] * 5)
get_bounds = _bare(c.FPDFPageObj_GetBounds, _INT, *[_POINTER] * 5)
count_segments = _bare(c.FPDFPath_CountSegments, _INT, _POINTER)
get_char_angle = _bare(c.FPDFText_GetCharAngle, ctypes.c_float, _POINTER, _INT)
get_loose_box = _bare(c.FPDFText_GetLooseCharBox, _INT, _POINTER, _INT, _POINTER)


def address_of(pointer: Any) -> int:
    """The address that a pypdfium2 pointer holds."""
    return ctypes.cast(pointer, _POINTER).value or 0


def as_object(address: int) -> c.FPDF_PAGEOBJECT:
    """The page object at an address, as the other calls want it."""
    return ctypes.cast(address, c.FPDF_PAGEOBJECT)
