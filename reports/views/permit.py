"""Whether a pack that flows may go on: what began with good right may have lost it before its last byte."""

from __future__ import annotations

import logging
from time import monotonic

from django.db import Error, close_old_connections, connection

from reports.models import Download
from reports.pack.members import PackMember, ReceivedFile
from reports.services.packs import may_go_on

logger = logging.getLogger(__name__)

#: No pack flows longer: it holds a thread of the web.
MOST_SECONDS = 2 * 60 * 60
#: A document that flows for long is asked for again so often.
AGAIN_SECONDS = 30


class Permit:
    """Asks before each document of a taking, and while a long one flows. By the machine's clock."""

    def __init__(self, taking: Download) -> None:
        self._taking = taking
        self._until = monotonic() + MOST_SECONDS
        self._number, self._again_at = 0, 0.0

    def __call__(self, member: PackMember) -> bool:
        now = monotonic()
        if now > self._until:
            logger.warning("The taking %s was ended: it had flowed for too long", self._taking.pk)
            return False
        if not isinstance(member, ReceivedFile) or (member.number == self._number and now < self._again_at):
            return True
        self._number, self._again_at = member.number, now + AGAIN_SECONDS
        if self._may_have(member.number):
            return True
        logger.warning("The taking %s was ended before document %s", self._taking.pk, member.number)
        return False

    def _may_have(self, number: int) -> bool:
        """Once more on a new connection where the stream outlasted the old one."""
        if connection.in_atomic_block:
            return may_go_on(self._taking, document_id=number)
        close_old_connections()
        try:
            return may_go_on(self._taking, document_id=number)
        except Error:
            connection.close()
            return may_go_on(self._taking, document_id=number)
