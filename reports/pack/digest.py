"""SHA-256 beside the work that goes on with the same bytes."""

from __future__ import annotations

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor


class BackgroundDigest:
    """A SHA-256 that a thread of its own computes while its owner goes on. Call `finish` in any case: it ends the thread.

    At most one piece waits, so that memory is bounded.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="pack")
        self._last: Future[None] | None = None

    def update(self, piece: bytes) -> None:
        """Take the next bytes; wait for those before them."""
        if self._last:
            self._last.result()
        self._last = self._thread.submit(self._hash.update, piece)

    def finish(self) -> str:
        """End the thread and return 64 hexadecimal digits."""
        self._thread.shutdown()
        return self._hash.hexdigest()
