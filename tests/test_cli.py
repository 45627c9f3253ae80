"""The door: what each command prints and how it exits."""

import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from analysis import cli
from analysis.dataset.store import read_table
from analysis.project import find_project, in_project
from analysis.steps.clean import TABLES, clean_folder

ROOT = Path(__file__).resolve().parents[1]
SEED = "上海市普陀区公务网管理中心-2023-单位预算.txt"


@pytest.fixture(scope="module")
def clean_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw = tmp_path_factory.mktemp("cli") / "raw"
    raw.mkdir()
    (raw / SEED).write_bytes((ROOT / "data" / "raw" / SEED).read_bytes())
    clean_folder(raw, raw.parent / "clean")
    return raw.parent / "clean"


def test_help_is_quick_and_loads_no_heavy_library() -> None:
    code = "import sys, analysis.cli as c\ntry: c.main(['--help'])\nexcept SystemExit as e: code = e.code\n"
    code += "print(code, sorted({'polars', 'papermill', 'great_expectations'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


@pytest.mark.parametrize(
    "arguments",
    [[], ["clean", "--workers", "0"], ["clean", "--workers", "two"], ["report", "--by", "planet"], ["fly"], ["export"]],
)
def test_wrong_usage_exits_with_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2
    assert "usage" in capsys.readouterr().err


def test_a_missing_raw_folder_is_wrong_usage_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["clean", "--raw", str(tmp_path / "none"), "--clean", str(tmp_path / "clean")]) == 2
    assert "没有文件夹" in capsys.readouterr().err
    assert not (tmp_path / "clean").exists()


def test_a_command_without_a_dataset_says_which_command_makes_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["site", "--clean", str(tmp_path), "--site", str(tmp_path / "site")]) == 1
    assert "workbench clean" in capsys.readouterr().err


def test_a_report_on_an_unknown_organisation_names_the_nearest(
    clean_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["report", "--clean", str(clean_dir), "--site", str(tmp_path), "--only", "普陀区公务网中心"]
    assert cli.main(arguments) == 2
    assert "上海市普陀区公务网管理中心" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("files", "code", "sentence"),
    [
        ({"README.md": b"# where they come from"}, 0, "没有公布的文件"),
        ({"budget.pdf": b"%PDF-1.7 and no more", "film.mp4": bytes(64)}, 1, "没有一个文件读得出来"),
    ],
    ids=["notes alone", "nothing readable"],
)
def test_the_whole_way_with_nothing_to_read_ends_in_sentences(
    files: dict[str, bytes], code: int, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, clean, site = tmp_path / "raw", str(tmp_path / "clean"), str(tmp_path / "site")
    raw.mkdir()
    for name, content in files.items():
        (raw / name).write_bytes(content)
    assert cli.main(["run", "--raw", str(raw), "--clean", clean, "--site", site, "--workers", "1"]) == code
    told = capsys.readouterr()
    for words in (sentence, "没有可以核对的内容", "没有可以写成报告的内容", "首页是空的"):
        assert words in told.out
    assert "Error" not in told.err and "错误" not in told.err
    for table in TABLES:
        assert read_table(Path(clean), table).height == (len(files) * code if table == "documents" else 0)
    for form in ("csv", "xlsx"):
        assert cli.main(["export", "--clean", clean, "--to", str(tmp_path / form), "--format", form]) == 0


def test_a_folder_that_was_emptied_leaves_an_empty_dataset(tmp_path: Path) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    raw.mkdir()
    (raw / SEED).write_bytes((ROOT / "data" / "raw" / SEED).read_bytes())
    clean_folder(raw, clean)
    assert not read_table(clean, "line_items").is_empty()
    (raw / SEED).unlink()
    clean_folder(raw, clean)
    assert all(read_table(clean, table).is_empty() for table in TABLES)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_writes_what_it_says(
    form: str, clean_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["export", "--clean", str(clean_dir), "--to", str(tmp_path), "--format", form]) == 0
    written = [Path(line.partition(": ")[2]) for line in capsys.readouterr().out.splitlines()]
    assert written and all(path.is_file() for path in written)
    assert {path.suffix for path in written} == {f".{form}"}


def test_the_site_links_what_is_there(clean_dir: Path, tmp_path: Path) -> None:
    assert cli.main(["site", "--clean", str(clean_dir), "--site", str(tmp_path)]) == 0
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "上海市普陀区公务网管理中心" in page and "828.58" in page


def test_a_relative_folder_means_the_project_s(monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (ROOT, ROOT / "notebooks"):
        monkeypatch.chdir(folder)
        assert find_project().root == ROOT
        assert in_project("data/raw") == ROOT / "data" / "raw"
    assert in_project("/elsewhere") == Path("/elsewhere")


FAMILY = """
id = "cloud"
extends = "national"
zh = "云上市表式"
en = "the forms of a city in the clouds"
source = "made for this test"
places = ['云上市']
tables = [{ table = "expenditure", kind = "budget", titles = ['经费使用一览表'] }]
"""
PAGE = """<html><body><p>云上市规划局2025年部门预算</p><p>经费使用一览表</p><p>单位：元</p>
<table><tr><td>科目编码</td><td>科目名称</td><td>合计</td><td>发展支出</td></tr>
<tr><td>204</td><td>公共安全支出</td><td>300</td><td>300</td></tr></table></body></html>"""


@pytest.fixture
def forms_dir(tmp_path: Path) -> Path:
    (tmp_path / "forms" / "cloud").mkdir(parents=True)
    (tmp_path / "forms" / "cloud" / "family.toml").write_text(FAMILY, encoding="utf-8")
    return tmp_path / "forms"


def test_forms_lists_the_families_with_a_users_own(forms_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["forms"]) == 0
    shipped = capsys.readouterr().out
    assert "national: 财政部统一表式" in shipped and "shanghai: 上海市表式" in shipped and "cloud" not in shipped
    assert cli.main(["forms", "--forms", str(forms_dir)]) == 0
    listed = capsys.readouterr().out.splitlines()
    at = listed.index("cloud: 云上市表式 the forms of a city in the clouds")
    assert listed[at + 1].startswith("  承自 extends: national; 法定表 tables: ")
    assert listed[at + 2] == "  来源 source: made for this test"


def test_forms_says_which_family_a_file_is_by_which_signs_and_what_was_not_understood(
    forms_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "budget.html"
    path.write_text(PAGE, encoding="utf-8")
    assert cli.main(["forms", str(path), "--forms", str(forms_dir)]) == 0
    told = capsys.readouterr().out
    assert "表式 family: cloud 云上市表式" in told
    fits = [line for line in told.splitlines() if "标题 titles" in line]
    tried = [line.split(":")[0].strip() for line in fits]
    assert tried[:2] == ["cloud", "national"] and {"jiangsu", "shanghai"} < set(tried[2:])
    assert "标题 titles 100%, 表头 headers 60%, 地名 place 100%" in fits[0]
    assert "标题 titles 0%" in fits[1] and "地名 place 0%" in fits[1]
    assert "法定表 tables: 1\n  经费使用一览表: 支出总表 (expenditure)" in told
    assert "发展支出" in told.partition("未读懂 not understood")[2]
    assert cli.main(["forms", str(path)]) == 0
    told = capsys.readouterr().out
    assert "表式 family: national" in told and "法定表 tables: 0" in told


def test_forms_without_such_a_file_or_folder_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["forms", str(tmp_path / "none.pdf")]) == 2
    assert cli.main(["forms", "--forms", str(tmp_path)]) == 2
    assert "没有文件" in (told := capsys.readouterr().err) and "没有表式" in told
    (tmp_path / "film.mp4").write_bytes(bytes(64))
    assert cli.main(["forms", str(tmp_path / "film.mp4")]) == 1


def test_the_dataset_of_the_command_is_that_of_the_function(clean_dir: Path) -> None:
    items = pl.read_parquet(clean_dir / "line_items" / "*.parquet")
    assert items.filter(pl.col("table") != "narrative").height == 195
    assert items["placement"].value_counts().sort("placement").rows()[0][0] == "inferred"
