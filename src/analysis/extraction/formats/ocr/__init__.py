"""Pages that are pictures → the same pages as any other: characters with their boxes, and ruling lines.

The way: straighten, find the rulings, cut the table along its grid, recognise cell by cell and line by line. Every
piece keeps what else it may say, with scores; nothing is settled here.
"""
