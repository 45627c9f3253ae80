"""Pages → blocks: where words, lines and grids stand, whatever kind of file they come from."""
