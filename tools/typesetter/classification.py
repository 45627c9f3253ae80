"""The official codes and names that made budgets use, and invented organisations: read once from the TOML file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SOURCE = Path(__file__).with_name("classification.toml")


@dataclass(frozen=True, slots=True)
class Body:
    """A kind of organisation: its name and that of its subordinate unit, its main section and its typical items."""

    name: str
    unit: str
    main: str
    works: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classification:
    """Names by code, and the stems and kinds of invented organisations."""

    functional: dict[str, str]
    economic: dict[str, str]
    stems: tuple[str, ...]
    bodies: tuple[Body, ...]


@cache
def classification() -> Classification:
    """The one classification; functional names include those of managed funds and state capital."""
    data = tomllib.loads(_SOURCE.read_text(encoding="utf-8"))
    invented = data["organisations"]
    bodies = tuple(Body(**{**body, "works": tuple(body["works"])}) for body in invented["bodies"])
    return Classification(data["functional"] | data["managed"], data["economic"], tuple(invented["stems"]), bodies)


def parts_of(code: str) -> tuple[str, ...]:
    """The 类, 款 and 项 of a code of 3, 5 or 7 digits."""
    return tuple(part for part in (code[:3], code[3:5], code[5:7]) if part)
