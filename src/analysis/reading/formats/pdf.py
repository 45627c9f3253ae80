"""PDF file → blocks, page by page.

pdfium stays silent where it leaves something out, so a file without any text is refused and damaged parts are named.
"""

from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.reading.formats.pdf_damage import damaged_streams
from analysis.reading.formats.pdf_pages import read_pages
from analysis.reading.layout.blocks import Blocks
from analysis.reading.layout.furniture import PlacedPage, without_furniture
from analysis.reading.layout.grid import place_blocks


def read_pdf(path: Path) -> Blocks:
    """The pages of a PDF, each as text lines and grids; a page that cannot be read is a problem.

    Raises:
        UnreadableFileError: it is damaged, needs a password, has too many pages, or no text at all.
    """
    placed: list[PlacedPage] = []
    problems: list[str] = []
    pages = chars = 0
    for page in read_pages(path):
        pages += 1
        if isinstance(page, UnreadableFileError):
            problems.append(str(page))
            continue
        chars += len(page.chars)
        try:
            placed.append(place_blocks(page))
        except UnreadableFileError as error:
            problems.append(str(error))
    if not chars and pages:
        raise UnreadableFileError(
            f"PDF 共 {pages} 页，没有文字层（扫描件或图片）；请取得可复制文字的版本，或先做文字识别（OCR）。"
            f" / The PDF has {pages} pages and no text (a scan); get a version with text or run OCR first."
            + ("" if not problems else f" {problems[0]}")
        )
    if damaged := damaged_streams(path):
        problems.append(
            f"文件有 {damaged} 处数据损坏，可能缺字缺数；请重新下载。"
            f" / {damaged} parts of the file are damaged, text or figures may be missing; download it again."
        )
    return Blocks(tuple(without_furniture(placed)), pages, tuple(problems))
