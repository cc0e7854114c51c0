"""The council paper (kertas MAPO): a draft in MAPO's order, with every figure from the rows of the summary.

In both languages the Malay paper stands first and whole, since it is the one that is tabled; its English translation
follows on a new page and is counted from 1 again. What only the secretariat knows stands in marked brackets.
"""
