"""The mail server of `make faults`: accepted mails are on disk first, and its tricks are those it plans."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from benchmarks.faults.smtp import Trick, trick_for
from tests.reminders.mail_server import Running, serving


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with serving(tmp_path) as told:
        yield told


def _mail(number: int = 1, to: str = "ali@agensi.example") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "jejak@mapo.example", to
    mail["Message-ID"], mail["Subject"] = f"<{number}@jejak.example>", "Peringatan"
    mail.set_content("Kemas kini K001\n.satu titik di hadapan\n" + "baris\n" * 20)
    return mail


def test_accepts_a_mail_and_keeps_it_whole(running: Running) -> None:
    with running.client() as client:
        client.send_message(_mail())
        client.send_message(_mail(2, to="ABU@agensi.example"))
    first, second = running.accepted
    assert (first["id"], first["to"], first["cut"]) == ("<1@jejak.example>", "ali@agensi.example", False)
    assert "\r\n.satu titik di hadapan\r\n" in first["text"]
    assert first["asked_at"] <= first["at"] <= second["at"]
    assert second["to"] == "abu@agensi.example"


@pytest.mark.parametrize(
    ("trick", "error", "code"),
    [
        (Trick.REFUSE_TEXT, smtplib.SMTPDataError, 451),
        (Trick.REFUSE_RECIPIENT, smtplib.SMTPRecipientsRefused, 451),
        (Trick.BOUNCE, smtplib.SMTPRecipientsRefused, 550),
    ],
)
def test_refuses_and_goes_on_with_the_next(
    running: Running, trick: Trick, error: type[smtplib.SMTPException], code: int
) -> None:
    running.tricks = [trick]
    with running.client() as client:
        with pytest.raises(error) as caught:
            client.send_message(_mail())
        client.send_message(_mail(2))
    refusal = caught.value
    codes = (
        {reply[0] for reply in refusal.recipients.values()}
        if isinstance(refusal, smtplib.SMTPRecipientsRefused)
        else {getattr(refusal, "smtp_code", None)}
    )
    assert codes == {code}
    assert [line["id"] for line in running.accepted] == ["<2@jejak.example>"]
    assert running.lines[0]["trick"] == trick.value


@pytest.mark.parametrize(("trick", "kept"), [(Trick.CUT_WITHIN, 0), (Trick.CUT_AFTER, 1)])
def test_cuts_the_connection_without_a_word(running: Running, trick: Trick, kept: int) -> None:
    running.tricks = [trick]
    client = running.client()
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
        client.send_message(_mail())
    client.close()
    assert [line["cut"] for line in running.accepted] == [True] * kept
    with running.client() as again:
        again.send_message(_mail())
    assert [line["id"] for line in running.accepted] == ["<1@jejak.example>"] * (kept + 1)


def test_refuses_what_is_no_smtp(running: Running) -> None:
    with running.client() as client:
        assert client.docmd("VRFY", "ali")[0] == 502
        assert client.docmd("RCPT", "TO:nobody")[0] == 501
        assert client.docmd("DATA")[0] == 503


def test_plan_of_tricks_is_repeatable_and_ends() -> None:
    people = [f"pegawai{number}@agensi.example" for number in range(2000)]
    first = [trick_for(7, person, 1) for person in people]
    assert first == [trick_for(7, person, 1) for person in people]
    assert first != [trick_for(8, person, 1) for person in people]
    assert {*first} == {*Trick} - {Trick.BOUNCE}
    assert {trick_for(7, person, 4) for person in people} == {Trick.NONE}
    assert trick_for(7, "bounces1@agensi.example", 9) is Trick.BOUNCE
