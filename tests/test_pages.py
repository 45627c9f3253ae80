"""Both walls of a page, and what an executed notebook may show: without a browser."""

import json
import re
from pathlib import Path
from urllib.parse import quote

import lxml.html
import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make.made_pages import ALL, HOSTILE, executed

from analysis.display.templating import script_json
from analysis.errors import NotebookError
from analysis.pages import notebook_page as pages
from analysis.pages.chart_elements import without_markup
from analysis.pages.sanitising import sanitise, sanitise_svg

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 1 1">{}</svg>'


def test_sanitiser_keeps_tables_and_drops_what_runs_or_fetches() -> None:
    dirty = '<table class="t"><tr><td data-place="d/1" onclick="x()">1</td></tr></table>'
    dirty += '<img src="http://evil/x.png"><a href="javascript:x">a</a>'
    clean = sanitise(dirty + "<script>x</script><style>y</style><iframe src=x></iframe>")
    assert '<table class="t">' in clean and '<td data-place="d/1">' in clean
    assert not re.search("onclick|http:|javascript|script|style|iframe", clean)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>x</script>",
        "<foreignObject><b>x</b></foreignObject>",
        '<rect onclick="x()"/>',
        '<image xlink:href="http://evil/x.png"/>',
        '<image href="data:image/svg+xml;base64,x"/>',
        '<use xlink:href="http://evil/#x"/>',
        '<a xlink:href="javascript:x"><text>x</text></a>',
        "<style>@import url(http://evil)</style>",
        '<rect style="fill: url(http://evil/x)"/>',
        '<rect fill="url(http://evil)"/>',
        '<animate attributeName="href" to="javascript:x"/>',
        '<title><b onclick="x">x</b></title>',
        "<desc>http://evil</desc>",
    ],
)
def test_an_svg_is_left_with_shapes_alone(inside: str) -> None:
    clean = sanitise_svg(SVG.format(inside), "f1-")
    assert not re.search(r"evil|script|onclick|foreign|svg\+xml|<a|animate", clean)


def test_an_svg_keeps_its_text_and_its_own_references_under_new_names() -> None:
    inside = '<defs><path id="m" d="M0 0"/></defs><use xlink:href="#m"/><g clip-path="url(#m)" style="fill: #123456"/>'
    clean = sanitise_svg(SVG.format(inside + "<text>中文 &lt;b&gt;</text>"), "f2-")
    for kept in ('id="f2-m"', 'href="#f2-m"', "url(#f2-m)", "fill: #123456", "中文 &lt;b&gt;"):
        assert kept in clean


@pytest.mark.parametrize("broken", ["", "<svg", "<html/>", "<svg>&a;</svg>"])
def test_what_is_no_svg_is_refused(broken: str) -> None:
    with pytest.raises(NotebookError):
        sanitise_svg(broken, "f-")


def test_an_entity_of_an_svg_is_not_opened() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + SVG.format("<text>&a;</text>")
    assert "<text/>" in sanitise_svg(bomb, "f-")


def test_plotly_reads_only_the_markup_that_our_charts_use() -> None:
    ours = "题<br><span style='font-size:12px;color:#5c6773'>元</span><extra></extra>"
    assert without_markup({"text": [ours]}) == {"text": [ours]}
    for word in HOSTILE:
        assert not re.search(r"<(?!/?b>)", without_markup(word))


@given(st.recursive(st.text() | st.integers() | st.none(), lambda one: st.lists(one) | st.dictionaries(st.text(), one)))
def test_json_in_a_page_means_the_same_and_ends_no_element(value: object) -> None:
    text = script_json(value)
    assert json.loads(text) == value
    assert not set(text) & set("<>&\u2028\u2029")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    path = folder / "site" / "reports" / "unit" / "x.html"
    pages.render(executed(folder / "x.ipynb", ALL), path, ALL)
    return path


def test_a_chart_has_words_figures_and_files(page: Path) -> None:
    html = lxml.html.document_fromstring(page.read_text(encoding="utf-8"))
    figures = html.xpath("//figure[contains(@class, 'chart')]")
    assert len(figures) == 4
    for figure in figures:
        (drawing,) = figure.xpath(".//div[@role='img']")
        assert len(drawing.get("aria-label")) > 10
        (cell,) = figure.xpath(".//td[@data-place]")
        assert cell.get("data-place") == "d1/expenditure/1" and cell.text == "1,234.56"
        links = figure.xpath(".//a[@download]/@href")
        assert {Path(link).suffix for link in links} == {".svg", ".csv"}
        assert all((page.parent / link).is_file() for link in links)


def test_a_page_names_shared_files_and_one_that_stands_alone_holds_them(page: Path, tmp_path: Path) -> None:
    text = page.read_text(encoding="utf-8")
    (policy,) = lxml.html.document_fromstring(text).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert "script-src 'self' file:;" in policy
    assert len(re.findall(r'(?:src|href)="../../assets/[\w.]+\?v=[0-9a-f]{10}"', text)) == 3
    alone = tmp_path / "alone.html"
    pages.render(page.parents[3] / "x.ipynb", alone, "x", standalone=True)
    html = lxml.html.document_fromstring(alone.read_text(encoding="utf-8"))
    assert not html.xpath("//script/@src | //link/@href | //img[@src and not(starts-with(@src, 'data:'))]")
    assert [path.name for path in tmp_path.iterdir()] == ["alone.html"]


def test_a_page_without_charts_to_explore_carries_no_plotly(tmp_path: Path) -> None:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 题")])
    nbformat.write(book, tmp_path / "n.ipynb")
    pages.render(tmp_path / "n.ipynb", tmp_path / "n.html", "t", standalone=True)
    assert (tmp_path / "n.html").stat().st_size < 200_000


def test_a_notebook_with_an_error_or_an_unknown_output_is_no_page(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", {"application/x-odd": "1"})])
    path = tmp_path / "n.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    with pytest.raises(NotebookError, match="application/x-odd"):
        pages.render(path, tmp_path / "n.html", "t")
    assert not (tmp_path / "n.html").exists()


def shown(tmp_path: Path, *cells: nbformat.NotebookNode) -> lxml.html.HtmlElement:
    """The main part of the page of these cells."""
    nbformat.write(nbformat.v4.new_notebook(cells=list(cells)), tmp_path / "n.ipynb")
    pages.render(tmp_path / "n.ipynb", tmp_path / "n.html", "t")
    (main,) = lxml.html.document_fromstring((tmp_path / "n.html").read_text(encoding="utf-8")).xpath("//main")
    return main


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"text/html": "<p>甲<script>x</script></p>"}, "div[contains(@class, 'output_html')]/p[text() = '甲']"),
        ({"text/markdown": "**甲**"}, "div[contains(@class, 'output_markdown')]//strong[text() = '甲']"),
        ({"text/latex": "$<b>$"}, "div[contains(@class, 'output_latex')][text() = '$<b>$']"),
        ({"text/plain": "甲 <b>\n乙"}, "div[contains(@class, 'output_text')]/pre[text() = '甲 <b>\n乙']"),
        (
            {"image/jpeg": "AAAA"},
            "div[contains(@class, 'output_jpeg')]/img[@src = 'data:image/jpeg;base64,AAAA'][@alt]",
        ),
        ({"text/plain": "x", "text/html": "<p>y</p>"}, "div/p[text() = 'y']"),
    ],
)
def test_an_output_is_shown_in_the_richest_form_that_a_page_takes(
    tmp_path: Path, data: dict[str, str], path: str
) -> None:
    for kind in ("display_data", "execute_result"):
        main = shown(tmp_path, nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output(kind, data)]))
        assert main.xpath(f".//div[@class = 'output_area']/{path}")
        assert not main.xpath(".//script") and "bold" not in main.text_content()


def test_what_a_cell_prints_keeps_its_lines_and_colours(tmp_path: Path) -> None:
    printed = nbformat.v4.new_output("stream", name="stdout", text="一\n\x1b[31m<红>\x1b[0m\n")
    warned = nbformat.v4.new_output("stream", name="stderr", text="警告")
    main = shown(tmp_path, nbformat.v4.new_code_cell("x", outputs=[printed, warned]))
    out, err = main.xpath(".//div[contains(@class, 'output_stream')]/pre")
    assert out.text == "一\n" and out.xpath("span[@class = 'ansi-red-fg']/text()") == ["<红>"]
    assert err.text == "警告" and "output_stderr" in err.getparent().get("class")


def test_a_source_is_hidden_by_its_tag_and_a_picture_of_a_text_is_kept(tmp_path: Path) -> None:
    hidden = [nbformat.v4.new_code_cell(f"secret{at}", metadata={"tags": [tag]})
              for at, tag in enumerate(("parameters", "injected-parameters", "hide-input"))]  # fmt: skip
    text = nbformat.v4.new_markdown_cell(
        "## 题\n\n![图](attachment:a.png)", attachments={"a.png": {"image/png": "AAAA"}}
    )
    raw = nbformat.v4.new_raw_cell("<em>raw</em><script>x</script>")
    other = nbformat.v4.new_raw_cell("latex", metadata={"raw_mimetype": "text/latex"})
    main = shown(tmp_path, *hidden, nbformat.v4.new_code_cell("seen"), text, raw, other)
    words = main.text_content()
    assert "secret" not in words and "seen" in words and "latex" not in words
    assert len(main.xpath("./section")) == 4
    assert main.xpath(".//h2/@id") == [quote("题")] and main.xpath(".//img/@src") == ["data:image/png;base64,AAAA"]
    assert main.xpath("./em[text() = 'raw']") and not main.xpath(".//script")
