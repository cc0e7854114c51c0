"""Planned steps in summaries: whose rights, as at which day, at which depths, and in which form of rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override

from audit.clock import local_date
from recommendations import services
from recommendations.models import Action
from recommendations.services.step_changes import current_version
from reports.states import Depth, ExportFormat
from reports.summary.rows import ReportedStep
from reports.writers.wording.steps import earlier_decisions, moved_words, step_state, still_open
from tests.conftest import Clock
from tests.reports import packs, tables
from tests.reports.conftest import Told
from tests.reports.printed_pdf import PrintedPaper
from tests.reports.test_all_writers import plan_steps, squeezed, words_of_docx

pytestmark = pytest.mark.django_db

DUE, LATER = date(2023, 9, 20), date(2023, 10, 20)


def plan(told: Told, **values: Any) -> Action:
    """A step of JIM."""
    officer = told.people["jim"]
    about = {"text": "Kursus", "owner": officer, "due_on": DUE, "actor": officer, "now": told.now}
    return services.plan_action(told.assignments["jim"], **about | values)


def decide(told: Told, agency: Any) -> Action:
    about = {"text": "Melapor", "due_on": DUE, "actor": told.people["reviewer"], "now": told.now}
    return services.plan_decision_step(told.assignments["jim"].item, agency, **about)


def words_of(pdf: bytes) -> str:
    return PrintedPaper(pdf).words


def steps_for(told: Told, reader: str = "reviewer", **asked: Any) -> tuple[ReportedStep, ...]:
    return told.content(reader, **{"depth": "full", "day": "2023-09-14"} | asked).steps


def test_steps_are_read_by_their_agency_and_mapo_and_mapos_by_mapo_alone(told: Told) -> None:
    plan(told), decide(told, None)
    decide(told, told.people["outsider"].agency)
    seen = {who: [step.whose for step in steps_for(told, who)] for who in told.people}
    other = told.people["outsider"].agency.code
    assert seen["reviewer"] == [*sorted(["JIM", other]), "MAPO"]
    assert (seen["jim"], seen["outsider"], seen["observer"]) == (["JIM"], [other], [])
    assert [step.whose for step in steps_for(told, agency="JIM")] == ["JIM"], "a summary of one agency"


def test_steps_are_in_the_full_depth_and_in_the_fingerprint(told: Told) -> None:
    former = told.content(day="2023-09-14").finish()
    plan(told)
    newer = told.content(day="2023-09-14").finish()
    assert newer.fingerprint != former.fingerprint
    assert newer.rows_count == former.rows_count + 1
    assert told.content(day="2023-09-14").count_rows() == newer.rows_count
    for depth in Depth.values:
        assert len(steps_for(told, depth=depth)) == (depth == Depth.FULL)


def test_day_that_is_over_keeps_what_stood(told: Told, clock: Clock) -> None:
    step, officer = plan(told), told.people["jim"]
    days = [told.now + timedelta(days=number) for number in (0, 2, 10, 20)]
    seen = current_version(step).pk
    changed = {"text": "Kursus di Kedah", "owner": officer, "due_on": LATER, "reason": "Banjir."}
    services.change_action(step, seen=seen, **changed, actor=officer, now=clock.move_to(days[1]))
    services.finish_action(step, done_on=days[2].date(), actor=officer, now=clock.move_to(days[2]))
    told.now = clock.move_to(days[3])
    before, on_first, on_second, last = (
        steps_for(told, day=day.date().isoformat()) for day in (days[0] - timedelta(days=1), *days[:3])
    )
    assert before == ()
    assert [(s.text, s.due_days, s.done_on, s.moved_from) for s in (*on_first, *on_second, *last)] == [
        ("Kursus", (DUE,), None, None),
        ("Kursus di Kedah", (DUE, LATER), None, DUE),
        ("Kursus di Kedah", (DUE, LATER), days[2].date(), DUE),
    ]


def test_late_step_says_by_how_much(told: Told, clock: Clock) -> None:
    plan(told)
    told.now = clock.move_to(told.now + timedelta(days=20))
    assert [step.late_days for step in steps_for(told, day="2023-09-25")] == [5]


@pytest.mark.parametrize("language", ["ms", "en"])
def test_council_paper_says_what_became_of_earlier_decisions(told: Told, clock: Clock, language: str) -> None:
    """Open ones, late ones first with their days, and those that ended since the last meeting; no agency's own steps."""
    asked = {"day": "2023-09-30", "since": "2023-09-20", "language": language}
    jim, reviewer = told.people["jim"], told.people["reviewer"]
    plan(told)
    late, moved, done = decide(told, jim.agency), decide(told, None), decide(told, jim.agency)
    about = {"seen": current_version(moved).pk, "text": "Menulis surat", "owner": None, "due_on": LATER}
    services.change_action(moved, **about, reason="Cuti.", actor=reviewer, now=told.now)
    day = told.now + timedelta(days=10)
    services.finish_action(done, done_on=day.date(), actor=jim, now=clock.move_to(day))
    told.now = clock.move_to(told.now + timedelta(days=20))
    words = words_of_docx(told.made(ExportFormat.COUNCIL, **asked))
    with override(language):
        steps = earlier_decisions(told.content(**asked))
        assert [step.number for step in steps] == [late.pk, moved.pk, done.pk]
        for step in steps:
            assert step_state(step) in words
        assert moved_words(steps[1]) in words
    heading = {"ms": "Keputusan mesyuarat MAPO yang terdahulu", "en": "Earlier decisions of the council"}
    assert heading[language] in words
    assert heading[language] not in words_of_docx(told.made(ExportFormat.COUNCIL, day="2023-09-10"))


def test_meeting_sheet_begins_with_what_became_of_earlier_decisions(told: Told) -> None:
    decide(told, told.people["jim"].agency), decide(told, None)
    words = words_of(told.made(ExportFormat.MEETING, day="2023-09-14"))
    assert (
        words.index("Keputusan mesyuarat MAPO yang terdahulu")
        < words.index("(hari lewat)")
        < words.index("Diputuskan dalam")
    )
    with override("ms"):
        # What is read of a page follows its columns.
        for step in earlier_decisions(told.content(day="2023-09-14")):
            for told_of in (step.whose, "Syor 1", step.text, step_state(step)):
                assert told_of.replace("\N{NO-BREAK SPACE}", " ") in words
    assert "terdahulu" not in words_of(told.made(ExportFormat.MEETING, day="2023-09-10"))


def test_workbook_and_pack_give_back_the_steps_that_the_database_holds(told: Told, clock: Clock) -> None:
    """Moved, cancelled, done and late ones, of an agency, of the council and of MAPO: each field as its table has it."""
    plan_steps(told)
    finished = decide(told, told.people["outsider"].agency)
    services.finish_action(finished, done_on=date(2023, 9, 14), actor=told.people["outsider"], now=told.now)
    plan(told)
    told.now = clock.move_to(told.now + timedelta(days=11))
    asked = {"day": LAST, "language": "both"}
    book = tables.from_xlsx(told.made(ExportFormat.XLSX, **asked), told.content(**asked))
    taken = packs.take(told, packs.asked(told, **asked))
    pack = tables.from_json(taken.read("summary.json"))
    stored = [stored_step(action) for action in Action.objects.select_related("item", "agency")]
    assert len(stored) == 5
    for read in (book, pack):
        steps = [{name: row[name] for name in STORED} for row in read.steps]
        assert sorted(steps, key=str) == sorted(stored, key=str)
    assert [row["step"] for row in pack.steps] == [step.number for step in told.content(**asked).steps]
    (summary,) = (name for name in taken.names if name.endswith(".pdf") and "/" not in name)
    words = squeezed(words_of(taken.read(summary)))
    assert all(squeezed(step["step_text"]) in words for step in stored)


#: The last day that is over when the steps are read back.
LAST = "2023-09-24"
#: The columns of a step that are compared with the database.
STORED = (
    "item", "agency", "is_mapo", "is_decision", "step_text", "planned_on", "due_on", "due_days", "done_on", "cancelled_on",
    "cancelled_reason", "changed_reason", "late_days",
)  # fmt: skip


def stored_step(action: Action) -> dict[str, Any]:
    """A step as its own row and the versions of it say, without the code that summaries are read with."""
    versions = action.versions.order_by("began_at", "pk").values_list("due_on", flat=True)
    cancelled_on = action.cancelled_at and local_date(action.cancelled_at)
    days = (date.fromisoformat(LAST) - action.due_on).days
    return dict(
        zip(
            STORED,
            (
                f"{action.item.kind}-{action.item.number}",
                "" if action.is_mapo else action.agency.code,
                action.is_mapo,
                action.is_decision,
                action.text,
                local_date(action.created_at),
                action.due_on,
                [day.isoformat() for day in dict.fromkeys(versions)],
                action.done_on,
                cancelled_on,
                action.cancelled_reason,
                action.changed_reason,
                days if action.is_planned and days > 0 else None,
            ),
            strict=True,
        )
    )


def test_paper_says_how_many_decisions_are_open_and_late() -> None:
    with override("en"):
        assert still_open(0, 0) == "No decision of the council is still to be carried out."
        one = "One (1) decision of the council is still to be carried out; none is late."
        assert still_open(1, 0) == one
        five = "Five (5) decisions of the council are still to be carried out; one (1) is late."
        assert still_open(5, 1) == five
