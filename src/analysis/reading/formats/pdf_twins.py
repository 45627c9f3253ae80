"""Pages of a PDF that show what another page shows, to the point: a damaged file may show one in place of another."""

from dataclasses import dataclass, field

from analysis.reading.layout.page import Page

# A blank form may stand twice; a page of figures does not.
_FEWEST_DIGITS = 60


@dataclass(slots=True)
class PageTwins:
    """The pages seen so far, and a sentence on each that is the same as an earlier one."""

    said: list[str] = field(default_factory=list)
    _first_with: dict[tuple[int, int], int] = field(default_factory=dict)  # by length and hash: pages are large

    def see(self, page: Page) -> None:
        """Compare a page with those before it."""
        if sum(char.text.isdigit() for char in page.chars) < _FEWEST_DIGITS:
            return
        first = self._first_with.setdefault((len(page.chars), hash(page.chars)), page.number)
        if first != page.number:
            self.said.append(
                f"第 {page.number} 页与第 {first} 页内容完全相同，可能有一页已损坏或重复；请对照原件。"
                f" / Page {page.number} is the same as page {first}: one may be damaged or printed twice."
            )
