"""JupyterLab as a user gets it: the real command, a real browser; its tour, its panel, its cards, its walls."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import psutil
import pytest
from make.datasets import FORMULA, SCRIPT, amount, document, write_tables
from playwright.sync_api import Browser, Page

import analysis

ROOT = Path(__file__).resolve().parents[1]
HOSTILE = f"{SCRIPT}{FORMULA}<img src=x onerror=alert(1)>"
OFFICE = "某街道办事处"
# Every Python that the lab starts writes down whom it calls.
WATCH = """
import os, sys
def watch(event, told):
    if event == "socket.connect" and isinstance(told[1], tuple):
        host = told[1][0]
    elif event == "socket.getaddrinfo":
        host = told[0]
    else:
        return
    if host not in (None, "", "127.0.0.1", "::1", "localhost", "0.0.0.0"):
        with open(os.environ["WATCHED"], "a") as file:
            print(event, host, file=file)
sys.addaudithook(watch)
"""
# An answer that is still being made when the server stops, and that has had a thread work for it.
UNANSWERED = """
import asyncio
import anyio.to_thread
never = asyncio.Event()
async def answer():
    await anyio.to_thread.run_sync(int)
    await never.wait()
def _jupyter_server_extension_points():
    return [{"module": "unanswered"}]
def _load_jupyter_server_extension(server):
    server.io_loop.add_callback(answer)
"""
CONFIG = '{"LabApp": {"expose_app_in_browser": true}, "ServerApp": {"jpserver_extensions": {"unanswered": true}}}'
IDLE = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
CODE = "[...window.jupyterapp.shell.currentWidget.content.model.cells].filter(cell => cell.type === 'code')"
CHART = "document.querySelector('.js-plotly-plot')?.data?.map(line => line.y)"


@dataclass
class Lab:
    process: "subprocess.Popen[str]"
    url: str
    said: str
    watched: Path

    @property
    def address(self) -> str:
        return self.url.split("/lab")[0]

    @property
    def port(self) -> int:
        return int(self.address.rsplit(":", 1)[1])

    @property
    def token(self) -> str:
        return self.url.split("token=")[1]


def wait_until_it_answers(port: int, seconds: float = 60) -> None:
    """The address is told a moment before the server listens."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    pytest.fail(f"nobody listens on port {port}")


@contextmanager
def lab(home: Path, *options: str) -> Iterator[Lab]:
    """The lab on a small project, with settings of its own."""
    project, config = home / "project", home / "config"
    shutil.copytree(ROOT / "notebooks", project / "notebooks")
    (home / "site").mkdir()
    (home / "site" / "sitecustomize.py").write_text(WATCH)
    (home / "site" / "unanswered.py").write_text(UNANSWERED)
    config.mkdir()
    (config / "jupyter_server_config.json").write_text(CONFIG)
    documents = [document(1, OFFICE, 2023), document(2, OFFICE, 2025), document(3, HOSTILE, 2023)]
    rows = []
    for of, yuan in zip(documents, (500_000, 700_000, 90_000), strict=True):
        rows += [amount(of, None, "合计", yuan), amount(of, "208", HOSTILE, yuan)]
        rows += [amount(of, "208", HOSTILE, yuan // 10, measure="basic")]
    write_tables(project / "data" / "clean", {"documents": documents, "line_items": rows})
    path = [str(home / "site"), str(Path(analysis.__file__).parents[1])]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join(path),
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "IPYTHONDIR": str(home / "ipython"),
        "WATCHED": str(home / "watched.txt"),
    }
    environment.pop("JUPYTER_TOKEN", None)
    with (home / "errors.txt").open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "analysis", "lab", "--no-browser", *options],
            cwd=project, env=environment, text=True, stdout=subprocess.PIPE, stderr=errors,
        )  # fmt: skip
    try:
        said = ""
        for line in process.stdout or ():
            said += line
            if found := re.search(r"http://\S+", line):
                started = Lab(process, found[0], said, home / "watched.txt")
                wait_until_it_answers(started.port)
                yield started
                break
        else:
            pytest.fail(f"the lab did not start: {said}{(home / 'errors.txt').read_text()}")
    finally:
        with suppress(ProcessLookupError):
            process.terminate()
        process.wait(30)


@dataclass
class Browsed:
    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def ask(self, script: str, argument: object = None) -> Any:
        return self.page.evaluate(script, argument)

    def wait(self, condition: str, seconds: int = 40) -> None:
        self.page.wait_for_function(condition, timeout=seconds * 1000)


@contextmanager
def browsed(browser: Browser, url: str) -> Iterator[Browsed]:
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    seen = Browsed(page)
    inside = (url.split("/lab")[0], url.split("/lab")[0].replace("http", "ws"), "data:", "blob:")
    page.on("request", lambda one: one.url.startswith(inside) or seen.outside.append(one.url))
    page.on("websocket", lambda one: one.url.startswith(inside) or seen.outside.append(one.url))
    page.on("console", lambda one: one.type == "error" and seen.errors.append(one.text))
    page.on("pageerror", lambda one: seen.errors.append(str(one)))
    page.on("dialog", lambda one: (seen.errors.append(f"dialog {one.message}"), one.dismiss()))
    page.goto(url)
    yield seen
    page.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with socket.socket() as taken:
        with suppress(OSError):  # taken already by somebody else: as good
            taken.bind(("127.0.0.1", 8888))
            taken.listen()
        with lab(tmp_path_factory.mktemp("lab")) as started:
            yield started


@pytest.fixture(scope="module")
def tour(browser: Browser, running: Lab) -> Iterator[Browsed]:
    """The tour, opened by the printed address and run from top to bottom."""
    with browsed(browser, running.url) as seen:
        seen.wait(IDLE)
        seen.ask("() => { window.jupyterapp.commands.execute('notebook:run-all-cells'); }")
        seen.wait(f"{CODE}.every(cell => cell.executionCount) && {IDLE}", 60)
        yield seen


def test_the_tour_runs_to_its_end_without_an_error(tour: Browsed) -> None:
    assert tour.ask("() => window.jupyterapp.shell.currentWidget.context.path") == "notebooks/explore.ipynb"
    cells = tour.ask(f"() => {CODE}.map(cell => cell.outputs.toJSON())")
    written = nbformat.read(ROOT / "notebooks" / "explore.ipynb", as_version=4).cells
    assert len(cells) == sum(cell.cell_type == "code" for cell in written)
    assert not [output for outputs in cells for output in outputs if output["output_type"] == "error"]
    assert sum(map(len, cells)) >= 11


def control(tour: Browsed, description: str) -> Any:
    return tour.page.locator(".widget-dropdown", has_text=description).locator("select").first


def test_a_control_changes_the_chart(tour: Browsed) -> None:
    tour.page.locator(".js-plotly-plot").first.scroll_into_view_if_needed()
    tour.wait(f"JSON.stringify({CHART}) === '[[50,null,70]]'")
    control(tour, "栏").select_option(label="基本支出")
    tour.wait(f"JSON.stringify({CHART}) === '[[5,null,7]]'")
    control(tour, "栏").select_option(label="合计")
    tour.wait(f"JSON.stringify({CHART}) === '[[50,null,70]]'")


def test_pointing_at_the_chart_tells_exact_yuan(tour: Browsed) -> None:
    tour.page.locator(".js-plotly-plot").first.scroll_into_view_if_needed()
    tour.page.locator(".js-plotly-plot .scatterlayer .point").first.hover(force=True)
    tour.page.wait_for_selector(".hoverlayer .hovertext")
    told = tour.page.locator(".hoverlayer").first.text_content() or ""
    assert "500,000 元" in told.replace(".00", "") and SCRIPT in told


def test_no_chart_offers_to_upload_itself(tour: Browsed) -> None:
    tour.page.locator(".js-plotly-plot").first.scroll_into_view_if_needed()
    titles = tour.page.locator(".modebar-btn").evaluate_all("all => all.map(one => one.dataset.title)")
    assert titles and not [words for words in titles if re.search("share|cloud|studio", words, re.IGNORECASE)]


def test_a_hostile_name_is_text_everywhere(tour: Browsed) -> None:
    names = control(tour, "单位")
    (label,) = [text for text in names.locator("option").all_text_contents() if text != f"{OFFICE}（单位）"]
    assert label.replace("\xa0", " ") == f"{HOSTILE}（单位）"
    names.select_option(label=label)
    tour.wait(f"JSON.stringify({CHART}) === '[[9]]'")
    title, row = tour.page.locator(".js-plotly-plot .gtitle"), tour.page.locator(".jp-OutputArea th[scope=row]")
    assert HOSTILE in (title.first.text_content() or "")
    assert HOSTILE in (row.filter(has_text="208").first.text_content() or "")
    assert tour.page.locator("img[src=x]").count() == 0
    assert not [error for error in tour.errors if "dialog" in error]


def test_the_launcher_has_a_card_for_each_notebook_and_opens_it(tour: Browsed) -> None:
    tour.page.locator(".lm-TabBar-tabLabel", has_text="启动页").first.click()
    cards = tour.page.locator('.jp-LauncherCard[data-category="预算工作台"]')
    cards.first.wait_for()
    notebooks = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert cards.count() == len(notebooks) + 1
    assert cards.first.get_attribute("title")
    assert {"动手探索", "单位报告", "新建自己的报告"} <= {one.split("\n")[-1] for one in cards.all_inner_texts()}
    titles = tour.page.locator(".jp-Launcher:not(.lm-mod-hidden) .jp-Launcher-sectionTitle").all()
    assert min(titles, key=lambda title: (title.bounding_box() or {})["y"]).inner_text() == "预算工作台"
    cards.filter(has_text="新建自己的报告").click()
    tour.wait("window.jupyterapp.shell.currentWidget?.context?.path === 'notebooks/unit-Copy1.ipynb'")


def test_the_interface_is_chinese(tour: Browsed) -> None:
    assert "文件" in tour.page.locator("#jp-menu-panel, .lm-MenuBar").first.inner_text()


def test_nothing_is_fetched_from_outside(tour: Browsed, running: Lab) -> None:
    assert tour.outside == []
    assert not running.watched.exists(), running.watched.read_text()
    assert tour.errors == []


def get(url: str, **headers: str) -> tuple[int, str, str]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10) as answer:
            return answer.status, answer.url, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as refused:
        return refused.code, refused.url, refused.read().decode(errors="replace")


def test_a_wrong_token_is_refused(running: Lab) -> None:
    for token in ("", "?token=wrong"):
        assert get(f"{running.address}/api/contents/notebooks{token}")[0] == 403
        _, url, body = get(f"{running.address}/lab{token}")
        assert "/login" in url and "jupyter-config-data" not in body and running.token not in body
    assert get(f"{running.address}/api/contents/notebooks?token={running.token}")[0] == 200
    assert get(f"{running.address}/api/status?token={running.token}", Host="evil.example")[0] == 403


def test_the_lab_listens_on_the_loopback_address_alone(running: Lab) -> None:
    assert running.port != 8888  # it was taken
    socket.create_connection(("127.0.0.1", running.port), 5).close()
    for host in ("127.0.0.2", "::1"):
        with pytest.raises(OSError, match=r".*"):
            socket.create_connection((host, running.port), 5)


def test_the_token_is_told_once_and_stands_on_no_command_line(running: Lab) -> None:
    assert running.said.count(running.token) == 1 and len(running.token) >= 32
    assert "只在本机" in running.said and "this machine only" in running.said
    process = psutil.Process(running.process.pid)
    everybody = [process, *process.children(recursive=True)]
    assert not [one for one in everybody if running.token in " ".join(one.cmdline())]


def test_english_is_english_and_a_signal_stops_lab_and_kernels(browser: Browser, tmp_path: Path) -> None:
    with lab(tmp_path, "--language", "en") as english, browsed(browser, english.url) as seen:
        seen.wait(IDLE)
        assert "File" in seen.page.locator("#jp-menu-panel, .lm-MenuBar").first.inner_text()
        assert seen.page.locator(".lm-TabBar-tabLabel", has_text="Launcher").count() == 1
        kernels = psutil.Process(english.process.pid).children(recursive=True)
        assert kernels
        english.process.send_signal(signal.SIGINT)
        assert english.process.wait(20) == 0
        assert not psutil.wait_procs(kernels, timeout=10)[1]
        assert not list((tmp_path / "runtime").glob("jpserver-*"))
