"""What a summary holds: one reading makes the rows for the screen and for every writer."""

from reports.content.canonical import Tally
from reports.content.reading import Content, count_items, read_content, steady
from reports.content.rows import ReportedAgency, ReportedDocument, ReportedItem, ReportedUpdate, Totals

__all__ = [
    "Content",
    "ReportedAgency",
    "ReportedDocument",
    "ReportedItem",
    "ReportedUpdate",
    "Tally",
    "Totals",
    "count_items",
    "read_content",
    "steady",
]
