"""What stands above the findings on an audit page: the answer, the counts by document and by rule, the filters."""

from collections.abc import Mapping, Sequence
from html import escape

import polars as pl

from analysis.display.pictures import LEGEND
from analysis.display.tables import Heading, Headline, Headlines, Paragraph, Table
from analysis.display.words import SEVERITY_NAMES


def link(words: str, address: str | None) -> str:
    """A link, or the words alone where there is nothing to lead to."""
    return f'<a href="{escape(address)}">{escape(words)}</a>' if address else escape(words)


def _counts(findings: pl.DataFrame) -> dict[str, int]:
    return dict(findings.filter(pl.col("status") == "open")["severity"].value_counts().iter_rows())


def lead(findings: pl.DataFrame, documents: int) -> Paragraph:
    """The answer in one sentence."""
    counts = _counts(findings)
    if not counts:
        return Paragraph(
            (f"{documents} 个文件中没有未处理的问题。" if documents > 1 else "没有未处理的问题。",), lead=True
        )
    told = "，".join(f"{name} {counts[key]} 个" for key, name in SEVERITY_NAMES.items() if key in counts)
    troubled = findings.filter(pl.col("status") == "open")["document_id"].n_unique()
    among = f"，见于 {troubled} 个文件（共 {documents} 个）" if documents > 1 else ""
    return Paragraph((f"未处理：{told}{among}。",), lead=True)


def headlines(findings: pl.DataFrame, outcomes: pl.DataFrame) -> Headlines:
    """Open findings by severity, and the places looked at: `outcomes` has outcome and places."""
    counts = _counts(findings)
    places = dict(outcomes.group_by("outcome").agg(pl.col("places").sum()).iter_rows())
    accepted = findings.filter(pl.col("status") == "accepted").height
    seen = places.get("pass", 0) + places.get("fail", 0)
    looked = f"相符 {places.get('pass', 0):,}，不符 {places.get('fail', 0):,}"
    return Headlines(
        (
            Headline("错误 error", str(counts.get("error", 0)), "个", "数字或文字必定有误"),
            Headline("警告 warning", str(counts.get("warning", 0)), "个", "不合常例，请核实"),
            Headline("提示 info", str(counts.get("info", 0)), "个", f"另有已确认 {accepted} 个"),
            Headline("检查 checks", f"{seen:,}", "处", f"{looked}，未能检查 {places.get('not_applicable', 0):,}"),
        )
    )


def by_document(findings: pl.DataFrame, read: pl.DataFrame, pages: Mapping[str, str]) -> str:
    """The open findings of each document by severity, linked to its page; `pages` are the addresses by document."""
    counts = {
        (name, severity): count
        for name, severity, count in findings.filter(pl.col("status") == "open")
        .group_by("document_id", "severity")
        .len()
        .iter_rows()
    }
    accepted = dict(findings.filter(pl.col("status") == "accepted")["document_id"].value_counts().iter_rows())
    rows = "".join(
        f'<tr><th scope="row">{link(row["source_file"], pages.get(row["document_id"]))}</th>'
        + "".join(f"<td class=number>{counts.get((row['document_id'], one), '·')}</td>" for one in SEVERITY_NAMES)
        + f"<td class=number>{accepted.get(row['document_id'], '·')}</td>"
        f"<td>{escape(row['organisation'] or '')}</td><td class=number>{row['document_year'] or ''}</td></tr>"
        for row in read.sort("organisation", "document_year", "source_file").iter_rows(named=True)
    )
    heads = "".join(f'<th scope="col" class=number>{name}</th>' for name in (*SEVERITY_NAMES.values(), "已确认"))
    return (
        '<div class="table" role="region" tabindex="0" aria-label="每个文件的问题"><table><thead>'
        f'<tr><th scope="col">文件</th>{heads}<th scope="col">单位</th>'
        f'<th scope="col" class=number>年度</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


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


def filters(findings: pl.DataFrame, names: Mapping[str, str]) -> str:
    """The boxes that filter the cards; a box with one choice is left out."""
    severities = [(one, name) for one, name in SEVERITY_NAMES.items() if one in set(findings["severity"])]
    documents = [(name, names.get(name, name)) for name in findings["document_id"].unique(maintain_order=True)]
    rules = [(rule, rule) for rule in sorted(set(findings["rule"]))]
    states = [("open", "未处理 open"), ("accepted", "已确认 accepted")]
    choices = (("severity", "程度", severities), ("document", "文件", documents), ("rule", "规则", rules))
    boxes = [*choices, ("status", "状态", states)]
    return (
        '<div class="search">' + "".join(_select(*box) for box in boxes if len(box[2]) > 1) + "</div>"
        f'<p class="note" id="count" role="status"></p><p class="note">{LEGEND}</p>'
    )


def _select(name: str, title: str, choices: Sequence[tuple[str, str]]) -> str:
    options = "".join(f'<option value="{escape(value)}">{escape(words)}</option>' for value, words in choices)
    return (
        f'<label><span class="note">{title}</span><select id="{name}">'
        f'<option value="">全部</option>{options}</select></label>'
    )
