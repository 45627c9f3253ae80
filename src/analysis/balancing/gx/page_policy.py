"""The second wall around the Data Docs: a page holds the scripts of Great Expectations' own templates and no others.

The first wall is that every text of a document is escaped where it enters. Here the finished page is looked at by a
parser: whatever runs, loads or redirects and does not come from the templates is taken out, and a content security
policy names by their digests the few scripts that stay. So what slips through the first wall does not run.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import lxml.html
from lxml import etree

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_BLANK = re.compile(r"\s+")
# The lists of the index are filled by a script that holds names of suites and runs, and nothing of a document.
_LIST_OF_INDEX = "$('#section-"
_HANDLER = re.compile(r"clearTableFilters\('[\w-]+'\)|showAllValidations\(\)|hideSucceededValidations\(\)")
_FOREIGN = frozenset(
    ("applet", "audio", "base", "embed", "form", "frame", "frameset", "iframe", "math", "object", "svg", "video")
)
_OF_TEMPLATES = frozenset({("button", "onclick"), ("label", "onclick")})
_ADDRESSES = frozenset({"action", "background", "data", "formaction", "href", "poster", "src", "srcset"})
_SCHEME = re.compile(r"[\s\x00-\x20]*(?!data:image/(?:png|jpeg);)[a-z][a-z0-9+.-]*:|[\s\x00-\x20]*//", re.IGNORECASE)
_HASHED_HANDLERS = "'unsafe-hashes'"
_OWN_SOURCE = re.compile(r"(?:\.\./)*static/vendor/js/[\w.-]+\.js")


def guarded(page: str, *, is_index: bool) -> str:
    """The page without what does not come from the templates, and with its policy."""
    root = lxml.html.document_fromstring(page)
    foreign = list(_foreign(root, is_index))
    if foreign:
        for element, attribute in foreign:
            if attribute is not None:
                del element.attrib[attribute]
            elif element.getparent() is not None:
                element.drop_tree()
        page = "<!DOCTYPE html>\n" + etree.tostring(root, encoding="unicode", method="html")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{html.escape(_policy(root), quote=True)}">'
    return re.sub(r"<head\b[^>]*>", lambda head: head[0] + meta, page, count=1)


def _foreign(root: lxml.html.HtmlElement, is_index: bool) -> Iterator[tuple[lxml.html.HtmlElement, str | None]]:
    """What does not come from the templates: whole elements, or single attributes."""
    for element in root.iter(etree.Element):
        if (element.tag == "script" and not _is_own(element, is_index)) or _is_foreign_element(element):
            yield element, None
            continue
        for name, value in element.attrib.items():
            own = (element.tag, name) in _OF_TEMPLATES and _HANDLER.fullmatch(value)
            leads_away = name.rpartition(":")[2] in _ADDRESSES and _SCHEME.match(value)
            if (name.lower().startswith("on") and not own) or leads_away:
                yield element, name


def _is_foreign_element(element: lxml.html.HtmlElement) -> bool:
    if element.tag == "input":
        return element.get("type") not in ("radio", "checkbox", "text", "search")
    if element.tag == "meta":
        return "http-equiv" in element.attrib
    return element.tag in _FOREIGN


def _is_own(script: lxml.html.HtmlElement, is_index: bool) -> bool:
    if source := script.get("src"):
        return _OWN_SOURCE.fullmatch(source) is not None and not (script.text or "").strip()
    text = _squeezed(script.text or "")
    return text in _own_scripts() or (is_index and text.startswith(_squeezed(_LIST_OF_INDEX)))


@cache
def _own_scripts() -> frozenset[str]:
    """The scripts of the templates in which nothing is filled in."""
    templates = files("great_expectations.render.view") / "templates"
    texts = (one.read_text(encoding="utf-8") for one in templates.iterdir() if one.name.endswith(".j2"))
    scripts = (script for text in texts for script in _SCRIPT.findall(text))
    return frozenset(_squeezed(script) for script in scripts if "{{" not in script and "{%" not in script)


def _squeezed(text: str) -> str:
    return _BLANK.sub("", text)


def _policy(root: lxml.html.HtmlElement) -> str:
    texts = [script.text or "" for script in root.iter("script") if not script.get("src")]
    handlers = [value for one in root.iter(etree.Element) for name, value in one.attrib.items() if name == "onclick"]
    digests = sorted({_digest(text) for text in (*texts, *handlers)})
    same_site = "'self' file:"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join((same_site, *digests))}{' ' + _HASHED_HANDLERS if handlers else ''}",
            f"style-src {same_site} 'unsafe-inline'",
            f"font-src {same_site}",
            f"img-src data: {same_site}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _digest(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
