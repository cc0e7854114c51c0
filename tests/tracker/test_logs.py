"""Logs are JSON with request ids, and hold no one-time link."""

import json
import logging
import logging.config
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from django.test import Client

from tracker.logs import logging_settings


@pytest.fixture
def printed() -> Iterator[StringIO]:
    """What the handlers of an installation print from now on."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configuration, stream = logging_settings("INFO"), StringIO()
    configuration["handlers"]["out"]["stream"] = stream
    logging.config.dictConfig(configuration)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(printed: StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in printed.getvalue().splitlines()]


def test_request_is_logged_with_its_id(db: None, client: Client, printed: StringIO) -> None:
    client.get("/health/")
    (line,) = lines(printed)
    assert line["event"] == "request_finished"
    assert line["request_id"]


def test_what_people_search_for_is_not_logged(db: None, client: Client, printed: StringIO) -> None:
    client.get("/sign-in/?next=/search/?q=canary")
    client.get("/nowhere/?q=canary")
    found = lines(printed)
    assert {line["request"] for line in found} == {"GET /sign-in/", "GET /nowhere/"}
    assert "canary" not in printed.getvalue()


def test_one_time_link_is_not_logged(db: None, client: Client, printed: StringIO) -> None:
    client.get("/password/invitation/MQ/c8x-secret-part/")
    logging.getLogger("django.request").error("Not Found: %s", "/password/reset/MQ/c8x-secret-part/")
    structlog.get_logger("jejak").info(
        "mail", link="https://jejak.example/password/reset/MQ/c8x-secret-part/"
    )
    found = lines(printed)
    assert len(found) >= 3
    assert "secret-part" not in json.dumps(found)
    assert "/password/reset/MQ/…/" in json.dumps(found, ensure_ascii=False)


@pytest.mark.parametrize(
    "name", ["/calendar/", "calendar/", "//calendar/", "/Calendar/", "https://j.example/calendar/"]
)
def test_secret_of_a_calendar_is_not_logged(db: None, client: Client, printed: StringIO, name: str) -> None:
    client.get("/calendar/1-c8x-secret-part.ics", headers={"user-agent": f"{name}1-c8x-secret-part.ics"})
    logging.getLogger("django.request").error("Error: {'path': '%s1-c8x-secret-part.ics'}", name)
    structlog.get_logger("jejak").info("feed", link=f"{name}1-c8x-secret-part.ics")
    found = lines(printed)
    assert len(found) >= 3
    assert "secret-part" not in json.dumps(found)
