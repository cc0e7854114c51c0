"""Read what .env says of the places where the head of the log's chain is anchored (ANCHOR_…)."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from tracker.env import BadSetting, Reader

_ADDRESS = re.compile(r"[^\s@,<>]+@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+")
_READERS = "e-mail addresses with commas between, at least two, of two agencies (two domains)"


class Anchoring(NamedTuple):
    """The settings of all places, each empty where it is not set, and when administrators are told."""

    readers: Sequence[str] = ()
    authority: str = ""
    authority_ca: str = ""
    folder: str = ""
    late_days: int = 3


def read_anchoring(env: Reader) -> Anchoring:
    """Return what is set. Raises BadSetting."""
    authority = _authority(env)
    return Anchoring(
        readers=_readers(env),
        authority=authority,
        authority_ca=_roots(env, is_needed=bool(authority)),
        folder=_folder(env),
        late_days=env.number("ANCHOR_LATE_DAYS", 3, at_least=1, at_most=90),
    )


def _readers(env: Reader) -> list[str]:
    """Return the readers' addresses. Raises BadSetting unless they are of two domains."""
    readers = env.words("ANCHOR_READERS", (), what=_READERS)
    for reader in readers:
        if not _ADDRESS.fullmatch(reader) or len(reader) > 254:
            raise BadSetting(f"ANCHOR_READERS holds {reader!r}: write {_READERS}.")
    if readers and len({reader.rpartition("@")[2].lower() for reader in readers}) < 2:
        raise BadSetting(f"ANCHOR_READERS names readers of one domain alone: write {_READERS}.")
    if len({reader.lower() for reader in readers}) < len(readers):
        raise BadSetting("ANCHOR_READERS names an address twice: leave one of them out.")
    return readers


def _authority(env: Reader) -> str:
    """Return the authority's address, or "". Raises BadSetting; a name and a password have no place in it."""
    value = env.text("ANCHOR_AUTHORITY", "")
    try:
        parts = urlsplit(value)
        is_plain = bool(parts.hostname) and not (parts.username or parts.fragment)
    except ValueError:
        is_plain = False
    if value and (not is_plain or parts.scheme not in {"http", "https"} or len(value) > 500):
        raise BadSetting(
            f"ANCHOR_AUTHORITY is {value!r}: write the address of an authority for timestamps, for example "
            "https://timestamp.example.gov.my/."
        )
    return value


def _roots(env: Reader, *, is_needed: bool) -> str:
    """Return the full path of the authority's root certificates, or "". Raises BadSetting."""
    path = env.text("ANCHOR_AUTHORITY_CA", "")
    if is_needed != bool(path):
        raise BadSetting(
            "ANCHOR_AUTHORITY and ANCHOR_AUTHORITY_CA belong together: write the authority's address, and the full path "
            "of its root certificates (PEM), or neither."
        )
    if path and not (Path(path).is_absolute() and Path(path).is_file()):
        raise BadSetting(
            f"ANCHOR_AUTHORITY_CA is {path!r}: write the full path of a file of certificates (PEM)."
        )
    return path


def _folder(env: Reader) -> str:
    """Return the full path of the folder, or "": it may be away at the start, for another host holds it."""
    path = env.text("ANCHOR_FOLDER", "")
    if path and (not Path(path).is_absolute() or Path(path).is_file() or len(path) > 500):
        raise BadSetting(
            f"ANCHOR_FOLDER is {path!r}: write the full path of a folder, beginning with a slash."
        )
    return path
