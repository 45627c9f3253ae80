"""Families of forms: one extends another, a user's own stands beside them, and what it promises is checked."""

from pathlib import Path

import polars as pl
import pytest
from make.books import FAMILIES, NATIONAL, SHANGHAI
from make.check_rows import COMMITTED

from analysis import cli
from analysis.balancing.context import checking_context
from analysis.dataset.store import forms_dir, read_table
from analysis.errors import KnowledgeError
from analysis.knowledge.families import FILE, Families, load_families
from analysis.steps.check import Distribution, check_dataset
from analysis.steps.clean import clean_folder
from analysis.terms.form import Family
from analysis.terms.line_item import Kind

# A place that nobody has seen: its own title, its own word for a column, and an identity of its own.
CLOUD = """
id = "cloud"
extends = "national"
zh = "云上市表式"
en = "the forms of a city in the clouds"
source = "made for this test"
places = ['云上市']

[[columns]]
measure = "project"
header = '事业发展类支出'

[[tables]]
table = "expenditure"
kind = "budget"
titles = ['经费使用一览表']
"""
PROMISE = """
[[identities]]
id = "cloud_no_basic"
zh = "云上市：支出合计 = 事业发展类支出"
en = "In the clouds all is project expenditure"
relation = "row"
strength = "hard"
source = "made for this test"
kinds = ["budget"]
tables = ["expenditure"]
side = "expenditure"
sum = "total"
parts = ["project"]
"""
PAGE = """<html><body>
<p>云上市规划局2025年部门预算</p><p>预算主管部门：云上市规划局</p>
<p>经费使用一览表</p><p>单位：元</p>
<table><tr><td>科目编码</td><td>科目名称</td><td>合计</td><td>事业发展类支出</td></tr>
<tr><td>204</td><td>公共安全支出</td><td>300</td><td>300</td></tr>
<tr><td>20406</td><td>司法</td><td>300</td><td>300</td></tr>
<tr><td></td><td>合计</td><td>300</td><td>{0}</td></tr></table>
</body></html>"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "forms" / "cloud"
    folder.mkdir(parents=True)
    (folder / FILE).write_text(CLOUD, encoding="utf-8")
    (folder / "identities.toml").write_text(PROMISE, encoding="utf-8")
    return tmp_path / "forms"


def cleaned(folder: Path, project: str, own: Path | None) -> Path:
    (folder / "raw").mkdir(exist_ok=True)
    (folder / "raw" / "budget.html").write_text(PAGE.format(project), encoding="utf-8")
    clean_folder(folder / "raw", folder / "clean", forms_dir=own)
    return folder / "clean"


def checks_of(clean_dir: Path) -> pl.DataFrame:
    """The checks, after Great Expectations judged the user's identity beside the committed ones."""
    summary = check_dataset(clean_dir, None, COMMITTED, clean_dir.parent / "site", distribution=Distribution(workers=1))
    assert "cloud_no_basic" in {verdict.identity for verdict in summary.enforcement.verdicts}
    return read_table(clean_dir, "checks")


def test_a_family_says_what_differs_and_takes_over_the_rest() -> None:
    assert next(iter(FAMILIES.by_id)) == "national"
    assert FAMILIES.lineage("shanghai") == ("shanghai", "national")
    (form,) = (one for one in SHANGHAI.forms if (one.table, one.kind) == ("expenditure", Kind.BUDGET))
    (base,) = (one for one in NATIONAL.forms if (one.table, one.kind) == ("expenditure", Kind.BUDGET))
    assert form.titles == ("支出预算总表", *base.titles)
    assert form.headings == ("支出预算",) and base.headings == ()
    assert form.layout is base.layout and form.plain == base.plain
    assert SHANGHAI.wording.unit is NATIONAL.wording.unit


def test_a_users_family_is_read_and_its_promise_is_checked(own: Path, tmp_path: Path) -> None:
    clean_dir = cleaned(tmp_path, "300", own)
    (document,) = read_table(clean_dir, "documents").rows(named=True)
    assert (document["form"], document["organisation"]) == ("cloud", "云上市规划局")
    assert document["form_score"] >= 0.9
    items = read_table(clean_dir, "line_items").sort("row_number", "measure")
    assert items.select("row_number", "measure", "printed").rows() == [
        (number, measure, "300") for number in (1, 2, 3) for measure in ("project", "total")
    ]
    found = checks_of(clean_dir).filter(identity="cloud_no_basic")
    assert found["outcome"].to_list() == ["pass"] * 3


def test_a_wrong_figure_breaks_the_promise_of_a_users_family(own: Path, tmp_path: Path) -> None:
    found = checks_of(cleaned(tmp_path, "310", own)).filter(identity="cloud_no_basic")
    assert sorted(found["outcome"]) == ["fail", "pass", "pass"]


def test_without_it_the_table_is_unknown_and_nothing_of_it_is_guessed(own: Path, tmp_path: Path) -> None:
    clean_dir = cleaned(tmp_path, "300", None)
    (document,) = read_table(clean_dir, "documents").rows(named=True)
    assert (document["form"], document["tables"], document["other_tables"]) == ("national", 0, 1)
    assert read_table(clean_dir, "line_items").is_empty()
    cleaned(tmp_path, "300", own)
    assert read_table(clean_dir, "line_items").height == 6, "other forms are another reader: the file is read again"


def test_the_dataset_keeps_the_families_that_it_was_read_by(own: Path, tmp_path: Path) -> None:
    clean_dir = cleaned(tmp_path, "300", own)
    kept = forms_dir(clean_dir)
    assert kept is not None
    assert (kept / "cloud" / FILE).read_text(encoding="utf-8") == CLOUD
    assert forms_dir(cleaned(tmp_path, "300", None)) is None


def test_an_identity_holds_for_its_family_and_those_that_extend_it(own: Path) -> None:
    identities = checking_context(load_families(own)).identities
    assert identities.of("cloud_no_basic").families == {"cloud"}
    assert identities.of("appropriation_totals").families == {"shanghai"}
    assert identities.of("row_basic_project").families == {*FAMILIES.by_id, "cloud"}
    (own / "cloud" / FILE).write_text(
        CLOUD.replace("places = ", 'not_promised = ["row_basic_project"]\nplaces = '), encoding="utf-8"
    )
    changed = checking_context(load_families(own)).identities
    assert changed.of("row_basic_project").families == set(FAMILIES.by_id)
    before, after = ({one.id for one in book.of_family("cloud").entries} for book in (identities, changed))
    assert before - after == {"row_basic_project"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("titles", "titels", "unknown field `titels`; nearest known: titles"),
        ("header =", "heading =", r"columns 1 \(project\): object contains unknown field"),
        ('"project"', '"projct"', "'projct' is no measure"),
        ('table = "expenditure"', 'table = "expense"', "no such table"),
        ('extends = "national"', 'extends = "heaven"', "extends 'heaven'; known: "),
        ('id = "cloud"', 'id = "shanghai"', "the id shanghai is taken"),
        ("'事业发展类支出'", "'(事业'", "no valid pattern"),
        ("['云上市']", "['(云']", "no valid pattern"),
        ('source = "made for this test"\n', "", "missing required field `source`"),
        ("[[tables]]", "[[tables]", "no valid TOML"),
    ],
)
def test_a_malformed_family_is_refused_with_file_and_entry(own: Path, old: str, new: str, words: str) -> None:
    (own / "cloud" / FILE).write_text(CLOUD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=rf"cloud/family\.toml.*{words}"):
        load_families(own)


def test_the_command_refuses_a_malformed_folder_before_it_reads(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own / "cloud" / FILE).write_text(CLOUD.replace("titles", "titels"), encoding="utf-8")
    (tmp_path / "raw").mkdir()
    options = ["--raw", str(tmp_path / "raw"), "--clean", str(tmp_path / "clean"), "--forms", str(own)]
    assert cli.main(["clean", *options]) == 2
    assert "titels" in capsys.readouterr().err and not (tmp_path / "clean").exists()
    assert cli.main(["clean", *options[:-1], str(tmp_path / "nowhere")]) == 2


def test_the_national_family_extends_nothing_and_knows_no_place() -> None:
    families: Families = load_families()
    assert families.national.extends is None and not families.national.places


MEMORY = [
    ('source = "made for this test"', 'source = "x"\nsure = "hearsay"', "invalid enum value 'hearsay'; known: seen"),
    ('source = "made for this test"', 'source = "x"\nsure = "memory"', "what columns mean must be seen"),
    ('measure = "project"', 'measure = "project"\ntables = ["expense"]', "no such table expense"),
]


@pytest.mark.parametrize(("old", "new", "words"), MEMORY)
def test_what_is_remembered_gives_titles_only(own: Path, old: str, new: str, words: str) -> None:
    (own / "cloud" / FILE).write_text(CLOUD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=words):
        load_families(own)


def test_what_is_remembered_makes_no_error(own: Path) -> None:
    promise = PROMISE.replace('strength = "hard"', 'strength = "hard"\nsure = "memory"')
    (own / "cloud" / "identities.toml").write_text(promise, encoding="utf-8")
    with pytest.raises(KnowledgeError, match="what is only remembered makes no error"):
        checking_context(load_families(own))
    soft = promise.replace('"hard"', '"soft"')
    (own / "cloud" / "identities.toml").write_text(soft, encoding="utf-8")
    assert checking_context(load_families(own)).identities.of("cloud_no_basic").strength == "soft"


@pytest.mark.parametrize(
    ("sure", "status"), [("seen", "partial"), ("table of contents", "partial"), ("memory", "parsed")]
)
def test_a_table_that_only_memory_expects_is_not_missed(sure: str, status: str, own: Path, tmp_path: Path) -> None:
    only = "\n".join(
        f'[[tables]]\ntable = "{form.table}"\nkind = "budget"\noptional = true\n'
        for form in NATIONAL.forms
        if form.kind is Kind.BUDGET and not form.government and form.since is not None and form.table != "expenditure"
    )
    expected = '[[tables]]\ntable = "projects"\nkind = "budget"\ntitles = ["云上项目一览表"]\noptional = false\n'
    expected += f'sure = "{sure}"\n'
    (own / "cloud" / FILE).write_text(f"{CLOUD}\n{only}\n{expected}", encoding="utf-8")
    (document,) = read_table(cleaned(tmp_path, "300", own), "documents").rows(named=True)
    assert document["status"] == status
    said = document["message"] if status == "partial" else document["note"]
    assert "云上项目一览表" in said, "it speaks the place's own words"
    assert status == "partial" or document["message"] is None


@pytest.mark.parametrize("family", FAMILIES.by_id.values(), ids=list(FAMILIES.by_id))
def test_every_family_says_where_its_words_come_from(family: Family) -> None:
    assert family.source
    assert family.id == "national" or family.places
    assert not any(
        pattern.search("上海市徐汇区湖南路街道办事处") for pattern in family.places if family.id != "shanghai"
    )
