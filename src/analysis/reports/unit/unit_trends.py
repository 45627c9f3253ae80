"""All functional codes of an organisation over all its years: amounts, shares, growth, and what each contributed.

A code below another stands under it, so that the table opens by class; codes of several levels are never added. A year
without a document is a gap; a code that the document of a year does not list counts nothing in what it contributed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import polars as pl

from analysis.display.amounts import percent, signed_percent
from analysis.display.tables import Heading, Paragraph, Table, TableCell
from analysis.indicators.growth import compound, growth
from analysis.indicators.structure import distance, share
from analysis.reports.cells import PrintedAmount, amounts_by, cell, columns, yuan
from analysis.reports.series import spending_series as spending
from analysis.reports.unit.unit_frames import UnitFrames

_FEWEST_FOR_COMPOUND = 3  # years: between two the compound growth is the growth
_TOLD = 3
_NOTHING = Decimal(0)


@dataclass(frozen=True, eq=False)
class UnitTrends:
    """The section on the years."""

    frames: UnitFrames

    @cached_property
    def _codes(self) -> dict[str, tuple[str, str, int]]:
        """Every code by its key: code, name and level, in the order in which they stand under each other."""
        rows = self._rows.sort("code", "key").unique("key", keep="last", maintain_order=True)
        found = rows.select("key", "code", "name", "code_level").iter_rows()
        return {key: (code, name or "", level) for key, code, name, level in found}

    @cached_property
    def _rows(self) -> pl.DataFrame:
        return spending.by_code(self.frames.functional, self.frames.following)

    @cached_property
    def _amounts(self) -> Mapping[tuple[str, int], PrintedAmount]:
        return amounts_by(self._rows, "key", "fiscal_year")

    @property
    def _compared(self) -> bool:
        """The latest year has one before it of the same kind."""
        return self.frames.functional_of(self.frames.year - 1) is not None

    @property
    def _compounded(self) -> bool:
        return len(self.frames.years_read) >= _FEWEST_FOR_COMPOUND

    @property
    def answer(self) -> Paragraph:
        """Compound growth, the shift of the structure, and which classes moved the whole."""
        frames, year = self.frames, self.frames.year
        read = sorted(frames.years_read)
        if frames.single_year:
            return Paragraph(
                [f"只收录了一个年度（{year}年）的{frames.phase_name}文件，不作年度间比较；下表为该年各级科目。"]
            )
        found = []
        first, last = frames.functional_of(read[0]), frames.functional_of(year)
        if self._compounded and (even := compound(last, first, year - read[0])) is not None:
            what = f"{frames.functional_name}{frames.phase_name}"
            found.append(f"{read[0]}–{year}年{what}年均增长 {signed_percent(even)}（复合，名义）。")
        if self._compared:
            found += self._moved_words
        return Paragraph(found)

    @property
    def _moved_words(self) -> list[str]:
        year = self.frames.year
        now, before = (self._classes_of(one) for one in (year, year - 1))
        shift, found = distance(now, before), []
        if shift is not None and len(now | before) > 1:
            found.append(f"{year}年比 {year - 1} 年支出结构偏移 {percent(shift)}（各类占比变动绝对值之和的一半）。")
        pulled = {key: part for key in now | before if (part := self._contribution(key))}
        named = sorted(pulled, key=lambda key: (-abs(pulled[key]), key))[:_TOLD]
        if named:
            parts = "，".join(f"{self._codes[key][1]} {_points(pulled[key])}" for key in named)
            found.append(f"对 {year} 年增减的拉动（百分点）：{parts}。")
        return found

    def _classes_of(self, year: int) -> dict[str, Decimal]:
        return {
            key: amount.yuan for (key, one), amount in self._amounts.items() if one == year and self._codes[key][2] == 1
        }

    def _contribution(self, key: str) -> Decimal | None:
        """What a code contributed to the growth of the whole, as a ratio; one year's document may not list it."""
        year = self.frames.year
        now, before = (yuan(self._amounts.get((key, one))) for one in (year, year - 1))
        if not self._compared or (now is None and before is None):
            return None
        return share((now or _NOTHING) - (before or _NOTHING), self.frames.functional_of(year - 1))

    @property
    def table(self) -> Table | Paragraph:
        """Every code in every year with its share, growth and contribution; the printed total last."""
        frames, year = self.frames, self.frames.year
        if not self._codes:
            return Paragraph([f"{frames.spent_table_name}没有读出功能科目。"])
        body = [self._row(key) for key in self._codes]
        whole = frames.functional_of(year)
        before = frames.functional_of(year - 1)
        moved = None if whole is None or before is None else share(whole - before, before)
        total = self._line(
            "合计（公开文件列示数）",
            {one: frames.functional_total.get((one, "total")) for one in frames.years},
            {one: frames.gap(one) for one in frames.years},
            moved,
        )
        granted = frames.functional_table == spending.GRANTED_TABLE
        pulled = "和拉动（百分点）" if self._compared else ""
        words = "；支出总表不列功能科目，取自财政拨款支出表" if granted else ""
        caption = (
            f"{frames.functional_name}{frames.phase_name}各级科目（万元）{words}；各级科目不可重复加总；"
            f"“—”为该年文件没有这一科目，或没有文件；比上年、占比{pulled}为 {year} 年，名义数"
        )
        levels = tuple(level for _, _, level in self._codes.values())
        return Table(caption, self._heads, (*body, total), frozenset({len(body)}), (*levels, 0))

    @property
    def _heads(self) -> tuple[Heading, ...]:
        frames = self.frames
        compared = ["比上年", "拉动"] if self._compared else []
        even = ["年均增长"] if self._compounded else []
        years = [f"{one}年" for one in frames.years]
        return columns(["功能科目"], [*years, *compared[:1], "占比", *compared[1:], *even])

    def _row(self, key: str) -> tuple[str | TableCell, ...]:
        code, name, _ = self._codes[key]
        marked = "（旧科目）" if key != code else "（科目变动）" if code in self.frames.following.touched else ""
        amounts = {one: self._amounts.get((key, one)) for one in self.frames.years}
        absent = {
            one: f"{one}年的文件没有列出这一科目" if one in self.frames.years_read else self.frames.gap(one)
            for one in self.frames.years
        }
        return self._line(f"{code} {name}{marked}", amounts, absent, self._contribution(key))

    def _line(
        self,
        label: str,
        amounts: Mapping[int, PrintedAmount | None],
        absent: Mapping[int, str],
        pulled: Decimal | None,
    ) -> tuple[str | TableCell, ...]:
        frames, year = self.frames, self.frames.year
        now, before = yuan(amounts.get(year)), yuan(amounts.get(year - 1))
        there = [one for one, amount in amounts.items() if amount is not None]
        even = None
        if there and there[-1] == year and year - there[0] > 1:
            even = compound(now, yuan(amounts[there[0]]), year - there[0])
        return (
            label,
            *(cell(amounts[one], absent[one]) for one in frames.years),
            *((signed_percent(growth(now, before)),) if self._compared else ()),
            percent(share(now, frames.functional_of(year))),
            *((_points(pulled),) if self._compared else ()),
            *((signed_percent(even),) if self._compounded else ()),
        )


def _points(ratio: Decimal | None) -> str:
    return signed_percent(ratio).removesuffix("%")
