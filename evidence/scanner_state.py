"""Whether the scanner can do what it is there for: that it answers, and takes files as large as people may send."""

import io
import logging
import time
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.cache import cache
from django.utils import translation
from django.utils.translation import gettext as _

from evidence import scanning

logger = logging.getLogger(__name__)

#: A worker notes the state; pages read it at most once a minute, and only where files are scanned.
_KEY, _KEPT_SECONDS, _READ_SECONDS = "scanner-state", 3600, 60
#: For the connection, and for each piece and the answer.
_LOOK_SECONDS = 5
_IN_CONTAINER = (Path("/.dockerenv"), Path("/run/.containerenv"))


class ScannerState(StrEnum):
    """What an administrator must know of the scanner."""

    WELL = "well"
    AWAY = "away"
    TOO_SMALL = "too small"


class _Zeros(io.RawIOBase):
    """So many zeros, as a file."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._left = size

    def read(self, size: int = -1) -> bytes:
        """Return some of them, none at the end."""
        piece = min(size, self._left)
        self._left -= piece
        return bytes(piece)


def look() -> ScannerState:
    """Send the scanner zeros, as many as the largest file has; clamd has no command that says its limit."""
    if not scanning.is_on():
        return ScannerState.WELL
    try:
        result = scanning.scan(cast("BinaryIO", _Zeros(settings.MAX_UPLOAD_BYTES)), within=_LOOK_SECONDS)
    except scanning.ScannerDown:
        return ScannerState.AWAY
    return ScannerState.TOO_SMALL if result.note == scanning.TOO_LONG else ScannerState.WELL


def look_and_tell() -> ScannerState:
    """Look, and write into the log what is the matter."""
    state = look()
    with translation.override("en"):
        if said := sentence(state):
            logger.warning(said)
    return state


def look_and_note() -> ScannerState:
    """Look, tell, and keep the state for an hour, for the pages."""
    state = look_and_tell()
    cache.set(_KEY, state.value, timeout=_KEPT_SECONDS)
    return state


class _Known:
    """What this process read last."""

    state, read_at = ScannerState.WELL, float("-inf")


def known() -> ScannerState:
    """Return the state that a worker noted last; well while none has."""
    if not scanning.is_on():
        return ScannerState.WELL
    if time.monotonic() - _Known.read_at > _READ_SECONDS:
        noted = cache.get(_KEY)
        _Known.state = ScannerState(noted) if noted in list(ScannerState) else ScannerState.WELL
        _Known.read_at = time.monotonic()
    return _Known.state


def sentence(state: ScannerState) -> str:
    """Return what is the matter and what to do, for operators and administrators; empty when all is well."""
    if state == ScannerState.TOO_SMALL:
        return _(
            "The virus scanner does not take files as large as people may send (%(limit)s bytes): such files stay held. "
            "Raise StreamMaxLength in clamd.conf, or lower MAX_UPLOAD_BYTES."
        ) % {"limit": settings.MAX_UPLOAD_BYTES}
    if state == ScannerState.AWAY and _is_lost_in_container():
        return _(
            "The virus scanner does not answer at %(address)s, which inside a container is the container itself: write "
            "the scanner's own name in CLAMD_ADDRESS, for example clamav:3310. Until then files wait."
        ) % {"address": settings.CLAMD_ADDRESS}
    if state == ScannerState.AWAY:
        return _("The virus scanner does not answer at %(address)s: files wait until it does.") % {
            "address": settings.CLAMD_ADDRESS
        }
    return ""


def _is_lost_in_container() -> bool:
    host = settings.CLAMD_ADDRESS.rpartition(":")[0].strip("[]")
    is_here = host == "localhost" or host == "::1" or host.startswith("127.")
    return is_here and any(mark.exists() for mark in _IN_CONTAINER)
