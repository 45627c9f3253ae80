"""Pages of a PDF that show what another page shows, to the point: a damaged file may show one in place of another."""

from dataclasses import dataclass, field

from analysis.terms.page import Page

# A blank form may stand twice; a page of figures does not.
_FEWEST_DIGITS = 60


@dataclass(slots=True)
class PageTwins:
    """The pages seen so far, and a sentence on each that is the same as an earlier one."""

    said: list[str] = field(default_factory=list)
    # By length and hash, for pages are large: the number of the page, and the digits of the one before it.
    _first_with: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    _before: int = 0

    def see(self, page: Page) -> None:
        """Compare a page with those before it.

        The rest of a table may well be that of another: 财政拨款支出表 and 一般公共预算支出表 of a body with one fund
        print the same rows. Then their beginnings, on the pages before, print the same figures, too.
        """
        digits = "".join(char.text for char in page.chars if char.text.isdigit())
        before, self._before = self._before, hash(digits)
        if len(digits) < _FEWEST_DIGITS:
            return
        first, before_first = self._first_with.setdefault((len(page.chars), hash(page.chars)), (page.number, before))
        if first != page.number and before != before_first:
            self.said.append(
                f"第 {page.number} 页与第 {first} 页内容完全相同，可能有一页已损坏或重复；请对照原件。"
                f" / Page {page.number} is the same as page {first}: one may be damaged or printed twice."
            )
