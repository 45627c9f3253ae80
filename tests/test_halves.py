"""A disclosure in two files: the text of one is held against the tables of the other, whichever folder they lie in."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from analysis.dataset.document_rows import organisation_identifier
from analysis.dataset.store import read_table
from analysis.steps.check import check_dataset
from analysis.steps.clean import clean_folder

BODY = "江苏省某某办公厅"
DUTY = "负责全省机关事务的管理、保障和服务工作，拟订有关政策、规划和规章制度并组织实施，指导下级机关事务工作。"
TEXT = [f"{BODY}2024年部门预算", "一、主要职能", *(f"{n}．{DUTY}" for n in range(1, 8))]
STATED = "2024年度收入、支出预算总计{total}万元。"
HEAD = "<tr><td>科目编码</td><td>科目名称</td><td>合计</td><td>基本支出</td><td>项目支出</td></tr>"
ROWS = (
    "<tr><td>201</td><td>一般公共服务支出</td><td>1200.00</td><td>900.00</td><td>300.00</td></tr>"
    "<tr><td>合计</td><td></td><td>1200.00</td><td>900.00</td><td>300.00</td></tr>"
)
SUMMARY = (
    "<tr><td>收入</td><td>预算数</td><td>支出</td><td>预算数</td></tr>"
    "<tr><td>一、财政拨款收入</td><td>1200.00</td><td>一、一般公共服务支出</td><td>1200.00</td></tr>"
    "<tr><td>收入总计</td><td>1200.00</td><td>支出总计</td><td>1200.00</td></tr>"
)
TABLES = (("收支预算总表", SUMMARY), ("支出预算表", HEAD + ROWS), ("一般公共预算支出表", HEAD + ROWS))


def written(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<html><body>{''.join(f'<p>{line}</p>' for line in lines)}</body></html>", encoding="utf-8")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "raw"


@pytest.fixture
def write(raw: Path) -> Callable[..., None]:
    def halves(total: str = "1200.00", body: str = BODY, folder: str = "", year: str = "2024") -> None:
        text = [line.replace(BODY, body).replace("2024", year) for line in (*TEXT, STATED.format(total=total))]
        written(raw / folder / "说明.html", *text)
        tables = (f"{title}</p><p>单位：万元</p><table>{rows}</table><p>" for title, rows in TABLES)
        written(raw / folder / "公开表.html", f"{body}{year}年部门预算", *tables)

    return halves


def rows_of(raw: Path) -> dict[str, dict[str, object]]:
    clean_folder(raw, raw.parent / "clean")
    return {row["source_file"]: row for row in read_table(raw.parent / "clean", "documents").iter_rows(named=True)}


def test_halves_know_each_other_and_nothing_of_the_other_half_is_missed(raw: Path, write: Callable[..., None]) -> None:
    write()
    found = rows_of(raw)
    text, tables = found["说明.html"], found["公开表.html"]
    assert (text["half"], tables["half"]) == ("text", "tables")
    assert (text["other_half"], tables["other_half"]) == (tables["document_id"], text["document_id"])
    assert "缺少" not in str(text["message"]) and "只有文字部分" not in str(text["message"])
    assert "公开表.html" in str(text["note"]) and "说明.html" in str(tables["note"])


def test_a_half_alone_says_what_to_do_until_the_other_one_comes(raw: Path, write: Callable[..., None]) -> None:
    write()
    (raw / "公开表.html").rename(raw.parent / "aside.html")
    alone = rows_of(raw)["说明.html"]
    assert alone["status"] == "partial" and "只有文字部分" in str(alone["message"])
    assert alone["other_half"] is None
    (raw.parent / "aside.html").rename(raw / "公开表.html")
    assert rows_of(raw)["说明.html"]["other_half"] is not None
    (raw / "公开表.html").unlink()
    again = rows_of(raw)["说明.html"]  # taken over unread, and yet it is told anew
    assert (again["message"], again["note"], again["other_half"]) == (alone["message"], alone["note"], None)


@pytest.mark.parametrize(("total", "errors"), [("1200.00", 0), ("1230.00", 1)])
def test_the_text_is_held_against_the_tables_of_the_other_file(
    total: str, errors: int, raw: Path, write: Callable[..., None], tmp_path: Path
) -> None:
    write(total)
    rows = rows_of(raw)
    check_dataset(tmp_path / "clean", raw, Path("expectations"), tmp_path / "site")
    findings = read_table(tmp_path / "clean", "findings").filter(pl.col("severity") != "info")
    assert findings.height == errors
    if errors:
        assert findings["document_id"].to_list() == [rows["说明.html"]["document_id"]]
        assert "1200" in findings["message_zh"][0].replace(",", "")


def test_halves_of_other_years_or_bodies_are_none(raw: Path, write: Callable[..., None]) -> None:
    write(folder="a")
    write(folder="b", body="江苏省另一办公厅")
    (raw / "a" / "公开表.html").unlink()
    (raw / "b" / "说明.html").unlink()
    assert [row["other_half"] for row in rows_of(raw).values()] == [None, None]


def test_of_several_that_could_be_halves_those_of_one_folder_are(raw: Path, write: Callable[..., None]) -> None:
    write(folder="a")
    write(folder="b", total="1230.00")
    found = rows_of(raw)
    assert found["a/说明.html"]["other_half"] == found["a/公开表.html"]["document_id"] or (
        found["a/公开表.html"]["status"] == "duplicate" or found["b/公开表.html"]["status"] == "duplicate"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("中共江苏省委办公厅", "江苏省委办公厅"),
        ("中国共产党江苏省委员会办公厅", "江苏省委办公厅"),
        ("中国人民政治协商会议福建省平潭县委员会", "福建省平潭县政协"),
        ("平潭县人民代表大会常务委员会", "平潭县人大常委会"),
    ],
)
def test_a_body_is_one_under_its_full_and_its_short_name(one: str, other: str) -> None:
    assert organisation_identifier(one) == organisation_identifier(other)


def test_other_bodies_stay_apart() -> None:
    names = ["江苏省委办公厅", "江苏省政协办公厅", "江苏省发展和改革委员会", "江苏省发展和改革委", "中共江苏省委党校"]
    assert len(set(map(organisation_identifier, names))) == len(names)
