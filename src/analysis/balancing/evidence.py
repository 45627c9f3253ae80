"""Which printed figures a failing check is about, and the sentence that puts them side by side.

The figures are those that the checks were made of: so a finding, its picture and its evidence all speak of the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from analysis.balancing.identities.checks import Checked
from analysis.terms.finding import FigureChange
from analysis.terms.identity import Identities, Relation
from analysis.terms.line_item import PLACE_COLUMNS, Place
from analysis.terms.money import Unit, decimals, half_unit

_SHOWN = 10
BLANK_ZH, BLANK_EN = "空白", "blank"

Row = Mapping[str, Any]

# What a finding takes over from the check that it rests on.
CHECK_COLUMNS = ("document_id", "source_file", "check_id", "table", "code", "name", "measure")


@dataclass(frozen=True, slots=True)
class Failure:
    """One failing check with its figures: positions among the `items` of `Failures`, left and right."""

    check: Row
    left: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def figures(self) -> frozenset[int]:
        """All figures of the check."""
        return frozenset((*self.left, *self.right))


@dataclass(frozen=True, slots=True)
class Failures:
    """The failing checks of a dataset in the order of the checks, the line items of their documents, and the shelf."""

    by_id: Mapping[str, Failure]
    items: pl.DataFrame
    identities: Identities

    def item(self, position: int) -> Row:
        """The line item at a position."""
        return self.items.row(position, named=True)

    def words(self, row: Row) -> str:
        """Where a figure or a check stands, by the published names."""
        return self._words(row["table"], row["code"], row["name"], row["measure"])

    def change_words(self, change: FigureChange) -> str:
        """A figure that would change in words: where it stands, what is printed, what would fit."""
        place = self._words(change.table, change.code, change.name, change.measure)
        return f"{place}：{change.printed or BLANK_ZH} → {change.proposed or '？'}"

    def _words(self, table: str, code: str | None, name: str | None, measure: str | None) -> str:
        column = self.identities.measures.get(measure, measure) if measure else None
        return " ".join(word for word in (self.identities.tables.get(table, table), code, name, column) if word)

    def sentence(self, failure: Failure) -> str:
        """The check in one line: the identity, both sides with their figures, the difference."""
        check = failure.check
        identity = self.identities.of(check["identity"])
        sign = "<" if identity.relation is Relation.AT_LEAST else "≠"
        left, right = self._side(failure.left), self._side(failure.right)
        return (
            f"{identity.zh}：{self.words(check)} {check['left']:,} {sign} {check['right']:,}，"
            f"差 {check['difference']:,} 元。左：{left}；右：{right}"
        )

    def _side(self, figures: tuple[int, ...]) -> str:
        if not figures:
            return BLANK_ZH
        shown = [self.item(position) for position in figures[:_SHOWN]]
        words = " ＋ ".join(f"{self.words(row)} {row['printed']}{_page(row)}" for row in shown)
        return words + (f" 等 {len(figures)} 个" if len(figures) > _SHOWN else "")


def failures(checked: Checked, line_items: pl.DataFrame, identities: Identities) -> Failures:
    """The failing checks with their figures; one that links two documents has only the figure of its own place.

    Args:
        checked: what was looked at.
        line_items: the figures that it was looked at in.
        identities: what was checked.
    """
    failed = checked.checks.filter(pl.col("outcome") == "fail")
    of_documents = pl.col("document_id").is_in(failed["document_id"].unique().to_list())
    chosen = line_items.with_row_index("item").filter(of_documents, pl.col("table").is_in(list(identities.tables)))
    items = chosen.drop("item")
    position = chosen.select(pl.col("item").cast(pl.Int64)).with_row_index("position")
    sides: dict[str, dict[str, list[int]]] = {}
    terms = checked.terms.join(failed.select(instance="check_id"), on="instance", how="semi").join(position, on="item")
    for instance, side, at in terms.select("instance", "side", "position").sort(pl.all()).iter_rows():
        sides.setdefault(instance, {"left": [], "right": []})[side].append(at)
    named: dict[tuple[Any, ...], list[int]] = {}
    if len(sides) < failed.height:
        for at, row in enumerate(items.iter_rows(named=True)):
            named.setdefault(_named(row), []).append(at)
    by_id = {}
    for check in failed.iter_rows(named=True):
        both = sides.get(check["check_id"]) or {"left": named.get(_named(check), [])[:1], "right": []}
        by_id[check["check_id"]] = Failure(check, tuple(both["left"]), tuple(both["right"]))
    return Failures(by_id, items, identities)


def contradicted_places(findings: pl.DataFrame, found: Failures) -> pl.DataFrame:
    """The places of the figures that each finding contradicts: finding_id and place, at most a dozen a finding.

    They are the figures of the failing checks that the finding's own figure takes part in, those of the check that it
    rests on first; a finding of another rule has none here.
    """
    at: dict[tuple[Any, ...], int] = {}
    for position, row in enumerate(found.items.iter_rows(named=True)):
        at.setdefault(_key(row), position)
    touching: dict[int, list[Failure]] = {}
    for failure in found.by_id.values():
        for position in failure.figures:
            touching.setdefault(position, []).append(failure)
    rows: list[dict[str, Any]] = []
    for finding in findings.iter_rows(named=True):
        own_figure = at.get(_key(finding))
        first = found.by_id.get(finding["check_id"] or "")
        checks = ([] if first is None else [first]) + ([] if own_figure is None else touching.get(own_figure, []))
        seen = dict.fromkeys(p for failure in checks for p in sorted(failure.figures) if p != own_figure)
        for position in list(seen)[:12]:
            item = found.item(position)
            rows.append({"finding_id": finding["finding_id"]} | Place.from_row(item).columns())
    return pl.DataFrame(
        rows,
        schema={"finding_id": pl.String} | {name: found.items.schema[name] for name in PLACE_COLUMNS},
        orient="row",
    )


def place_of_blank(found: Failures, failure: Failure) -> Place:
    """Where to look for a check whose left side is blank: the page or line of its right side, without a box."""
    return place_near(found.item(failure.right[0])) if failure.right else Place()


def place_near(item: Row) -> Place:
    """The page or line of a line item, without its box."""
    return Place(page=item["page"], line=item["line"])


def half_digit(item: Row) -> Decimal:
    """Half of the last printed digit of a line item's figure, in yuan."""
    return half_unit(decimals(item["printed"]), Unit(item["printed_unit"]))


def largest_difference(checks: Sequence[Failure]) -> Decimal | None:
    """The largest difference that some failing checks leave, in yuan."""
    return max((abs(failure.check["difference"]) for failure in checks), default=None)


def _named(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("document_id", "table", "code", "name", "measure"))


def _key(row: Row) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("document_id", "table", "code", "name", "measure", *PLACE_COLUMNS))


def _page(row: Row) -> str:
    if row["cell"]:
        return f"（{row['cell']}）"
    if row["page"]:
        return f"（第 {row['page']} 页）"
    return f"（第 {row['line']} 行）" if row["line"] else ""
