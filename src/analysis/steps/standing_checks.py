"""A validation of unchanged data stands: nothing is checked, drawn or written a second time.

What it was made of is put down beside its pages, and what it wrote with the size of each file. Where the dataset, the
published files, the expectations and the program are the same, and all that was written is there as it was left, to
validate again would write the same.

    site/.validated.json
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from analysis.atomic import write_text
from analysis.dataset.store import generation, has_table
from analysis.steps.installed_version import installed_version

_NAME = ".validated.json"
_RESULTS = ("checks", "findings", "duties")


@dataclass(frozen=True, slots=True)
class Validation:
    """A validation by all that decides what it finds and how its pages look."""

    notebook: Path
    raw_dir: Path
    clean_dir: Path
    site_dir: Path
    expectations_dir: Path

    def stands(self) -> bool:
        """Whether the last validation was of the same, and all that it wrote is there.

        Raises:
            DatasetError: there is no dataset.
        """
        try:
            told = json.loads((self.site_dir / _NAME).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        there = all(has_table(self.clean_dir, table) for table in _RESULTS)
        return there and told == {"made_of": self._made_of(), "written": self._written()}

    def remember(self) -> None:
        """Put down that this validation has just been finished."""
        told = {"made_of": self._made_of(), "written": self._written()}
        write_text(self.site_dir / _NAME, json.dumps(told, ensure_ascii=False))

    def _made_of(self) -> str:
        digest = hashlib.sha256(f"{installed_version()}\n{generation(self.clean_dir)}\n".encode())
        for path in (self.notebook, *_files(self.expectations_dir)):
            digest.update(f"{path.name}\n".encode() + path.read_bytes())
        for path in _files(self.raw_dir):  # for the pictures: a date is enough, and quick where there are thousands
            found = path.stat()
            digest.update(f"{path.relative_to(self.raw_dir)} {found.st_size} {found.st_mtime_ns}\n".encode())
        return digest.hexdigest()

    def _written(self) -> dict[str, int]:
        pages = [self.site_dir / "validate.html", self.site_dir / "validate.ipynb"]
        folders = [self.site_dir / "audit", self.site_dir / "data-docs"]
        downloads = sorted((self.site_dir / "downloads").glob("findings.*"))
        paths = [*pages, *downloads, *(path for folder in folders for path in _files(folder))]
        return {path.relative_to(self.site_dir).as_posix(): path.stat().st_size for path in paths if path.exists()}


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())
