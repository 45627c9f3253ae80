"""The whole way with hostile documents, facts and families: no page of the site runs or fetches any of it."""

import html
import os
import re
import subprocess
import sys
from pathlib import Path

import lxml.html
import pytest
from make.browser import watched
from make.made_pages import HOSTILE
from playwright.sync_api import Browser
from test_templating import active

ROOT = Path(__file__).resolve().parents[1]
# Written as TOML literals, which hold no single quote and no control character.
WORDS = "".join(word for word in HOSTILE if not set("'\u202e\u2066") & set(word))
SHOWN = html.escape("".join(HOSTILE))
FAMILY = f"""
id = "cloud"
extends = "national"
zh = '云上市表式{WORDS}'
en = 'clouds {WORDS}'
source = '{WORDS}'
places = ['云上市']
tables = [{{ table = "expenditure", kind = "budget", titles = ['经费使用一览表'] }}]
"""
PAGE = f"""<html><body><p>云上市规划局2025年部门预算</p><p>经费使用一览表</p><p>单位：元</p>
<table><tr><td>科目编码</td><td>科目名称</td><td>合计</td><td>基本支出</td><td>项目支出</td><td>{SHOWN}</td></tr>
<tr><td>204</td><td>公共安全支出{SHOWN}</td><td>300</td><td>200</td><td>90</td><td>5</td></tr>
<tr><td>20402</td><td>{SHOWN}</td><td>300</td><td>200</td><td>100</td><td>7{SHOWN}</td></tr>
<tr><td></td><td>合计</td><td>300</td><td>200</td><td>100</td><td>1</td></tr></table>
<p>某表{SHOWN}</p><table><tr><td>项目{SHOWN}</td><td>数{SHOWN}</td></tr><tr><td>{SHOWN}</td><td>12.50</td></tr></table>
<p>一、{SHOWN}。本年收入 100 万元，比上年增加 5 万元，增长 7%。{SHOWN}</p></body></html>"""
NAME = "云上 <img src=x onerror=document.title='ran'>\x1b[31m=1+1.html"
GUARD = """
import os, sys
def told(event, given):
    if event == "socket.connect" and not isinstance(given[1], (str, bytes)):
        host = str(given[1][0])
    elif event == "socket.getaddrinfo":
        host = str(given[0])
    else:
        return
    if host not in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "", "None", os.uname().nodename):
        with open(os.environ["TOLD"], "a") as file:
            file.write(f"{event} {given}\\n")
sys.addaudithook(told)
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a run in which every process tells whom it asks on the network."""
    folder = tmp_path_factory.mktemp("safe")
    for name, text in {
        f"raw/{NAME}": PAGE,
        "raw/broken <script>document.title='ran'</script>.pdf": "%PDF-1.7",
        "raw/documents.toml": f"['{NAME}']\n".replace("'", '"').replace("\x1b", "\\u001b").replace('"ran"', "'ran'")
        + f"organisation = '云上市规划局{WORDS}'\nregion = '云上市{WORDS}'\nyear = 2025\n",
        "forms/cloud/family.toml": FAMILY,
        "guard/sitecustomize.py": GUARD,
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(folder / "guard"), "TOLD": str(folder / "told")}
    command = ["run", "--raw", "raw", "--clean", "clean", "--site", "site", "--forms", "forms", "--workers", "1"]
    places = [str(folder / word) if word in ("raw", "clean", "site", "forms") else word for word in command]
    done = subprocess.run(
        [sys.executable, "-m", "analysis", *places], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "错误 error" not in done.stderr, done.stderr
    assert "\x1b[31m=" not in done.stdout
    return folder / "site"


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def test_nothing_is_fetched_at_run_time(site: Path) -> None:
    told = site.parent / "told"
    assert not told.exists(), told.read_text()


def test_every_kind_of_page_was_made(site: Path) -> None:
    kinds = {page.relative_to(site).parts[0] for page in pages(site)}
    assert kinds >= {"index.html", "files.html", "validate.html", "audit", "data-docs", "reports"}


def test_no_page_holds_what_runs_or_leads_away_and_every_page_has_a_policy(site: Path) -> None:
    for page in pages(site):
        text = page.read_text(encoding="utf-8")
        assert "Content-Security-Policy" in text, page
        root = lxml.html.document_fromstring(text)
        if page.relative_to(site).parts[0] != "data-docs":  # those have a parser and tests of their own
            assert active(root) == [], page
        assert not root.xpath("//foreignObject | //iframe | //object | //embed | //base | //form"), page
        for link in root.xpath("//@href | //@src"):
            assert not re.match(r"\s*(?:javascript|https?|vbscript):|\s*//", link, re.IGNORECASE), (page, link)


def test_no_page_runs_or_fetches_anything_of_a_document_in_a_browser(site: Path, browser: Browser) -> None:
    for page in pages(site):
        with watched(browser) as seen:
            seen.page.goto(page.as_uri())
            seen.page.wait_for_timeout(100)
            assert "ran" not in seen.page.title().split()
