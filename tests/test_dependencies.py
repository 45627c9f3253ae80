"""pyproject.toml, requirements.lock and environment.yml say the same."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def locked() -> dict[str, list[str]]:
    versions: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", LOCK, re.MULTILINE):
        versions.setdefault(re.sub(r"[-_.]+", "-", name).lower(), []).append(version)
    return versions


def test_every_declared_dependency_is_locked_within_its_range() -> None:
    versions = locked()
    for text in [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]:
        requirement = Requirement(text)
        found = versions.get(re.sub(r"[-_.]+", "-", requirement.name).lower())
        assert found, f"{requirement.name} is not in requirements.lock"
        assert all(version in requirement.specifier for version in found), requirement.name


def test_every_locked_version_has_a_hash_and_no_address() -> None:
    entries = re.split(r"^(?=[A-Za-z0-9._-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(entries) > 100
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in LOCK and "--index-url" not in LOCK


def test_the_conda_environment_installs_the_lock_on_the_same_pythons() -> None:
    environment = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert "-r requirements.lock" in environment and "--require-hashes" in environment
    stated = re.search(r"- python(\S+)", environment)
    assert stated and SpecifierSet(stated[1]) == SpecifierSet(PROJECT["requires-python"])
