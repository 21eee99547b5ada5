"""Cells to values, a column at a time: a hundred thousand rows have no time for an object per cell."""
