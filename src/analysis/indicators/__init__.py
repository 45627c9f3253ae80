"""What analysts ask of a budget, as pure functions: each with its formula, its unit and where it comes from."""
