"""One reader over all documents, alone in its process: `python -m bench.page_readers NAME` prints seconds, pages, MiB.

floor       pypdfium2 opens every page and reads every character with its loose box: nobody can be faster
workbench   pages into grids and lines
plumber     pdfplumber's extract_tables, pages closed after use
items       whole documents to line items; prints the slowest document too
"""

import ctypes
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.documents import pdf_documents


def floor(path: Path) -> int:
    import pypdfium2 as pdfium
    import pypdfium2.raw as c

    from analysis.extraction.formats.pdfium_fonts import use_bundled_fonts

    use_bundled_fonts()  # the floor has the same typeface as the workbench, on every machine
    with pdfium.PdfDocument(path) as document:
        for number in range(len(document)):
            page = c.FPDF_LoadPage(document.raw, number)
            text = c.FPDFText_LoadPage(page)
            count = c.FPDFText_CountChars(text)
            box = c.FS_RECTF()
            for index in range(count):
                c.FPDFText_GetUnicode(text, index)
                c.FPDFText_GetLooseCharBox(text, index, ctypes.byref(box))
            c.FPDFText_ClosePage(text)
            c.FPDF_ClosePage(page)
        return len(document)


def workbench(path: Path) -> int:
    from analysis.extraction.formats.pdf_pages import read_pages
    from analysis.extraction.layout.grid import page_to_blocks
    from analysis.terms.page import Page

    pages = 0
    for page in read_pages(path):
        assert isinstance(page, Page)
        page_to_blocks(page)
        pages += 1
    return pages


def plumber(path: Path) -> int:
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()
        return len(pdf.pages)


def items(path: Path) -> int:
    from analysis.knowledge.families import load_families
    from analysis.reading.read_document import read_document

    return read_document(path, load_families()).pages


READERS: dict[str, Callable[[Path], int]] = {
    "floor": floor,
    "workbench": workbench,
    "plumber": plumber,
    "items": items,
}

if __name__ == "__main__":
    reader = READERS[sys.argv[1]]
    paths = pdf_documents()
    reader(paths[0])  # imports and first calls are no part of a page's price
    seconds, pages, slowest = 0.0, 0, 0.0
    for path in paths:
        start = time.perf_counter()
        pages += reader(path)
        spent = time.perf_counter() - start
        seconds, slowest = seconds + spent, max(slowest, spent)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(seconds, pages, peak, slowest)
