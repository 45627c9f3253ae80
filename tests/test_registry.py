"""A kind of report is one line of the registry: the command, the plan, the site and the launcher follow."""

from dataclasses import replace
from pathlib import Path

import pytest
from make.datasets import amount, document, write_tables
from make.small_notebooks import notebook_of

from analysis.cli import main
from analysis.errors import ParameterError
from analysis.exploring.lab import cards
from analysis.reports import registry
from analysis.reports.planning.manifest import opened
from analysis.reports.planning.plan import ReportTarget, plan
from analysis.reports.report_kind import Card, ReportKind, SiteLinks
from analysis.reports.report_spec import ReportSpec
from analysis.site import build_site

ROOT = Path(__file__).resolve().parents[1]
TOWN = ReportSpec("town", "p", "普陀的全部单位", {"town": "p"}, names=("普陀",), link="普陀")
REMOTE = ReportSpec("town", "q", "别处的全部单位", {"town": "q"}, on_request=True, link="别处")


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> ReportKind:
    kind = ReportKind(
        "town",
        Card("town", "街镇报告", "Town report", "街", "T", "一个街镇 / one town"),
        specs=lambda _: (TOWN, REMOTE),
        suggest=lambda asked, among: f"{asked} 附近有 {among[0].key}",
        links=SiteLinks("街镇", heading="按街镇"),
    )
    monkeypatch.setitem(registry.KINDS, kind.id, kind)
    return kind


@pytest.fixture
def clean_dir(tmp_path: Path) -> Path:
    read = document(1, "某区司法局", 2024)
    return write_tables(tmp_path / "clean", {"documents": [read], "line_items": [amount(read, None, "合计", 100)]})


def test_every_kind_has_its_notebook_and_its_folder() -> None:
    for name in registry.KINDS:
        assert (ROOT / "notebooks" / f"{name}.ipynb").is_file()
        assert (ROOT / "src/analysis/reports" / name).is_dir()


def test_the_command_knows_an_invented_kind(town: ReportKind, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["report", "--help"])
    assert "{unit,year,function,compare,town}" in capsys.readouterr().out


def test_an_invented_kind_is_planned(town: ReportKind, clean_dir: Path, tmp_path: Path) -> None:
    notebook = notebook_of(tmp_path / "notebooks" / "town.ipynb", "print(town)", parameters="town = ''\nclean_dir = ''")
    target = ReportTarget(town.id, notebook, clean_dir, tmp_path / "site")
    among = registry.report_specs(clean_dir, "town")
    with opened(tmp_path / "site" / "reports", lambda: None) as manifest:
        assert [one.report for one in plan(manifest, target, among, []).due] == [TOWN]
        assert [one.report for one in plan(manifest, target, among, ["q"]).due] == [REMOTE]
        with pytest.raises(ParameterError, match="宝山 附近有 p"):
            plan(manifest, target, among, ["宝山"])


def test_a_report_is_the_same_in_whatever_order_its_parameters_stand(
    town: ReportKind, clean_dir: Path, tmp_path: Path
) -> None:
    notebook = notebook_of(tmp_path / "town.ipynb", "print(town)", parameters="town = ''\nclean_dir = ''")
    target = ReportTarget(town.id, notebook, clean_dir, tmp_path / "site")
    orders = ({"town": "p", "year": 2024}, {"year": 2024, "town": "p"})
    with opened(tmp_path / "site" / "reports", lambda: None) as manifest:
        plans = [plan(manifest, target, (replace(TOWN, parameters=order),), []) for order in orders]
    assert plans[0].due[0].made.recipe == plans[1].due[0].made.recipe


def test_the_site_and_the_launcher_know_an_invented_kind(town: ReportKind, clean_dir: Path, tmp_path: Path) -> None:
    page = TOWN.page(tmp_path / "site")
    page.parent.mkdir(parents=True)
    page.write_text("made")
    html = build_site(clean_dir, tmp_path / "site").read_text(encoding="utf-8")
    assert "<h2>按街镇</h2>" in html and 'href="reports/town/p.html"' in html and "reports/town/q.html" not in html
    assert town.card in cards()
    assert len({card.notebook for card in cards()}) == len(cards())


def test_every_notebook_of_the_project_has_a_card() -> None:
    assert {card.notebook for card in cards()} == {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
