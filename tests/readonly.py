"""Fails a test whose GET wrote to the database."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve

#: Addresses whose GET leaves an Event, and what else: who takes a summary out is a row, and has heard its bell.
WRITING_VIEWS = {
    # Bytes that are harmed are kept on record and told to administrators.
    "evidence:download": frozenset({"evidence_filecheck", "reminders_notice"}),
    "evidence:preview": frozenset[str](),
    "indicators:source_download": frozenset({"reminders_notice"}),
    "reports:minutes": frozenset[str](),
    "reports:file": frozenset({"reports_taking", "reminders_notice", "evidence_filecheck"}),
}
#: What every request may keep in order: the session and the counters of limits.
HOUSEKEEPING = {"django_session", "usersessions_usersession", "jejak_cache"}
#: A refused look at an existing thing is an Event too, and so is a listed download.
EVENT_TABLES = {"audit_event", "audit_link"}
_WRITE = re.compile(
    r'^\s*(?:INSERT\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM|TRUNCATE(?:\s+TABLE)?|MERGE\s+INTO|COPY)\s+"?(\w+)"?',
    re.IGNORECASE,
)
#: The one way into the log.
_RECORD = re.compile(r"\bjejak_record\(", re.IGNORECASE)


class _Writes:
    """Collects the tables that statements write to."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, str]] = []

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        match = _WRITE.match(str(sql))
        table = "audit_event" if _RECORD.search(str(sql)) else match[1].lower() if match else ""
        if table and table not in HOUSEKEEPING:
            self.statements.append((table, str(sql)))
        return execute(sql, params, many, context)


def _view_name(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def refuse_writing_gets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrap the test client's requests: reads that write anything but their permitted Event fail the test."""
    original = Client.request

    def request(self: Client, **environ: Any) -> Any:
        if environ.get("REQUEST_METHOD", "GET") not in {"GET", "HEAD", "OPTIONS"}:
            return original(self, **environ)
        writes = _Writes()
        with connection.execute_wrapper(writes):
            response = original(self, **environ)
        path = environ.get("PATH_INFO", "/")
        name = _view_name(path)
        eventful = response.status_code in {404, 429} or name in WRITING_VIEWS
        permitted = WRITING_VIEWS.get(name, frozenset()) | (EVENT_TABLES if eventful else set())
        forbidden = [text for table, text in writes.statements if table not in permitted]
        if forbidden:
            pytest.fail(f"GET {path} wrote to the database: {forbidden[0][:300]}")
        return response

    monkeypatch.setattr(Client, "request", request)
