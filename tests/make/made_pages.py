"""A small executed notebook with charts as they stand in real ones, and a small dataset whose names are hostile."""

import io
from pathlib import Path

import nbformat
from matplotlib import rc_context
from matplotlib.figure import Figure

from analysis.charts.typography import properties
from make.datasets import amount, document, write_tables

PLOTLY = "application/vnd.plotly.v1+json"
HOSTILE = (
    "<script>document.title='ran'</script>",
    "<img src=http://evil.example/x.png onerror=\"document.title='ran'\">",
    '=HYPERLINK("http://evil.example","x")',
    "</script><script>document.title='ran'</script>",
    "[恶意](javascript:alert(1))",
    '<a href="javascript:alert(1)">点</a><b>粗</b><style>*{display:none}</style>',
    "<svg onload=\"document.title='ran'\"><foreignObject>x</foreignObject></svg>",
    "\" autofocus onfocus=\"document.title='ran'\" ' x='",
    "{{ 7 * 7 }}{% for a in b %}",
    "url(http://evil.example/x.png)",
    "\u202e\u2066倒写",
    "&lt;b&gt;&amp;amp;",
)
ALL = "".join(HOSTILE)


def drawn(title: str) -> str:
    """An svg as matplotlib writes it, its text as text."""
    with rc_context({"svg.fonttype": "none", "text.parse_math": False}):
        figure = Figure(figsize=(7.2, 3))
        axes = figure.add_subplot()
        axes.bar([0, 1, 2], [3, 1, 2])
        axes.set_title(title, fontproperties=properties(12, bold=False))
        buffer = io.BytesIO()
        figure.savefig(buffer, format="svg")
    return buffer.getvalue().decode()


def chart(name: str, title: str, explored: dict[str, object] | None) -> nbformat.NotebookNode:
    data: dict[str, object] = {"image/svg+xml": drawn(title), "text/plain": f"{title}：三年的数字"}
    if explored is not None:
        data[PLOTLY] = explored
    rows = [["2023", {"text": "1,234.56", "place": "d1/expenditure/1", "note": title, "suspect": True}], ["2024", "—"]]
    figures = {"caption": f"{title}（元）", "columns": [["年度", False], ["金额", True]], "rows": rows}
    said = {"name": name, "title": title, "alternative": f"{title}：三年的数字", "figures": figures}
    return nbformat.v4.new_output("display_data", data, metadata={"workbench": said})


def explored(word: str) -> list[dict[str, object]]:
    """Plotly figures of three kinds, with `word` wherever a name stands."""
    bars = {"type": "bar", "name": word, "x": ["2023", "2024"], "y": [1, 2], "customdata": [word, word],
            "hovertemplate": "%{customdata}<br>%{y:,.2f} 元<extra></extra>"}  # fmt: skip
    tree = {"type": "treemap", "labels": ["合计", word], "parents": ["", "合计"], "values": [1, 1]}
    flow = {"type": "sankey", "node": {"label": ["收入", word]}, "link": {"source": [0], "target": [1], "value": [1]}}
    title = {"title": {"text": f"{word}<br><span style='font-size:12px;color:#5c6773'>单位：元</span>"}, "height": 360}
    return [{"data": [one], "layout": layout} for one, layout in ((bars, title), (tree, {}), (flow, {"height": 300}))]


def executed(path: Path, word: str) -> Path:
    """An executed notebook with four charts, three of them to explore, and `word` wherever a document could put it."""
    table = f'<div class="table"><table><tr><td data-place="d1/x">{word}</td></tr></table></div>'
    outputs = [chart(f"chart-{at}", f"{word} 图 {at}", one) for at, one in enumerate((*explored(word), None))]
    outputs.append(nbformat.v4.new_output("display_data", {"text/html": table, "text/plain": word}))
    outputs.append(nbformat.v4.new_output("stream", name="stdout", text=word))
    cells = [
        nbformat.v4.new_markdown_cell(f"# 钱花在哪里？\n\n{word}"),
        nbformat.v4.new_code_cell("organisation = 'x'", metadata={"tags": ["parameters"]}),
    ]
    for at, output in enumerate(outputs):
        cells.append(nbformat.v4.new_markdown_cell(f"## 第 {at} 节"))
        cells.append(nbformat.v4.new_code_cell(f"show({at})", outputs=[output]))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def dataset(folder: Path, organisations: int = 3) -> Path:
    """A dataset of some organisations; the first bears every hostile name there is."""
    documents, rows = [], []
    for number in range(organisations):
        name = ALL if number == 0 else f"第{number}街道办事处"
        for year in (2023, 2024):
            level = "department" if number == 1 else "unit"
            of = document(number * 10 + year, name, year, level=level, document_id=f"d{number}-{year}")
            documents.append(of)
            rows.append(amount(of, None, "合计", 1_000_000 + number * 10_000))
            code, words = ("205", "教育支出") if number % 2 else ("2010101", ALL if number == 0 else "行政运行")
            rows.append(amount(of, code, words, 1_000_000))
    unread = {"document_id": "bad", "source_file": f"{ALL}.pdf", "status": "failed", "message": ALL}
    documents.append(unread)
    return write_tables(folder, {"documents": documents, "line_items": rows})
