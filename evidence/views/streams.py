"""Stored bytes as the body of an answer, which breaks off before its end when they are not those that were recorded."""

import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.db import Error, close_old_connections, connection

from evidence.outgoing import BytesHarmed, OutgoingBytes
from evidence.states import Harm

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class CheckedStream:
    """The bytes of a stored file. Harmed ones are noted by `note_harm`, and end the connection before the last piece."""

    def __init__(self, outgoing: OutgoingBytes, *, note_harm: Callable[[Harm], object]) -> None:
        self._outgoing, self._note_harm = outgoing, note_harm

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._outgoing
        except BytesHarmed as harmed:
            self._note(harmed.harm)
            raise

    def close(self) -> None:
        """Called once by the server, after the last byte or when the connection ended."""
        self._outgoing.close()

    def _note(self, harm: Harm) -> None:
        """Note the harm; without a database it is logged, and the next reading notes it."""
        try:
            on_live_connection(lambda: self._note_harm(harm))
        except Error:
            logger.exception("It could not be noted that stored bytes are harmed (%s)", harm)


def on_live_connection(act: Callable[[], Result]) -> Result:
    """Return the result of an act, done once more on a new connection where the stream outlasted the old one."""
    if not connection.in_atomic_block:
        close_old_connections()
    try:
        return act()
    except Error as error:
        logger.warning("The connection ended while a download streamed: %s", error)
        if not connection.in_atomic_block:
            connection.close()
        return act()
