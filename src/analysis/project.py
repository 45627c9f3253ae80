"""Where things are: the notebooks, the suites, and what a relative folder means.

A notebook runs in its own folder in JupyterLab and in the project's folder from a command line, so a relative folder in
its parameters means the project's wherever it runs.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import ParameterError

# The folders that the notebooks name, and the variables by which `workbench lab` says which ones are meant.
CHOSEN = {"data/clean": "WORKBENCH_CLEAN", "data/raw": "WORKBENCH_RAW"}


@dataclass(frozen=True, slots=True)
class Project:
    """A checkout or a folder with `notebooks/` and `expectations/`."""

    root: Path

    def has_notebook(self, name: str) -> bool:
        """Whether the project has this notebook."""
        return (self.root / "notebooks" / f"{name}.ipynb").is_file()

    def notebook(self, name: str) -> Path:
        """A notebook of the project.

        Raises:
            ParameterError: the folder holds no such notebook.
        """
        path = self.root / "notebooks" / f"{name}.ipynb"
        if not path.is_file():
            raise ParameterError(
                f"{path} 不存在；请在项目根目录运行。 / {path} is missing: run in the project's folder"
            )
        return path

    @property
    def expectations(self) -> Path:
        """The committed suites."""
        return self.root / "expectations"


def find_project() -> Project:
    """The project of the working folder: itself, one above it, else the checkout of this package."""
    here = Path.cwd().resolve()
    for root in (here, *here.parents, Path(__file__).resolve().parents[2]):
        if (root / "notebooks" / "clean.ipynb").is_file():
            return Project(root)
    return Project(here)


def in_project(folder: str) -> Path:
    """A folder as the project sees it: an absolute one stays, a relative one starts at the project's root.

    The folders that the notebooks name by themselves are others where JupyterLab was started for others.
    """
    return find_project().root / os.environ.get(CHOSEN.get(folder, ""), folder)
