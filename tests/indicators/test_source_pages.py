"""The page of a source by lines, its bytes, and the tables that it printed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Event
from evidence.states import Harm
from indicators.models import PublishedCell, PublishedTable, Source
from tests.conftest import NOW
from tests.factories.indicators import make_figure, make_indicator, make_series, make_source, make_table
from tests.recommendations.conftest import Desk, desk
from tests.recommendations.visitors import Visitor
from tests.shared import shared

__all__ = ["desk"]
pytestmark = pytest.mark.django_db

TEXT = "PERLINDUNGAN\n\nPotential Victims <IPOs>\n373\n \n510\nPeningkatan\n+ 37%\n"


def _heading(malay: str, english: str, *, is_own: bool = False, group: object = None) -> dict[str, object]:
    return {"ms": malay, "en": english, "is_own_ms": False, "is_own_en": is_own, "group": group}


@shared
def printed(desk: Desk) -> PublishedTable:
    """A table of two columns below one heading and a printed change, with a dash and two values in one place."""
    source = make_source(desk.cycle, now=NOW, text=TEXT)
    series = make_series(make_indicator())
    figure = make_figure(series, 510, now=NOW, source=source)
    group = _heading("Pencapaian", "Achievement", is_own=True)
    table = PublishedTable.objects.create(
        source=source,
        key="E",
        position=5,
        title_ms="Perlindungan",
        title_en="Protection",
        is_own_title_en=True,
        columns=[
            _heading("2021/2022", "2021/2022", group=group),
            _heading("2022/2023", "2022/2023", group=group),
            _heading("Catatan", "Remarks", is_own=True),
        ],
        rows=[_heading("Mangsa", "Potential victims")],
        footnotes=[{"text": "*Sehingga: 29 Mei 2023", "line": 7}],
        line=1,
    )
    cells = [
        {"column": 0, "text": "-", "line": 4},
        {"column": 1, "text": "510", "figure": figure, "line": 6, "note": "(individu)"},
        {"column": 1, "order": 1, "text": "57", "line": 6},
        {"column": 2, "text": "+ 37%", "change": Decimal("37"), "line": 8, "note": "Peningkatan"},
    ]
    for cell in cells:
        PublishedCell.objects.create(table=table, row=0, **cell)
    return table


@pytest.fixture
def observer(client: Client, desk: Desk) -> Client:
    client.force_login(desk.officer)
    return client


def test_source_is_shown_by_lines_with_the_tables_of_its_values_and_looking_records_nothing(
    observer: Client, printed: PublishedTable
) -> None:
    response = observer.get(reverse("indicators:source", args=[printed.source_id]))
    lines = {line.number: line for line in response.context["page"].lines}
    assert len(lines) == 8 and lines[5].is_blank
    assert [table.key for table in lines[6].tables] == ["E"] and not lines[3].tables
    page = response.content.decode()
    assert 'id="L8"' in page and "&lt;IPOs&gt;" in page and printed.source.sha256 in page
    observer.head(reverse("indicators:source", args=[printed.source_id]))
    assert not Event.objects.filter(action="source.downloaded").exists()


def test_bytes_leave_as_they_came_and_that_is_recorded(observer: Client, printed: PublishedTable) -> None:
    response = observer.get(reverse("indicators:source_download", args=[printed.source_id]))
    assert response.content == TEXT.encode() and response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"].startswith("attachment")
    event = Event.objects.get(action="source.downloaded")
    assert event.after == {"sha256": printed.source.sha256}


def test_bytes_that_differ_stay_and_are_told(
    observer: Client, printed: PublishedTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indicators.services.sources.harm_of_bytes", lambda _content, sha256: Harm.DIFFERS)
    for _again in range(2):
        response = observer.get(reverse("indicators:source_download", args=[printed.source_id]))
        assert response.status_code == 503
        assert "MAPO telah dimaklumkan" in response.content.decode()
    [event] = Event.objects.filter(action="source.found_harmed")
    assert event.after == {"harm": "differs", "sha256": printed.source.sha256}
    assert not Event.objects.filter(action="source.downloaded").exists()


def test_table_is_shown_as_printed_with_the_line_of_each_value_and_listed(
    observer: Client, printed: PublishedTable
) -> None:
    response = observer.get(reverse("indicators:table", args=[printed.pk]))
    shown = response.context["printed"]
    assert [(group and group.words, span) for group, span in shown.groups] == [("Pencapaian", 2), (None, 1)]
    (row,) = shown.rows
    assert [[value.text for value in place] for place in row.places] == [["-"], ["510", "57"], ["+ 37%"]]
    assert [value.is_mark for place in row.places for value in place] == [True, False, True, False]
    page = response.content.decode()
    for line in (4, 6, 8):
        assert f"{reverse('indicators:source', args=[printed.source_id])}#L{line}" in page
    assert "*Sehingga: 29 Mei 2023" in page and "(individu)" in page
    (table,) = observer.get(reverse("indicators:tables")).context["tables"]
    assert (table, table.value_count) == (printed, 4)


def test_words_of_mapo_are_marked_in_their_language(printed: PublishedTable, desk: Desk) -> None:
    for language, count in (("ms", 0), ("en", 3)):
        response = Visitor(desk.reviewer, language).get(reverse("indicators:table", args=[printed.pk]))
        assert response.context["printed"].has_own_words is bool(count), (language, count)
        assert response.content.decode().count('class="own" title') == count, (language, count)


def test_cycle_without_a_table_says_so(observer: Client, desk: Desk) -> None:
    assert "Tiada jadual diterbitkan" in observer.get(reverse("indicators:tables")).content.decode()


def test_pages_take_as_many_queries_whatever_they_show(
    observer: Client, printed: PublishedTable, django_assert_max_num_queries: object
) -> None:
    series = make_series(make_indicator("po"))
    for number in range(5):
        make_table(
            Source.objects.get(pk=printed.source_id),
            [[make_figure(series, 1, now=NOW, begins_on=None, ends_on=None, kind="unstated", source=None)]]
            if number == 0
            else [[make_figure(make_series(make_indicator(f"i{number}")), 2, now=NOW)]],
            key=f"X{number}",
        )
    for name, most in (("source", 12), ("table", 10), ("tables", 10)):
        key = {"source": [printed.source_id], "table": [printed.pk], "tables": []}[name]
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            assert observer.get(reverse(f"indicators:{name}", args=key)).status_code == 200, (name, most)
