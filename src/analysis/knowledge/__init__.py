"""The shelf: forms, code books, identities and fields as data files, each entry with its source."""

import tomllib
from importlib import resources
from typing import Any


def read_toml(name: str) -> dict[str, Any]:
    """The parsed content of ``knowledge/<name>.toml``."""
    return tomllib.loads((resources.files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))
