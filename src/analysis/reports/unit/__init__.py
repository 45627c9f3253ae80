"""The report by unit."""
