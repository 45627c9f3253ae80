"""What a file prints around its tables, in the order of the page: cover, contents, headed sections of text."""

from collections.abc import Iterator
from dataclasses import replace

from typesetter.book import Book, Matter, Section, Truth, narrative_truth
from typesetter.forms import heading_of
from typesetter.narrative import TERMS, duties_of, sentence_of
from typesetter.quirks import Quirks


def matter_of(book: Book, quirks: Quirks) -> Matter:
    """What the book's family fixes, or what stands around the tables in Shanghai."""
    if book.matter is not None:
        return replace(book.matter, after=(*book.matter.after, *book.further))
    word = book.word
    label = "预算主管部门" if book.level == "department" else "预算单位"
    titles = (heading_of(book, table, quirks).title for table in book.tables)
    numbered = tuple(f"  {number}. {title}" for number, title in enumerate(titles, start=1))
    return Matter(
        (f"上海市普陀区{book.year}年区级{word}预算", f"{label}：{book.organisation}"),
        (
            f"一、{word}主要职能", "二、名词解释", f"三、{word}预算编制说明", f"四、{word}预算表",
            *numbered, "五、其他相关情况说明",
        ),
        (
            Section(f"{word}主要职能", duties_of(book.organisation, word)),
            Section("名词解释", TERMS, joined=True),
            Section(f"{book.year}年{word}预算编制说明", parts=("opening", "items")),
        ),
        (Section("其他相关情况说明", parts=("closing",)), *book.further),
    )  # fmt: skip


def paragraphs_of(book: Book, section: Section) -> Iterator[tuple[str, tuple[Truth, ...]]]:
    """The paragraphs of a section, each with the truth of the item that it states (none for others)."""
    yield from ((text, ()) for text in section.paragraphs)
    for part in section.parts:
        if part == "items":
            for item in book.items:
                if item.lead:
                    yield item.lead, ()
                yield sentence_of(item, book.year), narrative_truth(item, book.year)
        else:
            yield from ((text, ()) for text in (book.opening if part == "opening" else book.closing))


def lines_of_matter(book: Book, sections: tuple[Section, ...]) -> Iterator[tuple[str, bool, tuple[Truth, ...]]]:
    """Heads and paragraphs in order: text, whether it is a head, and the truth it states."""
    for section in sections:
        yield section.head, True, ()
        yield from ((text, False, truth) for text, truth in paragraphs_of(book, section))
