"""PDF file → blocks, page by page.

pdfium stays silent where it leaves something out, so a file without any text is refused, and whatever a page shows that
was not read is said: damaged parts, glyphs without characters, comments, tables without rules.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.ocr.at_once import recognise_now
from analysis.extraction.formats.pdf_damage import damaged_streams, said_of_damage
from analysis.extraction.formats.pdf_pages import read_pages
from analysis.extraction.formats.pdf_twins import PageTwins
from analysis.extraction.formats.picture_sentences import notes_on_pictures, problems_of_pictures, ranges
from analysis.extraction.layout.aligned_page import place_aligned
from analysis.extraction.layout.aligned_table import AlignedColumn
from analysis.extraction.layout.blocks import Blocks, Grid, TextLine
from analysis.extraction.layout.cell_readings import cell_readings
from analysis.extraction.layout.furniture import PlacedPage, without_furniture
from analysis.extraction.layout.grid import place_blocks
from analysis.recognising.picture import PictureReader
from analysis.terms.line_item import Place
from analysis.terms.money import parse_amount
from analysis.terms.page import Page
from analysis.terms.recognition import Reading

_FEWEST_BARE_ROWS = 3
_FEWEST_OVERPRINTS = 2
_LEAST_WHOLE = 2  # at the end of a line
_YEAR = re.compile(r"20\d{2}")
_UNIT = re.compile("单位[:：].*元")
_PROSE = re.compile(r"[，。；：:%％元]")


def read_pdf(path: Path, pictures: PictureReader = recognise_now) -> Blocks:
    """The pages of a PDF, each as text lines and grids; a page that cannot be read is a problem.

    Args:
        path: The file.
        pictures: Who says what pages say that are pictures.

    Raises:
        UnreadableFileError: it is damaged, needs a password, has too many pages, or no text at all.
    """
    damaged = damaged_streams(path)  # also refuses what pdfium would unfold without end
    placed: list[PlacedPage] = []
    problems: list[str] = []
    odd: list[Page] = []
    overprinted: list[int] = []
    bare: list[int] = []
    aligned: list[int] = []
    columns: Sequence[AlignedColumn] = ()
    twins = PageTwins()
    readings: dict[Place, Reading] = {}
    pages = chars = 0
    for page in read_pages(path, pictures):
        pages += 1
        if isinstance(page, UnreadableFileError):
            problems.append(str(page))
            continue
        twins.see(page)
        chars += len(page.chars)
        if page.recognised or page.garbled or page.comments or page.pictured or page.refusal or page.unread:
            odd.append(page)
        try:
            placed.append(place_blocks(page))
        except UnreadableFileError as error:
            problems.append(str(error))
            continue
        if (found := read_aligned(page, placed[-1], columns)) is not None:
            placed[-1], columns = found
            aligned.append(page.number)
        readings |= cell_readings(placed[-1], page)
        if placed[-1].overprinted >= _FEWEST_OVERPRINTS:
            overprinted.append(page.number)
        if placed[-1].open or has_bare_table(placed[-1]):
            bare.append(page.number)
    if not chars and pages:
        refusal = next((page.refusal for page in odd if page.refusal), "")
        raise UnreadableFileError(
            f"PDF 共 {pages} 页，没有文字层（扫描件或图片）；请取得可复制文字的版本，或先做文字识别（OCR）。"
            f" / The PDF has {pages} pages and no text (a scan); get a version with text or run OCR first."
            + "".join(f" {said}" for said in (refusal, *problems[:1]) if said)
        )
    if pages and sum(page.garbled for page in odd) == pages:
        raise UnreadableFileError(" ".join(_said_of(odd, (), ())))
    problems += _said_of(odd, overprinted, bare)
    problems += said_of_damage(damaged)
    problems += twins.said
    broken = pages > len(placed) or damaged > 0 or bool(twins.said)
    return Blocks(
        tuple(without_furniture(placed)),
        pages,
        tuple(problems),
        notes=(*notes_on_aligned(aligned), *notes_on_pictures(odd)),
        damaged=broken,
        readings=readings,
        unread_pages=tuple(page.number for page in odd if not page.pictured and (page.refusal or page.garbled)),
    )


def _said_of(odd: Sequence[Page], overprinted: Sequence[int], bare: Sequence[int]) -> list[str]:
    """What to say of pages whose text is not what it seems, and of tables that could not be told from text."""
    said = list(problems_of_pictures(odd))
    if recognised := [page.number for page in odd if page.recognised]:
        said.append(
            f"第 {ranges(recognised)} 页是扫描图，文字来自其识别层（OCR），数字可能有误；请对照原件。"
            f" / The text of {len(recognised)} scanned pages was recognised; figures may be wrong."
        )
    if garbled := [page.number for page in odd if page.garbled]:
        said.append(
            f"第 {ranges(garbled)} 页的文字层无法识读（字形没有对应的字符）；"
            "请取得可复制文字的版本，或做文字识别（OCR）。"
            f" / The text layer of {len(garbled)} pages is unreadable: its glyphs name no characters; run OCR."
        )
    if commented := [page for page in odd if page.comments]:
        said.append(
            f"第 {ranges([page.number for page in commented])} 页有批注未读取，如“{commented[0].comments[0][:40]}”；"
            f"如属正文，请并入页面后再放入。 / Comments on {len(commented)} pages were not read."
        )
    if overprinted:
        said.append(
            f"第 {ranges(overprinted)} 页有文字叠印（疑似水印、印章或改动），其中的数字可能有误；请对照原件。"
            f" / On {len(overprinted)} pages texts lie over one another; their figures may be wrong."
        )
    return [*said, *problems_of_bare(bare)]


def notes_on_aligned(pages: Sequence[int]) -> tuple[str, ...]:
    """What to say of pages whose tables alignment alone told."""
    if not pages:
        return ()
    return (
        f"第 {ranges(pages)} 页的表格没有框线，各栏按文字对齐方式读取，没有歧义；如有疑问请对照原件。"
        f" / Tables on {len(pages)} pages have no rules; their columns were told by alignment, without doubt.",
    )


def problems_of_bare(pages: Sequence[int]) -> tuple[str, ...]:
    """What to say of pages with tables that nothing tells."""
    if not pages:
        return ()
    return (
        f"第 {ranges(pages)} 页的表格没有框线，无法确定各数字所在栏，未读取；请取得带框线的版本或表格文件。"
        f" / Tables on {len(pages)} pages have no rules; their columns cannot be told, and they were not read.",
    )


def read_aligned(
    page: Page, placed: PlacedPage, columns: Sequence[AlignedColumn]
) -> tuple[PlacedPage, Sequence[AlignedColumn]] | None:
    """The page with the tables that alignment alone tells, where it has figures and no rules; None elsewhere.

    After such a table one row is enough, and a caption for a table without figures.
    """
    if any(isinstance(one.block, Grid) for one in placed.blocks):
        return None
    captioned = columns and any(isinstance(b, TextLine) and _UNIT.search(b.text) for _, _, _, b in placed.blocks)
    bare = captioned or has_bare_table(placed, 1 if columns else _FEWEST_BARE_ROWS)
    return place_aligned(page, columns) if bare else None


def has_bare_table(page: PlacedPage, least: int = _FEWEST_BARE_ROWS) -> bool:
    """Whether so many lines of a page without a grid are rows of figures."""
    rows = 0
    for placed in page.blocks:
        if isinstance(placed.block, Grid):
            return False
        text = placed.block.text
        words = text.split()
        amounts = sum(not word.isdigit() and parse_amount(word) is not None for word in words)
        whole = len(words) > _LEAST_WHOLE and all(map(_is_whole_amount, words[-_LEAST_WHOLE:]))
        rows += (amounts > 1 or whole) and _PROSE.search(text) is None
    return rows >= least


def _is_whole_amount(word: str) -> bool:
    """Whether a word is a whole number and no year."""
    return word.isdigit() and _YEAR.fullmatch(word) is None
