"""The dataset for those who work with other programs: one module a format, and the registry of all (`formats`)."""
