"""A file with the window or the texts of another cycle is loaded only when somebody confirms it."""

from __future__ import annotations

import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.urls import reverse
from django.utils import translation

from cycles.file import kept_cycle_files, read_cycle_bytes
from cycles.file.likeness import likenesses
from cycles.file.load import LikeAnotherCycle, load_cycle
from recommendations.models import Cycle
from recommendations.queries.cycles import usual_cycle
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.shared import shared

pytestmark = pytest.mark.django_db

OTHER = (Path(__file__).resolve().parent / "data" / "2031.yaml").read_bytes()
KEPT = kept_cycle_files()[-1].read_bytes()
PREPARE = reverse("cycles:cycle_prepare")


def copied(year: int, *, later: int = 0, begins: str = "04-01") -> bytes:
    """The project's report under another year, its days so many years later."""
    text = KEPT.decode().replace("year: 2023", f"year: {year}", 1)
    text = re.sub(r"\b(202[34])(-\d\d-\d\d)", lambda day: f"{int(day[1]) + later}{day[2]}", text)
    return text.replace(f"{2023 + later}-04-01", f"{2023 + later}-{begins}").encode()


def words(data: bytes) -> list[str]:
    with translation.override("en"):
        return likenesses(read_cycle_bytes(data, name="file.yaml"))


def upload(desk: Desk, data: bytes) -> HttpResponse:
    file = SimpleUploadedFile("file.yaml", data)
    return browser_of(desk.administrator).post(PREPARE, {"act": "look", "file": file})


def load(desk: Desk, shown: HttpResponse, **more: str) -> HttpResponse:
    typed = shown.context["load_form"].initial | {"act": "load"} | more
    return browser_of(desk.administrator).post(PREPARE, typed, follow=True)


@shared
def loaded(desk: Desk) -> Cycle:
    """The project's own cycle, in the place of the desk's, whose year it has."""
    Cycle.objects.filter(pk=desk.cycle.pk).update(
        year=2019, window_start=date(2019, 4, 1), window_end=date(2020, 3, 31)
    )
    load_cycle(read_cycle_bytes(KEPT, name="2023.yaml"), actor=desk.administrator, now=desk.now)
    return Cycle.objects.get(year=2023)


def test_words_say_which_cycle_is_alike_and_how(loaded: Cycle) -> None:
    same, texts = words(copied(2024))
    assert same.startswith("The 2023 cycle has the same assessment window: ")
    assert texts == "30 of its 30 items have the same text as items of the 2023 cycle."
    overlapping = words(copied(2024, later=1, begins="03-31"))[0]
    assert overlapping.startswith("Its assessment window overlaps that of the 2023 cycle: ")
    assert words(OTHER) == []
    assert words(KEPT) == []


def test_load_refuses_until_confirmed(desk: Desk, loaded: Cycle) -> None:
    file = read_cycle_bytes(copied(2024), name="file.yaml")
    with pytest.raises(LikeAnotherCycle):
        load_cycle(file, actor=desk.administrator, now=desk.now)
    assert not Cycle.objects.filter(year=2024).exists()
    load_cycle(file, is_confirmed=True, actor=desk.administrator, now=desk.now)
    load_cycle(file, actor=desk.administrator, now=desk.now)


def test_command_refuses_until_told(loaded: Cycle, tmp_path: Path) -> None:
    path = tmp_path / "copy.yaml"
    path.write_bytes(copied(2024))
    with pytest.raises(CommandError):
        call_command("load_cycle", path, stdout=StringIO())
    call_command("load_cycle", path, although_alike=True, stdout=StringIO())
    assert Cycle.objects.filter(year=2024).exists()


def test_page_warns_and_asks_to_confirm(desk: Desk, loaded: Cycle) -> None:
    shown = upload(desk, copied(2024))
    assert "This may be the wrong file" in words_of(shown)
    assert "The 2023 cycle has the same assessment window" in words_of(shown)
    assert "No problem was found" not in words_of(shown)
    refused = load(desk, shown)
    assert refused.status_code == 422 and "Nothing was loaded: tick this first." in words_of(refused)
    assert not Cycle.objects.filter(year=2024).exists()
    load(desk, shown, is_confirmed="on")
    assert Cycle.objects.filter(year=2024).exists()


def test_page_of_a_file_like_no_other_asks_nothing(desk: Desk, loaded: Cycle) -> None:
    shown = upload(desk, OTHER)
    assert "No problem was found" in words_of(shown) and "is_confirmed" not in shown.content.decode()
    load(desk, shown)
    assert Cycle.objects.filter(year=2031).exists()


def test_neither_a_prepared_cycle_nor_a_copy_takes_the_place_of_the_running_one(
    desk: Desk, loaded: Cycle
) -> None:
    for year, later in ((2024, 0), (2025, 1)):
        file = read_cycle_bytes(copied(year, later=later), name="file.yaml")
        load_cycle(file, is_confirmed=True, actor=desk.administrator, now=desk.now)
    cycles = list(Cycle.objects.all())
    assert usual_cycle(cycles, date(2023, 9, 14)) == loaded
    assert usual_cycle(cycles, date(2024, 4, 1)) == Cycle.objects.get(year=2025)
    for person, url in ((desk.observer, "overview:overview"), (desk.reviewer, "recommendations:assignments")):
        page = browser_of(person).get(reverse(url))
        assert page.context["cycle_switch"]["label"] == "2023 cycle"
