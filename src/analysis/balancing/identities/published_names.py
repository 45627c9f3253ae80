"""How the tables and columns that an identity speaks of are called: in the document, in the dataset, in a sentence.

Within a document a table is known by its own id. Where two documents are laid side by side each table stands under a
name of its own; what is told of it still uses the names that everybody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.terms.identity import Identities


@dataclass(frozen=True, slots=True)
class PublishedNames:
    """Names by table and measure; `ids` and `english` hold those tables that do not stand under their own id."""

    titles: Mapping[str, str]
    measures: Mapping[str, str]
    ids: Mapping[str, str] = field(default_factory=dict)
    english: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, identities: Identities) -> "PublishedNames":
        """The names that the shelf gives to the tables of one document."""
        return cls(identities.tables, identities.measures)

    def id_of(self, table: str) -> str:
        """The id of a table in the dataset."""
        return self.ids.get(table, table)

    def in_english(self, table: str) -> str:
        """A table in an English sentence."""
        return self.english.get(table, table)
