"""What is laid before the council is kept: points, texts and facts, with a fingerprint, whatever changes later."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from audit.clock import KUALA_LUMPUR
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from meetings.models import LaidAgenda, Meeting
from meetings.queries.laid import read_laid
from meetings.services.agenda import add_point, prepare_meeting, save_point
from meetings.services.laying import canonical, lay_agenda
from meetings.services.meetings import cancel_meeting, hold_meeting
from meetings.states import PointKind
from recommendations.services import return_update
from tests.conftest import Clock
from tests.factories.recommendations import make_accepted, make_submission
from tests.meetings.conftest import TODAY, make_meeting
from tests.recommendations.conftest import Desk
from tests.shared import shared

pytestmark = pytest.mark.django_db

TOMORROW = datetime(2023, 9, 15, 9, 0, tzinfo=KUALA_LUMPUR)


@shared
def meeting(desk: Desk, clock: Clock) -> Meeting:
    """Prepared as at 14 September, on the day after: something was accepted, and something waits."""
    later = clock.move_to(desk.now + timedelta(hours=1))
    make_accepted(desk.assignment, actor=desk.officer, reviewer=desk.reviewer, now=later)
    make_submission(desk.assignment, actor=desk.officer, now=later)
    tomorrow = clock.move_to(TOMORROW)
    made = make_meeting(desk, now=tomorrow, meets_on=tomorrow.date())
    days: dict[str, Any] = {"as_at_on": TODAY, "since_on": date(2023, 8, 31)}
    return prepare_meeting(made, actor=desk.reviewer, now=tomorrow, **days)


def lay(desk: Desk, meeting: Meeting, **values: Any) -> LaidAgenda:
    return lay_agenda(meeting, **({"actor": desk.reviewer, "now": TOMORROW} | values))


def write(desk: Desk, meeting: Meeting, kind: str, **values: Any) -> None:
    point = meeting.points.get(kind=kind)
    usual: dict[str, Any] = {"text": "", "classification": 1, "is_left_out": False, "left_out": []}
    about: dict[str, Any] = {"revision": point.revision, "actor": desk.reviewer, "now": TOMORROW}
    save_point(point, **(usual | about | values))


def test_points_texts_and_facts_are_kept_in_order(desk: Desk, meeting: Meeting) -> None:
    write(desk, meeting, PointKind.WAITING, text="Majlis diminta mengambil maklum.")
    add_point(meeting, title="Hal lain", text="Lawatan", actor=desk.reviewer, now=TOMORROW)
    content = read_laid(lay(desk, meeting))
    assert [point.heading_en for point in content.points] == [
        "What changed since the last meeting",
        "Updates that await MAPO",
        "Hal lain",
    ]
    changed, waiting, own = content.points
    assert (changed.all_rows[0].percent, changed.all_rows[0].percent_before) == (40, 0)
    assert (waiting.text, own.text) == ("Majlis diminta mengambil maklum.", "Lawatan")
    assert (content.as_at, content.months[-1].count) == (TODAY, 1)


def test_fingerprint_is_that_of_the_content(desk: Desk, meeting: Meeting) -> None:
    laid = LaidAgenda.objects.get(pk=lay(desk, meeting).pk)
    assert laid.sha256 == hashlib.sha256(canonical(laid.content)).hexdigest()
    assert Event.objects.get(action="agenda.laid").after["sha256"] == laid.sha256


def test_laying_the_same_again_keeps_nothing_new_and_a_change_a_new_version(
    desk: Desk, meeting: Meeting, clock: Clock
) -> None:
    first = lay(desk, meeting)
    # What happens later does not change what was recorded by the day.
    update = desk.assignment.updates.get(state="submitted")
    about: dict[str, Any] = {"actor": desk.reviewer, "now": TOMORROW}
    return_update(update.submissions.get(), reason="Tiada bukti", resubmit_by=date(2023, 9, 30), **about)
    assert lay(desk, meeting, actor=desk.second_reviewer) == first
    write(desk, meeting, PointKind.CHANGED, is_left_out=True)
    second = lay(desk, meeting)
    assert (second.number, second.sha256 != first.sha256) == (2, True)
    assert len(read_laid(first).points) == 2 and len(read_laid(second).points) == 1


def test_it_can_be_laid_once_the_meeting_is_held_but_never_changed(desk: Desk, meeting: Meeting) -> None:
    before = lay(desk, meeting)
    hold_meeting(meeting, actor=desk.reviewer, now=TOMORROW)
    assert lay(desk, meeting) == before
    rows = LaidAgenda.objects.filter(pk=before.pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


def test_refused_for_today_for_unprepared_and_for_cancelled_meetings(desk: Desk, meeting: Meeting) -> None:
    about: dict[str, Any] = {"actor": desk.reviewer, "now": TOMORROW}
    other = make_meeting(desk, now=TOMORROW, number="2")
    with pytest.raises(NotNow):
        lay(desk, other)
    prepare_meeting(other, as_at_on=TOMORROW.date(), since_on=TODAY, **about)
    with pytest.raises(NotNow):
        lay(desk, other)
    cancel_meeting(meeting, reason="Ditunda", **about)
    with pytest.raises(NotNow):
        lay(desk, meeting)
    assert not LaidAgenda.objects.exists()


def test_only_mapo_lays_and_sees_papers(desk: Desk, meeting: Meeting) -> None:
    people = (desk.officer, desk.coordinator, desk.observer)
    for person in people:
        with pytest.raises(NotAllowed):
            lay(desk, meeting, actor=person)
    lay(desk, meeting)
    assert not any(LaidAgenda.objects.visible_to(person).exists() for person in people)


def test_class_is_that_of_its_texts_and_bounds_who_reads_it(desk: Desk, meeting: Meeting) -> None:
    assert lay(desk, meeting).classification == 1
    write(desk, meeting, PointKind.WAITING, text="Hal sulit", classification=2)
    desk.second_reviewer.clearance = 1
    with pytest.raises(NotNow):
        lay(desk, meeting, actor=desk.second_reviewer)
    laid = lay(desk, meeting)
    assert laid.classification == 2
    assert laid not in LaidAgenda.objects.visible_to(desk.second_reviewer)


def test_class_of_a_point_that_is_not_laid_does_not_count(desk: Desk, meeting: Meeting) -> None:
    """One of them is left out, the other has nothing to say."""
    write(desk, meeting, PointKind.WAITING, text="Hal sulit", classification=2, is_left_out=True)
    write(desk, meeting, PointKind.REQUESTS, classification=2)
    assert lay(desk, meeting).classification == 1


def test_kept_from_the_page_and_shown_as_it_was(client: Client, desk: Desk, meeting: Meeting) -> None:
    client.force_login(desk.reviewer)
    papers = reverse("meetings:meeting_papers", args=[meeting.pk])
    response = client.post(reverse("meetings:agenda_lay", args=[meeting.pk]))
    assert response["Location"] == papers
    laid = LaidAgenda.objects.get()
    url = reverse("meetings:agenda_laid", args=[meeting.pk, laid.pk])
    assert url in client.get(papers).content.decode()
    assert laid.sha256 in client.get(url).content.decode()
