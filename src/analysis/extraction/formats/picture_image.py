"""An image of whatever kind → a picture of a page: upright as its camera says, grey, no finer than is of use.

A picture says seldom how large its paper is; then it is taken to be as wide or as high as A4.
"""

import io
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from analysis.extraction.layout.blocks import Block, Grid, TextLine
from analysis.extraction.layout.cell_readings import cell_readings
from analysis.extraction.layout.grid import place_blocks
from analysis.recognising.picture import DECLINED, MISSING_LIBRARY, PagePicture, PictureReader, decline, has_libraries
from analysis.recognising.picture_page import to_page
from analysis.terms.line_item import Place
from analysis.terms.recognition import Reading

if TYPE_CHECKING:
    from analysis.recognising.pixels import Pixels

IMAGE_ERRORS = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)
_COARSEST, _FINEST = 90, 600
_SHORT_SIDE, _LONG_SIDE = 595.0, 842.0
_MOST_PIXELS = 12_000_000
_LOWEST, _SMALLEST = 24, 300
"""Pixels: what is lower is a line, what is nowhere longer an icon; a table may be cut into strips of a row each."""


def to_picture(image: Image.Image, number: int) -> PagePicture:
    """The image as picture of page `number`.

    Raises:
        OSError: it is damaged.
    """
    from analysis.recognising.pixels import to_grey

    dpi = float((image.info.get("dpi") or (0, 0))[0])
    upright = ImageOps.exif_transpose(image)
    paper = Image.new("RGB", upright.size, "white")
    coloured = upright.convert("RGBA")
    paper.paste(coloured, mask=coloured.getchannel("A"))
    of_paper = max(min(paper.size) / _SHORT_SIDE, max(paper.size) / _LONG_SIDE)
    scale = dpi / 72 if _COARSEST <= dpi <= _FINEST else of_paper
    shrink = min(1.0, math.sqrt(_MOST_PIXELS / (paper.width * paper.height)))
    if shrink < 1.0:
        size = round(paper.width * shrink), round(paper.height * shrink)
        paper = paper.resize(size, Image.Resampling.BOX)
    colours: Pixels = np.asarray(paper)
    return PagePicture(number, to_grey(colours, scale * shrink), scale * shrink)


def image_to_blocks(
    data: bytes, number: int, pictures: PictureReader
) -> tuple[list[Block], Mapping[Place, Reading], str]:
    """The blocks of an image that stands in the place of a table, and why there are none.

    Nothing is said of an image that is no table: a photograph, an emblem. Places are cells of 图1, 图2 and so on.

    Args:
        data: The image as a file.
        number: Its order in the document.
        pictures: Who says what it says.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            if min(image.size) < _LOWEST or max(image.size) < _SMALLEST:
                return [], {}, ""
            if not has_libraries():
                return [], {}, MISSING_LIBRARY
            picture = to_picture(image, number)
    except UnidentifiedImageError:
        return [], {}, ""  # a drawing (wmf, emf, svg): none is known to stand for a table
    except IMAGE_ERRORS as error:
        return [], {}, f"图片已损坏。 / The picture is damaged: {error}"
    from analysis.recognising.pasted import has_table

    if not has_table(picture.grey, picture.scale):
        return [], {}, ""
    if pictures is decline:
        return [], {}, DECLINED
    found = pictures(picture)
    if isinstance(found, str):
        return [], {}, found
    if not found.pieces:
        return [], {}, ""
    page = to_page(found, number)
    placed = place_blocks(page)
    readings = cell_readings(placed, page)
    blocks: list[Block] = []
    named: dict[Place, Reading] = {}
    for at, one in enumerate(placed.blocks, 1):
        block = _without_page(one.block, f"图{number}", at)
        blocks.append(block)
        if isinstance(one.block, Grid) and isinstance(block, Grid):
            pairs = zip(one.block.cells, block.cells, strict=True)
            named |= {new.place: readings[old.place] for old, new in pairs if old.place in readings}
        elif (reading := readings.get(one.block.place)) is not None:  # type: ignore[union-attr]
            named[block.place] = reading  # type: ignore[union-attr]
    return blocks, named, ""


def _without_page(block: Block, name: str, at: int) -> Block:
    if isinstance(block, TextLine):
        return replace(block, place=Place(cell=f"{name}!L{at}"))
    cells = (replace(cell, place=Place(cell=f"{name}.{at}!R{cell.row + 1}C{cell.column + 1}")) for cell in block.cells)
    return replace(block, cells=tuple(cells), page=None)
