"""A workbook of figures is read, corrected and taken over, all or nothing; rights, races, what is never overwritten."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from audit.errors import NotAllowed, NotNow, Stale
from audit.models import Event
from cycles.services import close_cycle
from imports.services.batches import discard_batch
from indicators.models import FigureImport, FigureReport, FigureReportWriter
from indicators.models.workbook import FigureImportState
from indicators.services.workbooks import begin_figure_import, correct_rows, rows_of, take_over_figures
from submissions.states import SubmissionState
from tests.factories.figure_reports import AUGUST, FigureDesk
from tests.factories.figure_workbooks import AUGUST_TEXT, GOOD, begun, row, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

BAD = ((AUGUST_TEXT, "ipo", "", "-3"), (AUGUST_TEXT, "po", "", "7"))
JULY = date(2023, 7, 1)


def typed(desk: FigureDesk, month: date = AUGUST) -> dict[str, str]:
    return dict(FigureReport.objects.open().get(agency=desk.agency, month=month).typed)


def correct(
    desk: FigureDesk, kept: FigureImport, number: int, text: str, *, revision: int = 0, actor: Any = None
) -> FigureImport:
    cells = {**rows_of(FigureImport.objects.get(pk=kept.pk))[number - 1].cells, "number": text}
    about = {"actor": actor or desk.officer, "now": desk.now}
    return correct_rows(kept, corrections={number: (cells, revision)}, **about)


def leave_out(desk: FigureDesk, kept: FigureImport, number: int, *, is_left_out: bool = True) -> FigureImport:
    about: dict[str, Any] = {"actor": desk.officer, "now": desk.now}
    return correct_rows(kept, corrections={}, left_out={number: is_left_out}, **about)


def events() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


def test_taking_over_fills_the_drafts_of_the_months(figure_desk: FigureDesk) -> None:
    kept = taken(figure_desk, begun(figure_desk, *GOOD, ("2023-07", "po", "", "5")))
    assert kept.state == FigureImportState.TAKEN
    assert typed(figure_desk) == dict(figure_desk.content(ipo="12", women="8", men="4", po="7").typed)
    assert typed(figure_desk, JULY) == dict(figure_desk.content(po="5").typed)
    assert events() == ["figure_import.begun", "figures.started", "figures.started", "figure_import.taken"]
    facts = Event.objects.get(action="figure_import.taken").after
    assert (facts["rows"], facts["months"], facts["replaced"]) == (5, ["2023-07", "2023-08"], 0)


def test_what_else_is_typed_stays(figure_desk: FigureDesk) -> None:
    figure_desk.save(figure_desk.content(po="9", girls="x", explanation="Belum lengkap"))
    taken(figure_desk, begun(figure_desk, *GOOD[:2]))
    report = FigureReport.objects.get()
    assert report.typed == dict(figure_desk.content(po="9", girls="x", ipo="12", women="8").typed)
    assert report.explanation == "Belum lengkap"


def test_one_bad_row_keeps_all_from_being_taken_over(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *BAD)
    with pytest.raises(NotNow, match=r"rows 2"):
        taken(figure_desk, kept)
    assert not FigureReport.objects.exists()
    taken(figure_desk, correct(figure_desk, kept, 1, "3"))
    assert typed(figure_desk) == dict(figure_desk.content(ipo="3", po="7").typed)


def test_a_row_that_is_left_out_is_not_taken_over(figure_desk: FigureDesk) -> None:
    kept = leave_out(figure_desk, begun(figure_desk, *BAD), 1)
    leave_out(figure_desk, kept, 2)
    with pytest.raises(NotNow, match="Every row is left out"):
        taken(figure_desk, kept)
    leave_out(figure_desk, kept, 2, is_left_out=False)
    taken(figure_desk, kept)
    assert typed(figure_desk) == dict(figure_desk.content(po="7").typed)


def test_taking_over_twice_does_so_once(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *GOOD)
    taken(figure_desk, kept)
    revision = FigureReport.objects.get().revision
    taken(figure_desk, kept)
    assert FigureReport.objects.get().revision == revision
    assert events().count("figure_import.taken") == 1


def test_a_draft_that_changed_meanwhile_is_looked_at_first(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *GOOD)
    figure_desk.save(figure_desk.content(girls="1"))
    about: dict[str, Any] = {"actor": figure_desk.officer, "now": figure_desk.now, "replaces": True}
    for seen in ({AUGUST: 0}, {}, {AUGUST: 1, JULY: 0}):
        with pytest.raises(Stale):
            take_over_figures(kept, revision=0, month_revisions=seen, **about)
    with pytest.raises(Stale):
        take_over_figures(kept, revision=1, month_revisions={AUGUST: 1}, **about)
    take_over_figures(kept, revision=0, month_revisions={AUGUST: 1}, **about)
    assert "1" in typed(figure_desk).values()


def test_an_accepted_month_begins_another_report(figure_desk: FigureDesk) -> None:
    figure_desk.accepted(po="9", ipo="12")
    taken(figure_desk, begun(figure_desk, GOOD[3]), replaces=True)
    report = FigureReport.objects.open().get()
    assert report.state == SubmissionState.DRAFT
    assert report.typed == dict(figure_desk.content(po="7", ipo="12").typed)


def test_a_month_that_was_sent_meanwhile_takes_nothing(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *GOOD, ("2023-07", "po", "", "5"))
    figure_desk.send(figure_desk.content(po="7"))
    with pytest.raises(NotNow, match="must be corrected first"):
        taken(figure_desk, kept)
    assert not FigureReport.objects.filter(month=JULY).exists()


def test_whoever_wrote_a_row_counts_as_having_typed(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *BAD)
    correct(figure_desk, kept, 1, "3", actor=figure_desk.second_coordinator)
    taken(figure_desk, kept, actor=figure_desk.coordinator)
    writers = set(FigureReportWriter.objects.values_list("user_id", flat=True))
    assert writers == {
        person.pk for person in (figure_desk.officer, figure_desk.coordinator, figure_desk.second_coordinator)
    }


def test_a_colleagues_row_is_not_overwritten_unseen(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *BAD)
    correct(figure_desk, kept, 1, "3")
    with pytest.raises(Stale):
        correct(figure_desk, kept, 1, "4", actor=figure_desk.coordinator)
    assert correct(figure_desk, kept, 1, "3", actor=figure_desk.coordinator).revision == 1
    assert rows_of(correct(figure_desk, kept, 1, "4", revision=1))[0].text("number") == "4"
    with pytest.raises(Stale):
        correct_rows(
            kept, corrections={99: ({"number": "1"}, 0)}, actor=figure_desk.officer, now=figure_desk.now
        )


def test_the_same_file_begins_once(figure_desk: FigureDesk) -> None:
    rows = [row(1, AUGUST_TEXT, "po", "", "7")]
    about: dict[str, Any] = {"file_name": "a.xlsx", "sha256": "a" * 64, "rows": rows, "now": figure_desk.now}
    first = begin_figure_import(figure_desk.agency, figure_desk.cycle, actor=figure_desk.officer, **about)
    again = begin_figure_import(figure_desk.agency, figure_desk.cycle, actor=figure_desk.officer, **about)
    other = begin_figure_import(figure_desk.agency, figure_desk.cycle, actor=figure_desk.coordinator, **about)
    assert first == again != other


def test_only_the_agency_acts(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *GOOD)
    for person in (figure_desk.outsider, figure_desk.reviewer, figure_desk.observer):
        about: dict[str, Any] = {"actor": person, "now": figure_desk.now}
        with pytest.raises(NotAllowed):
            begun(figure_desk, *GOOD, actor=person)
        with pytest.raises(NotAllowed):
            correct_rows(kept, corrections={}, **about)
        with pytest.raises(NotAllowed):
            taken(figure_desk, kept, actor=person)
        with pytest.raises(NotAllowed):
            discard_batch(kept, revision=kept.revision, **about)
        assert not FigureImport.objects.visible_to(person).exists()
    assert FigureImport.objects.visible_to(figure_desk.coordinator).get() == kept


@pytest.mark.parametrize("revision", [-1, 0, 2])
def test_what_was_corrected_since_is_not_discarded_unseen(figure_desk: FigureDesk, revision: int) -> None:
    kept = begun(figure_desk, *GOOD)
    correct(figure_desk, kept, 1, "5")
    with pytest.raises(Stale):
        discard_batch(kept, revision=revision, actor=figure_desk.coordinator, now=figure_desk.now)
    assert FigureImport.objects.get().state == FigureImportState.DRAFT
    assert not Event.objects.filter(action="figure_import.discarded").exists()


def test_what_was_discarded_or_taken_does_not_change(figure_desk: FigureDesk) -> None:
    about: dict[str, Any] = {"actor": figure_desk.officer, "now": figure_desk.now}
    gone = begun(figure_desk, *GOOD)
    for _time in range(2):
        assert discard_batch(gone, revision=gone.revision, **about).state == FigureImportState.DISCARDED
    done = taken(figure_desk, begun(figure_desk, *GOOD))
    with pytest.raises(NotNow):
        discard_batch(done, revision=done.revision, **about)
    with pytest.raises(NotNow):
        taken(figure_desk, gone)
    for kept in (gone, done):
        with pytest.raises(NotNow):
            correct(figure_desk, kept, 1, "5")
        for change in ({"rows": []}, {"state": "draft"}, {"agency": figure_desk.other_agency}):
            with pytest.raises(DatabaseError), transaction.atomic():
                FigureImport.objects.filter(pk=kept.pk).update(**change)


def test_a_closed_cycle_takes_nothing(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *GOOD)
    administrator = figure_desk.reviewer
    administrator.role = "administrator"
    close_cycle(figure_desk.cycle, reason="Selesai", actor=administrator, now=figure_desk.now)
    about: dict[str, Any] = {"actor": figure_desk.officer, "now": figure_desk.now}
    for act in (
        lambda: begun(figure_desk, *GOOD),
        lambda: correct(figure_desk, kept, 1, "5"),
        lambda: taken(figure_desk, kept),
        lambda: discard_batch(kept, revision=kept.revision, **about),
    ):
        with pytest.raises(NotNow):
            act()
    assert not FigureReport.objects.exists()


def test_an_indicator_that_went_to_another_agency_is_not_taken_over(figure_desk: FigureDesk) -> None:
    kept = begun(figure_desk, *GOOD)
    figure_desk.po.agency = figure_desk.other_agency
    figure_desk.po.save()
    with pytest.raises(NotNow, match="must be corrected first"):
        taken(figure_desk, kept)
