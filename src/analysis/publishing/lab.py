"""JupyterLab on this project, for this machine's user only: the loopback address and a fresh token.

The token goes to the server by its environment, not by its command line, which every user of a machine can read.
"""

import os
import secrets
import subprocess
import sys
from pathlib import Path

from analysis.errors import ParameterError

ADDRESS = "127.0.0.1"


def command(project_root: Path) -> list[str]:
    """The command that starts JupyterLab at the project's notebooks."""
    return [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.ip={ADDRESS}",
        f"--ServerApp.root_dir={project_root}",
        "--ServerApp.allow_remote_access=False",
        "--LabApp.default_url=/lab/tree/notebooks",
        "--LabApp.news_url=None",
    ]


def lab(project_root: Path) -> int:
    """Run JupyterLab until it is stopped.

    Args:
        project_root: The folder that holds `notebooks/`.

    Returns:
        JupyterLab's exit code.

    Raises:
        ParameterError: There is no `notebooks/` in the project.
    """
    if not (project_root / "notebooks").is_dir():
        raise ParameterError(f"{project_root} 中没有 notebooks 文件夹；请在项目根目录运行。")
    environment = {**os.environ, "JUPYTER_TOKEN": secrets.token_urlsafe(32)}
    try:
        return subprocess.run(command(project_root.resolve()), env=environment, check=False).returncode  # noqa: S603
    except KeyboardInterrupt:
        return 0
