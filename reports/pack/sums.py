"""SHA256SUMS, as `sha256sum -c` takes it."""

from __future__ import annotations

from collections.abc import Iterable

_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r"})


def sums_of(members: Iterable[tuple[str, str]]) -> bytes:
    """The lines for names and their SHA-256, in the order in which they come."""
    return "".join(_line(name, sha256) for name, sha256 in members).encode()


def _line(name: str, sha256: str) -> str:
    """A name that holds a backslash or the end of a line is escaped, and the line begins with a backslash."""
    escaped = name.translate(_ESCAPES)
    sign = "" if escaped == name else "\\"
    return f"{sign}{sha256}  {escaped}\n"
