"""A price index that the reader gives, to tell nominal from real growth: a csv file of `year,index`.

Nothing is known of prices here and no index is guessed: without a file there is no real growth.
"""

import csv
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

from analysis.errors import ParameterError
from analysis.indicators.growth import growth
from analysis.indicators.prices import real


def read_deflator(path: Path) -> Mapping[int, Decimal]:
    """The index by year.

    Args:
        path: A csv file in UTF-8 whose first line is `year,index`; the index is above zero, its base is any year.

    Raises:
        ParameterError: The file is missing or malformed; the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"读不到价格指数文件 {path}：须是 UTF-8 的 csv，首行为 year,index。") from error
    reader = csv.DictReader(text.splitlines())
    if tuple(reader.fieldnames or ()) != ("year", "index"):
        raise ParameterError(f"{path} 的首行须是 year,index。")
    index: dict[int, Decimal] = {}
    for row in reader:
        try:
            year, value = int(row["year"]), Decimal(row["index"])
        except (TypeError, ValueError, InvalidOperation) as error:
            raise ParameterError(f"{path} 第 {reader.line_num} 行不是“年度,指数”。") from error
        if not value.is_finite() or value <= 0 or year in index:
            raise ParameterError(f"{path} 第 {reader.line_num} 行：指数须大于零，每年一行。")
        index[year] = value
    return index


def real_growth(now: Decimal | None, before: Decimal | None, index: Mapping[int, Decimal], year: int) -> Decimal | None:
    """Growth from the year before at constant prices, as a ratio; None where an amount or an index is missing."""
    return growth(real(now, index.get(year), index.get(year - 1)), before)
