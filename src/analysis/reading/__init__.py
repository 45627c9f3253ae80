"""What does the page say? File → blocks → located tables → rows and figures. Never alters, never balances."""
