"""SHA-256 beside the work that goes on with the same bytes."""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

#: Pieces of a megabyte that may wait. With one alone, reading, hashing and sending often wait for each other.
_MOST_WAITING = 4


class BackgroundDigest:
    """A SHA-256 that a thread of its own computes while its owner goes on. Call `finish` in any case: it ends the thread.

    Few pieces wait, so that memory is bounded.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pack")
        self._waiting: deque[Future[None]] = deque()

    def update(self, piece: bytes) -> None:
        """Take the next bytes; wait while too many others wait."""
        if len(self._waiting) == _MOST_WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(self._hash.update, piece))

    def finish(self) -> str:
        """End the thread and return 64 hexadecimal digits."""
        self._thread.shutdown()
        return self._hash.hexdigest()
