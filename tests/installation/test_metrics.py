"""Metrics: strangers find no such page, counts have names of routes and nobody's, gauges say how each part is."""

import re
import time
from datetime import datetime
from typing import Any

import pytest
import requests
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse
from prometheus_client.parser import text_string_to_metric_families

from accounts.roles import Role
from installation import state as installation_state
from installation.counting import COUNTED
from installation.metrics import GAUGES
from tests.conftest import WorkerDatabase
from tests.factories.accounts import UserFactory
from tests.tracker.site import serving_site

TOKEN = "a token of more than thirty-two characters"
HEADERS = {"authorization": f"Bearer {TOKEN}", "host": "10.0.0.7"}


@pytest.fixture
def asked_with_token(real_db: WorkerDatabase, settings: Any) -> None:
    settings.METRICS_TOKENS = [TOKEN]


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Return all numbers by name and labels."""
    return {
        (sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def read(client: Client) -> dict[tuple[str, ...], float]:
    response = client.get("/metrics", headers=HEADERS)
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return samples(response.content.decode())


def test_strangers_find_no_such_page_and_others_only_read(
    asked_with_token: None, client: Client, settings: Any
) -> None:
    for authorization in (
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        TOKEN,
    ):
        there, nowhere = (
            client.get(path, headers={"authorization": authorization}) for path in ("/metrics", "/nowhere")
        )
        assert there.status_code == nowhere.status_code == 404, authorization
        token = re.compile(rb'value="\w{64}"')
        assert token.sub(b"", there.content) == token.sub(b"", nowhere.content), authorization
    assert client.post("/metrics", headers=HEADERS).status_code == 405


def test_nobody_reads_them_without_a_token_in_the_settings(db: None, client: Client, settings: Any) -> None:
    settings.METRICS_TOKENS = []
    for authorization in ("", "Bearer ", "Bearer x"):
        assert client.get("/metrics", headers={"authorization": authorization}).status_code == 404


def test_gauges_say_how_each_part_is_and_are_named(
    asked_with_token: None, client: Client, now: datetime
) -> None:
    found = read(client)
    assert found["jejak_part_well", "part=database"] == 1
    assert found["jejak_part_well", "part=beat"] == 0
    assert found[("jejak_beat_age_seconds",)] == float("inf")
    assert found["jejak_disk_free_bytes", "folder=media"] > 0
    assert 0 <= found[("jejak_clock_apart_seconds",)] < 5
    assert found[("jejak_files_checked_share",)] == 1
    assert ("jejak_build_info",) in {key[:1] for key in found}
    read(client)
    given = {sample.metric for sample in installation_state.look().samples()}
    assert given <= set(GAUGES)


def test_requests_are_counted_by_name_and_tell_nobody(asked_with_token: None, client: Client) -> None:
    person = UserFactory(role=Role.ADMINISTRATOR)
    client.force_login(person)
    before = read(client)
    client.get(reverse("accounts:person", args=[person.pk]) + "?q=canary")
    client.get("/canary/nowhere/")
    client.put("/canary/nowhere/")
    client.generic("CANARY", "/sign-in/")
    found = read(client)
    page = "jejak_requests_total", "method=GET", "route=accounts:person", "status=200"
    assert found[page] == before.get(page, 0) + 1
    statements = "jejak_statements_total", "route=accounts:person"
    assert found[statements] >= before.get(statements, 0) + 3
    assert ("jejak_requests_total", "method=other", "route=none", "status=404") in found
    text = client.get("/metrics", headers=HEADERS).content.decode()
    assert "canary" not in text.lower()
    assert person.email not in text
    assert not re.search(r'="[^"]*/', text.replace("python=", "")), "no label holds an address"


def test_statements_that_fail_are_counted(db: None) -> None:
    def failed() -> float:
        return COUNTED.get_sample_value("jejak_statement_errors_total", {"sqlstate_class": "42"}) or 0

    before = failed()
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT nothing FROM nowhere")
    assert failed() == before + 1


@pytest.mark.long
@pytest.mark.parametrize("program", [("gunicorn", "tracker.wsgi:application"), ("tracker.entry", "web")])
def test_counts_of_all_processes_are_added_up(
    real_db: WorkerDatabase, settings: Any, program: tuple[str, ...]
) -> None:
    more = {"METRICS_TOKEN": TOKEN, "WEB_WORKERS": "2"}
    with serving_site(real_db.web_url, settings.MEDIA_ROOT, program=program, **more) as site:
        address = f"http://127.0.0.1:{site.port}"
        for _ in range(40):
            requests.get(f"{address}/sign-in/", headers={"host": "localhost"}, timeout=20)
        until = time.monotonic() + 20
        key = "jejak_requests_total", "method=GET", "route=account_login", "status=200"
        counts = []
        for _ in range(6):
            answer = requests.get(f"{address}/metrics", headers=HEADERS, timeout=20)
            counts.append(samples(answer.text)[key])
        assert time.monotonic() < until
        assert set(counts) == {40}
