"""One finding as a card: what is wrong, where, what is printed and what it should be, the evidence, the picture."""

from collections.abc import Mapping
from html import escape
from typing import Any

from analysis.display.words import SEVERITY_NAMES, place_in_file, place_in_table

_SHOWN_LINES = 3

Finding = Mapping[str, Any]


def card(row: Finding, picture: str, document_link: str) -> str:
    """The finding as HTML; `picture` and `document_link` are HTML already."""
    severity, accepted = row["severity"], row["status"] == "accepted"
    state = '<span class="tag accepted">已确认 accepted</span>' if accepted else ""
    reason = f'<p class="reason">确认理由：{escape(row["accepted_reason"] or "")}</p>' if accepted else ""
    return (
        f'<article class="finding {escape(severity)}" id="f-{escape(row["finding_id"])}" '
        f'data-severity="{escape(severity)}" data-document="{escape(row["document_id"])}" '
        f'data-rule="{escape(row["rule"])}" data-status="{escape(row["status"])}">'
        f'<p class="place"><span class="tag {escape(severity)}">{SEVERITY_NAMES[severity]} {severity}</span>{state} '
        f"{document_link} {escape(place_in_file(row))}</p>"
        f"<h3>{escape(row['message_zh'])}</h3>"
        f'<p class="note" lang="en">{escape(row["message_en"])}</p>{reason}{_figures(row)}'
        f"{picture}{_lines('其他可能 · cannot be told apart from', row['alternatives'], open_=True)}"
        f"{_lines('依据 · evidence', row['evidence'])}"
        f'<p class="note id">{escape(place_in_table(row))} · {escape(row["rule"])} · '
        f"<code>{row['finding_id']}</code></p>"
        "</article>"
    )


def _figures(row: Finding) -> str:
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
