"""Every page asks for the version of the marks; that costs the same however many there are, and misses none."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.services import record
from privacy.checks import MARKS, mark_of
from privacy.models import IdentityMark
from privacy.reading import NOBODY, current_version, digest_of, hides_anything, marks_of, reading_as
from tests.conftest import Clock, WorkerDatabase
from tests.recommendations.at_once import at_once
from tests.recommendations.conftest import Desk
from tests.recommendations.conftest import desk as desk
from tests.recommendations.pages import browser_of

NOW = datetime.fromisoformat("2023-09-14T10:00:00+08:00")


def hide(*texts: str, now: datetime) -> None:
    """Write one act that hides the whole of these texts."""
    marks: list[dict[str, Any]] = [mark_of("text", text, [[0, len(text), "name"]]) for text in texts]
    with transaction.atomic():
        record(
            action="identity.redacted",
            actor=None,
            object_type="privacy.IdentityMark",
            after={MARKS: marks},
            now=now,
        )


def known() -> set[str]:
    """The texts that are hidden now, by their hashes, as a page that begins now has them."""
    return set(marks_of(current_version()).by_text)


@pytest.mark.django_db
def test_a_page_costs_the_same_however_many_marks_there_are(desk: Desk) -> None:
    browser, url = browser_of(desk.observer), reverse("recommendations:item", args=[desk.item.pk])
    asked, statements = [], []
    for number in (0, 1, 50):
        for turn in range(number):
            hide(f"Teks {number} {turn}", now=desk.now)
        browser.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).status_code == 200
        asked.append(len(queries))
        statements += [query["sql"] for query in queries]
    assert IdentityMark.objects.count() == 51
    assert len(set(asked)) == 1
    assert not [sql for sql in statements if "privacy_identitymark" in sql], "the marks are remembered"
    assert [sql for sql in statements if "privacy_marksversion" in sql]


@pytest.mark.django_db
def test_one_transaction_sees_its_own_marks_and_no_longer_those_taken_back(desk: Desk) -> None:
    with reading_as(NOBODY):
        assert not hides_anything()
    hide("satu", now=desk.now)
    before = current_version()
    with transaction.atomic():
        hide("dua", now=desk.now)
        assert known() == {digest_of("satu"), digest_of("dua")}
        transaction.set_rollback(True)
    assert (current_version(), known()) == (before, {digest_of("satu")})
    hide("tiga", now=desk.now)
    assert known() == {digest_of("satu"), digest_of("tiga")}


def test_an_act_that_began_first_and_ends_last_counts(real_db: WorkerDatabase, clock: Clock) -> None:
    """Its marks have lower numbers than those that others have read meanwhile."""
    now = clock.move_to(NOW)
    with transaction.atomic():
        hide("awal", now=now)
        at_once(partial(hide, "kemudian", now=now))
        assert at_once(known) == [{digest_of("kemudian")}]
    assert known() == {digest_of("awal"), digest_of("kemudian")}
    assert at_once(known) == [known()]


def test_two_acts_at_once_do_not_wait_for_each_other(real_db: WorkerDatabase, clock: Clock) -> None:
    """No lock is held between the writing of a mark and the end of its transaction."""
    now = clock.move_to(NOW)
    with transaction.atomic():
        hide("satu", now=now)
        assert at_once(partial(hide, "dua", now=now)) == [None]
        hide("tiga", now=now)
    assert len(known()) == 3
