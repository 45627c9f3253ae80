"""How the findings of a cleaned and validated folder stand to lists of known errors.

    python tools/match_findings.py CLEAN_DIR LIST.csv [LIST.csv ...] [--all]

A list has the columns id or document (the file's name, with or without its ending), printed, expected or should_be,
severity or class, and where it has them table_or_narrative or where. A row of the list is *found* where a finding of
its document names the expected value, or what is printed at that place; the tool prints for every document the rows
found, found more than once and missed, and the errors that no row knows. It is a guide and matches by figures and
words: what it calls missed or extra wants a look, not belief.
"""

import argparse
import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from analysis.dataset.store import read_table
from analysis.terms.finding import Severity

_NUMBER = re.compile(r"\d[\d,，]*(?:\.\d+)?")
_WORDS = re.compile(r"[\u4e00-\u9fff（）()“”]{3,}")
_TABLES = {
    "b1": "revenue_expenditure_summary", "b2": "revenue", "b3": "expenditure", "b4": "appropriation_summary",
    "b5": "general_public_budget", "b6": "government_fund", "b7": "state_capital", "b8": "basic_by_economic",
    "b9": "three_public",
}  # fmt: skip
_IN_TEXT = {"narrative", "text"}
_TOLD = ("error", "undetermined")


@dataclass(frozen=True, slots=True)
class Known:
    """A row of a list: where it is, its severity, the figures and words printed, and those expected."""

    row: Mapping[str, str]
    document: str
    severity: str
    tables: frozenset[str]
    printed: frozenset[str]
    expected: frozenset[str]

    @property
    def words(self) -> str:
        """The row in one line."""
        place = self.row.get("table_or_narrative") or self.row.get("where") or ""
        return f"{place} {self.row.get('where') or ''} | {self.row['printed'][:60]} → {self._expected[:40]}"

    @property
    def _expected(self) -> str:
        return self.row.get("expected") or self.row.get("should_be") or ""


def tokens(*texts: str | None) -> frozenset[str]:
    """The figures, without separators, and the runs of Chinese words of some texts."""
    joined = " ".join(text for text in texts if text)
    figures = (one.replace(",", "").replace("，", "") for one in _NUMBER.findall(joined))
    return frozenset([one.rstrip("0").rstrip(".") if "." in one else one for one in figures if len(one) > 1]) | {
        word.strip("（）()“”") for word in _WORDS.findall(joined)
    }


def read_known(path: Path) -> Iterator[Known]:
    """The rows of a list."""
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(line for line in lines if line.strip()):
            name = row.get("id") or row.get("document") or ""
            place = row.get("table_or_narrative") or ""
            tables = {table for short, table in _TABLES.items() if re.search(rf"\b{short}\b", place)}
            tables |= {table for table in _TABLES.values() if re.search(rf"(?<![a-z_]){table}(?![a-z_])", place)}
            tables |= _IN_TEXT if re.search("narrative|text|cover|contents|other", place) or not place else set()
            expected = row.get("expected") or row.get("should_be")
            yield Known(
                row,
                Path(name).stem if name.endswith((".html", ".pdf", ".txt", ".xlsx", ".docx")) else name,
                row.get("severity") or row.get("class") or "",
                frozenset(tables),
                tokens(row["printed"], row.get("where") if not place.startswith("narr") else None),
                tokens(expected),
            )


def said(finding: Mapping[str, Any]) -> tuple[frozenset[str], frozenset[str]]:
    """What a finding says is printed, and what it says should stand there, as figures and words."""
    figures = finding["figures"]
    printed = [finding["printed"], finding["code"], finding["name"], *(one["printed"] for one in figures)]
    printed += [value for one in figures for value in (one["code"], one["name"])]
    proposed = [finding["expected"], *(one["proposed"] for one in figures)]
    return tokens(*map(_text, printed)), tokens(*map(_text, proposed))


def _share(one: Iterable[str], other: Iterable[str]) -> bool:
    """Whether two sets of tokens hold one value, to the decimals of the one that prints fewer."""
    return any(_alike(first, second) for first in one for second in other)


def _alike(one: str, other: str) -> bool:
    if one == other or not (one[0].isdigit() and other[0].isdigit()):
        return one == other
    few = min(len(text.partition(".")[2]) for text in (one, other))
    step = Decimal(1).scaleb(-few)
    return Decimal(one).quantize(step, ROUND_HALF_UP) == Decimal(other).quantize(step, ROUND_HALF_UP)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def matches(known: Known, finding: Mapping[str, Any]) -> bool:
    """Whether a finding of the row's document tells of the row."""
    if known.tables and finding["table"] is not None:
        figures = finding["figures"]
        if not known.tables & {finding["table"], *(one["table"] for one in figures)}:
            return False
    printed, proposed = said(finding)
    if _share(known.expected, proposed) and (known.printed & printed or len(known.expected) == 1):
        return True
    if known.expected and proposed:
        return False
    return bool(known.printed & printed)


def report(findings: Iterable[Mapping[str, Any]], known: Iterable[Known], *, everything: bool) -> list[str]:
    """The lines of the report, and at their head the counts."""
    by_document: dict[str, list[Mapping[str, Any]]] = {}
    for finding in findings:
        by_document.setdefault(Path(str(finding["source_file"])).stem, []).append(finding)
    lines: list[str] = []
    counts = {"found": 0, "twice": 0, "missed": 0, "extra": 0}
    rows: dict[str, list[Known]] = {}
    for one in known:
        rows.setdefault(one.document, []).append(one)
    for document in sorted(rows.keys() & by_document.keys() | rows.keys()):
        here, of_list = by_document.get(document, []), rows[document]
        lines.append(f"== {document}")
        explained: set[int] = set()
        for one in of_list:
            hits = [at for at, finding in enumerate(here) if matches(one, finding)]
            errors = [at for at in hits if here[at]["severity"] == Severity.ERROR]
            explained |= set(hits)
            told = one.severity in _TOLD
            state = "found" if hits else "missed"
            counts[state] += told
            counts["twice"] += told and len(errors) > 1
            if everything or (told and (not hits or len(errors) > 1)):
                rules = ", ".join(f"{here[at]['rule']}({here[at]['severity']})" for at in hits)
                lines.append(f"  {state:6} x{len(hits)} [{one.severity}] {one.words} :: {rules}")
        for at, finding in enumerate(here):
            if at not in explained and finding["severity"] == Severity.ERROR:
                counts["extra"] += 1
                lines.append(f"  EXTRA  {finding['rule']} {finding['table']} {str(finding['message_zh'])[:110]}")
    return [" ".join(f"{name} {count}" for name, count in counts.items()), *lines]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clean", type=Path)
    parser.add_argument("lists", type=Path, nargs="+")
    parser.add_argument("--all", action="store_true", help="rows that were found too")
    options = parser.parse_args()
    known = [one for path in options.lists for one in read_known(path)]
    findings = read_table(options.clean, "findings").iter_rows(named=True)
    print("\n".join(report(findings, known, everything=options.all)))


if __name__ == "__main__":
    main()
