"""The frame around every page: its head with the policy, the bar with the ways on, the switches, the foot.

A page of the site takes style, script and type from the site's assets. A page that stands alone has them inside, its
scripts allowed by their digest: it can be sent by mail. Neither asks anything of the network: the policy forbids it.
"""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.display.templating import Markup, render
from analysis.pages import assets

SITE_NAME = "预算工作台"
_AUDIT_INDEX = "audit/index.html"
_NAV_PAGES = (("问题清单", _AUDIT_INDEX), ("全部文件", "files.html"), ("数据字典", "dictionary.html"))


@dataclass(frozen=True, slots=True)
class PageLocation:
    """Where a page stands in the site, as addresses relative to the page; without a home the bar leads nowhere."""

    home: str | None = "../../index.html"
    assets: str = "../../assets"

    @property
    def root(self) -> str:
        """The site's folder, as the page sees it."""
        return (self.home or "").removesuffix("index.html")


@dataclass(frozen=True, slots=True)
class NavLink:
    """Words that lead to an address, relative to the page and not yet quoted; None where they lead nowhere."""

    words: str
    address: str | None


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A heading of the page in its table of contents: its words, and its identifier as a link names it."""

    words: str
    anchor: str
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class PackedScript:
    """A script that the page unpacks itself: its content, compressed and in base64, and the name of what comes out."""

    data: str
    script_hash: str


def nav_links(page: Path, location: PageLocation) -> tuple[NavLink, ...]:
    """The pages of the site that a bar leads to; that of the audit only where there was one before `page` is made."""
    if location.home is None:
        return ()
    audited = (page.parent / location.root / _AUDIT_INDEX).exists() or page.parent.name == "audit"
    return tuple(NavLink(words, location.root + name) for words, name in _NAV_PAGES if audited or name != _AUDIT_INDEX)


def script_hash(script: str) -> str:
    """A script's name in a policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def content_policy(scripts: Sequence[str] = (), *, own_images: bool = False) -> str:
    """The content security policy of a page: nothing from outside, no script but ours.

    Styles may stand in the page because plotly writes them; what comes from a document never holds one.

    Args:
        scripts: The digests of scripts that stand in the page; where there are none, those of the site are allowed.
        own_images: The page shows pictures that lie beside it.
    """
    same_site = "'self' file:"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(scripts) or same_site}",
            f"style-src {same_site} 'unsafe-inline'",
            f"font-src {same_site} data:",
            f"img-src data: blob:{f' {same_site}' if own_images else ''}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around the body of a page.

    Attributes:
        title: The page's title; text, never markup.
        location: Where the page stands.
        links: Where the bar leads to, besides the home.
        switch_code: The page holds code that a switch shows.
        scripts: Shared scripts, besides that of every page.
        embedded: The page stands alone: the scripts that it holds, in order, or None for a page of the site.
        packed_plotly: The page stands alone and has charts to explore.
        font_face: The type of a page that stands alone, as a style.
        own_images: The page shows pictures that lie beside it.
        wide: The page has no contents and takes the whole width.
        cited: What is known of the figures of the page, for the script that leads to their places.
        told_beside: A script of data that lies in the site, for the others.
    """

    title: str
    location: PageLocation
    links: tuple[NavLink, ...] = ()
    switch_code: bool = False
    scripts: tuple[str, ...] = ()
    embedded: tuple[Markup, ...] | None = None
    packed_plotly: PackedScript | None = None
    font_face: Markup | None = None
    own_images: bool = False
    wide: bool = True
    cited: Mapping[str, Any] | None = None
    told_beside: str | None = None

    def around(self, body: Markup, contents: Sequence[ContentsEntry] = ()) -> str:
        """The whole page."""

        def address(name: str) -> str:
            return assets.address(self.location.assets, name)

        alone = self.embedded is not None
        hashes = [script_hash(script) for script in self.embedded or ()]
        if self.packed_plotly is not None:
            hashes.append(self.packed_plotly.script_hash)
        return render(
            "pages/page.html.j2",
            page=self,
            body=body,
            contents=contents,
            policy=content_policy(hashes, own_images=self.own_images),
            style=assets.text(assets.STYLE) if alone else address(assets.STYLE),
            scripts=[] if alone else [address(name) for name in (assets.SCRIPT, *self.scripts)],
            plotly="" if alone else address(assets.PLOTLY),
            site_name=SITE_NAME,
        )
