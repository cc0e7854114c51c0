"""The past of tables that change: the database keeps every version of a live row.

A live table holds the present. Its version table, a `PastRow`, holds each version with the instants of its
start and end; the triggers of `keep_past` write it, and nobody else can.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.guards import WRITE, Guard, any_changed, no_delete


def held_at(instant: datetime | F, *, began: str = "began_at", ended: str = "ended_at") -> Q:
    """Return the condition of what held at an instant: from its beginning until just before its end (docs/rules.md, Periods)."""
    return Q(**{f"{began}__lte": instant}) & (Q(**{ended: None}) | Q(**{f"{ended}__gt": instant}))


def held_before(instant: datetime | F, *, began: str = "began_at", ended: str = "ended_at") -> Q:
    """Return the condition of what held just before an instant; for a day, pass `clock.end_of_day(day)`."""
    return Q(**{f"{began}__lt": instant}) & (Q(**{ended: None}) | Q(**{f"{ended}__gte": instant}))


class PastQuerySet(models.QuerySet[Any]):
    """Selections of versions by time."""

    def held_at(self, instant: datetime | F) -> Self:
        """Return the versions in force at an instant, such as that of an act."""
        return self.filter(held_at(instant))

    def as_at(self, instant: datetime | F) -> Self:
        """Return the versions in force just before an instant; for a day, pass `clock.end_of_day(day)`."""
        return self.filter(held_before(instant))

    def touching(self, instant: datetime | F) -> Self:
        """Return the versions at an instant, both ends included: for who may not decide on what was sent then.

        Of two acts of one instant nobody knows which came first, so who came or left at that very instant is kept out, too.
        """
        return self.filter(Q(ended_at=None) | Q(ended_at__gte=instant), began_at__lte=instant)

    def current(self) -> Self:
        """Return the versions in force now."""
        return self.filter(ended_at__isnull=True)


class PastRow(models.Model):
    """One version of a live row, from `began_at` until just before `ended_at` (NULL while it is current).

    The database alone writes it. A subclass declares the key (a foreign key to the live table with on_delete DO_NOTHING, or
    a plain number where live rows can be deleted), repeats the recorded columns, and has in its Meta what `kept_by` returns.
    """

    web_grants = "read"

    began_at = models.DateTimeField(_("From"), editable=False)
    ended_at = models.DateTimeField(_("Until"), null=True, editable=False)

    objects = PastQuerySet.as_manager()

    class Meta:
        abstract = True


def kept_by(
    prefix: str, key: str, *, include: Sequence[str] = ()
) -> tuple[list[models.BaseConstraint], list[models.Index], list[pgtrigger.Trigger]]:
    """Return constraints, indexes and guards of a table of versions, whose names begin with the prefix.

    Each row has one current version, and is found by time; the index of time also holds the fields of `include`. `keep_past`
    alone writes.
    """
    return (
        [
            models.UniqueConstraint(fields=[key], condition=Q(ended_at=None), name=f"{prefix}_past_now"),
            models.CheckConstraint(condition=Q(ended_at__gte=F("began_at")), name=f"{prefix}_past_order"),
        ],
        [models.Index(fields=[key, "began_at"], include=include or None, name=f"{prefix}_past_time")],
        [Guard(f"{prefix}_past_guard", f"BEFORE {WRITE}", "past_guard"), *no_delete(prefix)],
    )


def keep_past(prefix: str, versions: str, key: str, *fields: str) -> list[pgtrigger.Trigger]:
    """Record in the table `versions`, under the same names, what these fields are, from now on.

    `key` is the column there with the row's primary key, `id`. A change of any of the fields closes the current version and
    opens a new one, at `jejak_now()`; deleting a row closes its version, and TRUNCATE is refused. A table that holds rows
    already needs their first versions before this: a change of a row without one is refused.
    """
    arguments = [versions, key, *(f"{{columns.{field}}}" for field in fields)]
    changed = any_changed(("id", *fields))
    return [
        Guard(f"{prefix}_past", "AFTER INSERT OR DELETE", "keep_past", arguments, at_once=True),
        Guard(
            f"{prefix}_past_change", "AFTER UPDATE", "keep_past", arguments, condition=changed, at_once=True
        ),
        Guard(f"{prefix}_past_whole", "BEFORE TRUNCATE", "guard_refuse", each="STATEMENT"),
    ]
