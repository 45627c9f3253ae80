"""Findings for tests: all that a finding must have, and what the test says of it."""

from typing import Any

from analysis.terms.finding import Finding, Severity

_ANY: dict[str, Any] = {
    "document_id": "d", "source_file": "某.pdf", "rule": "r", "severity": Severity.WARNING, "message_zh": "一",
    "message_en": "one",
}  # fmt: skip


def finding(**fields: Any) -> Finding:
    return Finding(**_ANY | fields)
