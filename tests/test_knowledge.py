"""The shelf: every file of it is read strictly, and what is wrong is said with its file and entry."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.errors import KnowledgeError
from analysis.indicators.catalogue import indicators
from analysis.knowledge import (
    code_books,
    disclosures,
    fact_rules,
    fact_subjects,
    fields,
    load,
    names,
    project_form,
    regions,
    text_grammar,
    text_rules,
)
from analysis.knowledge.families import load_families
from analysis.knowledge.identities import load_identities
from analysis.knowledge.text_rules import load_text_rules

SHELF = Path(load.__file__).parent
# Each file, a key of it misspelt, the entry that the error must name, and who reads the file, past what is remembered.
FILES: list[tuple[str, str, str, str, Callable[[], object]]] = [
    ("fields.toml", "required =", "requierd =", r"documents, fields 1 \(docu", fields.data_dictionary.__wrapped__),
    ("tables.toml", "short =", "shrot =", r"tables 1 \(revenue_expenditure_summary\)", names.tables.__wrapped__),
    ("tables.toml", "[[texts]]", "[[text]]", r"unknown field `text`; nearest known: texts", names.texts.__wrapped__),
    ("measures.toml", "part_of =", "partof =", r"measures 2 \(basic\)", names.measures.__wrapped__),
    ("indicators.toml", "formula =", "formular =", r"indicator 1 \(class_share\)", indicators.__wrapped__),
    ("disclosures.toml", "zh =", "zhh =", "disclosures, duties_and_structure", disclosures.disclosures.__wrapped__),
    ("facts.toml", "unit =", "unti =", r"subject 1 \(three_public\)", fact_subjects.fact_words.__wrapped__),
    ("fact_rules.toml", "whole =", "hole =", "parts 1", fact_rules.fact_rules.__wrapped__),
    ("project_form.toml", "pattern =", "patern =", r"label 1 \(name\)", project_form.project_form.__wrapped__),
    ("code_rules.toml", "severity =", "severe =", "rules, code_lost_zero", code_books.code_rules.__wrapped__),
    ("text_rules.toml", "kinds =", "kind =", "rules, text_item_amount", text_rules._rules.__wrapped__),
    ("regions.toml", "shortest =", "shortes =", "unlisted", regions.gazetteer.__wrapped__),
    ("text_rules.toml", "less =", "fewer =", "kinds_of_change", text_rules._rules.__wrapped__),
    ("text_grammar.toml", "share =", "shares =", "patterns", text_grammar.text_grammar.__wrapped__),
]  # fmt: skip
# The same of a family's files, which a user may write too.
FAMILY_FILES = [
    ("family.toml", "titles =", "titels =", r"tables 1 \(revenue_expenditure_summary\).*nearest known: titles"),
    ("family.toml", "places =", "place =", "unknown field `place`; nearest known: places"),
    ("identities.toml", "strength =", "strenght =", r"identities 1 \(delta_revenue_expenditure_by_code\).*: strength"),
    ("identities.toml", "left = { table", "left = { tabel", r"identities 1 \(delta_revenue.*, pairs 1, left"),
    ("text.toml", "pattern =", "patern =", r"subjects 1 \(agency_operating\).*nearest known: pattern"),
    ("text.toml", "role =", "rule =", r"subjects 1 \(agency_operating\), cells 1 \(three_public\)"),
]  # fmt: skip


def test_every_file_of_the_shelf_is_tried_here() -> None:
    found = {path.relative_to(SHELF).as_posix() for path in SHELF.rglob("*.toml")}
    own = {path for path in found if path.startswith("forms/")}
    assert found - own == {name for name, *_ in FILES}
    assert {Path(path).name for path in own} == {name for name, *_ in FAMILY_FILES}


@pytest.mark.parametrize(("name", "old", "new", "entry", "read"), FILES)
def test_a_misspelt_key_of_the_shelf_is_an_error_with_file_and_entry(
    name: str,
    old: str,
    new: str,
    entry: str,
    read: Callable[[], object],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (SHELF / name).read_text(encoding="utf-8")
    assert old in text
    for beside in SHELF.glob("*.csv"):
        shutil.copy(beside, tmp_path)
    (tmp_path / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(load, "files", lambda _package: tmp_path)
    with pytest.raises(KnowledgeError, match=rf"^{name}, .*{entry}|^{name}: .*{entry}"):
        read()


def read_all(forms_dir: Path) -> None:
    families = load_families(forms_dir)
    load_identities(families)
    load_text_rules(families)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's family that says what Shanghai's says, under ids of its own."""
    folder = tmp_path / "forms" / "delta"
    shutil.copytree(SHELF / "forms" / "shanghai", folder)
    for name, old, new in (
        ("family.toml", 'id = "shanghai"', 'id = "delta"'),
        ("identities.toml", 'id = "', 'id = "delta_'),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    read_all(folder.parent)
    return folder


@pytest.mark.parametrize(("name", "old", "new", "entry"), FAMILY_FILES)
def test_a_misspelt_key_of_a_family_is_an_error_with_file_and_entry(
    name: str, old: str, new: str, entry: str, own: Path
) -> None:
    text = (own / name).read_text(encoding="utf-8")
    assert old in text
    (own / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=rf"^delta/{name}.*{entry}"):
        read_all(own.parent)


@pytest.mark.parametrize("name", ["family.toml", "identities.toml", "text.toml"])
def test_a_file_that_is_no_utf8_is_an_error_that_names_it(name: str, own: Path) -> None:
    (own / name).write_bytes((own / name).read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(KnowledgeError, match=rf"^delta/{name}: cannot be read as a UTF-8 file"):
        read_all(own.parent)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('identities = ["a"]', "identities 1: expected `object`, got `str`"),
        ('identities = "a"', "identities: expected `array`, got `str`"),
        ('identities = []\nrows = "a"', "rows: expected `object`, got `str`"),
        ('identities = []\nrows.some = "a"', "rows, some: expected `object`, got `str`"),
        ('identities = []\nrows.some = { zh = "行", en = "rows", levels = ["a"] }', "rows, some, levels 1: "),
        ('identities = []\nrows.some = { zh = "行", en = "rows", roles = ["todal"] }', "rows, some, roles 1.*known: "),
        ('identities = []\nguards.some = { zh = "若", en = "if", operands = [] }', "guards, some, operands: expected"),
        ("", "missing required field `identities`"),
    ],
)  # fmt: skip
def test_an_identity_of_another_shape_is_an_error_with_its_entry(text: str, words: str, own: Path) -> None:
    (own / "identities.toml").write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=rf"^delta/identities\.toml.*{words}"):
        read_all(own.parent)
