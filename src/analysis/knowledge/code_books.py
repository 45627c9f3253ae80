"""The code books and the rules about codes, read strictly from the shelf.

Three files with the same columns: the functional and the economic classification as far as they are known, and the
names that codes bore before (`code_changes.csv`). Somebody who has the official list gives it (`official_codes`); it
then speaks alone for every code that it names, but for former names that end before it begins.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from string import Formatter

from analysis.errors import KnowledgeError
from analysis.knowledge.load import Shape, read_shape, shelf, to_shape
from analysis.terms.code import Scheme, level_of
from analysis.terms.code_book import CodeBook, CodeEntry, Evidence
from analysis.terms.finding import Severity

COLUMNS = ("code", "name", "level", "from", "until", "source", "evidence")
_BOOKS = ("functional_codes.csv", "economic_codes.csv", "code_changes.csv")
_FIRST_DIGIT = {"2": Scheme.FUNCTIONAL, "3": Scheme.ECONOMIC}
RULES_FILE = "code_rules.toml"
_FILLED = {"table", "code", "name", "printed", "expected", "year", "other"}


@dataclass(frozen=True, slots=True)
class CodeRule:
    """One way in which a code can be wrong: how grave it is, its sentences, and where the rule comes from."""

    id: str
    severity: Severity
    zh: str
    en: str
    source: str


@dataclass(frozen=True, slots=True)
class CodeRules:
    """All rules by id, and the endings that make no difference between two names."""

    rules: Mapping[str, CodeRule]
    endings: tuple[str, ...]


def code_book(official: Sequence[CodeEntry] = ()) -> CodeBook:
    """The code books of the package, overridden by the entries of an `official` list (see `official_codes`)."""
    if not official:
        return _known()
    begins: dict[tuple[Scheme, str], int] = {}
    for entry in official:
        key = entry.scheme, entry.code
        begins[key] = min(begins.get(key, 9999), entry.since or 0)
    kept = (
        entry
        for entry in _known().entries
        if (entry.scheme, entry.code) not in begins
        or (entry.until is not None and entry.until < begins[entry.scheme, entry.code])
    )
    return CodeBook((*kept, *official))


@cache
def _known() -> CodeBook:
    entries = [entry for name in _BOOKS for entry in read_codes(name, shelf(name).read_text(encoding="utf-8"))]
    _refuse_contradictions("code books", entries)
    return CodeBook(tuple(entries))


def read_codes(name: str, text: str) -> tuple[CodeEntry, ...]:
    """The entries that a CSV text declares; `name` is that of the file, for messages.

    Raises:
        KnowledgeError: columns, codes, levels, years or evidence are malformed, or two entries contradict each other.
    """
    reader = csv.DictReader(io.StringIO(text), strict=True)
    found = tuple(reader.fieldnames or ())
    if found != COLUMNS:
        raise KnowledgeError(f"{name}: the columns must be {','.join(COLUMNS)}, not {','.join(found)}")
    entries = []
    try:
        for row in reader:
            entries.append(_entry(f"{name}, line {reader.line_num}", row))
    except csv.Error as error:
        raise KnowledgeError(f"{name}, line {reader.line_num}: no valid CSV: {error}") from error
    if not entries:
        raise KnowledgeError(f"{name}: no entries")
    _refuse_contradictions(name, entries)
    return tuple(entries)


def _entry(where: str, row: Mapping[str, str]) -> CodeEntry:
    if None in row or None in row.values():
        raise KnowledgeError(f"{where}: it must have {len(COLUMNS)} fields")
    code, evidence = row["code"], row["evidence"]
    scheme = _FIRST_DIGIT.get(code[:1])
    if scheme is None or not (code.isascii() and code.isdigit()):
        raise KnowledgeError(f"{where}: {code!r} is no code: functional ones begin with 2, economic ones with 3")
    level = level_of(code, scheme)
    if level is None or row["level"] != str(level):
        raise KnowledgeError(f"{where}: level {row['level']!r} does not fit the code {code}")
    if not row["name"].strip() or not row["source"].strip():
        raise KnowledgeError(f"{where}: name and source must not be empty")
    if evidence not in list(Evidence):
        raise KnowledgeError(f"{where}: evidence {evidence!r} is none of {', '.join(Evidence)}")
    since, until = _year(where, row["from"]), _year(where, row["until"])
    if since is not None and until is not None and since > until:
        raise KnowledgeError(f"{where}: from {since} is after until {until}")
    return CodeEntry(scheme, code, row["name"].strip(), level, since, until, row["source"], Evidence(evidence))


def _year(where: str, text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        raise KnowledgeError(f"{where}: {text!r} is no year of four digits")
    return int(text)


def _refuse_contradictions(where: str, entries: list[CodeEntry]) -> None:
    """A code has one name in a year: names of one code may follow each other, not overlap."""
    of_code: dict[tuple[Scheme, str], list[CodeEntry]] = {}
    for entry in entries:
        of_code.setdefault((entry.scheme, entry.code), []).append(entry)
    for (_, code), names in of_code.items():
        ordered = sorted(names, key=lambda entry: entry.until or 9999)
        for soon, late in pairwise(ordered):
            if soon.until is None or soon.until == late.until or (late.since or 9999) <= soon.until:
                raise KnowledgeError(f"{where}: code {code} is called {soon.name} and {late.name} at the same time")


class _CodeRuleEntry(Shape, frozen=True):
    severity: Severity
    zh: str
    en: str
    source: str


class _CodeRulesFile(Shape, frozen=True):
    endings: tuple[str, ...]
    rules: Mapping[str, _CodeRuleEntry]


@cache
def code_rules() -> CodeRules:
    """The rules that come with the package."""
    return _to_rules(read_shape(shelf(RULES_FILE), _CodeRulesFile))


def read_rules(text: str) -> CodeRules:
    """The rules that `text`, in TOML, declares.

    Raises:
        KnowledgeError: a rule is malformed; the message names it.
    """
    return _to_rules(to_shape(text, _CodeRulesFile, RULES_FILE))


def _to_rules(entries: _CodeRulesFile) -> CodeRules:
    rules = {}
    for name, rule in entries.rules.items():
        where = f"{RULES_FILE}, rule {name}"
        if not (rule.zh and rule.en and rule.source):
            raise KnowledgeError(f"{where}: zh, en and source must not be empty")
        parsed = (part for sentence in (rule.zh, rule.en) for part in Formatter().parse(sentence))
        if unknown := {field for _, field, _, _ in parsed if field} - _FILLED:
            raise KnowledgeError(f"{where}: unknown field {', '.join(sorted(unknown))}")
        rules[name] = CodeRule(name, rule.severity, rule.zh, rule.en, rule.source)
    return CodeRules(rules, entries.endings)
