"""Headers of answers that are no pages, names of cookies, security.txt, and what browsers report.

Headers of every page, and the flags of cookies: `tests/test_surface.py`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.messages import constants
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from tracker import csp_reports
from tracker.env import BadSetting, Reader
from ui.message_cookie import MessageStorage

BASE = Path(__file__).resolve().parent.parent.parent
ADDRESS = "/csp-reports/"


def test_no_other_site_may_embed_what_is_no_page(db: None, client: Client) -> None:
    for path in ("/health/", "/nothing/", "/static/ui/nothing.css", "/static/ui/mark.svg"):
        assert client.get(path).headers["Cross-Origin-Resource-Policy"] == "same-origin", path


def test_the_policy_says_where_reports_go(db: None, client: Client) -> None:
    answer = client.get("/accounts/login/")
    assert f"report-uri {ADDRESS}" in answer["Content-Security-Policy"]
    assert "report-to csp" in answer["Content-Security-Policy"]
    assert answer["Reporting-Endpoints"] == f'csp="{ADDRESS}"'


@pytest.mark.parametrize(("https", "prefix"), [("true", "__Host-"), ("false", "")])
def test_cookies_are_bound_to_the_host_with_https(https: str, prefix: str) -> None:
    code = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
    code += (
        "s.LANGUAGE_COOKIE_NAME, s.CHOSEN_LANGUAGE_COOKIE_NAME, s.DEVICE_COOKIE_NAME, s.ARRIVED_COOKIE_NAME, "
    )
    code += (
        "s.MESSAGES_COOKIE_NAME, s.LARGE_FILES_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
    )
    code += "s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH, s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=BASE,
        env={**os.environ, "HTTPS": https},
        capture_output=True,
        text=True,
        check=True,
    )
    *names, session_secure, csrf_secure, path, csrf_path, domain, csrf_domain = done.stdout.split()
    assert names == [
        f"{prefix}{name}"
        for name in (
            "sessionid",
            "csrftoken",
            "language",
            "chosen-language",
            "device",
            "arrived",
            "messages",
            "large-files",
        )
    ]
    # What a browser demands of a name that begins so.
    assert (session_secure, csrf_secure) == ((https == "true").__str__(),) * 2
    assert (path, csrf_path, domain, csrf_domain) == ("/", "/", "None", "None")


def test_a_chosen_language_is_kept_under_its_name(db: None, client: Client, settings: Settings) -> None:
    settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_SECURE = "__Host-language", True
    settings.CHOSEN_LANGUAGE_COOKIE_NAME = "__Host-chosen-language"
    answer = client.post("/language/", {"language": "en"}, secure=True)
    assert {"__Host-language", "__Host-chosen-language"} <= set(answer.cookies)


def test_what_the_next_page_is_to_say_is_kept_under_its_name(settings: Settings) -> None:
    vars(request := RequestFactory().get("/"))["session"] = {}
    storage = MessageStorage(request)
    storage.add(constants.INFO, "Disimpan")
    settings.SESSION_COOKIE_SECURE = True
    storage.update(answer := HttpResponse())
    cookie = answer.cookies[settings.MESSAGES_COOKIE_NAME]
    assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (True, True, "/", "")
    assert f"{MessageStorage.__module__}.{MessageStorage.__name__}" == settings.MESSAGE_STORAGE


def test_security_txt_says_where_to_report(client: Client, settings: Settings) -> None:
    settings.SECURITY_CONTACT, settings.SITE_URL = "mailto:lapor@jejak.example", "https://jejak.example"
    answer = client.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    lines = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert lines["Contact"] == "mailto:lapor@jejak.example"
    assert lines["Canonical"] == "https://jejak.example/.well-known/security.txt"
    ends = datetime.fromisoformat(lines["Expires"].replace("Z", "+00:00"))
    assert 0 < (ends - datetime.now(UTC)).days < 365


def test_a_contact_that_is_none_is_refused() -> None:
    for value in ("security@jejak.example", "http://jejak.example", "mailto:a b@c", "https://a\nX: b"):
        with pytest.raises(BadSetting, match="SECURITY_CONTACT"):
            Reader({"SECURITY_CONTACT": value}).contact("SECURITY_CONTACT")
        assert Reader({}).contact("SECURITY_CONTACT") == "", value


def send(client: Client, content: object, media_type: str = "application/csp-report") -> None:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    answer = client.post(ADDRESS, body, content_type=media_type)
    assert (answer.status_code, answer.content) == (204, b"")


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    lines = [record.msg for record in caplog.records if record.name == csp_reports.__name__]
    caplog.clear()
    return lines  # type: ignore[return-value]


OLD = {
    "csp-report": {
        "document-uri": "https://jejak.example/password/abc/secret-token/?q=Siti",
        "referrer": "https://jejak.example/search/?q=Siti+Aminah",
        "violated-directive": "script-src-elem",
        "blocked-uri": "https://evil.example/a.js?email=siti@jejak.example",
        "source-file": "https://jejak.example/items/?q=Siti",
        "line-number": 12,
        "script-sample": "alert('Siti')",
    }
}
NEW = [
    {
        "type": "csp-violation",
        "url": "https://jejak.example/",
        "user_agent": "Siti's browser",
        "body": {
            "documentURL": "https://jejak.example/health/",
            "effectiveDirective": "img-src",
            "blockedURL": "data",
            "lineNumber": 3,
        },
    }
]


def test_a_report_is_logged_without_anything_personal(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    send(client, OLD)
    send(client, NEW, "application/reports+json")
    old, new = logged(caplog)
    told = json.dumps([old, new])
    assert (old["directive"], old["blocked"], old["line"]) == ("script-src-elem", "https://evil.example", 12)
    assert (new["directive"], new["blocked"], new["page"]) == ("img-src", "data", "health")
    assert "secret-token" not in told and "Siti" not in told and "siti@" not in told
    assert not {"ip", "user_id"} & (old.keys() | new.keys())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"[[[[",
        b"[" * 10_000,
        b"\xff\xfe",
        b'{"csp-report": 7}',
        b'[{"type": "csp-violation", "body": []}]',
        b'{"csp-report": {"document-uri": 7, "blocked-uri": {}, "violated-directive": [], "line-number": "x"}}',
        b'{"csp-report": {"document-uri": "http://[", "blocked-uri": "http://[", "violated-directive": "\\u0000\\n"}}',
        b'{"csp-report": {"blocked-uri": "' + b"x" * 40_000 + b'"}}',
        b'{"csp-report": {"line-number": 1' + b"0" * 5_000 + b"}}",
    ],
)
def test_whatever_is_sent_does_no_harm(client: Client, content: bytes) -> None:
    send(client, content)


def test_reports_are_bounded_in_size_and_rate(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    send(client, NEW * 50)
    assert len(logged(caplog)) == csp_reports.MAX_OF_BODY
    for _time in range(10):
        send(client, NEW * 50)
    assert len(logged(caplog)) == csp_reports.MAX_A_MINUTE - csp_reports.MAX_OF_BODY


def test_a_report_needs_no_token_and_changes_nothing(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    send(strict, OLD)
    assert not strict.cookies
    assert client.get(ADDRESS).status_code == 405


def test_programs_that_collect_pages_are_sent_away(client: Client) -> None:
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"
    assert client.get("/favicon.ico").headers["Location"].startswith("/static/ui/mark.")
