"""The overview as a page shows it: counts, course, the table of items by agencies, and what the address asks for."""
