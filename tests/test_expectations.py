"""The committed expectations are those of the shelf, and the gate cannot pass without having looked."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from make.books import IDENTITIES
from make.check_rows import BAD, COMMITTED, GOOD, UNSEEN, enforce, made_checks, outcome

from analysis.balancing.gx.enforcement import EnforcementResult, handed_over
from analysis.balancing.gx.identity_expectation import identity_holds, yuan
from analysis.balancing.gx.suites import SUITE_FILE, canonical, expectation_files, suite
from analysis.balancing.gx.tally import Tally, tally_checks
from analysis.errors import KnowledgeError
from analysis.terms.identity import Strength


def verdicts(result: EnforcementResult) -> dict[str, str]:
    return {verdict.identity: verdict.outcome for verdict in result.verdicts}


def test_the_committed_files_are_those_of_the_shelf() -> None:
    files = expectation_files(IDENTITIES)
    found = {
        str(path.relative_to(COMMITTED)): path.read_text("utf-8")
        for path in COMMITTED.rglob("*")
        if path.is_file() and path.name != "accepted_findings.toml"
    }
    assert found == files


def test_every_identity_has_one_expectation_that_needs_an_instance() -> None:
    suite = json.loads((COMMITTED / SUITE_FILE).read_text("utf-8"))
    kwargs = [one["kwargs"] for one in suite["expectations"]]
    assert [one["identity"] for one in kwargs] == [entry.id for entry in IDENTITIES.entries]
    assert all(one["min_instances"] == 1 and one["row_condition"]["parameter"] == one["identity"] for one in kwargs)


def test_great_expectations_reads_the_suite_back_unchanged(tmp_path: Path) -> None:
    import great_expectations as gx

    shutil.copytree(COMMITTED, tmp_path / "expectations")
    context = gx.get_context(mode="file", context_root_dir=str(tmp_path / "expectations"))
    read = context.suites.get("budget_identities").to_json_dict()
    assert canonical(read) == (COMMITTED / SUITE_FILE).read_text("utf-8")


def test_enforce_valid_invalid_and_undecided(tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in COMMITTED.rglob("*") if path.is_file()}
    result = enforce(made_checks(GOOD, BAD, UNSEEN), COMMITTED, tmp_path / "docs")
    found = {verdict.identity: verdict for verdict in result.verdicts}
    row = found["row_basic_project"]
    assert (row.outcome, row.evaluated, row.failed) == ("fail", 2, 1)
    assert found["row_vehicles"].outcome == "undecided"
    assert found["row_vehicles"].reasons == ("没有这张表 / no such table",)
    assert found["basic_total"].outcome == "undecided", "an identity that nobody looked at never passes"
    assert not result.success
    assert {path: path.read_bytes() for path in COMMITTED.rglob("*") if path.is_file()} == before


def test_a_soft_identity_that_fails_is_told_and_breaks_nothing(tmp_path: Path) -> None:
    soft = outcome("housing_contributions", "100.00", "102.00", "fail", 2)
    result = enforce(made_checks(GOOD, soft), COMMITTED, tmp_path / "docs")
    (found,) = (verdict for verdict in result.verdicts if verdict.outcome == "fail")
    assert (found.identity, found.severity) == ("housing_contributions", "warning")
    assert result.success


def test_nothing_looked_at_is_no_success(tmp_path: Path) -> None:
    result = enforce(made_checks(UNSEEN), COMMITTED, tmp_path / "docs")
    assert set(verdicts(result).values()) == {"undecided"}
    assert not result.success
    assert result.index.is_file()


def test_runs_at_the_same_time_keep_their_own_rows(tmp_path: Path) -> None:
    def run(number: int) -> tuple[int, int]:
        rows = [outcome("row_basic_project", "100.00", "102.00", "fail", place) for place in range(number)]
        result = enforce(made_checks(GOOD, *rows), COMMITTED, tmp_path / str(number))
        (row,) = (verdict for verdict in result.verdicts if verdict.identity == "row_basic_project")
        return row.evaluated, row.failed

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(1, 7))) == [(number + 1, number) for number in range(1, 7)]


def spoilt(folder: Path, old: str, new: str) -> Path:
    root = folder / "expectations"
    shutil.copytree(COMMITTED, root)
    text = (root / SUITE_FILE).read_text("utf-8")
    assert old in text
    (root / SUITE_FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    return root


def test_an_expectation_of_an_unknown_type_is_not_dropped_in_silence(tmp_path: Path) -> None:
    root = spoilt(tmp_path, '"type": "expect_identity_to_hold"', '"type": "expect_identity_to_hald"')
    with pytest.raises(KnowledgeError, match="1 expectations are committed, 0 were evaluated"):
        enforce(made_checks(GOOD), root, tmp_path / "docs")


def test_a_condition_that_matches_no_row_does_not_pass(tmp_path: Path) -> None:
    root = spoilt(tmp_path, '"parameter": "row_basic_project"', '"parameter": "row_basic_projekt"')
    with pytest.raises(KnowledgeError, match="1 rows were handed over, not all looked at"):
        enforce(made_checks(GOOD), root, tmp_path / "docs")


def test_an_identity_without_an_expectation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="no expectation for made_up"):
        enforce(made_checks(outcome("made_up", "1.00", "1.00", "pass")), COMMITTED, tmp_path / "docs")


def test_a_damaged_suite_is_named(tmp_path: Path) -> None:
    root = spoilt(tmp_path, "{", "")
    with pytest.raises(KnowledgeError, match="write the expectations anew"):
        enforce(made_checks(GOOD), root, tmp_path / "docs")


def test_large_amounts_are_compared_and_shown_exactly() -> None:
    left, right = 2**53 + 1, 2**53
    rows = pd.DataFrame({"left": [left, left], "right": [right, left], "relation": "=", "tolerance": [0, 0]})
    assert identity_holds(rows).tolist() == [False, True]
    assert yuan(2**53 + 1) == "90,071,992,547,409.93"
    assert yuan(-5) == "-0.05"


def test_a_missing_side_is_a_violation() -> None:
    rows = pd.DataFrame({"left": [1, None], "right": [1, 1], "relation": "=", "tolerance": [0, 0]}).astype(
        {"left": "Int64", "right": "Int64", "tolerance": "Int64"}
    )
    assert identity_holds(rows).tolist() == [True, False]


def test_at_least_looks_one_way_only() -> None:
    rows = pd.DataFrame({"left": [500, 100], "right": [100, 500], "relation": "≥", "tolerance": [0, 0]})
    assert identity_holds(rows).tolist() == [True, False]


def test_beyond_the_limit_the_worst_are_handed_over_and_the_counts_stay(tmp_path: Path) -> None:
    many = [outcome("row_basic_project", f"{1000 + number}.00", "10.00", "fail", number) for number in range(300)]
    held = [outcome("row_basic_project", "10.00", "10.00", "pass", number) for number in range(1000, 3000)]
    result = enforce(made_checks(*many, *held), COMMITTED, tmp_path / "docs", limit=1_000)
    (row,) = (verdict for verdict in result.verdicts if verdict.identity == "row_basic_project")
    assert (row.evaluated, row.failed, result.instances, result.handed_over) == (2300, 300, 2300, 1200)
    fed = handed_over(tally_checks(made_checks(*many, *held), 1_000), IDENTITIES)
    assert fed["left"][0] == 129_900, "the worst first, in fen"
    (page,) = (tmp_path / "docs" / "validations").rglob("*.html")
    assert "共 2,300 处，本页列入 1,200 处" in page.read_text("utf-8")


@pytest.mark.parametrize("size", [1, 7, 400])
def test_a_tally_in_pieces_is_that_of_the_whole(size: int) -> None:
    many = [outcome("row_basic_project", f"{1000 + number % 290}.00", "10.00", "fail", number) for number in range(300)]
    held = [outcome("basic_total", "10.00", "10.00", "pass", number) for number in range(1500)]
    checks = made_checks(*held, *many, UNSEEN)
    whole, pieces = tally_checks(checks, 1_000), Tally(1_000)
    for piece in checks.iter_slices(size):
        pieces.add(piece)
    assert (pieces.outcomes, pieces.reasons) == (whole.outcomes, whole.reasons)
    assert pieces.rows().equals(whole.rows())
    assert whole.rows().height == 1_200


def test_only_hard_identities_are_critical() -> None:
    of_suite = {one["meta"]["identity"]: one["severity"] for one in suite(IDENTITIES.entries)["expectations"]}
    assert {entry.id for entry in IDENTITIES.entries if entry.strength is Strength.HARD} == {
        name for name, severity in of_suite.items() if severity == "critical"
    }
