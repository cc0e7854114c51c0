"""What administrators read of the log: a filtered selection, one page of it, one event field by field, a CSV."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import labels
from audit.clock import KUALA_LUMPUR, end_of_day
from audit.models import Event, EventQuerySet
from audit.values import NOTHING, ValueTexts, is_date, is_digest

#: Changes that a row of the trail tells of; the page of the event has all.
_MOST_CHANGES = 3


def filter_events(filters: Mapping[str, Any]) -> EventQuerySet:
    """Return the events that a valid `TrailFilter` asks for, unordered.

    An agency stands for events by its people and events that are its matter.
    """
    since, until, agency = filters.get("since"), filters.get("until"), filters.get("agency")
    conditions = {
        "actor_name__icontains": filters.get("person"),
        "action": filters.get("action"),
        "object_type": filters.get("kind"),
        "object_id": filters.get("number"),
        "item_id": filters.get("item"),
        "occurred_at__gte": datetime.combine(since, time(), tzinfo=KUALA_LUMPUR) if since else None,
        "occurred_at__lt": end_of_day(until) if until else None,
    }
    events = Event.objects.filter(**{key: value for key, value in conditions.items() if value})
    return events.filter(Q(agency_id=agency) | Q(actor_agency_id=agency)) if agency else events


@dataclass(frozen=True)
class TrailPage:
    """Some rows of a selection, newest first, and the event numbers where its neighbours begin (None at an
    end).
    """

    rows: list[Event]
    total_rows: int
    newer_than: int | None
    older_than: int | None

    @property
    def words(self) -> str:
        """How many of how many acts are shown."""
        text = ngettext("%(shown)s of %(total)s event", "%(shown)s of %(total)s events", self.total_rows)
        return text % {"shown": f"{len(self.rows):,}", "total": f"{self.total_rows:,}"}


def trail_page(
    events: EventQuerySet, *, older_than: int | None, newer_than: int | None, per_page: int
) -> TrailPage:
    """Return one page of a selection (two queries).

    Its position is an event's number, so that new events shift nothing.
    """
    if newer_than is not None:
        rows = list(events.filter(pk__gt=newer_than).order_by("pk")[: per_page + 1])
        has_newer, has_older = len(rows) > per_page, True
        rows = rows[:per_page][::-1]
    else:
        before = events.filter(pk__lt=older_than) if older_than is not None else events
        rows = list(before.newest_first()[: per_page + 1])
        has_newer, has_older = older_than is not None, len(rows) > per_page
        rows = rows[:per_page]
    return TrailPage(
        rows=rows,
        total_rows=events.count(),
        newer_than=rows[0].pk if rows and has_newer else None,
        older_than=rows[-1].pk if rows and has_older else None,
    )


@dataclass(frozen=True)
class FieldChange:
    """One field of an event, before and after, in words."""

    label: labels.Words
    before: str
    after: str
    is_changed: bool


def field_changes(event: Event, texts: ValueTexts) -> list[FieldChange]:
    """Return the fields that an event mentions, in the order in which they were written."""
    before, after = event.before or {}, event.after or {}
    return [
        FieldChange(
            label=labels.field_text(name),
            before=texts.text(event, name, before.get(name)),
            after=texts.text(event, name, after.get(name)),
            is_changed=before.get(name) != after.get(name),
        )
        for name in [*before, *(name for name in after if name not in before)]
        if name not in labels.UNSAID
    ]


@dataclass(frozen=True)
class TrailRow:
    """An event with what it changed, as a person would say it: some sentences, and whether there is more."""

    event: Event
    changes: list[str]
    has_more: bool


def trail_rows(events: list[Event]) -> list[TrailRow]:
    """Return the events of a page with their changes (a query for each model that they name by id)."""
    texts = ValueTexts(events)
    rows = []
    for event in events:
        changes = [words for name in _changed_names(event) if (words := _change_words(event, name, texts))]
        rows.append(TrailRow(event, changes[:_MOST_CHANGES], len(changes) > _MOST_CHANGES))
    return rows


def _changed_names(event: Event) -> list[str]:
    before, after = event.before or {}, event.after or {}
    changed = (name for name in {**before, **after} if before.get(name) != after.get(name))
    return [name for name in changed if name not in labels.UNSAID]


def _change_words(event: Event, name: str, texts: ValueTexts) -> str:
    """Return a change in words; empty for a text that is new: the log does not hold it."""
    before, after = ((values or {}).get(name) for values in (event.before, event.after))
    field = labels.field_text(name)
    words = {
        "field": field[:1].lower() + field[1:],
        "before": texts.text(event, name, before),
        "after": texts.text(event, name, after),
    }
    if is_digest(before) or is_digest(after):
        return capfirst(_("Rewrote the %(field)s") % words) if before and after else ""
    if isinstance(after, bool) or words["before"] == NOTHING:
        return f"{field}: {words['after']}"
    if is_date(before) and is_date(after):
        return capfirst(_("Moved the %(field)s from %(before)s to %(after)s") % words)
    return capfirst(_("Changed the %(field)s from %(before)s to %(after)s") % words)
