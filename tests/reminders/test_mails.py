"""The folder in place of a mail server, and the pages on which a demonstration shows its mails."""

from __future__ import annotations

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tasks import send_invitation
from audit.models import Event
from reminders import mail_folder
from reminders.mail_folder import BACKEND, NAME, MailFolder
from tests.pages import body_of
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.replacing import replace_in
from tracker.env import Reader

MAILS = reverse("reminders:mails")
PAGES = ("mail", "mail_html", "mail_file")


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    """The folder in force."""
    settings.DEMO = True
    settings.EMAIL_BACKEND = BACKEND
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def post(to: str, *, subject: str = "Peringatan", text: str = "Teks biasa", html: str = "") -> str:
    """Send a mail and return the name of its file."""
    mail = EmailMultiAlternatives(subject, text, to=[to])
    if html:
        mail.attach_alternative(html, "text/html")
    before = set(files())
    get_connection().send_messages([mail])
    (name,) = set(files()) - before
    return name


def files() -> list[str]:
    from django.conf import settings

    found = Path(settings.EMAIL_FILE_PATH)
    return sorted(path.name for path in found.iterdir()) if found.exists() else []


def url(page: str, name: str) -> str:
    return reverse(f"reminders:{page}", args=[name])


class TestFolder:
    def test_each_mail_is_one_whole_private_file(self, folder: Path) -> None:
        name = post("aminah@pdrm.example", html="<p>Teks</p>")
        assert files() == [name]
        assert NAME.fullmatch(name)
        assert b"To: aminah@pdrm.example" in (folder / name).read_bytes()
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700

    def test_names_in_order_are_mails_in_order(self, folder: Path) -> None:
        sent = [post("aminah@pdrm.example", subject=str(number)) for number in range(5)]
        assert files() == sent

    def test_several_senders_at_once(self, folder: Path) -> None:
        def send(number: int) -> None:
            MailFolder().send_messages([EmailMultiAlternatives(str(number), "Teks", to=["a@pdrm.example"])])

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(send, range(40)))
        assert len(files()) == 40

    def test_mail_to_nobody_is_not_written(self, folder: Path) -> None:
        assert MailFolder().send_messages([EmailMultiAlternatives("s", "t", to=[])]) == 0
        assert files() == []

    def test_unfinished_file_is_no_mail(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(_handle: int) -> None:
            raise OSError(28, "No space left on device")

        replace_in(monkeypatch, mail_folder, "os", fsync=fail)
        with pytest.raises(OSError, match="No space"):
            post("aminah@pdrm.example")
        assert not [name for name in files() if NAME.fullmatch(name)]

    def test_address_of_a_folder_chooses_it(self, tmp_path: Path) -> None:
        found = Reader({"EMAIL_URL": f"file://{tmp_path}"}).email("EMAIL_URL")
        assert found == {"EMAIL_BACKEND": BACKEND, "EMAIL_FILE_PATH": str(tmp_path)}


@pytest.mark.django_db
class TestRights:
    def test_administrator_sees_all_and_others_their_own(self, desk: Desk, folder: Path) -> None:
        post(f'"Aminah" <{desk.officer.email.upper()}>', subject="Untuk pegawai")
        post(desk.reviewer.email, subject="Untuk penyemak")
        assert both(desk.administrator) == (True, True)
        assert both(desk.officer) == (True, False)
        assert both(desk.reviewer) == (False, True)
        assert both(desk.colleague) == (False, False)
        assert both(desk.observer) == (False, False)

    def test_shared_mailbox_is_read_by_who_acts_for_the_agency(self, desk: Desk, folder: Path) -> None:
        desk.agency.shared_mailbox = "urus@pdrm.example"
        desk.agency.save()
        post("urus@pdrm.example", subject="Untuk pegawai")
        assert both(desk.officer)[0] and both(desk.coordinator)[0]
        assert not both(desk.outsider)[0] and not both(desk.reviewer)[0]

    @pytest.mark.parametrize("page", PAGES)
    def test_mail_of_another_does_not_exist(self, desk: Desk, folder: Path, page: str) -> None:
        name = post(desk.officer.email)
        assert browser_of(desk.officer).get(url(page, name)).status_code == 200
        assert browser_of(desk.administrator).get(url(page, name)).status_code == 200
        theirs = browser_of(desk.colleague).get(url(page, name))
        missing = browser_of(desk.colleague).get(url(page, "20230914T020000.000000Z-00000000.eml"))
        assert theirs.status_code == missing.status_code == 404
        assert body_of(theirs) == body_of(missing)
        assert Event.objects.filter(action="permission.refused").count() == 1

    def test_no_other_file_can_be_named(self, desk: Desk, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "secret.txt").write_text("rahsia")
        (folder.parent / "secret-key").write_text("rahsia")
        (folder / ".20230914T020000.000000Z-00000000.eml.part").write_text("rahsia")
        for name in (
            "..",
            "..%2f..%2fetc%2fpasswd",
            "%2e%2e%2fsecret-key",
            "secret.txt",
            ".20230914T020000.000000Z-00000000.eml.part",
            "20230914T020000.000000Z-00000000.eml%00",
            "20230914T020000.000000Z-00000000.eml%0a",
            "٢٠٢٣٠٩١٤T020000.000000Z-00000000.eml",
        ):
            for page in PAGES:
                ending = {"mail": "", "mail_html": "html/", "mail_file": "file/"}[page]
                answer = browser_of(desk.administrator).get(f"{MAILS}{name}/{ending}")
                assert answer.status_code == 404, name
                assert b"rahsia" not in answer.content, name

    def test_pages_exist_in_a_demonstration_alone(self, desk: Desk, folder: Path, settings: Any) -> None:
        name = post(desk.administrator.email)
        browser = browser_of(desk.administrator)
        for demo, backend in ((False, BACKEND), (True, "django.core.mail.backends.smtp.MailFolder")):
            settings.DEMO, settings.EMAIL_BACKEND = demo, backend
            for address in (MAILS, *(url(page, name) for page in PAGES)):
                assert browser.get(address).status_code == 404, demo
            assert MAILS not in browser.get(reverse("recommendations:items")).content.decode(), demo

    def test_nobody_reads_mails_without_signing_in(self, desk: Desk, folder: Path) -> None:
        name = post(desk.officer.email)
        for address in (MAILS, *(url(page, name) for page in PAGES)):
            assert Client().get(address).status_code == 302


def both(person: User) -> tuple[bool, bool]:
    """Whether the list shows this person each of the two mails."""
    words = words_of(browser_of(person).get(MAILS))
    return "Untuk pegawai" in words, "Untuk penyemak" in words


@pytest.mark.django_db
class TestPages:
    def test_empty_folder(self, desk: Desk, folder: Path) -> None:
        for language in ("ms", "en"):
            words = words_of(browser_of(desk.officer, language).get(MAILS))
            assert {"ms": "Belum ada e-mel", "en": "No e-mail yet"}[language] in words, language

    def test_newest_first_with_pages(self, desk: Desk, folder: Path) -> None:
        for number in range(1, 53):
            post(desk.officer.email, subject=f"Mel {number:02}")
        browser = browser_of(desk.officer)
        first, second = (
            re.findall(r"Mel \d\d", words_of(browser.get(MAILS, {"page": page}))) for page in (1, 2)
        )
        assert first == [f"Mel {number:02}" for number in range(52, 2, -1)]
        assert second == ["Mel 02", "Mel 01"]

    def test_mail_is_shown_in_both_versions_and_downloaded_as_it_is(self, desk: Desk, folder: Path) -> None:
        name = post(
            desk.officer.email, subject="Lewat <3 hari>", text="Teks & biasa", html="<head></head><p>HTML</p>"
        )
        answer = browser_of(desk.officer).get(url("mail", name))
        words = words_of(answer)
        assert "Lewat <3 hari>" in words and "Teks & biasa" in words and "Message-ID" in words
        html = answer.content.decode()
        assert f'src="{url("mail_html", name)}"' in html
        assert 'sandbox="allow-top-navigation-by-user-activation"' in html
        assert "frame-src 'self'" in answer["Content-Security-Policy"]
        answer = browser_of(desk.officer).get(url("mail", post(desk.officer.email)))
        assert "<iframe" not in answer.content.decode()
        name = post(desk.officer.email)
        answer = browser_of(desk.officer).get(url("mail_file", name))
        assert answer.content == (folder / name).read_bytes()
        assert answer["Content-Type"] == "message/rfc822"
        assert answer["Content-Disposition"] == f'attachment; filename="{name}"'

    def test_html_stands_in_a_frame_that_can_do_nothing(self, desk: Desk, folder: Path) -> None:
        name = post(
            desk.officer.email, html="<html><head></head><body><script>alert(1)</script></body></html>"
        )
        answer = browser_of(desk.officer).get(url("mail_html", name))
        rules = dict(rule.split(" ", 1) for rule in answer["Content-Security-Policy"].split("; "))
        assert rules == {
            "default-src": "'none'",
            "style-src": "'unsafe-inline'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'self'",
            "sandbox": "allow-top-navigation-by-user-activation",
        }
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert '<base target="_top">' in answer.content.decode()

    def test_file_that_is_no_mail_breaks_nothing(self, desk: Desk, folder: Path) -> None:
        folder.mkdir(parents=True)
        name = "20230914T020000.000000Z-0123abcd.eml"
        (folder / name).write_bytes(b"\xff\xfe\x00 no mail\nTo: \xff\nDate: never\n\n\xff")
        (folder / name.replace("abcd", "ef01")).write_bytes(b'To: "=?utf-8?q?a=0D=0AB?=" <a@b.example>\n\n')
        browser = browser_of(desk.administrator)
        assert browser.get(MAILS).status_code == 200
        assert browser.get(url("mail", name)).status_code == 200
        assert browser_of(desk.officer).get(MAILS).status_code == 200

    def test_invitations_land_there_too(self, desk: Desk, folder: Path) -> None:
        User.objects.filter(pk=desk.colleague.pk).update(joined_at=None)
        send_invitation(desk.colleague.pk)
        assert desk.colleague.email in words_of(browser_of(desk.administrator).get(MAILS))

    def test_banner_leads_to_the_mails(self, desk: Desk, folder: Path) -> None:
        html = browser_of(desk.officer).get(reverse("recommendations:items")).content.decode()
        assert f'<a href="{MAILS}">' in html
