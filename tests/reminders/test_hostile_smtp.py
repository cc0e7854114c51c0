"""The mail server of `make faults`: what it accepts is on disk before it says so, and its tricks are those it plans."""

import asyncio
import json
import smtplib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from benchmarks.faults.smtp import Log, Server, Trick, trick_for


@dataclass
class Running:
    """A server in a thread, the tricks that it is told to play in order, and its log."""

    path: Path
    tricks: list[Trick] = field(default_factory=list)
    port: int = 0

    def trick(self, _recipient: str, _visit: int) -> Trick:
        return self.tricks.pop(0) if self.tricks else Trick.NONE

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]

    @property
    def accepted(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["what"] == "accepted"]

    def client(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.port, timeout=10)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    told = Running(tmp_path / "log.jsonl")
    log = Log(told.path)
    server = Server(log, told.trick, slowest_answer=0.0)
    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(asyncio.start_server(server.serve, "127.0.0.1", 0))
    told.port = listening.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    yield told
    asyncio.run_coroutine_threadsafe(_close(listening), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
    log.close()


async def _close(listening: asyncio.Server) -> None:
    listening.close()
    mine = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not mine]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


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
    assert first["came_at"] <= first["at"] <= second["at"]
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
