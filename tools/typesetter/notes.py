"""The notes beside the tables: what they state, drawn; the paragraphs of a place that state it; what is true of it.

Values are yuan, or counts, by subject. Sums hold: 货物 + 工程 + 服务 = 政府采购, vehicles by kind = vehicles, and what
the tables print of 三公 and 机关运行经费 the notes repeat.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from random import Random

from typesetter.book import Book, amount_of
from typesetter.note_styles import NoteLine, NoteStyle

HOLDER = re.compile(r"\{(?P<compared>~?)(?P<subject>[a-z_0-9]{3,})(?:/(?P<unit>[^@}]+))?(?:@(?P<phase>[a-z]+))?\}")
SHARE = re.compile(r"\{%(?P<part>[a-z_]+)/(?P<whole>[a-z_]+)\}")
UNITS = {
    "vehicles": "辆", "equipment": "台（套）", "performance": "个", "staff": "人", "buildings_area": "平方米",
}  # fmt: skip
SUMS = {
    "procurement": ("procurement_goods", "procurement_works", "procurement_services"),
    "staff_authorised": ("staff_administrative_posts", "staff_institution_posts"),
    "performance_problems": ("performance_problems_mended", "performance_problems_open"),
    "performance_assessed_projects": (
        "performance_rated_excellent", "performance_rated_good", "performance_rated_sufficient",
        "performance_rated_insufficient",
    ),
    "performance_projects": (
        "performance_personnel_projects", "performance_running_projects", "performance_special_projects",
    ),
    "performance_amount": (
        "performance_personnel_amount", "performance_running_amount", "performance_special_amount",
    ),
}  # fmt: skip
AT_MOST = (
    ("procurement_sme_reserved", "procurement"), ("procurement_small_reserved", "procurement_sme_reserved"),
    ("procurement_sme_awarded", "procurement"), ("procurement_small_awarded", "procurement_sme_awarded"),
    ("staff_in_service", "staff_actual"), ("buildings_value", "fixed_assets"), ("vehicles_value", "fixed_assets"),
)  # fmt: skip
PUBLIC = {
    "three_public": ("three_public", "total"), "overseas_visits": ("overseas_visits",), "receptions": ("receptions",),
    "vehicles_cost": ("vehicles",), "vehicle_purchase": ("vehicle_purchase",),
    "vehicle_operation": ("vehicle_operation",),
}  # fmt: skip
DATED = re.compile("(vehicles|equipment|buildings|fixed_assets).*(?<!_planned)")
MONEY_NAMES = ("amount", "value", "cost", "assets")
DIRECTIONS = ("增加", "减少", "持平", "一致", "相同")
STEP = 100


@dataclass(frozen=True, slots=True)
class StatedTruth:
    """What one number of the notes says: yuan, or a count; the day it is of; how it compares with the year before."""

    subject: str
    value: Decimal
    unit: str
    printed: str
    phase: str
    fiscal_year: int
    as_of: date | None = None
    direction: str | None = None
    change: Decimal | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Notes:
    """What the notes of a document state, before they are worded.

    Attributes:
        values: Yuan or a count by subject; with ``@approved`` behind it, the budget that final accounts repeat.
        before: The yuan of the year before, of what is compared.
        money: How many decimals are printed, and whether they are grouped.
    """

    values: Mapping[str, Decimal]
    before: Mapping[str, Decimal] = field(default_factory=dict)
    money: tuple[int, bool] = (2, False)

    def with_value(self, subject: str, value: Decimal) -> "Notes":
        return replace(self, values={**self.values, subject: value})


def drawn_notes(book: Book, style: NoteStyle, rng: Random, projects: tuple[int, Decimal]) -> Notes:
    """Values for all that a style states; `projects` are the number and the yuan of the projects with goals."""
    named = {f"{m['subject']}{'@' + m['phase'] if m['phase'] else ''}" for m in _holders(style)}
    values = {subject: _drawn(subject, rng) for subject in sorted(named)}
    given = _of_tables(book, named) | {
        subject: value
        for subject, value in zip(("performance_projects", "performance_amount"), projects, strict=True)
        if subject in named
    }
    values |= {subject: Decimal(value) for subject, value in given.items()}
    for whole, parts in SUMS.items():
        if not set(parts) <= named:
            continue
        if whole in given:
            values |= _split(values[whole], parts, rng, STEP if _is_money(whole) else 1)
        else:
            values[whole] = sum((values[part] for part in parts), Decimal(0))
    for ending in ("", "_planned"):
        if kinds := [
            one for one in sorted(named) if re.fullmatch(f"vehicles_(?!cost|value)[a-z_]+(?<!_planned){ending}", one)
        ]:
            values[f"vehicles{ending}"] = sum((values[one] for one in kinds), Decimal(0))
    for less, more in AT_MOST:
        if {less, more} <= named:
            step = STEP if _is_money(less) else 1
            values[less] = Decimal(int(values[more] * rng.randint(20, 90) / 100 / step) * step)
    compared = {m["subject"] for m in _holders(style) if m["compared"]}
    before = {subject: _before(values[subject], rng) for subject in sorted(compared)}
    return Notes(values, before, rng.choice(((2, False), (2, True))))


def worded(notes: Notes, style: NoteStyle, book: Book) -> tuple[tuple[str, ...], tuple[StatedTruth, ...]]:
    """The paragraphs, and what they state in the order of the page."""
    paragraphs, truths = [], []
    for line in style.lines:
        text, stated = _filled(notes, style, book, line)
        paragraphs.append(text)
        truths += stated
    return tuple(paragraphs), tuple(truths)


def subjects_on(style: NoteStyle, day: tuple[int, int]) -> set[str]:
    """What a style states for a day of the year: what is owned."""
    lines = [line.text for line in style.lines if line.day == day]
    named = {match["subject"] for text in lines for match in HOLDER.finditer(text)}
    return {subject for subject in named if DATED.fullmatch(subject) and subject not in PUBLIC}


def unit_of(subject: str) -> str:
    """The unit in which a subject is counted; 元 for money."""
    if _is_money(subject):
        return "元"
    if subject == "performance_average_score":
        return "分"
    return next(unit for name, unit in UNITS.items() if subject.startswith(name))


def _holders(style: NoteStyle) -> Iterator[re.Match[str]]:
    for line in style.lines:
        yield from HOLDER.finditer(line.text)


def _is_money(subject: str) -> bool:
    name = subject.partition("@")[0]
    if name in PUBLIC or name.endswith(MONEY_NAMES):
        return True
    return name.startswith(("agency", "procurement", "government_purchased", "performance_amount"))


def _drawn(subject: str, rng: Random) -> Decimal:
    if subject == "performance_average_score":
        return Decimal(rng.randint(8000, 10000)) / 100
    if _is_money(subject):
        return Decimal(rng.choice((0, 1, 1, 1, 1, 1)) * rng.randint(100, 900_000) * STEP)
    if subject == "buildings_area":
        return Decimal(rng.randint(0, 2_000_000)) / 100
    return Decimal(rng.choice((0, rng.randint(1, 9), rng.randint(10, 60))))


def _of_tables(book: Book, named: set[str]) -> dict[str, Decimal]:
    """What the tables print of what the notes repeat, in yuan; a blank is nothing."""
    printed: dict[tuple[str, str], Decimal] = {}
    for table in book.tables:
        for panel in table.panels:
            rows = [panel.total] if table.id != "three_public" else list(panel.lines[:1])
            for line in rows:
                for measure, text in zip(panel.measures, line.texts if line else (), strict=False):
                    where = (
                        measure if table.id == "three_public" else table.id if measure in ("total", table.id) else ""
                    )
                    printed[where, panel.phase] = amount_of(text, table.unit) or Decimal(0)
    values = {}
    phase = "executed" if book.kind == "final" else "approved"
    for subject in sorted(named):
        name, _, of = subject.partition("@")
        if name in PUBLIC:
            found = [printed[one, of or phase] for one in PUBLIC[name] if (one, of or phase) in printed]
            values[subject] = found[0] if found else Decimal(0)
        elif name in ("agency_operating", "procurement") and (name, phase) in printed:
            values[subject] = printed[name, phase]
    return values


def _split(total: Decimal, parts: tuple[str, ...], rng: Random, step: int) -> dict[str, Decimal]:
    rest, values = total, {}
    for part in parts[:-1]:
        values[part] = Decimal(int(rest * rng.randint(0, 70) / 100 / step) * step)
        rest -= values[part]
    return {**values, parts[-1]: rest}


def _before(value: Decimal, rng: Random) -> Decimal:
    if rng.random() < 0.2:
        return value
    return max(Decimal(STEP), (value * rng.randint(60, 140) / 100 / STEP).to_integral_value() * STEP)


def _filled(notes: Notes, style: NoteStyle, book: Book, line: NoteLine) -> tuple[str, list[StatedTruth]]:
    final = book.kind == "final"
    names = {"{Y}": str(book.year), "{P}": str(book.year - 1), "{N}": book.organisation, "{W}": book.word}
    day = date(book.year if final else book.year - 1, *line.day) if line.day else None
    stated: list[StatedTruth] = []

    def put(match: re.Match[str]) -> str:
        subject = match["subject"]
        if match["compared"]:
            text, compared = _comparison(notes, style, subject, book.year)
            place = next(at for at, one in enumerate(stated) if one.subject == subject)
            stated[place] = replace(stated[place], **compared)
            return text
        value = notes.values[f"{subject}@{match['phase']}" if match["phase"] else subject]
        printed = _printed(notes, style, subject, value, match["unit"])
        own = day if DATED.fullmatch(subject) and day is not None and subject not in PUBLIC else None
        phase = "executed" if own else match["phase"] or ("executed" if final else "approved")
        unit = unit_of(subject)
        stated.append(StatedTruth(subject, value, unit, printed, phase, own.year if own else book.year, own))
        return printed

    def share(match: re.Match[str]) -> str:
        part, whole = notes.values[match["part"]], notes.values[match["whole"]]
        return f"{part * 100 / whole if whole else 0:.2f}%"

    text = line.text
    for name, word in names.items():
        text = text.replace(name, word)
    return HOLDER.sub(put, SHARE.sub(share, text)), stated


def _printed(notes: Notes, style: NoteStyle, subject: str, value: Decimal, unit: str | None) -> str:
    if _is_money(subject):
        scale = 1 if style.unit == "元" else 10_000
        return _money_text(value / scale, notes.money) + (unit or style.unit)
    number = f"{value.normalize():f}"
    return number + (unit or unit_of(subject))


def _money_text(value: Decimal, look: tuple[int, bool]) -> str:
    places, grouped = look
    return f"{value:,.{places}f}" if grouped else f"{value:.{places}f}"


def _comparison(notes: Notes, style: NoteStyle, subject: str, year: int) -> tuple[str, dict[str, object]]:
    value, before = notes.values[subject], notes.before[subject]
    change = value - before
    pattern = style.more if change > 0 else style.less if change < 0 else style.same
    direction = next(word for word in DIRECTIONS if word in pattern)
    percent = (abs(change) * 100 / before if before else Decimal(0)).quantize(Decimal("0.01"))
    scale = 1 if style.unit == "元" else 10_000
    text = pattern.replace("{c}", _money_text(abs(change) / scale, notes.money) + style.unit).replace(
        "{p}", str(percent)
    )
    signed = percent if change > 0 else -percent
    return text.replace("{P}", str(year - 1)), {
        "direction": direction,
        "change": abs(change) if "{c}" in pattern else None,
        "percent": signed if "{p}" in pattern else None,
    }
