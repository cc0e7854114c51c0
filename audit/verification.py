"""Verify that the log is unchanged: every hash is computed again here, from the rows.

The database's own functions are not trusted. A tail that was cut off together with its links cannot be seen:
for that, heads are kept elsewhere (`audit.anchors`) and compared with what is here.
"""

import hashlib
import json
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

START = "0" * 64
_CHUNK_ROWS = 2000

_INSTANT = """to_char(event.{name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
#: Every column of the log in the order in which it is hashed, with how it becomes text.
COLUMNS = {
    "id": "event.id::text",
    "occurred_at": _INSTANT.format(name="occurred_at"),
    "recorded_at": _INSTANT.format(name="recorded_at"),
    "action": "event.action",
    "actor_id": "event.actor_id::text",
    "actor_name": "event.actor_name",
    "actor_role": "event.actor_role",
    "actor_agency_id": "event.actor_agency_id::text",
    "actor_agency_code": "event.actor_agency_code",
    "object_type": "event.object_type",
    "object_id": "event.object_id",
    "label": "event.label",
    "agency_id": "event.agency_id::text",
    "item_id": "event.item_id::text",
    "before": "event.before::text",
    "after": "event.after::text",
    "reason": "event.reason",
    "address": "event.address::text",
    "user_agent": "event.user_agent",
    "request_id": "event.request_id",
}
_LINKS = f"""
    SELECT link.position, link.event_id, link.previous_hash, link.hash, {", ".join(COLUMNS.values())}
    FROM audit_link AS link LEFT JOIN audit_event AS event ON event.id = link.event_id
    ORDER BY link.position
"""  # noqa: S608 - built of the constants above
_UNLINKED = """
    SELECT event.id FROM audit_event AS event
    WHERE NOT EXISTS (SELECT FROM audit_link AS link WHERE link.event_id = event.id)
    ORDER BY event.id LIMIT 1
"""
_LINKED_TWICE = (
    "SELECT event_id FROM audit_link GROUP BY event_id HAVING count(*) > 1 ORDER BY event_id LIMIT 1"
)


@dataclass(frozen=True)
class ChainHead:
    """The end of the chain: its number of links, and the hash that stands for all of them."""

    position: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> "ChainHead":
        """Return the head from POSITION:HASH, as `verify_audit` prints it.

        Raises ValueError for anything else.
        """
        position, _colon, digest = text.strip().partition(":")
        if len(digest) != len(START) or not set(digest) <= set("0123456789abcdef"):
            raise ValueError(_("A head is written as position:hash, with a hash of 64 hexadecimal digits."))
        return cls(position=int(position), hash=digest)

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


@dataclass(frozen=True)
class Fault:
    """The first row that is not as it was written."""

    message: str
    position: int | None = None
    event_id: int | None = None


@dataclass(frozen=True)
class ChainCheck:
    """The result of a check: the head of the good part, and the first fault if there is one."""

    head: ChainHead
    fault: Fault | None


@dataclass(frozen=True)
class _Link:
    """One link with the text of its event's columns (None for every column of a missing event)."""

    position: int
    event_id: int
    previous_hash: str
    hash: str
    columns: tuple[str | None, ...]

    @property
    def where(self) -> dict[str, int]:
        """The place of the link, for a sentence."""
        return {"position": self.position, "event_id": self.event_id}


def verify(
    *, kept_head: ChainHead | None = None, on_link: Callable[[ChainHead], None] = lambda head: None
) -> ChainCheck:
    """Check the whole chain in its order, in bounded memory, and stop at the first bad row.

    `kept_head` is a head from an earlier check, kept elsewhere: the chain must contain it. `on_link` is called with each
    head that the chain had, as far as it is good: what was anchored is compared with them (`audit.anchors.checks`).
    """
    head = ChainHead(position=0, hash=START)
    has_kept_head = kept_head in (None, head)
    with closing(_links()) as links:
        for link in links:
            fault = _fault_of(link, after=head, kept_head=kept_head)
            if fault is not None:
                return ChainCheck(head=head, fault=fault)
            head = ChainHead(position=link.position, hash=link.hash)
            on_link(head)
            has_kept_head = has_kept_head or head == kept_head
    fault = _wrongly_linked(_UNLINKED, _("Event %(event_id)s is in no link of the chain."))
    fault = fault or _wrongly_linked(_LINKED_TWICE, _("Event %(event_id)s is in more than one link."))
    return ChainCheck(head=head, fault=fault or (None if has_kept_head else _cut_off(head, kept_head)))


def hash_of(position: int, previous_hash: str, columns: tuple[str | None, ...]) -> str:
    """Return the hash that a link at this position must have, over the text of the event's columns."""
    return hashlib.sha256(f"{position}\n{previous_hash}\n{canonical(columns)}".encode()).hexdigest()


def canonical(columns: tuple[str | None, ...]) -> str:
    """Return the text of an event's columns in the form that is hashed: one line of JSON."""
    return json.dumps(columns, ensure_ascii=False, separators=(", ", ": "))


def canonical_events() -> Iterator[str]:
    """Yield each event of the chain as the line of JSON that its link's hash covers, in order; checks nothing.

    Raises ValueError where an event is missing.
    """
    with closing(_links()) as links:
        for link in links:
            if link.columns[0] is None:
                raise ValueError(
                    _("Event %(event_id)s, linked at position %(position)s, is missing.") % link.where
                )
            yield canonical(link.columns)


def _links() -> Generator[_Link, None, None]:
    """Yield all links with their events, in order."""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_LINKS)
        while rows := cursor.fetchmany(_CHUNK_ROWS):
            for position, event_id, previous_hash, link_hash, *columns in rows:
                yield _Link(position, event_id, previous_hash, link_hash, tuple(columns))


def _fault_of(link: _Link, *, after: ChainHead, kept_head: ChainHead | None) -> Fault | None:
    """Return what is wrong with a link that must follow `after`, or None."""
    where = link.where
    if link.position != after.position + 1:
        message = _(
            "Position %(missing)s is missing: the next link is at %(position)s, with event %(event)s."
        )
        words = {"missing": after.position + 1, "position": link.position, "event": link.event_id}
        return Fault(message % words, **where)
    if link.columns[0] is None:
        message = _("Event %(event_id)s, linked at position %(position)s, is missing.")
    elif link.previous_hash != after.hash:
        message = _(
            "The link at position %(position)s, with event %(event_id)s, does not follow the one before."
        )
    elif link.hash != hash_of(link.position, link.previous_hash, link.columns):
        message = _("Event %(event_id)s, at position %(position)s, is not as it was written.")
    elif kept_head is not None and link.position == kept_head.position and link.hash != kept_head.hash:
        message = _(
            "The link at position %(position)s is not the head that you kept: the chain was rewritten."
        )
    else:
        return None
    return Fault(message % where, **where)


def _wrongly_linked(sql: str, message: str) -> Fault | None:
    """Return a fault for the event that this query finds, or None."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return Fault(message % {"event_id": row[0]}, event_id=row[0]) if row else None


def _cut_off(head: ChainHead, kept: ChainHead | None) -> Fault:
    """Return the fault of a chain that ends before the kept head."""
    message = _(
        "The chain ends at position %(end)s, before the head that you kept (%(kept)s): its tail is cut off."
    )
    return Fault(
        message % {"end": head.position, "kept": kept.position if kept else 0}, position=head.position
    )
