"""One finding as a card: what is wrong, where, what is printed and what it should be, the evidence, the picture."""

import re
from collections.abc import Mapping
from functools import cache
from html import escape
from typing import Any

from analysis.knowledge import read_toml

SEVERITIES = {"error": "错误", "warning": "警告", "info": "提示"}
TEXTS = {"narrative": "编制说明的条目", "text": "文字说明"}
_FILLED = re.compile(r"\{\w+\}")
_SHOWN_LINES = 3

Row = Mapping[str, Any]


@cache
def table_names() -> Mapping[str, str]:
    """Published names of the tables by id, those of the text among them."""
    return {**read_toml("identities")["tables"], **TEXTS}


@cache
def measure_names() -> Mapping[str, str]:
    """Published names of the columns by id."""
    return dict(read_toml("identities")["measures"])


@cache
def rule_sentences() -> Mapping[str, str]:
    """What a rule says, by its id: an identity its sentence, another rule its message with … for what is filled in."""
    sentences = {entry["id"]: entry["zh"] for entry in read_toml("identities")["identities"]}
    for shelf in ("code_rules", "text_rules"):
        for name, entry in read_toml(shelf)["rules"].items():
            sentences[name] = _FILLED.sub("…", entry["zh"]).replace("<", "").replace(">", "")
    return sentences


def where(row: Row) -> str:
    """The place of a finding in words: table, row, column."""
    table, measure = row["table"], row["measure"]
    words = (table_names().get(table, table), row["code"], row["name"], measure_names().get(measure, measure))
    return " ".join(str(word) for word in words if word)


def spot(row: Row) -> str:
    """Where to look in the file: cell, page or line."""
    if row["cell"]:
        return str(row["cell"])
    if row["page"] is not None:
        return f"第 {row['page']} 页"
    return f"第 {row['line']} 行" if row["line"] is not None else ""


def card(row: Row, picture: str, document_link: str) -> str:
    """The finding as HTML; `picture` and `document_link` are HTML already."""
    severity, accepted = row["severity"], row["status"] == "accepted"
    state = '<span class="tag accepted">已确认 accepted</span>' if accepted else ""
    reason = f'<p class="reason">确认理由：{escape(row["accepted_reason"] or "")}</p>' if accepted else ""
    return (
        f'<article class="finding {escape(severity)}" id="f-{escape(row["finding_id"])}" '
        f'data-severity="{escape(severity)}" data-document="{escape(row["document_id"])}" '
        f'data-rule="{escape(row["rule"])}" data-status="{escape(row["status"])}">'
        f'<p class="place"><span class="tag {escape(severity)}">{SEVERITIES[severity]} {severity}</span>{state} '
        f"{document_link} {escape(spot(row))}</p>"
        f"<h3>{escape(row['message_zh'])}</h3>"
        f'<p class="note" lang="en">{escape(row["message_en"])}</p>{reason}{_figures(row)}'
        f"{picture}{_lines('其他可能 · cannot be told apart from', row['alternatives'], open_=True)}"
        f"{_lines('依据 · evidence', row['evidence'])}"
        f'<p class="note id">{escape(where(row))} · {escape(row["rule"])} · <code>{row["finding_id"]}</code></p>'
        "</article>"
    )


def _figures(row: Row) -> str:
    if not row["printed"] and not row["expected"]:
        return ""
    expected = escape(row["expected"]) if row["expected"] else '<span class="note">不能确定 not determined</span>'
    printed = escape(row["printed"]) if row["printed"] else '<span class="note">空白 blank</span>'
    return (
        f'<dl class="figures"><div><dt>印出 printed</dt><dd class="printed">{printed}</dd></div>'
        f'<div><dt>应为 expected</dt><dd class="expected">{expected}</dd></div></dl>'
    )


def _lines(title: str, text: str | None, *, open_: bool = False) -> str:
    lines = [line for line in (text or "").splitlines() if line.strip()]
    if not lines:
        return ""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    shown = " open" if open_ or len(lines) <= _SHOWN_LINES else ""
    return f"<details{shown}><summary>{escape(title)}（{len(lines)}）</summary><ul>{items}</ul></details>"
