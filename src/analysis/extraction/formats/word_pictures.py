"""Pictures of a text document (docx) that stand in the place of tables: each is recognised where it hangs."""

import posixpath
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lxml import etree

from analysis.extraction.formats.archive import ARCHIVE_ERRORS
from analysis.extraction.formats.gathered_pictures import GatheredPictures
from analysis.extraction.layout.blocks import Block
from analysis.recognising.picture import PictureReader

_RELATIONS = "word/_rels/document.xml.rels"
_IMAGE = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_OLD_IMAGE = "{urn:schemas-microsoft-com:vml}imagedata"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass
class WordPictures:
    """The pictures of one document, each found by the paragraph that it hangs in."""

    path: Path
    pictures: PictureReader

    @cached_property
    def gathered(self) -> GatheredPictures:
        """What those that were met so far say."""
        return GatheredPictures(self.pictures, "文中")

    def blocks(self, paragraph: etree._Element) -> list[Block]:
        """The tables that the pictures of a paragraph show, with the lines around them."""
        names = [element.get(f"{_RELATION}embed") for element in paragraph.iter(_IMAGE)]
        names += [element.get(f"{_RELATION}id") for element in paragraph.iter(_OLD_IMAGE)]
        found: list[Block] = []
        for name in dict.fromkeys(names):
            data = self._read(self._targets.get(name or "", ""))
            if data is None:
                continue
            found += self.gathered.read(data)
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
