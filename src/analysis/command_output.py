"""Where commands write to, and the folders that they take unless others are named."""

from pathlib import Path

from analysis.terminal import Terminal

RAW, CLEAN, SITE = Path("data/raw"), Path("data/clean"), Path("site")
SECONDS, MEMORY = 600, 2048
OUT = Terminal()
ERR = Terminal(stderr=True)


def print_path(name: str, path: Path) -> None:
    """Say where something is."""
    OUT.say(f"{name}: {path.resolve()}")
