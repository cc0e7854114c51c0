"""Selections under a name: kept by a person, seen by colleagues where they are shared, opened with one's own rights."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
from django.utils import translation

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from accounts.services.people import move_person
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from recommendations.saved_filters import MOST_FILTERS
from reports.models import SavedSelection
from reports.services.saved_selections import delete_selection, save_selection, share_selection
from tests.conftest import Clock
from tests.factories.accounts import UserFactory
from tests.recommendations.visitors import Visitor, text_of, toasts
from tests.reports.conftest import Told

pytestmark = pytest.mark.django_db
CHOOSE, KEEP = "/summaries/", "/summaries/kept/"
QUERY = "language=ms&ceiling=1&depth=full&agency=PDRM"


def keep(
    told: Told, by: str = "officer", *, name: str = "Bulanan", query: str = QUERY, is_shared: bool = False
) -> SavedSelection:
    """A selection of somebody."""
    return save_selection(name=name, query=query, is_shared=is_shared, actor=told.people[by], now=told.now)


def colleague_of(person: User, **values: object) -> User:
    return UserFactory(role=Role.OFFICER, agency=person.agency, **values)


def names(person: User) -> list[tuple[str, str]]:
    """What a person finds on the page: name, and who shared it."""
    return [(kept.name, kept.sharer) for kept in Visitor(person).get(CHOOSE).context["kept"]]


def test_selection_is_kept_without_its_day_and_cycle(told: Told) -> None:
    visitor = Visitor(told.people["officer"])
    address = f"cycle=2023&day=2023-08-31&{QUERY}&since=2023-08-01&other=1&paper=pdf"
    response = visitor.post(KEEP, {"name": "  Bulanan   PDRM ", "address": address}, follow=True)
    kept = SavedSelection.objects.get()
    assert (kept.name, kept.query, kept.is_shared) == ("Bulanan PDRM", f"{QUERY}&since=2023-08-01", False)
    assert toasts(response) == ["“Bulanan PDRM” was saved."]
    assert response.context["asked"].shown["day"] == "2023-08-31"
    (shown,) = response.context["kept"]
    assert shown.is_current


def test_kept_selection_opens_on_the_newest_day(told: Told, clock: Clock) -> None:
    keep(told)
    later = clock.move_to(told.now + timedelta(days=3))
    visitor = Visitor(told.people["officer"])
    (kept,) = visitor.get(CHOOSE).context["kept"]
    asked = visitor.client.get(kept.url).context["asked"]
    assert asked.selection.day == later.date() and asked.selection.agency == "PDRM"
    assert not asked.problems


def test_shared_selection_is_seen_by_colleagues_alone(told: Told) -> None:
    officer = told.people["officer"]
    colleague = colleague_of(officer)
    kept = keep(told)
    assert names(officer) == [("Bulanan", "")]
    assert names(colleague) == []
    share_selection(kept, is_shared=True, actor=officer, now=told.now)
    assert names(colleague) == [("Bulanan", officer.name)]
    for other in ("jim", "outsider", "observer", "reviewer", "administrator"):
        assert names(told.people[other]) == []
    share_selection(kept, is_shared=False, actor=officer, now=told.now)
    assert names(colleague) == []


def test_only_its_owner_acts_on_a_kept_selection(told: Told) -> None:
    kept = keep(told, is_shared=True)
    for actor in (colleague_of(told.people["officer"]), told.people["jim"], told.people["administrator"]):
        with pytest.raises(NotAllowed):
            share_selection(kept, is_shared=False, actor=actor, now=told.now)
        with pytest.raises(NotAllowed):
            delete_selection(kept, actor=actor, now=told.now)
    assert SavedSelection.objects.get().is_shared


def test_own_stand_before_those_of_colleagues(told: Told) -> None:
    colleague = colleague_of(told.people["officer"])
    keep(told, name="Zon", query="depth=lines")
    save_selection(name="Awal", query=QUERY, is_shared=True, actor=colleague, now=told.now)
    assert names(told.people["officer"]) == [("Zon", ""), ("Awal", colleague.name)]


def test_shared_selection_opens_with_ones_own_rights(told: Told) -> None:
    sharer = colleague_of(told.people["officer"], clearance=Clearance.SECRET)
    save_selection(name="Sulit", query="ceiling=3&depth=full", is_shared=True, actor=sharer, now=told.now)
    visitor = Visitor(told.people["officer"])
    (kept,) = visitor.get(CHOOSE).context["kept"]
    assert dict(parse_qsl(kept.url.partition("?")[2]))["ceiling"] == "1"
    asked = visitor.client.get(kept.url).context["asked"]
    assert not asked.problems and asked.selection.ceiling == Clearance.RESTRICTED


def test_sharing_from_the_page_and_back(told: Told) -> None:
    visitor, kept = Visitor(told.people["officer"]), keep(told)
    response = visitor.post(f"{KEEP}{kept.pk}/share/", {"is_shared": "1", "address": QUERY}, follow=True)
    assert toasts(response) == ["Your colleagues of PDRM can open “Bulanan” now."]
    assert "Shared with PDRM" in text_of(response)
    response = visitor.post(f"{KEEP}{kept.pk}/share/", {"is_shared": "0", "address": QUERY}, follow=True)
    assert toasts(response) == ["“Bulanan” is no longer shared."]


def test_removing_leads_back_to_what_was_shown(told: Told) -> None:
    kept = keep(told)
    visitor = Visitor(told.people["officer"])
    response = visitor.post(f"{KEEP}{kept.pk}/throw-away/", {"address": f"{QUERY}\r\nX: 1"})
    assert response["Location"] == f"{CHOOSE}?{QUERY}%0D%0AX%3A+1"
    assert not SavedSelection.objects.exists()
    assert visitor.post(f"{KEEP}{kept.pk}/throw-away/").status_code == 404


def test_events_hold_names_of_filters_and_no_values(told: Told) -> None:
    kept = keep(told)
    share_selection(kept, is_shared=True, actor=told.people["officer"], now=told.now)
    delete_selection(kept, actor=told.people["officer"], now=told.now)
    kept_event, shared, thrown = Event.objects.filter(action__startswith="selection.").order_by("pk")
    assert [event.action for event in (kept_event, shared, thrown)] == [
        "selection.kept", "selection.shared", "selection.thrown_away",
    ]  # fmt: skip
    facts = {"filters": ["agency", "ceiling", "depth", "language"]}
    assert kept_event.after == facts == thrown.before
    assert (shared.before, shared.after) == ({"is_shared": False}, {"is_shared": True})


def test_kept_or_thrown_away_twice_is_done_once_and_shared_as_said_last(told: Told) -> None:
    kept = keep(told)
    assert keep(told) == kept
    assert keep(told, is_shared=True).is_shared
    assert SavedSelection.objects.count() == 1
    for _time in range(2):
        delete_selection(kept, actor=told.people["officer"], now=told.now)
    actions = list(Event.objects.filter(action__startswith="selection.").values_list("action", flat=True))
    assert sorted(actions) == ["selection.kept", "selection.shared", "selection.thrown_away"]
    assert share_selection(kept, is_shared=True, actor=told.people["officer"], now=told.now) == kept


@pytest.mark.parametrize(
    ("name", "query", "words"),
    [
        ("", QUERY, "Give the selection a name"),
        ("Bulanan", "depth=lines", "You already have a saved selection with this name"),
        ("x" * 61, QUERY, "at most 60 characters"),
        ("\u200b", QUERY, "Give the selection a name"),
        (" \u2060 ", QUERY, "Give the selection a name"),
    ],
)
def test_refusal_keeps_what_was_typed(told: Told, name: str, query: str, words: str) -> None:
    keep(told)
    with translation.override("en"), pytest.raises(NotNow, match=words):
        keep(told, name=name, query=query)
    response = Visitor(told.people["officer"]).post(KEEP, {"name": name, "address": query, "is_shared": "1"})
    html = response.content.decode()
    assert response.status_code == 422 and words in text_of(response)
    assert f'value="{name.strip()}"' in html and 'value="1" checked' in html
    assert SavedSelection.objects.count() == 1


def test_person_keeps_so_many_and_no_more(told: Told) -> None:
    for number in range(MOST_FILTERS):
        keep(told, name=f"Pilihan {number}")
    with translation.override("en"), pytest.raises(NotNow, match="reached the limit of saved selections"):
        keep(told, name="Satu lagi")
    assert keep(told, "jim", name="Pilihan 0"), "the name is free for another person"


def test_address_that_is_too_long_is_cut_and_never_fails(told: Told) -> None:
    address = f"{QUERY}&item={'ا' * 3000}"
    response = Visitor(told.people["officer"]).post(KEEP, {"name": "Panjang", "address": address})
    assert response.status_code in (302, 422)


def test_shared_selection_stays_with_the_agency_when_its_owner_leaves(told: Told) -> None:
    officer, administrator = told.people["officer"], told.people["administrator"]
    left, found = colleague_of(officer), colleague_of(told.people["jim"])
    keep(told, is_shared=True)
    move_person(officer, agency=told.agencies["JIM"], actor=administrator, now=told.now)
    assert [name for name, _sharer in names(left)] == ["Bulanan"]
    assert names(found) == []


def test_what_mapo_shares_is_not_its_agencys(told: Told) -> None:
    reviewer = told.people["reviewer"]
    keep(told, "reviewer", is_shared=True)
    assert names(colleague_of(reviewer)) == []
    assert [name for name, _sharer in names(told.people["administrator"])] == ["Bulanan"]
