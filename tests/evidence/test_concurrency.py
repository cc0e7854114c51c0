"""Two people or two workers and one document: real commits on several connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection, transaction

from audit.errors import NotNow
from audit.models import ChainLink, Event
from evidence.models import Document
from evidence.services.lifecycle import freeze_documents, withdraw_document
from evidence.services.receiving import replace_document
from evidence.services.scans import claim_scan
from evidence.states import DocumentState
from tests.evidence import files
from tests.evidence.conftest import World
from tests.factories.evidence import make_upload


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Return what each act returned or raised, all started together, each on its own connection."""
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return act()
        except NotNow as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_withdraw_and_replace_at_once_one_wins(real_db: object, world: World) -> None:
    document = world.document()
    results = at_once(
        lambda: withdraw_document(document, reason="x", actor=world.officer, now=world.now),
        lambda: replace_document(
            document, make_upload("b.pdf", files.pdf(pages=2)), actor=world.coordinator, now=world.now
        ),
    )
    assert sum(isinstance(result, NotNow) for result in results) == 1
    document.refresh_from_db()
    assert document.state in (DocumentState.WITHDRAWN, DocumentState.REPLACED)
    assert Document.objects.count() == (2 if document.is_replaced else 1)


def test_submission_and_withdrawal_at_once_agree(real_db: object, world: World) -> None:
    """Either the submission comes first and the document stays readable, or it is refused for the withdrawal."""
    document = world.document()

    def submit() -> None:
        with transaction.atomic():
            freeze_documents([document], agency_id=world.agency.pk, now=world.now)

    results = at_once(
        submit, lambda: withdraw_document(document, reason="x", actor=world.officer, now=world.now)
    )
    document.refresh_from_db()
    assert document.is_withdrawn
    assert document.is_frozen is not isinstance(results[0], NotNow)
    assert document.is_available is document.is_frozen


def test_claim_scan_gives_each_file_to_one_worker(real_db: object, world: World, settings: Any) -> None:
    settings.SCANNER = "clamav"
    documents = [world.document(name=f"{number}.pdf") for number in range(6)]
    claimed = at_once(*[lambda: [claim_scan(now=world.now) for _turn in range(3)] for _worker in range(4)])
    taken = [document.pk for part in claimed for document in part if document is not None]
    assert len(taken) == len(set(taken)) <= len(documents)


def test_eight_uploads_at_once_all_stand_and_are_chained(real_db: object, world: World) -> None:
    def receive(number: int) -> Callable[[], Document]:
        return lambda: world.document(name=f"{number}.pdf", content=files.pdf(pages=number + 1))

    documents = at_once(*[receive(number) for number in range(8)])
    assert len({document.pk for document in documents}) == 8
    assert len({document.stored_name for document in documents}) == 8
    assert ChainLink.objects.count() == Event.objects.count()
