"""Data Docs that need no network: Great Expectations' pages with every resource beside them.

As they come, the pages load style sheets, scripts and a logo from six hosts; offline they lose their form and the very
icons that tell pass from fail. Templates cannot be overridden, so the written pages are altered: each known resource is
replaced by the vendored file of the same name, everything else is dropped, and a page that still loads something from
elsewhere is an error. What a page loads stands in its tags and its styles; the text between them is that of the
documents, may say anything, and is left alone. What could not be checked gets its own section, because these pages know
only pass and fail.
"""

import html
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import lxml.html
from lxml import etree

from analysis.balancing.gx.page_policy import guarded
from analysis.errors import WorkbenchError

TITLE = "勾稽关系检查 · Identity checks"
_VENDOR = "static/vendor"
_STYLES = {
    "bootstrap-table.min.css": ("bootstrap-table.min.css",),
    "bootstrap.min.css": ("bootstrap.min.css",),
    "bootstrap-table-filter-control.css": ("bootstrap-table-filter-control.min.css",),
    "bootstrap-table-filter-control.min.css": ("bootstrap-table-filter-control.min.css",),
    "bootstrap-datepicker.min.css": ("bootstrap-datepicker.min.css",),
    "all.min.css": ("fontawesome.min.css", "solid.min.css"),
}
_SCRIPTS = {
    "jquery-3.7.1.min.js": "jquery.min.js",
    "popper.min.js": "popper.min.js",
    "bootstrap.min.js": "bootstrap.min.js",
    "bootstrap-table.min.js": "bootstrap-table.min.js",
    "bootstrap-table-filter-control.min.js": "bootstrap-table-filter-control.min.js",
    "bootstrap-datepicker.min.js": "bootstrap-datepicker.min.js",
}
_LINK = re.compile(r'<link\b[^>]*\bhref="https?://[^"]*/([^"/]+)"[^>]*>')
_SCRIPT = re.compile(r'<script\b[^>]*\bsrc="https?://([^"]+)"[^>]*>\s*</script>')
_ICON = re.compile(r'<link\b[^>]*\brel="shortcut icon"[^>]*>')
_LOGO = re.compile(r'<img\b[^>]*\bsrc="https?://[^"]*"[^>]*>')
_ANCHOR = re.compile(r'<a\b[^>]*\bhref="https?://[^"]*"[^>]*>(.*?)</a>', re.DOTALL)
_FOOTER = re.compile(r"<footer\b.*?</footer>", re.DOTALL)
_STYLE_URL = re.compile(r"url\(\s*['\"]?https?://[^)]*\)")
_TITLES = re.compile(r"<title>.*?</title>", re.DOTALL)
_STYLE = re.compile(r"<style\b[^>]*>.*?</style>", re.DOTALL)
_ADDRESSES = frozenset({"src", "href", "srcset", "data", "poster", "action", "formaction", "background"})
_ELSEWHERE = re.compile(r"\s*(?:[a-z][a-z0-9+.-]*:)?//.*", re.IGNORECASE | re.DOTALL)
_STYLE_ELSEWHERE = re.compile(r"""url\(\s*['"]?(?:[a-z][a-z0-9+.-]*:)?//[^)]*|@import\s+[^;]*//[^;]*""", re.IGNORECASE)
_CONTENT = '<div class="col-md-10 col-lg-10 col-xs-12 pl-md-4 pr-md-3">'
_BAR = (
    '<nav class="px-3 py-2 border-bottom small" aria-label="站点" style="display:flex;flex-wrap:wrap;gap:0 1.2rem">'
    '<a class="text-dark font-weight-bold" href="{site}index.html">预算工作台</a>'
    '<a href="{site}audit/index.html">问题清单</a><a href="{site}files.html">全部文件</a>'
    '<a href="{site}dictionary.html">数据字典</a></nav>'
)
_CHINESE = {
    "Expectation Validation Result": "勾稽关系检查结果",
    "Evaluates whether a batch of data matches expectations.": "每条关系在每一处是否成立。",
    "Expectation Suite": "勾稽关系一览",
    "A collection of Expectations defined for batches of data.": "文件中的数字必须满足的关系。",
    "Table-Level Expectations": "勾稽关系 / Identities",
    "Evaluated Expectations": "检查的关系 / Evaluated",
    "Successful Expectations": "相符 / Successful",
    "Unsuccessful Expectations": "不符 / Unsuccessful",
    "Success Percent": "相符比例 / Success",
    "Table of Contents": "目录",
    "Overview": "概况 / Overview",
    "Statistics": "统计",
    "Observed Value": "相符/检查",
    "Home": "首页",
}


@dataclass(frozen=True, slots=True)
class Undecided:
    """An identity that could not be checked, with the reasons, most frequent first."""

    identity: str
    sentence: str
    reasons: tuple[str, ...]


def publish_data_docs(built: Path, docs_dir: Path, undecided: Sequence[Undecided], note: str = "") -> Path:
    """Puts the pages that Great Expectations built in `built` into `docs_dir`, made to stand alone.

    Pages of an earlier run are replaced. `undecided` and `note` are shown on every result page and on the index.

    Returns:
        The index page.

    Raises:
        WorkbenchError: a page would still load something from elsewhere.
    """
    notice, section = _notice(undecided, note), _section(undecided)
    with _switched(docs_dir) as folder:
        (folder / _VENDOR).mkdir(parents=True)
        with as_file(files("analysis.balancing.gx") / "data_docs_assets") as assets:
            shutil.copytree(assets, folder / _VENDOR, dirs_exist_ok=True)
        for page in sorted(built.rglob("*.html")):
            place = page.relative_to(built)
            home = "../" * (len(place.parts) - 1)
            shown = (notice, section) if place.parts[0] in ("validations", "index.html") else ("", "")
            text = standalone(page.read_text(encoding="utf-8"), home, *shown)
            if outside := next(loaded_from_elsewhere(text), None):
                raise WorkbenchError(f"Data Docs page {place} would load {outside}; it must stand alone")
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_text(guarded(text, is_index=len(place.parts) == 1), encoding="utf-8")
    return docs_dir / "index.html"


@contextmanager
def _switched(docs_dir: Path) -> Iterator[Path]:
    """A folder to write into that takes the place of `docs_dir` when all is written; else the old one stays whole."""
    docs_dir.parent.mkdir(parents=True, exist_ok=True)
    new, old = (docs_dir.with_name(f".{docs_dir.name}.{name}") for name in ("new", "old"))
    for left in (new, old):  # of a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    new.mkdir()
    try:
        yield new
        if docs_dir.exists():
            docs_dir.rename(old)
        new.rename(docs_dir)
    finally:
        for left in (new, old):
            shutil.rmtree(left, ignore_errors=True)


def standalone(page: str, home: str, notice: str = "", section: str = "") -> str:
    """The page with its resources taken from ``{home}static/vendor``, `notice` above its content, `section` below."""
    vendor = f"{home}{_VENDOR}"

    def style(found: re.Match[str]) -> str:
        names = _STYLES.get(found[1], ())
        return "\n".join(f'<link rel="stylesheet" href="{vendor}/css/{name}">' for name in names)

    def script(found: re.Match[str]) -> str:
        name = _SCRIPTS.get(found[1].rpartition("/")[2])
        return f'<script src="{vendor}/js/{name}"></script>' if name else ""

    page = page.replace("<html>", '<html lang="zh">', 1)
    page = re.sub(r"<body[^>]*>", lambda body: body[0] + _BAR.format(site=f"{home}../"), page, count=1)
    page = _TITLES.sub("", page).replace("<head>", f"<head>\n    <title>{TITLE}</title>", 1)
    page = _SCRIPT.sub(script, _LINK.sub(style, _ICON.sub("", page)))
    page = _LOGO.sub(f'<span class="h5 text-dark">{TITLE}</span>', _FOOTER.sub("", page))
    page = _STYLE.sub(lambda style: _STYLE_URL.sub("none", style[0]), _ANCHOR.sub(r"\1", page))
    for english, chinese in _CHINESE.items():
        page = re.sub(rf"(>\s*){re.escape(english)}(\s*<)", rf"\g<1>{chinese}\g<2>", page)
    return page.replace(_CONTENT, _CONTENT + notice, 1).replace("</body>", f"{section}</body>", 1)


def loaded_from_elsewhere(page: str) -> Iterator[str]:
    """Every address of another host that the page would load or lead to: of its attributes and of its styles."""
    for element in lxml.html.document_fromstring(page).iter(etree.Element):
        for name, value in element.attrib.items():
            if str(name).rpartition(":")[2] in _ADDRESSES and _ELSEWHERE.match(str(value)):
                yield f"{name}={value}"
        style = f"{element.get('style', '')}\n{element.text or '' if element.tag == 'style' else ''}"
        yield from _STYLE_ELSEWHERE.findall(style)


def _notice(undecided: Sequence[Undecided], note: str) -> str:
    notices = [html.escape(note)] if note else []
    if undecided:
        count = f"{len(undecided)} 条关系未能检查，不计入相符与不符 / {len(undecided)} identities could not be checked"
        notices.append(f'<a href="#undecided">{count}</a>')
    return "".join(f'<div class="alert alert-warning">{one}</div>' for one in notices)


def _section(undecided: Sequence[Undecided]) -> str:
    if not undecided:
        return ""
    rows = "".join(
        f'<tr><td><i class="fas fa-question-circle text-secondary"></i> {html.escape(one.identity)}</td>'
        f"<td>{html.escape(one.sentence)}</td><td>{'<br>'.join(map(html.escape, one.reasons))}</td></tr>"
        for one in undecided
    )
    return (
        '<div class="container-fluid pl-5 pr-5" id="undecided"><div class="card mb-4">'
        '<h5 class="card-header">未能检查的关系 / Could not be checked</h5><div class="card-body">'
        '<table class="table table-sm table-bordered">'
        "<thead><tr><th>关系 / Identity</th><th>内容 / Sentence</th><th>原因 / Reason</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></div></div></div>"
    )
