"""What a person read in pictures, read as strictly as everything else: file by file, its path in the raw folder.

[["江苏省/2024/教育局.pdf"]]
page = 13
cell = "412,233"
figure = "1,238.50"
by = "张三"
on = 2026-03-01
"""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from analysis.errors import KnowledgeError
from analysis.knowledge.load import Shape, read_shape, values_to_shape
from analysis.terms.recognition import ToldReading


class _ReadingEntry(Shape, frozen=True):
    cell: str
    figure: str
    by: str
    on: datetime.date
    page: Annotated[int, msgspec.Meta(ge=1)] | None = None


def load_readings(path: Path) -> Mapping[str, tuple[ToldReading, ...]]:
    """What was read in pictures, by the path of the file in the raw folder.

    Raises:
        KnowledgeError: It is no valid TOML, or has a key or a value that it may not have.
    """
    try:
        raw = read_shape(path, dict[str, list[dict[str, Any]]])
        entries = {
            file: [values_to_shape(one, _ReadingEntry, f"{path.name}, {file}") for one in said]
            for file, said in raw.items()
        }
    except KnowledgeError as error:
        raise KnowledgeError(f"{path} 写法有误，请改正后再运行 / mend it and run again: {error}") from error
    return {
        file: tuple(ToldReading(one.page, one.cell, one.figure, one.by, one.on.isoformat()) for one in said)
        for file, said in entries.items()
    }
