"""A browser without a network for tests of pages: what leaves the machine is stopped, every error is told."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Route, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--no-first-run")  # fmt: skip


@contextmanager
def chromium() -> Iterator[Browser]:
    """The one browser of a session; tests that need it are skipped where there is none."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine's PATH")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=_OPTIONS)
        yield browser
        browser.close()


@dataclass
class Watched:
    """A page that is watched: what it asked of the network, and what it complained of."""

    page: Page
    left: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def _stop(self, route: Route, request: Request) -> None:
        if request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            self.left.append(request.url)
            route.abort()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "trace"):
            self.said.append(message.text)


@contextmanager
def watched(browser: Browser, width: int = 1280, scheme: str = "light", scripts: bool = True) -> Iterator[Watched]:
    """A page at a width, in light or dark. A request to outside or an error in the console fails the test."""
    context = browser.new_context(
        offline=True,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=scripts,
    )
    seen = Watched(context.new_page())
    seen.page.route("**/*", seen._stop)
    seen.page.on("console", seen._hear)
    seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
    seen.page.on("dialog", lambda dialog: (seen.said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    try:
        yield seen
    finally:
        context.close()
    assert not seen.left, f"requests left: {seen.left}"
    assert not seen.said, f"the console has errors: {seen.said}"


def wait_until(page: Page, condition: str, seconds: float = 10) -> None:
    """Wait for a condition; the page's own policy forbids the browser's way to wait for one."""
    for _ in range(int(seconds * 20)):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {condition}")


def walk_down(page: Page) -> None:
    """Scroll through the whole page, as a reader does, so that everything that waits for it comes alive."""
    height = page.evaluate("document.documentElement.scrollHeight")
    for place in range(0, height, 600):
        page.evaluate(f"window.scrollTo({{top: {place}, behavior: 'instant'}})")
        page.wait_for_timeout(60)
