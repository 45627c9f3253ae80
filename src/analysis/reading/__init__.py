"""What does the page say? Blocks → located tables → rows and figures. Never alters, never balances."""
