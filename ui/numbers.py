"""Numbers and sizes as both languages write them: 53,042; 60%; 4.2 MB."""

from decimal import Decimal

NBSP = "\u00a0"
#: More digits than any identifier of ours has, and few enough for the database's integers.
_MOST_DIGITS = 18
_KIB = 1024


def whole_number(text: str) -> int | None:
    """Read a whole number from an address or a form, from 0, in plain digits; None when the text is none."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


def number(value: int | Decimal | float | None) -> str:
    """53,042; decimals are kept as they come. None gives ""."""
    return "" if value is None else f"{value:,}"


def percent(value: int | Decimal | float | None) -> str:
    """60%, 26.9%. None gives ""."""
    return "" if value is None else f"{value:,}%"


def file_size(size_bytes: int | None) -> str:
    """1.5 GB, 4.2 MB, 186 KB, 12 B; a kilobyte is 1,024 bytes. None gives ""."""
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
