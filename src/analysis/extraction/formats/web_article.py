"""The article of a web page: what stands between the menus, boxes and footers of the site that published it.

No list of sites is known. A block that is mostly links is a menu, and so is what calls itself one or bears the number
under which a site is registered; from what is left the way leads down to where most of the text stands. A table of
figures is never left behind. The title is the one that public sites give in their head (`ArticleTitle`), or the only
great heading; a page with few links, such as a saved document, is an article as a whole.
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from lxml import html

from analysis.terms.label import squeeze
from analysis.terms.money import parse_amount

_FEWEST_LINKS = 12  # of a site's page; a saved document has fewer
_FEWEST_OF_MENU, _SHARE_OF_MENU = 3, 0.55
_SHARE_OF_ARTICLE = 0.6
_SITE_TAGS = {"nav", "footer", "aside"}
_FOOTER = re.compile(
    r"ICP备|公网安备|公安备案|网站标识码|版权所有|浏览器版本|最佳浏览效果|(?:主办|承办)单位[:：]|[Cc]opyright"
)
_BLOCKS = {"div", "ul", "ol", "nav", "footer", "aside", "section", "header", "table", "p", "dl", "li", "form"}
_CONTAINERS = {"div", "section", "article", "main", "form", "table", "tbody", "tr", "td", "center"}
_TITLE_METAS = ("articletitle", "og:title", "dc.title")
_TITLE = re.compile(r"预算|决算|三公|公开|说明|批复|执行|报告|公示")
_YEAR = re.compile(r"20\d\d|二[〇○]")
_ATTACHED = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|ofd|zip|rar)$", re.I)
_LONGEST_TITLE = 100


@dataclass(frozen=True, slots=True)
class Article:
    """What of a page is its article.

    Attributes:
        element: Where it stands; the whole page where the page is of no site.
        title: Its title, where that stands outside of it; None otherwise.
        attached: The names of the documents that the page links to.
        site: What the page says the site is called; None where it does not.
        trimmed: Whether something of the page was left out.
    """

    element: html.HtmlElement
    title: str | None
    attached: tuple[str, ...]
    site: str | None = None
    trimmed: bool = False


def find_article(root: html.HtmlElement) -> Article:
    """The article of a page; what belongs to its site is taken out of the tree."""
    metas = _metas(root)
    links = [link for link in root.iter("a") if link.get("href") and link.text_content().strip()]
    attached = tuple(dict.fromkeys(name for link in links if (name := _attached_name(link))))
    if len(links) < _FEWEST_LINKS:
        return Article(root, None, attached)
    title = next((metas[name] for name in _TITLE_METAS if metas.get(name)), None) or _lone_heading(root)
    body = root.find("body") if root.find("body") is not None else root
    tables = [table for table in body.iter("table") if _has_figures(table)]
    kept = [*tables, *_bearers(body, title)]
    keep = {one for element in kept for one in (element, *element.iterancestors())}
    _drop_menus(body, keep)
    article = _densest(body, keep, tables)
    words = squeeze(article.text_content())
    title = title or _title_above(body, article)
    outside = title if title and squeeze(title) not in words[: len(words) // 2 + len(title)] else None
    return Article(article, outside, attached, metas.get("sitename"), trimmed=True)


def _metas(root: html.HtmlElement) -> Mapping[str, str]:
    """What the head of the page says, by name in small letters."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name, content = (
            (meta.get("name") or meta.get("property") or "").lower(),
            " ".join((meta.get("content") or "").split()),
        )
        if content:
            found.setdefault(name, content)
    return found


def _lone_heading(root: html.HtmlElement) -> str | None:
    """The text of the only heading of the first order that may be a title."""
    texts = {" ".join(one.text_content().split()) for one in root.iter("h1")}
    titles = [text for text in texts if _TITLE.search(text) and len(text) <= _LONGEST_TITLE]
    return titles[0] if len(titles) == 1 else None


def _title_above(body: html.HtmlElement, article: html.HtmlElement) -> str | None:
    """The nearest line above the article that names a year and what is published; links and sentences are none."""
    above: list[str] = []
    for element in body.iter():
        if element is article:
            break
        text = " ".join((element.text or "").split()) if isinstance(element.tag, str) and element.tag != "a" else ""
        if text and len(text) <= _LONGEST_TITLE and _YEAR.search(text) and _TITLE.search(text) and "。" not in text:
            above.append(text)
    return above[-1] if above else None


def _attached_name(link: html.HtmlElement) -> str | None:
    """The name of the document that a link leads to; None for another page."""
    text = " ".join(link.text_content().split())
    path = unquote(urlsplit(link.get("href") or "").path)
    if _ATTACHED.search(text):
        return text
    return (text or path.rpartition("/")[2]) if _ATTACHED.search(path) else None


def _has_figures(table: html.HtmlElement) -> bool:
    if table.find(".//table") is not None:
        return False
    return any(parse_amount(cell.text_content()) is not None for cell in table.iter("td", "th"))


def _bearers(body: html.HtmlElement, title: str | None) -> list[html.HtmlElement]:
    """The elements that show the title."""
    words = squeeze(title or "")
    if not words:
        return []
    return [
        element
        for element in body.iter()
        if isinstance(element.tag, str) and element.tag != "a" and squeeze(element.text or "") == words
    ]


def _drop_menus(body: html.HtmlElement, keep: set[html.HtmlElement]) -> None:
    """Take out of the page what is mostly links, calls itself no content, or registers the site."""
    text, linked, links = _measures(body)
    for element in list(body.iter(*_BLOCKS)):
        if element in keep or element is body or element.getparent() is None or body not in element.iterancestors():
            continue
        menu = links[element] >= _FEWEST_OF_MENU and linked[element] > _SHARE_OF_MENU * text[element]
        small = text[element] < _SHARE_OF_ARTICLE * text[body]
        if menu or (small and (element.tag in _SITE_TAGS or _registers(element))):
            element.drop_tree()


def _registers(element: html.HtmlElement) -> bool:
    """Whether a block says under which number the site is registered, or whose it is, and tells nothing beside."""
    text = element.text_content()
    if not _FOOTER.search(text):
        return False
    return "。" not in text or not any(_FOOTER.search(one.text_content()) for one in element.iterdescendants(*_BLOCKS))


def _measures(body: html.HtmlElement) -> tuple[dict[html.HtmlElement, int], ...]:
    """For every element the length of its text, of that in links, and the number of its links."""
    text: dict[html.HtmlElement, int] = {}
    linked: dict[html.HtmlElement, int] = {}
    links: dict[html.HtmlElement, int] = {}
    for element in reversed(list(body.iter())):
        inner = [child for child in element if isinstance(child.tag, str)]
        own = _length(element.text) if isinstance(element.tag, str) else 0
        text[element] = own + sum(text[child] + _length(child.tail) for child in inner)
        is_link = element.tag == "a"
        linked[element] = text[element] if is_link else sum(linked[child] for child in inner)
        links[element] = is_link + sum(links[child] for child in inner)
    return text, linked, links


def _length(text: str | None) -> int:
    return len("".join((text or "").split()))


def _densest(
    body: html.HtmlElement, keep: Container[html.HtmlElement], tables: Container[html.HtmlElement]
) -> html.HtmlElement:
    """From the body down to where most of the text stands and everything that has to be kept; no table is entered."""
    text, linked, _ = _measures(body)
    element = body
    while True:
        inner = [child for child in element if child.tag in _CONTAINERS]
        best = max(inner, key=lambda child: text[child] - linked[child], default=None)
        if best is None or best in tables or any(child in keep for child in element if child is not best):
            return element
        if text[best] - linked[best] < _SHARE_OF_ARTICLE * (text[element] - linked[element]):
            return element
        element = best
