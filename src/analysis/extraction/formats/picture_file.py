"""A picture as a file (PNG, JPEG, BMP, GIF, TIFF of several pages) → blocks: each of its pages is recognised."""

from collections.abc import Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.ocr.at_once import recognise_now
from analysis.extraction.formats.picture_image import IMAGE_ERRORS, to_picture
from analysis.extraction.formats.picture_sentences import notes_on_pictures, problems_of_pictures
from analysis.extraction.layout.blocks import Blocks
from analysis.extraction.layout.cell_readings import cell_readings
from analysis.extraction.layout.furniture import PlacedPage, without_furniture
from analysis.extraction.layout.grid import place_blocks
from analysis.recognising.picture import DECLINED, MISSING_LIBRARY, PagePicture, PictureReader, decline, has_libraries
from analysis.recognising.picture_page import to_page
from analysis.terms.line_item import Place
from analysis.terms.page import Page
from analysis.terms.recognition import Reading

_MOST_PAGES = 500


def read_picture_file(path: Path, pictures: PictureReader = recognise_now) -> Blocks:
    """The pages of a picture.

    Args:
        path: The file.
        pictures: Who says what a picture says.

    Raises:
        UnreadableFileError: it is damaged or absurdly large, or nobody reads pictures here.
    """
    if pictures is decline or not has_libraries():
        raise UnreadableFileError(DECLINED if pictures is decline else MISSING_LIBRARY)
    pages: list[Page] = []
    placed: list[PlacedPage] = []
    readings: dict[Place, Reading] = {}
    for picture in _pages(path):
        found = pictures(picture)
        if isinstance(found, str):
            pages.append(Page(picture.number, 0.0, 0.0, 0, (), (), (), refusal=found))
            continue
        pages.append(to_page(found, picture.number))
        placed.append(place_blocks(pages[-1]))
        readings |= cell_readings(placed[-1], pages[-1])
    return Blocks(
        tuple(without_furniture(placed)),
        len(pages),
        tuple(problems_of_pictures(pages)),
        notes=tuple(notes_on_pictures(pages)),
        readings=readings,
        unread_pages=tuple(page.number for page in pages if page.refusal),
    )


def _pages(path: Path) -> Iterator[PagePicture]:
    try:
        with Image.open(path) as image:
            count = getattr(image, "n_frames", 1)
            if count > _MOST_PAGES:
                raise UnreadableFileError(
                    f"图片有 {count} 页，超过上限 {_MOST_PAGES} 页；请拆分后再放入。 / {count} pages; split the file."
                )
            for number in range(count):
                image.seek(number)
                yield to_picture(image, number + 1)
    except (*IMAGE_ERRORS, UnidentifiedImageError) as error:
        raise UnreadableFileError(
            f"图片已损坏或过大，无法打开；请重新下载。 / The picture is damaged or too large to be opened: {error}"
        ) from error
