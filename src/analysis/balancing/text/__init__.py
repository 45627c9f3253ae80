"""What the text says, against the tables, against itself, and against last year's text."""
