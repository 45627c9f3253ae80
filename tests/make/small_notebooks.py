"""Notebooks of a few lines, for tests of what runs them."""

from pathlib import Path
from typing import Any

import nbformat


def notebook_of(path: Path, *cells: str, parameters: str = "clean_dir: str = ''") -> Path:
    """Write a notebook with a parameters cell and these code cells."""
    first = nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})
    spec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[first, *code], metadata={"kernelspec": spec}), path)
    return path


def printed(executed: Path) -> str:
    """All that an executed notebook printed."""
    cells: list[Any] = nbformat.read(executed, as_version=4).cells
    return "".join(one.text for cell in cells for one in cell.get("outputs", []) if one.output_type == "stream")
