"""The pages in a real browser with the network off: they search, filter, draw and switch, and run no document."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from make.browser import wait_until, walk_down, watched
from make.made_pages import HOSTILE, dataset
from make.made_site import KINDS, hostile_site, page_of, report_page
from playwright.sync_api import Browser, Page, expect

from analysis.pages.notebook_page import render
from analysis.site import build_site

LINKS = "[...document.querySelectorAll('a')].map(a => a.getAttribute('href') ?? a.getAttribute('xlink:href') ?? '')"
WIDTHS = "all => all.map(one => one.getBBox().width)"
ALIVE = "document.querySelectorAll('.live.js-plotly-plot .main-svg').length > 0"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_site(tmp_path_factory.mktemp("site") / "地方 #1?" / "site")


@pytest.mark.parametrize("name", KINDS)
def test_nothing_of_a_document_runs_or_is_fetched(site: Path, browser: Browser, name: str) -> None:
    with watched(browser) as seen:
        seen.page.goto(page_of(site, name).as_uri())
        walk_down(seen.page)
        seen.page.wait_for_timeout(300)
        assert seen.page.title() != "ran"
        assert seen.page.locator("foreignObject, iframe, object, embed").count() == 0
        links = seen.page.evaluate(LINKS)
        assert not [link for link in links if re.match(r"\s*(javascript|https?|data):", link)]
        sources = seen.page.evaluate("[...document.querySelectorAll('img')].map(image => image.src.slice(0, 5))")
        assert set(sources) <= {"data:", "file:", ""}
        if name not in ("dictionary", "audit page"):
            assert seen.page.evaluate("word => document.body.textContent.includes(word)", HOSTILE[2])


def test_a_name_that_turns_the_direction_of_writing_turns_itself_alone(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto((site / "index.html").as_uri())
        direction = "document.querySelector('#listed th > *').computedStyleMap().get('unicode-bidi').value"
        assert seen.page.evaluate(direction) == "isolate"


@pytest.mark.parametrize("name", ["report", "standalone"])
def test_every_figure_of_the_notebook_is_in_its_page(site: Path, browser: Browser, name: str) -> None:
    book = nbformat.read(site.parent / "executed.ipynb", as_version=4)
    outputs = [output.data for cell in book.cells for output in cell.get("outputs", []) if "data" in output]
    figures = [data for data in outputs if "image/svg+xml" in data]
    alive = [data for data in figures if "application/vnd.plotly.v1+json" in data]
    with watched(browser) as seen:
        seen.page.goto(page_of(site, name).as_uri())
        walk_down(seen.page)
        wait_until(seen.page, f"document.querySelectorAll('.live.js-plotly-plot').length === {len(alive)}")
        assert seen.page.locator("figure.chart").count() == len(figures) == 4
        assert seen.page.locator("figure.chart:not(.alive) .drawing > svg").count() == len(figures) - len(alive)
        drawn = seen.page.locator("figure.chart .live .main-svg").evaluate_all(WIDTHS)
        assert len(drawn) >= len(alive) and max(drawn) > 300


def test_a_chart_answers_to_hover_with_the_name_as_text(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto(report_page(site).as_uri())
        seen.page.locator("figure.chart").first.scroll_into_view_if_needed()
        wait_until(seen.page, ALIVE)
        box = seen.page.locator("figure.chart .live .bars .point").first.bounding_box()
        assert box
        seen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        wait_until(seen.page, "document.querySelectorAll('.hoverlayer .hovertext').length > 0")
        assert "元" in (seen.page.locator(".hoverlayer").first.text_content() or "")


@pytest.mark.parametrize("name", ["report", "standalone"])
def test_the_toolbar_uploads_nothing_speaks_chinese_and_names_the_picture(
    site: Path, browser: Browser, name: str
) -> None:
    with watched(browser) as seen:
        seen.page.goto(page_of(site, name).as_uri())
        seen.page.locator("figure.chart").first.scroll_into_view_if_needed()
        wait_until(seen.page, ALIVE)
        buttons = seen.page.locator(".modebar-btn").evaluate_all("all => all.map(one => one.dataset.title)")
        assert buttons and not [words for words in buttons if re.search(r"[A-Za-z]", words)]
        with seen.page.expect_download() as download:
            seen.page.locator(".modebar-btn[data-title=存为图片]").first.dispatch_event("click")
        title = seen.page.locator("figure.chart figcaption b").first.text_content() or ""
        assert re.sub(r'[\\/:*?"<>|\s]+', " ", title)[:8] in download.value.suggested_filename


def test_the_exported_chart_opens_alone(site: Path, browser: Browser) -> None:
    page = report_page(site)
    files = sorted(path.name for path in page.with_suffix("").iterdir())
    assert files == sorted(f"chart-{at}.{form}" for at in range(4) for form in ("svg", "csv"))
    with watched(browser) as seen:
        seen.page.goto((page.with_suffix("") / "chart-0.svg").as_uri())
        assert seen.page.evaluate("document.querySelectorAll('svg text').length") > 3


def test_what_an_earlier_run_drew_is_removed(site: Path, tmp_path: Path) -> None:
    page = tmp_path / "reports" / "unit" / "x.html"
    old = page.with_suffix("") / "old.svg"
    old.parent.mkdir(parents=True)
    old.write_text("<svg/>")
    render(site.parent / "executed.ipynb", page, "x")
    assert not old.exists() and (old.parent / "chart-0.svg").exists()


def rows_of(page: Page) -> list[str]:
    return page.locator("#listed tr").all_inner_texts()


def test_search_finds_names_and_what_is_spent_on(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto((site / "index.html").as_uri())
        assert len(rows_of(seen.page)) == 3
        rows, count = seen.page.locator("#listed tr"), seen.page.locator("#count")
        searches = (
            ("第1街道", "第1街道办事处", 1),
            ("教育", "第1街道办事处", 1),
            ("205", "第1街道办事处", 1),
            ("201", "第2街道办事处", 2),
            ("行政运行", "第2街道办事处", 1),
        )
        for words, found, fitting in searches:
            seen.page.fill("#search", "")
            expect(count).to_contain_text("3 / 3 个单位")
            seen.page.fill("#search", words)
            expect(count).to_contain_text(f"{fitting} / 3 个单位")
            expect(rows).to_have_count(fitting)
            expect(rows.last).to_contain_text(found)
        seen.page.fill("#search", "没有这个单位")
        expect(rows).to_have_count(0)


def test_filters_filter_and_links_lead_on(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto((site / "index.html").as_uri())
        seen.page.select_option("[data-of=level]", "department")
        assert len(rows_of(seen.page)) == 1
        seen.page.select_option("[data-of=level]", "")
        seen.page.select_option("[data-of=state]", "error")
        assert len(rows_of(seen.page)) == 1
        seen.page.select_option("[data-of=state]", "")
        seen.page.select_option("#order", "amount")
        assert "第2街道" in rows_of(seen.page)[0]
        seen.page.click("text=第1街道办事处")
        assert "/reports/unit/" in seen.page.url
        seen.page.click("text=预算工作台")
        seen.page.click("#listed a.year >> nth=0")
        assert "/audit/" in seen.page.url


def test_more_organisations_than_a_screen_holds_come_by_and_by(tmp_path: Path, browser: Browser) -> None:
    index = build_site(dataset(tmp_path / "clean", 600), tmp_path / "site")
    assert index.read_text("utf-8").count("<tr>") < 250
    with watched(browser) as seen:
        seen.page.goto(index.as_uri())
        assert seen.page.locator("#listed tr").count() == 200
        seen.page.click("#more")
        assert seen.page.locator("#listed tr").count() == 400
        seen.page.fill("#search", "第599街道")
        expect(seen.page.locator("#listed tr")).to_have_count(1)


def test_without_a_script_there_are_rows_charts_and_code(site: Path, browser: Browser) -> None:
    with watched(browser, scripts=False) as seen:
        seen.page.goto((site / "index.html").as_uri())
        assert "第1街道办事处" in seen.page.inner_text("#listed")
        assert not seen.page.locator("#search").is_visible()
        seen.page.goto(report_page(site).as_uri())
        assert seen.page.locator("figure.chart .drawing > svg").count() == 4
        code = seen.page.locator(".code").first
        assert not code.is_visible()
        seen.page.click("text=显示代码")
        assert code.is_visible() and "show(0)" in seen.page.inner_text("main")


@pytest.mark.parametrize("name", KINDS)
def test_a_narrow_screen_scrolls_no_page_sideways(site: Path, browser: Browser, name: str) -> None:
    with watched(browser, width=390) as seen:
        seen.page.goto(page_of(site, name).as_uri())
        walk_down(seen.page)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_dark_is_dark_by_wish_of_the_system_or_of_the_reader(site: Path, browser: Browser) -> None:
    brightness = "parseInt(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])"
    with watched(browser, scheme="dark") as seen:
        seen.page.goto(report_page(site).as_uri())
        assert seen.page.evaluate(brightness) < 60
        seen.page.locator("figure.chart").first.scroll_into_view_if_needed()
        wait_until(seen.page, ALIVE)
        light = "document.querySelector('.live .xtick text, .live .ytick text').style.fill"
        before = seen.page.evaluate(light)
        seen.page.click("#theme")
        assert seen.page.evaluate(brightness) > 200
        wait_until(seen.page, f"{light} !== {json.dumps(before)}")
        seen.page.goto((site / "index.html").as_uri())
        assert seen.page.evaluate(brightness) > 200, "the choice holds for the next page"


def test_print_shows_the_drawing_and_not_the_screen(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto(report_page(site).as_uri())
        walk_down(seen.page)
        wait_until(seen.page, ALIVE)
        seen.page.emulate_media(media="print")
        assert not seen.page.locator(".live").first.is_visible()
        assert seen.page.locator(".drawing > svg").first.bounding_box()["width"] > 300  # type: ignore[index]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS)
def test_no_serious_barrier_is_left(site: Path, browser: Browser, name: str, scheme: str) -> None:
    with watched(browser, scheme=scheme) as seen:
        seen.page.goto(page_of(site, name).as_uri())
        walk_down(seen.page)
        seen.page.wait_for_timeout(500)
        seen.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(seen.page, options={"preload": False}).response["violations"]
        serious = [one for one in found if one["impact"] in ("serious", "critical")]
        told = [(one["id"], node["html"][:160], node["failureSummary"]) for one in serious for node in one["nodes"]]
        assert told == []


REACHED = """() => { const at = document.activeElement;
  const name = at.id || at.className || '', shown = at.labels?.[0] ?? at;
  const unseen = shown.getBoundingClientRect().width <= 1 ? 'unseen ' : '';
  return at === document.body ? null : `${unseen}${at.tagName} ${name} ${at.textContent.trim().slice(0, 12)}`; }"""


def test_the_keyboard_alone_reaches_everything(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto(report_page(site).as_uri())
        walk_down(seen.page)
        wait_until(seen.page, "document.querySelectorAll('.live.js-plotly-plot').length === 3")
        reached = []
        for _ in range(80):
            seen.page.keyboard.press("Tab")
            at = seen.page.evaluate(REACHED)
            if at is None or (reached and at == reached[0]):
                break
            reached.append(at)
        text = "\n".join(reached)
        assert reached[0].startswith("A skip") and "unseen" not in text
        for wanted in ("show-code", "BUTTON theme", "第 0 节", "SUMMARY  数据表", "SVG"):
            assert wanted in text, wanted
        seen.page.goto(report_page(site).as_uri())
        seen.page.focus("#show-code")
        seen.page.keyboard.press("Space")
        assert seen.page.locator(".code").first.is_visible()
        seen.page.focus("summary >> nth=0")
        seen.page.keyboard.press("Enter")
        assert seen.page.locator("details[open] table").first.is_visible()
        outline = seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", "focus is seen"
