"""What the published texts state, value by value, against what was read from them by hand.

The lists are hundreds of rows: each with its subject, role, value, unit, year and phase, or each an item of the text
with all that it says of itself. A hand wrote some subjects shorter or longer than they are printed; what it wrote and
what is printed are then one subject of the shelf, or stand in `WRITTEN_BY_HAND`.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from make.books import FAMILIES

from analysis.dataset.store import read_table
from analysis.knowledge.families import NATIONAL
from analysis.knowledge.text_rules import load_text_rules
from analysis.reading.text.printed_values import plain
from analysis.steps.clean import clean_folder
from analysis.terms.line_item import Kind

Row = Mapping[str, object]
Texts = dict[str, list[dict[str, object]]]

RULES = load_text_rules(FAMILIES)[NATIONAL]
UNITS = {"yuan": "元", "wan_yuan": "万元", "yi_yuan": "亿元", "percent": "%"}
# What is printed, and what the hand called it.
WRITTEN_BY_HAND = {
    "单位价值50万元以上通用设备": "大型通用设备",
    "单位价值100万元以上专用设备": "大型专用设备",
    "全年因公出国境": "全年因公出国境累计",
    "因公出国境": "因公出国境累计",
    "接待总": "接待总人数",
    "国内公务接待": "国内公务接待人次",
    "政府采购支出总额": "政府采购支出",
    "政府采购预算总额": "政府采购预算",
    "三公经费决算": "三公经费决算数",
    "车辆经费": "公务用车购置及运行费",
    "本年收入": "公共预算财政拨款-本年收入",
    "本年支出": "公共预算财政拨款-本年支出",
}
# Rows that say something else than the page: the second of two words of direction where the first is told (减少…，下降
# 增长), a subject taken from the next clause (购置费不变，运行费下降), a whole's change given to its last part, and
# one that states no value (没有使用…).
NOT_AS_PRINTED = {
    ("4557-2015-管委会办公室-部门预算.html", "公务接待费", "direction", "下降增长"),
    ("5436-2015-县法院-决算说明.html", "公务用车运行费", "direction", "不变"),
    ("20054-2019-旅发委-部门预算说明.html", "公车购置费", "direction", "持平"),
    ("20054-2019-旅发委-部门预算说明.html", "政府性基金预算拨款支出", "direction", "无"),
}


@pytest.fixture(scope="module")
def places(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _cleaned(shared / "second" / "places" / "documents", tmp_path_factory.mktemp("places"))


def _cleaned(raw: Path, folder: Path) -> Path:
    if not raw.is_dir():
        pytest.skip("these published documents are not on this machine")
    clean_folder(raw, folder / "clean", workers=2)
    return folder / "clean"


def _texts(clean: Path) -> tuple[Texts, Texts]:
    """The statements and the paragraphs of each document, by the name of its file."""
    found: tuple[Texts, Texts] = (defaultdict(list), defaultdict(list))
    for texts, table in zip(found, ("statements", "passages"), strict=True):
        for row in read_table(clean, table).iter_rows(named=True):
            texts[Path(row["source_file"]).name].append(row)
    return found


def _bare(words: object) -> str:
    return re.sub(r"[\s“”\"（）()《》：:]", "", plain(str(words or "")))


def _number(printed: object) -> object:
    try:
        return Decimal(re.sub("[,，]", "", str(printed)).replace("零", "0")).normalize()
    except InvalidOperation:
        return _bare(printed)


def _same_subject(statement: Row, words: str) -> bool:
    bare, kinds = _bare(statement["subject"]), list(Kind)
    shelf = {RULES.subject_in(plain(words), kind) for kind in kinds} - {None}
    told = RULES.subject_in(str(statement["subject"]), Kind.BUDGET)
    named = statement["subject_id"] in shelf or told in shelf
    longer = statement["subject_id"] is not None and _bare(words).endswith(bare)
    return bare == _bare(words) or named or longer or WRITTEN_BY_HAND.get(bare) == _bare(words)


def test_each_value_of_the_pages_of_pingtan_has_every_field(places: Path, shared: Path) -> None:
    statements, passages = _texts(places)
    with (shared / "second" / "places" / "gold" / "pingtan-statements.csv").open(encoding="utf-8") as file:
        gold = [one for one in csv.DictReader(file) if _key(one) not in NOT_AS_PRINTED]
    missed = [one for one in gold if not any(_states(statement, one) for statement in _near(one, statements, passages))]
    assert [(one["document"], one["subject"], one["role"], one["value"]) for one in missed] == []
    assert len(gold) == 525


def _key(row: Mapping[str, str]) -> tuple[str, str, str, str]:
    return row["document"], row["subject"], row["role"], row["value"]


def _near(row: Mapping[str, str], statements: Texts, passages: Texts) -> Iterator[Row]:
    """The statements of the paragraphs that hold the sentence, or of that sentence."""
    sentence = _bare(row["sentence"])
    numbers = {one["number"] for one in passages[row["document"]] if sentence in _bare(one["text"])}
    for statement in statements[row["document"]]:
        if statement["passage"] in numbers or _bare(statement["sentence"]) in sentence:
            yield statement


def _states(statement: Row, row: Mapping[str, str]) -> bool:
    unit = statement["unit"]
    return (
        statement["role"] == row["role"]
        and _number(statement["printed"]) == _number(row["value"])
        and (UNITS.get(str(unit), unit) or "") == row["unit"]
        and str(statement["fiscal_year"]) == row["fiscal_year"]
        and statement["phase"] == row["phase"]
        and (not row["code"] or statement["code"] == row["code"])
        and _same_subject(statement, row["subject"])
    )


ITEM_LISTS = {
    "gold/narrative.csv": ("documents", 153),
    "second/shanghai/gold/narrative.csv": ("second/shanghai/documents", 29),
    "second/places/gold/jiangsu-narrative.csv": ("second/places/documents", 51),
}


@pytest.mark.parametrize("items", ITEM_LISTS)
def test_each_item_of_the_text_states_all_that_it_prints(
    items: str, shared: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    raw, count = ITEM_LISTS[items]
    clean = request.getfixturevalue("places") if "places" in raw else _cleaned(shared / raw, tmp_path)
    statements = {Path(name).stem: rows for name, rows in _texts(clean)[0].items()}
    with (shared / items).open(encoding="utf-8") as file:
        gold = list(csv.DictReader(file))
    missed = [(row.get("id") or row["document"], row["item"]) for row in gold if not _item_stated(row, statements)]
    assert missed == []
    assert len(gold) == count


def _item_stated(row: Mapping[str, str], statements: Texts) -> bool:
    here = statements[row.get("id") or row["document"]]
    name = next(
        one for one in (row["item_name"], row.get("group_name"), row.get("section_name"), row["class_name"]) if one
    )
    current = row.get("current_wanyuan") or row["current"]
    year = int(next(iter(re.findall(r"20\d\d", row.get("id") or row["document"]))))
    return any(
        one["role"] == "current" and one["of"] is None and one["fiscal_year"] == year
        and _number(one["printed"]) == _number(current)
        and _path(name) in _path(one["subject"])
        and _told(row, one, [other for other in here if other["of"] == one["number"]])
        for one in here
    )  # fmt: skip


def _path(words: object) -> str:
    return re.sub("[类款项]|科目|支出", "", _bare(words))


def _told(row: Mapping[str, str], own: Row, about: Sequence[Row]) -> bool:
    """Whether all that a list says of an item is stated of it."""
    wanted = {
        "prior": row.get("prior_execution_wanyuan") or row.get("prior"),
        "change": row.get("change"),
        "change_percent": (row.get("change_percent") or row.get("percent") or "").lstrip("-"),
        "direction": row.get("text_of_direction") or row.get("direction"),
        "current": row.get("arranged_wanyuan"),
    }
    if _number(wanted["change_percent"]) == 0:
        del wanted["change_percent"]  # 持平 is a word
    return all(
        any(one["role"] == role and _number(one["printed"]) == _number(value) for one in (own, *about))
        or (role == "direction" and any(one["role"] == role and str(value) in str(one["printed"]) for one in about))
        for role, value in wanted.items()
        if value
    )
