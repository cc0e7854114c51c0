"""Reports of errors: they tell where it failed, and hold nothing of what it was about."""

import logging
import sys
import threading
from collections.abc import Iterator
from email import message_from_bytes, policy
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts.roles import Role
from installation import error_reports
from installation.error_reports import ErrorReportHandler, ReportLimit
from tests.factories.accounts import UserFactory

CANARY = "canary-7f3a"


@pytest.fixture
def reports(settings: Any) -> Iterator[ErrorReportHandler]:
    """The handler, on the log of all."""
    settings.ERROR_REPORT_ADDRESSES = ["operators@example.gov.my"]
    handler = ErrorReportHandler()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


def fail(words: str) -> None:
    local = f"{CANARY} in a local variable"
    try:
        raise IntegrityError(f"DETAIL: Key (email)=({words}) already exists. {local}")
    except IntegrityError as error:
        raise ValueError(words) from error


def logged(handler: ErrorReportHandler, words: str, **more: Any) -> None:
    try:
        fail(words)
    except ValueError:
        logging.getLogger("jejak.test").exception("It failed for %s", words, **more)
    handler.wait()


def test_report_says_where_and_nothing_of_what_it_was_about(reports: ErrorReportHandler) -> None:
    logged(reports, CANARY, extra={"data": {"name": "reports.tasks.sweep", "id": "abc-1", "args": CANARY}})
    (sent,) = mail.outbox
    assert sent.to == ["operators@example.gov.my"]
    text = f"{sent.subject}\n{sent.body}"
    assert "ValueError in tests/installation/test_error_reports.py" in sent.subject
    assert "django.db.utils.IntegrityError at" in text
    assert "the task reports.tasks.sweep" in text
    assert "Request or task: abc-1" in text
    assert CANARY not in str(sent.message())


def test_page_that_fails_is_reported_without_who_asked_for_what(
    db: None, reports: ErrorReportHandler, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_given: Any, **_more: Any) -> None:
        raise RuntimeError(f"{CANARY} and who it was")

    monkeypatch.setattr("installation.state.look", break_down)
    client.raise_request_exception = False
    client.force_login(
        UserFactory(role=Role.ADMINISTRATOR, name=f"Puan {CANARY}", email=f"{CANARY}@example.my")
    )
    client.cookies["typed"] = CANARY
    response = client.get(
        f"{reverse('installation:state')}?q={CANARY}",
        headers={"user-agent": CANARY, "x-forwarded-for": "203.0.113.77"},
        REMOTE_ADDR="203.0.113.77",
    )
    assert response.status_code == 500
    reports.wait()
    (sent,) = mail.outbox
    text = str(sent.message())
    assert "the page installation:state" in text
    assert CANARY not in text
    assert "203.0.113.77" not in text
    assert client.session.session_key not in text


def test_same_failure_is_reported_once_an_hour_and_others_are_bounded(
    reports: ErrorReportHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _again in range(5):
        logged(reports, "x")
    assert len(mail.outbox) == 1
    limit = ReportLimit()
    assert sum(limit.lets(("ValueError", str(number))) for number in range(50)) == error_reports.MOST_AN_HOUR
    assert limit.taken() == 40
    assert limit.taken() == 0
    monkeypatch.setattr(error_reports, "HOUR_SECONDS", -1.0)
    assert limit.lets(("ValueError", "0"))


def test_lines_without_an_exception_or_an_address_are_not_mailed(
    reports: ErrorReportHandler, settings: Any
) -> None:
    logging.getLogger("jejak.test").error("Nothing but words about %s", CANARY)
    logging.getLogger("jejak.test").warning("It was caught", exc_info=(ValueError, ValueError(), None))
    reports.wait()
    assert mail.outbox == []
    settings.ERROR_REPORT_ADDRESSES = []
    logged(reports, "x")
    assert mail.outbox == []


def test_mail_server_that_is_away_breaks_nothing(
    reports: ErrorReportHandler, settings: Any, caplog: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    logged(reports, "x")
    assert "could not be sent: ConnectionRefusedError" in caplog.text


class _Recorder(StreamRequestHandler):
    """Speaks as much SMTP as a client needs, and keeps all that it is told."""

    server: Any

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        is_text = False
        for line in self.rfile:
            self.server.told.append(line)
            if is_text:
                is_text = line != b".\r\n"
                if is_text:
                    continue
            word = line.strip().upper()
            is_text = word == b"DATA"
            self.wfile.write(b"354 go on\r\n" if is_text else b"250 good\r\n")
            if word == b"QUIT":
                return


def test_what_leaves_over_the_network_holds_no_canary(reports: ErrorReportHandler, settings: Any) -> None:
    with ThreadingTCPServer(("127.0.0.1", 0), _Recorder) as server:
        server.told = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        logged(reports, CANARY)
        server.shutdown()
    told = b"".join(server.told)  # type: ignore[attr-defined]
    text = told.partition(b"data\r\n")[2].partition(b"\r\n.\r\n")[0]
    body = message_from_bytes(text, policy=policy.default).get_content()
    assert "builtins.ValueError at, the outermost first:" in body
    assert CANARY not in body
    assert CANARY.encode() not in told


def test_exceptions_that_go_in_circles_end(reports: ErrorReportHandler) -> None:
    first, second = ValueError("a"), KeyError("b")
    first.__cause__, second.__cause__ = second, first
    logging.getLogger("jejak.test").error("x", exc_info=(ValueError, first, None))
    reports.wait()
    assert len(mail.outbox) == 1
    assert sys.exc_info() == (None, None, None)
