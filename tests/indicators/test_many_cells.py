"""A month of more cells than a form may have fields: they arrive in one field, and no other form takes more than before."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings

from indicators.cells import PACKED
from indicators.models import FigureReport
from tests.factories.figure_reports import FigureDesk
from tests.factories.indicators import make_dimension, make_indicator
from tests.indicators.test_month_form_page import AUTOSAVE, URL, fields
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db


def packed(typed: Any, **more: str) -> dict[str, Any]:
    text = typed if isinstance(typed, str) else json.dumps(typed)
    return {PACKED: text, "explanation": "", "revision": "0", **more}


def test_what_arrives_in_one_field_is_saved(figure_desk: FigureDesk) -> None:
    typed = dict(figure_desk.content(ipo="12", men="x").typed)
    answer = browser_of(figure_desk.officer).post(AUTOSAVE, packed(typed))
    assert answer.status_code == 200
    assert FigureReport.objects.get().typed == typed
    page = browser_of(figure_desk.officer).post(URL, packed({}, action="save", revision="1"))
    assert page.status_code == 302
    assert FigureReport.objects.get().typed == {}


def test_more_cells_than_a_form_has_fields_are_saved(figure_desk: FigureDesk) -> None:
    states = make_dimension("state", tuple(f"state-{number}" for number in range(20)))
    for number in range(60):
        make_indicator(f"many-{number}", agency=figure_desk.agency, dimensions=(states,), position=number + 9)
    page = browser_of(figure_desk.officer).get(URL)
    assert "browser without scripts" in words_of(page)
    values = list(states.values.order_by("pk"))
    typed = {
        f"c{indicator.pk}-{value.pk}": "1"
        for indicator in figure_desk.agency.indicators.filter(code__startswith="many")
        for value in values
    }
    assert len(typed) > settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    assert browser_of(figure_desk.officer).post(AUTOSAVE, packed(typed)).status_code == 200
    assert FigureReport.objects.get().typed == typed


def test_forms_take_no_more_fields_than_before(figure_desk: FigureDesk) -> None:
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS == 1000
    many = {f"c{number}": "1" for number in range(1_100)}
    answer = browser_of(figure_desk.officer).post(AUTOSAVE, fields(figure_desk) | many)
    assert answer.status_code == 400
    assert not FigureReport.objects.exists()
    assert "browser without scripts" not in words_of(browser_of(figure_desk.officer).get(URL))


def test_what_is_no_object_of_texts_is_refused_and_nothing_is_saved(figure_desk: FigureDesk) -> None:
    figure_desk.save(figure_desk.content(po="7"))
    browser = browser_of(figure_desk.officer)
    for text in ("", "x", "[]", "null", "1", '{"c1": 1}', '{"c1": ["1"]}', "[" * 100_000, '{"c1": NaN}'):
        answer = browser.post(AUTOSAVE, packed(text, revision="1"))
        assert (answer.status_code, answer.json()["state"]) == (422, "invalid"), text[:20]
        page = browser.post(URL, packed(text, revision="1", action="save"))
        assert page.status_code == 200, text[:20]
        assert "did not arrive as they were typed" in words_of(page), text[:20]
        assert FigureReport.objects.get().typed == dict(figure_desk.content(po="7").typed), text[:20]


def test_cells_of_others_are_left_out(figure_desk: FigureDesk) -> None:
    theirs = make_indicator("theirs", agency=figure_desk.other_agency)
    typed = {f"c{theirs.pk}": "5", "__proto__": "1", "revision": "99", "explanation": "x"}
    answer = browser_of(figure_desk.officer).post(AUTOSAVE, packed(typed))
    assert answer.status_code == 200
    assert not FigureReport.objects.filter(typed__has_key=f"c{theirs.pk}").exists()
