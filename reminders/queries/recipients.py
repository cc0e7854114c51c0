"""Reminders that are not said yet, by who would get them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.models import Agency, User

if TYPE_CHECKING:
    from reminders.due.reminders import DueReminder


@dataclass(frozen=True)
class PreviewRecipient:
    """A person, or the shared mailbox of an agency, with the reminders of the day; `key` as in the outbox."""

    key: str
    name: str
    email: str
    agency_code: str
    is_mailbox: bool
    rows: tuple[DueReminder, ...]
    post: str = ""


def count_preview(recipients: Iterable[PreviewRecipient]) -> Counter[str]:
    """Return how much a day would bring: `mails`, `reminders`, `escalations`, `urgent`, and apart from them `muted`."""
    counts: Counter[str] = Counter(mails=0, reminders=0, escalations=0, urgent=0, muted=0)
    for recipient in recipients:
        said = [row for row in recipient.rows if not row.is_muted]
        counts["mails"] += bool(said)
        counts["reminders"] += len(said)
        counts["escalations"] += sum(row.is_escalation for row in said)
        counts["urgent"] += sum(row.is_urgent for row in said)
        counts["muted"] += len(recipient.rows) - len(said)
    return counts


def group_by_recipient(rows: Iterable[DueReminder]) -> list[PreviewRecipient]:
    """Return the reminders of a day by who gets them, sorted by name; shared mailboxes come last. Two queries."""
    by_key = attrgetter("recipient")
    grouped = {key: tuple(group) for key, group in groupby(sorted(rows, key=by_key), key=by_key)}
    firsts = [group[0] for group in grouped.values()]
    people = User.objects.order_by().in_bulk({row.user_id for row in firsts if row.user_id})
    mailboxes = {row.agency_id for row in firsts if row.agency_id}
    agencies = Agency.objects.order_by().in_bulk(mailboxes | {each.agency_id for each in people.values()})
    found = [_recipient(key, group, people, agencies) for key, group in grouped.items()]
    return sorted(found, key=lambda each: (each.is_mailbox, each.name.casefold(), each.key))


def _recipient(
    key: str, rows: tuple[DueReminder, ...], people: dict[int, User], agencies: dict[int, Agency]
) -> PreviewRecipient:
    person, mailbox = people.get(rows[0].user_id or 0), agencies.get(rows[0].agency_id or 0)
    if person is not None:
        code = agencies[person.agency_id].code
        return PreviewRecipient(
            key, person.name, person.email, code, is_mailbox=False, rows=rows, post=person.post
        )
    if mailbox is None:
        return PreviewRecipient(key, key, "", "", is_mailbox=True, rows=rows)
    name = _("Shared mailbox of %(agency)s") % {"agency": mailbox.code}
    return PreviewRecipient(key, name, mailbox.shared_mailbox, mailbox.code, is_mailbox=True, rows=rows)
