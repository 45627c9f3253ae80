"""The place of a figure in its source file, as a picture or as lines."""
