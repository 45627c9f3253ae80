"""What is said of pages that are pictures: which were recognised, which were not and why, where ink stayed unread."""

from collections.abc import Iterator, Sequence

from analysis.terms.page import Page


def problems_of_pictures(pages: Sequence[Page]) -> Iterator[str]:
    """What was not read of some pages."""
    for refusal in dict.fromkeys(page.refusal for page in pages if page.refusal and not page.recognised):
        numbers = [page.number for page in pages if page.refusal == refusal and not page.recognised]
        yield f"第 {ranges(numbers)} 页是图片，未读取：{refusal}"
    if unread := [page for page in pages if page.unread]:
        cells = sum(page.unread for page in unread)
        yield (
            f"第 {ranges([page.number for page in unread])} 页有 {cells} 个单元格有字迹而未能识别；请对照原件。"
            f" / {cells} cells of {len(unread)} recognised pages show ink that could not be read."
        )


def notes_on_pictures(pages: Sequence[Page]) -> Iterator[str]:
    """That some pages were recognised."""
    if pictured := [page.number for page in pages if page.pictured]:
        yield (
            f"第 {ranges(pictured)} 页是图片或含图片，文字由本软件识别；各数字的可靠程度见 certainty。"
            f" / {len(pictured)} pages were recognised from pictures; `certainty` says how sure each figure is."
        )


def ranges(numbers: Sequence[int]) -> str:
    """Page numbers in order, neighbours joined: 1–3、7."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return "、".join(str(low) if low == high else f"{low}–{high}" for low, high in found)
