"""Write the log."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, models, transaction

from audit.context import current_origin
from audit.guarded_text import original
from audit.models import Event, audit_type_of
from audit.seals import sealed

_ACTION = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_]*")


def record(
    *,
    action: str,
    actor: Any,
    obj: models.Model | None = None,
    object_type: str = "",
    object_id: object = "",
    label: str = "",
    agency_id: int | None = None,
    item_id: int | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
    now: datetime,
) -> Event:
    """Add one Event; call it inside the transaction of the act, so that both succeed or fail together.

    `action` is "noun.verb_past". `actor` is the person (pk, name, role, agency) or None for the system.
    `agency_id` is the agency concerned, `item_id` the item whose timeline shows it. `before` and `after` hold
    the changed fields with short values; for a text use `digest`. `label` stays readable for ever: never a
    classified text or a name that may have to be sealed. `now` is the business time; the database adds its
    own, and refuses one that lies more than 5 minutes off.

    Raises RuntimeError outside a transaction and ValueError for a malformed action.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("audit.services.record belongs inside the transaction of the act")
    if not _ACTION.fullmatch(action):
        raise ValueError(f"{action!r} is not of the form noun.verb_past")
    origin = current_origin()
    event = Event(
        occurred_at=now,
        action=action,
        **_identity(actor),
        object_type=audit_type_of(obj) if obj is not None else object_type,
        # The path of a page that was refused may be of any length.
        object_id=str(obj.pk if obj is not None else object_id)[:64],
        label=label[:300],
        agency_id=agency_id,
        item_id=item_id,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        reason=reason,
        address=origin.address,
        user_agent=origin.user_agent,
        request_id=origin.request_id,
    )
    _keep(event)
    return event


def _keep(event: Event) -> None:
    """Hand a new event to the database, sealed with all its values, and note what the database adds."""
    columns = {field.attname for field in Event._meta.concrete_fields} - {"id", "recorded_at", "occurred_at"}
    values = {name: getattr(event, name) for name in columns}
    with connection.cursor() as cursor:
        said_and_seal = sealed(values, occurred_at=event.occurred_at)
        cursor.execute("SELECT id, recorded_at FROM jejak_record(%s, %s)", said_and_seal)
        event.pk, event.recorded_at = cursor.fetchone()
    event._state.adding, event._state.db = False, connection.alias


def digest(text: str) -> dict[str, str | int]:
    """Return what the log may hold of a narrative:

    SHA-256 of its UTF-8 bytes, and its length in characters.
    """
    text = original(text)
    return {"sha256": hashlib.sha256(text.encode()).hexdigest(), "length": len(text)}


def _identity(actor: Any) -> dict[str, Any]:
    """Return the Event's columns for the person who acts."""
    if actor is None or actor.pk is None:
        return {"actor_id": None, "actor_name": "", "actor_role": ""}
    agency = actor.agency if actor.agency_id is not None else None
    return {
        "actor_id": actor.pk,
        "actor_name": actor.name[:200],
        "actor_role": str(actor.role),
        "actor_agency_id": actor.agency_id,
        "actor_agency_code": agency.code if agency is not None else "",
    }
