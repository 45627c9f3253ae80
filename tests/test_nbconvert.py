"""A notebook that somebody converts by hand with plain nbconvert: the page asks nothing of a network."""

import json
import tomllib
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

ROOT = Path(__file__).parents[1]


def test_plain_nbconvert_of_this_environment_fetches_nothing() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    shared = project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    folders = {Path(place).name: ROOT / source for source, place in shared.items()}
    config = json.loads(folders["jupyter_nbconvert_config.json"].read_text(encoding="utf-8"))
    template = folders[config["HTMLExporter"]["template_name"]]
    figure = nbformat.v4.new_output("display_data", {"application/vnd.plotly.v1+json": {"data": [], "layout": {}},
                                                     "image/svg+xml": "<svg/>", "text/plain": "图"})  # fmt: skip
    cell = nbformat.v4.new_code_cell("1", outputs=[figure])
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 报告 $x$"), cell])
    exporter = HTMLExporter(template_name=template.name, extra_template_basedirs=[str(template.parent)])
    page, _ = exporter.from_notebook_node(notebook)
    assert "<h1" in page and "image/svg+xml" in page
    for fetched in ("cdnjs", "require.min.js", "mathjax.js", "MathJax.js", 'src="http', "import("):
        assert fetched not in page
