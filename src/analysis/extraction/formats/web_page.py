"""Web page (html) → blocks, by lxml: block elements are lines, tables are grids.

Nothing is fetched; a picture at hand that shows a table is read in its place. Merged cells are spelled out (colspan and
rowspan) and placed by position. A table around other tables is layout, not a table. What a reader of the page does not
see is left out and said: hidden elements, deleted text, marks of footnotes; what he sees in a field of a form is read.
Rows that are drawn without a table are said.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from lxml import etree, html

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.encodings import decode
from analysis.extraction.formats.ocr.at_once import recognise_now
from analysis.extraction.formats.web_article import Article, find_article
from analysis.extraction.formats.web_pictures import WebPictures, beside, is_marked
from analysis.extraction.layout.blocks import Block, Blocks, Grid
from analysis.extraction.layout.raised_marks import keep_raised
from analysis.extraction.layout.spanned_rows import SpannedCell, read_span, rows_to_grid, text_to_lines
from analysis.recognising.picture import PictureReader
from analysis.terms.money import parse_amount

_BLOCK_TAGS = {
    *("html", "body", "main", "article", "section", "header", "footer", "nav", "aside", "form", "fieldset", "center"),
    *("p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre"),
    *("table", "tbody", "tr", "td", "th", "br", "title"),
}
_NO_TEXT = "//script|//style|//noscript|//template"
_DELETED = "//del|//s|//strike"
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all", re.I)
_RAISING = re.compile(r"vertical-align\s*:\s*super", re.I)
_CONDITIONAL = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?\*/", re.S)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[a-z0-9]*\.([\w-]+)|#([\w-]+)", re.I)
_FIELDS = {"text", "number", "tel", ""}
_FEWEST_DRAWN_ROWS = 5


def read_html(path: Path, pictures: PictureReader = recognise_now) -> Blocks:
    """The body of a web page.

    Args:
        path: The file.
        pictures: Who says what the pictures say that stand in the place of tables.

    Raises:
        UnreadableFileError: it has no content, or its encoding is not known.
    """
    return html_to_blocks([decode(path.read_bytes())], WebPictures(beside(path), pictures))


def html_to_blocks(pages: Iterable[str], images: WebPictures) -> Blocks:
    """The bodies of some web pages, one after another.

    Args:
        pages: Their sources.
        images: Their pictures.

    Raises:
        UnreadableFileError: one of them has no content.
    """
    blocks: list[Block] = []
    problems: list[str] = []
    notes: list[str] = []
    attached: list[str] = []
    site: str | None = None
    for text in pages:
        try:
            root = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8", huge_tree=False))
        except (etree.ParserError, etree.XMLSyntaxError) as error:
            raise UnreadableFileError(f"网页没有内容。 / The web page has no content: {error}") from error
        deleted = sum(any(map(str.isdigit, element.text_content())) for element in root.xpath(_DELETED))
        if deleted:
            notes.append(f"划去的数字未读取：{deleted} 处。 / Struck-out figures were left out: {deleted}.")
        hidden = _without_unseen(root)
        problems += _said_of_tables(hidden)
        notes += _said_of_texts(hidden)
        article = find_article(root)
        site = site or article.site
        if article.title:
            blocks += text_to_lines(article.title)
        notes += _said_of_article(article)
        attached += article.attached
        images.take(article.element)
        for piece in _pieces(article.element):
            if isinstance(piece, str):
                blocks += text_to_lines(piece)
            elif piece.tag == "img":
                blocks += images.blocks(piece)
            else:
                number = 1 + sum(isinstance(block, Grid) for block in blocks)
                rows = [row for row in piece.iter("tr") if next(row.iterancestors("table")) is piece]
                blocks.append(rows_to_grid([list(_row(row)) for row in rows], number))
        problems += _said_of_drawn_rows(article.element)
    problems += images.gathered.problems
    (notes if any(isinstance(block, Grid) for block in blocks) else problems).extend(images.said_of_lacking())
    return Blocks(
        tuple(blocks),
        pages=0,
        problems=tuple(problems),
        notes=tuple(notes),
        site=site,
        attached=tuple(attached),
        readings=images.gathered.readings,
    )


def _without_unseen(root: html.HtmlElement) -> list[html.HtmlElement]:
    """Take out of the page what nobody sees and write in what fields show; the hidden elements that held text."""
    hiding = _hiding_names(root)
    for element in root.xpath(_NO_TEXT):
        element.drop_tree()
    hidden = [element for element in root.iter() if isinstance(element.tag, str) and _is_hidden(element, *hiding)]
    taken = [element for element in hidden if element.getparent() is not None and element.text_content().strip()]
    for element in [*hidden, *root.xpath(_DELETED)]:
        if element.getparent() is not None:
            element.drop_tree()
    for element in list(root.iter("input", "textarea", "select")):
        _write_field(element)
    for element in list(root.iter("sup", "span", "font")):
        if element.getparent() is not None and (element.tag == "sup" or _RAISING.search(element.get("style") or "")):
            kept = keep_raised(_text_before(element), element.text_content())
            _replace(element, kept)
    return taken


def _hiding_names(root: html.HtmlElement) -> tuple[frozenset[str], frozenset[str]]:
    """The classes and the ids that the page's own style hides; only plain selectors are understood."""
    classes: set[str] = set()
    ids: set[str] = set()
    for style in root.iter("style"):
        for selectors, rule in _RULE.findall(_CONDITIONAL.sub("", style.text or "")):
            if not _HIDING.search(rule):
                continue
            for match in map(_SIMPLE.fullmatch, map(str.strip, selectors.split(","))):
                if match:
                    (classes if match[1] else ids).add(match[1] or match[2])
    return frozenset(classes), frozenset(ids)


def _is_hidden(element: html.HtmlElement, classes: frozenset[str], ids: frozenset[str]) -> bool:
    style = element.get("style")
    if element.tag in {"html", "body"}:  # shown by a script, or there would be no page
        return False
    shown = style is not None and re.search(r"display\s*:\s*(?!none)", style, re.I) is not None
    return (
        (style is not None and _HIDING.search(style) is not None)
        or "hidden" in element.attrib
        or (element.tag == "input" and element.get("type", "").lower() == "hidden")
        or (not shown and not classes.isdisjoint((element.get("class") or "").split()))
        or (not shown and element.get("id") in ids)
    )


def _write_field(element: html.HtmlElement) -> None:
    """Put what a field of a form shows in its place."""
    if element.tag == "input":
        text = (element.get("value") or "") if (element.get("type") or "").lower() in _FIELDS else ""
    elif element.tag == "textarea":
        text = element.text or ""
    else:
        options = list(element.iter("option"))
        chosen = next((option for option in options if "selected" in option.attrib), next(iter(options), None))
        text = chosen.text_content() if chosen is not None else ""
    if element.getparent() is not None:
        _replace(element, text)


def _replace(element: html.HtmlElement, text: str) -> None:
    for child in list(element):
        element.remove(child)
    element.text = text
    element.drop_tag()


def _text_before(element: html.HtmlElement) -> str:
    before, parent = element.getprevious(), element.getparent()
    if before is not None:
        return str(before.tail or before.text_content())
    return str(parent.text or "") if parent is not None else ""


def _said_of_tables(hidden: Iterable[html.HtmlElement]) -> list[str]:
    tables = sum(element.tag == "table" or element.find(".//table") is not None for element in hidden)
    if not tables:
        return []
    return [
        f"网页中有 {tables} 处隐藏的表格，未读取；如需读取，请将其显示后另存。"
        f" / {tables} hidden tables of the page were not read; show them and save the page anew."
    ]


def _said_of_texts(hidden: Iterable[html.HtmlElement]) -> list[str]:
    """A word on hidden text that states something; menus and greetings state no number."""
    texts = [" ".join(element.text_content().split()) for element in hidden if element.find(".//table") is None]
    texts = [text for text in texts if any(map(str.isdigit, text))]
    if not texts:
        return []
    return [
        f"网页中隐藏的内容未读取：{len(texts)} 处，如“{texts[0][:30]}”。"
        f" / Hidden parts of the page were left out: {len(texts)}."
    ]


def _said_of_article(article: Article) -> list[str]:
    """A word on what belongs to the site and was left out."""
    if not article.trimmed:
        return []
    return ["只读取网页正文，网站的菜单、页脚未读取。 / Only the article was read, not the menus of the site."]


def _said_of_drawn_rows(root: html.HtmlElement) -> list[str]:
    """A word on figures that stand in rows of a page without being a table."""
    rows = sum(_is_drawn_row(element) for element in root.iter("div", "li", "p", "section", "ul", "dl"))
    if rows < _FEWEST_DRAWN_ROWS:
        return []
    return [
        f"网页中约有 {rows} 行数字不在表格里（用 div、span 排成），未读取；请取得带表格的版本或 PDF。"
        f" / About {rows} rows of figures are no table but laid out by div and span; they were not read."
    ]


def _is_drawn_row(element: html.HtmlElement) -> bool:
    """Whether an element is a row of at least three bare texts, one of them a figure."""
    texts = [child.text or "" for child in element if isinstance(child.tag, str) and len(child) == 0]
    if len(texts) < 3 or len(texts) < len(element) or (element.text or "").strip():
        return False
    return next(element.iterancestors("table"), None) is None and any(parse_amount(text) is not None for text in texts)


def _pieces(element: html.HtmlElement) -> Iterator[str | html.HtmlElement]:
    """Texts, one per block element, tables that hold no other table, and pictures of tables, in order."""
    if not isinstance(element.tag, str):
        return
    if is_marked(element):
        yield element
        return
    if element.tag == "table" and element.find(".//table") is None:
        yield element
        yield from filter(is_marked, element.iter("img"))
        return
    text: list[str] = [element.text or ""]
    for child in element:
        inner = [""] if child.tag == "br" else list(_pieces(child))
        if child.tag in _BLOCK_TAGS or any(not isinstance(piece, str) for piece in inner):
            yield "".join(text)
            yield from inner
            text = []
        else:
            text += [piece for piece in inner if isinstance(piece, str)]
        text.append(child.tail or "")
    yield "".join(text)


def _row(row: html.HtmlElement) -> Iterator[SpannedCell]:
    for cell in row:
        if cell.tag in {"td", "th"}:
            lines = (" ".join(piece.split("\n")).strip() for piece in _pieces(cell) if isinstance(piece, str))
            text = "\n".join(line for line in lines if line)
            yield SpannedCell(text, _span(cell, "colspan"), _span(cell, "rowspan"))


def _span(cell: html.HtmlElement, name: str) -> int:
    return max(1, read_span(cell.get(name, "1").strip()))
