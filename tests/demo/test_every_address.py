"""Every address of the URLconf, as every role, in both languages, on days of a whole window: none fails.

One test a day, in the demonstration with everything that the matrix knows to make. Who may see what is the matrix's to
say; here nothing may break: no 500, no template that asks for what its view did not give. A day's failures are told at
once, each with all who met it.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as project
from django.db import connection
from django.db.models import Max, Min
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests import matrix
from tests.demo.conftest import Demo
from tests.demo.played import Played, close, move_on, play_matrix, undoable
from tests.matrix import ANONYMOUS, ROLES, SIGN_IN
from tests.walk.place import URLS

pytestmark = pytest.mark.long

OPENING, MOST_LATE, LAST_WEEK, OVER = (
    date(2023, 9, 14),
    date(2023, 12, 1),
    date(2024, 3, 27),
    date(2024, 4, 15),
)
#: Says by a 503 what does not run beside the web: in tests, nothing does.
NOT_READY = {"health_ready"}
#: By the parameter of an address: which model it names, and by what the things of that model differ. Of each
#: difference, the oldest and the newest are looked at.
KINDS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "person_id": ("accounts.User", "pk", ("role", "is_active")),
    "agency_id": ("accounts.Agency", "pk", ("is_active",)),
    "event_id": ("audit.Event", "pk", ()),
    "document_id": ("evidence.Document", "pk", ("state", "classification")),
    "item_id": ("recommendations.Item", "pk", ("kind", "overrides__status")),
    "assignment_id": ("recommendations.Assignment", "pk", ("stage", "role")),
    "update_id": ("recommendations.Update", "pk", ("state",)),
    "request_id": ("recommendations.AssignmentRequest", "pk", ("kind", "answer")),
    "action_id": ("recommendations.Action", "pk", ("is_mapo", "is_decision")),
    "review_id": ("recommendations.Review", "pk", ("decision",)),
    "override_id": ("recommendations.ItemOverride", "pk", ("status",)),
    "asked_id": ("recommendations.AskedUpdate", "pk", ()),
    "meeting_id": ("meetings.Meeting", "pk", ("state",)),
    "report_id": ("indicators.FigureReport", "pk", ("state",)),
    "figure_id": ("indicators.Figure", "pk", ("period_kind", "is_partial")),
    "month": ("indicators.FigureReport", "month", ("state",)),
    "code": ("indicators.Indicator", "code", ("counts_victims",)),
    "check_id": ("indicators.Check", "pk", ("kind",)),
    "source_id": ("indicators.Source", "pk", ()),
    "table_id": ("indicators.PublishedTable", "pk", ()),
    "opening_id": ("recommendations.OpeningImport", "pk", ("state",)),
    "rule_id": ("reminders.ReminderRule", "pk", ("what",)),
    "year": ("recommendations.Cycle", "year", ()),
    "mark_id": ("privacy.IdentityMark", "pk", ("is_hidden",)),
}


@dataclass(frozen=True)
class Address:
    """Where somebody goes: the view's name, and the path."""

    name: str
    path: str


def addresses(played: Played) -> list[Address]:
    """Return every address: of what the matrix made, and of the demonstration's own things in all their states."""
    queries: dict[str, set[str]] = defaultdict(lambda: {""})
    for row in matrix.all_rows():
        queries[row.name].add(row.query if row.method == "get" else "")
    found = []
    for name, pattern in URLS.items():
        asked = _arguments(name, list(pattern.pattern.converters), played)
        for number, path in enumerate(dict.fromkeys(reverse(name, kwargs=kwargs) for kwargs in asked)):
            found += [
                Address(name, path + query) for query in (sorted(queries[name]) if not number else [""])
            ]
    empty = URLS.keys() - {address.name for address in found}
    assert not empty, (
        f"nothing is there to ask for: add its kind to KINDS, or make one in the matrix: {empty}"
    )
    return found


def _arguments(name: str, parameters: list[str], played: Played) -> Iterator[dict[str, Any]]:
    if not parameters:
        yield {}
    yield from played.made[name][:2] or _made_beside(name, parameters, played)[:2]
    if len(parameters) == 1 and parameters[0] in KINDS and not name.startswith("reports:"):
        yield from ({parameters[0]: value} for value in _things(*KINDS[parameters[0]]))


def _made_beside(name: str, parameters: list[str], played: Played) -> list[dict[str, Any]]:
    """Return what was made for other addresses of the same app that name the same kinds of things."""
    app = name.partition(":")[0]
    return [
        kwargs
        for other, made in played.made.items()
        for kwargs in made
        if other.startswith(f"{app}:") and list(kwargs) == parameters
    ]


def _things(label: str, key: str, differing: tuple[str, ...]) -> list[Any]:
    """Return the oldest and the newest of each difference."""
    rows = apps.get_model(label)._default_manager.order_by()
    ends = rows.values(*differing) if differing else rows.values("pk").order_by("pk")[:1]
    found = ends.annotate(oldest=Min(key), newest=Max(key)).values_list("oldest", "newest")
    return sorted({value for pair in found for value in pair if value is not None})


class Walk:
    """One walk of everybody through all addresses; `failures` says what broke, and who met it where."""

    def __init__(self, played: Played) -> None:
        self.sessions = matrix.session_keys(played.world)
        self.failures: dict[str, list[str]] = defaultdict(list)
        self.pages_count = 0

    def go(self, address: Address, *, role: str, language: str, sends_form: bool) -> None:
        """Ask for the page, and send its form empty; an address that has no page is sent to anyway."""
        answer = self._ask("get", address, role, language)
        if answer == 405 or (answer == 200 and sends_form):
            self._ask("post", address, role, language)

    def _ask(self, method: str, address: Address, role: str, language: str) -> int | None:
        client = Client()
        client.cookies[project.LANGUAGE_COOKIE_NAME] = language
        if role != ANONYMOUS:
            client.cookies[project.SESSION_COOKIE_NAME] = self.sessions[role]
        try:
            with undoable():
                response: HttpResponse = getattr(client, method)(address.path)
                if response.streaming:
                    # Reading a download to its end closes the file behind it.
                    response.getvalue()
                connection.set_rollback(True)
        except (Exception, pytest.fail.Exception) as error:
            self._note(error, method, address, role, language)
            return None
        self.pages_count += response.status_code == 200
        if response.status_code >= 500 and address.name not in NOT_READY:
            self._note(f"answered {response.status_code}", method, address, role, language)
        return response.status_code

    def _note(self, error: object, *where: object) -> None:
        method, address, role, language = where
        assert isinstance(address, Address)
        told = f"{address.name}: {error!r}"[:600]
        self.failures[told].append(f"{method} {address.path} ({role}, {language})")

    def told(self) -> str:
        """Return each failure with all who met it."""
        return "\n".join(f"{why}\n    " + "\n    ".join(met) for why, met in sorted(self.failures.items()))


def walk(played: Played) -> Walk:
    """Send everybody to the first thing of each address in both languages; to the others, in turn, who may find any."""
    walked, seen, turn = Walk(played), set(), 0
    finders: dict[str, set[str]] = defaultdict(set)
    for row in matrix.all_rows():
        finders[row.name] |= {role for role in ROLES if row.expected[role] not in {404, SIGN_IN}}
    languages = [code for code, _label in project.LANGUAGES]
    for address in addresses(played):
        is_first = address.name not in seen
        seen.add(address.name)
        turn += 1
        for role in ROLES:
            if not (is_first or role in finders[address.name]):
                continue
            turn += 1
            in_turn = languages[turn % len(languages)]
            for language in languages if is_first else [in_turn]:
                sends_form = is_first and language == in_turn
                walked.go(address, role=role, language=language, sends_form=sends_form)
    return walked


@pytest.fixture
def played(
    demo: Demo, db: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Played:
    """What the matrix makes, in the demonstration, with files of its own."""
    settings.MEDIA_ROOT = shutil.copytree(demo.media, tmp_path / "media")
    return play_matrix(monkeypatch)


@pytest.mark.parametrize("day", [OPENING, MOST_LATE, LAST_WEEK, OVER], ids=str)
def test_no_address_fails(played: Played, day: date) -> None:
    if day > OPENING:
        move_on(played, day)
    if day == OVER:
        close(played)
    walked = walk(played)
    assert not walked.failures, f"on {day}:\n{walked.told()}"
    assert walked.pages_count > 1_000, "hardly anything was there to see"
