"""What a page weighs and what making it costs, against nbconvert's own page of the same executed notebook.

The notebook holds one chart of each of several kinds, as a report does. The peer is `HTMLExporter()` as it comes, of
the same figures as PLOTLY_RENDERER=notebook leaves them in a notebook, the setting with which that page draws without
a network: the whole of plotly.js at the first figure, a div and a script for each.
"""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import polars as pl
from nbconvert.exporters import HTMLExporter
from plotly.io import to_html

from analysis.charts import bars, hierarchy, lines
from analysis.charts.chart import Chart
from analysis.charts.drawing import Caption
from analysis.charts.theme import class_colour
from analysis.pages import assets
from analysis.pages.chart_elements import PLOTLY
from analysis.pages.notebook_page import render

ROUNDS = 7
YEARS = (2021, 2022, 2023, 2024, 2025)
NAMES = {"201": "一般公共服务支出", "205": "教育支出", "208": "社会保障和就业支出", "212": "城乡社区支出"}
MONEY = pl.Decimal(18, 2)


def _charts() -> list[Chart]:
    rows = [(year, code, name, 1_000_000 + year * int(code)) for year in YEARS for code, name in NAMES.items()]
    schema = {"fiscal_year": pl.Int16, "key": pl.String, "name": pl.String, "amount": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("amount").cast(MONEY))
    totals = frame.group_by("fiscal_year").agg(pl.col("amount").sum()).sort("fiscal_year")
    colours = {code: class_colour(code) for code in NAMES}
    tree = frame.filter(pl.col("fiscal_year") == YEARS[-1]).select(
        pl.col("key").alias("code"), pl.lit(None, pl.String).alias("parent_code"), "name", "amount"
    )

    def about(name: str) -> Caption:
        return Caption(name, "支出按功能分类", "预算数", "来源：公布的部门预算")

    return [
        bars.stacked(frame, about("stacked"), colours, YEARS, totals, None),
        bars.shares(frame, about("shares"), colours, YEARS),
        lines.lines(frame, about("lines"), colours, YEARS),
        hierarchy.tree(tree, about("tree")),
    ]


def _notebook(charts: list[Chart], path: Path, peer: bool) -> None:
    cells = []
    for number, chart in enumerate(charts):
        data, metadata = chart._repr_mimebundle_()
        if peer:
            # What PLOTLY_RENDERER=notebook leaves: the library once, then a div and its script for each figure.
            figure = data.pop(PLOTLY)
            data = {"text/html": to_html(figure, include_plotlyjs=number == 0, full_html=False, validate=False)}
        output = nbformat.v4.new_output("display_data", data, metadata={} if peer else metadata)
        cells += [
            nbformat.v4.new_markdown_cell(f"## {chart.name}"),
            nbformat.v4.new_code_cell("show", outputs=[output]),
        ]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)


def _median(work: Callable[[], object]) -> float:
    work()
    seconds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main() -> None:
    """Print sizes and times."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        own, peer = folder / "own.ipynb", folder / "peer.ipynb"
        charts = _charts()
        _notebook(charts, own, peer=False)
        _notebook(charts, peer, peer=True)
        assets.write_assets(folder / "assets")
        page, alone, stock = folder / "page.html", folder / "alone.html", folder / "stock.html"
        start = time.perf_counter()
        render(own, page, "页")
        first = time.perf_counter() - start
        drawing = _median(_charts)
        site_seconds = _median(lambda: render(own, page, "页"))
        alone_seconds = _median(lambda: render(own, alone, "页", standalone=True))

        def as_it_comes() -> None:
            html, _ = HTMLExporter().from_filename(str(peer))  # type: ignore[no-untyped-call]
            stock.write_text(html, encoding="utf-8")

        stock_seconds = _median(as_it_comes)
        shared = sum(path.stat().st_size for path in (folder / "assets").iterdir())
        sizes = {
            name: path.stat().st_size / 1000 for name, path in (("site", page), ("alone", alone), ("stock", stock))
        }
    print(f"{len(charts)} charts drawn in {drawing:.3f} s; the first page of a process {first:.2f} s")
    print(f"page of the site   {sizes['site']:9,.0f} kB {site_seconds:7.3f} s   and {shared / 1000:,.0f} kB for all")
    print(f"page that is alone {sizes['alone']:9,.0f} kB {alone_seconds:7.3f} s")
    print(f"nbconvert's own    {sizes['stock']:9,.0f} kB {stock_seconds:7.3f} s   (asks for scripts)")
    print(
        f"ratios: site {sizes['stock'] / sizes['site']:.0f} times smaller, alone {sizes['stock'] / sizes['alone']:.1f} "
        f"times smaller; site {stock_seconds / site_seconds:.1f} times faster"
    )


if __name__ == "__main__":
    main()
