"""The parquet files of a dataset and what is in them."""

from pathlib import Path

from analysis.dataset.generations import PARTITIONED
from analysis.steps.clean import TABLES


def content(clean_dir: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(clean_dir)): path.read_bytes() for name in TABLES for path in files_of(clean_dir, name)
    }


def files_of(clean_dir: Path, table: str) -> list[Path]:
    """The parquet files of a table."""
    if table in PARTITIONED:
        return sorted((clean_dir / table).glob("*.parquet"))
    return [clean_dir / f"{table}.parquet"]
