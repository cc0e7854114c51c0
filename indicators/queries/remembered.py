"""What was made of the register for a page, remembered in the process until anything in the register changes (ADR 47)."""

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
from recommendations.queries.sql import fetch_rows

if TYPE_CHECKING:
    from recommendations.models import Cycle

Made = TypeVar("Made")

#: So many answers are remembered, those that were asked for last; a page of all figures takes up to a megabyte.
_MOST = 48

#: The database, and how many transactions have changed the register, as far as this one sees. What is seen only grows, so
#: whoever counts as many sees the same. Of what a transaction has written itself, nothing is remembered.
_VERSION = """
SELECT (SELECT oid FROM pg_database WHERE datname = current_database()),
       (SELECT count(*) FROM indicators_registerchange),
       pg_current_xact_id_if_assigned() IS NULL
"""

_kept: OrderedDict[Hashable, Any] = OrderedDict()
_lock = Lock()


class RegisterReading:
    """The reading of figures for one page, each answer by the version of the register that it begins with.

    Begin it before anything of the register is read: what is read afterwards is as new as that version, or newer.
    """

    def __init__(self) -> None:
        """Begin the reading (one query)."""
        ((database, count, is_unwritten),) = fetch_rows(_VERSION, None)
        self._version = (database, count) if is_unwritten else None

    def remembered(self, key: Hashable, make: Callable[[], Made], *, user: User) -> Made:
        """Return what `make` returns, or what it returned before for this key, version, language and rights of the reader.

        Nobody may change what it returns. `key` holds everything else that the answer depends on.
        """
        if self._version is None:
            return make()
        whole = (self._version, reading_rights(user), get_language(), key)
        with _lock:
            if whole in _kept:
                _kept.move_to_end(whole)
                return cast(Made, _kept[whole])
        made = make()
        with _lock:
            _kept[whole] = made
            while len(_kept) > _MOST:
                _kept.popitem(last=False)
        return made

    def counted(self, *, user: User, before: datetime | None = None, **chosen: str) -> list[CountedIndicator]:
        """Return what indicators count (`read_counted`)."""
        make = partial(read_counted, user=user, before=before, **chosen)
        return self.remembered(("counted", before, *chosen.items()), make, user=user)

    def judged(
        self, cycle: Cycle, *, user: User, before: datetime | None = None, indicator_id: int | None = None
    ) -> Judgements:
        """Return what the checks of a cycle find (`judge_cycle`)."""
        make = partial(judge_cycle, cycle, user=user, before=before, indicator_id=indicator_id)
        return self.remembered(("judged", cycle.pk, before, indicator_id), make, user=user)


def forget_all() -> None:
    """Forget everything, as if the process had just begun. For tests."""
    with _lock:
        _kept.clear()
