"""Reads what a search finds, limited by the querysets that decide who may see it."""
