"""The form book: from the knowledge shelf to the recognition of titles and headers.

Recognition is data (knowledge/forms.toml); this module only prepares words for comparison. A title may carry a year,
an organisation, an ordinal and one mistyped character (国有资本经验预算); it is known by how it ends, the longest
title first.
"""

import re
from functools import cache

from analysis.errors import KnowledgeError
from analysis.knowledge import read_toml
from analysis.terms.code import Scheme
from analysis.terms.form import Form, FormBook, Layout, MeasureRule
from analysis.terms.label import squeeze
from analysis.terms.line_item import Column, Kind, Phase, Side

_YEAR = re.compile(r"\d{4}年(?:度)?")
_QUOTES = re.compile(r"[“”\"'‘’「」《》]")
_PHASE = re.compile(r"/?(?:上年|本年|当年|年初|全年)?(预算|决算|执行)数$")
_PHASES = {"预算": Phase.APPROVED, "决算": Phase.EXECUTED, "执行": Phase.EXECUTED}
# What may stand before a title: nothing, an ordinal, or the name of a body. 项目支出预算表 is not 支出预算表.
_BEFORE_TITLE = re.compile(
    r"(?:.*(?:部门|单位|[级区市县省局办委院会处馆校所镇乡街道厅室站队团社园部心司度年.、:]|\d|附件|附表))?$"
)
_LONGEST_TITLE_LINE = 60
_SHORTEST_SLIPPED = 8


@cache
def form_book() -> FormBook:
    """The forms of the knowledge shelf.

    Raises:
        KnowledgeError: an entry lacks a key or has a word that the terms do not know.
    """
    raw = read_toml("forms")
    try:
        forms = tuple(
            Form(
                table=entry["table"],
                kind=Kind(entry["kind"]),
                titles=tuple(entry["titles"]),
                headings=tuple(entry.get("headings", ())),
                layout=Layout(entry["layout"]),
                scheme=Scheme(entry["scheme"]) if entry["scheme"] else None,
                side=Side(entry["side"]) if "side" in entry else None,
                since=entry.get("since", 0),
                plain=tuple(
                    tuple((Side(side), measure) for side, _, measure in (word.partition(":") for word in variant))
                    for variant in entry["plain"]
                ),
            )
            for entry in raw["forms"]
        )
        measures = tuple(
            MeasureRule(entry["id"], entry["header"], Side(entry["side"]) if "side" in entry else None)
            for entry in raw["measures"]
        )
        labels = raw["labels"]
        return FormBook(forms, measures, labels["code"], labels["name"], labels["ignored"])
    except (KeyError, ValueError) as error:
        raise KnowledgeError(f"knowledge/forms.toml: {error}; mend the entry") from error


def plain_words(text: str) -> str:
    """The text as patterns expect it: NFKC, no white space, no year, no quotation marks."""
    return _QUOTES.sub("", _YEAR.sub("", squeeze(text)))


@cache
def _titles() -> tuple[tuple[str, Form], ...]:
    pairs = [(title, form) for form in form_book().forms for title in form.titles]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def title_to_form(text: str) -> Form | None:
    """The form whose title the line is, or None. A bracketed ending such as (续表) or (公开01表) does not count."""
    if len(text) > 2 * _LONGEST_TITLE_LINE:
        return None
    words = re.sub(r"\([^()]*\)$", "", plain_words(text))
    if not words.endswith("表") or len(words) > _LONGEST_TITLE_LINE:
        return None
    for title, form in _titles():
        if words.endswith(title):
            return form if _BEFORE_TITLE.fullmatch(words[: -len(title)]) else None
    for title, form in _titles():
        if len(title) >= _SHORTEST_SLIPPED and len(words) >= len(title):
            before, ending = words[: -len(title)], words[-len(title) :]
            slips = sum(a != b for a, b in zip(ending, title, strict=True))
            if slips == 1 and _BEFORE_TITLE.fullmatch(before):
                return form
    return None


def headings_to_form(headings: set[str], kind: Kind | None) -> Form | None:
    """The one form that one of the header cells names, for a table that lost its title; None where it is not clear."""
    found = {
        form.table: form
        for form in form_book().forms
        if (kind is None or form.kind is kind) and headings.intersection(form.headings)
    }
    return next(iter(found.values())) if len(found) == 1 else None


@cache
def path_to_column(path: str, form: Form, side: Side | None) -> Column | None:
    """What the column under the header path holds, or None where the words are not known."""
    book = form_book()
    phase = Phase.APPROVED if form.kind is Kind.BUDGET else Phase.EXECUTED
    words = path
    if match := _PHASE.search(path):
        phase, words = _PHASES[match[1]], path[: match.start()]
    for rule in book.measures:
        if re.search(rf"(?:^|/)(?:{rule.pattern})$", words):
            return _column(rule, form, side, phase)
    return Column("total", side or form.side or Side.EXPENDITURE, phase) if words != path else None


def _column(rule: MeasureRule, form: Form, side: Side | None, phase: Phase) -> Column:
    own = rule.side if form.layout is Layout.CODED and form.side is Side.EXPENDITURE else None
    return Column(rule.measure, own or side or form.side or Side.EXPENDITURE, phase)


def label_kind(path: str) -> str | None:
    """`code`, `name` or `ignored` where the header path marks a label column, else None."""
    book = form_book()
    for kind, pattern in (("ignored", book.ignored_label), ("code", book.code_label), ("name", book.name_label)):
        if re.search(pattern, path):
            return kind
    return None
