"""Budget Workbench: read, balance and report published Chinese public budgets.

import analysis as wb

data = wb.open("data/clean", raw="data/raw")   # after workbench clean and workbench validate
data.spending(by="class")                      # who spends what, no yuan twice
data.growth(by="item").head(10)                # what rose and fell most
data.show(data.spending()["place"][0])         # the page where a figure is printed
"""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.open_data import Data

__all__ = ["__version__", "open"]
__version__ = "0.1.0"


def open(clean: str | Path, raw: str | Path | None = None) -> "Data":  # noqa: A001 - as one opens a file
    """Open a cleaned dataset; see `analysis.open_data`.

    Args:
        clean: The folder that `workbench clean` wrote.
        raw: The published files, to see the pages where figures stand; None for none.

    Raises:
        DatasetError: There is no dataset; the message says what to run.
    """
    from analysis.open_data import open_data  # polars takes a moment, and the command line must not wait for it

    return open_data(clean, raw)
