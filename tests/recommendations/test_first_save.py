"""The form of an update that nobody has begun: looking at it writes nothing, and its first save begins the draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from audit.errors import Stale
from audit.models import Event
from recommendations import services
from recommendations.models import Assignment, Cycle, Submission, Update
from recommendations.models.update import UpdateWriter
from submissions.states import SubmissionState
from tests.factories.evidence import make_document
from tests.factories.recommendations import DONE, REPORTED, start_update
from tests.imports.openings import sent
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import autosave_url, browser_of, edit_url, typed, words_of

pytestmark = pytest.mark.django_db

MINE = "Kursus telah diadakan di 4 kontinjen."


def opened(desk: Desk, person: User | None = None, language: str = "en") -> HttpResponse:
    return browser_of(person or desk.officer, language).get(start_url(desk))


def start_url(desk: Desk) -> str:
    return reverse("recommendations:update_start", args=[desk.assignment.pk])


def start_autosave_url(desk: Desk) -> str:
    return reverse("recommendations:update_start_autosave", args=[desk.assignment.pk])


def owe(desk: Desk, day: date | None) -> None:
    Assignment.objects.filter(pk=desk.assignment.pk).update(next_due_on=day)


def form_of(page: HttpResponse) -> str:
    """The opening tag of the form."""
    html = page.content.decode()
    return html[html.index('<form class="form" id="update-form"') :].partition(">")[0]


def value_of(page: HttpResponse, name: str) -> str:
    """What a field of the form holds."""
    value = page.context["form"][name].value()
    return str("" if value is None else value)


def restrict(update: Update) -> None:
    """Classify an update above most people's clearance."""
    Update.objects.filter(pk=update.pk).update(classification=Clearance.CONFIDENTIAL)


class TestLooking:
    def test_page_says_what_is_owed_late_or_next_and_the_draft_too(self, desk: Desk) -> None:
        owe(desk, date(2023, 9, 4))
        Assignment.objects.filter(pk=desk.assignment.pk).update(due_on=date(2023, 12, 1))
        page = opened(desk)
        words = words_of(page)
        assert "Update of Recommendation 1" in words and desk.item.text_en in words
        assert "Was due 4 September 2023" in words
        assert "flag tone-danger" in page.content.decode()
        assert "Final due date of the assignment: 1 December 2023" in words
        assert "MAPO has not accepted any update on this yet." in words
        main = page.content.decode().partition("<main")[2].partition("</main>")[0]
        assert main.count("btn--primary") == 1
        assert "Nothing new since" not in words and "Discard draft" not in words
        owe(desk, date(2023, 9, 18))
        assert "Send by 18 September 2023" in words_of(opened(desk))
        owe(desk, None)
        words = words_of(opened(desk))
        assert "Send by" not in words and "Was due" not in words
        owe(desk, date(2023, 9, 4))
        words = words_of(browser_of(desk.officer).get(edit_url(desk.draft())))
        assert "Was due 4 September 2023" in words

    def test_page_of_what_is_completed_says_so(self, desk: Desk) -> None:
        desk.accepted(DONE)
        assert "MAPO has accepted this as completed." in words_of(opened(desk))

    def test_page_shows_the_last_verdict_and_offers_nothing_new_but_beside_a_draft(self, desk: Desk) -> None:
        desk.accepted()
        words = words_of(opened(desk))
        assert "In progress" in words and REPORTED.narrative in words
        assert "Nothing new since 31 August" in words
        words = words_of(browser_of(desk.officer).get(edit_url(desk.draft())))
        assert "Nothing new since" not in words

    def test_text_above_the_readers_clearance_is_not_shown(self, desk: Desk) -> None:
        User.objects.filter(pk=desk.officer.pk).update(clearance=Clearance.CONFIDENTIAL)
        desk.officer.refresh_from_db()
        desk.accepted(replace(REPORTED, classification=Clearance.CONFIDENTIAL))
        page = opened(desk, desk.colleague)
        words = words_of(page)
        assert REPORTED.narrative not in words and "Nothing new since" not in words
        assert value_of(page, "covers_from") == ""

    def test_get_writes_nothing_and_the_first_form_is_empty(self, desk: Desk) -> None:
        visitor = browser_of(desk.officer)
        before = Event.objects.count()
        for read in (visitor.get, visitor.head):
            assert read(start_url(desk)).status_code == 200
        assert not Update.objects.exists() and not UpdateWriter.objects.exists()
        assert Event.objects.count() == before
        page = opened(desk)
        assert (value_of(page, "covers_from"), value_of(page, "narrative")) == ("", "")
        assert value_of(page, "classification") == str(Clearance.RESTRICTED.value)
        assert f'data-keep-key="update-of-{desk.assignment.pk}"' in form_of(page)
        assert f'action="{start_url(desk)}"' in form_of(page)

    def test_form_begins_on_the_day_after_the_last_accepted_one_but_not_later_than_today(
        self, desk: Desk
    ) -> None:
        for ended, begins in ((date(2023, 8, 31), date(2023, 9, 1)), (date(2023, 9, 14), date(2023, 9, 14))):
            desk.accepted(replace(REPORTED, covers_to=ended))
            assert value_of(opened(desk), "covers_from") == str(begins), ended

    def test_queries_are_few(self, desk: Desk) -> None:
        desk.accepted()
        visitor = browser_of(desk.officer)
        with CaptureQueriesContext(connection) as captured:
            visitor.get(start_url(desk))
        assert sum("recommendations_outcome" in query["sql"] for query in captured) == 1
        assert len(captured) <= 16


class TestLeading:
    def test_open_draft_opens_as_the_form(self, desk: Desk) -> None:
        draft = desk.draft()
        assert opened(desk, desk.colleague)["Location"] == edit_url(draft)

    def test_returned_update_opens_as_the_form(self, desk: Desk, now: datetime) -> None:
        sent = desk.submission()
        services.return_update(
            sent, reason="Tarikh", resubmit_by=date(2023, 9, 25), actor=desk.reviewer, now=now
        )
        assert opened(desk)["Location"] == edit_url(sent.update)

    def test_update_that_waits_opens_to_be_read(self, desk: Desk) -> None:
        sent = desk.submission()
        assert opened(desk)["Location"] == reverse("recommendations:update", args=[sent.update_id])

    def test_row_of_an_import_opens_the_import(self, desk: Desk, now: datetime) -> None:
        batch = sent(desk.cycle, desk.agency, {"item": "Syor 1"}, actor=desk.officer, now=now)
        assert opened(desk)["Location"] == reverse("imports:opening", args=[batch.pk])

    def test_draft_above_the_readers_clearance_is_said_and_not_opened(self, desk: Desk) -> None:
        restrict(desk.draft())
        page = opened(desk, desk.colleague)
        assert page.status_code == 409
        assert "classified above your clearance" in words_of(page)

    def test_ended_assignment_leads_to_the_item(self, desk: Desk, now: datetime) -> None:
        services.end_assignment(desk.assignment, reason="Dipindahkan", actor=desk.administrator, now=now)
        assert opened(desk)["Location"] == reverse("recommendations:item", args=[desk.item.pk])

    def test_closed_cycle_leads_to_the_item(self, desk: Desk, now: datetime) -> None:
        Cycle.objects.filter(pk=desk.cycle.pk).update(closed_at=now)
        assert opened(desk)["Location"] == reverse("recommendations:item", args=[desk.item.pk])

    def test_mapo_is_led_to_the_assignment_and_others_find_and_begin_nothing(self, desk: Desk) -> None:
        for who in ("reviewer", "administrator"):
            page = opened(desk, getattr(desk, who))
            assert page["Location"] == reverse("recommendations:assignment", args=[desk.assignment.pk]), who
        for who in ("outsider", "observer"):
            assert opened(desk, getattr(desk, who)).status_code == 404, who
        for who in ("outsider", "reviewer", "administrator", "observer"):
            visitor = browser_of(getattr(desk, who))
            for url in (start_url(desk), start_autosave_url(desk)):
                assert visitor.post(url, typed()).status_code == 404, who
            assert not Update.objects.exists(), who

    def test_suggestion_is_not_found_by_its_agency(self, desk: Desk) -> None:
        suggested = services.suggest_assignment(
            desk.item, agency=desk.other_agency, role="support", actor=desk.administrator, now=desk.now
        )
        visitor = browser_of(desk.outsider)
        url = reverse("recommendations:update_start", args=[suggested.pk])
        assert visitor.get(url).status_code == visitor.post(url, typed()).status_code == 404
        assert not Update.objects.exists()


class TestSaving:
    def test_first_save_begins_the_draft_and_leads_to_it(self, desk: Desk) -> None:
        browser = browser_of(desk.officer)
        answer = browser.post(start_url(desk), typed(action="save"))
        draft = Update.objects.get()
        assert answer["Location"] == edit_url(draft)
        assert (draft.state, draft.revision, draft.narrative) == (SubmissionState.DRAFT, 1, MINE)
        assert list(draft.writers.values_list("user", flat=True)) == [desk.officer.pk]
        assert list(Event.objects.filter(action__startswith="update.").values_list("action", flat=True)) == [
            "update.started"
        ]
        page = browser.get(edit_url(draft))
        assert f'data-keep-key="update-{draft.pk}" data-key-before="update-of-{desk.assignment.pk}"' in (
            form_of(page)
        )

    def test_saved_twice_it_is_one_draft(self, desk: Desk) -> None:
        browser = browser_of(desk.officer)
        first, second = (browser.post(start_url(desk), typed(action="save")) for _press in range(2))
        assert first["Location"] == second["Location"]
        assert Update.objects.get().revision == 1

    def test_sent_from_the_first_form_it_waits_for_mapo(self, desk: Desk) -> None:
        browser = browser_of(desk.officer)
        for _press in range(2):
            answer = browser.post(start_url(desk), typed(action="submit"))
            assert answer["Location"] == reverse("recommendations:my_work")
        assert Submission.objects.get().narrative == MINE
        assert Update.objects.get().state == SubmissionState.SUBMITTED

    def test_what_cannot_be_sent_yet_is_kept_in_a_draft(self, desk: Desk) -> None:
        page = browser_of(desk.officer).post(
            start_url(desk), typed(action="submit", narrative="Syor Siti.", status="")
        )
        assert page.status_code == 200 and "Syor Siti." in page.content.decode()
        assert not Submission.objects.exists()

    def test_question_before_sending_is_asked_on_the_draft(self, desk: Desk, now: datetime) -> None:
        returned = desk.submission()
        services.return_update(
            returned, reason="Kurang", resubmit_by=date(2023, 9, 25), actor=desk.reviewer, now=now
        )
        services.withdraw_update(returned.update, revision=1, actor=desk.officer, now=now)
        same = {
            "narrative": REPORTED.narrative,
            "covers_from": "2023-07-01",
            "covers_to": "2023-08-31",
            "action": "submit",
        }
        page = browser_of(desk.officer).post(start_url(desk), typed(**same))
        draft = Update.objects.get(state=SubmissionState.DRAFT)
        assert "It was not sent." in words_of(page)
        assert f'action="{edit_url(draft)}"' in form_of(page) and value_of(page, "revision") == "1"

    def test_what_is_no_value_begins_nothing_and_stays_typed(self, desk: Desk) -> None:
        page = browser_of(desk.officer).post(start_url(desk), typed(percent="banyak", action="save"))
        assert page.status_code == 200 and MINE in page.content.decode()
        assert f'action="{start_url(desk)}"' in form_of(page)
        assert not Update.objects.exists()

    def test_somebody_cleared_for_open_alone_begins_what_they_can_read(self, desk: Desk) -> None:
        desk.officer.clearance = Clearance.OPEN
        desk.officer.save()
        browser = browser_of(desk.officer)
        page = browser.get(start_url(desk))
        fields = typed(classification=value_of(page, "classification"), action="save")
        assert browser.post(start_url(desk), fields, follow=True).status_code == 200
        assert Update.objects.get().classification == Clearance.OPEN

    def test_file_that_comes_along_is_cited_by_the_new_draft(self, desk: Desk, now: datetime) -> None:
        document = make_document(desk.agency, actor=desk.officer, now=now)
        browser_of(desk.officer).post(
            start_url(desk), typed(documents=[document.pk], following=[document.pk], action="save")
        )
        assert Update.objects.get().citations.get().follows_update

    def test_session_that_ended_begins_nothing(self, desk: Desk) -> None:
        browser = browser_of(desk.officer)
        browser.logout()
        answer = browser.post(start_url(desk), typed(action="save"))
        assert answer.status_code == 302 and reverse("account_login") in answer["Location"]
        assert start_url(desk) in answer["Location"]
        told = browser.post(start_autosave_url(desk), typed(), headers={"Accept": "application/json"})
        assert told.status_code == 401
        assert not Update.objects.exists()


class TestAutosaving:
    def test_first_autosave_begins_one_draft_and_says_where_it_is(self, desk: Desk) -> None:
        browser = browser_of(desk.officer)
        for _again in range(2):
            answer = browser.post(start_autosave_url(desk), typed())
            draft = Update.objects.get()
            assert answer.json() == answer.json() | {
                "state": "saved",
                "revision": 1,
                "address": edit_url(draft),
                "autosave_url": autosave_url(draft),
                "keep_key": f"update-{draft.pk}",
            }
        assert draft.narrative == MINE

    def test_half_a_date_is_kept_and_what_is_no_value_begins_nothing(self, desk: Desk) -> None:
        browser = browser_of(desk.officer)
        answer = browser.post(start_autosave_url(desk), typed(percent="banyak"))
        assert answer.status_code == 422 and not Update.objects.exists()
        browser.post(start_autosave_url(desk), typed(covers_from="3/"))
        assert Update.objects.get().half_typed == {"covers_from": "3/"}

    def test_own_other_tab_and_a_colleague_are_told_apart(self, desk: Desk) -> None:
        browser_of(desk.officer).post(start_autosave_url(desk), typed())
        other = typed(narrative="Lain")
        own = browser_of(desk.officer).post(start_autosave_url(desk), other)
        assert (own.status_code, own.json()["is_own"]) == (409, True)
        theirs = browser_of(desk.colleague).post(start_autosave_url(desk), other)
        assert theirs.json()["message"].startswith(f"{desk.officer.name} has saved a newer text.")
        assert Update.objects.get().narrative == MINE

    def test_by_get_it_saves_nothing(self, desk: Desk) -> None:
        assert browser_of(desk.officer).get(start_autosave_url(desk)).status_code == 302
        assert not Update.objects.exists()


class TestSomebodyElseBegan:
    def test_colleagues_text_stands_beside_the_typed_one(self, desk: Desk) -> None:
        draft = desk.draft()
        for action in ("save", "submit", "compare"):
            page = browser_of(desk.colleague).post(start_url(desk), typed(narrative="Lain", action=action))
            words = words_of(page)
            assert page.status_code == 409 and "Lain" in words and REPORTED.narrative in words
            assert f'action="{edit_url(draft)}"' in form_of(page) and value_of(page, "revision") == "1"
        draft.refresh_from_db()
        assert draft.narrative == REPORTED.narrative

    def test_copied_draft_is_not_overwritten(self, desk: Desk, now: datetime) -> None:
        withdrawn = services.withdraw_update(desk.submission().update, actor=desk.officer, now=now)
        copy = services.copy_update(withdrawn, actor=desk.officer, now=now)
        page = browser_of(desk.colleague).post(start_url(desk), typed(narrative="Lain", action="save"))
        assert page.status_code == 409 and "Lain" in words_of(page)
        copy.refresh_from_db()
        assert copy.narrative == REPORTED.narrative

    def test_draft_in_which_nobody_has_written_is_gone_on_with(self, desk: Desk, now: datetime) -> None:
        draft = start_update(desk.assignment, actor=desk.colleague, now=now)
        browser_of(desk.officer).post(start_url(desk), typed(action="save"))
        draft.refresh_from_db()
        assert draft.narrative == MINE

    def test_draft_above_the_clearance_keeps_the_typed_text_and_shows_nothing(self, desk: Desk) -> None:
        draft = desk.draft()
        restrict(draft)
        browser = browser_of(desk.colleague)
        for action in ("save", "submit"):
            page = browser.post(start_url(desk), typed(narrative="Lain", action=action))
            words = words_of(page)
            assert page.status_code == 409 and "Lain" in words
            assert "classified above your clearance" in words and REPORTED.narrative not in words
        told = browser.post(start_autosave_url(desk), typed(narrative="Lain"))
        assert told.status_code == 409 and "above your clearance" in told.json()["message"]
        draft.refresh_from_db()
        assert draft.narrative == REPORTED.narrative

    def test_update_that_waits_keeps_the_typed_text(self, desk: Desk) -> None:
        sent = desk.submission()
        page = browser_of(desk.colleague).post(start_url(desk), typed(narrative="Lain", action="save"))
        words = words_of(page)
        assert page.status_code == 409 and "was sent or closed meanwhile" in words and "Lain" in words
        assert reverse("recommendations:update", args=[sent.update_id]) in page.content.decode()

    def test_draft_that_is_gone_again_is_not_compared_with(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def too_late(update: Update, **typed: object) -> Update:
            raise Stale("Rakan")

        monkeypatch.setattr("recommendations.views.update_form.save_update", too_late)
        page = browser_of(desk.officer).post(start_url(desk), typed(action="save"))
        assert page.status_code == 200 and MINE in words_of(page) and "Not saved yet." in words_of(page)
        assert value_of(page, "revision") == "0"

    def test_revision_of_a_draft_that_is_no_more_keeps_nobody_from_beginning(self, desk: Desk) -> None:
        for action in ("compare", "save"):
            page = browser_of(desk.officer).post(start_url(desk), typed(revision="3", action=action))
        assert page.status_code == 302 and Update.objects.get().revision == 1

    def test_row_of_an_import_keeps_the_typed_text(self, desk: Desk, now: datetime) -> None:
        sent(desk.cycle, desk.agency, {"item": "Syor 1"}, actor=desk.officer, now=now)
        page = browser_of(desk.officer).post(start_url(desk), typed(action="save"))
        words = words_of(page)
        assert page.status_code == 409 and "part of an opening import" in words and MINE in words

    def test_closed_cycle_keeps_the_typed_text(self, desk: Desk, now: datetime) -> None:
        Cycle.objects.filter(pk=desk.cycle.pk).update(closed_at=now)
        for action in ("save", "submit"):
            page = browser_of(desk.officer).post(start_url(desk), typed(action=action))
            words = words_of(page)
            assert page.status_code == 409 and "This cycle is closed." in words and MINE in words
        assert not Update.objects.exists()

    def test_ended_assignment_keeps_the_typed_text(self, desk: Desk, now: datetime) -> None:
        services.end_assignment(desk.assignment, reason="Dipindahkan", actor=desk.administrator, now=now)
        page = browser_of(desk.officer).post(start_url(desk), typed(action="save"))
        words = words_of(page)
        assert page.status_code == 409 and "This assignment is not in force." in words and MINE in words
        assert not Update.objects.exists()
