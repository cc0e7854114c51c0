"""Rendered mails: what they say in both languages, what they can never contain, and what a batch costs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.utils import translation

from audit.clock import KUALA_LUMPUR
from reminders.kinds import MAPO_KINDS, ReminderKind
from reminders.mails.content import MailContent
from reminders.mails.rendering import FULL_TEXTS, TEXT_WIDTH, render_mail
from reminders.messages.details import ReminderDetails
from reminders.messages.wording import describe
from reminders.states import Audience, MailKind
from tests.reminders.test_wording import details, for_mapo

TODAY = date(2023, 9, 14)
MADE_AT = datetime(2023, 9, 14, 8, 1, tzinfo=KUALA_LUMPUR)
LANGUAGES = ("ms", "en")
SITE = "https://jejak.mapo.example"


@pytest.fixture(autouse=True)
def _site(settings: Any) -> None:
    settings.SITE_URL = SITE


def content(*given: ReminderDetails, language: str = "en", **values: Any) -> MailContent:
    """A mail with these lines, as `read_letters` gives it."""
    with translation.override(language):
        lines = [describe(each, today=TODAY) for each in given or (details(ReminderKind.UPDATE_DUE),)]
    usual: dict[str, Any] = {
        "delivery_id": 1,
        "message_id": "0190-abc@jejak.mapo.example",
        "address": "aminah@pdrm.example",
        "name": "Aminah binti Ali",
        "language": language,
        "kind": MailKind.DIGEST,
        "day": TODAY,
        "made_at": MADE_AT,
        "attempts_count": 0,
        "texts": sorted(lines, key=lambda line: line.rank),
        "reminder_ids": [1],
    }
    return MailContent(**(usual | values))


def read(mail: EmailMultiAlternatives) -> EmailMessage:
    """The mail as a mail program reads it."""
    return message_from_bytes(mail.message().as_bytes(), policy=policy.default)


def text_of(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("html",))
    assert part is not None
    return str(part.get_content())


def one_spaced(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


class Tags(HTMLParser):
    """Holds that every tag is closed in its turn, and gathers what the page asks for."""

    VOID = frozenset({"meta", "br", "img", "link", "input", "hr"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


class TestWords:
    def test_both_versions_say_the_line(self) -> None:
        for what in ReminderKind:
            for language in LANGUAGES:
                mail = content(details(what, nudge_line="Sila ambil tindakan."), language=language)
                message = read(render_mail(mail))
                (line,) = mail.texts
                for body in (one_spaced(text_of(message)), one_spaced(html_of(message))):
                    assert one_spaced(line.task) in body, what
                    assert one_spaced(line.when)[1:] in body, what
                    assert (
                        f"{SITE}{line.path}".replace("&", "&amp;") in body or f"{SITE}{line.path}" in body
                    ), what
                    assert "MAPO:" in body and "“Sila ambil tindakan.”" in body, what
                    assert "Aminah binti Ali" in body, what
                assert message["Content-Language"] == language, what
                assert f'<html lang="{language}"' in html_of(message), what

    def test_languages_do_not_mix(self) -> None:
        malay = read(
            render_mail(
                content(*map(details, sorted(ReminderKind)), language="ms", late_since=TODAY - timedelta(2))
            )
        )
        words = one_spaced(text_of(malay))
        assert not re.search(r"\b(the|you|your|due|late|daily|report on)\b", words, re.IGNORECASE), words

    def test_subject_says_the_essential(self) -> None:
        for given, kind, subject in (
            (
                [details(ReminderKind.UPDATE_DUE)],
                MailKind.DIGEST,
                "Report on Recommendation 4: due in 3 days, on 17 September 2023 (Jejak)",
            ),
            (
                [details(ReminderKind.RETURNED)],
                MailKind.URGENT,
                "Urgent: Correct the returned update on Recommendation 4 and send it again (Jejak)",
            ),
            (
                [details(ReminderKind.UPDATE_DUE), details(ReminderKind.FINAL_DUE)],
                MailKind.DIGEST,
                "2 reminders (Jejak)",
            ),
            (
                [
                    details(ReminderKind.UPDATE_DUE, days=-1),
                    details(ReminderKind.FINAL_DUE),
                    details(ReminderKind.INTERIM),
                ],
                MailKind.DIGEST,
                "3 reminders, 1 late (Jejak)",
            ),
            (
                [details(ReminderKind.UPDATE_DUE, days=-1)] * 2,
                MailKind.URGENT,
                "Urgent: 2 reminders, 2 late (Jejak)",
            ),
        ):
            assert read(render_mail(content(*given, kind=kind)))["Subject"] == subject, given
        mail = content(
            details(ReminderKind.UPDATE_DUE, days=-1),
            details(ReminderKind.RETURNED),
            kind=MailKind.URGENT,
            language="ms",
        )
        assert read(render_mail(mail))["Subject"] == "Segera: 2 peringatan, 1 lewat (Jejak)"
        for language, title in (("ms", "Latih pegawai"), ("en", "Train officials")):
            titles = {"title_ms": "Latih pegawai", "title_en": "Train officials"}
            given = replace(details(ReminderKind.UPDATE_DUE), **titles)
            mail = read(render_mail(content(given, language=language)))
            assert str(mail["Subject"]).endswith(f" 2023. {title} (Jejak)"), language
            assert title in text_of(mail) and title in html_of(mail), language

    def test_most_urgent_comes_first_and_has_the_button_that_stands_out(self) -> None:
        html = html_of(
            read(
                render_mail(
                    content(details(ReminderKind.UPDATE_DUE), details(ReminderKind.FINAL_DUE, days=-5))
                )
            )
        )
        assert html.index("Complete Recommendation 4") < html.index("Report on Recommendation 4")
        assert html.count('bgcolor="#2563eb"') == 1

    def test_long_mail_shows_all_and_the_less_urgent_in_short(self) -> None:
        count = FULL_TEXTS + 30
        mail = content(
            *(
                details(ReminderKind.UPDATE_DUE, number=number, assignment_id=number)
                for number in range(1, count + 1)
            )
        )
        message = read(render_mail(mail))
        for body in (text_of(message), html_of(message)):
            for number in range(1, count + 1):
                assert f"/assignments/{number}/update/" in body
        # Gmail shows no more than about 100 KB of a mail.
        assert len(html_of(message).encode()) < 60_000

    def test_mail_says_how_late_it_is_why_it_comes_and_the_way_to_the_preferences(self) -> None:
        late = one_spaced(text_of(read(render_mail(content(late_since=TODAY - timedelta(days=2))))))
        assert "should have reached you on 12 September 2023, 2 days ago" in late
        assert "This e-mail is late" not in text_of(read(render_mail(content())))
        assert "You are responsible for it" not in text_of(read(render_mail(content())))
        escalated = details(ReminderKind.UPDATE_DUE, step=Audience.COORDINATOR, is_escalation=True)
        assert "Escalated to you" in text_of(read(render_mail(content(escalated))))
        text = text_of(read(render_mail(content(for_mapo(details(ReminderKind.UPDATE_DUE))))))
        assert "PDRM has not reported on Recommendation 4\n" in text
        mail = content(
            details(ReminderKind.UPDATE_DUE, is_for_mailbox=True), language="ms", name="PDRM", is_mailbox=True
        )
        text = text_of(read(render_mail(mail)))
        assert "salinan untuk peti mel bersama PDRM" in one_spaced(text)
        assert "/reminders/preferences/" not in text
        message = read(render_mail(content()))
        assert f"{SITE}/reminders/preferences/" in text_of(message)
        assert f'href="{SITE}/reminders/preferences/"' in html_of(message)


class TestHeaders:
    def test_headers(self) -> None:
        message = read(render_mail(content()))
        assert message["Message-ID"] == "<0190-abc@jejak.mapo.example>"
        assert message["List-Id"] == "Jejak <reminders.jejak.mapo.example>"
        assert message["List-Unsubscribe"] == f"<{SITE}/reminders/preferences/>"
        assert message["List-Unsubscribe-Post"] is None
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["X-Auto-Response-Suppress"] == "All"
        assert message["To"] == "Aminah binti Ali <aminah@pdrm.example>"
        assert message["Date"].datetime == MADE_AT
        first, second = read(render_mail(content())), read(render_mail(content(attempts_count=3)))
        assert first["Message-ID"] == second["Message-ID"]
        late = content(made_at=MADE_AT - timedelta(days=3))
        assert read(render_mail(late))["Date"].datetime == datetime(2023, 9, 14, 7, tzinfo=KUALA_LUMPUR)
        assert render_mail(content(address="")).to == [""]
        assert render_mail(content(address="no address")).to == ["no address"]

    def test_name_cannot_leave_its_place_nor_a_line_break_the_subject(self) -> None:
        for name in (
            "Aminah\r\nBcc: victim@other.example",
            "Aminah\nSubject: other\n\nbody",
            "Aminah\u2028Bcc: victim@other.example",
            'Ali" <evil@other.example>, "x',
            "Ali, victim@other.example",
            "Ali <evil@other.example>",
            "Ali\\",
            "Ali\x00\x1b[31m",
            "=?utf-8?q?Ali=0D=0ABcc=3A_victim=40other=2Eexample?=",
            "Nur ‘Aisyah بنت é\r\nBcc: victim@other.example",
            "x" * 150,
            "ä" * 150,
            '"',
            "",
        ):
            hostile = content(
                details(
                    ReminderKind.UPDATE_DUE, in_place_of=name, nudge_line=name[:200], agency_code=name[:20]
                ),
                name=name,
            )
            mail = render_mail(hostile)
            raw = mail.message().as_bytes()
            message = read(mail)
            assert mail.recipients() == ["aminah@pdrm.example"], name
            assert [address.addr_spec for address in message["To"].addresses] == ["aminah@pdrm.example"], name
            assert sorted(message.keys()) == sorted(read(render_mail(content())).keys()), name
            assert message["Bcc"] is None, name
            assert not message.defects, name
            assert max(len(line) for line in raw.split(b"\n\n", 1)[0].splitlines()) < 998, name
        hostile = content(
            details(ReminderKind.NUDGE, nudge_line="a\r\nBcc: victim@other.example", kind="weakness")
        )
        line = replace(hostile.texts[0], task="Report\r\nBcc: victim@other.example\r\n\r\nbody")
        message = read(render_mail(replace(hostile, texts=[line])))
        assert message["Bcc"] is None
        assert message["Subject"] == "Report Bcc: victim@other.example body (Jejak)"


class TestHtml:
    NUDGE = "<script>alert(1)</script> & \"quotes\" <img src='https://evil.example/x.png'>"

    def html(self, **values: Any) -> str:
        given = [
            details(what, nudge_line=self.NUDGE, in_place_of="<b>Ali</b>", agency_code="P&D")
            for what in ReminderKind
        ]
        return html_of(
            read(render_mail(content(*given, name="<i>Aminah</i>", late_since=date(2023, 9, 1), **values)))
        )

    def test_what_people_wrote_is_escaped(self) -> None:
        html = self.html()
        assert "<script" not in html and "<b>" not in html and "<i>" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quotes&quot;" in html

    def test_text_is_not_escaped(self) -> None:
        mail = render_mail(content(details(ReminderKind.NUDGE, nudge_line="A & B < C")))
        assert "A & B < C" in text_of(read(mail))

    def test_is_well_formed_and_asks_for_nothing_from_elsewhere(self) -> None:
        tags = Tags(self.html())
        assert tags.open == []
        html = self.html()
        names = {tag for tag, _attributes in Tags(html).seen}
        assert not names & {"img", "script", "link", "iframe", "object", "embed", "form", "video", "base"}
        assert "url(" not in html and "@import" not in html and "@font-face" not in html
        links = [attributes["href"] for tag, attributes in Tags(html).seen if tag == "a"]
        assert links and all(str(link).startswith(f"{SITE}/") for link in links)
        tables = [attributes for tag, attributes in Tags(self.html()).seen if tag == "table"]
        assert all(
            table.get("role") == "presentation" and table.get("cellpadding") == "0" for table in tables
        )
        assert "<!--[if mso]><table" in self.html()
        assert not {"div"} & {
            tag for tag, attributes in Tags(self.html()).seen if "display:none" not in str(attributes)
        }
        html = html_of(
            read(render_mail(content(details(ReminderKind.UPDATE_DUE), details(ReminderKind.ACTION_DUE))))
        )
        assert html.count("/assignments/7/update/") == html.count("/items/8/") == 1

    def test_mail_goes_through_any_server(self) -> None:
        raw = (
            render_mail(content(*(details(what) for what in ReminderKind))).message().as_bytes(linesep="\r\n")
        )
        assert max(len(line) for line in raw.split(b"\r\n")) < 998
        assert b"\n" not in raw.replace(b"\r\n", b"")


class TestText:
    def test_lines_are_narrow_and_links_whole(self) -> None:
        given = [
            details(what, nudge_line="panjang " * 24, in_place_of="N" * 100)
            for what in ReminderKind
            if what not in MAPO_KINDS
        ]
        lines = text_of(read(render_mail(content(*given)))).splitlines()
        wide = [line for line in lines if len(line) > TEXT_WIDTH]
        assert all(" " not in line.strip() for line in wide)
        assert any(line.strip() == f"{SITE}/assignments/7/update/" for line in lines)
        text = text_of(
            read(
                render_mail(content(details(ReminderKind.NUDGE, nudge_line="Words that go on and on, " * 4)))
            )
        )
        following = text.split("MAPO: ")[1].splitlines()[1]
        assert following.startswith("  ")
