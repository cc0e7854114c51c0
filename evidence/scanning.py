"""The virus scanner: ClamAV's daemon at CLAMD_ADDRESS."""

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
    """The scanner gave no result: not there, too slow, or the connection broke. The file waits."""


@dataclass(frozen=True)
class ScanResult:
    """What the scanner found: clean, infected (the note names the virus) or failed (the note says why)."""

    state: ScanState
    note: str = ""


def is_on() -> bool:
    """Return whether this installation scans files; SCANNER=none says openly that it does not."""
    return settings.SCANNER != "none"


def scan(file: BinaryIO) -> ScanResult:
    """Send the file to the scanner and return its result. Raises ScannerDown."""
    try:
        answers = _client().instream(file)
    except BufferTooLongError:
        return ScanResult(ScanState.FAILED, "larger than the scanner's StreamMaxLength")
    except ResponseError as error:
        return ScanResult(ScanState.FAILED, str(error)[:200])
    except (CommunicationError, OSError) as error:
        raise ScannerDown(str(error)) from error
    return _scan_result(answers)


def _scan_result(answers: dict[str, tuple[str, str | None]]) -> ScanResult:
    """Return the scanner's answer as a result. Raises ScannerDown for an empty answer."""
    if not answers:
        raise ScannerDown("the scanner closed the connection without an answer")
    status, note = next(iter(answers.values()))
    if status == "OK":
        return ScanResult(ScanState.CLEAN)
    if status == "FOUND":
        return ScanResult(ScanState.INFECTED, (note or "")[:200])
    return ScanResult(ScanState.FAILED, (note or "")[:200])


def _client() -> ClamdNetworkSocket:
    """Return a client for the configured address. Raises ScannerDown when there is none."""
    address: str = settings.CLAMD_ADDRESS
    if not address:
        raise ScannerDown("CLAMD_ADDRESS is empty")
    if "/" in address:
        return ClamdUnixSocket(path=address, timeout=TIMEOUT_SECONDS)
    host, _colon, port = address.rpartition(":")
    return ClamdNetworkSocket(host=host.strip("[]"), port=int(port), timeout=TIMEOUT_SECONDS)
