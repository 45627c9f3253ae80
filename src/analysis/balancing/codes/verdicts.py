"""What speaks against one code with its name: the book first, and where it is not sure, the other documents.

Where a code and its name contradict each other, the other tables of the document tell which of the two is wrong; where
they do not, both remain possible.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.terms.code import Scheme
from analysis.terms.code_book import CodeBook, CodeEntry, is_variant, plain_name


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A code with a name as one table prints them, and what else is printed.

    `names` are the plain names of that code in the documents of that year with the number of organisations that print
    each; `elsewhere` the codes and names of the document's other tables; `here` those of the same table.
    """

    scheme: Scheme
    code: str
    name: str
    year: int
    names: Mapping[str, int]
    elsewhere: frozenset[tuple[str, str]]
    here: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CodeVerdict:
    """What speaks against a code with its name: the rule, what should stand there, or what the others print."""

    rule: str
    expected: str | None = None
    other: str = ""
    alternatives: tuple[str, ...] = ()
    severity: str | None = None


def code_verdict(printed: PrintedCode, book: CodeBook, endings: Sequence[str]) -> CodeVerdict | None:
    """What the book, and where it is not sure the other documents, say against a code with its name."""
    scheme, code, name, year = printed.scheme, printed.code, printed.name, printed.year
    now = book.in_force(scheme, code, year)
    if now is not None and plain_name(now.name) == name:
        return None
    if now is not None and (old := book.former(scheme, code, year, name)):
        severity = None if old.evidence.sure and now.evidence.sure else "info"
        return CodeVerdict("code_old_name", f"{code} {now.name}", str(old.until), severity=severity)
    confirmed = printed.names[name] > 1
    if now is not None and now.evidence.sure:
        if confirmed or is_variant(name, plain_name(now.name), endings):
            return CodeVerdict("code_name_unsure", other=now.name)
        return _code_or_name(printed, now, book)
    if confirmed:
        return None
    neighbour = book.sibling_named(scheme, code, year, name)
    if now is None and neighbour:
        return CodeVerdict("code_of_name", f"{neighbour.code} {neighbour.name}", neighbour.code)
    if now is None and book.complete(scheme, code, year):
        return CodeVerdict("code_not_in_table")
    others = [other for other, organisations in printed.names.items() if other != name and organisations > 1]
    if len(others) == 1 and not is_variant(name, others[0], endings):
        return CodeVerdict("code_name_elsewhere", other=others[0])
    return CodeVerdict("code_unknown") if now is None else CodeVerdict("code_name_unsure", other=now.name)


def _code_or_name(printed: PrintedCode, now: CodeEntry, book: CodeBook) -> CodeVerdict:
    """Code and name contradict each other: the other tables tell which is right, or both remain possible."""
    neighbour = book.sibling_named(printed.scheme, printed.code, printed.year, printed.name)
    by_name = f"{printed.code} {now.name}"
    if neighbour is None or (neighbour.code, plain_name(neighbour.name)) in printed.here:
        return CodeVerdict("code_name", by_name, now.name)
    by_code = f"{neighbour.code} {neighbour.name}"
    code_wrong = (neighbour.code, printed.name) in printed.elsewhere
    name_wrong = (printed.code, plain_name(now.name)) in printed.elsewhere
    if code_wrong == name_wrong:
        return CodeVerdict("code_name", other=now.name, alternatives=(by_name, by_code))
    return CodeVerdict("code_name", by_code if code_wrong else by_name, now.name)
