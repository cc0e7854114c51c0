"""What takes two administrators, and who may be the second pair of eyes of whom: one rule for every such act.

Not who asked, and within 30 days nobody through whom they could act alone: whom they invited or invited again, whose address
they changed, whose rights or new device they asked for, or the other way round (docs/adr/0021). The database's function
`jejak_are_tied` knows these ties; triggers ask it too.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, models
from django.db.models import BooleanField, Func, Value
from django.utils.translation import gettext_lazy as _

from audit.errors import NotAllowed

if TYPE_CHECKING:
    from accounts.models import User

#: For so many days whoever opened the way into an account is tied to its person.
TIE_DAYS = 30
_OWN = _("You asked for this yourself: another administrator must decide.")
_TIED = _(
    "Another administrator must decide: within the last 30 days, one of you gave the other access to Jejak."
)


class AskedOfAnother(models.Model):
    """Something about a person that one administrator asks, and another decides."""

    person_id: int

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.asked_at:%Y-%m-%d}"


def may_be_second_eyes(actor: User, *, asked_by_id: int, now: datetime) -> bool:
    """Return whether the actor may decide on what this person asked for, as far as the two are concerned."""
    return actor.pk != asked_by_id and not _are_tied(actor.pk, asked_by_id, now=now)


def must_be_second_eyes(actor: User, *, asked_by_id: int, now: datetime) -> None:
    """Raise NotAllowed with the reason unless `may_be_second_eyes`."""
    if actor.pk == asked_by_id:
        raise NotAllowed(_OWN)
    if not may_be_second_eyes(actor, asked_by_id=asked_by_id, now=now):
        raise NotAllowed(_TIED)


def tied_with(actor: User, *, now: datetime) -> Func:
    """Return the expression that tells of each row with `asked_by` whether that person is tied to the actor."""
    return Func(
        "asked_by_id", Value(actor.pk), Value(now), function="jejak_are_tied", output_field=BooleanField()
    )


def asked_of_another(
    rows: models.QuerySet[Any], waiting: models.QuerySet[Any], *, reader: User, now: datetime
) -> dict[str, Any]:
    """Return what a page of such requests shows: what waits for another administrator, and what was decided lately."""
    people = ("person", "asked_by", "decided_by")
    return {
        "waiting": waiting.select_related(*people).annotate(is_tied=tied_with(reader, now=now)),
        "decided": rows.exclude(decided_at=None).select_related(*people).order_by("-decided_at")[:20],
        "reader": reader,
    }


#: SQL for `audit.guards.required`: a row's decider, if any, is not tied to who asked.
NOT_TIED = (
    "NEW.decided_by_id IS NULL OR NOT jejak_are_tied(NEW.decided_by_id, NEW.asked_by_id, NEW.decided_at)"
)


def _are_tied(*people: Any, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT jejak_are_tied(%s, %s, %s)", [*people, now])
        return bool(cursor.fetchone()[0])
