"""The calendar's address: who gets it, what they get, how it is renewed, and that it is not logged."""

from __future__ import annotations

import json
import logging
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from accounts.services.people import choose_language, deactivate_person, reactivate_person
from audit.errors import NotAllowed
from audit.models import Event
from recommendations.services import assign_agency, name_officers, plan_action
from reminders.models import Preference
from reminders.queries.feed.links import feed_link, feed_token
from reminders.services.preferences import renew_feed
from tests.conftest import Clock
from tests.factories.recommendations import make_item
from tests.pages import body_of
from tests.recommendations.conftest import Desk
from tests.reminders.feeds import events_of, fetch, path_of
from tests.shared import shared
from tests.tracker.test_logs import lines, printed

__all__ = ["printed"]

SITE = "https://jejak.example"


@pytest.fixture
def site(settings: Settings) -> str:
    settings.SITE_URL = SITE
    return SITE


@shared
def named(desk: Desk, now: datetime) -> Desk:
    """The officer is named for the assignment of the desk, and plans a step."""
    name_officers(desk.assignment, officers=[desk.officer], actor=desk.coordinator, now=now)
    plan_action(
        desk.assignment,
        text="Serbuan sulit di Klang",
        owner=desk.officer,
        due_on=date(2023, 10, 2),
        actor=desk.officer,
        now=now,
    )
    return desk


class TestWhatIsSaid:
    def test_each_date_with_its_words_and_link(self, named: Desk, site: str) -> None:
        choose_language(named.officer, language="en", now=named.now)
        events = events_of(fetch(named.officer).content)
        pk = named.assignment.pk
        told = {
            str(event["SUMMARY"]): (str(event["DESCRIPTION"]), str(event["URL"])) for event in events.values()
        }
        update, item = f"{SITE}/assignments/{pk}/update/", f"{SITE}/items/{named.item.pk}/"
        title = "Point 1 that should be mended."
        assert told == {
            "Recommendation 1 · 2023: Next update due": (f"{title}\n{update}", update),
            "Recommendation 1 · 2023: Final due date": (f"{title}\n{update}", update),
            "Recommendation 1 · 2023: Step due": (f"{title}\n{item}", item),
            "2023 cycle: Interim date": (f"{SITE}/my-work/", f"{SITE}/my-work/"),
            "2023 cycle: End of the window": (f"{SITE}/my-work/", f"{SITE}/my-work/"),
            "2023 cycle: Information due": (f"{SITE}/my-work/", f"{SITE}/my-work/"),
        }
        assert {str(event["UID"]).partition("@")[2] for event in events.values()} == {"jejak.example"}

    def test_summary_holds_the_short_title(self, named: Desk) -> None:
        type(named.item).objects.filter(pk=named.item.pk).update(
            title_ms="Latih pegawai", title_en="Train them"
        )
        summaries = [str(event["SUMMARY"]) for event in events_of(fetch(named.officer).content).values()]
        assert "Syor 1 · 2023: Kemas kini seterusnya. Latih pegawai" in summaries

    def test_it_speaks_the_language_of_its_reader(self, named: Desk, now: datetime) -> None:
        malay = fetch(named.officer)
        assert malay["Content-Language"] == "ms"
        assert "Syor 1" in malay.content.decode() and "Recommendation" not in malay.content.decode()
        choose_language(named.officer, language="en", now=now + timedelta(minutes=1))
        english = fetch(named.officer)
        assert english["Content-Language"] == "en"
        assert "Recommendation 1" in english.content.decode() and "Syor" not in english.content.decode()
        assert english["ETag"] != malay["ETag"]

    def test_text_of_a_step_and_of_an_update_is_not_told(self, named: Desk) -> None:
        named.submission()
        body = fetch(named.officer).content.decode().replace("\r\n ", "")
        assert "Serbuan" not in body and "kontinjen" not in body

    def test_each_reader_has_their_own_dates_whatever_the_browser(self, named: Desk, site: str) -> None:
        for person in (named.reviewer, named.administrator, named.observer):
            events = events_of(fetch(person).content)
            assert [name.partition("-")[0] for name in events] == ["interim", "submission", "window_end"]
            assert {str(event["URL"]) for event in events.values()} == {f"{SITE}/overview/?cycle=2023"}
        assert not [name for name in events_of(fetch(named.outsider).content) if "_due-" in name]
        calendar = Calendar.from_ical(fetch(named.officer).content)
        assert calendar["X-WR-CALNAME"] == calendar["NAME"] == "Jejak · PDRM"
        client = Client()
        client.cookies["language"] = "en"
        client.force_login(named.reviewer)
        assert client.get(path_of(named.officer)).content == fetch(named.officer).content


class TestAnswer:
    def test_answer_is_the_same_for_everybody_and_not_sent_again_unchanged(self, named: Desk) -> None:
        response = fetch(named.officer)
        assert response.status_code == 200
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert response["Content-Disposition"] == 'inline; filename="jejak.ics"'
        assert response["Cache-Control"] == "private, no-cache"
        assert response["ETag"].startswith('"') and "Last-Modified" not in response
        assert not response.cookies
        client = Client()
        client.force_login(named.outsider)
        response = client.get(path_of(named.officer))
        assert response.content == fetch(named.officer).content
        assert not response.cookies
        first = fetch(named.officer)
        again = fetch(named.officer, **{"if-none-match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"] and again["Cache-Control"] == "private, no-cache"
        assert fetch(named.officer, **{"if-none-match": '"other"'}).status_code == 200
        got, headed = fetch(named.officer), Client().head(path_of(named.officer))
        assert (headed.status_code, headed.content) == (200, b"")
        names = ("Content-Type", "ETag", "Cache-Control", "Content-Disposition")
        assert [headed[name] for name in names] == [got[name] for name in names]
        assert (
            Client().head(path_of(named.officer), headers={"if-none-match": got["ETag"]}).status_code == 304
        )
        assert Client().post(path_of(named.officer)).status_code == 405

    def test_changed_is_sent(self, named: Desk, clock: Clock, now: datetime) -> None:
        first = fetch(named.officer)
        later = clock.move_to(now + timedelta(days=1))
        assign_agency(
            make_item(named.cycle, number=9),
            agency=named.agency,
            role="lead",
            actor=named.reviewer,
            now=later,
        )
        name_officers(named.assignment, officers=[named.colleague], actor=named.coordinator, now=later)
        assert fetch(named.officer, **{"if-none-match": first["ETag"]}).status_code == 200

    def test_nothing_of_the_clock_is_in_it(self, named: Desk, clock: Clock, now: datetime) -> None:
        first = fetch(named.officer)
        clock.move_to(now + timedelta(days=30))
        assert fetch(named.officer).content == first.content

    @pytest.mark.parametrize("copies", [1, 3])
    def test_queries_do_not_grow(
        self, named: Desk, now: datetime, copies: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in range(2, 2 + copies):
            assignment = assign_agency(
                make_item(named.cycle, number=number),
                agency=named.agency,
                role="lead",
                actor=named.reviewer,
                now=now,
            )
            name_officers(assignment, officers=[named.officer], actor=named.coordinator, now=now)
        path, secretariat = path_of(named.officer), path_of(named.reviewer)
        with django_assert_num_queries(11):
            Client().get(path)
        with django_assert_num_queries(7):
            Client().get(secretariat)

    def test_reading_writes_nothing(self, named: Desk) -> None:
        count = Event.objects.count()
        with CaptureQueriesContext(connection) as asked:
            fetch(named.officer)
            Client().get(path_of(named.officer, number=7))
        assert {query["sql"].split()[0] for query in asked} <= {"SELECT", "WITH"}
        assert Event.objects.count() == count
        assert not Preference.objects.exists()


class TestWhoGetsNothing:
    def test_wrong_foreign_and_dead_links_find_nothing_whoever_is_signed_in(
        self, named: Desk, client: Client
    ) -> None:
        person, token = named.officer, feed_token(named.officer.pk, 0)
        nothing = client.get("/no-such-place/")
        for path in (
            path_of(person, number=1),
            reverse("reminders:feed", args=[named.colleague.pk, token]),
            reverse("reminders:feed", args=[person.pk, token[:-1]]),
            reverse("reminders:feed", args=[person.pk, token.swapcase()]),
            reverse("reminders:feed", args=[person.pk, f"{token}A"]),
            reverse("reminders:feed", args=[person.pk, "0"]),
            reverse("reminders:feed", args=[10**30, token]),
            f"/calendar/{person.pk}-.ics",
            f"/calendar/{person.pk}-{token}",
            f"/calendar/{person.pk}-{token}%00.ics",
        ):
            response = client.get(path)
            assert (response.status_code, body_of(response)) == (404, body_of(nothing)), path
        client.force_login(named.administrator)
        assert client.get(path_of(named.officer, number=3)).status_code == 404

    def test_deactivated_and_invited_people_have_none(self, named: Desk, now: datetime) -> None:
        deactivate_person(named.officer, reason="Bersara", actor=named.administrator, now=now)
        assert fetch(named.officer).status_code == 404
        User.objects.filter(pk=named.colleague.pk).update(joined_at=None)
        assert fetch(named.colleague).status_code == 404

    def test_link_of_an_account_that_was_deactivated_stays_dead(self, named: Desk, now: datetime) -> None:
        old = path_of(named.officer)
        deactivate_person(named.officer, reason="Bersara", actor=named.administrator, now=now)
        reactivate_person(named.officer, reason="Kembali", actor=named.administrator, now=now)
        assert Client().get(old).status_code == 404
        assert fetch(named.officer).status_code == 200

    def test_secret_is_long_and_of_this_installation(self, settings: Settings) -> None:
        token = feed_token(5, 0)
        assert len(token) == 43 and token.replace("-", "").replace("_", "").isalnum()
        assert len({token, feed_token(5, 1), feed_token(6, 0), feed_token(50, 0)}) == 4
        settings.SECRET_KEY = "x" * 60
        assert feed_token(5, 0) != token


class TestRenewal:
    def test_it_is_on_record_without_the_secret(self, named: Desk, now: datetime) -> None:
        Preference.objects.create(user=named.officer, hour=9, muted=["interim"], feed_number=4)
        preference = renew_feed(named.officer, actor=named.officer, now=now)
        assert (preference.hour, preference.muted, preference.feed_number) == (9, ["interim"], 5)
        event = Event.objects.get(action="feed.renewed")
        assert (event.actor_id, event.agency_id) == (named.officer.pk, named.agency.pk)
        assert (event.before, event.after) == ({"feed_number": 4}, {"feed_number": 5})
        assert feed_token(named.officer.pk, 5) not in str(vars(event))

    def test_nobody_renews_for_somebody_else(self, named: Desk, now: datetime) -> None:
        for actor in (named.administrator, named.coordinator):
            with pytest.raises(NotAllowed):
                renew_feed(named.officer, actor=actor, now=now)
        named.officer.is_active = False
        with pytest.raises(NotAllowed):
            renew_feed(named.officer, actor=named.officer, now=now)
        assert not Preference.objects.exists() and not Event.objects.filter(action="feed.renewed").exists()

    def test_renewing_kills_the_old_link_at_once_and_get_renews_nothing(
        self, named: Desk, client: Client
    ) -> None:
        client.force_login(named.officer)
        assert client.get(reverse("reminders:feed_renew")).status_code == 302
        assert not Preference.objects.exists()
        old, new = path_of(named.officer), path_of(named.officer, number=1)
        assert client.get(new).status_code == 404
        response = client.post(reverse("reminders:feed_renew"))
        assert response.status_code == 302 and response["Location"] == reverse("reminders:preferences")
        assert client.get(old).status_code == 404
        assert client.get(new).status_code == 200

    def test_section_shows_ones_own_link(self, named: Desk, client: Client, site: str) -> None:
        Preference.objects.create(user=named.officer, feed_number=2)
        client.force_login(named.officer)
        page = _preferences(client)
        link = feed_link(named.officer.pk, 2)
        assert link.url == f"{SITE}{path_of(named.officer, number=2)}"
        assert link.webcal_url == link.url.replace("https:", "webcal:")
        assert page.count(link.url) == 2, "to read and to copy"
        assert f'href="{link.webcal_url}"' in page
        assert f'action="{reverse("reminders:feed_renew")}"' in page

    def test_section_promises_each_what_they_get(self, named: Desk, client: Client) -> None:
        promises = {}
        for person in (named.officer, named.reviewer, named.observer):
            client.force_login(person)
            promises[person] = "tarikh peringatan anda" in _preferences(client)
        assert list(promises.values()) == [True, False, False]


def _preferences(client: Client) -> str:
    response: HttpResponse = client.get(reverse("reminders:preferences"))
    assert response["Cache-Control"] == "private, no-store"
    return response.content.decode()


class TestSecrecy:
    def test_link_is_not_logged(self, named: Desk, printed: StringIO) -> None:
        token = feed_token(named.officer.pk, 0)
        fetch(named.officer)
        Client().get(path_of(named.officer, number=1))
        Client().get(f"/calendar/{named.officer.pk}-{token}/")
        logging.getLogger("django.request").error("Bad Gateway: %s", path_of(named.officer))
        logging.getLogger("gunicorn.error").error(
            "Error handling request %s", f"{path_of(named.officer)}?x=1"
        )
        try:
            raise ValueError(feed_link(named.officer.pk, 0).url)
        except ValueError:
            logging.getLogger("jejak").exception("broken")
        found = lines(printed)
        assert len(found) == 6
        text = json.dumps(found, ensure_ascii=False)
        assert token not in text and feed_token(named.officer.pk, 1) not in text
        assert "GET /calendar/…" in text

    def test_servers_own_access_log_is_off(self) -> None:
        from django.conf import settings

        source = (Path(settings.BASE_DIR) / "gunicorn.conf.py").read_text()
        assert "\naccesslog = None\n" in source
