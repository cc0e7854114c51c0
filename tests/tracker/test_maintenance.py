"""What is announced stands on every page until it is over."""

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from accounts.roles import Role
from tests.factories.accounts import make_agency, make_person
from tests.recommendations.pages import browser_of, words_of
from tests.replacing import replace_in
from tracker import maintenance
from tracker.maintenance import announced


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.django_db
def test_everybody_is_told_until_it_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    officer = make_person(Role.OFFICER, make_agency("JTK"))

    def page(language: str) -> str:
        return words_of(browser_of(officer, language).get("/evidence/"))

    assert "maintenance" not in page("en")
    call_command("announce_closing", "2099-11-30 18:00", "2099-11-30 18:30")
    assert "closed for maintenance on 30 November 2099 from 6:00 pm to 6:30 pm." in page("en")
    assert "ditutup untuk penyelenggaraan pada 30 November 2099, dari 6.00" in page("ms")
    replace_in(monkeypatch, maintenance, "time", time=datetime(2099, 12, 1, tzinfo=UTC).timestamp)
    assert announced() is None
    monkeypatch.undo()
    call_command("announce_closing", "--withdraw")
    assert announced() is None


def test_wrong_hours_are_a_sentence() -> None:
    for arguments in (
        (),
        ("2026-11-30 18:00",),
        ("18:00", "18:30"),
        ("2026-11-30 18:30", "2026-11-30 18:00"),
        ("2026-11-30 18:00", "2026-12-30 18:30"),
    ):
        with pytest.raises(CommandError):
            call_command("announce_closing", *arguments)
        assert announced() is None, arguments


def test_broken_file_announces_nothing(tmp_path: Path) -> None:
    for content in ("", "{}", "[]", '{"begins": 1, "ends": 2}', '{"begins": "soon", "ends": "later"}'):
        (tmp_path / "closing.json").write_text(content)
        assert announced() is None, content


def test_other_processes_learn_of_it_within_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert announced() is None
    (tmp_path / "closing.json").write_text(
        '{"begins": "2099-11-30T18:00:00+08:00", "ends": "2099-11-30T18:30:00+08:00"}'
    )
    later = time.monotonic() + 5
    replace_in(monkeypatch, maintenance, "time", monotonic=lambda: later)
    assert announced() is not None


def test_sentence_is_in_the_language_of_the_reader(tmp_path: Path) -> None:
    call_command("announce_closing", "2099-11-30 18:00", "2099-11-30 18:30")
    closing = announced()
    assert closing is not None
    with translation.override("ms"):
        assert closing.told().startswith("Jejak ditutup untuk penyelenggaraan")
