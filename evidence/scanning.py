"""The virus scanner: ClamAV's daemon behind CLAMD_ADDRESS, asked over its own protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from clamav_client.clamd import (
    BufferTooLongError,
    ClamdNetworkSocket,
    ClamdUnixSocket,
    CommunicationError,
    ResponseError,
)
from django.conf import settings

from evidence.states import ScanState

#: Longer than any honest scan of the largest file; the page never waits for it, a worker does.
TIMEOUT_SECONDS = 120


class ScannerDown(Exception):
    """The scanner gave no verdict: not there, too slow, or the connection broke. The file waits."""


@dataclass(frozen=True)
class Verdict:
    """What the scanner said: clean, infected (the note names the virus) or failed (the note says why)."""

    state: ScanState
    note: str = ""


def is_on() -> bool:
    """Whether this installation scans files; SCANNER=none says openly that it does not."""
    return settings.SCANNER != "none"


def scan(file: BinaryIO) -> Verdict:
    """Streams the file to the scanner and waits for its verdict. Raises ScannerDown."""
    try:
        answers = _client().instream(file)
    except BufferTooLongError:
        return Verdict(ScanState.FAILED, "larger than the scanner's StreamMaxLength")
    except ResponseError as error:
        return Verdict(ScanState.FAILED, str(error)[:200])
    except (CommunicationError, OSError) as error:
        raise ScannerDown(str(error)) from error
    return _verdict(answers)


def _verdict(answers: dict[str, tuple[str, str | None]]) -> Verdict:
    if not answers:
        raise ScannerDown("the scanner closed the connection without an answer")
    status, note = next(iter(answers.values()))
    if status == "OK":
        return Verdict(ScanState.CLEAN)
    if status == "FOUND":
        return Verdict(ScanState.INFECTED, (note or "")[:200])
    return Verdict(ScanState.FAILED, (note or "")[:200])


def _client() -> ClamdNetworkSocket:
    address: str = settings.CLAMD_ADDRESS
    if not address:
        raise ScannerDown("CLAMD_ADDRESS is empty")
    if "/" in address:
        return ClamdUnixSocket(path=address, timeout=TIMEOUT_SECONDS)
    host, _colon, port = address.rpartition(":")
    return ClamdNetworkSocket(host=host.strip("[]"), port=int(port), timeout=TIMEOUT_SECONDS)
