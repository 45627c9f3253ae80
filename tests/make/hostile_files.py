"""Files that are broken or mean harm, made anew from nothing or from a good document: a name and its bytes each."""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pikepdf
import xlwt
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from typesetter.accounts import make_accounts
from typesetter.book import Book
from typesetter.classification import classification
from typesetter.corpus import SETTERS
from typesetter.quirks import Quirks
from typesetter.tables import book_of

from analysis.extraction.formats.archive import MAX_UNPACKED
from analysis.extraction.formats.pdf_pages import MAX_PAGES
from analysis.extraction.formats.pdf_rulings import MAX_OBJECTS

ORGANISATION = "上海市普陀区晨曦办公室"
YEAR = 2025


@dataclass(frozen=True, slots=True)
class Good:
    """One good document in every kind of file."""

    book: Book
    files: Mapping[str, bytes]

    def __getitem__(self, ending: str) -> bytes:
        return self.files[ending]


def made_book(seed: int = 1) -> Book:
    return book_of(make_accounts(Random(seed), classification().bodies[0], ORGANISATION, YEAR, step=100), Quirks())


def set_as(book: Book, ending: str, folder: Path) -> bytes:
    path = folder / f"set.{ending}"
    SETTERS[ending](book, path, Quirks())
    return path.read_bytes()


def good_document(folder: Path) -> Good:
    book = made_book()
    return Good(book, {ending: set_as(book, ending, folder) for ending in SETTERS})


def another(pdf: bytes, word: str) -> bytes:
    """The same PDF in other bytes."""
    return pdf + b"\n%" + word.encode() + b"\n"


# PDF ------------------------------------------------------------------------------------------------------------------


def stream(data: bytes, described: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (described, len(data), data)


def deflated(data: bytes) -> bytes:
    return stream(zlib.compress(data), b"/Filter/FlateDecode")


def raw_pdf(*objects: bytes) -> bytes:
    """A PDF of these objects, numbered from 1; the first is the catalogue."""
    data, starts = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        starts.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1, table, len(objects) + 1, len(data),
    )  # fmt: skip


def one_page(content: bytes, *more: bytes, resources: bytes = b"") -> bytes:
    """A PDF of one page that draws `content`, an object, with `more` objects from number 5 on."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%s>>>>" % resources
    catalogue, pages = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return raw_pdf(catalogue, pages, page, content, *more)


def form(content: bytes, inner: int) -> bytes:
    described = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</F %d 0 R>>>>" % inner
    return stream(content, described)


def form_that_calls_itself_twice() -> bytes:
    return one_page(stream(b"/F Do"), form(b"/F Do /F Do", 5), resources=b"/XObject<</F 5 0 R>>")


def nine_forms_ten_times_each() -> bytes:
    forms = [form(b"/F Do " * 10, number + 1) for number in range(5, 13)]
    return one_page(stream(b"/F Do"), *forms, form(b"0 0 1 1 re f", 13), resources=b"/XObject<</F 5 0 R>>")


def page_tree_loop() -> bytes:
    return raw_pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>")


def deep_array() -> bytes:
    return one_page(stream(b"/F Do"), b"[" * 200_000 + b"]" * 200_000, resources=b"/XObject 5 0 R")


def blanks_deflated(mebibytes: int) -> bytes:
    """A zlib stream of so many MiB of blanks, made of one block over and over; its checksum is left out."""
    packer = zlib.compressobj(9)
    head = packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * mebibytes + b"\x03\x00"


def two_gigabytes_of_blanks() -> bytes:
    return one_page(stream(zlib.compress(blanks_deflated(2048), 9), b"/Filter[/FlateDecode/FlateDecode]"))


def thin_rectangles() -> bytes:
    return one_page(deflated(b"0 0 9 1 re f\n" * (MAX_OBJECTS + 1)))


def grid_without_text() -> bytes:
    across = b"".join(b"0 %d m 600 %d l S\n" % (4 * y, 4 * y) for y in range(201))
    return one_page(deflated(across + b"".join(b"%d 0 m %d 800 l S\n" % (4 * x, 4 * x) for x in range(141))))


def saved(pdf: pikepdf.Pdf, encryption: pikepdf.Encryption | bool = False) -> bytes:
    target = io.BytesIO()
    pdf.save(target, encryption=encryption, deterministic_id=not encryption)
    return target.getvalue()


def encrypted(pdf: bytes, user: str) -> bytes:
    return saved(pikepdf.open(io.BytesIO(pdf)), pikepdf.Encryption(user=user, owner="owner"))


def with_blank_pages(pdf: bytes, pages: int) -> bytes:
    document = pikepdf.open(io.BytesIO(pdf))
    while len(document.pages) < pages:
        document.add_blank_page(page_size=(595, 842))
    return saved(document)


def blank_pages(pages: int) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    return with_blank_pages(saved(document), pages)


def pictures_only() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    for shade in (0, 128):
        canvas.drawInlineImage(Image.new("L", (60, 80), shade), 0, 0, 600, 800)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def with_half_a_character(pdf: bytes) -> bytes:
    """A character of the organisation's name says that it is half of a surrogate pair."""
    document = pikepdf.open(io.BytesIO(pdf))
    font = next(font for font in document.pages[0].Resources.Font.values() if font.Subtype == "/Type0")
    font.ToUnicode = pikepdf.Stream(
        document,
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        b"1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        b"1 beginbfchar <%04x> <d800> endbfchar endcmap end end" % ord("晨"),
    )
    return saved(document)


def with_garbage(data: bytes, at: float, size: int) -> bytes:
    start = int(len(data) * at)
    return data[:start] + Random(1).randbytes(size) + data[start + size :]


def stream_of_page(pdf: bytes, page: int) -> tuple[int, int]:
    """Where the drawing of a page, from 1, begins in the file and how long it is."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        raw = document.pages[page - 1].Contents.read_raw_bytes()
    return pdf.index(raw), len(raw)


def with_damaged_drawing(pdf: bytes, page: int) -> bytes:
    """The middle of a page's drawing is other data, and all else is whole."""
    plain = saved(pikepdf.open(io.BytesIO(pdf)))
    start, size = stream_of_page(plain, page)
    return plain[: start + size // 2] + Random(1).randbytes(60) + plain[start + size // 2 + 60 :]


# Archives: xlsx, docx -------------------------------------------------------------------------------------------------


def repacked(archive: bytes, replaced: Mapping[str, bytes]) -> bytes:
    """The archive with some of its entries replaced, or added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename not in replaced:
                new.writestr(entry, old.read(entry))
        for name, data in replaced.items():
            new.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 1)
    return target.getvalue()


def entry_of(archive: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read(name)


def with_grid_spans(docx: bytes, span: str) -> bytes:
    """The Word document with this span said of every cell that spans one column."""
    said = f'w:type="dxa"/><w:gridSpan w:val="{span}"/></w:tcPr>'.encode()
    return repacked(docx, {BODY: entry_of(docx, BODY).replace(b'w:type="dxa"/></w:tcPr>', said)})


def with_wide_table(docx: bytes, span: str) -> bytes:
    """The Word document with one more table, of one cell, that says so of its span."""
    cell = f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/></w:tcPr><w:p/></w:tc>'
    table = f"<w:tbl><w:tr>{cell}</w:tr></w:tbl></w:body>".encode()
    return repacked(docx, {BODY: entry_of(docx, BODY).replace(b"</w:body>", table)})


SHEET = "xl/worksheets/sheet1.xml"
BODY = "word/document.xml"
_SHEET_HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_SHEET_TAIL = b"</sheetData></worksheet>"
_BODY_HEAD = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
)
_BODY_TAIL = b"</w:t></w:r></w:p></w:body></w:document>"
_EXTERNAL = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
_LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    + b'<!ENTITY e "&a11;">]>'
)


def sheet_xml(declared: bytes, text: bytes = b"") -> bytes:
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>%s</t></is></c></row>' % text
    return declared + _SHEET_HEAD + cell + _SHEET_TAIL


def body_xml(declared: bytes) -> bytes:
    return declared + _BODY_HEAD + b"&e;" + _BODY_TAIL


def far_cells(last: str) -> bytes:
    cells = b"".join(
        b'<row r="%s"><c r="%s"><v>1</v></c></row>' % (re.sub(r"\D", "", place).encode(), place.encode())
        for place in ("A1", last)
    )
    return _SHEET_HEAD + cells + _SHEET_TAIL


def bomb(xlsx: bytes) -> bytes:
    return repacked(xlsx, {SHEET: b" " * (MAX_UNPACKED + 1)})


def lying_bomb(xlsx: bytes) -> bytes:
    """The bomb, whose directory says that it is small."""
    data = bomb(xlsx)
    return data.replace((MAX_UNPACKED + 1).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def zip_of(files: Mapping[str, bytes]) -> bytes:
    return repacked(b"PK\x05\x06" + bytes(18), files)


def flagged_encrypted(archive: bytes) -> bytes:
    """Every entry says that it is encrypted."""
    data = bytearray(archive)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(mark, archive):
            data[found.start() + offset] |= 1
    return bytes(data)


# Others ---------------------------------------------------------------------------------------------------------------


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(target, "png")
    return target.getvalue()


def with_first_amount(page: bytes, amount: bytes) -> bytes:
    """A web page with another amount in place of the first that has thousands."""
    return re.sub(rb">\d{1,3}(,\d{3})+<", b">" + amount + b"<", page, count=1)


def compound(content: str) -> bytes:
    """An OLE file whose directory names this content."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + Random(2).randbytes(4000) + content.encode("utf-16-le") + bytes(99)


def other_workbook() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("名单")
    for row, words in enumerate((("姓名", "电话"), ("甲", "1"), ("乙", "2"))):
        for column, word in enumerate(words):
            sheet.write(row, column, word)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


Maker = Callable[[Good], bytes]

HARMFUL: dict[str, Maker] = {
    "form that calls itself twice.pdf": lambda good: form_that_calls_itself_twice(),
    "nine forms, ten times each.pdf": lambda good: nine_forms_ten_times_each(),
    "page tree loop.pdf": lambda good: page_tree_loop(),
    "deep array.pdf": lambda good: deep_array(),
    "two gigabytes of blanks.pdf": lambda good: two_gigabytes_of_blanks(),
    "thin rectangles.pdf": lambda good: thin_rectangles(),
    "grid without text.pdf": lambda good: grid_without_text(),
    "too many pages.pdf": lambda good: blank_pages(MAX_PAGES + 1),
    "zip bomb.xlsx": lambda good: bomb(good["xlsx"]),
    "zip bomb that lies.xlsx": lambda good: lying_bomb(good["xlsx"]),
    "far cells.xlsx": lambda good: repacked(good["xlsx"], {SHEET: far_cells("XFD1048576")}),
    "far rows.xlsx": lambda good: repacked(good["xlsx"], {SHEET: far_cells("CZ1048576")}),
    "external entity.xlsx": lambda good: repacked(good["xlsx"], {SHEET: sheet_xml(_EXTERNAL, b"&e;")}),
    "billion laughs.xlsx": lambda good: repacked(good["xlsx"], {SHEET: sheet_xml(_LAUGHS, b"&e;")}),
    "external entity.docx": lambda good: repacked(good["docx"], {BODY: body_xml(_EXTERNAL)}),
    "billion laughs.docx": lambda good: repacked(good["docx"], {BODY: body_xml(_LAUGHS)}),
    "laughs far down.docx": lambda good: repacked(
        good["docx"], {BODY: body_xml(b"<!--%s-->" % (b"-x" * 9999) + _LAUGHS)}
    ),
    "nested.zip": lambda good: zip_of({"inner.zip": zip_of({"good.xlsx": good["xlsx"]})}),
    "nested.html": lambda good: b"<html><body>" + b"<div>" * 100_000,
}
"""What eats the machine if it can."""

BROKEN: dict[str, Maker] = {
    "empty.pdf": lambda good: b"",
    "cut to a twentieth.pdf": lambda good: good["pdf"][: len(good["pdf"]) // 20],
    "cut to three fifths.pdf": lambda good: good["pdf"][: len(good["pdf"]) * 3 // 5],
    "tail cut.pdf": lambda good: good["pdf"][:-2000],
    "cut.xlsx": lambda good: good["xlsx"][:-2000],
    "cut.docx": lambda good: good["docx"][:-2000],
    "cut.xls": lambda good: good["xls"][:600],
    "garbage.xlsx": lambda good: with_garbage(good["xlsx"], 0.3, 2000),
    "garbage.docx": lambda good: with_garbage(good["docx"], 0.3, 2000),
    "password.pdf": lambda good: encrypted(good["pdf"], "user"),
    "encrypted.xlsx": lambda good: flagged_encrypted(good["xlsx"]),
    "encrypted.docx": lambda good: flagged_encrypted(good["docx"]),
    "encrypted workbook.xlsx": lambda good: compound("EncryptedPackage"),
    "old letter.doc": lambda good: compound("WordDocument"),
    "pictures only.pdf": lambda good: pictures_only(),
    "picture.png": lambda good: picture(),
    "picture.pdf": lambda good: picture() + bytes(9),
    "page not found.pdf": lambda good: "<html><body><h1>404</h1>页面不存在</body></html>".encode(),
    "random.pdf": lambda good: Random(3).randbytes(5000),
    "random.txt": lambda good: Random(4).randbytes(5000).replace(b"\0", b"\x01"),
    "list of names.xls": lambda good: other_workbook(),
    "letter.txt": lambda good: "你好！\n这是一封信。\n".encode(),
    "number of 25 digits.html": lambda good: with_first_amount(good["html"], b"9" * 25),
    "number of 60 digits.html": lambda good: with_first_amount(good["html"], b"9" * 60),
}
"""What is damaged, shut, or not what it should be: nothing of it can be read."""
