"""A scanner that takes less than people may send, or is not where the settings say: told at start and to administrators."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.roles import Role
from evidence import scanner_state, tasks
from evidence.scanner_state import ScannerState, look, look_and_tell, sentence
from evidence.states import ScanState
from tests.caches import forget_all
from tests.evidence.conftest import World
from tests.evidence.fake_clamd import Clamd, running_clamd
from tests.evidence.pages import signed_in
from tests.factories.accounts import make_person
from tests.tracker.test_broker_down import refusing
from tracker import entry

LIMIT = 300_000


@pytest.fixture(params=["socket", "port"])
def clamd(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[Clamd]:
    with running_clamd(tmp_path if request.param == "socket" else None) as (server, address):
        settings.SCANNER, settings.CLAMD_ADDRESS, settings.MAX_UPLOAD_BYTES = "clamav", address, LIMIT
        yield server


def test_scanner_takes_the_largest_file(clamd: Clamd) -> None:
    assert look() == ScannerState.WELL
    assert clamd.scanned == [bytes(LIMIT)]
    assert sentence(look()) == ""


@pytest.mark.parametrize("takes", [LIMIT - 1, 100_000, 10])
def test_scanner_takes_less_than_people_may_send(clamd: Clamd, caplog: Any, takes: int) -> None:
    clamd.stream_max_length = takes
    with caplog.at_level(logging.WARNING):
        assert look_and_tell() == ScannerState.TOO_SMALL
    assert "Raise StreamMaxLength in clamd.conf" in caplog.text and str(LIMIT) in caplog.text


def test_file_that_is_too_long_for_the_scanner_does_not_wait_for_ever(world: World, clamd: Clamd) -> None:
    """The scanner closes the connection before the file's end, as clamd does."""
    clamd.stream_max_length = 100
    document = world.document(content=b"Bukti yang panjang.\n" * 10_000, name="Bukti.txt")
    assert tasks.scan_document(document.pk) == "failed"
    document.refresh_from_db()
    assert (document.scan_state, "StreamMaxLength" in document.scan_note) == (ScanState.FAILED, True)


@pytest.mark.parametrize(
    ("is_container", "address", "says"),
    [
        (True, "localhost:{}", "inside a container is the container itself"),
        (True, "127.0.0.1:{}", "clamav:3310"),
        (False, "localhost:{}", "files wait until it does"),
    ],
)
def test_scanner_that_is_not_there(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any, is_container: bool, address: str, says: str
) -> None:
    mark = Path("/") if is_container else Path("/nowhere/at/all")
    monkeypatch.setattr(scanner_state, "_IN_CONTAINER", (mark,))
    with refusing() as port:
        settings.SCANNER, settings.CLAMD_ADDRESS = "clamav", address.format(port)
        with caplog.at_level(logging.WARNING):
            entry._tell_of_scanner()
    assert says in caplog.text and str(port) in caplog.text


def test_start_says_nothing_where_no_file_is_scanned(caplog: Any) -> None:
    with caplog.at_level(logging.WARNING):
        entry._tell_of_scanner()
    assert not caplog.text
    assert tasks.look_at_scanner() == "off"


def test_administrators_are_told_on_every_page_and_others_are_not(world: World, clamd: Clamd) -> None:
    clamd.stream_max_length = 1000
    assert tasks.look_at_scanner() == "too small"
    page = reverse("evidence:list")
    administrator = signed_in(make_person(Role.ADMINISTRATOR, world.agency))
    assert "StreamMaxLength" in administrator.get(page).content.decode()
    assert "StreamMaxLength" not in signed_in(world.officer).get(page).content.decode()
    clamd.stream_max_length = LIMIT
    assert tasks.look_at_scanner() == "well"
    assert "StreamMaxLength" in administrator.get(page).content.decode(), "read again after a minute"
    forget_all()
    assert "StreamMaxLength" not in administrator.get(page).content.decode()


def test_what_is_noted_by_another_version_counts_as_well(clamd: Clamd, db: None) -> None:
    cache.set(scanner_state._KEY, ["odd"])
    assert scanner_state.known() == ScannerState.WELL
