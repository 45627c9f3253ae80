"""What is laid over a PDF page: the values of form fields, and comments.

A field is a part of its form: its value is read as if it were printed across its box. A comment is somebody's word on
the page, wherever its box stands; it is told and not read.
"""

import ctypes
from collections.abc import Callable, Iterator
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as c

_VALUED = {c.FPDF_FORMFIELD_TEXTFIELD, c.FPDF_FORMFIELD_COMBOBOX, c.FPDF_FORMFIELD_LISTBOX}
_UNSEEN = c.FPDF_ANNOT_FLAG_HIDDEN | c.FPDF_ANNOT_FLAG_NOVIEW
_MAX_ANNOTATIONS = 20_000
_MAX_BYTES = 4_000


class Overlay(NamedTuple):
    """A text that is laid over a page, and its box in the page's user space: left, bottom, right, top."""

    text: str
    box: tuple[float, float, float, float]


class Overlays(NamedTuple):
    """The filled fields of a page, and its comments."""

    fields: tuple[Overlay, ...] = ()
    comments: tuple[Overlay, ...] = ()


def read_overlays(document: pdfium.PdfDocument, page: c.FPDF_PAGE) -> Overlays:
    """What is laid over a page; hidden annotations are none."""
    count = c.FPDFPage_GetAnnotCount(page)
    if count <= 0:
        return Overlays()
    fields: list[Overlay] = []
    comments: list[Overlay] = []
    for annotation in _annotations(page, min(count, _MAX_ANNOTATIONS)):
        kind = c.FPDFAnnot_GetSubtype(annotation)
        if kind == c.FPDF_ANNOT_FREETEXT:
            into, text = comments, _text(c.FPDFAnnot_GetStringValue, annotation, b"Contents")
        elif kind == c.FPDF_ANNOT_WIDGET and document.formenv is not None:
            into, form = fields, document.formenv.raw
            valued = c.FPDFAnnot_GetFormFieldType(form, annotation) in _VALUED
            text = _text(c.FPDFAnnot_GetFormFieldValue, form, annotation) if valued else ""
        else:
            continue
        rect = c.FS_RECTF()
        if text.strip() and c.FPDFAnnot_GetRect(annotation, rect):
            into.append(Overlay(text.strip(), (rect.left, rect.bottom, rect.right, rect.top)))
    return Overlays(tuple(fields), tuple(comments))


def _annotations(page: c.FPDF_PAGE, count: int) -> Iterator[c.FPDF_ANNOTATION]:
    for index in range(count):
        annotation = c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if not c.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
                yield annotation
        finally:
            c.FPDFPage_CloseAnnot(annotation)


def _text(get: Callable[..., int], *arguments: object) -> str:
    """What a call writes as UTF-16 with a null at its end."""
    buffer = ctypes.create_string_buffer(_MAX_BYTES)
    size = get(*arguments, ctypes.cast(buffer, ctypes.POINTER(c.FPDF_WCHAR)), _MAX_BYTES)
    return buffer.raw[: min(size, _MAX_BYTES)].decode("utf-16-le", "replace").split("\0")[0]
