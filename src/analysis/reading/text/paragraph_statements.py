"""One paragraph → the values that it states, each with the words before it.

The words between a value and what stands before it name its subject, or say that it is a change, a share, a rate, last
year's amount or the budget of what was named last.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from analysis.reading.text.printed_values import PrintedValue, ValueKind
from analysis.reading.text.stated_subjects import find_path
from analysis.reading.text.statement_drafts import (
    StatementDraft,
    TextState,
    bracket_depths,
    join_drafts,
    same_subject,
    words_begin,
)
from analysis.terms.line_item import Kind, Phase
from analysis.terms.statement import NotUnderstood, StatedSubject, StatementRole

_ENDS = re.compile(r"[。；;！!]")
_AFTER_DIRECTION = re.compile(r"(?:了|额|约|支出|收入|金额|数额|数|:|预算|幅度)*(?:为)?$")
_TO = re.compile(r"(?:至|到|为)$")
_RESPECTIVELY = re.compile(r"分别(?:比.{0,16}?)?(?P<rest>[^，。；、]{0,12})$")
_CONNECTIVE = re.compile(r"^[、，,和及与]*$")
_LIST = re.compile(r"[、，,]|和|与|及")
_ROLES_OF_AMOUNTS = (StatementRole.CURRENT, StatementRole.PRIOR, StatementRole.BUDGET)
_COMPARED = re.compile(r"(?:对比|相比|[比较与同对和])于?$")
_JOINS = re.compile(r"[和及与、]")
_MAINLY = "主要是"  # begins what explains a change
_DIGIT = re.compile(r"\d.*元")
_AFFECTED = re.compile("(?:收入|支出|经费|税)(?:受|因|由于)[^。]{0,30}，$")
_SHORT = 3
_CLASS = 3  # digits of the code of a class
_ITEM_DIGITS = 7
_ITEM = 3  # the level of 项


class ParagraphReader:
    """One paragraph: its values with the words before each."""

    def __init__(self, state: TextState, text: str, values: Sequence[PrintedValue]) -> None:
        self.state, self.grammar, self.text = state, state.grammar, text
        self.values = values
        self.depths = bracket_depths(text)
        self.ends = [match.end() for match in _ENDS.finditer(text)]
        self.found: list[StatementDraft] = []
        self.running: StatedSubject | None = None
        self.running_depth = 0
        self.item: StatedSubject | None = None
        self.waiting: list[str] = []
        self.listed: list[str] = []
        self.listed_role: StatementRole | None = None
        self.listed_kind: ValueKind | None = None
        self.listed_direction: re.Match[str] | None = None

    def drafts(self) -> list[StatementDraft]:
        """The statements, numbered, each pointing at what it speaks of."""
        self.running = self._path_in_front()
        before = 0
        for value in self.values:
            self._directions_between(before, value.start)
            self._value(value, before)
            before = value.end
        self._directions_between(before, len(self.text))
        self.found.sort(key=lambda one: (one.value.start, one.value.end))
        for draft in self.found:
            self.state.number += 1
            draft.number = self.state.number
        join_drafts(self.found, self.text, self.state)
        return self.found

    def _path_in_front(self) -> StatedSubject | None:
        """The subject of a path with which the paragraph begins, whatever stands between it and the first value."""
        first = self.values[0].start if self.values else len(self.text)
        ending = self.text.find("。", 0, first)
        end = min(first, 120 if ending < 0 else ending)
        path = find_path(self.text, 0, end)
        if path is None and (coded := self.state.subjects.coded_heading(self.text)):
            self.item = coded if coded.code and len(coded.code) == _ITEM_DIGITS else None
            return coded
        if path is None or path.start > 12:
            return self.state.heading if not self.values else None
        path = path.within(self.state.path)
        if path.level < _ITEM:
            self.state.path = path
        subject = self.state.subjects.of_path(path, self.text[path.start : path.end].strip('“”"'))
        self.item = subject if path.level == _ITEM else None
        return subject

    def _sentence(self, at: int) -> tuple[int, int]:
        index = bisect_right(self.ends, at)
        start = self.ends[index - 1] if index else 0
        return start, self.ends[index] if index < len(self.ends) else len(self.text)

    def _value(self, value: PrintedValue, before: int) -> None:
        start = words_begin(self.text, value.start, before)
        words = self.text[start : value.start]
        if value.kind is ValueKind.BARE:
            direction = self._direction_at_end(words)
            if direction and self._base(value.start):
                self._change(value, start, words[: direction.start()], NotUnderstood.NO_UNIT, direction)
            return
        if value.kind is ValueKind.COUNT:
            after_count = bool(self.found) and self.found[-1].value.kind is ValueKind.COUNT
            if self.grammar.counted.search(words) or (after_count and _CONNECTIVE.match(words)):
                self._amount(value, start, words)
            return
        if value.kind in (ValueKind.PERCENT, ValueKind.TIMES):
            self._percent(value, start, words)
        elif value.kind is ValueKind.POINTS:
            if not self.grammar.ahead.search(words):
                self._change(value, start, words, None)
        else:
            self._amount(value, start, words)

    def _direction_at_end(self, words: str) -> re.Match[str] | None:
        """The word of direction with which the words before a value end."""
        last = None
        for match in self.grammar.direction.finditer(words):
            last = match
        if last is None or self.grammar.signs[last["word"]] == 0:
            return None
        rest = words[last.end() :]
        if not _AFTER_DIRECTION.fullmatch(rest) or (_TO.search(rest) and "额" not in rest and "幅" not in last[0]):
            return None
        return last

    def _amount(self, value: PrintedValue, start: int, words: str) -> None:
        if self._listed(value, start, words):
            return
        if direction := self._direction_at_end(words):
            self._change(value, start, words[: direction.start()], None, direction)
            return
        if self._budget_of(value, start, words):
            return
        if (turned := self.grammar.direction.match(words)) and self._names_after(turned, start, words):
            self._change(value, start + turned.end(), words[turned.end() :], None)  # 压缩公务接待费52万元
            return
        role, cut, year, base, phase = StatementRole.CURRENT, len(words), None, None, None
        prior = self.grammar.prior.search(words) or self.grammar.prior_year.search(words)
        budget = self._budget(value, words) if self.state.kind is Kind.FINAL else None
        if prior and self._is_before(prior, words):
            role, base = StatementRole.PRIOR, prior.groupdict().get("base")
            cut = len(_COMPARED.sub("", words[: prior.start()]))
            year = int(prior["year"]) if prior["year"] else None
            phase = Phase.APPROVED if base in ("预算", "预算数") else Phase.EXECUTED
        elif budget is None and self._part_of_budget(value, start, words):
            role = StatementRole.BUDGET
        elif budget:
            compared = _COMPARED.search(words[: prior.start()]) if prior else None  # 比2024年度年初预算数9.94万元
            role, cut = StatementRole.BUDGET, compared.start() if compared else budget.start()
        subject, at, reason = self._subject(start, start + cut, value)
        if subject is not None and at < value.start:
            subject = self._row_of_class(subject)
            self.running, self.running_depth = subject, self.depths[value.start]
        draft = StatementDraft(value, role, subject, at, self.depths[value.start], self._words_of(value.start))
        draft.base_year, draft.base, draft.phase, draft.reason = year, base, phase, reason
        draft.named = at < value.start
        self.found.append(draft)

    def _row_of_class(self, subject: StatedSubject) -> StatedSubject:
        """The row that bare words name behind the amount of its class."""
        if subject.id is not None or subject.code is not None:
            return subject
        classes = [
            one.subject.code
            for one in self.found
            if one.role is StatementRole.CURRENT
            and one.subject
            and one.subject.code
            and len(one.subject.code) == _CLASS
        ]
        return (classes and self.state.subjects.row_within(classes[-1], subject.words)) or subject

    def _names_after(self, turned: re.Match[str], start: int, words: str) -> bool:
        """Whether a known subject stands right behind a word of direction: by so much it changed."""
        if not self.grammar.signs[turned["word"]]:
            return False
        begin, end = start + turned.end(), start + len(words)
        found = self.state.subjects.read(self.text, begin, end, self.state.path, basic=self.state.basic)
        return found is not None and found[0].id is not None and found[1] == begin

    def _budget_of(self, value: PrintedValue, start: int, words: str) -> bool:
        """Whether the amount is the budget of what was named last, which a rate behind it measures."""
        match = self.grammar.budget_of.search(words)
        if match is None or not self.grammar.rate_of.match(self.text, value.end):
            return False
        subject, owner = self._owner(start, start + match.start(), value.start)
        draft = StatementDraft(
            value, StatementRole.BUDGET, subject, value.start, self.depths[value.start], self._words_of(value.start)
        )
        draft.of, draft.reason = owner, None if subject else NotUnderstood.NO_SUBJECT
        self.found.append(draft)
        return True

    def _budget(self, value: PrintedValue, words: str) -> re.Match[str] | None:
        """The words before an amount of final accounts that make it the budget."""
        beside = self.grammar.budget_beside.search(words)
        followed = beside and self.grammar.outturn_behind.match(self.text, value.end)
        return self.grammar.budget.search(words) or (beside if followed else None)

    def _part_of_budget(self, value: PrintedValue, start: int, words: str) -> bool:
        """Whether final accounts list the parts of a budget (预算20万元，其中：公务接待费5万元)."""
        if self.state.kind is not Kind.FINAL or value.kind is not ValueKind.MONEY:
            return False
        begin = self._sentence(start)[0]
        markers = [one for one in self.grammar.parts.finditer(self.text, begin, start) if one[0].startswith("其中")]
        if not markers:
            return False
        before = [
            one
            for one in self.found
            if begin <= one.value.start < markers[-1].start()
            and one.role in _ROLES_OF_AMOUNTS
            and one.value.kind is ValueKind.MONEY
        ]
        if not before or before[-1].role is not StatementRole.BUDGET:
            return False
        return self.grammar.done.search(words) is None

    def _is_before(self, prior: re.Match[str], words: str) -> bool:
        year = self.state.year
        if _COMPARED.search(words[: prior.start()]):  # 比2023年预算数812.20万元增加
            return prior["year"] is None or (year is not None and int(prior["year"]) < year)
        return prior["year"] is None or (year is not None and int(prior["year"]) == year - 1)

    def _names_before(self, end: int) -> list[str]:
        start = self._sentence(end)[0]
        piece = self.text[start:end].rsplit("其中", 1)[-1]
        last = piece.rsplit("，", 1)[-1]
        piece = re.split(r"[。；:，](?=[^，。；]*$)", piece)[-1] if "、" in last else piece
        if _DIGIT.search(piece) and not _DIGIT.search(last) and len(_LIST.split(last)) > 1:
            piece = last  # 购置费30万元，…，购置数和保有量分别为…: what comes before is told already
        names = [one.strip('“”"（）():：') for one in _LIST.split(piece)]
        return [one for one in names if len(one) > 1]

    def _listed(self, value: PrintedValue, start: int, words: str) -> bool:
        """Whether the value is one of several that were named before them (甲、乙分别为…)."""
        if self.waiting and self.listed_kind is value.kind and _CONNECTIVE.match(words):
            self._next_of_list(value)
            return True
        self.waiting = []
        respectively = _RESPECTIVELY.search(self.text[: value.start], self._sentence(start)[0])
        names = self._names_before(respectively.start()) if respectively else []
        if (
            respectively
            and self.listed
            and _CONNECTIVE.match(self.text[self.found[-1].value.end : respectively.start()])
        ):
            names = self.listed  # 甲、乙分别为…，分别占…
        if respectively is None or not names:
            return False
        alike = [one for one in self.values if one.kind is value.kind and one.start >= value.start]
        together = 1
        for one, other in pairwise(alike):
            if not _CONNECTIVE.match(self.text[one.end : other.start]):
                break
            together += 1
        if any(_DIGIT.search(one) for one in names):  # 甲60万元、乙40万元，分别占60%、40%
            begin = self._sentence(start)[0]
            amounts = [
                one
                for one in self.found
                if one.role is StatementRole.CURRENT and one.subject and one.value.start >= begin
            ][-together:]
            names = [one.subject.words for one in amounts if one.subject] if len(amounts) == together > 1 else []
            if not names:
                return False
        self.waiting = [*names] if together > 1 else names[-1:]
        self.listed = names
        self.listed_kind = value.kind
        turned = self.grammar.direction.search(respectively["rest"])
        if value.kind in (ValueKind.MONEY, ValueKind.COUNT):
            self.listed_role = StatementRole.CHANGE if turned else StatementRole.CURRENT
        elif turned:
            self.listed_role = StatementRole.CHANGE_PERCENT
        else:
            done = "完成" in respectively["rest"]
            self.listed_role = StatementRole.COMPLETION_PERCENT if done else StatementRole.SHARE_PERCENT
        self.listed_direction = turned
        self._next_of_list(value)
        return True

    def _next_of_list(self, value: PrintedValue) -> None:
        name = self.waiting.pop(0)
        found = self.state.subjects.read(name, 0, len(name), self.state.path, basic=self.state.basic)
        subject = found[0] if found else StatedSubject(name, name=name)
        same = [one for one in self.found if one.role is StatementRole.CURRENT and one.subject]
        owners = [one for one in same if one.subject and same_subject(one.subject, subject)]
        owner = next(reversed(owners or self._called_shortly(same, subject)), None)
        subject = owner.subject if owner and owner.subject else subject
        draft = StatementDraft(
            value, self.listed_role, subject, value.start, self.depths[value.start], self._words_of(value.start)
        )
        if self.listed_role is not StatementRole.CURRENT:
            draft.of = owner
        draft.named = True
        base = self._base(value.start)
        if self.listed_direction is not None:
            self._direction(value.start, self.listed_direction, base, subject, owner)
            self._compare(draft, base)
        self.found.append(draft)

    def _subject(
        self, start: int, end: int, value: PrintedValue
    ) -> tuple[StatedSubject | None, int, NotUnderstood | None]:
        """The subject that the words name, else the one spoken of; where its words begin; why there is none."""
        state = self.state
        found = state.subjects.read(self.text, start, end, state.path, basic=state.basic)
        if found is not None:
            return found[0], found[1], None
        if start and self.text[start - 1] == ":" and end - start < _SHORT:
            label = words_begin(self.text, start - 1, 0)
            if found := state.subjects.read(self.text, label, start - 1, state.path, basic=state.basic):
                return found[0], found[1], None
        running = self._outside(value) or self.running or state.heading
        return running, value.start, None if running else NotUnderstood.NO_SUBJECT

    def _outside(self, value: PrintedValue) -> StatedSubject | None:
        """What was spoken of before a bracket that is closed again (接待30批次（其中外事2批次），240人次)."""
        depth = self.depths[value.start]
        if self.running_depth <= depth:
            return None
        before = [one for one in self.found if one.role is StatementRole.CURRENT and one.depth <= depth]
        return before[-1].subject if before else None

    def _change(
        self,
        value: PrintedValue,
        start: int,
        words: str,
        reason: NotUnderstood | None,
        direction: re.Match[str] | None = None,
    ) -> None:
        base = self._base(value.start)
        begin = start
        if base is not None and base.end() > start:
            begin = base.end()
        subject, owner = self._owner(begin, start + len(words), value.start)
        draft = StatementDraft(
            value, StatementRole.CHANGE, subject, value.start, self.depths[value.start], self._words_of(value.start)
        )
        draft.of, draft.reason = owner, reason or (None if subject else NotUnderstood.NO_SUBJECT)
        if direction is not None:
            self._direction(start + direction.start(), direction, base, subject, owner)
        self._compare(draft, base)
        self.found.append(draft)

    def _percent(self, value: PrintedValue, start: int, words: str) -> None:
        if self._listed(value, start, words):
            return
        completion, share = self.grammar.completion.search(words), self.grammar.share.search(words)
        last = self.found[-1] if self.found else None
        if last is not None and last.role is StatementRole.BUDGET and self._measures(last, value):
            role, subject, owner = StatementRole.COMPLETION_PERCENT, last.subject, last.of
        elif completion or share:
            match = completion or share
            role = StatementRole.COMPLETION_PERCENT if completion else StatementRole.SHARE_PERCENT
            subject, owner = self._owner(start, start + (match.start() if match else 0), value.start)
        elif direction := self._direction_at_end(words):
            base = self._base(value.start)
            at = start + direction.start()
            if last is not None and last.role is StatementRole.CHANGE and self._near(last.value.end, at):
                subject, owner = last.subject, last.of
            else:
                begin = max(start, base.end() if base else start)
                subject, owner = self._owner(begin, at, value.start)
                self._direction(at, direction, base, subject, owner)
            role = StatementRole.CHANGE_PERCENT
        elif last is not None and last.role is StatementRole.CHANGE and self._near(last.value.end, value.start):
            role, subject, owner = StatementRole.CHANGE_PERCENT, last.subject, last.of
        else:
            draft = StatementDraft(
                value, None, None, value.start, self.depths[value.start], self._words_of(value.start)
            )
            draft.reason = NotUnderstood.NO_ROLE
            self.found.append(draft)
            return
        draft = StatementDraft(value, role, subject, value.start, self.depths[value.start], self._words_of(value.start))
        draft.of = owner
        draft.reason = None if subject else NotUnderstood.NO_SUBJECT
        if share and share.groupdict().get("of"):
            draft.base = share["of"]
        if role is StatementRole.CHANGE_PERCENT:
            self._compare(draft, self._base(value.start))
        self.found.append(draft)

    def _measures(self, budget: StatementDraft, value: PrintedValue) -> bool:
        """Whether a rate stands right behind the budget of which it is (完成预算500万元的48.2%)."""
        between = self.grammar.rate_of.match(self.text, budget.value.end)
        return between is not None and between.end() == value.start

    def _near(self, end: int, start: int) -> bool:
        return self.text[end:start].strip("，,、(:") == ""

    def _compare(self, draft: StatementDraft, base: re.Match[str] | None) -> None:
        if base is not None:
            groups = base.groupdict()
            draft.base_year = int(groups["year"]) if groups["year"] else None
            draft.base = groups["base"] or groups["budget"]
            if groups["budget"] and self.state.kind is not Kind.BUDGET:
                draft.base_year = self.state.year

    def _base(self, at: int) -> re.Match[str] | None:
        """The comparison of a sentence that stands last before a place."""
        last = None
        for match in self.grammar.base.finditer(self.text, self._sentence(at - 1)[0], at):
            last = match
        return last

    def _owner(self, start: int, end: int, at: int) -> tuple[StatedSubject | None, StatementDraft | None]:
        """What a change, share or rate is of: the subject that its words name, else the amount before it."""
        named = None
        if self.found and start < self.found[-1].value.end <= end:
            start = self.found[-1].value.end
        piece = self.text[start:end]
        tail = re.sub(r"^(?:相比|比较|相比较)?[，,:]?", "", piece)
        base = self._base(at)
        spans = [(start + len(piece) - len(tail), end)]
        if base is not None and base.start() < end:
            told = self.found[-1].value.end if self.found and self.found[-1].value.end <= base.start() else 0
            spans.append((words_begin(self.text, base.start(), told), base.start()))
        for begin, finish in spans:
            if begin < finish and named is None and not self.text.startswith(_MAINLY, begin):
                found = self.state.subjects.read(self.text, begin, finish, None, basic=self.state.basic)
                named = found[0] if found else None
        amounts = [one for one in self.found if one.role in _ROLES_OF_AMOUNTS]
        if named is not None:
            same = [one for one in amounts if one.subject and same_subject(one.subject, named)]
            same = same or self._called_shortly(amounts, named)
            return (same[-1].subject, same[-1]) if same else (named, None)
        before = [one for one in amounts if one.depth <= self.depths[at] and one.role is StatementRole.CURRENT]
        before = [one for one in before if one.value.kind is ValueKind.MONEY] or before
        if base is not None and (parts := self._list_before(base.start())):
            # A sentence of its own, after a list of parts, compares what they are parts of.
            before = [one for one in before if one.value.end <= parts] or before
        if named_alone := self._named_alone(before[-1].value.end if before else 0, at):
            return named_alone, None
        if before and base is not None and _AFFECTED.search(self.text, before[-1].value.end, base.start()):
            return None, None  # 税收收入受政策影响，较上年减少…: of another thing than the amount before
        if before:
            clause = self.text[words_begin(self.text, at, 0) : end]
            owner = min(before, key=lambda one: one.depth) if "总体" in clause else before[-1]
            return owner.subject, owner
        return self.running or self.state.heading, None

    def _named_alone(self, start: int, at: int) -> StatedSubject | None:
        """A subject that is compared and has no amount of its own (运行费比预算无增减变化，比去年增加1.05万元)."""
        begin = max(start, self._sentence(at - 1)[0])
        for one in reversed(self.found):
            if one.value.start < begin:
                break
            if one.role is StatementRole.DIRECTION and one.of is None and one.subject and one.subject.id:
                return one.subject
        return None

    @staticmethod
    def _called_shortly(amounts: Sequence[StatementDraft], named: StatedSubject) -> list[StatementDraft]:
        """The amounts of the one subject whose last words are used for it (公务用车运行费 … 运行费)."""
        if named.id or named.code or len(named.words) < _SHORT:
            return []
        found = [
            one
            for one in amounts
            if one.subject and one.subject.words.endswith(named.words) and not _JOINS.search(one.subject.words)
        ]
        return found if len({one.subject.words for one in found if one.subject}) == 1 else []

    def _list_before(self, at: int) -> int | None:
        """Where the parts begin that end the sentence before, if a new sentence begins at a place."""
        start, _ = self._sentence(at)
        if start != at or not start:
            return None
        earlier, _ = self._sentence(start - 1)
        marker = next(iter(self.grammar.parts.finditer(self.text, earlier, start)), None)
        return marker.start() if marker else None

    def _directions_between(self, start: int, end: int) -> None:
        """Words of direction that no value follows: 持平, or a comparison that tells no figure."""
        for match in self.grammar.budget_word.finditer(self.text, start, end):
            subject, owner = self._owner(match.start(), match.start(), match.start())
            same, left_open = "持平" in match[0] or "等于" in match[0], "大小" in match[0] or "(小)" in match[0]
            value = None if left_open else Decimal(0 if same else 1 if "大于" in match[0] else -1)
            printed = PrintedValue(ValueKind.COUNT, match.start(), match.end(), match[0], None, value)
            draft = StatementDraft(
                printed, StatementRole.DIRECTION, subject, match.start(), 0, self._words_of(match.start())
            )
            draft.of, draft.base = owner, "年初预算"
            self.found.append(draft)
        for match in self.grammar.direction.finditer(self.text, start, end):
            base = self._base(match.start())
            if base is None or base.end() > match.start() or self._budgeted(match.start()):
                continue
            sign = self.grammar.signs[match["word"]]
            behind = self.text[match.end() : match.end() + 3]
            behind = behind.removeprefix("支出").removeprefix("收入")
            ends = not behind or behind[0] in "，。；;、,)("
            if not ends or (
                sign != 0 and (match.end() == end or re.search("，", self.text[base.end() : match.start()]))
            ):
                continue
            if sign == 0 and re.search("原因", self.text[base.end() : match.start()]):
                continue
            subject, owner = self._owner(base.end(), match.start(), match.start())
            self._direction(match.start(), match, base, subject, owner)

    def _budgeted(self, at: int) -> bool:
        return any(one.role is StatementRole.DIRECTION and one.value.start <= at < one.value.end for one in self.found)

    def _direction(
        self,
        at: int,
        match: re.Match[str],
        base: re.Match[str] | None,
        subject: StatedSubject | None,
        owner: StatementDraft | None,
    ) -> None:
        sign = None if match["open"] else self.grammar.signs[match["word"]]
        value = None if sign is None else Decimal(sign)
        behind = match.string[match.end() :] if match.end() < len(match.string) else ""
        word = match[0] + next((one for one in ("支出", "收入") if behind == one), "")
        printed = PrintedValue(ValueKind.COUNT, at, at + len(word), word, None, value)
        start = base.start() if base else at
        draft = StatementDraft(printed, StatementRole.DIRECTION, subject, start, self.depths[at], self._words_of(at))
        draft.of = owner
        draft.reason = None if subject else NotUnderstood.NO_SUBJECT
        self._compare(draft, base)
        self.found.append(draft)

    def _words_of(self, at: int) -> str:
        start, end = self._sentence(at)
        return self.text[start:end]
