"""Figures lead to the place where they are printed: seen, cited, opened at the page, by mouse, tap and keyboard."""

import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from make.browser import wait_until, walk_down, watched
from make.walked_site import COMMERCE, FILES, JUSTICE, walked_site
from playwright.sync_api import Browser, Page, expect

from analysis.dataset.figure_id import figure_id
from analysis.dataset.store import scan_table
from analysis.reports.citations import citations
from analysis.reports.publish import publish_standalone
from analysis.reports.registry import report_specs
from analysis.steps.carry_sources import carry_sources

FOCUSED = "document.activeElement.textContent"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return walked_site(tmp_path_factory.mktemp("walked"))


def unit_page(site: Path) -> str:
    return next((site / "reports" / "unit").glob(f"{JUSTICE}*.html")).as_uri()


def opened(page: Page) -> dict[str, str]:
    names, words = page.locator("dialog dt").all_inner_texts(), page.locator("dialog dd").all_inner_texts()
    return dict(zip(names, words, strict=True))


@pytest.mark.parametrize("width", [1280, 390])
def test_a_figure_opens_its_place_its_citation_and_its_page(site: Path, browser: Browser, width: int) -> None:
    with watched(browser, width) as seen:
        seen.page.goto(unit_page(site))
        figure = seen.page.locator("table .figure", has_text="8,043.44").or_(seen.page.locator(".card .figure")).first
        shown = re.sub(r"[^\d.]", "", figure.inner_text())
        figure.click()
        told = opened(seen.page)
        assert told["单位"] == JUSTICE and FILES[0] in told["文件"] and re.fullmatch(r"第 \d+ 页", told["位置"])
        yuan = float(re.sub(r"[^\d.]", "", told["金额"]))
        assert abs(yuan / 10_000 - float(shown)) < 0.006
        citation = seen.page.locator(".citation").inner_text()
        version = re.search(r"版本 (\w{8})", told["数据"])
        assert version and version[1] in citation and told["位置"] in citation and told["表"] in citation
        wait_until(seen.page, "document.querySelector('.strip img').naturalWidth > 500")
        frame, strip = (seen.page.locator(f"dialog {name}").bounding_box() for name in (".frame", ".strip"))
        assert frame and strip and strip["y"] <= frame["y"] <= strip["y"] + strip["height"]
        link = seen.page.locator(".ways a").first.get_attribute("href") or ""
        file, _, page = link.partition("#")
        assert (site / "reports" / "unit" / unquote(file)).is_file() and page == f"page={told['位置'][2:-2]}"
        address = seen.page.url
        seen.page.keyboard.press("Escape")
        assert not seen.page.locator("dialog").is_visible() and "#" not in seen.page.url
        seen.page.goto("about:blank")
        seen.page.goto(address)
        assert opened(seen.page) == told


def test_the_keyboard_walks_from_figure_to_figure(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto(unit_page(site))
        table = seen.page.locator("table:has(caption:text('按经济分类'))")
        table.locator(".figure[tabindex='0']").first.focus()
        first = seen.page.evaluate(FOCUSED)
        seen.page.keyboard.press("ArrowDown")
        assert seen.page.evaluate(FOCUSED) != first
        assert table.locator(".figure[tabindex='0']").count() == 1
        seen.page.keyboard.press("Enter")
        assert opened(seen.page)["原文"]


def test_the_open_citation_has_no_serious_barrier(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto(unit_page(site))
        seen.page.locator(".figure").first.click()
        found = Axe().run(seen.page, options={"preload": False}).response["violations"]
        assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]


def test_every_shown_figure_is_known_as_it_is_printed(site: Path) -> None:
    clean_dir = site.parent / "clean"
    items = scan_table(clean_dir, "line_items").with_columns(place=figure_id()).collect()
    told = citations(clean_dir, site, set(items["place"]))
    known = {(name, rest): one for name, figures in told["figures"].items() for rest, one in figures.items()}
    assert len(known) == items["place"].n_unique()
    for row in items.iter_rows(named=True):
        name, _, rest = row["place"].partition("/")
        assert known[name, rest][4] == row["printed"] and known[name, rest][6] == f"{row['amount']:,.2f}"
    assert citations(clean_dir, None, {"nothing/x"}) == {}


def test_a_file_that_changed_is_not_carried_and_one_that_is_gone_is_taken_away(site: Path, tmp_path: Path) -> None:
    clean_dir, raw = site.parent / "clean", tmp_path / "raw"
    raw.mkdir()
    for name in FILES[:2]:
        (raw / name).write_bytes((site.parent / "raw" / name).read_bytes() + (b" " if name == FILES[0] else b""))
    (tmp_path / "site" / "sources" / "old").mkdir(parents=True)
    failed = carry_sources(clean_dir, raw, tmp_path / "site")
    assert {file for file, _ in failed} == {FILES[0], FILES[2]}
    carried = [json.loads(path.read_text()) for path in (tmp_path / "site" / "sources").glob("*/pages.json")]
    assert [one["file"] for one in carried] == [FILES[1]]
    assert not (tmp_path / "site" / "sources" / "old").exists()
    tables = ("line_items", "statements", "facts")
    stand = pl.concat(
        [scan_table(clean_dir, one).select("source_file", pl.col("page").cast(pl.Int64)) for one in tables]
    )
    pages = stand.filter(source_file=FILES[1]).select(pl.col("page").drop_nulls().n_unique())
    assert len(carried[0]["pages"]) == pages.collect().item()


def test_a_figure_of_the_text_opens_the_sentence_that_states_it(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto(unit_page(site))
        table = seen.page.locator("table:has(caption:text('上年执行数'))")
        table.locator(".figure", has_text="1,690.69").click()
        told = opened(seen.page)
        assert told["出处"] == "文字说明" and told["所述"] == "上年数" and told["金额"] == "16,906,900.00 元"
        assert "2040601" in told["事项"] and told["位置"] in seen.page.locator(".citation").inner_text()
        wait_until(seen.page, "document.querySelector('.strip img').naturalWidth > 500")
        frame, strip = (seen.page.locator(f"dialog {name}").bounding_box() for name in (".frame", ".strip"))
        assert frame and strip and strip["y"] <= frame["y"] <= strip["y"] + strip["height"]


def test_from_year_to_unit_to_function_to_unit_and_back(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        page = seen.page
        page.goto((site / "index.html").as_uri())
        page.click("text=2026 年")
        page.locator("main th a:visible", has_text=JUSTICE).first.click()
        assert unquote(page.url).endswith(".html") and f"/unit/{JUSTICE}-部门" in unquote(page.url)
        page.locator("main th a:visible", has_text="204 ").first.click()
        assert page.url.endswith("/function/204.html")
        page.locator("main .lead a, main th a:visible", has_text=JUSTICE).first.click()
        assert f"/unit/{JUSTICE}-部门" in unquote(page.url)
        page.locator(".trail a", has_text="2026").click()
        assert page.url.endswith("/year/2026.html")
        page.locator(".trail a", has_text="2025").click()
        page.locator("main th a:visible", has_text=COMMERCE).first.click()
        level = unquote(page.url).split("-")[-2]
        page.locator(".trail a", has_text="看").click()
        assert unquote(page.url).split("-")[-2] == {"部门": "单位", "单位": "部门"}[level]
        page.go_back()
        assert unquote(page.url).split("-")[-2] == level


def test_every_link_between_reports_leads_to_a_page(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        for path in (site / "reports").glob("*/*.html"):
            seen.page.goto(path.as_uri())
            links = seen.page.locator("a[href^='..']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
            assert links
            for link in links:
                assert (path.parent / unquote(link.partition("#")[0])).exists(), (path.name, link)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("by", ["unit", "year", "function", "compare"])
def test_no_kind_of_report_has_a_serious_barrier(site: Path, browser: Browser, by: str, scheme: str) -> None:
    with watched(browser, scheme=scheme) as seen:
        seen.page.goto(sorted((site / "reports" / by).glob("*.html"))[0].as_uri())
        walk_down(seen.page)
        seen.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(seen.page, options={"preload": False}).response["violations"]
        serious = [one for one in found if one["impact"] in ("serious", "critical")]
        assert [(one["id"], node["html"][:160]) for one in serious for node in one["nodes"]] == []


def test_the_index_leads_to_a_comparison_and_it_to_its_organisations(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto((site / "index.html").as_uri())
        seen.page.locator("nav a", has_text="支出比较").click()
        assert "/reports/compare/" in seen.page.url
        expect(seen.page.locator(".trail")).to_contain_text("比较")
        seen.page.locator("main th a:visible", has_text=JUSTICE).first.click()
        assert f"/unit/{JUSTICE}-部门" in unquote(seen.page.url)
        years = seen.page.locator(".trail a", has_text=re.compile(r"^20\d\d$"))
        expect(years).to_have_text(["2026"])  # of this organisation, not of the site


def test_a_table_is_taken_along_as_csv(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto(unit_page(site))
        with seen.page.expect_download() as download:
            seen.page.get_by_role("button", name="下载表格 CSV：各年支出预算").click()
        assert download.value.suggested_filename == "各年支出预算.csv"
        lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("\ufeff年度,支出预算") and lines[1].startswith("2026,9628.22,,")


def test_a_page_to_send_has_no_link_that_leads_nowhere(site: Path, browser: Browser, tmp_path: Path) -> None:
    spec = next(one for one in report_specs(site.parent / "clean", "unit") if JUSTICE in one.title)
    made = publish_standalone(site.parent / "clean", site, spec)
    assert made is not None
    alone = shutil.copy(made, tmp_path / "alone.html")
    made.unlink()
    with watched(browser) as seen:
        seen.page.goto(Path(alone).as_uri())
        walk_down(seen.page)
        links = seen.page.locator("a[href]").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        assert [link for link in links if not link.startswith("#")] == []
        named = [link[1:] for link in links]
        assert seen.page.evaluate("names => names.filter(name => name && !document.getElementById(name))", named) == []
        seen.page.locator("table .figure").first.click()
        assert opened(seen.page)["原文"]


def test_a_search_finds_the_report_of_a_code_and_stands_in_the_address(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto((site / "index.html").as_uri())
        seen.page.fill("#search", "2040601")
        expect(seen.page.locator("#codes")).to_contain_text("--only 2040601")
        expect(seen.page.locator("#listed tr")).to_have_count(1)
        seen.page.fill("#search", "204")
        expect(seen.page.locator("#codes a").first).to_have_attribute("href", "reports/function/204.html")
        seen.page.select_option("#order", "amount")
        address = seen.page.url
        seen.page.goto("about:blank")
        seen.page.goto(address)
        assert seen.page.input_value("#search") == "204" and seen.page.input_value("#order") == "amount"


LIVE = "#chart-classes .live"


def alive(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("#chart-classes").scroll_into_view_if_needed()
    wait_until(
        page, f"document.querySelector('{LIVE}.js-plotly-plot') && document.querySelector('#chart-classes .pointed')"
    )


@pytest.mark.parametrize("width", [1280, 390])
def test_a_mark_of_a_chart_opens_its_place(site: Path, browser: Browser, width: int) -> None:
    with watched(browser, width) as seen:
        alive(seen.page, unit_page(site))
        bar = seen.page.locator(f"{LIVE} .bars .point path, {LIVE} .barlayer .point path").first
        bar.wait_for(state="attached")
        box = bar.bounding_box()
        assert box
        seen.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        seen.page.locator("dialog.cite").wait_for()
        assert opened(seen.page)["单位"] == JUSTICE


def test_the_keyboard_walks_from_mark_to_mark(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        alive(seen.page, unit_page(site))
        seen.page.focus(LIVE)
        seen.page.keyboard.press("ArrowRight")
        said = seen.page.locator("#chart-classes .pointed").inner_text()
        assert "元" in said and "回车查看出处" in said
        seen.page.keyboard.press("Enter")
        yuan = opened(seen.page)["金额"].removesuffix(" 元")
        assert yuan in said


def test_the_table_of_all_codes_opens_and_sorts_and_stays_in_the_address(site: Path, browser: Browser) -> None:
    with watched(browser) as seen:
        seen.page.goto(unit_page(site))
        table = seen.page.locator("table:has(caption:text('各级科目'))")
        rows = table.locator("tbody tr:visible")
        closed = rows.count()
        table.locator("button.open").first.click()
        assert rows.count() > closed
        seen.page.get_by_role("button", name="展开全部科目").click()
        assert rows.count() == table.locator("tbody tr").count()
        share = table.locator("th:has-text('占比')")
        share.locator(".sort").click()
        assert share.get_attribute("aria-sort") == "descending" and "sort=" in seen.page.url
        names = table.locator("tr[data-level='1'] th").all_inner_texts()
        seen.page.reload()
        assert table.locator("tr[data-level='1'] th").all_inner_texts() == names
        assert "合计" in table.locator("tbody tr").last.inner_text()
