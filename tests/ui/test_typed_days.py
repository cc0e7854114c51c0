"""A day as people type it: the reader, the field, and that no other kind of date field is left."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.typed_days import DAYS_WITHOUT_YEAR, TYPED_DAYS
from ui import dates
from ui.forms import DayField, DayInput, bound_days
from ui.typed_days import FIRST_DAY, LAST_DAY, UnreadableDay, day_or_none, read_day, write_day

DAYS = st.dates(FIRST_DAY, LAST_DAY)


def test_read_day_with_and_without_its_year() -> None:
    for text, day in TYPED_DAYS.items():
        for language in ("ms", "en"):
            with translation.override(language):
                assert str(day_or_none(text) or "") == day, text
    for typed, day in DAYS_WITHOUT_YEAR.items():
        text, earliest, latest = typed
        bounds = {"earliest": day_or_none(earliest), "latest": day_or_none(latest)}
        assert str(day_or_none(text, **bounds) or "") == day, typed
    with pytest.raises(UnreadableDay):
        read_day("3/7/23", takes_short_years=False)


@given(DAYS, st.sampled_from(["ms", "en"]))
def test_every_way_in_which_jejak_writes_a_day_is_read(day: date, language: str) -> None:
    for text in (
        write_day(day),
        day.isoformat(),
        dates.day(day, language=language),
        dates.short_day(day, language=language),
        dates.weekday_day(day, language=language),
    ):
        assert read_day(text) == day


@given(st.text(max_size=30))
def test_any_other_text_is_refused_and_never_fails(text: str) -> None:
    day = day_or_none(text)
    assert day is None or read_day(write_day(day)) == day


class Sample(forms.Form):
    on = DayField(label="Dari")


def test_field_shows_the_day_first_and_says_it_in_words() -> None:
    for language, words in (("ms", "Isnin, 3\u00a0Julai\u00a02023"), ("en", "Monday, 3\u00a0July\u00a02023")):
        with translation.override(language):
            html = str(Sample(initial={"on": date(2023, 7, 3)})["on"])
        assert 'type="text"' in html, language
        assert 'value="3/7/2023"' in html, language
        assert words in html, language
        assert 'aria-describedby="id_on_words"' in html, language


def test_error_shows_an_example_and_the_text_stays() -> None:
    for language, example in (
        ("ms", "31/8/2023 atau 31\u00a0Ogos\u00a02023"),
        ("en", "31/8/2023 or 31\u00a0Aug\u00a02023"),
    ):
        with translation.override(language):
            form = Sample({"on": "7/23/2023"})
            [error] = form.errors["on"]
            assert error.startswith("“7/23/2023”"), language
            assert example in error, language
            assert 'value="7/23/2023"' in str(form["on"]), language


def test_what_the_error_says_is_not_said_again_below_the_field() -> None:
    for text, is_told in (("7/23/2023", True), ("", False)):
        with translation.override("en"):
            html = str(Sample({"on": text})["on"])
        assert ("Day/month/year" not in html) == is_told, text


def test_field_takes_the_year_from_its_bounds_and_shows_it_in_words() -> None:
    form = Sample({"on": "3/7"})
    bound_days(form, "on", latest=date(2023, 9, 14))
    assert form.is_valid()
    assert form.cleaned_data["on"] == date(2023, 7, 3)
    assert "Isnin, 3\u00a0Julai\u00a02023" in str(form["on"])
    assert not Sample({"on": "3/7"}).is_valid()


def test_day_in_iso_from_an_address_is_shown_as_typed_days_are() -> None:
    assert 'value="3/7/2023"' in DayInput().render("day", "2023-07-03", {"id": "day"})


def test_earliest_and_latest_bound_the_calendar() -> None:
    html = DayInput(earliest=date(2023, 4, 1), latest=date(2024, 3, 31)).render("day", None, {"id": "day"})
    assert 'data-earliest="2023-04-01"' in html
    assert 'data-latest="2024-03-31"' in html


def test_no_template_has_a_native_date_field() -> None:
    root = Path(settings.BASE_DIR)
    found = [
        path
        for path in root.glob("templates/**/*.html")
        if re.search(r"type=.(date|month|datetime)", path.read_text())
    ]
    assert found == []


def test_every_date_field_of_a_form_is_a_day_field() -> None:
    """Whatever a form calls: `forms.DateField` and `forms.DateInput` stand in `ui/forms.py` alone."""
    root, found = Path(settings.BASE_DIR), []
    for path in root.glob("[a-z]*/**/*.py"):
        if path.parts[len(root.parts)] in ("tests", "benchmarks") or path == root / "ui" / "forms.py":
            continue
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "Date" in text else ():
            if (
                isinstance(node, ast.Attribute)
                and node.attr in ("DateField", "DateInput", "SelectDateWidget")
                and isinstance(node.value, ast.Name)
                and node.value.id in ("forms", "widgets")
            ):
                found.append(f"{path.relative_to(root)}:{node.lineno}")
    assert found == []
