"""Which printed amounts make a series, and which must not: pure functions from the dataset's frames to small frames.

The rules, each in one place:

- A year and phase are told by one document (`sources`). Approved and executed amounts, units and departments, are never
  added or joined into one line.
- A total is the printed 合计 row, a class its printed row, items are the `detail` rows. Nothing is summed that the
  document has summed (`spending`, `basics`, `income`).
- A year without a document has no rows: it is a gap and no zero. So is a table that could not be read.
- A code that changed its name or its place is followed by the code books and never silently joined (`codes`).
- Last year's execution as a text states it is a series of its own, with the number of items that state it
  (`execution`).

Every row keeps the columns of `sources.ROW`: the amount in yuan, the place of the line item that it is, whether an open
error touches it, and where it stands in which file.
"""
