"""How a code is followed from year to year: joined where it only changed its name, broken where it became another.

The code books know the names that a code bore, and which codes ended. A name that changed as the book says, or that is
the same name written otherwise, goes on as one series, and the reader is told. A code that bears a name of which the
book knows nothing, or that was moved, split or merged, is not joined to anything, and the reader is told that too.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import polars as pl

from analysis.knowledge.code_books import code_book, code_rules
from analysis.terms.code import Scheme
from analysis.terms.code_book import CodeBook, CodeEntry, is_variant, plain_name

_DIGITS = re.compile(r"[0-9]+")
_ALIKE = 0.8  # two names of one code that differ by a misprint share more of their characters than this


@dataclass(frozen=True, slots=True)
class Following:
    """What became of the codes of a series.

    Attributes:
        broken: The key of an era of a code that must not be joined to the later one, by code and name as printed.
        touched: The codes at which something is broken.
        renamed: Sentences on names that changed while the series goes on.
        ended: Sentences on what was moved, split or merged, or bears a name of which nothing is known: not joined.
    """

    broken: dict[tuple[str, str], str] = field(default_factory=dict)
    touched: frozenset[str] = frozenset()
    renamed: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()

    def keyed(self, rows: pl.DataFrame) -> pl.DataFrame:
        """`rows` with `key`, by which a series is joined: the code, or its era where it is broken."""
        if not self.broken:
            return rows.with_columns(key=pl.col("code"))
        eras = pl.DataFrame(
            [(code, name, key) for (code, name), key in self.broken.items()],
            schema={"code": pl.String, "name": pl.String, "key": pl.String},
            orient="row",
        )
        return rows.join(eras, on=["code", "name"], how="left", maintain_order="left").with_columns(
            key=pl.coalesce("key", "code")
        )


def follow(rows: pl.DataFrame, scheme: Scheme = Scheme.FUNCTIONAL, book: CodeBook | None = None) -> Following:
    """What became of each code of `rows` over their years.

    Args:
        rows: `fiscal_year`, `code`, `name`, as printed; several names of one code in a year count by how many print
            them.
        scheme: The classification of the codes.
        book: The code book; that of the package where it is None.
    """
    known = book or code_book()
    printed = (
        rows.filter(pl.col("code").is_not_null(), pl.col("name").is_not_null())
        .group_by("code", "fiscal_year", "name")
        .len()
        .sort(["code", "fiscal_year", "len", "name"], descending=[False, False, True, False])
    )
    if printed.is_empty():
        return Following()
    years = sorted(set(printed["fiscal_year"]))
    names: dict[str, dict[int, list[str]]] = {}
    for code, year, name, _ in printed.iter_rows():
        names.setdefault(code, {}).setdefault(year, []).append(name)
    broken: dict[tuple[str, str], str] = {}
    renamed: list[str] = []
    ended: list[str] = []
    touched: set[str] = set()
    for code, by_year in names.items():
        joined, eras = _eras(scheme, code, by_year, known)
        renamed += joined
        for number, era in enumerate(reversed(eras[:-1]), 1):
            touched.add(code)
            broken |= {(code, name): f"{code}#{number}" for name in era}
        if len(eras) > 1:
            names_printed = "、".join(f"“{era[0]}”" for era in eras)
            ended.append(f"编码 {code} 先后列示为{names_printed}，科目资料中没有这一更名：当作不同的科目，没有连接。")
        for entry in _closed(scheme, code, years, known):
            if min(by_year) <= (entry.until or 0):
                touched.add(code)
                ended.append(f"{code} {entry.name}用到 {entry.until} 年（{entry.source}）：新旧科目没有连接。")
    return Following(broken, frozenset(touched), tuple(renamed), tuple(ended))


def came_from(code: str, scheme: Scheme = Scheme.FUNCTIONAL, book: CodeBook | None = None) -> tuple[str, ...]:
    """Sentences on codes that ended and of which the book says that they went into `code`."""
    return tuple(
        f"{entry.code} {entry.name}用到 {entry.until} 年（{entry.source}），没有并入这里的数字。"
        for entry in (book or code_book()).entries
        if entry.scheme is scheme
        and entry.until is not None
        and entry.code != code
        and code in _DIGITS.findall(entry.source)
    )


def _closed(scheme: Scheme, code: str, years: Sequence[int], book: CodeBook) -> Iterable[CodeEntry]:
    """The entries of a code that ended within the years without another name of the same code after them."""
    for entry in book.names_of(scheme, code):
        within = entry.until is not None and years[0] <= entry.until < years[-1]
        if within and book.in_force(scheme, code, (entry.until or 0) + 1) is None:
            yield entry


def _eras(
    scheme: Scheme, code: str, by_year: dict[int, list[str]], book: CodeBook
) -> tuple[list[str], list[list[str]]]:
    """The names of one code in groups that must not be joined, the oldest first, and what to tell of joined ones."""
    eras: list[list[str]] = []
    renamed: list[str] = []
    years = sorted(by_year)
    eras.append(list(by_year[years[0]]))
    for earlier, later in pairwise(years):
        before, now = by_year[earlier][0], by_year[later][0]
        if _same(before, now):
            eras[-1] += by_year[later]
        elif _known_rename(scheme, code, before, now, book):
            renamed.append(f"{code} 由“{before}”改称“{now}”（{later} 年起）：同一科目，按编码接续。")
            eras[-1] += by_year[later]
        elif difflib.SequenceMatcher(None, plain_name(before), plain_name(now)).ratio() >= _ALIKE:
            renamed.append(f"{code} 各年名称写法不同（“{before}”“{now}”）：按编码接续。")
            eras[-1] += by_year[later]
        elif any(_same(now, name) for name in eras[-1]):
            eras[-1] += by_year[later]
        else:
            eras.append(list(by_year[later]))
    latest = set(eras[-1])
    return renamed, [[name for name in era if name not in latest] or era for era in eras[:-1]] + [eras[-1]]


def _same(one: str, other: str) -> bool:
    return one == other or is_variant(plain_name(one), plain_name(other), code_rules().endings)


def _known_rename(scheme: Scheme, code: str, before: str, now: str, book: CodeBook) -> bool:
    known = [plain_name(entry.name) for entry in book.names_of(scheme, code)]
    return plain_name(before) in known and plain_name(now) in known
