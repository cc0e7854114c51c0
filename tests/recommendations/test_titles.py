"""What stands in lists for an item: MAPO's short title, or the beginning of an official text; and whose day it is of."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from audit import clock as audit_clock
from recommendations.models import Item, ItemVersion
from recommendations.models.cycle import TEXT_LENGTH_IN_LISTS, beginning_of
from recommendations.queries.cycle_state import state_of_cycle
from tests.conftest import NOW, Clock
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.django_db


def test_short_text_stays_whole() -> None:
    assert beginning_of("  Kelewatan dalam\n proses pendakwaan ") == "Kelewatan dalam proses pendakwaan"


def test_long_text_is_cut_after_a_word() -> None:
    cut = beginning_of("Perkataan panjang, " * 20)
    assert len(cut) <= TEXT_LENGTH_IN_LISTS + 1
    assert cut.endswith("panjang…")
    assert len(beginning_of("x" * 500)) == TEXT_LENGTH_IN_LISTS + 1


def test_title_is_in_the_readers_language_or_the_beginning_of_the_text() -> None:
    item = Item(text_ms="Teks " * 40, text_en="Text " * 40, title_ms="Tajuk", title_en="Title")
    with translation.override("en"):
        assert (item.title, item.short_title) == ("Title", "Title")
        item.title_ms = item.title_en = ""
        assert (item.title, item.short_title) == (beginning_of(item.text_en), "")
    with translation.override("ms"):
        assert item.title == beginning_of(item.text_ms)


def test_database_takes_titles_in_both_languages_or_in_none(desk: Desk) -> None:
    for titles in ({"title_ms": "Tajuk"}, {"title_en": "Title"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Item.objects.filter(pk=desk.item.pk).update(**titles)


def test_titles_of_a_past_day_are_those_that_held(desk: Desk, clock: Clock) -> None:
    Item.objects.filter(pk=desk.item.pk).update(title_ms="Tajuk lama", title_en="Old title")
    day = audit_clock.local_date(NOW)
    clock.move_to(NOW + timedelta(days=3))
    Item.objects.filter(pk=desk.item.pk).update(title_ms="Tajuk baharu", title_en="New title")
    then = state_of_cycle(desk.cycle, user=desk.officer, before=audit_clock.end_of_day(day)).items[0]
    now = state_of_cycle(desk.cycle, user=desk.officer).items[0]
    assert (then.title_ms, then.title_en) == ("Tajuk lama", "Old title")
    assert (now.title_ms, now.title_en) == ("Tajuk baharu", "New title")
    assert ItemVersion.objects.filter(item=desk.item).count() == 3
