"""The official tables that a document owes: those that its family publishes in that kind and year."""

from collections.abc import Mapping
from typing import Any

from analysis.knowledge.families import NATIONAL, Families
from analysis.terms.line_item import Kind


def owed_tables(document: Mapping[str, Any], families: Families) -> frozenset[str]:
    """The tables that a document should print, by its form, kind, year and level; none where its kind is not known."""
    family = families.by_id.get(document["form"] or NATIONAL, families.national)
    kind = Kind(document["kind"]) if document["kind"] else None
    government = document["level"] == "government"
    return frozenset(
        form.table
        for form in family.forms
        if form.kind is kind and form.government is government and form.since is not None
        if form.since <= (document["document_year"] or 0)
    )
