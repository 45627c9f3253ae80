"""Pictures of a web page that stand in the place of tables: each is recognised where it hangs, or named.

A picture is in the page itself (data:), beside it as browsers save it, or in its archive; nothing is fetched.
"""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

from lxml import html

from analysis.extraction.formats.gathered_pictures import GatheredPictures
from analysis.extraction.layout.blocks import Block
from analysis.recognising.picture import PictureReader

PictureFinder = Callable[[str], bytes | None]
"""Gives the bytes of a picture by its address; None where it is not at hand."""

_MARK = "data-picture"
_SMALLEST = 100
_MOST_BYTES = 50 * 2**20


@dataclass
class WebPictures:
    """The pictures of a page, those that are not at hand, and what the others show."""

    find: PictureFinder
    pictures: PictureReader
    lacking: list[str] = field(default_factory=list)
    _blocks: dict[str, list[Block]] = field(default_factory=dict)

    @cached_property
    def gathered(self) -> GatheredPictures:
        """What those that were met so far say."""
        return GatheredPictures(self.pictures, "网页中")

    def take(self, article: html.HtmlElement) -> None:
        """Read the pictures of an article and mark those that show tables."""
        for element in article.iter("img"):
            element.attrib.pop(_MARK, None)
            if _is_small(element):
                continue
            address = (element.get("src") or "").strip()
            data = _from_address(address) if address.startswith("data:") else self.find(address)
            if data is None:
                self.lacking.append(unquote(address.rpartition("/")[2])[:60])
                continue
            if blocks := self.gathered.read(data):
                number = str(self.gathered.count)
                element.set(_MARK, number)
                self._blocks[number] = blocks

    def blocks(self, element: html.HtmlElement) -> list[Block]:
        """The tables that a marked picture shows, with the lines around them."""
        return self._blocks[element.get(_MARK) or ""]

    def said_of_lacking(self) -> list[str]:
        """A word on pictures that are not at hand."""
        if not self.lacking:
            return []
        return [
            f"正文中有 {len(self.lacking)} 幅图片（如“{self.lacking[0]}”）不在网页旁边，未读取；若是表格，"
            "请用浏览器另存为完整网页，或把图片一并放入。"
            f" / {len(self.lacking)} pictures of the article are not beside the page and were not read; where they are"
            " tables, save the complete page, or add the pictures."
        ]


def is_marked(element: html.HtmlElement) -> bool:
    """Whether it is a picture that shows tables."""
    return element.tag == "img" and _MARK in element.attrib


def beside(page: Path) -> PictureFinder:
    """Finds pictures in the folder of a saved page and below it."""
    folder = page.parent.resolve()

    def find(address: str) -> bytes | None:
        name = unquote(address.partition("?")[0].partition("#")[0])
        if not name or "://" in name or name.startswith(("/", "\\")) or "\0" in name:
            return None
        path = (folder / name).resolve()
        try:
            if not path.is_relative_to(folder) or not path.is_file() or path.stat().st_size > _MOST_BYTES:
                return None
            return path.read_bytes()
        except OSError:
            return None

    return find


def _from_address(address: str) -> bytes | None:
    head, comma, body = address.partition(",")
    if not comma:
        return None
    if not head.lower().endswith(";base64"):
        return unquote_to_bytes(body)
    try:
        return base64.b64decode("".join(unquote(body).split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _is_small(element: html.HtmlElement) -> bool:
    """Whether the page shows it no larger than an icon."""
    sizes = [(element.get(side) or "").strip().removesuffix("px") for side in ("width", "height")]
    return any(size.isdecimal() and 0 < int(size) < _SMALLEST for size in sizes)
