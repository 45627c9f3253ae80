"""What is explored says as much as what is printed: the same totals, amounts and names, and nothing twice."""

from decimal import Decimal
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest
from make.chart_frames import CAPTION, COLOURS, EDGES, FUNCTIONS, MONEY, YEARS, classes, drawn, ordinary, written

from analysis.charts import bars, changes, flow, heat, lines
from analysis.charts.chart import METADATA, PLOTLY, Chart
from analysis.pages.chart_elements import ChartMetadata, without_captions


def traces(chart: Chart) -> list[dict[str, Any]]:
    assert chart.explored is not None
    go.Figure(chart.explored)
    return list(chart.explored["data"])


def texts(chart: Chart) -> list[str]:
    return [word for trace in traces(chart) for word in trace.get("text", ()) if isinstance(word, str)]


def beside(chart: Chart) -> list[str]:
    assert chart.explored is not None
    return [note["text"] for note in chart.explored["layout"]["annotations"] if note.get("name") == "beside"]


def test_totals_stand_above_the_bars_and_amounts_in_them() -> None:
    totals = pl.DataFrame({"fiscal_year": [2022], "amount": [Decimal("220000009.00")]})
    marks = pl.DataFrame({"fiscal_year": [2022], "amount": [Decimal(190_000_000)], "doubtful": [False]})
    chart = bars.stacked(ordinary(), CAPTION, COLOURS, YEARS, totals, marks)
    above = next(trace for trace in traces(chart) if trace.get("mode") == "text")
    assert above["text"][0] == "22,000"
    assert above["y"][0] == pytest.approx(22_000, rel=0.01)
    assert set(above["text"]) <= set(written(chart))
    done = next(trace for trace in traces(chart) if trace.get("name") == "执行数")
    assert done["text"] == ["19,000"]
    part = next(trace for trace in traces(chart) if trace.get("name") == "一般公共服务支出")
    assert part["text"] == ["2,200", "2,400", "2,500"]
    assert done["x"][0] > part["x"][0] + 0.3
    assert set(beside(chart)) >= {"一般公共服务支出", "城乡社区支出", "◆ 执行数"}


def test_a_figure_in_doubt_keeps_its_sign() -> None:
    assert "4,800※" in texts(drawn(ordinary())["stacked"]())
    assert [word for word in texts(drawn(ordinary())["shares"]()) if word.endswith("※")] == ["20.0%※"]


def test_ends_of_rows_say_what_print_says() -> None:
    frame = pl.DataFrame({
        "key": ["a", "b", "c"], "name": ["甲", "乙", "丙"], "amount": [None, Decimal(20_000), Decimal(30_000)],
        "before": [Decimal(1), Decimal(0), Decimal(20_000)],
    })  # fmt: skip
    chart = bars.ranked(frame, CAPTION)
    assert texts(chart) == ["3.00  +50.00%", "2.00", "没有公布或没有读出"]
    assert set(texts(chart)) <= set(written(chart))
    moved = pl.DataFrame(
        {"name": ["甲", "乙"], "change": [Decimal(30_000), Decimal(-20_000)], "presence": ["new", "ended"]}
    )
    chart = changes.diverging(moved, CAPTION)
    assert texts(chart) == ["+3.00（新列）", "-2.00（不再列）"]
    assert traces(chart)[-1]["textposition"] == ["middle right", "middle left"]


def test_steps_are_connected_at_their_levels() -> None:
    steps = [("2024年", 50_000, "start"), ("甲", -20_000, "change"), ("2025年", 30_000, "end")]
    frame = pl.DataFrame(steps, schema={"name": pl.String, "amount": MONEY, "role": pl.String}, orient="row")
    chart = changes.waterfall(frame, CAPTION)
    assert texts(chart) == ["5.00", "-2.00", "3.00"]
    dotted = next(trace for trace in traces(chart) if trace.get("mode") == "lines")
    assert dotted["x"] == [5, 5, None, 3, 3, None]
    assert dotted["y"] == [0, 1, None, 1, 2, None]


def test_a_code_that_the_name_ends_with_is_not_written_twice() -> None:
    frame = pl.DataFrame({
        "key": ["30102", "30103"], "name": ["津贴补贴 30102", "奖金"], "amount": [Decimal(20_000), Decimal(10_000)]
    })  # fmt: skip
    chart = bars.ranked(frame, CAPTION)
    assert chart.explored is not None
    assert chart.explored["layout"]["yaxis"]["ticktext"] == ["津贴补贴 30102", "奖金 30103"]
    assert {"津贴补贴 30102", "奖金 30103"} <= set(written(chart))


def test_sixteen_characters_and_a_code_are_not_cut() -> None:
    name = "机关事业单位基本养老保险缴费支出"
    chart = bars.ranked(classes([(2024, "2080505", name, 5)]), CAPTION)
    assert chart.explored is not None
    assert chart.explored["layout"]["yaxis"]["ticktext"] == [f"{name} 2080505"]


def test_areas_and_nodes_are_named_with_their_amounts() -> None:
    labels = traces(drawn(ordinary())["tree"]())[0]["labels"]
    assert {"城乡社区支出<br>10,000", "一般公共服务支出<br>2,500"} <= set(labels)
    frame = pl.DataFrame(
        {"source": ["拨款", "事业"], "target": ["单位", "单位"], "amount": [Decimal(70_000), Decimal(30_000)]}
    )
    chart = flow.flow(frame, CAPTION, [["事业", "拨款"], ["单位"]], {})
    assert chart.explored is not None
    words = [note["text"] for note in chart.explored["layout"]["annotations"][1:]]
    assert words == ["事业<br>3.00", "拨款<br>7.00", "单位<br>10.00"]
    heights = traces(chart)[0]["node"]["y"]
    assert heights[0] < heights[1]


def test_lines_are_named_at_their_ends() -> None:
    chart = lines.lines(ordinary(), CAPTION, COLOURS, YEARS)
    assert beside(chart) == ["一般公共服务支出", "社会保障和就业支出", "卫生健康支出", "城乡社区支出"]
    assert set(beside(chart)) <= set(written(chart))
    few = lines.lines(ordinary().filter(key="201"), CAPTION, COLOURS, YEARS)
    assert [word for word in texts(few) if word] == ["2,200", "2,400", "2,500"]


def test_an_empty_field_says_its_reason_once() -> None:
    frame = pl.DataFrame({
        "row": ["甲", "甲", "乙", "乙"], "column": [2023, 2024, 2023, 2024], "absent": ["没有文件", None, None, None],
        "amount": [None, Decimal(50_000), Decimal(30_000), None],
    })  # fmt: skip
    chart = heat.heat(frame, CAPTION)
    fields, reasons = traces(chart)
    assert fields["text"] == [["", "5.00"], ["3.00", ""]]
    assert reasons["text"] == ["没有文件", "无"]
    assert set(reasons["text"]) <= set(written(chart))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_page_says_title_and_source_itself_and_takes_back_their_room(function: str) -> None:
    data, metadata = drawn(ordinary())[function]()._repr_mimebundle_()
    told = ChartMetadata.of({"data": data, "metadata": metadata})
    assert told.subtitle == "副标题"
    assert told.source.startswith("来源：测试")
    assert "<br>" not in told.source
    full, left = data[PLOTLY]["layout"], without_captions(data[PLOTLY], told)["layout"]
    above, below = metadata[METADATA]["around"]
    assert "title" not in left
    assert not [note for note in left["annotations"] if "来源" in note["text"]]
    assert left["height"] == full["height"] - above - below
    assert left["margin"]["b"] == full["margin"]["b"] - below <= 30


@pytest.mark.parametrize("case", ["many classes", "twenty years", "ordinary"])
def test_what_is_explored_stays_small(case: str) -> None:
    frame = ordinary() if case == "ordinary" else EDGES[case]
    for function in FUNCTIONS:
        explored = drawn(frame)[function]().explored
        assert explored is not None
        assert len(str(explored)) < 60_000


def test_a_notebook_shows_no_button_that_uploads_and_saves_under_a_speaking_name() -> None:
    data, _ = drawn(ordinary())["ranked"]()._repr_mimebundle_()
    config = data["application/vnd.plotly.v1+json"]["config"]
    assert config["plotlyServerURL"] == "" and config["showSendToCloud"] is False
    assert "sendChartToCloud" in config["modeBarButtonsToRemove"]
    assert drawn(ordinary())["ranked"]().title.split()[0] in config["toImageButtonOptions"]["filename"]
