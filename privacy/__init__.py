"""Notices numbers and names in texts by which a victim could be recognised."""
