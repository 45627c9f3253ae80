"""The report by year."""
