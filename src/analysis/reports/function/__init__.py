"""The report by function."""
