"""What accompanies a streamed download: who may go on receiving it, and how it ended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from time import monotonic
from typing import Any

from django.db import Error

from audit import clock
from audit.context import acting_from, current_origin
from evidence.views.streams import on_live_connection
from reports.models.download import Download
from reports.pack.members import PackMember, ReceivedFile
from reports.services import downloads
from reports.states import DownloadOutcome

logger = logging.getLogger(__name__)

#: No pack streams longer: it holds a thread of the web.
MOST_SECONDS = 2 * 60 * 60
#: While a long document streams, the right to it is checked again so often.
RECHECK_SECONDS = 30


class StreamGuard:
    """Checks before each document of a pack, and while a long one streams, whether the person may still have it.

    Runs by the machine's clock, not by the demonstration's.
    """

    def __init__(self, download: Download) -> None:
        self._download = download
        self._until = monotonic() + MOST_SECONDS
        self._number, self._recheck_at = 0, 0.0

    def __call__(self, member: PackMember) -> bool:
        now = monotonic()
        if now > self._until:
            logger.warning("The download %s was ended: it had streamed for too long", self._download.pk)
            return False
        if not isinstance(member, ReceivedFile) or (member.number == self._number and now < self._recheck_at):
            return True
        self._number, self._recheck_at = member.number, now + RECHECK_SECONDS
        if on_live_connection(lambda: downloads.may_continue(self._download, document_id=member.number)):
            return True
        logger.warning("The download %s was ended before document %s", self._download.pk, member.number)
        return False


class DownloadRecorder:
    """Records how a download ended, as coming from the address where it began."""

    def __init__(self, download: Download) -> None:
        self._download = download
        self._origin = current_origin()

    def __call__(
        self, sha256: str, size: int, outcome: DownloadOutcome, document_id: int | None = None
    ) -> None:
        """Record an end (see `StreamListener`). What left is on record anyway: a failure is logged with how it ended."""
        service: Callable[..., object] = downloads.end_download
        ended: dict[str, Any] = {"sha256": sha256, "size": size, "outcome": outcome}
        if document_id is not None:
            logger.error("A pack was broken off: document %s is not what was received", document_id)
            service = downloads.break_off_download
            ended = {"sha256": sha256, "size": size, "document_id": document_id}
        try:
            with acting_from(self._origin):
                on_live_connection(lambda: service(self._download, **ended, now=clock.now()))
        except Error:
            logger.exception(
                "How the download %s ended could not be noted: %s", self._download.pk, sorted(ended.items())
            )
