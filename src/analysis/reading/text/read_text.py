"""What the text of a read document states: its paragraphs in the light of its own tables, once these are whole.

Tables of plain text find their columns only by the identities, so this is done when they have; nothing of the text goes
back into the tables.
"""

from dataclasses import replace

from analysis.knowledge.code_books import code_book
from analysis.knowledge.families import NATIONAL, Families
from analysis.knowledge.text_grammar import text_grammar
from analysis.knowledge.text_rules import load_text_rules
from analysis.reading.text.read_statements import read_statements
from analysis.reading.text.stated_subjects import SubjectReader
from analysis.terms.document import ReadDocument


def with_statements(document: ReadDocument, families: Families) -> ReadDocument:
    """The document with what its text states.

    Raises:
        KnowledgeError: A family of forms is malformed.
    """
    grammar, rules = text_grammar(), load_text_rules(families)
    cover = document.cover
    subjects = SubjectReader(
        rules.get(document.form or NATIONAL, rules[NATIONAL]),
        grammar,
        code_book(),
        cover.kind,
        document.line_items,
    )
    return replace(document, statements=read_statements(document.passages, subjects, grammar, cover.kind, cover.year))
