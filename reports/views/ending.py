"""How a taking ended, noted when the request is over: what left stays on record whatever becomes of the connection."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.db import Error, close_old_connections, connection

from audit import clock
from audit.context import acting_from, current_origin
from reports import services
from reports.models import Download
from reports.services.packs import break_off
from reports.states import DownloadOutcome

logger = logging.getLogger(__name__)


class Ending:
    """Notes how a taking ended, from where it began."""

    def __init__(self, taking: Download) -> None:
        self._taking = taking
        self._origin = current_origin()

    def whole(self, sha256: str, size: int) -> None:
        self._note(services.end_taking, outcome=DownloadOutcome.WHOLE, sha256=sha256, size=size)

    def cut(self, sha256: str, size: int) -> None:
        self._note(services.end_taking, outcome=DownloadOutcome.CUT, sha256=sha256, size=size)

    def broken(self, number: int, sha256: str = "", size: int = 0) -> None:
        logger.error("A pack was broken off: document %s is not what was received", number)
        self._note(break_off, document_id=number, sha256=sha256, size=size)

    def _note(self, act: Callable[..., object], **ended: Any) -> None:
        """Once more on a new connection where the stream outlasted the old one; the second changes nothing."""
        try:
            self._act(act, **ended)
        except Error as error:
            logger.warning("How the taking %s ended is noted once more: %s", self._taking.pk, error)
            if not connection.in_atomic_block:
                connection.close()
            try:
                self._act(act, **ended)
            except Error:
                logger.exception(
                    "How the taking %s ended could not be noted: %s", self._taking.pk, sorted(ended.items())
                )

    def _act(self, act: Callable[..., object], **ended: Any) -> None:
        if not connection.in_atomic_block:
            close_old_connections()
        with acting_from(self._origin):
            act(self._taking, **ended, now=clock.now())
