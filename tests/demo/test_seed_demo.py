"""seed_demo: an empty database becomes the pictured demonstration, once, whole, by the real services."""

import stat
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import Agency, User
from accounts.roles import Role
from accounts.second_eyes import may_be_second_eyes
from audit import clock, labels
from audit.models import Event
from demo.samples import SAMPLE_MARK
from demo.script import read_script
from demo.stage import MAIL_DOMAIN, REVIEWER
from evidence.models import Document
from evidence.states import ScanState
from indicators.models import Figure
from meetings.models import Meeting
from meetings.states import MeetingState
from recommendations.models import Assignment, AssignmentRequest, Cycle, Item, Review, Submission, Update
from recommendations.outcomes import DecisionOutcome
from recommendations.queries.cycle_state import state_of_cycle
from recommendations.queries.window_clock import WindowClock
from recommendations.rollup import ItemState, Verdict, roll_up
from recommendations.states import AssignmentRole, Decision, ItemKind, Stage, Status
from submissions.states import SubmissionState
from tests.demo.conftest import Demo

pytestmark = pytest.mark.long

TODAY = date(2023, 9, 14)


def item(kind: ItemKind, number: int) -> Item:
    return Item.objects.get(cycle__year=2023, kind=kind, number=number)


def assignment(kind: ItemKind, number: int, agency: str) -> Assignment:
    return Assignment.objects.get(item=item(kind, number), agency__code=agency)


def states(kind: ItemKind) -> dict[int, ItemState]:
    """The rolled-up state of each item of a kind, by number."""
    found = {}
    for each in Item.objects.filter(kind=kind):
        rows = each.assignments.in_force().select_related("agency", "outcome")
        verdicts = [
            (
                row.role,
                Verdict(row.agency.code, row.outcome.status, row.outcome.percent),
            )
            for row in rows
        ]
        lead = next((verdict for role, verdict in verdicts if role == AssignmentRole.LEAD), None)
        supports = [verdict for role, verdict in verdicts if role != AssignmentRole.LEAD]
        found[each.number] = roll_up(lead, supports)
    return found


def test_seed_opens_on_the_pictured_day(demo: Demo) -> None:
    cycle = Cycle.objects.get(year=2023)
    assert clock.today() == TODAY
    window = WindowClock(cycle, clock.today())
    assert (window.day_number, window.day_count) == (167, 366)
    opened = clock.now().astimezone(clock.KUALA_LUMPUR)
    assert (opened.hour, opened.minute) >= (10, 42)


def test_load_before_seed_leaves_the_cycle_to_the_seeder(demo: Demo) -> None:
    assert "seed_demo" in demo.said_before
    assert Cycle.objects.count() == 1
    assert Item.objects.count() == 30


def test_seed_again_says_so_and_changes_nothing(demo: Demo) -> None:
    assert demo.said_again.strip().count("\n") == 0
    assert not Path(f"{demo.people_file}.again").exists()
    assert Event.objects.filter(action="demo.seeded").count() == 1


def test_seed_shows_its_progress(demo: Demo) -> None:
    for month in ("2023-04", "2023-06", "2023-09"):
        assert month in demo.said
    assert str(demo.people_file) in demo.said


def test_seed_writes_sign_ins_for_the_owner_of_the_file_only(demo: Demo) -> None:
    assert stat.S_IMODE(demo.people_file.stat().st_mode) == 0o600
    lines = [line.split("\t") for line in demo.people_file.read_text(encoding="utf-8").splitlines()]
    assert len(lines) == User.objects.count()
    assert len({password for _role, _email, password in lines}) == len(lines)
    for role, email, password in lines[:2]:
        person = User.objects.get(email=email)
        assert person.role == role
        assert person.check_password(password)
    assert not any(password in demo.said for _role, _email, password in lines)


def test_demo_people_are_posts_at_every_agency_but_transport(demo: Demo) -> None:
    assert not User.objects.exclude(email__endswith=f"@{MAIL_DOMAIN}").exists()
    names = set(User.objects.values_list("name", flat=True))
    assert names >= {
        "Pegawai JTK 1",
        "Penyelaras JTK",
        "Penyemak MAPO 1",
        "Penyemak MAPO 2",
        "Pentadbir MAPO",
    }
    assert User.objects.get(email=f"pegawai.jtk.1@{MAIL_DOMAIN}").name == "Pegawai JTK 1"
    assert User.objects.get(name="Penyemak MAPO 2").agency.code == "NSO"
    assert User.objects.filter(role=Role.OBSERVER).exists()
    without = Agency.objects.exclude(people__role__in=[Role.OFFICER, Role.COORDINATOR])
    assert [agency.code for agency in without] == ["MOT"]


def test_demo_has_two_administrators_of_whom_each_may_decide_for_the_other(demo: Demo) -> None:
    first, second = User.objects.active().filter(role=Role.ADMINISTRATOR)
    now = clock.now()
    for one, other in ((first, second), (second, first)):
        assert may_be_second_eyes(one, asked_by_id=other.pk, now=now)


def test_demo_loads_the_figures_of_the_source_with_the_cycle(demo: Demo) -> None:
    loaded_at = Event.objects.filter(action="cycle.loaded").latest("pk").occurred_at
    assert Figure.objects.filter(source__cycle__year=2023, recorded_at=loaded_at).count() == 218
    day_before = clock.end_of_day(clock.local_date(loaded_at) - timedelta(days=1))
    assert not Figure.objects.as_at(day_before).exists()


def test_demo_confirms_all_but_the_named_suggestions(demo: Demo) -> None:
    suggested = Assignment.objects.filter(stage=Stage.SUGGESTED)
    whole = Counter((row.item.kind, row.item.number) for row in suggested.select_related("item"))
    assert whole == {
        ("recommendation", 2): 1,
        ("recommendation", 12): 5,
        ("recommendation", 13): 4,
        ("recommendation", 15): 5,
        ("weakness", 6): 5,
    }
    assert suggested.get(item=item(ItemKind.RECOMMENDATION, 2)).agency.code == "JKDM"


def test_demo_stands_as_pictured_on_the_overview(demo: Demo) -> None:
    recommendations, weaknesses = states(ItemKind.RECOMMENDATION), states(ItemKind.WEAKNESS)
    assert Counter(state.status for state in recommendations.values()) == {
        "none": 4,
        "progress": 9,
        "done": 2,
    }
    assert Counter(state.status for state in weaknesses.values()) == {"none": 2, "progress": 4}
    percents = {number: state.percent for number, state in recommendations.items()}
    assert percents == {
        1: 45, 2: 40, 3: 30, 4: 50, 5: 0, 6: 55, 7: 100, 8: 35, 9: 45, 10: 100, 11: 20, 12: 0, 13: 0, 14: 40, 15: 0,
    }  # fmt: skip
    late = Assignment.objects.overdue(TODAY).select_related("agency")
    assert {(row.agency.code, row.next_due_on) for row in late} == {
        ("KDN", date(2023, 8, 31)),
        ("AGC", date(2023, 9, 5)),
        ("PKPMP", date(2023, 9, 5)),
        ("ILKAP", date(2023, 9, 12)),
    }


def test_demo_queue_holds_seven_oldest_first(demo: Demo) -> None:
    queue = list(
        Update.objects.filter(state="submitted")
        .order_by("submitted_at", "pk")
        .select_related("assignment__agency", "assignment__item")
    )
    first = [
        (each.assignment.agency.code, each.assignment.item.kind, each.assignment.item.number)
        for each in queue
    ]
    assert len(queue) == 7
    assert first[:4] == [
        ("JTK", "recommendation", 2),
        ("JTK", "weakness", 1),
        ("PDRM", "recommendation", 3),
        ("KSM", "recommendation", 9),
    ]


def test_demo_work_of_the_labour_department_is_as_pictured(demo: Demo) -> None:
    officer = User.objects.get(name="Pegawai JTK 1")
    mine = Assignment.objects.answered_by(officer).select_related("outcome")
    assert mine.count() == 8
    assert mine.filter(role=AssignmentRole.LEAD).count() == 1
    assert Counter(row.outcome.status for row in mine) == {"progress": 7, "none": 1}
    due = {number: assignment(ItemKind.RECOMMENDATION, number, "JTK").next_due_on for number in (1, 9)}
    assert due == {1: date(2023, 9, 15), 9: date(2023, 9, 22)}
    assert assignment(ItemKind.WEAKNESS, 2, "JTK").next_due_on == date(2023, 9, 29)
    assert Update.objects.get(state=SubmissionState.DRAFT).assignment == assignment(
        ItemKind.RECOMMENDATION, 9, "JTK"
    )
    returned = Update.objects.get(state=SubmissionState.RETURNED)
    assert returned.assignment == assignment(ItemKind.RECOMMENDATION, 4, "JTK")
    review = Review.objects.get(submission__update=returned)
    assert "Nyatakan bilangan dakwaan kes penderaan yang disiasat" in review.reason
    assert review.resubmit_by == date(2023, 9, 19)


def test_demo_item_two_has_the_pictured_timeline_and_files(demo: Demo) -> None:
    accepted = Review.objects.accepted().newest_first().filter(item=item(ItemKind.RECOMMENDATION, 2))
    rows = [
        (review.assignment.agency.code, review.percent, clock.local_date(review.decided_at))
        for review in accepted.select_related("assignment__agency")
    ]
    assert rows == [
        ("PDRM", 55, date(2023, 9, 7)),
        ("JTK", 35, date(2023, 8, 18)),
        ("NSO", 40, date(2023, 7, 27)),
        ("JIM", 30, date(2023, 7, 24)),
    ]
    documents = Document.objects.filter(citations__update__assignment__item=item(ItemKind.RECOMMENDATION, 2))
    assert documents.count() == 12
    attendance = documents.get(original_name="Senarai kehadiran latihan SOP.xlsx")
    assert (attendance.evidence_from, attendance.evidence_to) == (date(2023, 7, 10), date(2023, 8, 31))


def test_demo_records_lie_at_their_own_instants(demo: Demo) -> None:
    script = read_script()
    instants = list(Event.objects.order_by("pk").values_list("recorded_at", flat=True))
    assert instants == sorted(instants)
    assert instants[0] == script.begins
    assert clock.local_date(instants[-1]) == TODAY
    months = {
        clock.local_date(each).month for each in Submission.objects.values_list("submitted_at", flat=True)
    }
    assert months == {4, 5, 6, 7, 8, 9}
    for event in Event.objects.exclude(action="demo.seeded"):
        assert abs((event.occurred_at - event.recorded_at).total_seconds()) < 1


def test_demo_answers_for_a_past_day(demo: Demo) -> None:
    """As at 20 June, the Ministry of Human Resources had not finished its model contracts."""
    chain = assignment(ItemKind.RECOMMENDATION, 10, "KSM").versions
    before = clock.end_of_day(date(2023, 6, 20))
    state = state_of_cycle(
        Cycle.objects.get(year=2023),
        user=User.objects.filter(role="administrator").earliest("pk"),
        before=before,
    )
    row = next(row for row in state.of_kind(ItemKind.RECOMMENDATION) if row.number == 10)
    ministry = next(agency for agency in row.agencies if agency.code == "KSM")
    assert (ministry.stage, ministry.status, ministry.percent) == (Stage.CONFIRMED, Status.PROGRESS, 40)
    early = clock.end_of_day(date(2023, 4, 4))
    assert chain.as_at(early).get().stage == Stage.SUGGESTED


def test_demo_texts_are_marked_as_samples(demo: Demo) -> None:
    written = Update.objects.exclude(is_nothing_new=True).values_list("narrative", flat=True)
    assert all(text.startswith(SAMPLE_MARK) for text in written)
    reasons = Review.objects.exclude(reason="").values_list("reason", flat=True)
    assert all(reason.startswith(SAMPLE_MARK) for reason in reasons)
    assert all(request.reason.startswith(SAMPLE_MARK) for request in AssignmentRequest.objects.all())


def test_demo_reviewers_never_decide_on_their_own_agency(demo: Demo) -> None:
    for review in Review.objects.select_related("reviewer", "assignment", "submission"):
        assert review.reviewer.agency_id != review.assignment.agency_id
        assert review.reviewer_id != review.submission.submitted_by_id


def test_demo_history_shows_every_kind_of_act(demo: Demo) -> None:
    acts = set(Event.objects.values_list("action", flat=True))
    assert acts >= {
        "update.entered_by_letter",
        "update.withdrawn",
        "update.returned",
        "verdict.superseded",
        "request.asked",
        "request.answered",
        "action.planned",
        "action.finished",
    }
    assert Update.objects.filter(is_nothing_new=True, state=SubmissionState.ACCEPTED).exists()
    assert Review.objects.filter(decision=Decision.ACCEPT).exclude(reason="").exists()
    assert AssignmentRequest.objects.unanswered().count() == 2


def test_files_of_the_demo_draft_take_its_dates(demo: Demo) -> None:
    """Given the draft that the demonstration opens with, when its officer looks, then no file asks for dates."""
    draft = Update.objects.get(state=SubmissionState.DRAFT, assignment__item__number=9)
    assert list(draft.citations.values_list("follows_update", flat=True)) == [True, True]


def test_demo_documents_have_their_bytes(demo: Demo) -> None:
    from evidence.storage import path_of

    for document in Document.objects.all():
        assert path_of(document.stored_name).stat().st_size == document.size
    assert Document.objects.values("sha256").distinct().count() == Document.objects.count()
    assert not Document.objects.filter(scan_state=ScanState.FAILED).exists()


def test_demo_audit_chain_is_whole(demo: Demo) -> None:
    assert str(Event.objects.count()) in demo.audit


def test_every_act_and_field_of_the_demo_has_its_words(demo: Demo) -> None:
    named = labels.FIELDS.keys() | labels.UNSAID
    for event in Event.objects.all():
        assert event.action in labels.ACTIONS
        assert {*(event.before or {}), *(event.after or {})} <= named, event.action
        if event.action == "cycle.loaded":
            assert (event.after or {})["created"].keys() <= named


def test_seed_refuses_outside_a_demonstration(settings: Settings) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("seed_demo", verbosity=0)


def test_script_names_known_people_and_no_real_year_in_code(demo: Demo) -> None:
    script = read_script()
    assert Cycle.objects.filter(year=script.cycle).exists()
    assert script.begins < min(item.confirmed for item in script.items)
    assert max(report.begun for item in script.items for report in item.reports) < script.opens


def test_instants_of_the_script_are_of_kuala_lumpur() -> None:
    assert read_script().opens == datetime(2023, 9, 14, 10, 42, tzinfo=clock.KUALA_LUMPUR)


def test_a_state_set_by_mapo_stands_beside_the_verdicts_and_says_why() -> None:
    reviewer = User.objects.get(email=f"penyemak.mapo.1@{MAIL_DOMAIN}")
    state = state_of_cycle(Cycle.objects.get(), user=reviewer)
    (row,) = (row for row in state.items if row.state.override)
    assert row.label and (row.kind, row.number, row.state.percent) == (ItemKind.WEAKNESS, 5, 40)
    assert row.state.beneath and row.state.beneath.percent == 50
    assert row.state.override and row.state.override.reason.startswith(SAMPLE_MARK)


def test_mapo_and_an_agency_have_spoken_about_a_returned_update() -> None:
    thread = assignment(ItemKind.RECOMMENDATION, 4, "JTK").comments.order_by("written_at", "id")
    said = [(comment.author.role, comment.mentions.get().user.role) for comment in thread]
    assert said == [(Role.REVIEWER, Role.OFFICER), (Role.OFFICER, Role.REVIEWER)]


def test_demo_has_a_meeting_with_decisions_and_announces_the_next(demo: Demo) -> None:
    """One meeting was laid, held and closed with a decision that is done and one that is open; one is to come."""
    held, coming = Meeting.objects.order_by("meets_on")
    assert (held.state, coming.state) == (MeetingState.CLOSED, MeetingState.ANNOUNCED)
    assert held.meets_on < TODAY < coming.meets_on
    assert held.laid_agendas.count() == 1
    decisions = held.decisions.order_by("number")
    assert [(each.item.number, each.whose, each.outcome(TODAY)) for each in decisions] == [
        (1, "NSO", DecisionOutcome.DONE),
        (5, "KDN", DecisionOutcome.OPEN),
    ]
    assert all(each.text.startswith(SAMPLE_MARK) for each in decisions)


def test_demo_shows_its_meetings_and_decisions(demo: Demo, client: Client) -> None:
    """MAPO sees both meetings and what became of the decisions; the agency of the open one sees that one alone."""
    held = Meeting.objects.earliest("meets_on")
    done, still_open = held.decisions.order_by("number")

    def page(mailbox: str, path: str) -> str:
        client.force_login(User.objects.get(email=f"{mailbox}@{MAIL_DOMAIN}"))
        answer = client.get(path)
        assert answer.status_code == 200
        return answer.content.decode()

    meetings = page(REVIEWER, "/meetings/")
    assert all(number in meetings for number in Meeting.objects.values_list("number", flat=True))
    decisions = page(REVIEWER, f"/meetings/{held.pk}/decisions/")
    assert done.text in decisions and still_open.text in decisions
    assert still_open.text in page(REVIEWER, "/steps/")
    ours = page("penyelaras.kdn", "/our-agency/decisions/")
    assert still_open.text in ours and done.text not in ours
