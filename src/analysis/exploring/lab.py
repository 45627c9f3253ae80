"""JupyterLab on this project, for this machine's user only: the loopback address, a token, and nothing from outside.

The server runs in this very process: the token is given to it in memory, where no command line and no child's
environment shows it, and a signal that stops the command stops the server, which takes its kernels along. Whoever wants
a token of his own gives it by JUPYTER_TOKEN. News, updates and lists of extensions are not fetched.

The project's defaults (the language, no news) are JupyterLab's overrides: what a user has set in his own JupyterLab
stays. Cards for the notebooks come from a small prebuilt extension beside the defaults; what they say is handed to it
with the page. The layout is kept under the project's own name and does not mix with the user's other work.
"""

import asyncio
import json
import os
import secrets
import signal
from collections.abc import Callable
from dataclasses import asdict
from importlib.resources import as_file, files
from pathlib import Path

from analysis.errors import ParameterError
from analysis.reports.registry import KINDS
from analysis.reports.report_kind import Card

ADDRESS = "127.0.0.1"
LANGUAGES = ("zh", "en")
WORKSPACE = "budget-workbench"
_TOKEN = "JUPYTER_TOKEN"  # noqa: S105 - the name of a variable
_START = "notebooks/explore.ipynb"
_LEAVE_SECONDS = 5
_EXPLORE = Card("explore", "动手探索", "Explore", "探", "E", "筛选、透视、SQL、图 / filter, pivot, SQL, charts")
_CLEAN = Card("clean", "读取文件", "Read files", "读", "R", "公布的文件读成数据 / published files into data")
_VALIDATE = Card("validate", "核对数字", "Check figures", "核", "V", "勾稽关系是否成立 / do the figures hold")


def cards() -> tuple[Card, ...]:
    """What the project's notebooks are called in the launcher, in their order there; others bear their file's name."""
    return (_EXPLORE, *(kind.card for kind in KINDS.values()), _CLEAN, _VALIDATE)


def arguments(project_root: Path, assets: Path, language: str, browser: bool) -> list[str]:
    """The command line of JupyterLab.

    Args:
        project_root: The folder that holds `notebooks/`.
        assets: The folder of the project's defaults and cards.
        language: One of `LANGUAGES`.
        browser: Whether a browser is opened.
    """
    start = _START if (project_root / _START).is_file() else "notebooks"
    return [
        f"--ServerApp.ip={ADDRESS}",
        f"--ServerApp.root_dir={project_root}",
        "--ServerApp.allow_remote_access=False",
        # In a container everybody is root; the loopback address and the token guard root as they guard any user.
        "--ServerApp.allow_root=True",
        f"--ServerApp.open_browser={browser}",
        "--Application.log_level=ERROR",
        f"--LabApp.default_url=/lab/workspaces/{WORKSPACE}/tree/{start}",
        f"--LabApp.app_settings_dir={assets / f'settings-{language}'}",
        f"--LabApp.extra_labextensions_path={assets / 'extensions'}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.extension_manager=readonly",
    ]


def lab(project_root: Path, show_address: Callable[[str], None], language: str = "zh", browser: bool = True) -> int:
    """Run JupyterLab until it is stopped.

    Args:
        project_root: The folder that holds `notebooks/`.
        show_address: Called once with the address to open, when the server listens.
        language: One of `LANGUAGES`.
        browser: Whether a browser is opened.

    Returns:
        JupyterLab's exit code.

    Raises:
        ParameterError: There is no `notebooks/` in the project.
    """
    if not (project_root / "notebooks").is_dir():
        raise ParameterError(
            f"{project_root} 中没有 notebooks 文件夹；请在项目根目录运行。 / there is no notebooks folder: "
            "run in the project's folder"
        )
    from jupyterlab.labapp import LabApp

    # Out of the environment, which kernels inherit.
    token = os.environ.pop(_TOKEN, "") or secrets.token_urlsafe(32)
    with as_file(files("analysis") / "assets" / "lab") as assets:
        options = [*arguments(project_root.resolve(), assets, language, browser), f"--IdentityProvider.token={token}"]
        server = LabApp.initialize_server(argv=options)
        server.web_app.settings["page_config_data"]["budgetWorkbenchCards"] = json.dumps(list(map(asdict, cards())))
        for one in (signal.SIGINT, signal.SIGTERM):
            # Without a question, and from where no terminal is too: what has been saved is on disk.
            signal.signal(one, lambda *_: server.stop(from_signal=True))
        show_address(f"http://{ADDRESS}:{server.port}{server.default_url}?token={token}")
        server.start()
        _end_tasks(server.io_loop.asyncio_loop)
    return 0


def _end_tasks(loop: asyncio.AbstractEventLoop) -> None:
    """End what a stopped server has left on its loop.

    A thread that works for a task waits for that task's end, and the process for the thread: it would never leave.
    """
    tasks = asyncio.all_tasks(loop)
    if tasks:
        for task in tasks:
            task.cancel()
        ended = asyncio.gather(*tasks, return_exceptions=True)
        loop.run_until_complete(asyncio.wait([ended], timeout=_LEAVE_SECONDS))
