"""What mails with notices say, and what MAPO sees of them."""

from __future__ import annotations

import re
from email import message_from_string, policy
from email.message import EmailMessage

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from accounts.models import User
from benchmarks.faults.smtp import Trick
from reminders.mails.loading import load_mails
from reminders.models import Delivery, Notice
from reminders.services.notices import read_notice
from reminders.services.resending import resend, resend_failed
from reminders.services.sending import send
from reminders.states import AttemptOutcome, DeliveryState, MailKind
from tests.factories.deliveries import attempt, make_delivery, make_notice
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of
from tests.reminders.mail_server import Running
from tests.reminders.notice_kinds import PATH, QUIET, SITE, URGENT, due, sent
from tests.reminders.posts import THURSDAY, make_post


def arrived(server: Running, number: int = 0) -> EmailMessage:
    found = message_from_string(server.accepted[number]["text"], policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def version(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body(preferencelist=(kind,))
    assert part is not None
    return str(part.get_content())


@pytest.mark.django_db
class TestWords:
    @pytest.mark.parametrize(
        ("language", "word", "subject", "why"),
        [
            ("ms", "Peringatan", "Tetapan (Jejak)", "kerana anda belum membacanya dalam Jejak"),
            ("en", "Reminders", "Settings (Jejak)", "because you had not read it in Jejak"),
        ],
    )
    def test_mail_speaks_the_readers_language_and_leads_there(
        self,
        desk: Desk,
        server: Running,
        settings: Settings,
        language: str,
        word: str,
        subject: str,
        why: str,
    ) -> None:
        settings.SITE_URL = SITE
        User.objects.filter(pk=desk.officer.pk).update(language=language)
        due(desk.officer, desk.now)
        sent(desk.now)

        mail = arrived(server)
        assert (mail["Subject"], mail["Content-Language"]) == (subject, language)
        text, html = (" ".join(version(mail, kind).split()) for kind in ("plain", "html"))
        assert f"* {word} <b>rahsia.pdf</b>" in text and f"{SITE}{PATH}" in text and why in text
        assert (
            f"{word} &lt;b&gt;rahsia.pdf&lt;/b&gt;" in html and f'href="{SITE}{PATH}"' in html and why in html
        )
        assert "rahsia.pdf" not in str(mail["Subject"])

    def test_several_are_counted_and_the_urgent_leads(self, desk: Desk, server: Running) -> None:
        User.objects.filter(pk=desk.officer.pk).update(language="en")
        due(desk.officer, desk.now, URGENT, about={"file": "segera.pdf"})
        due(desk.officer, desk.now, QUIET, about={"file": "senyap.pdf"})
        sent(desk.now)

        mail = arrived(server)
        text = version(mail, "plain")
        assert mail["Subject"] == "Urgent: 2 notices (Jejak)"
        assert text.index("segera.pdf") < text.index("senyap.pdf")

    def test_unknown_and_broken_words_go_all_the_same(self, desk: Desk, server: Running) -> None:
        User.objects.filter(pk=desk.officer.pk).update(language="en")
        mail = make_delivery(desk.officer, now=desk.now, state=DeliveryState.WAITING, kind=MailKind.NEWS)
        make_notice(desk.officer, now=desk.now, delivery=mail)
        make_notice(desk.officer, now=desk.now, delivery=mail, what=QUIET)

        assert send(now=desk.now).sent == 1
        text = version(arrived(server), "plain")
        assert len(re.findall("Something happened in Jejak that concerns you", text)) == 2

    def test_single_unknown_has_a_subject_of_its_own(self, desk: Desk, server: Running) -> None:
        User.objects.filter(pk=desk.officer.pk).update(language="en")
        mail = make_delivery(desk.officer, now=desk.now, state=DeliveryState.WAITING, kind=MailKind.NEWS)
        make_notice(desk.officer, now=desk.now, delivery=mail)
        send(now=desk.now)
        assert arrived(server)["Subject"] == "A notice from Jejak (Jejak)"

    def test_name_never_becomes_a_header(self, desk: Desk, server: Running) -> None:
        User.objects.filter(pk=desk.officer.pk).update(name="Ali\r\nBcc: penceroboh@luar.example")
        due(desk.officer, desk.now, about={"file": "a\r\nBcc: x@y.example"})
        sent(desk.now)
        assert "Bcc" not in arrived(server)

    def test_queries_do_not_grow_with_the_notices(self, desk: Desk) -> None:
        def cost(*people: User) -> int:
            ids = []
            for person in people:
                mail = make_delivery(person, now=desk.now, state=DeliveryState.WAITING, kind=MailKind.NEWS)
                ids.append(mail.pk)
                make_notice(person, now=desk.now, delivery=mail, about={"mail": mail.pk})
            with CaptureQueriesContext(connection) as queries:
                assert len(load_mails(ids, today=THURSDAY)) == len(people)
            return len(queries)

        assert cost(desk.officer) == cost(desk.officer, desk.colleague, desk.reviewer) <= 10


def failed(desk: Desk, **values: object) -> Delivery:
    """A mail with one notice that the server refused for good."""
    mail = make_delivery(desk.officer, now=desk.now, state=DeliveryState.FAILED, kind=MailKind.NEWS)
    make_notice(
        desk.officer, now=desk.now, delivery=mail, what=URGENT, about={"file": "rahsia.pdf", **values}
    )
    attempt(mail, now=desk.now, outcome=AttemptOutcome.PERMANENT, words="550 5.1.1 No such mailbox")
    return mail


@pytest.mark.django_db
class TestDeliveryPages:
    @pytest.mark.parametrize("state", DeliveryState)
    def test_mapo_sees_what_became_of_the_mail_and_not_what_it_says(
        self, desk: Desk, state: DeliveryState
    ) -> None:
        mail = make_delivery(desk.officer, now=desk.now, state=state, kind=MailKind.NEWS)
        make_notice(desk.officer, now=desk.now, delivery=mail, what=URGENT, about={"file": "rahsia.pdf"})
        for language in ("ms", "en"):
            for path in ("/reminders/delivery/", f"/reminders/delivery/{mail.pk}/"):
                words = text_of(Visitor(desk.reviewer, language).get(path))
                assert {"ms": "Makluman", "en": "Notice"}[language] in words, language
                assert "rahsia.pdf" not in words, language
            assert {"ms": "Tetapan", "en": "Settings"}[language] in words, language

    def test_failed_mail_goes_again_while_it_is_unread(self, desk: Desk, server: Running) -> None:
        mail = failed(desk)
        resend(mail, actor=desk.reviewer, now=desk.now)
        assert send(now=desk.now).sent == 1
        assert "rahsia.pdf" in server.accepted[0]["text"]

    def test_mail_whose_notice_was_read_does_not_go_again(self, desk: Desk) -> None:
        mail = failed(desk)
        read_notice(Notice.objects.get(), actor=desk.officer, now=desk.now)
        words = text_of(Visitor(desk.reviewer, "en").get(f"/reminders/delivery/{mail.pk}/"))
        assert "It has been read in Jejak, so there is nothing left to send." in words
        assert resend_failed(actor=desk.reviewer, now=desk.now) == 0

    def test_all_failed_go_again_in_one_mail_a_person(
        self, desk: Desk, server: Running, settings: Settings
    ) -> None:
        post = make_post(desk, server, settings)
        server.tricks = [Trick.BOUNCE]
        post.sent()
        older, newer = failed(desk, number=1), failed(desk, number=2)

        assert resend_failed(actor=desk.reviewer, now=desk.now) == 2

        older.refresh_from_db()
        assert (older.state, newer.notices.count()) == (DeliveryState.FAILED, 2)
        assert send(now=desk.now).sent == 2
        assert sorted(line["to"] for line in server.accepted) == sorted(
            [post.officers[0].email, desk.officer.email]
        )
