"""What stands above the findings on an audit page: the answer, the counts by document and by rule, the filters."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from analysis.display.tables import Heading, Headline, Headlines, Paragraph, Table
from analysis.display.words import SEVERITY_NAMES
from analysis.site.listing import ListFilter


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in the table of an audit's index.

    Attributes:
        source_file, organisation, year: As the dataset has them.
        page: The address of its audit page; None where it has none.
        counts: Its open findings by severity, in the order of `SEVERITY_NAMES`, and those that somebody accepted.
    """

    source_file: str
    organisation: str | None
    year: int | None
    page: str | None
    counts: tuple[int, ...]


def _counts(findings: pl.DataFrame) -> dict[str, int]:
    return dict(findings.filter(pl.col("status") == "open")["severity"].value_counts().iter_rows())


def lead(findings: pl.DataFrame, documents: int) -> Paragraph:
    """The answer in one sentence."""
    counts = _counts(findings)
    if not counts:
        return Paragraph(
            (f"{documents} 个文件中没有未处理的问题。" if documents > 1 else "没有未处理的问题。",), lead=True
        )
    open_counts = "，".join(f"{name} {counts[key]} 个" for key, name in SEVERITY_NAMES.items() if key in counts)
    troubled = findings.filter(pl.col("status") == "open")["document_id"].n_unique()
    among = f"，见于 {troubled} 个文件（共 {documents} 个）" if documents > 1 else ""
    return Paragraph((f"未处理：{open_counts}{among}。",), lead=True)


def headlines(findings: pl.DataFrame, outcomes: pl.DataFrame) -> Headlines:
    """Open findings by severity, and the places looked at: `outcomes` has outcome and places."""
    counts = _counts(findings)
    places = dict(outcomes.group_by("outcome").agg(pl.col("places").sum()).iter_rows())
    accepted = findings.filter(pl.col("status") == "accepted").height
    checked = places.get("pass", 0) + places.get("fail", 0)
    compared = f"相符 {places.get('pass', 0):,}，不符 {places.get('fail', 0):,}"
    return Headlines(
        (
            Headline("错误 error", str(counts.get("error", 0)), "个", "数字或文字必定有误"),
            Headline("警告 warning", str(counts.get("warning", 0)), "个", "与惯例不符，请核实"),
            Headline("提示 info", str(counts.get("info", 0)), "个", f"另有已确认 {accepted} 个"),
            Headline(
                "勾稽核对 checks", f"{checked:,}", "处", f"{compared}，未能检查 {places.get('not_applicable', 0):,}"
            ),
        )
    )


def by_document(findings: pl.DataFrame, documents: pl.DataFrame, pages: Mapping[str, str]) -> list[DocumentRow]:
    """The findings of each document that was read; `pages` are the addresses of audit pages by document."""
    opened = findings.filter(pl.col("status") == "open").group_by("document_id", "severity").len()
    accepted = findings.filter(pl.col("status") == "accepted")["document_id"].value_counts()
    by_severity = {(name, severity): count for name, severity, count in opened.iter_rows()}
    by_acceptance = dict(accepted.iter_rows())
    return [
        DocumentRow(
            row["source_file"],
            row["organisation"],
            row["document_year"],
            pages.get(row["document_id"]),
            (
                *(by_severity.get((row["document_id"], severity), 0) for severity in SEVERITY_NAMES),
                by_acceptance.get(row["document_id"], 0),
            ),
        )
        for row in documents.sort("organisation", "document_year", "source_file").iter_rows(named=True)
    ]


def by_rule(findings: pl.DataFrame, sentences: Mapping[str, str]) -> Table:
    """How many findings each rule made, and what the rule says (`sentences` by its id)."""
    counts = findings.group_by("rule").agg(
        *((pl.col("severity") == one).sum().alias(one) for one in SEVERITY_NAMES),
        accepted=(pl.col("status") == "accepted").sum(),
    )
    ordered = counts.sort(*SEVERITY_NAMES, "rule", descending=[True, True, True, False])
    rows = tuple(
        (row["rule"], *(str(row[one] or "·") for one in (*SEVERITY_NAMES, "accepted")), sentences.get(row["rule"], ""))
        for row in ordered.iter_rows(named=True)
    )
    numbers = (Heading(name) for name in (*SEVERITY_NAMES.values(), "其中已确认"))
    return Table("每条规则发现的问题", (Heading("规则", number=False), *numbers, Heading("内容", number=False)), rows)


def filters(findings: pl.DataFrame, names: Mapping[str, str]) -> tuple[ListFilter, ...]:
    """What the cards can be filtered by; `names` are the names of documents by their id."""
    present = set(findings["severity"])
    documents = findings["document_id"].unique(maintain_order=True)
    return (
        ListFilter("severity", "程度", tuple(one for one in SEVERITY_NAMES.items() if one[0] in present)),
        ListFilter("document", "文件", tuple((name, names.get(name, name)) for name in documents)),
        ListFilter("rule", "规则", tuple((rule, rule) for rule in sorted(set(findings["rule"])))),
        ListFilter("status", "状态", (("open", "未处理 open"), ("accepted", "已确认 accepted"))),
    )
