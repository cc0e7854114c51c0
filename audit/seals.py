"""Seals: what the database asks for before it believes who did something and when.

The processes that serve share a database role with whoever smuggles SQL into one of them, so a role proves nothing.
They prove themselves by a key that follows from `SECRET_KEY`. The database holds that key in a table that the web's role
cannot read (`grant_web_role` puts it there), and takes an Event only with a seal of its every value (ADR 1).
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid4

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

#: The block of SHA-256, to which HMAC fills up its key (RFC 2104).
_BLOCK = 64
#: Takes what `vouching` returns, and notes for the transaction that this installation acts in it, without an Event.
VOUCH = "SELECT jejak_vouch(%s, %s)"


def sealed(event: Mapping[str, object], *, occurred_at: datetime) -> tuple[str, str]:
    """Return what is said of an act, as JSON, and its seal: what `jejak_record` takes."""
    return _sealed({**event, "serves": "event"}, occurred_at)


def vouching(action: str) -> tuple[str, str]:
    """Return what `VOUCH` takes; the action says what is done, as that of an Event does."""
    return _sealed({"action": action, "serves": "transaction"}, datetime.now(UTC))


def _sealed(values: Mapping[str, object], instant: datetime) -> tuple[str, str]:
    """Return the values and their instant as JSON, and the seal, which serves once, within 5 minutes of it."""
    # The encoder would cut the instant to milliseconds.
    said = {**values, "occurred_at": instant.isoformat(), "nonce": uuid4().hex}
    text = json.dumps(said, cls=DjangoJSONEncoder)
    return text, seal_of(text)


def seal_of(text: str) -> str:
    """Return the seal of a text: HMAC-SHA256, in hexadecimal digits."""
    return hmac.new(_key(), text.encode(), hashlib.sha256).hexdigest()


def hand_over_key() -> None:
    """Give the database the key of this installation, in place of an earlier one; only its owner may."""
    filled = _key().ljust(_BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in filled) for pad in (0x36, 0x5C))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_sealkey (id, inner_pad, outer_pad) VALUES (1, %s, %s)"
            " ON CONFLICT (id) DO UPDATE SET inner_pad = EXCLUDED.inner_pad, outer_pad = EXCLUDED.outer_pad",
            [inner, outer],
        )


def forget_used() -> None:
    """Remove what the database noted of seals that have become useless."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jejak_forget_seals()")


def _key() -> bytes:
    """Return the key of seals; the secret key does not follow from it."""
    return hmac.new(settings.SECRET_KEY.encode(), b"jejak: seals of the audit log", hashlib.sha256).digest()
