"""load_cycle: what is missing is created, what people changed stays, and a bad file loads nothing at all."""

from datetime import date, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from accounts.models import Agency
from accounts.roles import Role
from accounts.services.agencies import change_agency, deactivate_agency
from audit.models import Event
from cycles.file import kept_cycle_files
from recommendations.models import Assignment, Cycle, CycleVersion, Item, ItemLink
from recommendations.queries.window_clock import WindowClock
from recommendations.services import confirm_suggestions, end_assignment
from recommendations.states import AssignmentRole, ItemKind, Stage
from tests.factories.accounts import UserFactory
from tests.shared import shared

OTHER_FILE = Path(__file__).resolve().parent / "data" / "2031.yaml"
pytestmark = pytest.mark.django_db


def load(*files: Path) -> str:
    """Run the command as a person in a shell would, in English."""
    out = StringIO()
    with translation.override("en"):
        call_command("load_cycle", *files, stdout=out)
    return out.getvalue()


@shared
def loaded(now: datetime) -> str:
    """The other year's cycle is loaded; returns what the command said."""
    return load(OTHER_FILE)


def counts() -> dict[str, int]:
    """How many rows of each kind the database holds."""
    return {
        model.__name__: model.objects.count() for model in (Agency, Cycle, Item, ItemLink, Assignment, Event)
    }


def edited(tmp_path: Path, old: str, new: str) -> Path:
    """The other year's file with one part replaced."""
    text = OTHER_FILE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "edited.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def test_load_without_files_loads_those_of_the_project_once_and_another_beside(now: datetime) -> None:
    load()
    assert Cycle.objects.count() == len(kept_cycle_files())
    cycle = Cycle.objects.get(year=2023)
    assert (cycle.window_start, cycle.window_end) == (date(2023, 4, 1), date(2024, 3, 31))
    kinds = {kind: cycle.items.filter(kind=kind).count() for kind in ItemKind.values}
    assert kinds == {"recommendation": 15, "weakness": 6, "achievement": 9}
    assert Agency.objects.count() == 20
    assert set(Assignment.objects.values_list("stage", flat=True)) == {Stage.SUGGESTED}
    assert Assignment.objects.filter(role=AssignmentRole.LEAD).count() == 21
    assert not Assignment.objects.filter(item__kind=ItemKind.ACHIEVEMENT).exists()
    before = counts()
    said = load()
    assert counts() == before
    assert "items: 0 created, 30 not changed" in said
    load(OTHER_FILE)
    cycle = Cycle.objects.get(year=2031)
    assert cycle.items.count() == 5
    assert cycle.cadence_days == 14
    assert WindowClock(cycle, cycle.window_start).day_count == 366
    first = cycle.items.get(kind=ItemKind.RECOMMENDATION, number=1)
    assert first.text_ms == "Syor contoh pertama; dengan koma bertitik,"
    suggested = first.assignments.order_by("role").values_list("agency__code", "role")
    assert list(suggested) == [("XYZ", "lead"), ("PDRM", "support")]
    links = ItemLink.objects.filter(weakness__cycle=cycle).values_list("answer__kind", "answer__number")
    assert sorted(links) == [("recommendation", 1), ("recommendation", 3)]
    # The agency that was there keeps the name that it has.
    assert Agency.objects.get(code="PDRM").name_ms == "Polis Diraja Malaysia"


def test_load_gives_a_cycle_the_sources_that_it_lacks_and_keeps_those_that_it_has(
    loaded: str, now: datetime
) -> None:
    texts = {"submission_source_ms": "", "submission_source_en": "", "quote_ms": "Ayat lain."}
    Cycle.objects.filter(year=2031).update(**texts)
    assert "sources: 1 created" in load(OTHER_FILE)
    cycle = Cycle.objects.get(year=2031)
    assert (cycle.submission_source_en, cycle.quote_ms) == ("Sample request", "Ayat lain.")
    added = {"submission_source_ms": "Permintaan contoh", "submission_source_en": "Sample request"}
    assert Event.objects.get(action="cycle.changed").after == added
    newest = CycleVersion.objects.current().get(cycle=cycle)
    assert (newest.submission_source_ms, newest.tier_before_en) == ("Permintaan contoh", "Tier 2")
    assert "sources" not in [
        line.split(":")[0].strip() for line in load(OTHER_FILE).splitlines() if ": 1 created" in line
    ]


def test_load_says_what_was_created_and_records_it_without_an_actor(loaded: str, now: datetime) -> None:
    said = loaded
    assert "Cycle 2031" in said
    assert "agencies: 2 created, 0 not changed" in said
    assert "items: 5 created, 0 not changed" in said
    assert "suggested agencies: 4 created, 0 not changed" in said
    events = Event.objects.filter(action="item.added")
    assert set(events.values_list("item_id", flat=True)) == set(Item.objects.values_list("pk", flat=True))
    assert not Event.objects.exclude(actor_id=None).exists()
    loaded = Event.objects.get(action="cycle.loaded")
    assert loaded.after is not None
    assert loaded.after["file"] == "2031.yaml"
    assert loaded.after["created"]["items"] == 5
    assert abs((loaded.recorded_at - now).total_seconds()) < 60


def test_load_leaves_alone_what_people_changed(loaded: str, now: datetime) -> None:
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    cycle = Cycle.objects.get(year=2031)
    cycle.interim_on = date(2031, 11, 30)
    cycle.save()
    item = cycle.items.get(kind=ItemKind.RECOMMENDATION, number=1)
    item.pillar, item.divergence_ms = "protection", "Nota orang."
    item.save()
    Agency.objects.filter(code="PDRM").update(name_en="The police")
    said = load(OTHER_FILE)
    cycle.refresh_from_db()
    item.refresh_from_db()
    assert cycle.interim_on == date(2031, 11, 30)
    assert (item.pillar, item.divergence_ms) == ("protection", "Nota orang.")
    assert Agency.objects.get(code="PDRM").name_en == "The police"
    assert "differs from the file in interim_on: not changed" in said
    assert administrator.agency.code not in said


def test_load_again_gives_items_their_short_titles_with_an_event(now: datetime) -> None:
    """As in a database that was set up before cycle files had short titles."""
    load(OTHER_FILE)
    assert Item.objects.get(kind="weakness", number=1).title_en == "Title of the first weakness"
    Item.objects.update(title_ms="", title_en="")
    events = Event.objects.filter(action="item.titled")
    assert not events.exists()
    assert "short titles: 2 created, 0 not changed" in load(OTHER_FILE)
    item = Item.objects.get(kind="weakness", number=1)
    assert (item.title_ms, item.title_en) == ("Tajuk kelemahan pertama", "Title of the first weakness")
    event = events.get(item_id=item.pk)
    assert (event.actor_id, event.before) == (None, {"title_ms": "", "title_en": ""})
    assert event.after == {"title_ms": item.title_ms, "title_en": item.title_en}
    before = counts()
    assert "short titles: 0 created, 2 not changed" in load(OTHER_FILE)
    assert counts() == before


def test_load_leaves_short_titles_of_people_alone(loaded: str, now: datetime) -> None:
    Item.objects.filter(kind="weakness", number=1).update(
        title_ms="Tajuk orang", title_en="A title of people"
    )
    Item.objects.filter(kind="recommendation", number=1).update(title_ms="", title_en="")
    Item.objects.filter(kind="recommendation", number=2).update(
        title_ms="Tajuk  syor PERTAMA", title_en="Another"
    )
    said = load(OTHER_FILE)
    assert "Weakness 1 differs from the file in title_ms, title_en: not changed" in said
    assert "Recommendation 1 gets no short title: Recommendation 2 has the same one." in said
    assert Item.objects.get(kind="weakness", number=1).title_en == "A title of people"
    assert Item.objects.get(kind="recommendation", number=1).title_ms == ""


def test_load_does_not_bring_back_suggestions_and_links(loaded: str, now: datetime) -> None:
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    turned_down = Assignment.objects.get(agency__code="PDRM", role=AssignmentRole.SUPPORT)
    end_assignment(turned_down, actor=administrator, now=now)
    confirmed = confirm_suggestions([turned_down.item], actor=administrator, now=now)
    end_assignment(confirmed[0], reason="Sebab.", actor=administrator, now=now)
    ItemLink.objects.filter(answer__number=3).delete()
    before = counts()
    load(OTHER_FILE)
    assert counts() == before
    assert set(turned_down.item.assignments.values_list("stage", flat=True)) == {Stage.ENDED}


def test_load_knows_an_agency_by_its_former_code(loaded: str, now: datetime) -> None:
    agency = Agency.objects.get(code="XYZ")
    administrator = UserFactory(role=Role.ADMINISTRATOR)
    change_agency(agency, code="ABC", name_ms="Baharu", name_en="New", actor=administrator, now=now)
    agencies_count = Agency.objects.count()
    said = load(OTHER_FILE)
    assert Agency.objects.count() == agencies_count
    assert "XYZ differs from the file in code, name_ms, name_en: not changed" in said


def test_load_adds_items_that_the_file_has_gained(loaded: str, now: datetime, tmp_path: Path) -> None:
    deactivate_agency(
        Agency.objects.get(code="XYZ"), reason="Sebab.", actor=UserFactory(role=Role.ADMINISTRATOR), now=now
    )
    gained = edited(
        tmp_path,
        "achievements: []\n      divergence",
        "achievements: [1]\n      divergence",
    )
    text = gained.read_text(encoding="utf-8")
    text = text.removesuffix("achievements: []\n") + (
        "achievements:\n  - {number: 1, text: {ms: Pencapaian contoh, en: Sample achievement}}\n"
    )
    text = text.replace(
        "weaknesses:\n",
        "  - number: 4\n    text: {ms: Syor keempat, en: Fourth}\n"
        "    editorial: {agencies: {lead: PDRM, support: [XYZ]}}\n\nweaknesses:\n",
    )
    gained.write_text(text, encoding="utf-8")
    said = load(gained)
    fourth = Item.objects.get(kind=ItemKind.RECOMMENDATION, number=4)
    assert list(fourth.assignments.values_list("agency__code", flat=True)) == ["PDRM"]
    assert "XYZ is not active: not suggested for" in said
    assert ItemLink.objects.filter(answer__kind=ItemKind.ACHIEVEMENT, weakness__number=1).exists()
    assert "links: 1 created, 2 not changed" in said


def test_load_leaves_a_closed_cycle_alone(loaded: str, now: datetime, tmp_path: Path) -> None:
    Cycle.objects.filter(year=2031).update(closed_at=now)
    before = counts()
    gained = edited(tmp_path, "achievements: []\n", "achievements: []\n")
    gained.write_text(
        gained.read_text(encoding="utf-8").removesuffix("achievements: []\n")
        + "achievements:\n  - {number: 1, text: {ms: Pencapaian, en: Achievement}}\n",
        encoding="utf-8",
    )
    assert "The cycle is closed: nothing was added." in load(gained)
    assert counts() == before


def test_load_refuses_a_bad_file_and_loads_none_of_the_good_ones(now: datetime, tmp_path: Path) -> None:
    before = counts()
    bad = edited(tmp_path, "pillar: prevention", "pillar: nothing")
    with pytest.raises(CommandError) as caught:
        load(OTHER_FILE, bad)
    assert "edited.yaml:48: “nothing” is not known under “pillar”" in str(caught.value)
    assert counts() == before


def test_load_refuses_two_files_about_one_year(now: datetime, tmp_path: Path) -> None:
    before = counts()
    with pytest.raises(CommandError, match="2031"):
        load(OTHER_FILE, edited(tmp_path, "code: XYZ", "code: XYZ"))
    assert counts() == before


def test_load_asks_for_no_more_when_there_is_nothing_to_do(
    now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    load(OTHER_FILE)
    with django_assert_max_num_queries(20):
        load(OTHER_FILE)
