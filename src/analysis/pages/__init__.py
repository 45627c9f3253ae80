"""What all pages have in common: shared files, the frame around a page, the walls against what documents say."""
