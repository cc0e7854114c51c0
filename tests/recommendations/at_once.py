"""Several deeds at the same moment, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from audit.errors import DomainError

Deed = Callable[[], object]


def at_once(*deeds: Deed) -> list[object]:
    """Do all at the same moment and return what came of each; a refusal is an answer."""
    ready = Barrier(len(deeds))

    def do(deed: Deed) -> object:
        try:
            ready.wait(timeout=20)
            return deed()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))
