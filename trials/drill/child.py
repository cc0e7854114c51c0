"""What the drill does with Jejak's own code, in processes of a host: files, mails that wait, and sending."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from audit import clock
from evidence import storage
from evidence.models import Document
from evidence.states import ScanState
from reminders import tasks
from reminders.models import Delivery
from reminders.services.notices import give_notice
from reminders.services.packing import pack
from reminders.states import FILE_HARMED, DeliveryState

#: The sizes of files: from a short letter to a scanned page.
_LEAST_BYTES, _MOST_BYTES = 2_000, 60_000


def main(_facts: dict[str, Any], act: str, *arguments: str) -> Any:
    """Do one act and return what is to be known of it."""
    acts: dict[str, Callable[..., Any]] = {
        "files": _files,
        "mails": _mails,
        "send": tasks.send,
        "places": _places,
    }
    return acts[act](*arguments)


def _files(count: str, seed: str) -> int:
    """Receive so many files, as the owner, because it would take their agencies years; return their bytes."""
    people = list(User.objects.exclude(agency=None).order_by("pk")[:20])
    chance, now = random.Random(seed), clock.now()
    rows = []
    for number in range(int(count)):
        person, content = (
            people[number % len(people)],
            chance.randbytes(chance.randint(_LEAST_BYTES, _MOST_BYTES)),
        )
        row = Document(
            agency_id=person.agency_id,
            original_name=f"Laporan {number}.pdf",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            media_type="application/pdf",
            stored_name=storage.new_stored_name(),
            received_at=now,
            frozen_at=now,
            uploaded_by=person,
            classification=Clearance.RESTRICTED,
            scan_state=ScanState.UNSCANNED,
        )
        path = storage.path_of(row.stored_name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        rows.append(row)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Document.objects.bulk_create(rows, batch_size=1000)
    return sum(row.size for row in rows)


def _mails() -> int:
    """Let a first turn of sending pass, then let a mail to everybody wait; return how many wait."""
    tasks.send()
    now = clock.now()
    for person in User.objects.active().order_by("pk"):
        # A kind that goes at any hour, so that the drill may run at night.
        give_notice(
            person, what=FILE_HARMED, about={}, path=reverse("evidence:checks"), mail_after=now, now=now
        )
    pack(now=now)
    return Delivery.objects.filter(state=DeliveryState.WAITING).count()


def _places() -> list[tuple[int, str]]:
    """Return two documents with where their bytes lie: for one byte that is flipped, and one file that is deleted."""
    rows = Document.objects.with_kept_bytes().order_by("pk")
    half = rows.count() // 2
    return [(row.pk, str(storage.path_of(row.stored_name))) for row in rows[half : half + 2]]
