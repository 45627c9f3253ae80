"""What a run has to make, found out without running anything: light, because most runs have little to do."""
