"""The frame around every page: its head with the policy, the bar with the ways on, the switches, the foot.

A page of the site takes style, script and type from the site's assets. A page that stands `alone` has them inside, its
scripts allowed by their digest: it can be sent by mail. Neither asks anything of the network: the policy forbids it.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from analysis.pages import assets

SITE_NAME = "预算工作台"
FOOT = "由公开的预算、决算文件生成。不从网络读取任何内容，可离线打开、打印、转发。"
_WAYS = (("问题清单", "audit/index.html"), ("全部文件", "files.html"), ("数据字典", "dictionary.html"))


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
    """Words that lead somewhere."""

    words: str
    address: str

    def html(self, here: bool = False) -> str:
        """The link as HTML; `here` says that it is the page one reads."""
        current = ' aria-current="page"' if here else ""
        return f'<a href="{escape(quote(self.address))}"{current}>{escape(self.words)}</a>'


def nav_links(page: Path, location: PageLocation) -> tuple[NavLink, ...]:
    """The pages of the site that a bar leads to; that of the audit only where there was one before `page` is made."""
    if location.home is None:
        return ()
    there = (page.parent / location.root / "audit" / "index.html").exists() or page.parent.name == "audit"
    return tuple(NavLink(words, location.root + name) for words, name in _WAYS if there or name != _WAYS[0][1])


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
    beside = "'self' file:"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {' '.join(scripts) or beside}",
            f"style-src {beside} 'unsafe-inline'",
            f"font-src {beside} data:",
            f"img-src data: blob:{f' {beside}' if own_images else ''}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands before and after the body of a page.

    Attributes:
        title: The page's title; text, never markup.
        location: Where the page stands.
        links: Where the bar leads to, besides the home.
        switch_code: The page holds code that a switch shows.
        scripts: Shared scripts, besides that of every page.
        embedded: The page stands alone: the scripts that it holds, in order, or None for a page of the site.
        allowed: The digests of scripts that the page unpacks itself.
        font_face: The type of a page that stands alone, as a style.
        own_images: The page shows pictures that lie beside it.
        wide: The page has no contents and takes the whole width.
    """

    title: str
    location: PageLocation
    links: tuple[NavLink, ...] = ()
    switch_code: bool = False
    scripts: tuple[str, ...] = ()
    embedded: tuple[str, ...] | None = None
    allowed: tuple[str, ...] = ()
    font_face: str = ""
    own_images: bool = False
    wide: bool = True

    def opening(self, contents: str = "") -> str:
        """Everything before the body; `contents` is a list of links as HTML."""
        if self.embedded is None:
            names = (assets.SCRIPT, *self.scripts)
            allowed: tuple[str, ...] = ()
            means = f'<link rel="stylesheet" href="{escape(assets.address(self.location.assets, assets.STYLE))}">\n'
            plotly = escape(assets.address(self.location.assets, assets.PLOTLY))
            means += "\n".join(
                f'<script src="{escape(assets.address(self.location.assets, name))}" data-plotly="{plotly}"></script>'
                for name in names
            )
        else:
            allowed = (*(script_hash(script) for script in self.embedded), *self.allowed)
            means = f"<style>{self.font_face}{assets.text(assets.STYLE)}</style>\n"
            means += "\n".join(f"<script>{script}</script>" for script in self.embedded)
        here = escape(self.title)
        nav = f'<nav class="contents" aria-label="目录"><p>目录</p>{contents}</nav>\n' if contents else ""
        return f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(content_policy(allowed, own_images=self.own_images))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{here}</title>
{means}
</head>
<body>
<a class="skip" href="#top">跳到正文</a>
{self._bar()}
<div class="page{" wide" if self.wide else ""}">
{nav}<main id="top" tabindex="-1">
"""

    def _bar(self) -> str:
        home = self.location.home
        name = NavLink(SITE_NAME, home).html() if home else f"<b>{SITE_NAME}</b>"
        links = "".join(link.html() for link in self.links)
        more = f'<nav aria-label="站点">{links}</nav>' if links else ""
        box = label = ""
        if self.switch_code:
            # The checkbox stands before the page, so that a style alone can show what it switches.
            box = '<input type="checkbox" id="show-code" class="switch">'
            label = '<label for="show-code">显示代码</label>'
        return (
            f'{box}<header class="bar">{name}{more}<span class="tools">{label}'
            '<button type="button" id="theme" hidden>深色</button></span></header>'
        )

    def closing(self) -> str:
        """Everything after the body."""
        return f'</main>\n</div>\n<footer class="foot">{FOOT}</footer>\n</body>\n</html>\n'

    def around(self, body: str) -> str:
        """The whole page."""
        return self.opening() + body + self.closing()
