"""The data dictionary: from the one declaration of the fields to parquet schemas, file metadata and a page to read.

`knowledge/fields.toml` says what every column is called, holds and means. Nothing else declares a schema.
"""

from collections.abc import Mapping

import pyarrow as pa

from analysis.knowledge.fact_subjects import fact_words
from analysis.knowledge.fields import Field, data_dictionary
from analysis.knowledge.names import measure_names, table_names

_TYPES: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float64": pa.float64(),
    "bool": pa.bool_(),
    "money": pa.decimal128(18, 2),
    "percent": pa.decimal128(18, 4),
    "value": pa.decimal128(22, 4),
    "date": pa.date32(),
}


def arrow_schema(table: str) -> pa.Schema:
    """The parquet schema of a table, each column with its meaning in its metadata."""
    entry = data_dictionary()[table]
    return pa.schema([_arrow_field(one) for one in entry.fields], metadata={"zh": entry.zh, "en": entry.en})


def _arrow_field(field: Field) -> pa.Field:
    return pa.field(
        field.name, _arrow_type(field), nullable=not field.required, metadata={"zh": field.zh, "en": field.en}
    )


def _arrow_type(field: Field) -> pa.DataType:
    if field.type == "list":
        return pa.list_(pa.struct([_arrow_field(one) for one in field.fields]))
    return _TYPES[field.type]


def flat_columns(table: str) -> tuple[str, ...]:
    """The columns of a table but for lists, which a csv or a sheet cannot hold."""
    return tuple(field.name for field in data_dictionary()[table].fields if field.type != "list")


def type_name(field: Field) -> str:
    """The type of a column as parquet names it; that of a list with the names of its fields."""
    if field.type == "list":
        return f"list<struct<{', '.join(f'{one.name}: {type_name(one)}' for one in field.fields)}>>"
    return str(_TYPES[field.type])


def to_markdown() -> str:
    """The data dictionary as a page."""
    parts = [
        "# Data dictionary 数据字典",
        "",
        "Generated from `src/analysis/knowledge/fields.toml`; the same words are in the metadata of the parquet files.",
        "Money is decimal(18,2) in yuan; nothing is a float but the boxes.",
    ]
    for table in data_dictionary().values():
        parts += [
            "",
            f"## {table.name}",
            "",
            f"{table.en} {table.zh}。",
            "",
            "| column | type | null | meaning | 含义 |",
        ]
        parts.append("|---|---|---|---|---|")
        parts += [
            f"| `{f.name}` | {type_name(f)} | {'no' if f.required else 'yes'} | {f.en} | {f.zh} |" for f in table.fields
        ]
    parts += [
        "",
        "## subjects of facts",
        "",
        "What `facts.subject` may be 事实的事项。",
        "",
        "| subject | meaning | 含义 |",
        "|---|---|---|",
    ]
    words = fact_words()
    parts += [
        f"| `{name}` | {en} | {zh} |" for name, (en, zh) in {one.id: (one.en, one.zh) for one in words.subject}.items()
    ]
    parts += [f"| `…_{scope.suffix}` | the same, {scope.en} | 同上，{scope.zh} |" for scope in words.scope]
    for column, names in value_names().items():
        parts += ["", f"## Values of `{column}` {column} 的取值", "", "| value | 中文 |", "|---|---|"]
        parts += [f"| `{value}` | {name} |" for value, name in names.items()]
    return "\n".join(parts) + "\n"


def value_names() -> Mapping[str, Mapping[str, str]]:
    """What the columns `table` and `measure` of the line items may say, with the Chinese names."""
    return {"table": table_names(), "measure": measure_names()}
