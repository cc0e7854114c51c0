"""The agency's acts on its updates."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from audit.errors import Incomplete, NotAllowed, NotNow, Stale
from audit.models import Event
from recommendations.content import Content
from recommendations.models import Submission, Update
from recommendations.services import (
    copy_update,
    discard_update,
    enter_letter,
    report_nothing_new,
    save_update,
    submit_update,
    withdraw_update,
)
from recommendations.states import Status
from submissions.states import SubmissionState
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.factories.recommendations import REPORTED, start_update
from tests.recommendations.conftest import Desk, make_desk


def actions(update: Update) -> list[str]:
    """What the log holds about an update, oldest first."""
    events = Event.objects.filter(object_type="recommendations.Update", object_id=str(update.pk))
    return list(events.order_by("pk").values_list("action", flat=True))


class TestStart:
    def begin(self, desk: Desk, person: User) -> Update:
        begun = Update(assignment=desk.assignment)
        return save_update(begun, content=REPORTED, revision=0, actor=person, now=desk.now)

    def test_save_update_begins_one_draft_however_often(self, desk: Desk) -> None:
        first = self.begin(desk, desk.officer)
        assert self.begin(desk, desk.colleague) == first
        assert (first.state, first.revision) == (SubmissionState.DRAFT, 1)
        assert actions(first) == ["update.started"]

    def test_first_save_refused_to_others_in_closed_cycles_and_of_what_cannot_be_sent(
        self, desk: Desk, now: datetime
    ) -> None:
        for who in ("outsider", "reviewer", "administrator", "observer"):
            with pytest.raises(NotAllowed):
                self.begin(desk, getattr(desk, who))
            assert not Update.objects.exists()
        begun, content = Update(assignment=desk.assignment), replace(REPORTED, narrative="")
        with pytest.raises(Incomplete):
            submit_update(begun, content=content, revision=0, actor=desk.officer, now=now)
        assert not Update.objects.exists() and not Event.objects.filter(action="update.started").exists()
        desk.cycle.closed_at = now
        desk.cycle.save()
        with pytest.raises(NotNow):
            self.begin(desk, desk.officer)

    def test_database_refuses_a_second_open_update(self, desk: Desk, now: datetime) -> None:
        update = desk.draft()
        with pytest.raises(IntegrityError), transaction.atomic():
            Update.objects.create(
                assignment=update.assignment,
                created_by=desk.officer,
                created_at=now,
                saved_by=desk.officer,
                saved_at=now,
            )


class TestSave:
    def test_save_update_counts_revisions_and_writes_no_event(self, desk: Desk, now: datetime) -> None:
        update = start_update(desk.assignment, actor=desk.officer, now=now)
        saved = save_update(update, content=REPORTED, revision=0, actor=desk.officer, now=now)
        again = save_update(saved, content=REPORTED, revision=0, actor=desk.officer, now=now)
        assert (saved.revision, again.revision) == (1, 1)
        assert Content.of(again) == REPORTED
        assert actions(update) == ["update.started"]

    def test_save_update_refused_to_mapo_and_outsiders(self, desk: Desk, now: datetime) -> None:
        update = desk.draft()
        for person in (desk.outsider, desk.reviewer, desk.administrator, desk.observer):
            with pytest.raises(NotAllowed):
                save_update(update, content=Content(), revision=update.revision, actor=person, now=now)

    def test_save_update_refused_once_submitted(self, desk: Desk, now: datetime) -> None:
        update = desk.submission().update
        with pytest.raises(NotNow):
            save_update(update, content=Content(), revision=update.revision, actor=desk.officer, now=now)


class TestSubmit:
    def test_submit_update_freezes_a_version_and_twice_sends_once(self, desk: Desk, now: datetime) -> None:
        submission = desk.submission()
        update = submission.update
        assert (submission.number, submission.narrative) == (1, REPORTED.narrative)
        assert update.state == SubmissionState.SUBMITTED
        assert actions(update) == ["update.started", "update.submitted"]
        event = Event.objects.get(action="update.submitted")
        assert REPORTED.narrative not in str(event.after)
        assert (event.agency_id, event.item_id) == (desk.agency.pk, desk.item.pk)
        revision = update.revision - 1
        second = submit_update(update, content=REPORTED, revision=revision, actor=desk.officer, now=now)
        assert submission == second
        assert Submission.objects.count() == 1

    def test_submit_update_says_what_is_missing_and_keeps_the_text(self, desk: Desk, now: datetime) -> None:
        update = desk.draft()
        for change, field in (
            ({"status": ""}, "status"),
            ({"percent": None}, "percent"),
            ({"status": Status.DONE, "percent": 99}, "percent"),
            ({"status": Status.NONE, "percent": 1}, "percent"),
            ({"percent": 100}, "percent"),
            ({"percent": 0}, "percent"),
            ({"narrative": "  \n "}, "narrative"),
            ({"narrative": "x" * 5_001}, "narrative"),
            ({"covers_from": None}, "covers_from"),
            ({"covers_to": None}, "covers_to"),
            ({"covers_from": date(2023, 9, 2), "covers_to": date(2023, 9, 1)}, "covers_to"),
            ({"covers_to": date(2023, 9, 15)}, "covers_to"),
        ):
            content = replace(REPORTED, **change)
            with pytest.raises(Incomplete) as caught:
                submit_update(update, content=content, revision=update.revision, actor=desk.officer, now=now)
            assert list(caught.value.problems) == [field], change
            assert Submission.objects.count() == 0, change
            update.refresh_from_db()
            assert update.narrative == REPORTED.narrative, change


class TestWithdrawAndDiscard:
    def test_withdraw_update_by_a_colleague_before_a_decision_and_by_no_other(
        self, desk: Desk, now: datetime
    ) -> None:
        update = desk.submission().update
        for person in (desk.outsider, desk.reviewer, desk.observer):
            with pytest.raises(NotAllowed):
                withdraw_update(update, actor=person, now=now)
        withdrawn = withdraw_update(update, actor=desk.colleague, now=now)
        assert withdrawn.state == SubmissionState.WITHDRAWN
        assert withdraw_update(update, actor=desk.officer, now=now).state == SubmissionState.WITHDRAWN
        assert actions(update).count("update.withdrawn") == 1

    def test_discard_update_only_while_draft(self, desk: Desk, now: datetime) -> None:
        draft = desk.draft()
        assert (
            discard_update(draft, revision=1, actor=desk.officer, now=now).state == SubmissionState.DISCARDED
        )
        submitted = desk.submission().update
        with pytest.raises(NotNow):
            discard_update(submitted, revision=1, actor=desk.officer, now=now)

    @pytest.mark.parametrize("revision", [-1, 0, 1, 3])
    def test_discard_update_refuses_an_older_page(self, desk: Desk, now: datetime, revision: int) -> None:
        update = desk.draft()
        newer = replace(REPORTED, narrative="Sebanyak 96 orang.")
        save_update(update, content=newer, revision=1, actor=desk.colleague, now=now)
        with pytest.raises(Stale):
            discard_update(update, revision=revision, actor=desk.officer, now=now)
        update.refresh_from_db()
        assert (update.state, Content.of(update)) == (SubmissionState.DRAFT, newer)
        assert "update.discarded" not in actions(update)

    def test_discard_update_twice_discards_once(self, desk: Desk, now: datetime) -> None:
        draft = desk.draft()
        discard_update(draft, revision=1, actor=desk.officer, now=now)
        discard_update(draft, revision=0, actor=desk.colleague, now=now)
        assert actions(draft).count("update.discarded") == 1

    def test_copy_update_brings_the_text_into_a_new_draft(self, desk: Desk, now: datetime) -> None:
        update = withdraw_update(desk.submission().update, actor=desk.officer, now=now)
        copied = copy_update(update, actor=desk.colleague, now=now)
        assert copied.state == SubmissionState.DRAFT
        assert Content.of(copied) == REPORTED
        with pytest.raises(NotNow):
            copy_update(update, actor=desk.officer, now=now)


class TestNothingNew:
    def test_report_nothing_new_refused_beside_an_open_update(self, desk: Desk, now: datetime) -> None:
        desk.accepted()
        desk.draft()
        with pytest.raises(NotNow):
            report_nothing_new(desk.assignment, speaks_for=date(2023, 9, 14), actor=desk.officer, now=now)


class TestLetter:
    def test_enter_letter_refused_to_agencies_and_beside_an_open_update(
        self, desk: Desk, now: datetime
    ) -> None:
        letter = {"content": REPORTED, "reference": "x", "letter_on": date(2023, 9, 1), "now": now}
        with pytest.raises(NotAllowed):
            enter_letter(desk.assignment, actor=desk.officer, **letter)
        desk.draft()
        with pytest.raises(NotNow):
            enter_letter(desk.assignment, actor=desk.reviewer, **letter)


def test_submit_update_pressed_by_eight_at_once_sends_once(real_db: WorkerDatabase, clock: Clock) -> None:
    desk = make_desk(clock.move_to(NOW))
    update = desk.draft()

    def press(_: int) -> int:
        try:
            sent = submit_update(
                update, content=REPORTED, revision=update.revision, actor=desk.officer, now=desk.now
            )
            return sent.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        sent = set(pool.map(press, range(8)))
    assert len(sent) == 1
    assert Submission.objects.count() == 1
    assert Event.objects.filter(action="update.submitted").count() == 1
