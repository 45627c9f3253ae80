"""What stands in a file, and where? File → characters, lines and drawn tables. It knows no budget."""
