"""What the cells of a notebook show, run in this process: faster than a kernel, and what is shown can be asked."""

import ast
from pathlib import Path
from typing import Any

import nbformat

from analysis.charts.chart import Chart

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


def shown(name: str, **parameters: object) -> dict[str, Any]:
    """The value that each cell of a notebook shows, by the words of its last line."""
    inside: dict[str, Any] = {}
    found: dict[str, Any] = {}
    for cell in nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4).cells:
        if cell.cell_type != "code":
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), inside)
        if isinstance(last, ast.Expr):
            found[ast.unparse(last)] = eval(compile(ast.Expression(last.value), name, "eval"), inside)
        if "parameters" in cell.metadata.get("tags", []):
            assert set(parameters) <= set(inside), "the notebook declares no such parameter"
            inside |= parameters
    return found


def html(value: Any) -> str:
    """A value as its page has it, with the words of a chart."""
    if isinstance(value, Chart):
        data, told = value._repr_mimebundle_()
        return f"{data['image/svg+xml']}{data['text/plain']}{told}"
    return "" if value is None else value._repr_html_()
