"""Which family of forms a file is read by, and why: for whoever writes a family, or wonders what was understood."""

from dataclasses import dataclass
from pathlib import Path

from analysis.extraction.formats.format_registry import format_of
from analysis.knowledge.families import load_families
from analysis.reading.forms.locate import locate
from analysis.reading.forms.recognise import Recognition, recognise
from analysis.steps.read_and_resolve import read_and_resolve


@dataclass(frozen=True, slots=True)
class FileForms:
    """How a file is understood.

    Attributes:
        recognition: Its family, and how well every family fits.
        tables: The official tables that were found, each as its printed title and its id.
        problems: What was not understood, in sentences.
    """

    recognition: Recognition
    tables: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]


def describe_forms(path: Path, forms_dir: Path | None = None) -> FileForms:
    """How the file is understood in the words of the families that are known.

    Args:
        path: The file.
        forms_dir: A user's own families; None for none.

    Raises:
        UnreadableFileError: The file cannot be read, or holds no budget.
        KnowledgeError: A family of `forms_dir` is malformed.
    """
    document = read_and_resolve(path, forms_dir)
    # Once more as blocks: what a document is made into keeps neither the titles nor the families that it is not.
    blocks = format_of(path).read(path)
    recognition = recognise(blocks, load_families(forms_dir).by_id.values())
    located = locate(blocks, recognition)
    tables = tuple(
        dict.fromkeys((table.title or "", table.form.table) for table in located.tables if table.form is not None)
    )
    return FileForms(recognition, tables, document.problems)
