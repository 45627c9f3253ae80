"""The typesetter: sets budgets and final accounts in official forms, as published files of six kinds.

It makes test corpora with known truth, and the shipped input. Its way is one chain of plain values:

    Accounts  what an organisation plans to spend, and where the money comes from   accounts
      → Book  official tables and the text, every figure a printed text             tables, national_*, jiangsu, book
      → Grid  one table as cells with spans, the same for every kind of file        forms, grids
      → file  the setter returns the truth, each cell with its place            pdf, workbook, wordfile, ...

The typesetter knows nothing of the package it serves: it shares the vocabulary (table and measure identifiers) and no
code, so that a mistake in reading cannot hide behind the same mistake in writing.
"""
