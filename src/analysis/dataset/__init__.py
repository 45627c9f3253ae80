"""The store: the schema of the tables, their rows, their parquet files, and how they are switched together."""
