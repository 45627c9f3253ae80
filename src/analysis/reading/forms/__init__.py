"""Blocks → official tables: which form, which columns, which rows."""
