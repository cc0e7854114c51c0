"""A closed cycle takes no write but the review of what was submitted, sealing and audit.

Every act of the services is walked: a new one must be said to be refused, or allowed with the reason.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from audit.clock import local_date
from audit.errors import NotNow
from audit.models import Event
from bulk.services.undo import undo_bulk
from cycles.services import change_cycle, close_cycle, reopen_cycle
from imports.services import drafts as openings
from imports.services.batches import discard_batch
from imports.services.sending import reopen_opening, send_opening
from recommendations import services
from recommendations.content import Content
from recommendations.errors import CYCLE_CLOSED
from recommendations.models import (
    Action,
    Assignment,
    AssignmentRequest,
    Item,
    OpeningImport,
    Review,
    Submission,
    Update,
)
from recommendations.services.step_changes import current_version
from tests.bulk.test_bulk_acts import apply, move
from tests.factories.recommendations import (
    DONE,
    REPORTED,
    make_accepted,
    make_assignment,
    make_draft,
    make_item,
)
from tests.factories.recommendations import make_submission as submit
from tests.imports.openings import CELLS, begun, rows_of, sent
from tests.recommendations.conftest import Desk
from tests.shared import shared

pytestmark = pytest.mark.django_db

#: What a closed cycle takes all the same, and why.
ALLOWED = {
    "accept_update": "the review of what was submitted",
    "return_update": "the review of what was submitted",
    "delete_cycle": "a cycle in which nothing was done, open or closed",
    "close_cycle": "closing twice closes once",
    "reopen_cycle": "with a reason",
    "open_cycle": "it was opened before: nothing happens",
    "accept_opening": "the review of what was submitted",
    "return_opening": "the review of what was submitted",
    "save_overview_filter": "a person's own matter, in no cycle",
    "hand_over": "passes over the assignments of closed cycles",
    "delete_overview_filter": "a person's own matter, in no cycle",
}


class Frozen:
    """A cycle in which everything that an act needs exists, just before it is closed."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.now, self.day = desk, desk.now, local_date(desk.now)
        self.mapo: dict[str, Any] = {"actor": desk.administrator, "now": desk.now}
        self.agency: dict[str, Any] = {"actor": desk.officer, "now": desk.now}
        self.assignments = [self.assigned(number) for number in range(10, 20)]
        self.assignment = self.assignments[0]
        self.draft: Update = make_draft(self.assignments[1], actor=desk.officer, now=desk.now)
        self.sent: Submission = submit(self.assignments[2], actor=desk.officer, now=desk.now)
        self.verdict: Review = self.accepted(self.assignments[3])
        self.copied: Update = make_draft(self.assignments[4], actor=desk.officer, now=desk.now)
        services.discard_update(self.copied, revision=self.copied.revision, **self.agency)
        self.request: AssignmentRequest = services.decline_assignment(
            self.assignments[5], reason="Bukan kami", **self.agency
        )
        self.action: Action = services.plan_action(
            self.assignments[6], text="Kursus", owner=desk.officer, due_on=self.day, **self.agency
        )
        self.finished_step: Action = services.finish_action(
            services.plan_action(
                self.assignments[6], text="Selesai", owner=desk.officer, due_on=self.day, **self.agency
            ),
            done_on=self.day,
            **self.agency,
        )
        about = {"text": "Keputusan", "due_on": self.day}
        item = self.assignments[6].item
        self.decided: Action = services.plan_decision_step(item, desk.agency, **about, **self.mapo)
        self.asked_later: Action = services.plan_decision_step(item, desk.agency, **about, **self.mapo)
        services.ask_later_step(self.asked_later, **self.later, **self.agency)
        self.finished = self.assigned_done(33)
        self.asked = services.ask_for_update(
            self.assigned_done(34), due_on=self.day, reason="Sahkan", **self.mapo
        )
        self.suggested_item = make_item(desk.cycle, number=30)
        self.suggestion = services.suggest_assignment(
            self.suggested_item, agency=desk.agency, role="lead", **self.mapo
        )
        self.bare_item = make_item(desk.cycle, number=31)
        self.weakness, self.other_weakness = (
            make_item(desk.cycle, number=number, kind="weakness") for number in (1, 2)
        )
        services.link_answer(self.other_weakness, answer=self.bare_item, reason="Jawapan.", **self.mapo)
        self.override = services.override_item(
            self.assignments[7].item, status="done", percent=100, reason="Keputusan MAPO", **self.mapo
        )

        comment = comments().write_comment(
            self.assignment, text="Sila baca", classification=0, mentioned=[desk.colleague], **self.mapo
        )
        self.mention = comment.mentions.get()
        self.moved = apply(desk, move([self.assignments[8]]))
        self.batch: OpeningImport = begun(desk.cycle, desk.agency, {}, **self.agency)
        other = make_item(desk.cycle, number=32)
        make_assignment(other, desk.other_agency, actor=desk.administrator, now=desk.now)
        self.sent_batch: OpeningImport = sent(
            desk.cycle, desk.other_agency, {"item": "Recommendation 32"}, actor=desk.outsider, now=desk.now
        )

    @property
    def later(self) -> dict[str, Any]:
        return {"proposed_on": self.day + timedelta(days=20), "reason": "Lewat"}

    def assigned(self, number: int) -> Assignment:
        item: Item = make_item(self.desk.cycle, number=number)
        return make_assignment(item, self.desk.agency, actor=self.desk.administrator, now=self.now)

    def assigned_done(self, number: int) -> Assignment:
        """An assignment that owes no regular update."""
        assignment = self.assigned(number)
        self.accepted(assignment, content=DONE)
        return assignment

    def accepted(self, assignment: Assignment, content: Content = REPORTED) -> Review:
        return make_accepted(
            assignment, actor=self.desk.officer, reviewer=self.desk.reviewer, now=self.now, content=content
        )


Act = Callable[[Frozen], Any]

ACTS: dict[str, Act] = {
    "apply_bulk": lambda w: apply(w.desk, move([w.assignments[9]])),
    "begin_opening": lambda w: begun(w.desk.cycle, w.desk.agency, {}, **w.agency),
    "correct_rows": lambda w: openings.correct_rows(w.batch, corrections={1: (CELLS, 0)}, **w.agency),
    "discard_batch": lambda w: discard_batch(w.batch, revision=w.batch.revision, **w.agency),
    "mark_mention_seen": lambda w: comments().mark_mention_seen(w.mention, actor=w.desk.colleague, now=w.now),
    "reopen_opening": lambda w: reopen_opening(w.sent_batch, actor=w.desk.outsider, now=w.now),
    "replace_rows": lambda w: openings.replace_rows(
        w.batch,
        revision=w.batch.revision,
        rows=rows_of({}),
        file_name="lain.xlsx",
        sha256="1" * 64,
        **w.agency,
    ),
    "send_opening": lambda w: send_opening(w.batch, revision=w.batch.revision, **w.agency),
    "undo_bulk": lambda w: undo_bulk(w.moved, **w.mapo),
    "answer_request": lambda w: services.answer_request(w.request, grant=True, **w.mapo),
    "ask_for_update": lambda w: services.ask_for_update(w.finished, due_on=w.day, reason="Sahkan", **w.mapo),
    "cancel_asked_update": lambda w: services.cancel_asked_update(w.asked, **w.mapo),
    "ask_later_date": lambda w: services.ask_later_date(
        w.assignment, reason="Lewat", proposed_on=w.day + timedelta(days=60), **w.agency
    ),
    "assign_agency": lambda w: services.assign_agency(
        w.bare_item, agency=w.desk.agency, role="lead", **w.mapo
    ),
    "cancel_action": lambda w: services.cancel_action(w.action, reason="Batal", **w.agency),
    "ask_later_step": lambda w: services.ask_later_step(w.decided, **w.later, **w.agency),
    "change_action": lambda w: services.change_action(
        w.action,
        seen=current_version(w.action).pk,
        text="Bengkel",
        owner=w.desk.officer,
        due_on=w.day,
        **w.agency,
    ),
    "plan_decision_step": lambda w: services.plan_decision_step(
        w.assignment.item, w.desk.agency, text="Keputusan", due_on=w.day, **w.mapo
    ),
    "plan_mapo_step": lambda w: services.plan_mapo_step(
        w.assignment.item, text="Semak", owner=w.desk.administrator, due_on=w.day, **w.mapo
    ),
    "refuse_later_step": lambda w: services.refuse_later_step(w.asked_later, reason="Kekal", **w.mapo),
    "undo_step_change": lambda w: services.undo_step_change(current_version(w.finished_step), **w.agency),
    "change_role": lambda w: services.change_role(
        w.assignment, role="support", replaces=None, reason="Pindah", **w.mapo
    ),
    "change_assignment": lambda w: services.change_assignment(
        w.assignment, role="lead", due_on=w.day, cadence_days=7, next_due_on=w.day, **w.mapo
    ),
    "change_cycle": lambda w: change_cycle(
        w.desk.cycle, seen="", wanted=settings_of(w), reason="Surat", **w.mapo
    ),
    "confirm_assignment": lambda w: services.confirm_assignment(w.suggestion, **w.mapo),
    "confirm_suggestions": lambda w: services.confirm_suggestions([w.suggested_item], **w.mapo),
    "copy_update": lambda w: services.copy_update(w.copied, **w.agency),
    "decline_assignment": lambda w: services.decline_assignment(w.assignment, reason="x", **w.agency),
    "discard_update": lambda w: services.discard_update(w.draft, revision=w.draft.revision, **w.agency),
    "end_assignment": lambda w: services.end_assignment(w.assignment, reason="Tamat", **w.mapo),
    "end_override": lambda w: services.end_override(w.override, reason="Tamat", **w.mapo),
    "enter_letter": lambda w: services.enter_letter(
        w.assignment, content=REPORTED, reference="KDN 1", letter_on=w.day, **w.mapo
    ),
    "finish_action": lambda w: services.finish_action(w.action, done_on=w.day, **w.agency),
    "link_answer": lambda w: services.link_answer(
        w.weakness, answer=w.bare_item, reason="Jawapan.", **w.mapo
    ),
    "name_officers": lambda w: services.name_officers(w.assignment, officers=[w.desk.officer], **w.mapo),
    "override_item": lambda w: services.override_item(
        w.bare_item, status="done", percent=100, reason="Keputusan", **w.mapo
    ),
    "plan_action": lambda w: services.plan_action(
        w.assignment, text="Kursus", owner=w.desk.officer, due_on=w.day, **w.agency
    ),
    "report_nothing_new": lambda w: services.report_nothing_new(
        w.verdict.assignment, speaks_for=w.day, **w.agency
    ),
    "save_update": lambda w: services.save_update(
        w.draft, content=Content(narrative="Baharu", classification=1), revision=w.draft.revision, **w.agency
    ),
    "submit_update": lambda w: services.submit_update(
        w.draft, content=REPORTED, revision=w.draft.revision, **w.agency
    ),
    "suggest_assignment": lambda w: services.suggest_assignment(
        w.bare_item, agency=w.desk.agency, role="lead", **w.mapo
    ),
    "supersede_verdict": lambda w: services.supersede_verdict(
        w.verdict, status="done", percent=100, reason="Silap", actor=w.desk.second_reviewer, now=w.now
    ),
    "undo_submission": lambda w: services.undo_submission(w.sent.update, **w.agency),
    "unlink_answer": lambda w: services.unlink_answer(
        w.other_weakness, answer=w.bare_item, reason="Jawapan.", **w.mapo
    ),
    "withdraw_request": lambda w: services.withdraw_request(w.request, **w.agency),
    "withdraw_update": lambda w: services.withdraw_update(w.sent.update, **w.agency),
    "write_comment": lambda w: comments().write_comment(
        w.assignment, text="Sila kemas kini", classification=1, **w.mapo
    ),
}


def comments() -> Any:
    return importlib.import_module("recommendations.services.comments")


def settings_of(frozen: Frozen) -> Any:
    from cycles.services import CycleSettings

    return CycleSettings.of(frozen.desk.cycle)


def all_acts() -> Iterator[str]:
    """Every public function of the services that writes in a transaction of its own."""
    for app in ("recommendations", "bulk", "cycles", "imports", "overview"):
        yield from _acts_in(importlib.import_module(f"{app}.services"))


def _acts_in(services_of_app: Any) -> Iterator[str]:
    """The public functions of one app that write in a transaction of their own."""
    below = pkgutil.walk_packages(getattr(services_of_app, "__path__", []), f"{services_of_app.__name__}.")
    for module in [services_of_app.__name__, *(module.name for module in below)]:
        found = importlib.import_module(module)
        for name, function in inspect.getmembers(found, inspect.isfunction):
            is_act = hasattr(function, "__wrapped__") and function.__module__ == module
            if is_act and not name.startswith("_"):
                yield name


def test_every_act_is_said_to_be_refused_or_allowed_in_a_closed_cycle() -> None:
    assert set(all_acts()) == {*ACTS, *ALLOWED}


@shared
def frozen(desk: Desk) -> Frozen:
    """The world, its cycle closed."""
    world = Frozen(desk)
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)
    return world


def test_act_on_a_closed_cycle_is_refused_and_leaves_nothing(frozen: Frozen) -> None:
    events = Event.objects.count()
    for name, act in ACTS.items():
        with pytest.raises(NotNow) as refusal:
            act(frozen)
        assert str(refusal.value) == str(CYCLE_CLOSED), name
        assert Event.objects.count() == events, name


def test_first_save_in_a_closed_cycle_begins_nothing(frozen: Frozen) -> None:
    for save in (services.save_update, services.submit_update):
        updates, events = Update.objects.count(), Event.objects.count()
        with pytest.raises(NotNow) as refusal:
            save(Update(assignment=frozen.assignment), content=REPORTED, revision=0, **frozen.agency)
        assert str(refusal.value) == str(CYCLE_CLOSED), save
        assert (Update.objects.count(), Event.objects.count()) == (updates, events), save


@pytest.mark.parametrize("name", ACTS)
def test_act_on_the_reopened_cycle_is_taken(frozen: Frozen, name: str) -> None:
    reopen_cycle(frozen.desk.cycle, reason="Rayuan", **frozen.mapo)
    if name == "change_cycle":
        return  # its own tests say when it is taken
    ACTS[name](frozen)
