"""MAPO's short titles of a cycle's items: a cycle file or an administrator gives them; the database keeps their past.

Both languages are given, or neither, and no two items of a cycle have the same one. Whoever writes them locks all items
of the cycle first, so that what was checked still holds when it is written.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from audit.acts import changed_fields, require, require_reason
from audit.errors import DomainError, NotNow
from audit.models import Event
from audit.services import record
from privacy.checks import check_identities
from recommendations.models import Cycle, Item
from recommendations.permissions import may_keep_cycles
from recommendations.states import TITLE_LENGTH

#: The columns of the titles, in the order of forms.
TITLE_COLUMNS = ("title_ms", "title_en")
#: The actions of the Events about titles.
TITLED, UNDONE = "item.titled", "item.titles_undone"

_CHANGED_MEANWHILE = gettext_lazy(
    "Somebody else changed these short titles meanwhile. Nothing was saved: your text is kept here; open the page again "
    "in another tab to see what they are now."
)


class BadTitles(DomainError):
    """Titles that cannot be given; `problems` are by field (see `field_of`)."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(_("Some short titles cannot be used. Nothing was changed."))
        self.problems = dict(problems)


def field_of(column: str, item_id: int) -> str:
    """Return the name of the form field with the title of an item: title_ms_12."""
    return f"{column}_{item_id}"


def title_key(title: str) -> str:
    """Return what two titles share that a reader would take for one: case and spaces do not count."""
    return " ".join(title.split()).casefold()


def title_problems(items: Collection[Item]) -> dict[str, str]:
    """Return what is wrong with the titles of a cycle's items, by field; empty if nothing is."""
    problems: dict[str, str] = {}
    for column in TITLE_COLUMNS:
        first: dict[str, Item] = {}
        for item in items:
            title = getattr(item, column)
            problem = _own_problem(item, title)
            if not problem and title:
                other = first.setdefault(title_key(title), item)
                if other is not item:
                    problem = _("%(item)s has the same short title. Choose another.") % {"item": other}
            if problem:
                problems[field_of(column, item.pk)] = problem
    return problems


def _own_problem(item: Item, title: str) -> str:
    if not title and any(getattr(item, column) for column in TITLE_COLUMNS):
        return _("Give the short title in both languages.")
    if len(title) > TITLE_LENGTH:
        return _("Use at most %(most)s characters.") % {"most": TITLE_LENGTH}
    return ""


def marks_of(items: Iterable[Item]) -> str:
    """Return a short text that differs wherever a title of these items does."""
    titles = json.dumps([(item.pk, item.title_ms, item.title_en) for item in items])
    return hashlib.sha256(titles.encode()).hexdigest()


@transaction.atomic
def change_titles(
    cycle: Cycle,
    *,
    wanted: Mapping[int, Mapping[str, str]],
    seen: str,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> list[Event]:
    """Set the titles of items of a cycle, by item and column, with a reason; return the Event of each that changed.

    `seen` is what `marks_of` gave for these items when the person saw them. Raises `NotNow` when they changed since,
    when nothing would change, and in a closed cycle; `BadTitles` for titles that cannot be given; and
    `IdentitiesFound` as `check_identities` does.
    """
    require(may_keep_cycles(actor))
    items = _locked_items(cycle)
    cycle = Cycle.objects.held_editable(cycle)
    reason = require_reason(reason)
    chosen = [item for item in items if item.pk in wanted]
    if marks_of(chosen) != seen:
        raise NotNow(_CHANGED_MEANWHILE)
    kept = {
        item.pk: {name: " ".join(title.split()) for name, title in wanted[item.pk].items()} for item in chosen
    }
    typed = {field_of(name, pk): title for pk, titles in kept.items() for name, title in titles.items()}
    identities = check_identities({"reason": reason, **typed}, reason=identities_reason)
    events = _write(
        items,
        kept,
        action=TITLED,
        facts=identities.trail_facts,
        reason=reason,
        actor=actor,
        now=now,
    )
    if not events:
        raise NotNow(_("The items already have these short titles. Nothing was changed."))
    return events


@transaction.atomic
def undo_titles(cycle: Cycle, *, events: Collection[int], actor: User, now: datetime) -> list[Event]:
    """Give items of a cycle back the titles that they had before these Events of one change.

    Raises `NotNow` when one of them was changed again since, when another item has a title of theirs by now, and in
    a closed cycle. Undoing twice undoes once.
    """
    require(may_keep_cycles(actor))
    items = _locked_items(cycle)
    cycle = Cycle.objects.held_editable(cycle)
    done = Event.objects.filter(pk__in=events, action=TITLED, item_id__in=[item.pk for item in items])
    found = {event.item_id: event for event in done if event.item_id is not None}
    before = {pk: _titles(event.before) for pk, event in found.items()}
    if not before:
        raise NotNow(_("There is nothing to undo. Nothing was changed."))
    held = {item.pk: {name: getattr(item, name) for name in TITLE_COLUMNS} for item in items}
    if all(held[pk] == titles for pk, titles in before.items()):
        return []
    _require_unchanged(found, held)
    try:
        return _write(items, before, action=UNDONE, facts={}, reason="", actor=actor, now=now)
    except BadTitles as error:
        raise NotNow(_("Another item has this short title by now. Nothing was changed.")) from error


def _require_unchanged(events: Mapping[int, Event], held: Mapping[int, Mapping[str, str]]) -> None:
    """Raise `NotNow` unless the items still have the titles that these Events, by item, gave them."""
    if any(not _titles(event.after).items() <= held[pk].items() for pk, event in events.items()):
        raise NotNow(_("These short titles were changed again since. Nothing was changed."))


def add_titles(item: Item, wanted: Mapping[str, str], *, actor: User | None, now: datetime) -> Item | None:
    """Give an item without titles those of a cycle file; return the item that has one of them already, if any.

    Call it inside a transaction. Nothing is written for an item that has titles.
    """
    items = _locked_items(item.cycle)
    held = next(each for each in items if each.pk == item.pk)
    if held.title_ms:
        return None
    keys = {name: title_key(title) for name, title in wanted.items()}
    for other in items:
        if any(title_key(getattr(other, name)) == key for name, key in keys.items()):
            return other
    _write(items, {item.pk: wanted}, action=TITLED, facts={}, reason="", actor=actor, now=now)
    return None


def _locked_items(cycle: Cycle) -> list[Item]:
    """Return the items of a cycle as they are now, in the order of the report, locked until the transaction ends."""
    rows = Item.objects.select_for_update(no_key=True, of=("self",)).select_related("cycle")
    locked = {item.pk: item for item in rows.filter(cycle=cycle).order_by("pk")}
    in_order = Item.objects.filter(cycle=cycle).in_order().values_list("pk", flat=True)
    return [locked[pk] for pk in in_order if pk in locked]


def _titles(values: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: value for name, value in (values or {}).items() if name in TITLE_COLUMNS}


def _write(
    items: Sequence[Item],
    wanted: Mapping[int, Mapping[str, str]],
    *,
    action: str,
    facts: Mapping[str, Any],
    reason: str,
    actor: User | None,
    now: datetime,
) -> list[Event]:
    """Set titles of locked items of a cycle and record an Event for each item that changes. Raises `BadTitles`."""
    changes = {}
    for item in items:
        before, after = changed_fields(item, wanted.get(item.pk, {}))
        if after:
            changes[item] = (before, after)
            for name, title in after.items():
                setattr(item, name, title)
    if problems := title_problems(items):
        raise BadTitles(problems)
    events = []
    for item, (before, after) in changes.items():
        item.save(update_fields=[*after])
        event = record(
            action=action,
            actor=actor,
            obj=item,
            label=item.label_with_year,
            item_id=item.pk,
            before=before,
            after={**after, **facts},
            reason=reason,
            now=now,
        )
        events.append(event)
    return events
