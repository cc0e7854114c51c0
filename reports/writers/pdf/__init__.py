"""PDF files made by Typst, tagged as PDF/UA-1, with their fonts inside.

What people typed goes in as data and is never read as markup. The same content and maker give the same bytes.
"""
