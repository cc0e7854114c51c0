"""On every page a state that MAPO has set itself is marked as one: its day, who set it, the reason, and the verdicts."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from accounts.models import User
from recommendations.models import ItemOverride
from recommendations.services import override_item
from recommendations.states import ItemKind
from tests.conftest import Clock
from tests.factories.recommendations import make_assignment, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.shared import shared

WHY = "Pekeliling sudah berkuat kuasa."
#: Pages that show the state of an item, and whether their address names the item.
PAGES = {
    "recommendations:item": True,
    "recommendations:items": False,
    "overview:overview": False,
    "reports:choose": False,
}
SET_ON = {
    "en": "Set by {who} on 21 Sep",
    "ms": "Ditetapkan oleh {who} pada 21 Sep",
}
ALONE = {
    "en": ("Verdicts alone: In progress, 40%", "verdicts alone give: In progress, 40%"),
    "ms": ("Keputusan sahaja: Dalam Tindakan, 40%", "keputusan bagi agensi sahaja: Dalam Tindakan, 40%"),
}


@shared
def setter(desk: Desk, clock: Clock) -> str:
    """MAPO sets an item to completed a week after a verdict of 40 %, by somebody who is renamed since: the old name."""
    name = desk.administrator.name
    desk.accepted()
    desk.now = clock.move_to(desk.now + timedelta(days=7))
    _set(desk)
    return name


def _set(desk: Desk) -> ItemOverride:
    made = override_item(
        desk.item, status="done", percent=100, reason=WHY, actor=desk.administrator, now=desk.now
    )
    User.objects.filter(pk=desk.administrator.pk).update(name="Nama Baharu")
    return made


def test_state_is_marked_with_its_day_its_reason_and_the_verdicts(desk: Desk, setter: str) -> None:
    for who in ("reviewer", "officer", "observer"):
        for page in PAGES:
            for language in ("ms", "en"):
                url = reverse(page, args=[desk.item.pk] if PAGES[page] else [])
                words = words_of(browser_of(getattr(desk, who), language).get(url))
                # MAPO reads the name of then; others read that MAPO did.
                told = f"MAPO ({setter})" if who == "reviewer" else "MAPO"
                if page == "overview:overview":
                    # The mark stands in a narrow column; who set it stands before the reason.
                    assert SET_ON[language].format(who="MAPO") in words, (page, who, language)
                    assert {"en": f"Set by {told}: {WHY}", "ms": f"Ditetapkan oleh {told}: {WHY}"}[
                        language
                    ] in words, (page, who, language)
                else:
                    assert SET_ON[language].format(who=told) in words, (page, who, language)
                assert any(each in words for each in ALONE[language]) and WHY in words, (page, who, language)
                assert (setter in words) == (who == "reviewer") and "Nama Baharu" not in words, (
                    page,
                    who,
                    language,
                )


def test_history_work_decisions_counts_and_pages_of_one_agencys_part_tell_it(desk: Desk, setter: str) -> None:
    for who in ("reviewer", "observer"):
        url = reverse("recommendations:item_history", args=[desk.item.pk])
        words = words_of(browser_of(getattr(desk, who)).get(url))
        assert "Set by MAPO Verdicts alone: In progress" in words and WHY in words, who
        assert (setter in words) == (who == "reviewer"), who
    for who, page in (
        ("officer", "recommendations:my_work"),
        ("officer", "recommendations:our_agency"),
        ("reviewer", "recommendations:our_agency"),
    ):
        url = reverse(page) + ("?agency=PDRM" if who == "reviewer" else "")
        words = words_of(browser_of(getattr(desk, who)).get(url, follow=True))
        told = f"MAPO ({setter})" if who == "reviewer" else "MAPO"
        assert f"Status of the item: Completed, 100% Set by {told} on 21 Sep 2023 {WHY}" in words, (who, page)
        assert (setter in words) == (who == "reviewer"), (who, page)
    decisions = browser_of(desk.reviewer).get(reverse("overview:overview")).context["decisions"]
    assert [(each.agency and each.agency.code, each.status, each.percent) for each in decisions] == [
        (None, "done", 100),
        ("PDRM", "progress", 40),
    ]
    for who in ("reviewer", "observer"):
        words = words_of(browser_of(getattr(desk, who)).get(reverse("overview:overview")))
        assert words.count("1 status was set by MAPO itself.") == 1, who
    waiting = desk.submission()
    told = f"Status of the item: Completed, 100% Set by MAPO ({setter}) on 21 Sep 2023."
    browser = browser_of(desk.reviewer)
    for url in (
        reverse("recommendations:review", args=[waiting.update_id]),
        reverse("recommendations:assignment", args=[desk.assignment.pk]),
    ):
        words = words_of(browser.get(url))
        assert told in words and WHY in words


def test_weaknesses_mark_it_of_a_weakness_and_of_its_answers(desk: Desk, clock: Clock) -> None:
    desk.item = make_item(desk.cycle, number=3, kind=ItemKind.WEAKNESS)
    make_assignment(desk.item, desk.agency, actor=desk.administrator, now=desk.now)
    name = desk.administrator.name
    desk.now = clock.move_to(desk.now + timedelta(days=7))
    _set(desk)
    for who in ("reviewer", "officer"):
        words = words_of(browser_of(getattr(desk, who)).get(reverse("overview:weaknesses")))
        told = f"MAPO ({name})" if who == "reviewer" else "MAPO"
        assert f"Set by {told} on 21 Sep 2023 Verdicts alone: No action, 0% {WHY}" in words, who
