"""Text document (docx) → blocks, by lxml: paragraphs are lines, tables are grids.

Entities are never resolved. Merged cells are spelled out (gridSpan and vMerge) and placed by position. What a reader
of the document sees is read: of tracked changes what they lead to, no hidden or struck-out text, no marks of footnotes;
content controls and text boxes are entered, and the numbers that Word makes are written out. A table around larger
ones is layout, not a table.
"""

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.archive import ARCHIVE_ERRORS
from analysis.extraction.formats.ocr.at_once import recognise_now
from analysis.extraction.formats.word_numbering import Numbering, W, read_numbering
from analysis.extraction.formats.word_pictures import WordPictures
from analysis.extraction.layout.blocks import Block, Blocks, Grid
from analysis.extraction.layout.raised_marks import keep_raised
from analysis.extraction.layout.spanned_rows import SpannedCell, read_span, rows_to_grid, text_to_lines
from analysis.recognising.picture import PictureReader

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BODY = "word/document.xml"
_NUMBERING = "word/numbering.xml"
_STYLES = "word/styles.xml"
# What only wraps its content, and what tracked changes took away.
_WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo")}
_TAKEN_AWAY = {f"{W}{name}" for name in ("del", "moveFrom", "sdtPr", "sdtEndPr", "pPr", "rPr")}
_STRUCK = (f"{W}strike", f"{W}dstrike")
_UNSEEN = (f"{W}vanish", *_STRUCK)
_WRITTEN = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}ptab": " "}
_TEXT, _RUN, _LOOK, _BOX = f"{W}t", f"{W}r", f"{W}rPr", f"{W}txbxContent"
_MAX_DEPTH = 200


def read_docx(path: Path, pictures: PictureReader = recognise_now) -> Blocks:
    """The body of a Word document.

    Args:
        path: The file.
        pictures: Who says what the pictures say that stand in the place of tables.

    Raises:
        UnreadableFileError: it is damaged, its XML declares entities, or it is nested absurdly deep.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            body, numbering, styles = (
                _parse(archive.read(name)) if name == _BODY or name in names else None
                for name in (_BODY, _NUMBERING, _STYLES)
            )
    except (*ARCHIVE_ERRORS, KeyError, etree.XMLSyntaxError, OSError) as error:
        raise UnreadableFileError(
            "Word 文档已损坏或加密，无法打开；请重新下载或另存。"
            " / The Word document is damaged or encrypted; download it again or save it anew."
        ) from error
    images = WordPictures(path, pictures)
    reader = _BodyReader(read_numbering(numbering, styles), _hiding_styles(styles), images)
    found = body.find(f"{W}body") if body is not None else None
    blocks = reader.blocks(found) if found is not None else []
    notes = (
        (f"划去的数字未读取：{reader.struck} 处。 / Struck-out figures were left out: {reader.struck}.",)
        if reader.struck
        else ()
    )
    return Blocks(
        tuple(blocks),
        pages=0,
        problems=tuple(dict.fromkeys(images.gathered.problems)),
        notes=notes,
        readings=images.gathered.readings,
    )


def _parse(xml: bytes) -> etree._Element:
    if b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml[:4096]:
        raise UnreadableFileError(
            "文件含有实体声明，未读取；请用 Word 另存后再放入。"
            " / The document declares entities; it was not opened: save it anew by Word."
        )
    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def _hiding_styles(styles: etree._Element | None) -> frozenset[str]:
    """The styles whose text is hidden."""
    found = styles.findall(f"{W}style") if styles is not None else []
    return frozenset(style.get(f"{W}styleId") or "" for style in found if _is_set(style.find(f"{W}rPr/{W}vanish")))


def _is_set(switch: etree._Element | None) -> bool:
    return switch is not None and switch.get(f"{W}val") not in {"0", "false", "off"}


def _content(element: etree._Element) -> Iterator[etree._Element]:
    """The children of an element, those of mere wrappers in their place, without what was taken away."""
    waiting = [iter(element)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif child.tag in _WRAPPERS:
            waiting.append(iter(child))
        elif child.tag == f"{_MC}AlternateContent":
            choice = child.find(f"{_MC}Choice")
            chosen = choice if choice is not None else child.find(f"{_MC}Fallback")
            if chosen is not None:
                waiting.append(iter(chosen))
        elif isinstance(child.tag, str) and child.tag not in _TAKEN_AWAY:
            yield child


@dataclass(slots=True)
class _BodyReader:
    """One pass over a document, which counts the paragraphs of its lists, its tables and its struck-out figures."""

    numbering: Numbering
    hiding: frozenset[str]
    images: WordPictures
    tables: int = 0
    depth: int = 0
    struck: int = 0

    def blocks(self, element: etree._Element) -> list[Block]:
        """The paragraphs and tables of a body, a cell or a text box, in order."""
        if self.depth > _MAX_DEPTH:
            raise UnreadableFileError("文档嵌套过深，未读取。 / The document is nested too deep and was not read.")
        self.depth += 1
        found: list[Block] = []
        for child in _content(element):
            if child.tag == f"{W}tbl":
                found += self._table(child)
            else:
                found += text_to_lines(self._text(child))
                found += self.images.blocks(child)
                for box in _text_boxes(child):
                    found += self.blocks(box)
        self.depth -= 1
        return found

    def _table(self, table: etree._Element) -> list[Block]:
        rows = [row for row in _content(table) if row.tag == f"{W}tr" and not _is_taken_away(row)]
        cells = [[cell for cell in _content(row) if cell.tag == f"{W}tc"] for row in rows]
        if _is_layout(table, cells):
            return [block for row in cells for cell in row for block in self.blocks(cell)]
        self.tables += 1
        return [rows_to_grid([list(self._row(row, own)) for row, own in zip(rows, cells, strict=True)], self.tables)]

    def _row(self, row: etree._Element, cells: Sequence[etree._Element]) -> Iterator[SpannedCell]:
        before = row.find(f"{W}trPr/{W}gridBefore")
        for _ in range(_number(before)) if before is not None else ():
            yield SpannedCell("")
        for cell in cells:
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            continues = merge is not None and merge.get(f"{W}val") != "restart"
            columns = max(1, _number(span)) if span is not None else 1
            text = "" if cell.find(f"{W}tcPr/{W}cellDel") is not None else self._cell_text(cell)
            yield SpannedCell(text, columns, continues=continues)

    def _cell_text(self, cell: etree._Element) -> str:
        """The lines of a cell; a small table within it counts as lines."""
        return "\n".join(
            line.text if not isinstance(line, Grid) else "\n".join(one.text for one in line.cells)
            for line in self.blocks(cell)
        )

    def _text(self, paragraph: etree._Element) -> str:
        properties = paragraph.find(f"{W}pPr")
        style = properties.find(f"{W}pStyle") if properties is not None else None
        if style is not None and style.get(f"{W}val") in self.hiding:
            return ""
        parts: list[str] = []
        for run in _runs(paragraph):
            written = _written(run)
            look = run.find(_LOOK)
            if look is not None and len(look):
                raised = look.find(f"{W}vertAlign")
                if self._is_unseen(look):
                    self.struck += any(_is_set(look.find(name)) for name in _STRUCK) and any(map(str.isdigit, written))
                    continue
                if raised is not None and raised.get(f"{W}val") == "superscript":
                    written = keep_raised(parts[-1] if parts else "", written)
            if written:
                parts.append(written)
        text = "".join(parts).strip("\n")
        number = self.numbering.next_number(properties) if text.strip() else ""
        return number + text.lstrip() if number else text

    def _is_unseen(self, look: etree._Element) -> bool:
        """Whether text of this look is hidden or struck out, by itself or by its style."""
        style = look.find(f"{W}rStyle")
        return any(_is_set(look.find(name)) for name in _UNSEEN) or (
            style is not None and style.get(f"{W}val") in self.hiding
        )


def _runs(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The runs of a paragraph, in links and fields too."""
    waiting = [_content(paragraph)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif child.tag == _RUN:
            yield child
        elif child.tag not in {f"{W}p", f"{W}tbl"}:
            waiting.append(_content(child))


def _written(run: etree._Element) -> str:
    return "".join((node.text or "") if node.tag == _TEXT else _WRITTEN.get(node.tag, "") for node in run)


def _text_boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The contents of the text boxes that hang on a paragraph, each once: an older version of it is passed over."""
    if paragraph.find(f".//{_BOX}") is None:
        return
    waiting = [_content(paragraph)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif child.tag == _BOX:
            yield child
        else:
            waiting.append(_content(child))


def _is_taken_away(row: etree._Element) -> bool:
    return row.find(f"{W}trPr/{W}del") is not None or _is_set(row.find(f"{W}trPr/{W}hidden"))


def _is_layout(table: etree._Element, cells: Sequence[Sequence[etree._Element]]) -> bool:
    """Whether a table only places others: those within it have more cells than it has itself."""
    within = sum(1 for _ in table.iter(f"{W}tc")) if table.find(f".//{W}tbl") is not None else 0
    return within > 2 * sum(len(row) for row in cells)


def _number(element: etree._Element) -> int:
    return read_span(element.get(f"{W}val") or "1")
