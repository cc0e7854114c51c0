"""Making all words anew gives what the triggers wrote."""

import time
from concurrent.futures import Future, ThreadPoolExecutor
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from audit import clock
from evidence.models import Document
from evidence.services.lifecycle import seal_document
from recommendations.services import withdraw_update
from recommendations.services.comments import write_comment
from search.models import CommentWords, DocumentWords, ItemWords, NarrativeWords
from tests.audit.conftest import Owner, owner
from tests.conftest import NOW
from tests.factories.evidence import make_document
from tests.factories.recommendations import make_assignment, make_item, make_submission
from tests.recommendations.conftest import make_desk
from tests.search.conftest import keep_text

__all__ = ["owner"]


@pytest.mark.usefixtures("as_owner")
def test_fill_makes_the_same_words() -> None:
    """What the triggers wrote is what `rebuild_search` writes."""
    clock.move_to(NOW)
    desk = make_desk(NOW)
    desk.accepted()
    second = make_assignment(make_item(desk.cycle, number=2), desk.agency, actor=desk.administrator, now=NOW)
    sent = make_submission(second, actor=desk.officer, now=NOW)
    withdraw_update(sent.update, actor=desk.officer, now=NOW)
    write_comment(desk.assignment, text="Sila hubungi.", classification=1, actor=desk.reviewer, now=NOW)
    document = make_document(desk.agency, actor=desk.officer, now=desk.now)
    keep_text(document, "Ikan kerapu", now=desk.now)
    tables = [model._meta.db_table for model in (ItemWords, NarrativeWords, CommentWords, DocumentWords)]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TEMPORARY TABLE before_{table} AS TABLE {table}")
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] > 0
            cursor.execute(f"DELETE FROM {table}")
        call_command("rebuild_search", stdout=StringIO())
        for table in tables:
            cursor.execute(f"SELECT count(*) FROM (TABLE {table} EXCEPT TABLE before_{table}) changed")
            assert cursor.fetchone()[0] == 0
            cursor.execute(f"SELECT count(*) FROM (TABLE before_{table} EXCEPT TABLE {table}) lost")
            assert cursor.fetchone()[0] == 0


@pytest.mark.usefixtures("as_owner")
def test_document_that_is_sealed_meanwhile_loses_its_words(owner: Owner) -> None:
    clock.move_to(NOW)
    desk = make_desk(NOW)
    document = make_document(desk.agency, actor=desk.officer, now=desk.now)

    def seal() -> Document:
        try:
            return seal_document(document, reason="Sulit.", actor=desk.administrator, now=desk.now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            call_command("rebuild_search", stdout=StringIO())
            sealed = pool.submit(seal)
            _wait_for_a_lock(owner, sealed)
        assert sealed.result(timeout=20).is_sealed
    assert not DocumentWords.objects.filter(pk=document.pk).exists()


def _wait_for_a_lock(owner: Owner, act: Future[Document]) -> None:
    """Return once somebody waits for a lock of another transaction."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _turn in range(400):
        if owner.run(waiting) != [(0,)]:
            return
        assert not act.done(), act.result()
        time.sleep(0.05)
    raise AssertionError("nobody waits")
