"""The books that documents are checked by, handed in: nothing in this room opens one by itself.

What is promised depends on the family of forms by which a document was read; so two places can stand side by side.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.knowledge.code_books import CodeRules, code_book, code_rules
from analysis.knowledge.families import NATIONAL, Families
from analysis.knowledge.identities import load_identities
from analysis.knowledge.text_rules import TextRules, load_text_rules
from analysis.terms.code_book import CodeBook, CodeEntry
from analysis.terms.identity import Identities


@dataclass(frozen=True, slots=True, eq=False)
class CheckingContext:
    """The books of a check: families of forms, identities, rules of the text by family, the code book and its rules."""

    families: Families
    identities: Identities
    text_rules: Mapping[str, TextRules]
    code_book: CodeBook
    code_rules: CodeRules

    def text_rules_of(self, family: str | None) -> TextRules:
        """The rules of the text with the words of a family; of none where it is not known."""
        return self.text_rules.get(family or NATIONAL, self.text_rules[NATIONAL])


def checking_context(families: Families, official: Sequence[CodeEntry] = ()) -> CheckingContext:
    """The books of the package, with what the families say and a user's `official` list of codes.

    Raises:
        KnowledgeError: A book is malformed.
    """
    return CheckingContext(
        families, load_identities(families), load_text_rules(families), code_book(official), code_rules()
    )
