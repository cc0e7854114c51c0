"""The notice of harmed bytes: its words in both languages, and its mail."""

from __future__ import annotations

import pytest
from django.utils import translation

from evidence.services.integrity import record_check
from evidence.states import Harm
from reminders.messages.notices import anytime_kinds, kind_of, subject_of
from reminders.models import Delivery, Notice
from reminders.states import FILE_HARMED, MailKind
from tests.factories.evidence import make_document
from tests.recommendations.conftest import Desk
from tests.reminders.mail_server import Running
from tests.reminders.notice_kinds import sent
from ui.icons import icon


def test_notice_says_which_file_and_what_to_do() -> None:
    for noun, harm, malay, english in (
        (
            "document",
            Harm.DIFFERS,
            "Kandungan fail bukti 37 berbeza daripada yang direkodkan: pulihkan fail itu daripada salinan sandaran",
            "The bytes of evidence file 37 differ from what was recorded: restore it from the backup",
        ),
        (
            "report",
            Harm.MISSING,
            "Kandungan fail ringkasan 37 tidak lagi ada: buat semula ringkasan itu",
            "The bytes of the file of summary 37 are missing: make the summary again",
        ),
        (
            "source",
            Harm.UNREADABLE,
            "Kandungan dokumen sumber 37 tidak dapat dibaca: periksa cakera",
            "The bytes of source document 37 cannot be read: look at the disk",
        ),
    ):
        for language, words in (("ms", malay), ("en", english)):
            with translation.override(language):
                assert kind_of(FILE_HARMED).text({"noun": noun, "number": 37, "harm": harm.value}) == words


def test_who_may_not_open_the_file_reads_no_number() -> None:
    with translation.override("en"):
        assert "A stored file is no longer what was received" in kind_of(FILE_HARMED).text({})
        english = subject_of(FILE_HARMED)
    with translation.override("ms"):
        assert subject_of(FILE_HARMED) != english
    assert "<svg" in icon(kind_of(FILE_HARMED).icon)
    assert FILE_HARMED in anytime_kinds()


@pytest.mark.django_db
def test_mail_goes_out_at_once_even_on_a_night(desk: Desk, server: Running) -> None:
    document = make_document(desk.agency, actor=desk.officer, now=desk.now)
    record_check(document, Harm.DIFFERS, now=desk.now)
    [notice] = Notice.objects.filter(what=FILE_HARMED)
    assert notice.user_id == desk.administrator.pk
    assert sent(desk.now).sent == 1 and sent(desk.now).sent == 0
    assert [line["to"] for line in server.accepted] == [desk.administrator.email]
    assert Delivery.objects.get(kind=MailKind.NEWS).user_id == desk.administrator.pk
