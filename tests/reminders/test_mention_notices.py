"""Mentions reach the bell and the mail, as long as their reader may read the comment and has not seen it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from audit.clock import local_date
from cycles.services import close_cycle
from recommendations.models import Comment, CommentMention
from recommendations.services.comments import mark_mention_seen, write_comment
from reminders.mails.loading import load_mails
from reminders.mails.rendering import render_mail
from reminders.models import Delivery, Notice
from reminders.queries.bell import Bell
from reminders.services import mention_notices
from reminders.services.notices import read_notice
from reminders.services.packing import pack
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of

pytestmark = pytest.mark.django_db
SECRET = "Sila lampirkan surat."


@pytest.fixture(autouse=True)
def no_time_to_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mention_notices, "MAIL_AFTER", -timedelta(minutes=1))


def mention(desk: Desk, *, classification: int = 1) -> Comment:
    return write_comment(
        desk.assignment,
        text=SECRET,
        classification=classification,
        mentioned=[desk.officer],
        actor=desk.reviewer,
        now=desk.now,
    )


def mails(desk: Desk) -> list[str]:
    """Return the texts of what leaves once the time to look is over."""
    pack(now=desk.now)
    found = load_mails(Delivery.objects.values_list("pk", flat=True), today=local_date(desk.now))
    return [str(render_mail(each).body) for each in found.values()]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "mentions you in a comment on"), ("ms", "menandakan anda dalam ulasan")]
)
def test_mention_reaches_bell_list_and_mail_without_its_text(desk: Desk, language: str, words: str) -> None:
    User.objects.filter(pk=desk.officer.pk).update(language=language)
    mention(desk)
    assert (Bell(desk.officer).count, Bell(desk.colleague).count) == (1, 0)
    assert words in text_of(Visitor(desk.officer, language).get("/reminders/"))
    (text,) = mails(desk)
    assert words in " ".join(text.split()) and SECRET not in text


def test_what_was_seen_is_gone(desk: Desk) -> None:
    mention(desk)
    mark_mention_seen(CommentMention.objects.get(), actor=desk.officer, now=desk.now)
    assert Bell(desk.officer).count == 0 and mails(desk) == []


@pytest.mark.parametrize("address", ["notices/{}/read/", "read/"])
def test_what_was_read_at_the_bell_is_gone_from_the_first_page(desk: Desk, address: str) -> None:
    mention(desk)
    officer = Visitor(desk.officer)
    assert SECRET in text_of(officer.get("/my-work/"))
    officer.post("/reminders/" + address.format(Notice.objects.get().pk))
    assert Bell(desk.officer).count == 0
    assert SECRET not in text_of(officer.get("/my-work/"))


def test_the_bell_is_read_also_in_a_closed_cycle(desk: Desk) -> None:
    mention(desk)
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
    notice = Notice.objects.get()
    assert read_notice(notice, actor=desk.officer, now=desk.now)
    assert CommentMention.objects.get().seen_at is None


@pytest.mark.parametrize("change", ["clearance", "agency"])
def test_rights_at_the_time_of_sending_count(desk: Desk, change: str) -> None:
    User.objects.filter(pk=desk.officer.pk).update(clearance=2)
    desk.officer.refresh_from_db()
    User.objects.filter(pk=desk.reviewer.pk).update(clearance=2)
    desk.reviewer.refresh_from_db()
    mention(desk, classification=2)
    assert Bell(desk.officer).count == 1
    values = {"clearance": 1} if change == "clearance" else {"agency": desk.other_agency}
    User.objects.filter(pk=desk.officer.pk).update(**values)
    desk.officer.refresh_from_db()
    assert Bell(desk.officer).count == 0 and mails(desk) == []
