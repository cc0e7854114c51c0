"""Mails to whoever runs Jejak that something failed: where in the code, never what it was about.

A report holds no message of an error, no value, no address, nobody's name: the kinds of the errors, the places in the code, the
name of the page or task, and the id by which the log tells more. Mails leave in a thread of their own.
"""

import logging
import queue
import smtplib
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from traceback import extract_tb
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from structlog.contextvars import get_contextvars

logger = logging.getLogger(__name__)

#: So many reports leave a process within an hour, each of another failure.
MOST_AN_HOUR, HOUR_SECONDS = 10, 3600.0
_MOST_WAITING, _MOST_FRAMES, _MOST_ERRORS = 20, 30, 5
_SEND_SECONDS = 20
_BASE = str(Path(__file__).resolve().parent.parent)


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """One failure. `fingerprint` is the same for the same failure at the same place."""

    subject: str
    lines: tuple[str, ...]
    fingerprint: tuple[str, ...]


@dataclass
class ReportLimit:
    """Lets through each failure once an hour, and so many of all; `held` counts the others since."""

    held: int = 0
    _sent: deque[tuple[float, tuple[str, ...]]] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def lets(self, fingerprint: tuple[str, ...]) -> bool:
        """Return whether a report of this failure may leave now."""
        with self._lock:
            now = time.monotonic()
            while self._sent and now - self._sent[0][0] > HOUR_SECONDS:
                self._sent.popleft()
            if len(self._sent) >= MOST_AN_HOUR or any(sent == fingerprint for _at, sent in self._sent):
                self.held += 1
                return False
            self._sent.append((now, fingerprint))
            return True

    def taken(self) -> int:
        """Return how many were held back, and count anew."""
        with self._lock:
            held, self.held = self.held, 0
            return held


def report_of(record: logging.LogRecord) -> ErrorReport | None:
    """Return the report of a line of the log that tells of an exception; None for any other."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None:
        return None
    errors = list(_chain(error))
    places = [_places(each) for each in errors]
    kinds = [f"{type(each).__module__}.{type(each).__qualname__}" for each in errors]
    where = places[0][-1] if places[0] else "an unknown place"
    lines = [f"What: {kinds[0]}", f"During: {_doing(record)}", f"Request or task: {_id(record)}"]
    for kind, frames in zip(kinds, places, strict=True):
        lines += ["", f"{kind} at, the outermost first:", *(f"  {frame}" for frame in frames)]
    return ErrorReport(f"{type(error).__name__} in {where}", tuple(lines), (kinds[0], where))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what it came from."""
    left, seen = _MOST_ERRORS, error
    while left and seen is not None:
        yield seen
        left, seen = left - 1, seen.__cause__ or seen.__context__  # type: ignore[assignment]


def _places(error: BaseException) -> list[str]:
    frames = extract_tb(error.__traceback__, limit=-_MOST_FRAMES)
    return [
        f"{frame.filename.removeprefix(_BASE).lstrip('/')}:{frame.lineno} {frame.name}" for frame in frames
    ]


def _doing(record: logging.LogRecord) -> str:
    """Return the name of the page or of the task, which are words of our own code."""
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    if match is not None:
        return f"the page {match.view_name or 'without a name'}"
    data: Any = getattr(record, "data", None)
    name = data.get("name") if isinstance(data, dict) else None
    return f"the task {name}" if isinstance(name, str) else f"work that logs as {record.name}"


def _id(record: logging.LogRecord) -> str:
    data: Any = getattr(record, "data", None)
    known = data.get("id") if isinstance(data, dict) else get_contextvars().get("request_id")
    return str(known or "unknown")


class ErrorReportHandler(logging.Handler):
    """A handler of the log that mails reports to settings.ERROR_REPORT_ADDRESSES; without any it does nothing."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._limit = ReportLimit()
        self._waiting: queue.Queue[ErrorReport] = queue.Queue(_MOST_WAITING)
        self._thread = threading.Thread()

    def emit(self, record: logging.LogRecord) -> None:
        """Let a report leave, unless one of the same failure did within the hour; whoever logs does not wait for it."""
        try:
            report = None if record.name == __name__ else report_of(record)
            if (
                report is None
                or not settings.ERROR_REPORT_ADDRESSES
                or not self._limit.lets(report.fingerprint)
            ):
                return
            self._waiting.put_nowait(report)
            # A process that was forked has no thread of its own yet.
            if not self._thread.is_alive():
                self._thread = threading.Thread(target=self._send_all, name="error-reports", daemon=True)
                self._thread.start()
        except Exception:
            self.handleError(record)

    def _send_all(self) -> None:
        while True:
            report = self._waiting.get()
            try:
                _send(report, held=self._limit.taken())
            except (OSError, smtplib.SMTPException) as error:
                logger.warning("A report of an error could not be sent: %s", type(error).__name__)
            finally:
                self._waiting.task_done()

    def wait(self) -> None:
        """Wait until all reports have left (tests)."""
        self._waiting.join()


def _send(report: ErrorReport, *, held: int) -> None:
    """Mail a report. Raises OSError and SMTPException."""
    lines = [
        *report.lines,
        "",
        f"Host: {socket.gethostname()}. Site: {settings.SITE_URL}. Looked up by its id, the log tells more.",
        "The same failure is reported once an hour.",
        *([f"Failures that were not reported since the last report: {held}"] if held else []),
    ]
    mail = EmailMessage(
        f"Jejak: {report.subject}"[:150],
        "\n".join(lines),
        settings.SERVER_EMAIL,
        settings.ERROR_REPORT_ADDRESSES,
        headers={"Auto-Submitted": "auto-generated"},
        connection=get_connection(timeout=_SEND_SECONDS),
    )
    mail.send()
