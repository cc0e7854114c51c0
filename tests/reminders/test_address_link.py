"""When an address was refused for good: who gets a link to correct it, and until when."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Agency, User
from reminders.models import Delivery
from reminders.states import AttemptOutcome, DeliveryState
from tests.factories.deliveries import attempt, make_delivery
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor

pytestmark = pytest.mark.django_db


def failed(desk: Desk, to: User | Agency, outcome: str = AttemptOutcome.PERMANENT) -> Delivery:
    mail = make_delivery(to, now=desk.now, state=DeliveryState.FAILED, server_words="550 unknown")
    attempt(mail, now=desk.now, outcome=outcome, words="550 unknown")
    return mail


def leads(desk: Desk, mail: Delivery, there: str, *, reader: User | None = None) -> bool:
    page = Visitor(reader or desk.administrator).get(reverse("reminders:delivery_mail", args=[mail.pk]))
    assert page.status_code == 200
    return f'href="{there}"' in page.text


def test_administrator_is_led_to_the_address_of_a_person_or_mailbox_until_it_was_corrected(
    desk: Desk,
) -> None:
    mail, there = failed(desk, desk.officer), reverse("accounts:change_address", args=[desk.officer.pk])
    assert leads(desk, mail, there)
    assert not leads(desk, mail, there, reader=desk.reviewer)
    User.objects.filter(pk=desk.officer.pk).update(email="betul@agensi.example")
    assert not leads(desk, mail, there)
    desk.agency.shared_mailbox = "peti@agensi.example"
    desk.agency.save()
    mail, there = failed(desk, desk.agency), reverse("accounts:edit_agency", args=[desk.agency.pk])
    assert leads(desk, mail, there)
    assert not leads(desk, mail, there, reader=desk.reviewer)


def test_nobody_is_led_where_it_would_not_help(desk: Desk) -> None:
    for person, outcome in (
        (desk.officer, AttemptOutcome.TEMPORARY),
        (desk.administrator, AttemptOutcome.PERMANENT),
    ):
        there = reverse("accounts:change_address", args=[person.pk])
        assert not leads(desk, failed(desk, person, outcome), there)
    assert not leads(
        desk,
        make_delivery(desk.colleague, now=desk.now, state=DeliveryState.FAILED),
        reverse("accounts:change_address", args=[desk.colleague.pk]),
    )
