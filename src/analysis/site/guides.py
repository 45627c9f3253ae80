"""Pages that explain: the data dictionary from its one declaration, and the indicators from their document."""

from html import escape
from pathlib import Path

from analysis.atomic import write_text
from analysis.dataset.dictionary import type_name
from analysis.display.tables import Heading, Table
from analysis.knowledge.fields import data_dictionary
from analysis.pages.markdown import markdown_to_html
from analysis.pages.shell import PageLocation, Shell, nav_links

HERE = PageLocation(home="index.html", assets="assets")


def write_dictionary(site_dir: Path) -> Path:
    """The data dictionary as a page."""
    page = site_dir / "dictionary.html"
    tables = data_dictionary()
    contents = "".join(f'<li><a href="#{name}"><code>{name}</code></a></li>' for name in tables)
    body = "<h1>数据字典：每一栏是什么意思？</h1>"
    body += "<p>金额都是元，两位小数，不管文件印的是元还是万元；年度是整数，编码是文字。</p>"
    for name, table in tables.items():
        columns = tuple(Heading(head, number=False) for head in ("栏", "类型", "可空", "含义", "Meaning"))
        rows = tuple((f.name, type_name(f), "" if f.required else "可空", f.zh, f.en) for f in table.fields)
        body += f'<h2 id="{name}">{name}</h2><p>{escape(table.zh)}。'
        body += f'<span class="note" lang="en">{escape(table.en)}</span></p>'
        body += Table(f"{name} 的各栏", columns, rows)._repr_html_()
    return _write(page, "数据字典", body, f"<ol>{contents}</ol>")


def write_indicators(document: Path, site_dir: Path) -> Path:
    """The document of the indicators as a page."""
    html = markdown_to_html(document.read_text(encoding="utf-8"))
    return _write(site_dir / "indicators.html", "指标说明", html, "")


def _write(page: Path, title: str, body: str, contents: str) -> Path:
    shell = Shell(title, HERE, nav_links(page, HERE), wide=not contents)
    write_text(page, shell.opening(contents) + body + shell.closing())
    return page
