"""SQL over the tables of the dataset, by DuckDB, in memory and for reading only.

DuckDB is given the lazy tables themselves and is then locked away from files, networks and its own settings: a query
can neither change the dataset nor read anything else, whatever it says. Each question has a connection of its own, so
none depends on the one before. Sums of money stay decimals.
"""

from collections.abc import Mapping

import duckdb
import polars as pl

from analysis.errors import ParameterError

_LOCKED = ("SET enable_external_access = false", "SET lock_configuration = true")
_QUERIES = ("SELECT", "EXPLAIN", "MULTI")  # a PIVOT is a statement of several parts


def ask(tables: Mapping[str, pl.LazyFrame], query: str) -> pl.DataFrame:
    """The answer to one query in DuckDB's SQL.

    Args:
        tables: What the query may name.
        query: One statement that gives rows, such as SELECT, PIVOT, DESCRIBE or SUMMARIZE.

    Raises:
        ParameterError: The query is wrong, gives no rows, or reaches for something outside.
    """
    connection = duckdb.connect(":memory:")
    try:
        for name, table in tables.items():
            connection.register(name, table)
        for setting in _LOCKED:
            connection.execute(setting)
        statements = duckdb.extract_statements(query)
        if [statement.type.name in _QUERIES for statement in statements] != [True]:
            raise ParameterError("每次一条查询语句，只查询，不写入。 / one query at a time, and queries only")
        frame: pl.DataFrame = connection.sql(query).pl()
    except duckdb.Error as error:
        raise ParameterError(f"查询不成立 the query fails: {error}") from error
    else:
        return frame
    finally:
        connection.close()
