"""What a person says of documents, read as strictly as everything else: file by file, its path in the raw folder.

["江苏省/2024/教育局.pdf"]
organisation = "南京市教育局"
year = 2024
level = "department"
kind = "budget"
region = "南京市"
unit = "万元"
"""

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from analysis.errors import KnowledgeError
from analysis.knowledge.load import Shape, read_shape, values_to_shape
from analysis.terms.document import Given
from analysis.terms.line_item import Kind, Level
from analysis.terms.money import Unit


class _GivenEntry(Shape, frozen=True):
    organisation: str | None = None
    year: Annotated[int, msgspec.Meta(ge=1949, le=2100)] | None = None
    level: Level | None = None
    kind: Kind | None = None
    region: str | None = None
    unit: Literal["元", "千元", "万元", "亿元"] | None = None


def load_given(path: Path) -> Mapping[str, Given]:
    """What is said of files, by their path in the raw folder.

    Raises:
        KnowledgeError: It is no valid TOML, or has a key or a value that it may not have.
    """
    try:
        raw = read_shape(path, dict[str, Any])
        entries = {file: values_to_shape(said, _GivenEntry, f"{path.name}, {file}") for file, said in raw.items()}
    except KnowledgeError as error:
        raise KnowledgeError(f"{path} 写法有误，请改正后再运行 / mend it and run again: {error}") from error
    return {file: _to_given(entry) for file, entry in entries.items()}


def _to_given(entry: _GivenEntry) -> Given:
    said = {one.name: getattr(entry, one.name) for one in fields(Given)}
    return Given(**said | {"unit": Unit.named_in(entry.unit) if entry.unit else None})
