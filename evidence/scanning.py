"""The virus scanner: ClamAV's daemon at CLAMD_ADDRESS."""

import math
import struct
from dataclasses import dataclass
from typing import BinaryIO

from clamav_client.clamd import (
    BufferTooLongError,
    ClamdError,
    ClamdNetworkSocket,
    ClamdUnixSocket,
    CommunicationError,
    ResponseError,
    ScanResults,
)
from django.conf import settings

from evidence.states import ScanState

#: Longer than any honest scan of the largest file; the page never waits for it, a worker does.
TIMEOUT_SECONDS = 120
#: Why a file could not be scanned that is longer than the scanner takes.
TOO_LONG = "larger than the scanner's StreamMaxLength"
_PIECE_BYTES = 64 * 1024


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


def answers(*, within: float) -> bool:
    """Return whether the scanner answers at all; so many seconds for the connection, and as many for its word."""
    try:
        client = _client(within)
    except ScannerDown:
        return False
    try:
        return client.ping() == "PONG"
    except (ClamdError, OSError):
        return False
    finally:
        client.clamd_socket.close()  # The client forgets one that did not connect.


def scan(file: BinaryIO, *, within: float | None = None) -> ScanResult:
    """Send the file to the scanner and return its result. Raises ScannerDown."""
    try:
        found = _sent(_client(within or TIMEOUT_SECONDS), file)
    except BufferTooLongError:
        return ScanResult(ScanState.FAILED, TOO_LONG)
    except ResponseError as error:
        return ScanResult(ScanState.FAILED, str(error)[:200])
    except (CommunicationError, OSError) as error:
        raise ScannerDown(str(error)) from error
    return _scan_result(found)


def _sent(client: ClamdNetworkSocket, file: BinaryIO) -> ScanResults:
    """Send a file and return the answer.

    The client's own `instream` forgets the answer of a scanner that closes the connection before the end, as clamd does
    with what is longer than it takes. Raises BufferTooLongError, ResponseError, CommunicationError and OSError.
    """
    try:
        client._init_socket()
        is_taken = _send_all(client, file)
        answer = client._recv_response()
        if answer.startswith("INSTREAM size limit exceeded"):
            raise BufferTooLongError(answer)
        if not (is_taken and answer):
            return {}
        name, reason, status = client._parse_response(answer)
        return {name: (status, reason)}
    finally:
        client._close_socket()


def _send_all(client: ClamdNetworkSocket, file: BinaryIO) -> bool:
    """Send a file, as long as the scanner takes it; return whether it took all. Raises OSError."""
    try:
        client._send_command("INSTREAM")
        while piece := file.read(_PIECE_BYTES):
            client.clamd_socket.sendall(struct.pack("!L", len(piece)) + piece)
        client.clamd_socket.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True


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


def _client(within: float) -> ClamdNetworkSocket:
    """Return a client for the configured address. Raises ScannerDown when there is none."""
    address: str = settings.CLAMD_ADDRESS
    if not address:
        raise ScannerDown("CLAMD_ADDRESS is empty")
    if "/" in address:
        return ClamdUnixSocket(path=address, timeout=math.ceil(within))
    host, _colon, port = address.rpartition(":")
    return ClamdNetworkSocket(host=host.strip("[]"), port=int(port), timeout=within)
