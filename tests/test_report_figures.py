"""Every figure in a report equals the dataset: drawn from the pages by their places, and found there."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import lxml.html
import polars as pl
import pytest

from analysis.dataset.figure_id import STATED, figure_id, stated_id
from analysis.dataset.store import read_table, scan_table
from analysis.dataset.suspects import suspect_items
from analysis.pages import assets
from analysis.pages.notebook_page import render
from analysis.project import find_project
from analysis.reports.publish import publish
from analysis.reports.registry import choose, report_specs
from analysis.runtime.kernels.notebooks import execute
from analysis.steps.check import check_dataset
from analysis.steps.clean import clean_folder

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"
WANTED = {
    "unit": ("上海市普陀区人民政府万里街道办事处", "上海市普陀区司法局"),
    "year": ("2025",),
    "function": ("201",),
}
COMPARED = "上海市普陀区人民政府万里街道办事处、上海市普陀区商务委员会、上海市普陀区司法局"
DRAWN = 200


@dataclass(frozen=True, slots=True)
class Printed:
    """A figure of a page: what it reads, whether ※ marks it, in what unit, and which line item it says it is."""

    page: str
    place: str
    text: str
    marked: bool
    yuan: int

    @classmethod
    def of(cls, page: str, element: lxml.html.HtmlElement) -> "Printed":
        captions = element.xpath("ancestor::table/caption") + element.xpath("ancestor::tr/th[@scope='row']")
        caption = "；".join(one.text_content() for one in captions) or "万元"
        exact = "（元）" in caption
        assert exact or "万元" in caption, f"{page}: the unit is not told: {caption}"
        text = element.text_content().strip()
        return cls(page, element.get("data-place"), text.rstrip("※"), text.endswith("※"), 1 if exact else 10_000)

    def reads(self, amount: Decimal) -> bool:
        """Whether it is the amount of the dataset in its unit, rounded half up to two decimals."""
        value = (amount / self.yuan).quantize(Decimal("0.01"), ROUND_HALF_UP)
        return Decimal(self.text.replace(",", "")) == value


@pytest.fixture(scope="module")
def clean_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of data/raw, checked."""
    folder = tmp_path_factory.mktemp("figures")
    clean_folder(RAW, folder / "clean", workers=2)
    check_dataset(folder / "clean", None, find_project().expectations, folder / "site")
    return folder / "clean"


@pytest.fixture(scope="module")
def figures(clean_dir: Path) -> Sequence[Printed]:
    """What stands with a place in the pages of every kind of report that there is."""
    site, project, pages = clean_dir.parent / "site", find_project(), []
    assets.write_assets(site / "assets")
    for by, names in WANTED.items():
        if project.has_notebook(by):
            for report in choose(report_specs(clean_dir, by), names):
                pages.append(publish(project.notebook(by), clean_dir, site, report))
    compared = site / "reports" / "compare" / "three.html"
    asked = {"organisations": COMPARED, "level": "department", "clean_dir": str(clean_dir)}
    execute(project.notebook("compare"), compared.with_suffix(".ipynb"), asked)
    render(compared.with_suffix(".ipynb"), compared, "比较")
    found = []
    for page in [*pages, compared]:
        tree = lxml.html.document_fromstring(page.read_text(encoding="utf-8"))
        here = [Printed.of(page.name, element) for element in tree.xpath("//*[@data-place]")]
        assert here, f"{page.name} shows no figure with its place"
        found += here
    return found


@pytest.fixture(scope="module")
def dataset(clean_dir: Path) -> dict[str, tuple[Decimal, bool]]:
    """Amount in yuan and whether an open error touches it, by place; what a text states is never marked for an item."""
    marked = suspect_items(scan_table(clean_dir, "line_items"), read_table(clean_dir, "findings"))
    items = marked.with_columns(where=figure_id()).select("where", "amount", "suspect").collect()
    assert items["where"].is_unique().all()
    known = {where: (amount, suspect) for where, amount, suspect in items.iter_rows()}
    for table in STATED:
        stated = scan_table(clean_dir, table).with_columns(where=stated_id(table)).select("where", "value").collect()
        assert stated["where"].is_unique().all()
        known |= {where: (value, False) for where, value in stated.iter_rows()}
    return known


def test_every_place_in_the_pages_is_in_the_dataset(
    figures: Sequence[Printed], dataset: dict[str, tuple[Decimal, bool]]
) -> None:
    assert {figure.place for figure in figures} <= set(dataset)


def test_drawn_figures_equal_the_dataset(figures: Sequence[Printed], dataset: dict[str, tuple[Decimal, bool]]) -> None:
    drawn = random.Random(20250101).sample(list(figures), DRAWN)
    assert len({figure.page for figure in drawn}) >= 3
    wrong = [figure for figure in drawn if not figure.reads(dataset[figure.place][0])]
    assert wrong == []
    assert not [figure for figure in drawn if figure.marked or dataset[figure.place][1]]


def test_the_mark_of_doubt_stands_where_an_open_error_touches(
    figures: Sequence[Printed], dataset: dict[str, tuple[Decimal, bool]]
) -> None:
    items = [figure for figure in figures if figure.place.split("/")[1] not in STATED]
    assert [figure for figure in items if figure.marked != dataset[figure.place][1]] == []


def test_a_figure_says_where_it_is_printed(clean_dir: Path, figures: Sequence[Printed]) -> None:
    documents = set(read_table(clean_dir, "documents")["document_id"])
    assert {figure.place.split("/")[0] for figure in figures} <= documents
    shown = (
        scan_table(clean_dir, "line_items")
        .with_columns(where=figure_id())
        .filter(pl.col("where").is_in({figure.place for figure in figures}))
        .collect()
    )
    assert shown.filter(pl.all_horizontal(pl.col("page", "line", "cell").is_null())).is_empty()
