"""Figures that come in with a workbook: the template, and how its rows are read."""
