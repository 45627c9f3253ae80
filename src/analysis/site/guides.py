"""Pages that explain: the data dictionary from its one declaration, and the indicators from their document."""

from collections.abc import Sequence
from pathlib import Path

from analysis.atomic import write_text
from analysis.dataset.dictionary import type_name, value_names
from analysis.display.tables import Heading, Table
from analysis.display.templating import Markup, render
from analysis.knowledge.fields import data_dictionary
from analysis.pages.markdown import markdown_to_html
from analysis.pages.shell import ContentsEntry, PageLocation, Shell, nav_links

SITE_ROOT = PageLocation(home="index.html", assets="assets")
_COLUMNS = tuple(Heading(head, number=False) for head in ("栏", "类型", "可空", "含义", "Meaning"))

_VALUES = tuple(Heading(head, number=False) for head in ("值", "含义"))


def write_dictionary(site_dir: Path) -> Path:
    """The data dictionary as a page."""
    tables = []
    for name, table in data_dictionary().items():
        rows = tuple((f.name, type_name(f), "" if f.required else "可空", f.zh, f.en) for f in table.fields)
        tables.append((name, table, Table(f"{name} 的各栏", _COLUMNS, rows)))
    contents = [ContentsEntry(name, name, is_code=True) for name, _, _ in tables]
    values = [Table(f"{column} 的取值", _VALUES, tuple(names.items())) for column, names in value_names().items()]
    body = render("site/dictionary.html.j2", tables=tables, values=values)
    return _write(site_dir / "dictionary.html", "数据字典", body, contents)


def write_indicators(document: Path, site_dir: Path) -> Path:
    """The document of the indicators as a page."""
    body = markdown_to_html(document.read_text(encoding="utf-8"))
    return _write(site_dir / "indicators.html", "指标说明", body)


def _write(page: Path, title: str, body: Markup, contents: Sequence[ContentsEntry] = ()) -> Path:
    shell = Shell(title, SITE_ROOT, nav_links(page, SITE_ROOT), wide=not contents)
    write_text(page, shell.around(body, contents))
    return page
