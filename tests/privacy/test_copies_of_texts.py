"""Wherever a text is kept, its hidden words are hidden: every column of the database is looked at, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from accounts.clearance import Clearance
from accounts.roles import Role
from audit.clock import local_date
from cycles.titles import change_titles, marks_of
from evidence.models import DocumentText
from evidence.services.lifecycle import withdraw_document
from identities.services import hide_words
from meetings.services.agenda import add_point, prepare_meeting
from meetings.services.laying import lay_agenda
from privacy.reading import NOBODY, reading_as
from recommendations import services
from recommendations.models import Update
from recommendations.services.comments import write_comment
from recommendations.services.step_changes import current_version
from recommendations.states import Status
from reminders.mails.loading import load_mails
from reminders.mails.rendering import render_mail
from reminders.models import Delivery
from reminders.services import work_notices
from reminders.services.nudges import send_nudges
from reminders.services.packing import pack
from tests.conftest import Clock
from tests.factories.accounts import UserFactory
from tests.factories.evidence import make_document
from tests.factories.recommendations import DONE, make_assignment, make_item, make_submission
from tests.meetings.conftest import make_meeting
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.visitors import Visitor, text_of
from tests.search.conftest import keep_text

__all__ = ["desk"]
pytestmark = pytest.mark.django_db
WHY = "Nama rekaan untuk latihan."
#: Words that the guard finds, and words of which it knows nothing.
NAME, CARD, VILLAGE = "Nguyen Van Canary", "900101-14-5567", "Lembah Rahsia"
Say = Callable[[str], str]


def naming(what: str) -> str:
    """A text of several lines that is longer than a notice cites."""
    told = f"{what}: mangsa {NAME} (KP {CARD}) sudah pulang.\nButiran lanjut   menyusul. "
    return told + "Perkara ini akan disusuli lagi. " * 7


def placing(what: str) -> str:
    told = f"{what}: beliau tinggal di {VILLAGE}.\nButiran lanjut   menyusul. "
    return told + "Perkara ini akan disusuli lagi. " * 7


def plant(desk: Desk, clock: Clock, say: Say, *, file_name: str, line: str) -> None:
    """Let people of PDRM and MAPO write this in every kind of text, each act by its own service."""
    now, officer, reviewer = desk.now, desk.officer, desk.reviewer
    about: dict[str, Any] = {"identities_reason": WHY, "now": now}
    day = local_date(now) + timedelta(days=10)
    services.name_officers(desk.assignment, officers=[officer], actor=desk.administrator, now=now)
    file = make_document(desk.agency, actor=officer, name=file_name, **about)
    keep_text(file, say("Fail"), now=now)
    content = replace(DONE, narrative=say("Naratif"), document_ids=frozenset([file.pk]))
    first = make_submission(desk.assignment, actor=officer, content=content, **about)
    services.return_update(first, reason=say("Pulangan"), resubmit_by=day, actor=reviewer, **about)
    returned = Update.objects.get(pk=first.update_id)
    revision = {"content": content, "revision": returned.revision}
    again = services.submit_update(returned, actor=officer, **revision, **about)
    verdict = {"status": Status.DONE, "percent": 100}
    before = {"status": Status.PROGRESS, "percent": 40}
    review = services.accept_update(again, reason=say("Sebab"), actor=reviewer, **before, **about)
    services.supersede_verdict(review, reason=say("Ganti"), actor=reviewer, **verdict, **about)
    services.ask_for_update(desk.assignment, due_on=day, reason=say("Minta"), actor=reviewer, **about)
    write_comment(desk.assignment, text=say("Ulasan"), classification=1, actor=officer, **about)
    send_nudges([desk.assignment], line=line, actor=reviewer, **about)
    _steps(desk, say, day=day, about=about)
    _others(desk, say, about=about)
    _meeting(desk, clock, say)


def _steps(desk: Desk, say: Say, *, day: date, about: dict[str, Any]) -> None:
    officer, reviewer = desk.officer, desk.reviewer
    services.plan_action(
        desk.assignment, text=say("Langkah"), owner=officer, due_on=day, actor=officer, **about
    )
    plan: dict[str, Any] = {"due_on": day, "owner": officer, "actor": reviewer, **about}
    step = services.plan_decision_step(desk.item, desk.agency, text=say("Putusan"), **plan)
    later = day + timedelta(days=10)
    services.ask_later_step(step, proposed_on=later, reason=say("Tunda"), actor=officer, **about)
    changed: dict[str, Any] = {"text": say("Putusan"), "owner": officer, "due_on": later}
    services.change_action(
        step, seen=current_version(step).pk, reason=say("Ubah"), actor=reviewer, **changed, **about
    )
    services.cancel_action(step, reason=say("Batal"), actor=reviewer, **about)


def _others(desk: Desk, say: Say, *, about: dict[str, Any]) -> None:
    administrator = desk.administrator
    services.override_item(
        desk.item,
        status=Status.PROGRESS,
        percent=5,
        reason=say("Tetapan"),
        actor=administrator,
        **about,
    )
    second = make_assignment(make_item(desk.cycle, number=2), desk.agency, actor=administrator, now=desk.now)
    services.decline_assignment(second, reason=say("Tolak"), actor=desk.coordinator, **about)
    third = make_assignment(make_item(desk.cycle, number=3), desk.agency, actor=administrator, now=desk.now)
    services.end_assignment(third, reason=say("Tamat"), actor=administrator, **about)
    unused = make_document(desk.agency, actor=desk.officer, now=desk.now, name="Lain.pdf")
    withdraw_document(unused, reason=say("Tarik balik"), actor=desk.officer, **about)
    titles = {"title_ms": "Tajuk  ringkas", "title_en": f"T  {say('T')[:60]}".replace("\n", " ")}
    change_titles(
        desk.cycle,
        wanted={third.item_id: titles},
        seen=marks_of([third.item]),
        reason=say("Tajuk"),
        actor=administrator,
        **about,
    )


def _meeting(desk: Desk, clock: Clock, say: Say) -> None:
    tomorrow = clock.move_to(desk.now + timedelta(days=1))
    days = {"as_at_on": local_date(desk.now), "since_on": date(2023, 8, 31)}
    acts: dict[str, Any] = {"actor": desk.reviewer, "now": tomorrow}
    meeting = prepare_meeting(make_meeting(desk, now=tomorrow, meets_on=tomorrow.date()), **days, **acts)
    text = say("Perkara")
    add_point(meeting, title=f"Hal {text[:80]}".replace("\n", " "), text=text, identities_reason=WHY, **acts)
    lay_agenda(meeting, **acts)


def _texts() -> Iterator[tuple[str, str]]:
    """Yield each value of a column that can hold a text, with the column's name."""
    kinds = (models.CharField, models.TextField, models.JSONField)
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, kinds):
                for value in model._base_manager.values_list(field.attname, flat=True):
                    yield f"{model._meta.label}.{field.name}", str(value)


def columns_that_tell(*words: str) -> set[str]:
    """Return the columns in which somebody who may not see hidden words finds one of these."""
    with reading_as(NOBODY):
        return {column for column, text in _texts() if any(word in text for word in words)}


def _mails(desk: Desk) -> str:
    pack(now=desk.now)
    found = load_mails(Delivery.objects.values_list("pk", flat=True), today=local_date(desk.now))
    return " ".join(str(render_mail(each).body) for each in found.values())


@pytest.fixture(autouse=True)
def no_time_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_notices, "MAIL_AFTER", -timedelta(minutes=1))


def test_no_copy_of_a_text_tells_what_the_guard_found(desk: Desk, clock: Clock) -> None:
    plant(desk, clock, naming, file_name=f"Mangsa {NAME}.pdf", line=f"Tentang mangsa {NAME}")
    whole = {column for column, text in _texts() if "Canary" in text}
    assert len(whole) > 15, whole
    # The text inside a file is hidden as a whole (ADR 18).
    assert columns_that_tell("Canary", CARD) == {"evidence.DocumentText.text"}
    assert DocumentText.objects.get(text__contains="Canary").identities


def test_no_bell_and_no_mail_tells_it(desk: Desk) -> None:
    low = UserFactory(role=Role.REVIEWER, agency=desk.reviewer.agency, clearance=Clearance.RESTRICTED)
    day, about = local_date(desk.now) + timedelta(days=10), {"identities_reason": WHY, "now": desk.now}
    plan: dict[str, Any] = {"due_on": day, "owner": desk.officer, "actor": desk.reviewer, **about}
    step = services.plan_decision_step(desk.item, desk.agency, text=naming("Putusan"), **plan)
    later: dict[str, Any] = {"proposed_on": day + timedelta(days=10), "actor": desk.officer, **about}
    services.ask_later_step(step, reason=naming("Tunda"), **later)
    page = text_of(Visitor(low).get("/reminders/"))
    assert "Tunda: mangsa █████ (KP █████) sudah pulang. Butiran lanjut menyusul." in page
    assert "Canary" not in page
    assert f"Tunda: mangsa {NAME}" in text_of(Visitor(desk.reviewer).get("/reminders/"))
    mails = _mails(desk)
    assert "Putusan: mangsa █████" in " ".join(mails.split())
    assert "Canary" not in mails


def test_the_data_officer_reaches_every_copy(desk: Desk, clock: Clock) -> None:
    plant(desk, clock, placing, file_name=f"Lawatan {VILLAGE}.pdf", line=f"Tentang {VILLAGE}")
    told = columns_that_tell(VILLAGE)
    assert {"evidence.DocumentText.text", "reminders.Notice.texts", "meetings.LaidAgenda.content"} <= told
    acts: dict[str, Any] = {"actor": desk.administrator, "now": desk.now + timedelta(days=1)}
    hide_words(VILLAGE, is_whole=False, reason="Tempat mangsa.", **acts)
    assert columns_that_tell(VILLAGE) == set()
    assert VILLAGE not in _mails(desk)
