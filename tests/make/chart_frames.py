"""Frames for every chart function, ordinary ones and those that a dataset throws at it sooner or later."""

from collections.abc import Callable
from decimal import Decimal
from xml.etree import ElementTree

import polars as pl

from analysis.charts import bars, changes, dots, flow, heat, hierarchy, lines, matrix, theme
from analysis.charts.chart import Chart
from analysis.charts.drawing import Caption

MONEY = pl.Decimal(18, 2)
CLASSES = {"201": "一般公共服务支出", "208": "社会保障和就业支出", "210": "卫生健康支出", "212": "城乡社区支出"}
COLOURS = {code: theme.class_colour(code) for code in theme.CLASS_COLOURS}
YEARS = range(2022, 2026)
CAPTION = Caption("some-chart", "标题", "副标题", "来源：测试")


def classes(rows: list[tuple[object, ...]]) -> pl.DataFrame:
    """`fiscal_year`, `key`, `name`, `amount`, and `suspect`, `place` where the rows have them."""
    schema = {
        "fiscal_year": pl.Int16, "key": pl.String, "name": pl.String, "amount": MONEY, "suspect": pl.Boolean,
        "place": pl.String,
    }  # fmt: skip
    width = max((len(row) for row in rows), default=4)
    return pl.DataFrame(rows, schema=dict(list(schema.items())[:width]), orient="row")


def ordinary() -> pl.DataFrame:
    """Three years of four classes, 2023 missing, one figure in doubt."""
    return classes([
        (year, code, name, Decimal(f"{(number + 1) * (year - 2000) * 1_000_000}.25"), (year, code) == (2024, "208"),
         f"d{year}/{code}")
        for year in (2022, 2024, 2025) for number, (code, name) in enumerate(CLASSES.items())
    ])  # fmt: skip


def drawn(frame: pl.DataFrame) -> dict[str, Callable[[], Chart]]:
    """Every chart function on the same amounts, in the shape that each of them takes."""
    last = frame.filter(fiscal_year=frame["fiscal_year"].max()) if frame.height else frame
    more = [name for name in ("suspect", "place") if name in frame.columns]
    year = pl.col("fiscal_year").cast(pl.String)
    name = pl.col("name").fill_null("—")
    ends = ["start", *["change"] * (last.height - 2), "end"][: last.height]
    ratio = (pl.col("amount").cast(pl.Float64) / 1e9).alias("ratio")
    state = pl.Series(["all", "part", "none", "failed"] * (frame.height // 4 + 1), dtype=pl.String)[: frame.height]
    return {
        "stacked": lambda: bars.stacked(frame, CAPTION, COLOURS, YEARS),
        "shares": lambda: bars.shares(frame, CAPTION, COLOURS, YEARS),
        "ranked": lambda: bars.ranked(last.with_columns(before=pl.col("amount").shift(1)), CAPTION),
        "share_rows": lambda: bars.share_rows(frame.with_columns(row=year), CAPTION, COLOURS),
        "waterfall": lambda: changes.waterfall(last.with_columns(pl.Series("role", ends, dtype=pl.String)), CAPTION),
        "diverging": lambda: changes.diverging(
            last.select("key", "name", *more, change="amount", presence=pl.lit("new")), CAPTION
        ),
        "lines": lambda: lines.lines(frame, CAPTION, COLOURS, YEARS),
        "ratio_lines": lambda: lines.lines(frame.with_columns(amount=ratio), CAPTION, COLOURS, YEARS, ratio=True),
        "tree": lambda: hierarchy.tree(
            last.select("name", "amount", *more, code="key", parent_code=pl.lit(None, pl.String)), CAPTION
        ),
        "flow": lambda: flow.flow(
            last.select("amount", *more, source=pl.lit("全部"), target=name), CAPTION,
            [["全部"]], COLOURS,
        ),
        "heat": lambda: heat.heat(frame.select("amount", *more, row=name, column=year), CAPTION),
        "diverging_heat": lambda: heat.heat(
            frame.select(*more, row=name, column=year, amount=ratio), CAPTION, True, True
        ),
        "dots": lambda: dots.dots(frame.select("key", "name", *more, ratio, group=year), CAPTION),
        "matrix": lambda: matrix.matrix(
            frame.select(row=name, column=year, words=pl.lit(None, pl.String)).with_columns(
                state=state
            ),
            CAPTION,
        ),
    }  # fmt: skip


FUNCTIONS = list(drawn(ordinary()))
LONG = "上海市普陀区人民政府万里街道办事处城市运行管理和应急联动综合协调服务指挥中心（筹备组）"
EDGES = {
    "empty": classes([]),
    "only gaps": classes([(year, None, None, None) for year in YEARS]),
    "one year": classes([(2024, code, name, 5) for code, name in CLASSES.items()]),
    "one figure": classes([(2024, "201", "一般公共服务支出", Decimal("0.01"))]),
    "zeros": classes([(year, code, name, 0) for year in YEARS for code, name in CLASSES.items()]),
    "negative": classes([(year, "201", "甲", -5_000_000) for year in YEARS] + [(2024, "208", "乙", 9_000_000)]),
    "many classes": classes([(y, c, f"第{c}类", int(c) * 1000) for y in YEARS for c in (*theme.CLASS_COLOURS, "299")]),
    "long names": classes([(2024, "2010101", LONG, 5), (2024, "2010102", LONG, 7), (2025, "2010101", LONG, 6)]),
    "large": classes([(year, "201", "一般公共服务支出", 10**12 + year) for year in YEARS]),
    "suspect": ordinary().with_columns(suspect=pl.lit(True)),
    "rare characters": classes([(2024, "201", "曌𠮷😀\x00", 5), (2024, "208", None, 6)]),
    "markup": classes([
        (2024, "201", "<script>alert(1)</script><b>&amp;$x$", 5), (2024, "208", "<a href='javascript:x'>", 6)
    ]),
    "twenty years": classes([(year, "201", "一般公共服务支出", year * 1000) for year in range(2006, 2026)]),
}  # fmt: skip


def written(chart: Chart) -> list[str]:
    """The words of the printed chart, line by line."""
    drawing = ElementTree.fromstring(chart.image())
    return ["".join(text.itertext()) for text in drawing.iter("{http://www.w3.org/2000/svg}text")]
