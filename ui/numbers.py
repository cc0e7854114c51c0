"""Write numbers and sizes as both languages do (53,042; 60%; 4.2 MB), and read whole numbers."""

from decimal import Decimal

NBSP = "\u00a0"
#: More digits than any identifier of ours has, and few enough for the database's integers.
_MOST_DIGITS = 18
_KIB = 1024


def whole_number(text: str) -> int | None:
    """Return the whole number (0 or more) that a text from an address or form holds, else None."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


def number(value: int | Decimal | float | None) -> str:
    """Return 53,042; decimals stay as they are. None gives ""."""
    return "" if value is None else f"{value:,}"


def tenths(value: Decimal | float) -> str:
    """Return 5.0 or 26.9: with one digit after the point, so that all numbers of a column have as many."""
    return f"{value:,.1f}"


def percent(value: int | Decimal | float | None) -> str:
    """Return 60% or 26.9%. None gives ""."""
    return "" if value is None else f"{value:,}%"


def file_size(size_bytes: int | None) -> str:
    """Return 1.5 GB, 4.2 MB, 186 KB or 12 B, with 1,024 bytes to a kilobyte. None gives ""."""
    if size_bytes is None:
        return ""
    if size_bytes < _KIB:
        return f"{size_bytes}{NBSP}B"
    kilobytes = round(size_bytes / _KIB)
    if kilobytes < _KIB:
        return f"{kilobytes}{NBSP}KB"
    if round(kilobytes / _KIB, 1) < _KIB:
        return f"{size_bytes / _KIB**2:,.1f}".removesuffix(".0") + f"{NBSP}MB"
    return f"{size_bytes / _KIB**3:,.1f}".removesuffix(".0") + f"{NBSP}GB"
