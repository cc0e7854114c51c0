"""What was made of the register for a page, remembered in the process until anything in the register changes (ADR 13)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.utils.translation import get_language

from accounts.models import User
from indicators.permissions import reading_rights
from indicators.queries.checks import Judgements, judge_cycle
from indicators.queries.counted import CountedIndicator, read_counted
from privacy.reading import reading_key
from recommendations.queries.sql import fetch_rows

if TYPE_CHECKING:
    from recommendations.models import Cycle

Made = TypeVar("Made")


#: The database, and how many transactions have changed the register, as far as this one sees. What is seen only grows, so
#: whoever counts as many sees the same. Of what a transaction has written itself, nothing is remembered.
_VERSION = """
SELECT (SELECT oid FROM pg_database WHERE datname = current_database()),
       (SELECT count(*) FROM indicators_registerchange),
       pg_current_xact_id_if_assigned() IS NULL
"""


class _Memory:
    """Holds the answers that were asked for last, for all threads of the process."""

    def __init__(self, most: int) -> None:
        """Hold so many at most."""
        self._most = most
        self._held: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def answer(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is held for the key, else what `make` returns. An empty list is not held: any address asks for one."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return cast(Made, self._held[key])
        made = make()
        if made == []:
            return made
        with self._lock:
            self._held[key] = made
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return made


#: Judgements of a cycle of the size to come take two megabytes, HTML up to half of one.
_JUDGEMENTS, _PARTS = _Memory(8), _Memory(96)


class RegisterReading:
    """The reading of figures for one page, each answer by the version of the register that it begins with.

    Begin it before anything of the register is read: what is read afterwards is as new as that version, or newer.
    """

    def __init__(self) -> None:
        """Begin the reading (one query)."""
        ((database, count, is_unwritten),) = fetch_rows(_VERSION, None)
        self._version = (database, count) if is_unwritten else None

    def remembered(
        self, key: Hashable, make: Callable[[], Made], *, user: User, memory: _Memory = _PARTS
    ) -> Made:
        """Return what `make` returns, or what it returned before for this key, version, language and rights of the reader.

        Nobody may change what it returns. `key` holds everything else that the answer depends on, and no text that
        anybody may write into an address: each would put another answer out.
        """
        if self._version is None:
            return make()
        return memory.answer((self._version, reading_rights(user), reading_key(), get_language(), key), make)

    def counted(self, *, user: User, before: datetime | None = None, **chosen: str) -> list[CountedIndicator]:
        """Return what indicators count (`read_counted`)."""
        make = partial(read_counted, user=user, before=before, **chosen)
        return self.remembered(("counted", before, *chosen.items()), make, user=user)

    def judged(self, cycle: Cycle, *, user: User, before: datetime | None = None) -> Judgements:
        """Return what all checks of a cycle find (`judge_cycle`)."""
        make = partial(judge_cycle, cycle, user=user, before=before)
        return self.remembered((cycle.pk, before), make, user=user, memory=_JUDGEMENTS)
