"""Opening imports as XLSX: the template that an agency fills in, and reading it back without trusting it.

`child` opens the workbook, in a process of its own; `workbook` starts it; `table` finds the columns; `values` reads
what was typed; `judge` says what would happen; `template` writes the file to fill in.
"""
