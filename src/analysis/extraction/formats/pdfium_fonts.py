"""pdfium with the package's own typeface, so that a page reads alike on every machine.

Many published files name a font (宋体, STSong) and do not carry it. pdfium then takes one of the machine's, and with it
the height of every character; on a machine without Chinese fonts lines fall apart and cells are lost. So the machine's
fonts are never looked at: what a file lacks is taken from the font that the package ships, here and everywhere.

pypdfium2 5.15 starts pdfium when it is imported and has no way to say with which fonts, so pdfium is ended and started
anew below it. `tests/test_pdfium.py` says whether another version still bears that.
"""

import ctypes
from functools import cache
from importlib.resources import files

import pypdfium2.raw as c

FONTS = files("analysis") / "assets" / "fonts"


@cache
def use_bundled_fonts() -> object:
    """Start pdfium anew with the package's fonts alone; call it before a document is opened, the first call counts.

    Returns:
        What pdfium holds addresses of; the cache keeps it as long as the process lives.
    """
    text = ctypes.POINTER(ctypes.c_char)
    folder = ctypes.create_string_buffer(str(FONTS).encode())
    paths = (text * 2)(ctypes.cast(folder, text), text())  # ends with a null
    config = c.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=paths, m_pIsolate=None, m_v8EmbedderSlot=0)
    c.FPDF_DestroyLibrary()
    c.FPDF_InitLibraryWithConfig(config)
    return folder, paths, config
