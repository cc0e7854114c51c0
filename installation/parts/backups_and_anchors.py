"""Whether what must not be lost is kept elsewhere: backups, and the head of the audit trail."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import clock
from audit.anchors.queries import is_late, last_anchors, newest_kept
from backups.queries import LastBackups, last_backups
from backups.states import Trouble
from installation.ages import words_of
from installation.conditions import BROKEN, LOOK, OK, UNSEEN, Condition, ConditionReport
from installation.parts.part import Sample, StatePart


def _missing() -> Condition:
    """Return how it is where nothing is kept elsewhere: a demonstration needs nothing."""
    return LOOK if settings.ENVIRONMENT == "production" else UNSEEN


def read_backups() -> LastBackups:
    """Return how the backups are, by the machine's clock."""
    return last_backups(timezone.now())


def _say_backups(found: LastBackups) -> ConditionReport:
    troubles = [trouble for _name, trouble in found.troubles()]
    if Trouble.FAILED in troubles:
        return BROKEN, _("The last backup failed, or changes are not archived: ask the operator to see why.")
    if Trouble.NEVER in troubles:
        return BROKEN, _("There is no whole backup of everything yet: ask the operator to make one now.")
    if Trouble.LATE in troubles:
        return BROKEN, _("A backup is older than its schedule allows: ask the operator to see why.")
    ages = _backup_ages(found)
    if not ages:
        return _missing(), _("No backup has been made yet.")
    if len(ages) == 1 or not (found.database.is_expected and found.files.is_expected):
        return OK, _("The last backup is %(age)s old.") % {"age": words_of(min(ages.values()))}
    return OK, _("Backups are %(database)s (database) and %(files)s (files) old.") % {
        name: words_of(age) for name, age in ages.items()
    }


def _backup_ages(found: LastBackups) -> dict[str, float]:
    now, states = timezone.now(), (found.database, found.files)
    return {
        state.kind.value: (now - state.newest.began_at).total_seconds() for state in states if state.newest
    }


def _measure_backups(found: LastBackups) -> Iterator[Sample]:
    for name, age in _backup_ages(found).items():
        yield Sample("backup_age_seconds", age, {"kind": name})
    yield Sample("backup_troubles", sum(1 for _trouble in found.troubles()))
    yield Sample("files_not_backed_up", found.files_not_backed_up)


@dataclass(frozen=True, slots=True)
class AnchorsFound:
    """At how many places the head is to be kept, how old the newest anchor is, and whether that is too old."""

    places: int
    age_seconds: float | None
    is_late: bool


def read_anchors() -> AnchorsFound:
    """Return how the anchors are."""
    states, now = last_anchors(), clock.now()
    newest = newest_kept(states)
    age = (now - newest.at).total_seconds() if newest else None
    return AnchorsFound(len(states), age, is_late(states, now))


def _say_anchors(found: AnchorsFound) -> ConditionReport:
    if not found.places:
        return _missing(), _(
            "The head of the audit trail is kept nowhere outside: ask the operator to name a place."
        )
    if found.age_seconds is None:
        words = _("No place outside has taken the head of the audit trail yet: it is handed over at night.")
        return (LOOK if found.is_late else UNSEEN), words
    age = {"age": words_of(found.age_seconds)}
    if found.is_late:
        return BROKEN, _(
            "No place outside has taken the head of the audit trail for %(age)s: ask the operator to see why."
        ) % age
    return OK, _("A place outside took the head of the audit trail %(age)s ago.") % age


def _measure_anchors(found: AnchorsFound) -> Iterator[Sample]:
    yield Sample("anchor_places", found.places)
    if found.age_seconds is not None:
        yield Sample("anchor_age_seconds", found.age_seconds)


BACKUPS = StatePart("backups", gettext_lazy("Backups"), read_backups, _say_backups, _measure_backups)
ANCHORS = StatePart("anchors", gettext_lazy("Anchors"), read_anchors, _say_anchors, _measure_anchors)
