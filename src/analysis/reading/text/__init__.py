"""The text outside the tables, read."""
