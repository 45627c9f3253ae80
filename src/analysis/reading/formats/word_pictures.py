"""Pictures of a text document (docx) that stand in the place of tables: each is recognised where it hangs."""

import posixpath
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from lxml import etree

from analysis.reading.formats.archive import ARCHIVE_ERRORS
from analysis.reading.layout.blocks import Block
from analysis.recognising.picture import PictureReader
from analysis.terms.line_item import Place
from analysis.terms.recognition import Reading

_RELATIONS = "word/_rels/document.xml.rels"
_IMAGE = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_OLD_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass
class WordPictures:
    """The pictures of one document: what they may say, and why some say nothing, gathered while it is read."""

    path: Path
    pictures: PictureReader
    readings: dict[Place, Reading] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    count: int = 0

    def blocks(self, paragraph: etree._Element) -> list[Block]:
        """The tables that the pictures of a paragraph show, with the lines around them."""
        names = [element.get(f"{_RELATION}embed") for element in paragraph.iter(_IMAGE)]
        names += [element.get(f"{_RELATION}id") for element in paragraph.iter(_OLD_IMAGE)]
        found: list[Block] = []
        for name in dict.fromkeys(names):
            data = self._read(self._targets.get(name or "", ""))
            if data is None:
                continue
            from analysis.reading.formats.picture_image import image_to_blocks

            self.count += 1
            blocks, readings, problem = image_to_blocks(data, self.count, self.pictures)
            found += blocks
            self.readings |= readings
            if problem:
                self.problems.append(f"文中第 {self.count} 幅图片未读取：{problem}")
        return found

    @cached_property
    def _targets(self) -> dict[str, str]:
        data = self._read(_RELATIONS)
        if data is None:
            return {}
        relations = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
        return {
            one.get("Id") or "": posixpath.normpath(posixpath.join("word", one.get("Target") or ""))
            for one in relations
            if one.get("TargetMode") != "External"
        }

    def _read(self, name: str) -> bytes | None:
        if not name:
            return None
        try:
            with zipfile.ZipFile(self.path) as archive:
                return archive.read(name)
        except (*ARCHIVE_ERRORS, KeyError, OSError):
            return None
