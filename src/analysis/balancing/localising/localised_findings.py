"""Localisations → findings: at the figure where it is certain, at the relation where several figures may be wrong.

What all best explanations share is certain and becomes a finding at the figure, with what should stand there. A slip of
structure (a column shifted, two swapped) changes many figures and is one finding. What the explanations do not share is
one finding for the block, which stands at its first failing relation and lists the alternatives: nothing is guessed. A
failing relation that is no law and in which a named figure takes part is a consequence: evidence, not a finding.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby
from typing import Any

from analysis.balancing.evidence import (
    BLANK_EN,
    BLANK_ZH,
    CHECK_COLUMNS,
    Failure,
    Failures,
    Row,
    largest_difference,
    place_near,
    place_of_blank,
)
from analysis.terms.finding import Alternative, FigureChange, Finding, Severity
from analysis.terms.identity import Strength
from analysis.terms.line_item import Place
from analysis.terms.money import Unit, decimals
from analysis.terms.trace import Change, Explanation, Localisation, Slip

STRUCTURAL = frozenset({Slip.COLUMN_SHIFTED, Slip.ROWS_SHIFTED, Slip.COLUMNS_SWAPPED, Slip.ROW_SLID, Slip.UNIT_MIXED})
_MOST_ALTERNATIVES = 20
_MOST_SENTENCES = 20
_JOINED = " ＋ "

Key = tuple[Any, ...]


def traced_findings(found: Failures, localisations: Sequence[Localisation]) -> tuple[list[Finding], frozenset[str]]:
    """The findings of all localisations, and the failing checks that they explain."""
    tracer = _Tracer(found)
    findings: list[Finding] = []
    explained: set[str] = set()
    for localisation in localisations:
        block = [found.by_id[name] for name in localisation.failing if name in found.by_id]
        if block:
            made, names = tracer.findings(localisation, block)
            findings += made
            explained |= names
    return _slips_told_once(findings), frozenset(explained)


def _slips_told_once(findings: Sequence[Finding]) -> list[Finding]:
    """The findings with one for each slip of a table that was carried through it: from a row into the rows above it.

    The same figure is printed and the same one belongs there; the finding stands at the first and names all of them.
    """
    slips: dict[object, list[Finding]] = {}
    for number, one in enumerate(findings):
        alone = one.expected is None or one.printed is None or one.figures or one.measure is None
        slip = (one.document_id, one.table, one.cause, one.printed, one.expected)
        slips.setdefault(number if alone else slip, []).append(one)
    return [first if not more else _carried(first, more) for first, *more in slips.values()]


def _carried(first: Finding, more: Sequence[Finding]) -> Finding:
    """One finding for a slip that stands in several places of a table."""
    everywhere = (first, *more)
    figures = tuple(
        FigureChange(one.table or "", one.code, one.name, one.measure, one.printed, one.expected) for one in everywhere
    )
    also = "、".join(" ".join(filter(None, (one.code, one.name))) for one in more)
    return replace(
        first,
        message_zh=f"{first.message_zh.removesuffix('。')}；同一错误也见于{also}。",
        message_en=f"{first.message_en.removesuffix('.')}; the same slip stands in {len(more)} more places.",
        evidence=tuple(dict.fromkeys(sentence for one in everywhere for sentence in one.evidence)),
        figures=figures,
    )


class _Tracer:
    """Turns localisations into rows, knowing where every figure stands and which checks it takes part in."""

    def __init__(self, found: Failures) -> None:
        self._found = found
        self._at: dict[Key, int] = {}
        self._named: dict[Key, int] = {}  # panels that stand side by side have rows of one number
        self._styles: dict[Key, Row] = {}
        self._soft: dict[int, list[Failure]] = {}
        self._about: dict[Key, list[Failure]] = {}
        for position, row in enumerate(found.items.iter_rows(named=True)):
            self._at.setdefault(_key(row["document_id"], row), position)
            self._named.setdefault((*_key(row["document_id"], row), row["name"]), position)
            self._styles.setdefault((row["document_id"], row["table"]), row)
        for failure in found.by_id.values():
            check = failure.check
            self._about.setdefault((check["document_id"], check["table"], check["measure"]), []).append(failure)
            if found.identities.of(failure.check["identity"]).strength is not Strength.HARD:
                for position in failure.figures:
                    self._soft.setdefault(position, []).append(failure)

    def findings(self, localisation: Localisation, block: Sequence[Failure]) -> tuple[list[Finding], set[str]]:
        """The findings of one block, and the checks that they explain."""
        explained = {failure.check["check_id"] for failure in block}
        certain = () if localisation.stopped else localisation.certain
        changes = [change for one in localisation.explanations for change in one.changes]
        # In the order of the changes: that of a set would depend on what else is checked with the document.
        positions = dict.fromkeys(self._position(localisation.document_id, change) for change in (*changes, *certain))
        soft = {
            failure.check["check_id"]: failure
            for position in positions
            if position is not None
            for failure in self._soft.get(position, ())
        }
        soft |= {
            failure.check["check_id"]: failure
            for change in (*changes, *certain)
            for failure in self._consequences(localisation.document_id, change)
            if failure.check["check_id"] not in explained
        }
        checks = [*block, *soft.values()]
        findings = [self._at_figure(localisation.document_id, group, checks) for group in _causes(certain)]
        if localisation.stopped or not certain or _open(localisation):
            findings.append(self._at_block(localisation, block, certain))
        return findings, explained | set(soft)

    def _consequences(self, document_id: str, change: Change) -> list[Failure]:
        """The failing checks that stand at the very cell, or at either code of a row whose code is wrong."""
        if change.proposed_code is None:
            there = self._about.get((document_id, change.table, change.measure), [])
            row = (change.code, change.name)
            return [one for one in there if (one.check["code"] or change.code, one.check["name"] or change.name) == row]
        codes = {change.code, change.proposed_code}
        return [
            one
            for (document, *_), there in self._about.items()
            if document == document_id
            for one in there
            if one.check["code"] in codes
        ]

    def _position(self, document_id: str, change: Change) -> int | None:
        key = (document_id, *_change_key(change))
        return self._named.get((*key, change.name), self._at.get(key))

    def _at_figure(self, document_id: str, changes: Sequence[Change], block: Sequence[Failure]) -> Finding:
        """A finding at the figure that is wrong; several changes are one slip of structure."""
        change = changes[0]
        positions = [self._position(document_id, one) for one in changes]
        touched = {position for position in positions if position is not None}
        speaking = [failure for failure in block if failure.figures & touched] or list(block)
        first = speaking[0]
        at = positions[0]
        printed, expected = self._printed(document_id, change), self._expected(document_id, change)
        zh, en = self._messages(document_id, changes)
        figures = tuple(self._figure(document_id, one) for one in changes) if len(changes) > 1 else ()
        count = len(speaking)
        return Finding(
            document_id=document_id,
            source_file=first.check["source_file"],
            rule=self._found.identities.of(first.check["identity"]).id,
            check_id=first.check["check_id"],
            severity=Severity.ERROR,
            cause=change.cause.value,
            message_zh=f"{zh}（{count} 处勾稽不符由此而来）。",
            message_en=f"{en} ({count} failing check{'s' if count > 1 else ''} due to it).",
            table=change.table,
            code=change.code,
            name=change.name,
            measure=change.measure,
            place=self._row_place(first, change) if at is None else Place.from_row(self._found.item(at)),
            printed=printed,
            expected=expected,
            evidence=(*map(self._found.change_words, figures), *self._sentences(speaking)),
            figures=figures,
            amount_at_stake=self._stake(changes, speaking),
        )

    def _stake(self, changes: Sequence[Change], speaking: Sequence[Failure]) -> Decimal | None:
        """How far the figures are from what should stand there; of a wrong code, what its relations leave."""
        known = [abs((one.printed or Decimal(0)) - one.proposed) for one in changes if one.proposed is not None]
        return max(known, default=largest_difference(speaking))

    def _row_place(self, failure: Failure, change: Change) -> Place:
        """Where to look for a blank cell: the page or line of its row, else that of the check; never a box."""
        key = (failure.check["document_id"], change.table, change.row_number, change.side)
        neighbour = next((p for k, p in self._at.items() if k[:4] == key), None) if change.row_number else None
        return place_of_blank(self._found, failure) if neighbour is None else place_near(self._found.item(neighbour))

    def _at_block(self, localisation: Localisation, block: Sequence[Failure], certain: Sequence[Change]) -> Finding:
        """One finding for what cannot be told apart, at the first relation that fails."""
        first = block[0]
        check, identity = first.check, self._found.identities.of(first.check["identity"])
        best = localisation.best if localisation.explanations else ()
        found = [self._alternative(localisation.document_id, one, certain) for one in best]
        listed = list({one.words: one for one in found if one.words}.values())
        more = f"（另有更多可能，只列出 {min(len(listed), _MOST_ALTERNATIVES)} 种）"
        many = localisation.capped or len(listed) > _MOST_ALTERNATIVES
        zh, en = _block_words(localisation, len(listed))
        figure = self._found.item(first.left[0]) if len(first.left) == 1 else None
        return Finding(
            **{name: check[name] for name in CHECK_COLUMNS},
            rule=identity.id,
            severity=Severity.ERROR,
            message_zh=f"{self._found.words(check)}等 {len(block)} 处勾稽不符：{zh}{more if many else ''}。",
            message_en=f"{len(block)} checks fail ({identity.en}): {en}.",
            place=Place.from_row(figure) if figure else place_of_blank(self._found, first),
            printed=figure["printed"] if figure else None,
            evidence=tuple(self._sentences(block)),
            alternatives=tuple(listed[:_MOST_ALTERNATIVES]),
            amount_at_stake=largest_difference(block),
        )

    def _sentences(self, checks: Sequence[Failure]) -> list[str]:
        shown = [self._found.sentence(failure) for failure in checks[:_MOST_SENTENCES]]
        return shown + ([f"另有 {len(checks) - len(shown)} 处不符"] if len(checks) > len(shown) else [])

    def _alternative(self, document_id: str, explanation: Explanation, certain: Sequence[Change]) -> Alternative:
        figures = tuple(self._figure(document_id, one) for one in explanation.changes if one not in certain)
        return Alternative(_JOINED.join(map(self._found.change_words, figures)), figures)

    def _figure(self, document_id: str, change: Change) -> FigureChange:
        row = (change.table, change.code, change.name, change.measure)
        return FigureChange(*row, self._printed(document_id, change), self._expected(document_id, change))

    def _printed(self, document_id: str, change: Change) -> str | None:
        """The text as printed; the code where it is the code that is wrong."""
        if change.proposed_code is not None:
            return change.code
        position = self._position(document_id, change)
        return None if position is None else str(self._found.item(position)["printed"])

    def _expected(self, document_id: str, change: Change) -> str | None:
        """What should stand there, in the unit and with the digits of the table."""
        if change.proposed_code is not None or change.proposed is None:
            return change.proposed_code
        position = self._position(document_id, change)
        style = self._styles.get((document_id, change.table)) if position is None else self._found.item(position)
        return f"{change.proposed:,}" if style is None else as_printed(change.proposed, style)

    def _messages(self, document_id: str, changes: Sequence[Change]) -> tuple[str, str]:
        """What is wrong and should stand there, in Chinese and in English."""
        change = changes[0]
        printed, expected = self._printed(document_id, change), self._expected(document_id, change)
        cause_zh, _, cause_en = change.words.partition(" / ")
        place = self._found.words({name: getattr(change, name) for name in ("table", "code", "name", "measure")})
        where = " ".join(word for word in (change.table, change.code, change.measure) if word)
        if len(changes) > 1:
            last = changes[-1]
            start, end = (" ".join(filter(None, (one.code, one.name))) for one in (change, last))
            reach = f"自“{start}”到“{end}”" if start != end else f"“{start}”"
            title = self._found.words({"table": change.table, "code": None, "name": None, "measure": change.measure})
            return (
                f"{title}{reach}的 {len(changes)} 个数字：{cause_zh}，应有的数字见所列",
                f"{len(changes)} figures from {where} to {last.code or last.name}: {cause_en or cause_zh}",
            )
        if change.proposed_code is not None:
            return f"{place}：编码 {printed} 应为 {expected}", f"{where}: the code {printed} should be {expected}"
        zh = f"{place}{f'印为 {printed}' if printed else f'为{BLANK_ZH}'}，"
        zh += f"应为 {expected}" if expected else "应为何数不能确定"
        en = f"{where}: printed {printed or BLANK_EN}, "
        en += f"should be {expected}" if expected else "to be determined"
        if change.cause is Slip.UNKNOWN or not cause_zh:
            return zh, en
        return f"{zh}：{cause_zh}", f"{en}: {cause_en or cause_zh}"


def as_printed(yuan: Decimal, style: Row) -> str:
    """An amount in yuan as the table of `style`, a line item, prints amounts: unit, decimals, separators.

    What stands beyond the fen is not known of it and not shown.
    """
    unit = Unit(style["printed_unit"])
    shown = min(decimals(style["printed"]), decimals(f"{Decimal('0.01') / unit.yuan:f}"))
    value = yuan / unit.yuan
    needed = max(shown, -int(value.normalize().as_tuple().exponent))
    separator = "," if "," in style["printed"] or abs(Decimal(style["amount"]) / unit.yuan) < 1000 else ""
    return f"{value:{separator}.{needed}f}"


def _block_words(localisation: Localisation, count: int) -> tuple[str, str]:
    """What is said of a block whose wrong figure is not certain."""
    if localisation.stopped and not count:
        return "定位的计算量已到上限，尚无定论，请人工核对", "tracing met its bound of work, undecided; look by hand"
    if localisation.stopped:
        return (
            f"定位的计算量已到上限，尚无定论，已找到的 {count} 种可能见下",
            f"tracing met its bound of work, undecided; {count} ways to mend it so far",
        )
    if not count:
        return "没有找到少量改动就能使其成立的解释", "no small set of changes makes them hold"
    if count == 1:
        return "只有一种改法能使其成立，但看不出错因，不能肯定", "one set of changes mends them, but no slip shows"
    return f"存在 {count} 种可能的更正，无法判定", f"{count} ways to mend it cannot be told apart"


def _open(localisation: Localisation) -> bool:
    """Whether some best explanation changes more than what is certain."""
    return any(change not in localisation.certain for one in localisation.best for change in one.changes)


def _causes(changes: Iterable[Change]) -> list[list[Change]]:
    """The changes by cause: those of one slip of structure in one table together, every other one alone."""
    single = [[change] for change in changes if change.cause not in STRUCTURAL]
    moved = sorted((change for change in changes if change.cause in STRUCTURAL), key=_cause_key)
    return single + [list(group) for _, group in groupby(moved, key=_cause_key)]


def _cause_key(change: Change) -> tuple[str, str, str]:
    return change.cause.value, change.table, change.side


def _change_key(change: Change) -> Key:
    return change.table, change.row_number, change.side, change.measure, change.phase, change.fiscal_year


def _key(document_id: str, row: Row) -> Key:
    names = ("table", "row_number", "side", "measure", "phase", "fiscal_year")
    return document_id, *(row[name] for name in names)
