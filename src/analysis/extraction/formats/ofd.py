"""OFD file → blocks, page by page, as those of a PDF: rulings become grids, characters the text of cells and lines.

What a page shows and is not read, pictures and texts that run otherwise than from left to right, is said.
"""

from collections.abc import Sequence
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.ofd_pages import OfdPage, read_ofd_pages
from analysis.extraction.formats.pdf import has_bare_table, notes_on_aligned, problems_of_bare, read_aligned
from analysis.extraction.formats.picture_sentences import ranges
from analysis.extraction.layout.aligned_table import AlignedColumn
from analysis.extraction.layout.blocks import Blocks
from analysis.extraction.layout.furniture import PlacedPage, without_furniture
from analysis.extraction.layout.grid import place_blocks


def read_ofd(path: Path) -> Blocks:
    """The pages of an OFD, each as text lines and grids.

    Raises:
        UnreadableFileError: it is damaged, has no text, or holds more than any budget.
    """
    pages = list(read_ofd_pages(path))
    if not any(one.page.chars for one in pages):
        raise UnreadableFileError(
            f"OFD 共 {len(pages)} 页，没有可读的文字（扫描件或图片）；请用 OFD 阅读器另存为 PDF 后再放入。"
            f" / The OFD has {len(pages)} pages and no text (a scan); save it as a PDF by an OFD reader."
        )
    placed: list[PlacedPage] = []
    aligned: list[int] = []
    columns: Sequence[AlignedColumn] = ()
    for one in pages:
        here = place_blocks(one.page)
        if (found := read_aligned(one.page, here, columns)) is not None:
            here, columns = found
            aligned.append(one.page.number)
        placed.append(here)
    bare = [one.page.number for one, here in zip(pages, placed, strict=True) if here.open or has_bare_table(here)]
    unread = tuple(one.page.number for one in pages if not one.page.chars and (one.pictures or one.turned))
    return Blocks(
        tuple(without_furniture(placed)),
        len(pages),
        (*problems_of_bare(bare), *_said_of(pages)),
        notes=(*notes_on_aligned(aligned), *_notes_on(pages)),
        unread_pages=unread,
    )


def _notes_on(pages: Sequence[OfdPage]) -> tuple[str, ...]:
    """A word on texts at an angle beside others: watermarks and seals, as a rule."""
    numbers = [one.page.number for one in pages if one.turned and one.page.chars]
    if not numbers:
        return ()
    return (
        f"第 {ranges(numbers)} 页有旋转或竖排的文字（多为水印、印章），未读取。"
        f" / Texts on {len(numbers)} pages run otherwise than from left to right (watermarks, as a rule): left out.",
    )


def _said_of(pages: Sequence[OfdPage]) -> list[str]:
    said = []
    if turned := [one.page.number for one in pages if one.turned and not one.page.chars]:
        said.append(
            f"第 {ranges(turned)} 页的文字是旋转或竖排的，未读取；请用 OFD 阅读器另存为 PDF 后再放入。"
            f" / {len(turned)} pages with turned texts were not read; save the file as a PDF by an OFD reader."
        )
    if pictured := [one.page.number for one in pages if one.pictures and not one.page.chars and not one.turned]:
        said.append(
            f"第 {ranges(pictured)} 页是图片，未读取；请用 OFD 阅读器另存为 PDF 后再放入。"
            f" / {len(pictured)} pages are pictures and were not read; save the file as a PDF by an OFD reader."
        )
    return said
