"""Workbook (xlsx) → what its sheets show beyond their values: hidden rows and columns, number formats, lost results.

The reader of values (see `workbook`) gives a cell's value alone: of a formula whose result was not saved, and of an
error such as #REF!, it gives nothing, and it knows neither formats nor what is hidden. That is looked up here, in the
XML of the sheets.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from xml.parsers import expat

from lxml import etree

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.archive import ARCHIVE_ERRORS
from analysis.extraction.formats.number_formats import BUILT_IN, parse_format, show
from analysis.extraction.formats.sheet_details import SheetDetails

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = re.compile(r"\{http://[^}]*/officeDocument/[^}]*relationships\}id$")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})$")
_WORKBOOK = "xl/workbook.xml"
# Bytes without which a sheet has nothing to say here; formats are another question.
_TELLING = (b"hidden=", b"<f", b":f>", b't="e"', b'ht="0"', b'width="0"')


def read_xlsx_details(path: Path) -> Mapping[str, SheetDetails]:
    """The details of each sheet by its name; nothing for a workbook of another kind.

    Raises:
        UnreadableFileError: its XML is malformed.
    """
    if not zipfile.is_zipfile(path):
        return {}
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if _WORKBOOK not in names:
                return {}
            for name in names:
                if name.startswith("xl/") and name.endswith(".xml"):
                    _check(archive.read(name))
            formats = _formats(archive, names)
            return {
                name: _read_sheet(archive.read(part), formats)
                for name, part in _sheets(archive, names)
                if part in names
            }
    except (*ARCHIVE_ERRORS, KeyError, OSError, etree.XMLSyntaxError, expat.ExpatError) as error:
        raise UnreadableFileError(
            "工作簿无法打开，内部有损坏；请用 Excel 打开、另存后再放入。"
            f" / The workbook is damaged inside: {error}; save it anew by Excel."
        ) from error


def _check(data: bytes) -> None:
    """Refuse malformed XML: calamine reads on in it, and what it does not find it takes for blank.

    Raises:
        ExpatError: it is malformed.
    """
    expat.ParserCreate().Parse(data, True)


def _parse(data: bytes) -> etree._Element:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def _sheets(archive: zipfile.ZipFile, names: set[str]) -> Iterator[tuple[str, str]]:
    """The name of each sheet and the part of the archive that holds it."""
    relations = "xl/_rels/workbook.xml.rels"
    targets = {
        one.get("Id"): (one.get("Target") or "").removeprefix("/xl/").removeprefix("./")
        for one in (_parse(archive.read(relations)) if relations in names else ())
        if isinstance(one.tag, str)
    }
    for sheet in _parse(archive.read(_WORKBOOK)).iter(f"{_MAIN}sheet", f"{_STRICT}sheet"):
        relation = next((str(value) for key, value in sheet.attrib.items() if _RELATION.match(str(key))), "")
        if target := targets.get(relation):
            yield sheet.get("name") or "", f"xl/{target}"


def _formats(archive: zipfile.ZipFile, names: set[str]) -> Mapping[int, str]:
    """The format codes that may show another number than is stored, by the number of the cell style."""
    if "xl/styles.xml" not in names:
        return {}
    styles = _parse(archive.read("xl/styles.xml"))
    codes = dict(BUILT_IN)
    for one in styles.iter(f"{_MAIN}numFmt", f"{_STRICT}numFmt"):
        codes[int(one.get("numFmtId") or 0)] = one.get("formatCode") or ""
    cell_styles = next(styles.iter(f"{_MAIN}cellXfs", f"{_STRICT}cellXfs"), None)
    found = {}
    for number, style in enumerate(cell_styles if cell_styles is not None else ()):
        code = codes.get(int(style.get("numFmtId") or 0), "")
        if code and parse_format(code) is not None:
            found[number] = code
    return found


def _read_sheet(xml: bytes, formats: Mapping[int, str]) -> SheetDetails:
    details = SheetDetails()
    if not formats and not any(mark in xml for mark in _TELLING):
        return details
    row = column = -1
    steps = etree.iterparse(BytesIO(xml), events=("start", "end"), resolve_entities=False, no_network=True)
    for event, element in steps:
        kind = _local(element) if isinstance(element.tag, str) else ""
        if event == "start" and kind == "col" and _is_hidden(element, "width"):
            last = min(int(element.get("max") or 0), 16_384)
            details.hidden_columns.update(range(int(element.get("min") or 1) - 1, last))
        elif event == "start" and kind == "row":
            row, column = int(element.get("r") or row + 2) - 1, -1
            if _is_hidden(element, "ht"):
                details.hidden_rows.add(row)
        elif event == "end" and kind == "c":
            match = _REFERENCE.match(element.get("r") or "")
            row, column = (int(match[2]) - 1, _column(match[1])) if match else (row, column + 1)
            _read_cell(element, (row, column), formats, details)
        elif event == "end" and kind == "row":
            element.clear()
    return details


def _is_hidden(element: etree._Element, size: str) -> bool:
    return element.get("hidden") in {"1", "true"} or element.get(size) in {"0", "0.0"}


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _read_cell(
    cell: etree._Element, position: tuple[int, int], formats: Mapping[int, str], details: SheetDetails
) -> None:
    kind, formula, value = cell.get("t", "n"), None, None
    for part in cell:
        name = _local(part)
        if name == "f":
            formula = part.text or ""
        elif name == "v":
            value = part.text or ""
    if kind == "e":
        details.shown[position] = value or "#ERROR"
        details.errors.append(position)
    elif formula is not None and not value and kind != "str":
        details.shown[position] = f"={formula}"
        details.lost.append(position)
    elif kind == "n" and value and (code := formats.get(int(cell.get("s") or 0))):
        shown = show(value, code)
        if shown is not None:
            details.shown[position] = shown
