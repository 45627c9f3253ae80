"""OFD file (GB/T 33190-2016) → its pages: the characters of its text objects, the rulings of its path objects.

An OFD is a zip of XML: OFD.xml names the document, the document its pages and templates, a page its layers of objects.
Lengths are millimetres from the top left; what an object holds is placed by its boundary and its matrix. A text object
gives Unicode, the place of its first character on the base line, and the steps from each to the next.
"""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from lxml import etree

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.archive import ARCHIVE_ERRORS
from analysis.terms.page import Char, Page

MAX_PAGES, MAX_OBJECTS = 1_000, 200_000
_POINTS = 72 / 25.4
_THIN = 1.0  # millimetres: what is thinner is a ruling
_ABOVE, _BELOW = 0.88, 0.12  # of the size, over and below the base line
_NARROW = 0.5  # of the size: what a character of one byte takes
_BLOCKS = {"Content", "Layer", "PageBlock"}

Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class OfdPage:
    """A page, with how many texts on it run otherwise than from left to right, and how many pictures it shows."""

    page: Page
    turned: int
    pictures: int


def read_ofd_pages(path: Path) -> Iterator[OfdPage]:
    """The pages of the first document of the file.

    Raises:
        UnreadableFileError: it is damaged, declares entities, or holds more than any budget.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _OfdTree(archive).pages()
    except (*ARCHIVE_ERRORS, KeyError, ValueError, OSError, etree.XMLSyntaxError) as error:
        raise UnreadableFileError(
            "OFD 文件已损坏或加密，无法打开；请用 OFD 阅读器另存为 PDF（保留文字）后再放入。"
            " / The OFD file is damaged or encrypted; save it as a PDF with text by an OFD reader."
        ) from error


class _OfdTree:
    """The first document of an archive."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self.root = _text_of(self._parse("OFD.xml"), "DocRoot")
        self.tree = self._parse(self.root.lstrip("/"))
        self.box = _box(self.tree, "PhysicalBox")
        self.templates = {one.get("ID", ""): one.get("BaseLoc", "") for one in _all(self.tree, "TemplatePage")}

    def pages(self) -> Iterator[OfdPage]:
        """Its pages in order."""
        listed = [one for pages in _all(self.tree, "Pages") for one in _all(pages, "Page")]
        if len(listed) > MAX_PAGES:
            raise UnreadableFileError(f"OFD 共 {len(listed)} 页，过多。 / The OFD has too many pages.")
        for number, entry in enumerate(listed, 1):
            yield self._page(number, self._parse(self._beside(entry.get("BaseLoc", ""))))

    def _page(self, number: int, content: etree._Element) -> OfdPage:
        box = _box(content, "PhysicalBox") or self.box
        if box is None:
            raise ValueError("a page has no size")
        walk = _Walk(number)
        for template in _all(content, "Template"):
            if name := self.templates.get(template.get("TemplateID", "")):
                walk.visit(self._parse(self._beside(name)))
        walk.visit(content)
        page = Page(
            number, box[2] * _POINTS, box[3] * _POINTS, 0, tuple(walk.chars), tuple(walk.across), tuple(walk.down)
        )
        return OfdPage(page, walk.turned, walk.pictures)

    def _beside(self, name: str) -> str:
        """A name as the archive knows it, which the document gives from its own folder or from the archive's root."""
        return posixpath.normpath(posixpath.join("/", posixpath.dirname(self.root), name)).lstrip("/")

    def _parse(self, name: str) -> etree._Element:
        xml = self.archive.read(name)
        if b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml[:4096]:
            raise UnreadableFileError(
                "文件含有实体声明，未读取；请另存为 PDF。 / It declares entities; save it as PDF."
            )
        return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


@dataclass(slots=True)
class _Walk:
    """A walk over the objects of a page, which gathers characters and rulings in points."""

    number: int
    chars: list[Char] = field(default_factory=list)
    across: list[tuple[float, float, float]] = field(default_factory=list)
    down: list[tuple[float, float, float]] = field(default_factory=list)
    turned: int = 0
    pictures: int = 0
    objects: int = 0

    def visit(self, element: etree._Element) -> None:
        """What stands in a page or template, through its layers and blocks."""
        for child in element:
            name = _name(child)
            self.objects += 1
            if self.objects > MAX_OBJECTS:
                raise UnreadableFileError(f"第 {self.number} 页内容过多。 / Page {self.number} holds too much.")
            if child.get("Visible") == "false":
                continue
            if name in _BLOCKS:
                self.visit(child)
            elif name == "TextObject":
                self._text(child)
            elif name == "PathObject":
                self._path(child)
            elif name in {"ImageObject", "CompositeObject"}:
                self.pictures += 1

    def _text(self, element: etree._Element) -> None:
        if not _is_seen(element):
            return
        matrix, size = _matrix(element), float(element.get("Size", "0"))
        straight = abs(matrix[1]) < 1e-3 and abs(matrix[2]) < 1e-3 and matrix[0] > 0 and matrix[3] > 0
        along = (element.get("ReadDirection", "0"), element.get("CharDirection", "0")) == ("0", "0")
        if not straight or not along:
            self.turned += 1
            return
        x = y = 0.0
        for code in _all(element, "TextCode"):
            x, y = float(code.get("X", x)), float(code.get("Y", y))
            text = code.text or ""
            steps = _steps(code.get("DeltaX", ""))
            if any(_steps(code.get("DeltaY", ""))):
                self.turned += 1
                continue
            wide = float(element.get("HScale", "1"))
            at = x
            for index, char in enumerate(text):
                own = size * wide * (_NARROW if char.isascii() else 1.0)
                step = steps[index] if index < len(steps) else own
                if not char.isspace():
                    left, top = _placed(matrix, at, y - _ABOVE * size)
                    right, bottom = _placed(matrix, at + min(step or own, own), y + _BELOW * size)
                    self.chars.append(Char(char, left, top, right, bottom))
                at += step

    def _path(self, element: etree._Element) -> None:
        """The straight pieces of a stroked path, and a thin filled one: both are rulings."""
        matrix = _matrix(element)
        stroked, filled = element.get("Stroke", "true") == "true", element.get("Fill", "false") == "true"
        for path in _all(element, "AbbreviatedData"):
            for outline in _outlines((path.text or "").split()):
                points = [_placed(matrix, *point) for point in outline]
                if stroked:
                    for (x0, y0), (x1, y1) in pairwise(points):
                        self._ruling(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
                elif filled and points:
                    xs, ys = zip(*points, strict=True)
                    self._ruling(min(xs), min(ys), max(xs), max(ys))

    def _ruling(self, x0: float, y0: float, x1: float, y1: float) -> None:
        thin = _THIN * _POINTS
        if y1 - y0 <= thin < x1 - x0:
            self.across.append(((y0 + y1) / 2, x0, x1))
        elif x1 - x0 <= thin < y1 - y0:
            self.down.append(((x0 + x1) / 2, y0, y1))


def _is_seen(text: etree._Element) -> bool:
    """Whether a text is drawn at all."""
    drawn = text.get("Fill", "true") != "false" or text.get("Stroke") == "true"
    return drawn and not any(colour.get("Alpha") == "0" for colour in _all(text, "FillColor"))


def _placed(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """A point of an object on the page, in points."""
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e) * _POINTS, (b * x + d * y + f) * _POINTS


def _matrix(element: etree._Element) -> Matrix:
    """From what an object holds to the page, in millimetres: its matrix, then its boundary."""
    a, b, c, d, e, f = map(float, words) if len(words := element.get("CTM", "").split()) == 6 else _IDENTITY
    left, top, _, _ = map(float, element.get("Boundary", "0 0 0 0").split())
    return a, b, c, d, e + left, f + top


def _steps(text: str) -> list[float]:
    """The steps between characters: "g 3 4.2" is 4.2 three times."""
    words, steps = iter(text.split()), []
    for word in words:
        if word == "g":
            times = int(next(words, "0"))
            if times > MAX_OBJECTS:
                raise ValueError("more characters than a page holds")
            steps += [float(next(words, "0"))] * times
        else:
            steps.append(float(word))
    return steps


_ARGUMENTS: Mapping[str, int] = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}


def _outlines(words: list[str]) -> Iterator[list[tuple[float, float]]]:
    """The outlines of a path by their corners; curves count by where they end."""
    points: list[tuple[float, float]] = []
    at = 0
    while at < len(words):
        operator, many = words[at], _ARGUMENTS[words[at]]
        numbers = list(map(float, words[at + 1 : at + 1 + many]))
        at += 1 + many
        if operator in "SM":
            if points:
                yield points
            points = [(numbers[0], numbers[1])]
        elif operator == "C":
            points += points[:1]
        else:
            points.append((numbers[-2], numbers[-1]))
    if points:
        yield points


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _all(element: etree._Element, name: str) -> Iterator[etree._Element]:
    yield from element.iter(f"{{*}}{name}")


def _text_of(element: etree._Element, name: str) -> str:
    return next(one.text or "" for one in _all(element, name)).strip()


def _box(element: etree._Element, name: str) -> tuple[float, ...] | None:
    found = next((one.text.split() for one in _all(element, name) if one.text), None)
    return tuple(map(float, found)) if found and len(found) == 4 else None
