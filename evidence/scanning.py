"""The virus scanner: ClamAV's daemon at CLAMD_ADDRESS, by the commands of clamd(8)."""

import re
import socket
import struct
from dataclasses import dataclass
from typing import BinaryIO

from django.conf import settings

from evidence.states import ScanState

#: Longer than any honest scan of the largest file; the page never waits for it, a worker does.
TIMEOUT_SECONDS = 120
#: Why a file could not be scanned that is longer than the scanner takes.
TOO_LONG = "larger than the scanner's StreamMaxLength"
_PIECE_BYTES = 64 * 1024
_TOO_LONG_ANSWER = "INSTREAM size limit exceeded"
#: For example "stream: OK" or "stream: Win.Test.EICAR_HDB-1 FOUND".
_VERDICT = re.compile(r"[^:]+: ((?P<note>.+) )?(?P<word>OK|FOUND|ERROR)")


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
        with _connected(within) as connection:
            connection.sendall(b"nPING\n")
            return _answer(connection) == "PONG"
    except (ScannerDown, OSError):
        return False


def scan(file: BinaryIO, *, within: float | None = None) -> ScanResult:
    """Send the file to the scanner and return its result. Raises ScannerDown.

    clamd ends the connection as soon as a file is longer than it takes; its answer says so, and is read nevertheless.
    """
    try:
        with _connected(within or TIMEOUT_SECONDS) as connection:
            is_taken = _send(connection, file)
            answer = _answer(connection)
    except OSError as error:
        raise ScannerDown(str(error)) from error
    if answer.startswith(_TOO_LONG_ANSWER):
        return ScanResult(ScanState.FAILED, TOO_LONG)
    if not (is_taken and answer):
        raise ScannerDown("the scanner closed the connection without an answer")
    return _result(answer)


def _send(connection: socket.socket, file: BinaryIO) -> bool:
    """Send a file, as long as the scanner takes it; return whether it took all. Raises OSError."""
    try:
        connection.sendall(b"nINSTREAM\n")
        while piece := file.read(_PIECE_BYTES):
            connection.sendall(struct.pack("!L", len(piece)) + piece)
        connection.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return False
    return True


def _answer(connection: socket.socket) -> str:
    """Return the scanner's line; "" when it closed the connection. Raises OSError."""
    with connection.makefile("rb") as answer:
        return answer.readline().decode(errors="replace").strip()


def _result(answer: str) -> ScanResult:
    """Return the scanner's answer as a result."""
    verdict = _VERDICT.fullmatch(answer)
    if verdict is None:
        return ScanResult(ScanState.FAILED, answer[:200])
    states = {"OK": ScanState.CLEAN, "FOUND": ScanState.INFECTED, "ERROR": ScanState.FAILED}
    return ScanResult(states[verdict["word"]], (verdict["note"] or "")[:200])


def _connected(within: float) -> socket.socket:
    """Return a connection to the configured address, with a time limit for each step. Raises ScannerDown, OSError."""
    address: str = settings.CLAMD_ADDRESS
    if not address:
        raise ScannerDown("CLAMD_ADDRESS is empty")
    if "/" not in address:
        host, _colon, port = address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=within)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(within)
    try:
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
