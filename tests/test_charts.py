"""Charts: what is drawn, said and tabled is what is in the frame, whatever the frame holds."""

import io
import json
import re
import warnings
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import matplotlib as mpl
import plotly.graph_objects as go
import polars as pl
import pytest
from fontTools.ttLib import TTFont
from hypothesis import assume, given
from hypothesis import strategies as st
from make.chart_frames import CAPTION, COLOURS, EDGES, FUNCTIONS, LONG, MONEY, YEARS, classes, drawn, ordinary, written
from PIL import Image

from analysis.charts import bars, changes, dots, flow, hierarchy, lines
from analysis.charts.chart import METADATA, PLOTLY
from analysis.charts.rendering.canvas import Canvas
from analysis.charts.rendering.png import write_png
from analysis.charts.rendering.svg import write_svg
from analysis.charts.scales import spread, ticks
from analysis.charts.typography import cut_middle, width
from analysis.display.tables import TableCell

FONTS = Path(bars.__file__).parents[1] / "assets" / "fonts"


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, item in value.items() if "template" not in key for text in strings(item)]
    return [text for item in value for text in strings(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("case", EDGES)
def test_every_chart_stands_whatever_the_frame_holds(function: str, case: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chart = drawn(EDGES[case])[function]()
        svg, png = chart.image(), chart.image("png")
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert png.startswith(b"\x89PNG")
    assert len(svg) < 80_000
    assert chart.alternative.startswith("标题：")
    assert "来源：测试" in " ".join(written(chart))
    if chart.explored is not None:
        json.dumps(chart.explored, allow_nan=False)
        go.Figure(chart.explored)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_an_empty_frame_is_said_and_not_drawn_as_zero(function: str) -> None:
    chart = drawn(EDGES["empty"])[function]()
    assert "没有可画的数字" in chart.alternative
    assert "没有可画的数字" in written(chart)
    assert chart.explored is None


@pytest.mark.parametrize("function", FUNCTIONS)
def test_markup_of_a_document_is_text_in_every_form(function: str) -> None:
    chart = drawn(EDGES["markup"])[function]()
    assert b"<script" not in chart.image()
    marked = re.compile(r"<(?!br>)|\$")
    assert not [text for text in strings(chart.explored) if marked.search(text)]


@pytest.mark.parametrize("function", [name for name in FUNCTIONS if name != "matrix"])
def test_figures_keep_their_place_and_their_doubt(function: str) -> None:
    chart = drawn(ordinary())[function]()
    cells = [cell for row in chart.figures.rows for cell in row if isinstance(cell, TableCell)]
    assert cells
    assert all(cell.place and cell.place.startswith("d20") for cell in cells)
    suspects = [cell.place for cell in cells if cell.suspect]
    assert suspects in ([], ["d2024/208"])
    if suspects:
        assert "※" in " ".join(written(chart))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_svg_can_stand_beside_others_in_a_dark_page(function: str) -> None:
    svg = drawn(EDGES["suspect"])[function]().image().decode()
    assert svg.startswith("<svg ")
    assert "style=" not in svg
    assert all(name.startswith("some-chart-") for name in re.findall(r'\bid="([^"]*)"', svg))
    assert set(re.findall(r"url\(#([^)]*)\)", svg)) <= set(re.findall(r'\bid="([^"]*)"', svg))
    for colour, name in (("#1d2733", "ink"), ("#5c6773", "muted"), ("#ffffff", "paper")):
        for tag in re.findall(rf'<[^>]*fill="{colour}"[^>]*>', svg):
            assert f"fill-{name}" in tag
    root = ElementTree.fromstring(svg)
    assert root.attrib["font-family"].startswith("'Workbench SC', 'PingFang SC'")
    assert not [path for path in root if path.get("fill") == "#ffffff" and path.get("d", "").startswith("M 0 ")]


def test_images_are_repeatable_and_change_nothing_globally() -> None:
    before = dict(mpl.rcParams)
    for form in ("svg", "png"):
        assert len({make().image(form) for make in [drawn(ordinary())["stacked"]] * 2}) == 1
    assert dict(mpl.rcParams) == before


def test_what_renders_a_drawing_knows_no_chart() -> None:
    folder = Path(bars.__file__).parent
    described = {"drawing", "frame_values", "layout", "marks", "scales", "theme", "typography"}
    for path in (folder / "rendering").glob("*.py"):
        known = set(re.findall(r"^from analysis\.charts\.(\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))
        assert known <= described | {"rendering"}, path.name


def test_a_line_is_as_thick_in_a_picture_as_in_an_svg() -> None:
    canvas = Canvas(20, 20)
    canvas.line([(0, 10), (20, 10)], "#000000", 2.0)
    assert 'stroke-width="2"' in write_svg(canvas, "some-chart", "")
    picture = Image.open(io.BytesIO(write_png(canvas, ""))).convert("L")
    dark = [y for y in range(picture.height) if picture.getpixel((20, y)) < 128]
    assert len(dark) == 2.0 * picture.height / canvas.height


def test_a_chart_shows_itself_with_all_that_a_page_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORKBENCH_PICTURES", raising=False)
    data, metadata = drawn(ordinary())["ranked"]()._repr_mimebundle_()
    assert set(data) == {"image/svg+xml", "text/plain", PLOTLY}
    told = metadata[METADATA]
    assert told["name"] == "some-chart"
    assert told["figures"]["columns"][0] == ["名称", False]
    assert told["figures"]["rows"][0][1] == {
        "text": "100,000,000.25", "place": "d2025/212", "note": None, "suspect": False
    }  # fmt: skip
    json.dumps(data)
    monkeypatch.setenv("WORKBENCH_PICTURES", "png")
    assert "image/png" in drawn(ordinary())["ranked"]()._repr_mimebundle_()[0]


def test_stacked_tells_bars_totals_gaps_and_execution_apart() -> None:
    totals = pl.DataFrame({"fiscal_year": [2022], "amount": [Decimal("220000009.00")]})
    marks = pl.DataFrame(
        {"fiscal_year": [2021, 2022], "amount": [Decimal(250_000_000), Decimal(1)], "doubtful": [False, True]}
    )
    chart = bars.stacked(ordinary(), CAPTION, COLOURS, YEARS, totals, marks)
    texts = written(chart)
    assert {"22,000", "2,200", "25,000", "一般公共服务支出", "2025年"} <= set(texts)
    assert "仅有执行数" in "".join(texts).replace("\n", "")
    assert "2023年无数据" in chart.alternative
    assert "2021年无数据，执行数 25,000.00 万元" in chart.alternative
    assert "执行数 不足 0.01 万元（存疑）" in chart.alternative
    rows = {str(row[0]): row for row in chart.figures.rows}
    assert rows["合计（公开文件列示数）"][2] == "220,000,009.00"
    bar = next(trace for trace in chart.explored["data"] if trace["name"] == "一般公共服务支出")
    assert bar["customdata"][0] == ["2022年 一般公共服务支出", "22,000,000.25 元", "d2022/201"]


def test_small_classes_are_one_area_and_stay_in_the_table() -> None:
    chart = bars.stacked(EDGES["many classes"], CAPTION, COLOURS, YEARS, named=6)
    assert "其他 23 类" in written(chart)
    assert len(chart.figures.rows) == 29


def test_shares_of_what_is_no_whole_are_not_drawn() -> None:
    frame = classes([(2022, "201", "甲", 3), (2022, "208", "乙", 1), (2024, "201", "甲", -1), (2025, "201", "甲", 0)])
    chart = bars.shares(frame, CAPTION, COLOURS, YEARS)
    assert "75.0%" in written(chart)
    assert "2022年 甲 75.00%、乙 25.00%" in chart.alternative
    assert "2023年无文件" in chart.alternative
    assert chart.alternative.count("不适用") == 2


def test_a_ranking_keeps_what_is_missing_and_has_no_growth_from_zero() -> None:
    frame = pl.DataFrame(
        {"key": ["a", "b", "c"], "name": ["甲", "乙", "丙"], "amount": [None, Decimal(20_000), Decimal(30_000)],
         "before": [Decimal(1), Decimal(0), Decimal(20_000)]}
    )  # fmt: skip
    chart = bars.ranked(frame, CAPTION)
    assert {"3.00  +50.00%", "2.00", "没有公布或没有读出"} <= set(written(chart))
    assert [str(row[0]) for row in chart.figures.rows] == ["丙", "乙", "甲"]


def test_changes_bear_their_signs_and_presence() -> None:
    frame = pl.DataFrame(
        {"name": ["甲", "乙"], "change": [Decimal(30_000), Decimal(-20_000)], "presence": ["new", "ended"]}
    )
    assert {"+3.00（新列）", "-2.00（不再列）"} <= set(written(changes.diverging(frame, CAPTION)))
    steps = [("2024年", 50_000, "start"), ("甲", -20_000, "change"), ("2025年", 30_000, "end")]
    frame = pl.DataFrame(steps, schema={"name": pl.String, "amount": MONEY, "role": pl.String}, orient="row")
    chart = changes.waterfall(frame, CAPTION)
    assert {"5.00", "-2.00", "3.00"} <= set(written(chart))
    trace = chart.explored["data"][0]
    assert [(base, length) for base, length in zip(trace["base"], trace["x"], strict=True)] == [(0, 5), (3, 2), (0, 3)]


def test_a_gap_breaks_a_line() -> None:
    chart = lines.lines(ordinary(), CAPTION, COLOURS, YEARS)
    trace = chart.explored["data"][0]
    assert trace["y"][1] is None
    assert trace["connectgaps"] is False
    assert "无文件" in "".join(written(chart)).replace("\n", "")


def test_a_tree_counts_what_has_no_area_and_shows_what_is_not_itemised() -> None:
    rows = [("201", None, "类", 100_000), ("20101", "201", "款", 60_000), ("202", None, "零", 0)]
    schema = {"code": pl.String, "parent_code": pl.String, "name": pl.String, "amount": MONEY}
    chart = hierarchy.tree(pl.DataFrame(rows, schema=schema, orient="row"), CAPTION)
    assert "类（未细分）" in written(chart)
    assert "另有 1 个代码的金额为零或负数" in chart.alternative
    trace = chart.explored["data"][0]
    assert list(zip(trace["ids"], trace["parents"], trace["values"], strict=True)) == [
        ("201", "", 0.0), ("20101", "201", 6.0), ("201+", "201", 4.0)
    ]  # fmt: skip


def test_a_flow_names_its_nodes_and_leaves_out_nothing() -> None:
    frame = pl.DataFrame(
        {"source": ["拨款", "事业"], "target": ["单位", "单位"], "amount": [Decimal(70_000), Decimal(30_000)]}
    )
    chart = flow.flow(frame, CAPTION, [["拨款", "事业"], ["单位"]], {})
    assert {"拨款", "7.00", "单位", "10.00"} <= set(written(chart))
    assert chart.explored["data"][0]["link"]["value"] == [70_000.0, 30_000.0]


def test_dots_name_the_outlier_and_print_the_quartiles() -> None:
    ratios = [Decimal(value) / 100 for value in (40, 41, 42, 43, 44, 95)]
    frame = pl.DataFrame(
        {"group": ["项目占比"] * 6, "key": list("abcdef"), "name": list("甲乙丙丁戊己"), "ratio": ratios}
    )
    chart = dots.dots(frame, CAPTION)
    assert "己 95.0%" in written(chart)
    assert "中位数 42.50%" in chart.alternative
    assert "离群的有己 95.00%" in chart.alternative


def test_long_names_are_cut_in_print_and_whole_on_hover() -> None:
    chart = drawn(EDGES["long names"])["ranked"]()
    assert not [text for text in written(chart) if LONG in text]
    assert [text for text in written(chart) if "…" in text and text.endswith(" 2010101")]
    assert f"{LONG} 2010101" in strings(chart.explored)


def test_rare_characters_stay_in_the_svg_and_are_replaced_in_a_picture() -> None:
    svg = drawn(EDGES["rare characters"])["ranked"]().image().decode()
    assert "曌𠮷😀〓" in svg


@pytest.mark.parametrize(("weight", "bold"), [("Regular", False), ("Bold", True)])
def test_words_are_as_wide_as_the_type_has_them(weight: str, bold: bool) -> None:
    type_ = TTFont(FONTS / f"WorkbenchSC-{weight}.ttf", lazy=True)
    advances, em = type_["hmtx"].metrics, type_["head"].unitsPerEm
    wrong = [
        chr(sign)
        for sign, glyph in type_.getBestCmap().items()
        if width(chr(sign), 12, bold) != pytest.approx(12 * advances[glyph][0] / em)
    ]
    assert not wrong
    assert width("𠮷", 12, bold) == 12, "what the type lacks is one em wide"


@given(st.lists(st.floats(0, 100), max_size=8))
def test_labels_keep_their_distance_and_order(positions: list[float]) -> None:
    placed = spread(positions, 3, 110)
    ordered = [height for _, height in sorted(zip(positions, placed, strict=True), key=lambda pair: pair)]
    assert all(above - below >= 3 - 1e-9 for below, above in pairwise(ordered))
    assert max(placed, default=0) <= 110


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e12))
def test_ticks_lie_on_the_axis_evenly_and_are_few(low: float, length: float) -> None:
    assume(length > 1e-9 * abs(low))  # no floats lie between the ends of a shorter axis
    high = low + length
    found = ticks(low, high)
    slack = 1e-6 * length + 1e-9 * abs(low)
    assert all(low - slack <= tick <= high + slack for tick in found)
    assert len(found) <= 6


def test_ticks_have_their_ends() -> None:
    assert ticks(0, 1) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1])
    assert ticks(-30, 50) == pytest.approx([-20, 0, 20, 40])


def test_what_is_less_than_a_thousand_yuan_is_drawn_in_yuan() -> None:
    chart = drawn(EDGES["one figure"])["stacked"]()
    assert {"0.01", "来源：测试 · 单位：元"} <= set(written(chart))


def test_names_of_one_place_are_cut_where_they_are_alike() -> None:
    names = [f"上海市普陀区人民政府{one}街道办事处" for one in ("长寿路", "宜川路", "甘泉路")]
    cut = [cut_middle(name, 100, 9) for name in names]
    assert len(set(cut)) == 3 and all(width(name, 9) <= 100 and "…" in name for name in cut)
    assert [name[-7:] for name in cut] == [name[-7:] for name in names]
    assert cut_middle("教育", 100, 9) == "教育"


def test_small_steps_between_large_amounts_are_no_hairlines() -> None:
    steps = [("2024年", 190_000_000, "start"), ("甲", 2_000_000, "change"), ("2025年", 192_000_000, "end")]
    frame = pl.DataFrame(steps, schema={"name": pl.String, "amount": MONEY, "role": pl.String}, orient="row")
    chart = changes.waterfall(frame, CAPTION)
    assert "横轴不从 0 开始" in " ".join(written(chart))
    low, high = chart.explored["layout"]["xaxis"]["range"]
    assert low > 0 and 200 / (high - low) > 0.3
