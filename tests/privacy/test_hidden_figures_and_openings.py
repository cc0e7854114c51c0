"""Words beside figures, in rows of an opening import and in what is only half typed: nobody reads them who may not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pytest

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from imports.services.sending import send_opening
from indicators.models import Figure, FigureReport
from indicators.services.decisions import CellDecision, decide_figures
from indicators.services.reports import submit_figures
from indicators.services.revisions import revise_figure
from recommendations.models import OpeningImport
from tests.factories.accounts import UserFactory
from tests.factories.figure_reports import AUGUST, FigureDesk
from tests.imports.openings import batch, by
from tests.privacy.test_copies_of_texts import CARD, NAME, WHY, columns_that_tell
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.pages import browser_of
from tests.shared import shared

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


@shared
def figure_desk(now: datetime) -> FigureDesk:
    return FigureDesk(now=now)


def naming(what: str) -> str:
    return f"{what}: mangsa {NAME} (KP {CARD}) sudah pulang."


def low(role: Role, like: User) -> User:
    return UserFactory(role=role, agency=like.agency, clearance=Clearance.RESTRICTED)


def assert_told_to_nobody(people: Iterable[User], urls: Iterable[str]) -> None:
    for person in people:
        for url in urls:
            page = browser_of(person).get(url, follow=True).content.decode()
            assert "Canary" not in page and CARD not in page, (person.role, url)


def test_what_stands_beside_figures_is_hidden(figure_desk: FigureDesk) -> None:
    world = figure_desk
    about: dict[str, Any] = {"identities_reason": WHY, "now": world.now}
    month: dict[str, Any] = {
        "content": world.content(naming("Penjelasan"), po="9"),
        "revision": 0,
        "actor": world.coordinator,
    }
    sent = submit_figures(world.agency, world.cycle, AUGUST, asks_if_unusual=True, **month, **about)
    back = {each.pk: CellDecision(is_accepted=False, reason=naming("Semula")) for each in sent.figures.all()}
    report = decide_figures(sent, decisions=back, actor=world.reviewer, **about)
    again = month | {"content": world.content(naming("Pembetulan"), po="8"), "revision": report.revision}
    sent = submit_figures(world.agency, world.cycle, AUGUST, asks_if_unusual=True, **again, **about)
    world.accept(sent)
    figure = Figure.objects.get(series__indicator=world.po, ended_at=None)
    revise_figure(figure, text="7", reason=naming("Semakan"), actor=world.reviewer, **about)
    assert columns_that_tell("Canary", CARD) == set()
    people = [
        low(Role.REVIEWER, world.reviewer),
        world.observer,
        world.outsider,
        low(Role.ADMINISTRATOR, world.reviewer),
    ]
    urls = [
        f"/figures/reports/{report.pk}/",
        "/figures/",
        f"/figures/indicators/{world.po.code}/",
        "/reminders/",
        "/audit/",
    ]
    assert_told_to_nobody(people, urls)


def test_what_is_half_typed_reaches_nobody_outside(figure_desk: FigureDesk) -> None:
    world = figure_desk
    world.save(world.content(naming("Separuh"), po="9"))
    people = [world.reviewer, world.observer, world.outsider, low(Role.ADMINISTRATOR, world.reviewer)]
    report = FigureReport.objects.get()
    urls = [
        f"/figures/reports/{report.pk}/",
        "/figures/",
        f"/figures/indicators/{world.po.code}/",
        "/search/?q=pulang",
        "/audit/",
    ]
    assert_told_to_nobody(people, urls)


def test_rows_of_an_opening_import_are_hidden_once_they_are_sent(desk: Desk) -> None:
    opening = batch(desk, {"narrative": f"  {naming('Baris')}\n\nButiran menyusul.  "})
    people = [low(Role.REVIEWER, desk.reviewer), low(Role.ADMINISTRATOR, desk.reviewer)]
    urls = [
        f"/openings/{opening.pk}/",
        f"/openings/{opening.pk}/review/",
        "/my-work/",
        "/review/",
        "/reminders/",
        "/audit/",
    ]
    assert_told_to_nobody([*people, desk.reviewer], urls)
    revision = OpeningImport.objects.get().revision
    send_opening(opening, revision=revision, identities_reason=WHY, **by(desk.officer, desk))
    assert columns_that_tell("Canary", CARD) == set()
    assert_told_to_nobody(people, urls)
