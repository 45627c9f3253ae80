"""Altered documents by the hundred, and what must hold whatever they are: `python -m fuzz --help`."""
