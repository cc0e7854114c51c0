"""What each person chooses: language, hour, and what to be reminded of."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from reminders.kinds import CYCLE_KINDS, MAPO_KINDS, RULE_KINDS, ReminderKind
from reminders.models import Preference, Reminder
from reminders.permissions import mutable_kinds
from reminders.queries.bell import Bell
from reminders.services.preferences import change_preferences
from tests.factories.accounts import PASSWORD
from tests.factories.deliveries import make_reminder
from tests.factories.reminders import prefer
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.vouching import acting

pytestmark = pytest.mark.django_db
URL = reverse("reminders:preferences")
EVERYTHING = [what.value for what in RULE_KINDS if what not in MAPO_KINDS]


def remind(desk: Desk, person: User | None = None, **values: Any) -> Reminder:
    return make_reminder(
        person or desk.officer, desk.assignment, due_on=date(2023, 9, 20), now=desk.now, **values
    )


def changed(desk: Desk, *muted: str, hour: int = 8) -> Preference:
    return change_preferences(desk.officer, hour=hour, muted=muted, actor=desk.officer, now=desk.now)


def typed(**changes: object) -> dict[str, object]:
    return {"language": "en", "hour": "8", "kinds": EVERYTHING, **changes}


class TestService:
    def test_choices_are_kept_with_an_event(self, desk: Desk) -> None:
        changed(desk, ReminderKind.LETTER, ReminderKind.UPDATE_DUE, hour=10)
        kept = Preference.objects.get(user=desk.officer)
        assert (kept.hour, kept.muted) == (10, ["update_due", "letter"])
        event = Event.objects.get(action="preferences.changed")
        assert event.before == {"hour": 8, "muted": []}
        assert event.after == {"hour": 10, "muted": ["update_due", "letter"]}
        assert event.agency_id == desk.agency.pk

    def test_same_choice_is_silent(self, desk: Desk) -> None:
        changed(desk, ReminderKind.LETTER)
        changed(desk, ReminderKind.LETTER)
        assert Event.objects.filter(action="preferences.changed").count() == 1

    def test_nobody_chooses_for_another_or_what_is_not_offered(self, desk: Desk) -> None:
        with pytest.raises(NotAllowed):
            change_preferences(desk.officer, hour=9, muted=[], actor=desk.administrator, now=desk.now)
        assert not Preference.objects.exists()
        for hour in (6, 18, -1, 99):
            with pytest.raises(NotNow):
                changed(desk, hour=hour)
            assert not Preference.objects.exists(), hour
        for what in (ReminderKind.NUDGE, ReminderKind.REVIEW_WAITING, "no_such_date"):
            with pytest.raises(NotNow):
                changed(desk, what)
            assert not Preference.objects.exists(), what
        assert (
            set(mutable_kinds(desk.officer))
            == set(mutable_kinds(desk.coordinator))
            == set(RULE_KINDS) - MAPO_KINDS
        )
        assert set(mutable_kinds(desk.reviewer)) == (MAPO_KINDS | CYCLE_KINDS) & set(RULE_KINDS)
        assert mutable_kinds(desk.observer) == ()

    def test_number_of_the_calendar_stays(self, desk: Desk) -> None:
        prefer(desk.officer, feed_number=7)
        assert changed(desk, hour=9).feed_number == 7


class TestWhatStands:
    def test_muting_empties_the_bell_at_once_and_hearing_again_fills_it(self, desk: Desk) -> None:
        remind(desk)
        changed(desk, ReminderKind.UPDATE_DUE)
        assert Bell(desk.officer).count == 0
        assert Reminder.objects.get().is_muted
        changed(desk)
        assert Bell(desk.officer).count == 1

    def test_hearing_again_repeats_no_matter(self, desk: Desk) -> None:
        for level in (-3, 0, 2):
            remind(desk, level=level, is_muted=True)
        changed(desk, hour=9)
        assert list(Reminder.objects.filter(is_muted=False).values_list("level", flat=True)) == [2]

    def test_escalations_and_nudges_stay_loud(self, desk: Desk) -> None:
        from reminders.models import Nudge

        with acting(desk.reviewer):
            nudge = Nudge.objects.create(assignment=desk.assignment, sent_by=desk.reviewer, sent_at=desk.now)
        remind(desk, is_escalation=True)
        remind(desk, matter=f"nudge:{nudge.pk}", what=ReminderKind.NUDGE, rule=None, nudge=nudge)
        changed(desk, *mutable_kinds(desk.officer))
        assert Bell(desk.officer).count == 2

    def test_others_and_what_is_settled_stay_as_they_are(self, desk: Desk) -> None:
        remind(desk, desk.colleague)
        remind(desk, level=-3, settled_at=desk.now)
        changed(desk, ReminderKind.UPDATE_DUE)
        assert not Reminder.objects.filter(is_muted=True).exists()


class TestPage:
    def test_page_shows_what_stands_and_wrong_choices_change_nothing(self, desk: Desk) -> None:
        html = browser_of(desk.officer).get(URL).content.decode()
        assert html.count("checked") == len(EVERYTHING)
        assert 'value="8" selected' in html
        assert "waiting for a decision" not in html
        assert "Update waiting for a decision" in words_of(browser_of(desk.reviewer).get(URL))
        assert (
            f'href="{URL}"' in browser_of(desk.officer).get(reverse("accounts:my_account")).content.decode()
        )
        for wrong in ({"hour": "5"}, {"hour": "x"}, {"kinds": ["nudge"]}, {"language": "zz"}, {"hour": ""}):
            answer = browser_of(desk.officer).post(URL, typed(**wrong))
            assert answer.status_code == 422, wrong
            assert not Preference.objects.exists() and not Event.objects.filter(
                action__in=("preferences.changed", "person.chose_language")
            ), wrong
        prefer(desk.officer, muted=["letter"])
        html = browser_of(desk.officer).get(URL).content.decode()
        assert html.count("checked") == len(EVERYTHING) - 1

    def test_saving_keeps_all_three(self, desk: Desk) -> None:
        answer = browser_of(desk.officer).post(URL, typed(language="ms", hour="11", kinds=["update_due"]))
        assert answer["Location"] == URL
        kept = Preference.objects.get(user=desk.officer)
        assert (kept.hour, set(kept.muted)) == (11, set(EVERYTHING) - {"update_due"})
        desk.officer.refresh_from_db()
        assert desk.officer.language == "ms"
        assert answer.cookies["language"].value == "ms"

    def test_observer_chooses_the_language_alone(self, desk: Desk) -> None:
        visitor = browser_of(desk.observer)
        html = visitor.get(URL).content.decode()
        assert 'name="language"' in html and 'name="hour"' not in html
        assert visitor.post(URL, {"language": "en"}).status_code == 302
        assert not Preference.objects.exists()

    def test_unsubscribe_leads_here_through_the_sign_in(self, desk: Desk, client: Client) -> None:
        to_sign_in = client.get(URL)
        assert to_sign_in.status_code == 302 and to_sign_in["Location"].endswith(f"?next={URL}")
        answer = client.post(to_sign_in["Location"], {"login": desk.officer.email, "password": PASSWORD})
        assert answer["Location"] == URL


def test_race_of_first_choices_keeps_one_row(desk: Desk, now: datetime) -> None:
    for hour in (9, 10):
        change_preferences(desk.officer, hour=hour, muted=[], actor=desk.officer, now=now)
    assert Preference.objects.get().hour == 10
