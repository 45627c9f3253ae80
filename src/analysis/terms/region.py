"""A region: the place that an organisation belongs to, a province, a city or a county, or an area of its own."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Region:
    """A place as printed (江苏省, 上海市普陀区), and its code after GB/T 2260 where it is known which is meant."""

    name: str
    code: str | None
