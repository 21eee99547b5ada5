"""Files of leads. Reading, guessing columns, checking, loading in bulk.

reading      a stored file as rows of text, whatever its encoding and delimiter
spreadsheet  XLSX to text, in a child process with limits
columns      which column goes to which field
values/      cells to values: moments, numbers, addresses, words with a meaning
date_orders  day first or month first, told by the whole column
understanding   rows to values, with what rows share: colleagues, companies, names, clusters (may be about one person)
repeated     rows that were imported before as they stand
staging      rows into the staging table, by COPY
matching, planning, writing   the SQL: which lead a row is about, what it changes, the change
loading      those three, set by set, each in one transaction
running      the verbs: receive, choose columns, check, start; and what the task does
reporting    counts, kinds of problems, the rejected rows to download
"""
