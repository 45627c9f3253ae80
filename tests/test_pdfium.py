"""What reading needs of pypdfium2 and pdfium beyond what they promise, seen in pypdfium2 5.15 with pdfium 159.0.8149.

When one of these fails after an upgrade: read the documents of `data/raw` with the old and the new version, compare
their line items, and run `make bench`.
"""

import ctypes
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as c
import pytest
from reportlab.pdfgen.canvas import Canvas

from analysis.extraction.formats import pdfium_calls
from analysis.extraction.formats.pdfium_fonts import FONTS

SEEN = "seen in pypdfium2 5.15"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One page: two characters, and a form that is drawn once."""
    path = tmp_path_factory.mktemp("pdfium") / "written.pdf"
    canvas = Canvas(str(path))
    canvas.beginForm("form")
    canvas.rect(10, 10, 50, 50)
    canvas.endForm()
    canvas.doForm("form")
    canvas.setStrokeColorRGB(0.2, 0.4, 0.6)
    canvas.rect(200, 300, 40, 20, fill=0)
    canvas.drawString(100, 700, "12")
    canvas.save()
    return path


def test_addresses_say_what_the_pointers_of_pypdfium2_say(written: Path) -> None:
    with pdfium.PdfDocument(written) as document:
        page = c.FPDF_LoadPage(document.raw, 0)
        address = pdfium_calls.address_of(page)
        for index in range(c.FPDFPage_CountObjects(page)):
            item = pdfium_calls.get_page_object(address, index)
            pointer = c.FPDFPage_GetObject(page, index)
            assert item == pdfium_calls.address_of(pointer), f"see pdfium_calls, {SEEN}"
            assert pdfium_calls.get_object_kind(item) == c.FPDFPageObj_GetType(pointer)
            assert pdfium_calls.get_render_mode(item) == c.FPDFTextObj_GetTextRenderMode(pointer)
            is_text = c.FPDFPageObj_GetType(pointer) == c.FPDF_PAGEOBJ_TEXT
            assert pdfium_calls.get_render_mode(item) == (0 if is_text else pdfium_calls.NO_TEXT)
            if c.FPDFPageObj_GetType(pointer) == c.FPDF_PAGEOBJ_FORM:
                inner = pdfium_calls.address_of(c.FPDFFormObj_GetObject(pointer, 0))
                assert pdfium_calls.get_form_object(item, 0) == inner != 0
            assert pdfium_calls.address_of(pdfium_calls.as_object(item)) == item
            if c.FPDFPageObj_GetType(pointer) == c.FPDF_PAGEOBJ_PATH:
                assert pdfium_calls.count_segments(item) == c.FPDFPath_CountSegments(pointer) > 3
        c.FPDF_ClosePage(page)


def test_a_box_is_four_floats_in_the_order_left_top_right_bottom(written: Path) -> None:
    with pdfium.PdfDocument(written) as document:
        page = c.FPDF_LoadPage(document.raw, 0)
        text = c.FPDFText_LoadPage(page)
        bare, box = (ctypes.c_float * 4)(), c.FS_RECTF()
        pdfium_calls.get_loose_box(pdfium_calls.address_of(text), 1, ctypes.addressof(bare))
        assert c.FPDFText_GetLooseCharBox(text, 1, box)
        assert list(bare) == [box.left, box.top, box.right, box.bottom], f"FS_RECTF has another layout, {SEEN}"
        assert bare[0] > 100 and bare[1] > bare[3] > 600
        c.FPDFText_ClosePage(text)
        c.FPDF_ClosePage(page)


def test_what_a_path_draws_is_written_at_the_addresses_given(written: Path) -> None:
    with pdfium.PdfDocument(written) as document:
        page = c.FPDF_LoadPage(document.raw, 0)
        at = pdfium_calls.address_of(page)
        items = [pdfium_calls.get_page_object(at, index) for index in range(c.FPDFPage_CountObjects(page))]
        (path,) = [item for item in items if pdfium_calls.get_object_kind(item) == c.FPDF_PAGEOBJ_PATH]
        mode, edges, colour = (ctypes.c_int * 2)(), (ctypes.c_float * 4)(), (ctypes.c_uint * 4)()
        assert pdfium_calls.get_draw_mode(path, *_addresses(mode))
        assert pdfium_calls.get_bounds(path, *_addresses(edges))
        assert pdfium_calls.get_stroke_colour(path, *_addresses(colour))
        assert not mode[0] and mode[1], f"FPDFPath_GetDrawMode has another order, {SEEN}"
        assert list(edges) == pytest.approx([200, 300, 240, 320], abs=1.1)
        assert list(colour) == [51, 102, 153, 255]
        assert pdfium_calls.get_fill_colour(path, *_addresses(colour))
        c.FPDF_ClosePage(page)


def _addresses(array: ctypes.Array[Any]) -> list[int]:
    return [ctypes.addressof(array) + index * 4 for index in range(len(array))]


STARTED_ANEW = """
import sys
import pypdfium2 as pdfium
from analysis.extraction.formats.pdfium_fonts import use_bundled_fonts
kept = use_bundled_fonts()
assert use_bundled_fonts() is kept
with pdfium.PdfDocument(sys.argv[1]) as document:
    print(document[0].get_textpage().get_text_range())
"""


def test_pdfium_starts_anew_below_pypdfium2_and_ends_in_peace(written: Path) -> None:
    """pypdfium2 starts pdfium on import and ends it at exit; in between it is ended and started with other fonts."""
    command = [sys.executable, "-c", STARTED_ANEW, str(written)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"pdfium cannot be started anew (see pdfium_fonts, {SEEN}): {done.stderr}"
    assert done.stdout.split() == ["12"]


def test_the_configuration_has_a_place_for_folders_of_fonts() -> None:
    names = [name for name, _ in c.FPDF_LIBRARY_CONFIG._fields_]
    assert names[:4] == ["version", "m_pUserFontPaths", "m_pIsolate", "m_v8EmbedderSlot"], f"see pdfium_fonts, {SEEN}"
    assert any(path.name.endswith(".ttf") for path in FONTS.iterdir())
