"""Values that show themselves: tables, amounts, names and pictures as HTML and as plain text."""
