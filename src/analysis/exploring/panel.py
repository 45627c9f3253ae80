"""A small panel to look around in: choose an organisation, a table, a column, rows and years, and see them at once.

The chart, its exact figures and their csv follow every change; the kernel alone answers, from the partitions of the one
organisation, and nothing is asked of a network. The chart is handed to the front end as a plotly figure in an output
area, which JupyterLab draws by the extension that plotly brings, so no copy of plotly travels with the notebook.
Without a kernel the panel is still there and does nothing.
"""

from collections.abc import Mapping
from typing import Any

import ipywidgets as widgets
import polars as pl

from analysis.charts.chart import PLOTLY
from analysis.display.amounts import wan
from analysis.display.tables import Heading, Table, TableCell
from analysis.display.templating import Markup, render
from analysis.display.words import LEVEL_NAMES
from analysis.exploring.csv_link import CsvLink
from analysis.exploring.dataset_view import Dataset
from analysis.exploring.selection import PHASES, FigureQuery, Selection, select, sheets
from analysis.exploring.selection_chart import GAP_WORDS, MOST, lines
from analysis.knowledge.names import measure_names
from analysis.terms.line_item import Level

_MOST_NAMES = 300
_MOST_ROWS = 60
_SUBTITLE = "印出的数字，空心为存疑，缺口为没有数字；当年价，未剔除物价变动"


class Explorer(widgets.VBox):  # type: ignore[misc]
    """The panel over a dataset.

    Attributes:
        figure: The plotly figure that is shown, as a dictionary; None where nothing fits.
    """

    def __init__(self, dataset: Dataset, organisation: str = "") -> None:
        """Open the panel at an organisation; without one, at the one with the most documents."""
        first = dataset.choose(organisation)
        self._dataset = dataset
        self._names = {
            f"{row['organisation']}（{LEVEL_NAMES[Level(row['level'])]}）": (row["organisation_id"], row["level"])
            for row in dataset.organisations.drop_nulls("level").iter_rows(named=True)
        }
        self._items = pl.DataFrame()
        self._busy = False
        self.figure: dict[str, Any] | None = None
        wide = widgets.Layout(width="420px")
        self.search = widgets.Text(description="查找", placeholder="单位名称中的几个字", layout=wide)
        self.organisation = widgets.Dropdown(description="单位", layout=wide)
        self.sheet = widgets.Dropdown(description="表", layout=wide)
        self.measure = widgets.Dropdown(description="栏", layout=wide)
        self.phase = widgets.Dropdown(description="数", layout=wide)
        self.asked = widgets.Text(
            description="行", placeholder="编码或名称，如 208、合计；空白为各类", continuous_update=False, layout=wide
        )
        self.years = widgets.IntRangeSlider(description="年度", continuous_update=False, layout=wide)
        self.chart = widgets.Output(layout=widgets.Layout(min_height="440px"))
        self.values = widgets.HTML()
        left = widgets.VBox([self.search, self.organisation, self.asked, self.years])
        right = widgets.VBox([self.sheet, self.measure, self.phase])
        super().__init__([widgets.HBox([left, right]), self.chart, self.values])
        self._offer_names((first.organisation_id, first.level))
        self._open()
        self.search.observe(self._on_search, "value")
        self.organisation.observe(self._on_organisation, "value")
        for control in (self.sheet, self.measure, self.phase, self.asked, self.years):
            control.observe(self._on_choice, "value")

    def __repr__(self) -> str:
        return "交互面板；在 JupyterLab 中运行后可用。 / an interactive panel: run the cell in JupyterLab"

    @property
    def query(self) -> FigureQuery:
        """What the controls say."""
        table, side = self.sheet.value
        first, last = self.years.value
        return FigureQuery(
            table,
            side,
            self.measure.value,
            self.phase.value,
            self.asked.value,
            first_year=first,
            last_year=last,
        )

    @property
    def selection(self) -> Selection:
        """The figures that the controls ask for."""
        return select(self._items, self.query)

    def _on_search(self, _: object) -> None:
        before = self.organisation.value
        self._busy = True
        self._offer_names(None)
        self._busy = False
        if self.organisation.value != before:
            self._open()

    def _on_organisation(self, _: object) -> None:
        if not self._busy and self.organisation.value is not None:
            self._open()

    def _on_choice(self, _: object) -> None:
        if not self._busy:
            self._draw()

    def _offer_names(self, first: tuple[str, str] | None) -> None:
        """Offer the organisations that the search fits, keeping the one chosen where it is among them."""
        fitting = [pair for pair in self._names.items() if self.search.value.strip() in pair[0]]
        chosen = first or self.organisation.value
        offered = fitting[:_MOST_NAMES] + [pair for pair in fitting[_MOST_NAMES:] if pair[1] == chosen]
        _offer(self.organisation, dict(offered), chosen)

    def _open(self) -> None:
        """Read the chosen organisation and show it."""
        if self.organisation.value is None:
            self._say("没有这样的单位。 / no such organisation")
            return
        one, level = self.organisation.value
        self._items = self._dataset.items(one).filter(level=level).drop_nulls("fiscal_year").collect()
        if self._items.is_empty():
            self._say("该单位没有读出数字。 / no figures were read")
            return
        first, last = int(self._items["fiscal_year"].min()), int(self._items["fiscal_year"].max())  # type: ignore[arg-type]
        self._busy = True
        self.years.min, self.years.max = min(first, self.years.min), max(last, self.years.max)
        published = self._items["document_year"]
        self.years.value = (max(first, int(published.min())), last)  # type: ignore[arg-type]
        self.years.min, self.years.max = first, last
        self._busy = False
        self._draw()

    def _draw(self) -> None:
        self._busy = True
        offered = sheets(self._items)
        _offer(self.sheet, offered, self.sheet.value or _usual(offered))
        table, side = self.sheet.value
        here = self._items.filter(table=table, side=side)
        measures = {measure_names().get(one, one): one for one in sorted(here["measure"].unique())}
        _offer(self.measure, measures, self.measure.value or "total")
        phases = here.filter(measure=self.measure.value)["phase"].unique()
        _offer(self.phase, {PHASES[one]: one for one in sorted(phases)}, self.phase.value)
        self._busy = False
        query, selection = self.query, self.selection
        if selection.figures.is_empty():
            self._say("没有符合条件的数字；请换一个编码、名称或年度。 / nothing fits")
            return
        title = f"{self.organisation.label}：{query.title}"
        self.figure = lines(selection.figures, query.years, title, _SUBTITLE)
        self._show(title)
        self.values.value = str(_values(selection, query))

    def _show(self, words: str) -> None:
        data = {"text/plain": words} | ({PLOTLY: self.figure} if self.figure else {})
        self.chart.outputs = ({"output_type": "display_data", "data": data, "metadata": {}},)

    def _say(self, words: str) -> None:
        self.figure = None
        self._show(words)
        self.values.value = ""


def _offer(control: Any, options: Mapping[str, Any], chosen: Any) -> None:
    """Give a dropdown its options, and its value where that is still offered."""
    control.options = options
    if options:
        control.value = chosen if chosen in options.values() else next(iter(options.values()))


def _usual(offered: Any) -> tuple[str, str] | None:
    return next((one for one in offered.values() if one[0] == "expenditure"), None)


def _values(selection: Selection, query: FigureQuery) -> Markup:
    """The figures as a table in 万元 and as a csv in yuan."""
    rows: dict[tuple[str, str], dict[int, TableCell]] = {}
    for row in selection.figures.iter_rows(named=True):
        note = f"{row['amount']:,} 元，印作 {row['printed']}；{row['place']}"
        rows.setdefault((row["key"], row["name"]), {})[row["fiscal_year"]] = TableCell(
            wan(row["amount"]), row["place"], note, bool(row["suspect"])
        )
    gap = TableCell("—", None, GAP_WORDS)
    body: tuple[tuple[str | TableCell, ...], ...] = tuple(
        (key if key == name else f"{key} {name}", *(amounts.get(year, gap) for year in query.years))
        for (key, name), amounts in list(rows.items())[:_MOST_ROWS]
    )
    heads = (Heading("行", number=False), *(Heading(str(year)) for year in query.years))
    notes = []
    if len(rows) > MOST:
        notes.append(f"共 {len(rows)} 行，图中是最近一年最大的 {MOST} 行。")
    if selection.claims:
        notes.append(f"另有 {selection.claims} 个数字由不止一个文件说明，取文件名在前的，不相加。")
    return render(
        "exploring/selection.html.j2",
        remarks=notes,
        table=Table(f"{query.title}（万元）；指向数字可见确切金额和位置", heads, body),
        csv=CsvLink.of(selection.figures.drop("scheme"), "figures.csv"),
    )
