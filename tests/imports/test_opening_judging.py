"""What would happen to each row: a clear sentence at its row and column, in the reader's language."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from accounts.clearance import Clearance
from imports.checks import CheckedRow, check_rows
from imports.reference_data import ReferenceData, load_reference_data
from imports.rows import ImportColumn, ImportRow
from imports.values import Unreadable, class_of, date_of, item_of, percent_of, status_of
from recommendations.models import Assignment
from recommendations.services import enter_letter
from recommendations.states import AssignmentRole, ItemKind, Status
from tests.conftest import NOW, Clock
from tests.factories.recommendations import REPORTED, make_assignment, make_cycle, make_item, start_update
from tests.imports.openings import row, rows_of, sent
from tests.recommendations.conftest import Desk

pytestmark = pytest.mark.usefixtures("in_english")

TODAY = date(2023, 9, 14)


def reference(desk: Desk) -> ReferenceData:
    return load_reference_data(desk.cycle, agency=desk.agency, person=desk.officer, today=TODAY)


def checked(desk: Desk, *rows: ImportRow) -> list[CheckedRow]:
    return check_rows(rows, reference(desk))


def problems(desk: Desk, **cells: str) -> dict[str, str]:
    (one,) = checked(desk, row(**cells))
    return {problem.column.value: problem.text for problem in one.problems}


# Words and numbers


def test_an_item_is_named_in_either_language_and_what_names_none_is_said() -> None:
    for text, item in (
        ("Syor 3", (ItemKind.RECOMMENDATION, 3)),
        ("RECOMMENDATION  3", (ItemKind.RECOMMENDATION, 3)),
        ("Recommendation 3: Increase efforts", (ItemKind.RECOMMENDATION, 3)),
        ("Kelemahan No. 12", (ItemKind.WEAKNESS, 12)),
        ("Weakness\u00a02", (ItemKind.WEAKNESS, 2)),
        ("Pencapaian 1", (ItemKind.ACHIEVEMENT, 1)),
    ):
        assert item_of(text) == item, text
    for text in ("3", "Syor", "Perkara 3", "Syor 1234", "=1+1", "R\u0000 3"):
        with pytest.raises(Unreadable, match="is not an item"):
            item_of(text)


def test_a_status_and_a_class_are_named_in_either_language() -> None:
    for text, status in (
        ("Tiada Tindakan", Status.NONE),
        ("in progress", Status.PROGRESS),
        ("SELESAI*", Status.DONE),
        ("done", Status.DONE),
    ):
        assert status_of(text) == status, text
    assert (class_of("Terhad"), class_of("restricted"), class_of("Rahsia Besar"), class_of("0")) == (
        1,
        1,
        4,
        0,
    )


def test_a_date_is_read_with_the_day_first_and_what_is_none_is_said() -> None:
    for text, day in (
        ("2023-05-02", date(2023, 5, 2)),
        ("2023-05-02 00:00:00", date(2023, 5, 2)),
        ("2/5/2023", date(2023, 5, 2)),
        ("02.05.2023", date(2023, 5, 2)),
        ("2 - 5 - 2023", date(2023, 5, 2)),
        ("2 Mei 2023", date(2023, 5, 2)),
        ("2 May 2023", date(2023, 5, 2)),
        ("13 Ogos 2023", date(2023, 8, 13)),
        ("13 Aug 2023", date(2023, 8, 13)),
        ("13\u00a0August\u00a02023", date(2023, 8, 13)),
    ):
        assert date_of(text) == day, text
    for text in ("31/02/2023", "5/23/2023", "2/5/23", "45048", "Mei 2023", "2/5-2023", "semalam"):
        with pytest.raises(Unreadable, match="is not a valid date"):
            date_of(text)


def test_a_percentage_is_read_and_what_is_none_is_said() -> None:
    for text, percent in (("40", 40), ("40%", 40), ("40 %", 40), ("40.0", 40), ("0", 0), ("100%", 100)):
        assert percent_of(text) == percent, text
    for text in ("0.4", "33.5", "101", "-1", "empat puluh", "٤٠", "1e2"):
        with pytest.raises(Unreadable, match="is not a valid percentage"):
            percent_of(text)


# Rows by themselves


@pytest.mark.django_db
def test_a_good_row_says_what_would_happen(desk: Desk) -> None:
    (one,) = checked(desk, row())
    assert one.is_good and one.answering is not None and one.answering.pk == desk.assignment.pk
    assert (one.reported_on, one.place, one.total) == (date(2023, 5, 2), 1, 1)
    assert one.content.status == Status.PROGRESS and one.content.percent == 20
    assert one.content.classification == Clearance.RESTRICTED
    for status, percent in (("No action", 0), ("Selesai", 100)):
        (one,) = checked(desk, row(status=status, percent=""))
        assert one.is_good and one.content.percent == percent
    assert "percentage completed" in problems(desk, percent="")["percent"]
    assert problems(desk, covers_from="1/1/2023") == {}


@pytest.mark.django_db
def test_each_mistake_is_one_sentence_at_its_column(desk: Desk) -> None:
    make_item(desk.cycle, number=2)
    for cells, column, told in (
        ({"item": ""}, "item", "Choose the item."),
        ({"item": "Syor 99"}, "item", "There is no Recommendation 99 in the 2023 cycle."),
        ({"item": "Syor 2"}, "item", "PDRM has no assignment in force on Recommendation 2."),
        ({"reported_on": ""}, "reported_on", "Enter the date on which this was reported."),
        ({"reported_on": "15/9/2023"}, "reported_on", "This date is in the future."),
        (
            {"reported_on": "31/3/2023", "covers_to": "2023-03-30", "covers_from": ""},
            "reported_on",
            "31 March 2023 is before",
        ),
        ({"status": ""}, "status", "Choose a status."),
        (
            {"status": "Sibuk"},
            "status",
            "“Sibuk” is not a valid status. Choose one of: No action, In progress, Completed.",
        ),
        ({"percent": "100"}, "percent", "In progress is between 1% and 99%."),
        ({"percent": "0.4"}, "percent", "“0.4” is not a valid percentage."),
        ({"narrative": ""}, "narrative", "Say what was done"),
        (
            {"narrative": "x" * 5_300},
            "narrative",
            "The description has 5,300 characters, and 5,000 is the most.",
        ),
        ({"covers_from": ""}, "covers_from", "Give the first day"),
        (
            {"covers_to": "1/1/2023"},
            "covers_to",
            "The end date is before the start date. Correct one of the two.",
        ),
        ({"covers_to": "2023-05-03"}, "covers_to", "The last day covered, 3 May 2023, is later than"),
        (
            {"classification": "Sangat sulit"},
            "classification",
            "“Sangat sulit” is not a valid classification.",
        ),
        (
            {"classification": "Rahsia"},
            "classification",
            "The classification is above what you may handle here.",
        ),
    ):
        assert problems(desk, **cells)[column].replace("\u00a0", " ").startswith(told), cells


@pytest.mark.django_db
def test_all_mistakes_of_a_row_are_told_in_the_order_of_the_columns(desk: Desk) -> None:
    (one,) = checked(desk, row(item="?", status="?", percent="?", covers_to="?"))
    assert [problem.column for problem in one.problems] == [
        ImportColumn.ITEM,
        ImportColumn.STATUS,
        ImportColumn.PERCENT,
        ImportColumn.COVERS_TO,
    ]


@pytest.mark.django_db
def test_marks_of_cells_become_sentences(desk: Desk) -> None:
    marked = ImportRow(
        number=1,
        line=8,
        cells={**row().cells, "percent": ""},
        marks={"percent": "formula", "narrative": "error"},
    )
    (one,) = checked(desk, marked)
    told = {problem.column.value: problem.text for problem in one.problems}
    assert told["percent"].startswith("This cell is a formula") and told["narrative"].startswith(
        "Excel shows an error"
    )
    assert checked(desk, marked.corrected({**row().cells, "narrative": "Siap"}, by=1))[0].is_good


@pytest.mark.django_db
def test_sentences_come_in_the_readers_language(desk: Desk) -> None:
    with override("ms"):
        (one,) = checked(desk, row(item="Recommendation 1", status="?"))
        assert one.answering is not None and one.answering.label == "Syor 1"
        assert "Tiada Tindakan, Dalam Tindakan, Selesai" in one.problems[0].text


@pytest.mark.django_db
def test_an_achievement_takes_no_report(desk: Desk) -> None:
    make_item(desk.cycle, number=1, kind=ItemKind.ACHIEVEMENT)
    assert problems(desk, item="Pencapaian 1")["item"].startswith("PDRM has no assignment in force")


# Rows beside each other and beside what stands


@pytest.mark.django_db
def test_rows_of_one_item_have_a_place_in_time(desk: Desk) -> None:
    rows = rows_of({}, {"reported_on": "2023-07-04"}, {"reported_on": "2023-06-05"})
    assert [(one.place, one.total) for one in checked(desk, *rows)] == [(1, 3), (3, 3), (2, 3)]


@pytest.mark.django_db
def test_a_row_without_a_day_has_no_place(desk: Desk) -> None:
    first, second = checked(desk, *rows_of({}, {"reported_on": "?"}))
    assert (first.place, first.total, second.place, second.total) == (1, 1, 0, 0)


@pytest.mark.django_db
def test_the_same_item_and_day_twice_is_said_at_the_second(desk: Desk) -> None:
    first, second = checked(desk, *rows_of({}, {"item": "Syor 1", "reported_on": "2/5/2023"}))
    assert first.is_good
    assert [problem.text for problem in second.problems] == [
        "Row 8 has the same item and day. Leave one of the two out, or give another day."
    ]
    left, taken = checked(desk, row(1).left_out(True), row(2))
    assert taken.is_good and not left.is_good and left.problems == ()


@pytest.mark.django_db
def test_an_update_typed_by_hand_stands_in_the_way(desk: Desk) -> None:
    start_update(desk.assignment, actor=desk.officer, now=desk.now)
    assert problems(desk)["item"] == (
        "An update of Recommendation 1 that was typed by hand is still open (Draft). "
        "Finish it, or leave this row out."
    )


@pytest.mark.django_db
def test_another_batch_stands_in_the_way(desk: Desk) -> None:
    sent(desk.cycle, desk.agency, actor=desk.officer, now=desk.now)
    assert problems(desk)["item"].startswith("Recommendation 1 is in another opening import")


@pytest.mark.django_db
def test_an_older_report_does_not_take_the_place_of_what_was_accepted(desk: Desk) -> None:
    desk.accepted()
    told = problems(desk)["reported_on"].replace("\u00a0", " ")
    assert told.startswith("MAPO has already accepted a report of 14 September 2023 on Recommendation 1.")
    same_day = {"reported_on": "2023-09-14"}
    older, newer = checked(desk, *rows_of({}, same_day))
    assert older.is_good and newer.is_good


@pytest.mark.django_db
def test_what_was_accepted_from_a_letter_counts_from_the_day_of_the_letter(desk: Desk) -> None:
    from recommendations.services import accept_update

    letter = enter_letter(
        desk.assignment,
        content=REPORTED,
        reference="KDN/1",
        letter_on=date(2023, 5, 1),
        actor=desk.reviewer,
        now=desk.now,
    )
    accept_update(letter, status="progress", percent=40, actor=desk.second_reviewer, now=desk.now)
    assert problems(desk) == {}


@pytest.mark.django_db
def test_the_ground_is_the_agencys_own_in_this_cycle_in_the_order_of_the_report(desk: Desk) -> None:
    about: dict[str, Any] = {"actor": desk.administrator, "now": desk.now}
    weakness = make_item(desk.cycle, number=1, kind=ItemKind.WEAKNESS)
    third, second = make_item(desk.cycle, number=3), make_item(desk.cycle, number=2)
    for item in (weakness, third):
        make_assignment(item, desk.agency, **about)
    make_assignment(second, desk.other_agency, **about)
    later = make_item(make_cycle(2024), number=9)
    make_assignment(later, desk.agency, role=AssignmentRole.SUPPORT, **about)
    labels = [each.label for each in reference(desk).answered.values()]
    assert labels == ["Recommendation 1", "Recommendation 3", "Weakness 1"]


@pytest.mark.django_db
def test_an_assignment_that_ended_takes_no_report(desk: Desk, clock: Clock) -> None:
    from recommendations.services import end_assignment

    later = clock.move_to(NOW + timedelta(hours=1))
    end_assignment(Assignment.objects.get(), reason="Pindah", actor=desk.administrator, now=later)
    assert problems(desk)["item"].startswith("PDRM has no assignment in force")
