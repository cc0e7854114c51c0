"""Administrators see beside the trail what places outside took, and can take the proofs away."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from audit.anchors.failures import AnchorFailure
from audit.models import Anchor, AnchorKind, AnchorOutcome
from reminders.messages.notices import kind_of, subject_of
from reminders.models import Notice
from reminders.services.anchor_notices import notify_late
from reminders.states import ANCHOR_LATE
from tests.factories.accounts import World
from tests.vouching import acting
from tracker.anchoring import Anchoring

FOLDER = "/mnt/anchors"


def _anchor(now: datetime, kind: AnchorKind, **values: Any) -> Anchor:
    about = {"name": FOLDER, "outcome": AnchorOutcome.KEPT, "proof": b"proof", **values}
    with acting():
        return Anchor.objects.create(kind=kind, position=1234, hash="a" * 64, at=now, line="x", **about)


def _page(client: Client, world: World) -> str:
    client.force_login(world.people["administrator"])
    with translation.override("en"):
        return client.get(reverse("audit:trail")).content.decode()


@pytest.fixture(autouse=True)
def _english(world: World) -> None:
    person = world.people["administrator"]
    person.language = "en"
    person.save()


def test_without_places_the_page_says_what_that_means_and_a_failure_is_no_file(
    client: Client, world: World, now: datetime
) -> None:
    assert "Nothing of the log is kept outside" in _page(client, world)
    anchor = _anchor(now, AnchorKind.FOLDER, outcome=AnchorOutcome.FAILED)
    client.force_login(world.people["administrator"])
    assert client.get(reverse("audit:anchor", args=[anchor.pk])).status_code == 404


def test_a_place_shows_its_last_anchor_and_what_went_wrong_since(
    client: Client, world: World, now: datetime, settings: Any
) -> None:
    settings.ANCHORING = Anchoring(folder=FOLDER)
    page = _page(client, world)
    assert "the first one follows within half an hour" in page
    assert "For days no place outside" in page
    anchor = _anchor(now, AnchorKind.FOLDER)
    _anchor(now, AnchorKind.FOLDER, outcome=AnchorOutcome.FAILED, failure=AnchorFailure.FOLDER_AWAY)
    page = _page(client, world)
    assert reverse("audit:anchor", args=[anchor.pk]) in page
    for words in ("Position 1,234", FOLDER, "The folder cannot be written"):
        assert words in page
    assert "For days no place outside" not in page


@pytest.mark.parametrize(
    ("kind", "ending", "media_type"),
    [
        (AnchorKind.MAIL, ".eml", "message/rfc822"),
        (AnchorKind.TIMESTAMP, ".tsr", "application/timestamp-reply"),
        (AnchorKind.FOLDER, ".txt", "text/plain; charset=utf-8"),
    ],
)
def test_a_proof_is_a_file(
    client: Client, world: World, now: datetime, kind: AnchorKind, ending: str, media_type: str
) -> None:
    anchor = _anchor(now, kind)
    client.force_login(world.people["administrator"])
    response = client.get(reverse("audit:anchor", args=[anchor.pk]))
    assert (response.content, response["Content-Type"]) == (b"proof", media_type)
    assert response["Content-Disposition"].startswith('attachment; filename="jejak-anchor-2023-09-14-')
    assert response["Content-Disposition"].endswith(f'{ending}"')


def test_administrators_alone_get_the_notice_once(world: World, now: datetime) -> None:
    for last in (None, None, now - timedelta(days=5)):
        notify_late(last, now)
    notices = Notice.objects.filter(what=ANCHOR_LATE).order_by("pk")
    assert {notice.user for notice in notices} == {world.people["administrator"]}
    with translation.override("en"):
        assert [kind_of(ANCHOR_LATE).text(notice.about) for notice in notices] == [
            "No place outside has taken the last hash of the audit log yet: see below the audit trail what to do",
            "No place outside has taken the last hash of the audit log since 9\xa0September\xa02023: see below the audit trail what to do",
        ]
        assert subject_of(ANCHOR_LATE) == "The log is not kept outside"
