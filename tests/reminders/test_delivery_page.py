"""MAPO's page of mails: what went out, waits or failed in the server's words, and resending."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from audit.clock import local_date
from reminders.due.calendar import WorkCalendars
from reminders.models import Delivery, PlanningRun, Reminder
from reminders.queries.deliveries import planning_status
from reminders.queries.mail_page import translate_words
from reminders.services.smtp import NO_ADDRESS, NOT_REACHED
from reminders.states import AttemptOutcome, DeliveryState, MailKind
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency, make_person
from tests.factories.deliveries import attempt, make_delivery, make_reminder
from tests.factories.recommendations import make_assignment, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of, toasts

pytestmark = pytest.mark.django_db
PAGE = "/reminders/delivery/"
TODAY = local_date(NOW)
WORDS = "550 5.1.1 <script>alert(1)</script>: Recipient address rejected: Ünknown & gone"


def failed(desk: Desk, to: Any = None, **values: object) -> Delivery:
    to = to or desk.officer
    reminder = make_reminder(to, desk.assignment, due_on=TODAY - timedelta(days=3), now=desk.now)
    facts: dict[str, object] = {"state": DeliveryState.FAILED, "server_words": WORDS} | values
    mail = make_delivery(to, now=desk.now, reminders=(reminder,), **facts)
    attempt(mail, now=desk.now, outcome=AttemptOutcome.PERMANENT, words=WORDS)
    return mail


def listed(desk: Desk, **query: str) -> list[str]:
    """Whom the mails of the page went to."""
    response = Visitor(desk.reviewer).get(PAGE, **query)
    assert response.status_code == 200
    return [str(mail.delivery.user or mail.delivery.agency) for mail in response.context["mails"]]


def test_page_opens_empty_and_filled_in_both_languages(desk: Desk) -> None:
    for to in (desk.officer, desk.colleague):
        for person, language in product((desk.reviewer, desk.administrator), ("ms", "en")):
            visitor = Visitor(person, language)
            for show in ("mails", "people", "agencies", "nonsense"):
                response = visitor.get(PAGE, show=show)
                assert response.status_code == 200, show
                assert f'lang="{language}"' in response.content.decode(), show
        failed(desk, to)


def test_pages_are_hidden_from_everybody_else(desk: Desk) -> None:
    mail = failed(desk)
    for person in (desk.officer, desk.coordinator, desk.observer):
        visitor = Visitor(person)
        for address in (PAGE, f"{PAGE}{mail.pk}/", "/reminders/nudge/"):
            assert visitor.get(address).status_code == 404
        for address in (f"{PAGE}{mail.pk}/again/", f"{PAGE}again/", "/reminders/nudge/"):
            assert visitor.post(address).status_code == 404
    assert Delivery.objects.get().state == DeliveryState.FAILED


def test_server_is_quoted_to_the_letter_and_escaped(desk: Desk) -> None:
    mail = failed(desk)
    for address in (PAGE, f"{PAGE}{mail.pk}/"):
        response = Visitor(desk.reviewer).get(address)
        assert WORDS in text_of(response).replace("\u00a0", " ") or "alert(1)" in text_of(response)
        html = response.content.decode()
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;: Recipient address rejected: Ünknown &amp; gone" in html


def test_our_own_words_are_said_in_the_readers_language() -> None:
    with translation.override("ms"):
        assert translate_words(NO_ADDRESS) != NO_ADDRESS
        assert translate_words(f"{NOT_REACHED} [Errno 111] refused").endswith(" [Errno 111] refused")
    assert translate_words("451 later") == "451 later"


def test_mails_are_found_by_person_agency_day_and_state(desk: Desk) -> None:
    failed(desk)
    make_delivery(desk.outsider, now=desk.now, day=TODAY - timedelta(days=1))
    desk.agency.shared_mailbox = "pejabat@pdrm.example"
    desk.agency.save()
    make_delivery(desk.agency, now=desk.now, state=DeliveryState.EMPTY)
    mailbox = desk.agency.code
    assert set(listed(desk)) == {desk.officer.name, desk.outsider.name, mailbox}
    assert listed(desk, text=desk.officer.email.upper()) == [desk.officer.name]
    assert listed(desk, text=desk.outsider.name) == [desk.outsider.name]
    assert listed(desk, text="pejabat@") == [mailbox]
    assert set(listed(desk, agency="PDRM")) == {desk.officer.name, mailbox}
    assert listed(desk, day=str(TODAY - timedelta(days=1))) == [desk.outsider.name]
    assert listed(desk, state="failed") == [desk.officer.name]
    assert listed(desk, state="empty", agency="PDRM") == [mailbox]
    assert listed(desk, state="sent", agency="PDRM") == []


def test_nonsense_in_the_address_is_told_or_ignored(desk: Desk) -> None:
    failed(desk)
    for query in (
        {"day": "2023-99-99"},
        {"day": "x" * 5000},
        {"state": "nonsense"},
        {"agency": "NONE\x00"},
        {"text": "\x00%_' OR 1=1"},
        {"page": "-1"},
        {"page": "9" * 30},
    ):
        response = Visitor(desk.reviewer).get(PAGE, **query)
        assert response.status_code == 200, query
        is_told = "That filter is not valid and was not applied." in text_of(response)
        assert is_told == (not {"text", "page"} & query.keys()), query


def test_what_waits_says_when_it_goes_and_why(desk: Desk) -> None:
    soon = desk.now + timedelta(minutes=15)
    refused = "451 4.3.0 Temporary lookup failure"
    make_delivery(
        desk.officer,
        now=desk.now,
        state=DeliveryState.WAITING,
        next_attempt_at=soon,
        attempts_count=2,
        server_words=refused,
    )
    make_delivery(desk.colleague, now=desk.now, state=DeliveryState.WAITING)
    text = text_of(Visitor(desk.reviewer).get(PAGE, state="waiting"))
    assert "attempts so far: 2" in text and "10:15 am" in text and refused in text
    assert "will be sent in the recipient" in text


def test_cut_off_attempt_is_told_unless_somebody_is_at_it(desk: Desk) -> None:
    cut = failed(desk)
    attempt(cut, now=desk.now, outcome="")
    in_hand = make_delivery(desk.colleague, now=desk.now, state=DeliveryState.WAITING)
    attempt(in_hand, now=desk.now, outcome="")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reminders_delivery SET leased_until = clock_timestamp() + interval '1 minute' WHERE id = %s",
            [in_hand.pk],
        )
    assert listed(desk, state="cut_off") == [desk.officer.name]
    assert "may have arrived" in text_of(Visitor(desk.reviewer).get(f"{PAGE}{cut.pk}/"))
    text = text_of(Visitor(desk.reviewer).get(f"{PAGE}{in_hand.pk}/"))
    assert "Being sent" in text and "may have arrived" not in text


@pytest.mark.parametrize(("accepted_after", "words"), [(True, "so perhaps twice"), (False, "anyway.")])
def test_mail_was_perhaps_sent_twice_only_where_it_was_accepted_after_it_broke_off(
    desk: Desk, accepted_after: bool, words: str
) -> None:
    mail = failed(desk) if not accepted_after else make_delivery(desk.officer, now=desk.now)
    attempt(mail, now=desk.now, outcome="")
    attempt(mail, now=desk.now, outcome=AttemptOutcome.SENT if accepted_after else AttemptOutcome.PERMANENT)
    for address in (PAGE, f"{PAGE}{mail.pk}/"):
        text = text_of(Visitor(desk.reviewer).get(address))
        assert words in text and ("perhaps twice" in text) == accepted_after
        assert "Interrupted while sending" in text


def test_server_that_cannot_be_reached_is_told_once_for_all_that_wait(desk: Desk) -> None:
    words = f"{NOT_REACHED} [Errno 111] Connection refused"
    waiting = {"state": DeliveryState.WAITING, "now": desk.now}
    tried = make_delivery(desk.officer, attempts_count=1, server_words=words, **waiting)
    make_delivery(desk.colleague, **waiting)
    attempt(tried, now=desk.now, outcome=AttemptOutcome.TEMPORARY, words=words)
    attempt(make_delivery(desk.outsider, **waiting), now=desk.now, outcome="")
    text = text_of(Visitor(desk.reviewer).get(PAGE))
    assert "The mail server cannot be reached: 3 e-mails are waiting." in text and "Errno" not in text
    assert "Mail server not reached (attempts so far: 1)" in text
    detail = text_of(Visitor(desk.reviewer).get(f"{PAGE}{tried.pk}/"))
    assert "Mail server not reached" in detail and words in detail and "Refused" not in detail
    attempt(make_delivery(desk.coordinator, now=desk.now), now=desk.now)
    assert "cannot be reached" not in text_of(Visitor(desk.reviewer).get(PAGE))


@pytest.mark.parametrize(
    ("state", "outcome", "told"),
    [
        (DeliveryState.SENT, AttemptOutcome.SENT, "Accepted by the server"),
        (DeliveryState.FAILED, AttemptOutcome.PERMANENT, "Refused permanently"),
        (DeliveryState.FAILED, AttemptOutcome.TEMPORARY, "Given up"),
    ],
)
def test_day_is_said_only_where_it_is_not_the_mails_own(
    desk: Desk, state: DeliveryState, outcome: AttemptOutcome, told: str
) -> None:
    mail = make_delivery(desk.officer, now=desk.now, state=state)
    attempt(mail, now=desk.now, outcome=outcome)
    assert f"{told}, 10:00 am." in text_of(Visitor(desk.reviewer).get(PAGE)).replace("\u00a0", " ")
    Delivery.objects.update(settled_at=desk.now + timedelta(days=1))
    text = text_of(Visitor(desk.reviewer).get(PAGE)).replace("\u00a0", " ")
    assert f"{told}, 15 September 2023, 10:00 am." in text


def figures(desk: Desk) -> dict[str, int]:
    response = Visitor(desk.reviewer).get(PAGE)
    return {str(figure["words"]): figure["number"] for figure in response.context["figures"]}


def test_figures_count_and_each_leads_to_what_it_counts(desk: Desk) -> None:
    failed(desk)
    cut = make_delivery(desk.outsider, now=desk.now)
    attempt(cut, now=desk.now, outcome="")
    make_delivery(desk.colleague, now=desk.now, state=DeliveryState.WAITING)
    make_delivery(desk.coordinator, now=desk.now, day=TODAY - timedelta(days=1))
    long_ago = desk.now - timedelta(days=31)
    make_delivery(desk.officer, now=long_ago, state=DeliveryState.FAILED, kind=MailKind.URGENT)
    make_person("officer", desk.agency, joined_at=None)
    make_reminder(
        desk.coordinator,
        desk.assignment,
        due_on=TODAY - timedelta(days=40),
        now=desk.now - timedelta(days=40),
    )
    make_assignment(
        make_item(desk.cycle, number=2), make_agency("MOT"), actor=desk.administrator, now=desk.now
    )
    assert figures(desk) == {
        "sent today": 1,
        "waiting": 1,
        "failed in 30 days": 1,
        "interrupted in 30 days": 1,
        "never signed in": 1,
        "not reading": 1,
        "agencies not responding": 1,
        "agencies without an officer or coordinator": 1,
    }
    visitor = Visitor(desk.reviewer)
    for figure in visitor.get(PAGE).context["figures"]:
        response = visitor.client.get(figure["url"])
        assert response.status_code == 200
        if "state=" in figure["url"]:
            assert response.context["page"].total_rows == figure["number"]


def test_every_line_about_people_and_agencies_leads_to_the_cure(desk: Desk) -> None:
    invited = make_person("officer", desk.agency, joined_at=None, invited_at=desk.now)
    make_reminder(
        desk.officer, desk.assignment, due_on=TODAY - timedelta(days=9), now=desk.now - timedelta(days=40)
    )
    bare = make_agency("MOT")
    make_assignment(make_item(desk.cycle, number=2), bare, actor=desk.administrator, now=desk.now)
    administrator, reviewer = Visitor(desk.administrator), Visitor(desk.reviewer)
    html = administrator.get(PAGE, show="people").content.decode()
    assert f'href="/people/{invited.pk}/"' in html and f'href="/people/{desk.officer.pk}/"' in html
    html = reviewer.get(PAGE, show="people").content.decode()
    assert 'href="/people/' not in html and 'href="/contacts/?agency=PDRM"' in html
    for visitor in (administrator, reviewer):
        html = visitor.get(PAGE, show="agencies").content.decode()
        assert f'href="/reminders/nudge/?assignment={desk.assignment.pk}"' in html
        assert "tab=confirmed&amp;late=1&amp;agency=PDRM&amp;cycle=2023" in html
    assert (
        f'href="/people/invite/?agency={bare.pk}"'
        in administrator.get(PAGE, show="agencies").content.decode()
    )
    assert 'href="/contacts/?agency=MOT"' in reviewer.get(PAGE, show="agencies").content.decode()


def test_mail_shows_its_reminders_attempts_and_message_id(desk: Desk) -> None:
    mail = failed(desk)
    settled = make_reminder(
        desk.officer, desk.assignment, due_on=TODAY, now=desk.now, level=1, settled_at=desk.now
    )
    Reminder.objects.filter(pk=settled.pk).update(delivery=mail)
    response = Visitor(desk.reviewer).get(f"{PAGE}{mail.pk}/")
    text = text_of(response)
    assert mail.message_id in text and "Refused permanently" in text and desk.officer.email in text
    assert "Recommendation 1" in text and "Done or ended meanwhile" in text
    assert f'href="/assignments/{desk.assignment.pk}/"' in response.content.decode()
    assert 'href="/people/' not in response.content.decode()
    administrators = Visitor(desk.administrator).get(f"{PAGE}{mail.pk}/").content.decode()
    assert f'href="/people/{desk.officer.pk}/"' in administrators


def test_mail_goes_again_by_one_click_and_a_second_click_is_refused_in_words(desk: Desk) -> None:
    mail, visitor = failed(desk), Visitor(desk.reviewer)
    response = visitor.post(f"{PAGE}{mail.pk}/again/", follow=True)
    assert toasts(response) == ["It is waiting to be sent again."]
    assert Delivery.objects.get().state == DeliveryState.WAITING
    again = visitor.post(f"{PAGE}{mail.pk}/again/")
    assert again.status_code == 409 and "It is still waiting" in text_of(again)
    assert visitor.post(f"{PAGE}{mail.pk + 1}/again/").status_code == 404
    assert visitor.get(f"{PAGE}{mail.pk}/again/").status_code == 302


def test_everything_that_failed_goes_again_by_one_click(desk: Desk) -> None:
    failed(desk)
    failed(desk, desk.colleague)
    visitor = Visitor(desk.reviewer)
    assert "2 e-mails failed permanently" in text_of(visitor.get(PAGE))
    response = visitor.post(f"{PAGE}again/", follow=True)
    assert toasts(response) == ["2 e-mails are waiting to be sent again."]
    assert "failed permanently and can" not in text_of(response)
    assert visitor.post(f"{PAGE}again/").status_code == 409


def test_days_are_counted_by_state(desk: Desk) -> None:
    failed(desk)
    make_delivery(desk.colleague, now=desk.now)
    make_delivery(desk.colleague, now=desk.now - timedelta(days=1))
    days = Visitor(desk.reviewer).get(PAGE).context["days"]
    assert [(day["day"], day["sent"], day["failed"]) for day in days] == [
        (TODAY, 1, 1),
        (TODAY - timedelta(days=1), 1, 0),
    ]


def planned(desk: Desk, **facts: Any) -> PlanningRun:
    usual = {"day": local_date(desk.now), "checked_at": desk.now}
    return PlanningRun.objects.create(**(usual | facts))


def test_planning_that_never_ran_or_stands_still_is_told(desk: Desk, clock: Clock) -> None:
    assert "have not been planned yet" in text_of(Visitor(desk.reviewer).get(PAGE))
    planned(desk)
    assert "Last planned on 14 September 2023, 10:00 am" in text_of(Visitor(desk.reviewer).get(PAGE))
    clock.move_to(NOW + timedelta(hours=3))
    assert "check that the worker and beat processes are running" in text_of(Visitor(desk.reviewer).get(PAGE))


def test_day_without_the_beat_is_told_with_how_late_it_was(desk: Desk) -> None:
    """Thursday 12 and Friday 13 October were missed; the next planning is on Monday 16."""
    with translation.override("en"):
        now = NOW + timedelta(days=32)
        late = {"day": local_date(now), "checked_at": now}
        planned(desk, **late, late_count=14, late_since=TODAY + timedelta(days=28))
        planned(desk, **late)
        _last, warnings = planning_status(now=now, calendars=WorkCalendars())
        (warning,) = [words.replace("\u00a0", " ") for words in warnings]
        assert warning == (
            "On 16 October 2023, 14 reminders of 12 – 13 October 2023 were sent up to 2 working days late."
        )
        assert planning_status(now=now + timedelta(days=7), calendars=WorkCalendars())[1][1:] == []


def test_page_takes_the_same_queries_however_much_there_is(desk: Desk) -> None:
    visitor = Visitor(desk.reviewer)
    counts: dict[str, list[int]] = {"mails": [], "people": [], "agencies": []}
    for size in (1, 30):
        for number in range(size):
            agency = make_agency(f"A{size}{number}")
            person = make_person("officer", agency)
            item = make_item(desk.cycle, number=100 * size + number)
            assignment = make_assignment(item, agency, actor=desk.administrator, now=desk.now)
            late = make_reminder(
                person,
                assignment,
                due_on=TODAY - timedelta(days=20),
                now=desk.now - timedelta(days=30),
            )
            mail = make_delivery(
                person, now=desk.now, state=DeliveryState.FAILED, kind=MailKind.URGENT, reminders=(late,)
            )
            attempt(mail, now=desk.now, outcome="")
        for show in counts:
            visitor.get(PAGE, show=show)
            with CaptureQueriesContext(connection) as queries:
                assert visitor.get(PAGE, show=show).status_code == 200
            counts[show].append(len(queries))
    for show, (few, many) in counts.items():
        # Mails that fill a page are counted, too.
        assert many - few == (show == "mails") and many <= 15, show


def test_mail_takes_the_same_queries_however_much_is_in_it(desk: Desk) -> None:
    visitor, mail = Visitor(desk.reviewer), failed(desk)
    counts = []
    for size in (1, 20):
        for number in range(size):
            item = make_item(desk.cycle, number=100 * size + number)
            assignment = make_assignment(item, desk.agency, actor=desk.administrator, now=desk.now)
            reminder = make_reminder(desk.officer, assignment, due_on=TODAY, now=desk.now)
            Reminder.objects.filter(pk=reminder.pk).update(delivery=mail)
            attempt(mail, now=desk.now, outcome=AttemptOutcome.TEMPORARY)
        visitor.get(f"{PAGE}{mail.pk}/")
        with CaptureQueriesContext(connection) as queries:
            visitor.get(f"{PAGE}{mail.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16
