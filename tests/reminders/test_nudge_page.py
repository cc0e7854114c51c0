"""The page of a nudge: recipients by name, who cannot be nudged and why, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.clock import local_date
from cycles.services import close_cycle
from recommendations import services
from recommendations.models import Assignment
from reminders.mails.loading import load_mails
from reminders.mails.rendering import render_mail
from reminders.models import LINE_LENGTH, Delivery, Nudge, Reminder
from reminders.services.nudges import MAX_A_DAY, send_nudges
from reminders.services.packing import pack
from tests.conftest import NOW, Clock
from tests.factories.accounts import make_agency
from tests.factories.recommendations import make_assignment, make_item, make_submission
from tests.factories.reminders import make_stand_in, prefer
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of, toasts

pytestmark = pytest.mark.django_db
PAGE = "/reminders/nudge/"
LINE = "Sila hantar laporan sebelum mesyuarat."


def more(desk: Desk, count: int, *, first: int = 2) -> list[Assignment]:
    items = [make_item(desk.cycle, number=number) for number in range(first, first + count)]
    return [make_assignment(item, desk.agency, actor=desk.administrator, now=desk.now) for item in items]


def keys(*assignments: Assignment) -> str:
    return ",".join(str(each.pk) for each in assignments)


def look(desk: Desk, *assignments: Assignment) -> HttpResponse:
    return Visitor(desk.reviewer).get(PAGE, assignment=keys(*assignments))


def post(
    desk: Desk, *assignments: Assignment, line: str = LINE, follow: bool = False, **more_data: str
) -> HttpResponse:
    address = f"{PAGE}?assignment={keys(*assignments)}"
    data = {"assignment": [str(each.pk) for each in assignments], "line": line, **more_data}
    return Visitor(desk.reviewer).post(address, data, follow=follow)


def test_page_opens_without_a_choice_with_one_and_with_one_that_names_nothing(desk: Desk) -> None:
    for language in ("ms", "en"):
        for person in (desk.reviewer, desk.administrator):
            for address in (PAGE, f"{PAGE}?assignment={desk.assignment.pk}"):
                response = Visitor(person, language).get(address)
                assert response.status_code == 200 and f'lang="{language}"' in response.content.decode()
    for asked in ("", "x", "0", "999999999", "-1", "999999999,,x", "9" * 40, "\x00"):
        response = Visitor(desk.reviewer).get(PAGE, assignment=asked)
        assert response.status_code == 200 and "Choose what to nudge about" in text_of(response), asked
        assert "tab=confirmed&amp;late=1" in response.content.decode(), asked


def test_only_what_is_late_is_ticked_and_counted(desk: Desk) -> None:
    late, other, third = more(desk, 3)
    Assignment.objects.filter(pk=late.pk).update(next_due_on=local_date(NOW) - timedelta(days=3))
    html = look(desk, late, other, third).content.decode()
    assert f'name="assignment" value="{late.pk}" checked' in html
    for row in (other, third):
        assert f'name="assignment" value="{row.pk}">' in html
    assert ">(1)</span></button>" in html
    assert (
        f'value="{other.pk}" checked' in look(desk, other).content.decode()
    )  # Alone, it is what was asked for.


def test_page_says_what_is_ticked_and_what_awaits_mapo(desk: Desk) -> None:
    late, other = more(desk, 2)
    assert "None of these is late: tick what to nudge about." in text_of(look(desk, late, other))
    Assignment.objects.filter(pk=late.pk).update(next_due_on=local_date(NOW) - timedelta(days=3))
    assert "What is late is ticked." in text_of(look(desk, late, other))
    make_submission(other, actor=desk.officer, now=desk.now)
    assert "Awaiting MAPO" in text_of(look(desk, late, other))


def test_each_nudge_keeps_its_own_text(desk: Desk) -> None:
    first, second = more(desk, 2)
    for each in (first, second):
        assert f'data-keep-key="{PAGE}?assignment={each.pk}"' in look(desk, each).content.decode()


def test_only_what_is_ticked_is_sent(desk: Desk) -> None:
    rows = more(desk, 3)
    address = f"{PAGE}?assignment={keys(*rows)}"
    visitor = Visitor(desk.reviewer)
    assert visitor.post(address, {"line": LINE}).status_code == 409
    visitor.post(address, {"assignment": [str(rows[0].pk), str(rows[2].pk)], "line": LINE})
    assert sorted(Nudge.objects.values_list("assignment", flat=True)) == [rows[0].pk, rows[2].pk]


@pytest.mark.parametrize(
    ("language", "hour", "start"),
    [("ms", 17, "Segera: 2 peringatan"), ("en", 17, "Urgent: 2 reminders"), ("en", 8, "2 reminders")],
)
def test_preview_is_the_mail_that_leaves_in_its_readers_language(
    desk: Desk, language: str, hour: int, start: str
) -> None:
    User.objects.filter(pk=desk.coordinator.pk).update(language=language)
    prefer(desk.coordinator, hour=hour)
    rows = more(desk, 2)
    response = post(desk, *rows, preview="1")
    assert response.status_code == 200 and not Nudge.objects.exists()
    assert f'value="{LINE}"' in response.content.decode()
    (shown,) = response.context["mails"]
    assert shown.subject.startswith(start) and shown.text.count(LINE) == 2
    send_nudges(rows, line=LINE, actor=desk.reviewer, now=desk.now)
    pack(now=desk.now)
    (content,) = load_mails(
        Delivery.objects.values_list("pk", flat=True), today=local_date(desk.now)
    ).values()
    left = render_mail(content)
    assert (left.to, left.subject, left.body) == ([shown.address], shown.subject, shown.text)


def test_preview_of_many_takes_no_more_queries(desk: Desk) -> None:
    rows = more(desk, 4)
    counts = []
    for chosen in (rows[:2], rows):
        with CaptureQueriesContext(connection) as queries:
            post(desk, *chosen, preview="1")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_everybody_who_would_get_it_is_named_with_why(desk: Desk) -> None:
    services.name_officers(desk.assignment, officers=[desk.officer], actor=desk.administrator, now=desk.now)
    today = local_date(NOW)
    make_stand_in(desk.officer, desk.colleague, from_on=today, until_on=today, now=desk.now)
    desk.agency.shared_mailbox = "pejabat@pdrm.example"
    desk.agency.save()
    text = text_of(look(desk, desk.assignment))
    assert desk.officer.name in text
    assert f"{desk.colleague.name} (stands in for {desk.officer.name})" in text
    assert "pejabat@pdrm.example (shared mailbox)" in text
    assert "The e-mails to 3 recipients" in text and desk.coordinator.name not in text


def test_nudge_goes_out_and_the_reader_is_back_at_the_assignment(desk: Desk) -> None:
    response = post(desk, desk.assignment, follow=True)
    assert response.redirect_chain == [(f"/assignments/{desk.assignment.pk}/", 302)]
    assert toasts(response) == ["Nudged about 1 assignment."]
    assert LINE in text_of(response) and "Sent to 1, read by 0" in text_of(response)
    assert Nudge.objects.get().sent_by == desk.reviewer


def test_many_are_nudged_at_once_and_the_reader_is_back_at_the_list(desk: Desk) -> None:
    response = post(desk, *more(desk, 3), follow=True)
    assert response.redirect_chain == [("/assignments/?tab=confirmed", 302)]
    assert toasts(response) == ["Nudged about 3 assignments."]
    assert Nudge.objects.filter(line=LINE).count() == 3


def test_choice_of_the_list_comes_to_an_address_that_holds_it(desk: Desk) -> None:
    rows = [desk.assignment, *more(desk, 2)]
    visitor = Visitor(desk.reviewer)
    html = visitor.get("/assignments/", tab="confirmed").content.decode()
    assert f'formaction="{PAGE}"' in html
    response = visitor.post(PAGE, {"chosen": [str(row.pk) for row in rows]})
    assert response.status_code == 302 and response["Location"] == f"{PAGE}?assignment={keys(*rows)}"
    assert not Nudge.objects.exists()


def test_item_leads_to_a_nudge_of_all_its_agencies(desk: Desk) -> None:
    support = make_assignment(
        desk.item, desk.other_agency, role="support", actor=desk.administrator, now=desk.now
    )
    wanted = f'href="{PAGE}?assignment={keys(desk.assignment, support)}"'
    address = f"/items/{desk.item.pk}/"
    assert wanted in Visitor(desk.reviewer).get(address).content.decode()
    for person in (desk.officer, desk.outsider, desk.observer):
        assert PAGE not in Visitor(person).get(address).content.decode()
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
    assert PAGE not in Visitor(desk.reviewer).get(address).content.decode()


def test_those_that_cannot_be_nudged_are_named_and_the_rest_goes_in_one_press(desk: Desk) -> None:
    bare = make_assignment(
        make_item(desk.cycle, number=40), make_agency("MOT"), actor=desk.administrator, now=desk.now
    )
    (other,) = more(desk, 1)
    send_nudges([desk.assignment], line="", actor=desk.second_reviewer, now=desk.now)
    response = look(desk, desk.assignment, other, bare)
    text, html = text_of(response), response.content.decode()
    assert "2 of the chosen cannot be nudged about now" in text
    assert f"{desk.second_reviewer.name} nudged about it on 14 September 2023" in text
    assert "Nobody at MOT can act" in text and 'href="/contacts/?agency=MOT"' in html
    assert f'name="assignment" value="{other.pk}"' in html
    sent = Visitor(desk.reviewer).post(
        f"{PAGE}?assignment={keys(desk.assignment, other, bare)}",
        {"assignment": keys(other), "line": LINE},
    )
    assert sent.status_code == 302 and Nudge.objects.get(line=LINE).assignment == other


def test_where_nothing_can_go_there_is_no_form_but_the_reason(desk: Desk) -> None:
    send_nudges([desk.assignment], line="", actor=desk.reviewer, now=desk.now)
    response = look(desk, desk.assignment)
    assert "can be nudged again from 16 September 2023" in text_of(response)
    assert 'name="line"' not in response.content.decode()


def test_what_changed_since_the_preview_is_told_and_the_line_is_kept(desk: Desk) -> None:
    (other,) = more(desk, 1)
    send_nudges([desk.assignment], line="", actor=desk.second_reviewer, now=desk.now)
    response = post(desk, desk.assignment, other)
    assert response.status_code == 409
    assert "1 of 2 can no longer be nudged, so nothing was sent" in text_of(response)
    html = response.content.decode()
    assert f'value="{LINE}"' in html and f'name="assignment" value="{other.pk}"' in html
    assert Nudge.objects.count() == 1


def test_line_that_is_too_long_comes_back_whole_and_a_closed_cycle_takes_none(desk: Desk) -> None:
    long = "x" * (LINE_LENGTH + 1)
    response = post(desk, desk.assignment, line=long)
    assert response.status_code == 422 and long in response.content.decode()
    assert not Nudge.objects.exists()
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
    assert "This cycle is closed" in text_of(look(desk, desk.assignment))
    response = post(desk, desk.assignment)
    assert response.status_code == 409 and not Nudge.objects.exists()


@pytest.mark.parametrize(
    "line", ["Sila\r\nBcc: aduan@jim.gov.my", "Sila\x00hantar", "\u202eSila", "<b>Sila</b>", "   ", ""]
)
def test_any_line_becomes_one_plain_line(desk: Desk, line: str) -> None:
    assert post(desk, desk.assignment, line=line).status_code == 302
    kept = Nudge.objects.get().line
    assert not set(kept) & set("\r\n\x00\u202e")
    text = text_of(look(desk, desk.assignment))
    assert kept in text
    assert "<b>Sila" not in look(desk, desk.assignment).content.decode()


def test_too_many_for_one_person_are_left_out_from_the_sixth_on(desk: Desk) -> None:
    rows = more(desk, MAX_A_DAY + 2)
    assert len(look(desk, *rows).context["preview"]["sendable"]) == len(rows)
    response = post(desk, *rows, preview="1")
    preview = response.context["preview"]
    assert len(preview["chosen"]) == len(preview["sendable"]) == MAX_A_DAY and preview["refused_count"] == 2
    assert text_of(response).count(f"are too many for {desk.coordinator.name}") == 2


def test_past_nudges_say_who_read_them_and_whether_they_are_settled(desk: Desk, clock: Clock) -> None:
    send_nudges([desk.assignment], line=LINE, actor=desk.reviewer, now=desk.now)
    Reminder.objects.update(read_at=desk.now, settled_at=desk.now)
    later = clock.move_to(NOW + timedelta(days=2))
    send_nudges([desk.assignment], line="Sekali lagi", actor=desk.reviewer, now=later)
    text = text_of(look(desk, desk.assignment))
    assert text.index("Sekali lagi") < text.index(LINE)
    assert text.count("Sent to 1, read by 1") == 1 and text.count("answered or ended") == 1


def test_assignment_page_offers_a_nudge_only_while_it_is_in_force(desk: Desk) -> None:
    address = f"/assignments/{desk.assignment.pk}/"
    wanted = f'href="{PAGE}?assignment={desk.assignment.pk}"'
    assert wanted in Visitor(desk.reviewer).get(address).content.decode()
    services.end_assignment(desk.assignment, reason="Pindah", actor=desk.administrator, now=desk.now)
    html = Visitor(desk.reviewer).get(address).content.decode()
    assert wanted not in html and "None so far." in html


def test_preview_takes_the_same_queries_for_one_and_for_many(desk: Desk) -> None:
    visitor, counts = Visitor(desk.reviewer), []
    for size in (1, 8):
        rows = []
        for number in range(size):
            agency = make_agency(f"A{size}{number}", shared_mailbox="a@b.example")
            item = make_item(desk.cycle, number=size * 100 + number)
            rows.append(make_assignment(item, agency, actor=desk.administrator, now=desk.now))
        rows += more(desk, size, first=1000 * size)
        visitor.get(PAGE, assignment=keys(*rows))
        with CaptureQueriesContext(connection) as queries:
            assert visitor.get(PAGE, assignment=keys(*rows)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
