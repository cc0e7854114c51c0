"""A year of an installation, drawn from a seed: what agencies and MAPO do on each day.

Everything is done by the product's own services, as people would do it by its pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accounts.models import Agency, User
from accounts.roles import Role
from accounts.services.people import deactivate_person, move_person, name_acting, reactivate_person
from audit.errors import DomainError
from cycles.services import close_cycle, reopen_cycle
from recommendations.content import Content
from recommendations.models import Action, AssignmentRequest, Item, Submission, Update
from recommendations.services import (
    accept_update,
    answer_request,
    ask_later_date,
    assign_agency,
    cancel_action,
    change_action,
    change_assignment,
    decline_assignment,
    end_assignment,
    enter_letter,
    finish_action,
    name_officers,
    plan_action,
    plan_decision_step,
    plan_mapo_step,
    return_update,
    submit_update,
    withdraw_update,
)
from recommendations.services.step_changes import current_version
from reminders.models import ReminderRule
from tests.factories.recommendations import start_update
from tests.factories.reminders import make_day_off, make_stand_in
from tests.reminders.installation import DAY, MAILBOXES, DrawnInstallation
from tests.reminders.records import World, day_of


@dataclass
class Course(DrawnInstallation):
    """The installation as it changes by chance."""

    #: By assignment: for which due date, and on which day its officer means to report (None: never).
    intended: dict[int, tuple[date, date | None]] = field(default_factory=dict)
    decided_on: dict[int, date | None] = field(default_factory=dict)
    refused: int = 0

    # The days

    def morning(self, world: World, now: datetime) -> bool:
        """Do what agencies send and withdraw; return whether anything happened."""
        return any([self._report(world, now), self._answer_returns(world, now), self._steps(world, now)])

    def afternoon(self, world: World, now: datetime) -> bool:
        """Do what MAPO decides and steers; return whether anything happened."""
        return any([self._decide(world, now), self._answer_requests(now), self._steer(world, now)])

    def _report(self, world: World, now: datetime) -> bool:
        """Report some assignments in time, some late, some never."""
        today, done = day_of(now), False
        taken = {report.task for report in world.reports}
        for task in world.tasks.values():
            if task.next_due_on is None or task.pk in taken:
                continue
            due_on, on = self.intended.get(task.pk, (None, None))
            if due_on != task.next_due_on:
                on = self._intention(task.next_due_on, today)
                self.intended[task.pk] = (task.next_due_on, on)
            if on is not None and on <= today:
                done |= self._tried(lambda pk=task.pk: self._submit(pk, now))
        return done

    def _intention(self, due_on: date, today: date) -> date | None:
        drawn = self.random.random()
        if drawn < 0.45:
            return max(today, due_on - self.random.randint(0, 8) * DAY)
        return due_on + self.random.randint(1, 40) * DAY if drawn < 0.8 else None

    def _submit(self, pk: int, now: datetime) -> None:
        assignment = self._assignment(pk)
        content = self._content(day_of(now))
        if self.random.random() < 0.05:
            enter_letter(
                assignment, content=content, reference="KDN 1/1", letter_on=day_of(now),
                actor=self.random.choice(self.reviewers), now=now,
            )  # fmt: skip
            return
        actor = self._actor_of(assignment)
        if actor is not None:
            update = start_update(assignment, actor=actor, now=now)
            submit_update(update, content=content, revision=update.revision, actor=actor, now=now)

    def _content(self, today: date) -> Content:
        status, percent = self.random.choice([("progress", 40), ("progress", 60), ("none", 0), ("done", 100)])
        return Content(
            status=status, percent=percent, narrative="Kursus telah diadakan.", covers_from=self.cycle.window_start,
            covers_to=min(today, self.cycle.window_end), classification=self.random.choice([1, 1, 1, 2]),
        )  # fmt: skip

    def _answer_returns(self, world: World, now: datetime) -> bool:
        done = False
        for report in world.reports:
            if report.state == "returned" and self.random.random() < 0.08:
                done |= self._tried(lambda pk=report.pk: self._mend(pk, now))
        return done

    def _mend(self, pk: int, now: datetime) -> None:
        update = Update.objects.select_related("assignment__item__cycle", "assignment__agency").get(pk=pk)
        actor = self._actor_of(update.assignment)
        if actor is None:
            return
        if self.random.random() < 0.2:
            withdraw_update(update, revision=update.revision, actor=actor, now=now)
        else:
            submit_update(update, content=Content.of(update), revision=update.revision, actor=actor, now=now)

    def _steps(self, world: World, now: datetime) -> bool:
        done = False
        for step in world.steps:
            if self.random.random() < 0.03:
                done |= self._tried(lambda pk=step.pk: self._finish(pk, now))
        if world.tasks and self.random.random() < 0.15:
            pk = self.random.choice([*world.tasks])
            done |= self._tried(lambda: self._ask_or_plan(pk, now))
        return done

    def _finish(self, pk: int, now: datetime) -> None:
        action = Action.objects.select_related("assignment__item__cycle").get(pk=pk)
        actor = self.administrator if action.is_mapo else self._actor_of(action)
        if actor is None:
            return
        if self.random.random() < 0.3:
            cancel_action(action, reason="Tidak perlu lagi.", actor=actor, now=now)
        else:
            finish_action(action, done_on=day_of(now), actor=actor, now=now)

    def _ask_or_plan(self, pk: int, now: datetime) -> None:
        assignment, drawn = self._assignment(pk), self.random.random()
        actor = self._actor_of(assignment)
        if actor is None:
            return
        if drawn < 0.6:
            due_on = day_of(now) + self.random.randint(3, 40) * DAY
            plan_action(assignment, text="Kursus.", owner=actor, due_on=due_on, actor=actor, now=now)
        elif drawn < 0.9:
            proposed_on = (assignment.next_due_on or day_of(now)) + 14 * DAY
            ask_later_date(assignment, reason="Banjir.", proposed_on=proposed_on, actor=actor, now=now)
        else:
            decline_assignment(assignment, reason="Bukan bidang kami.", actor=actor, now=now)

    def _decide(self, world: World, now: datetime) -> bool:
        done = False
        for report in world.reports:
            if report.state != "submitted":
                continue
            if report.version not in self.decided_on:
                waits = None if self.random.random() < 0.03 else self.random.randint(0, 15) * DAY
                self.decided_on[report.version] = None if waits is None else report.sent_on + waits
            on = self.decided_on[report.version]
            if on is not None and on <= day_of(now):
                done |= self._tried(lambda pk=report.version: self._review(pk, now))
        return done

    def _review(self, pk: int, now: datetime) -> None:
        submission = Submission.objects.select_related("update__assignment__item__cycle").get(pk=pk)
        writers = submission.update.writers.values_list("user_id", flat=True)
        agency_id = submission.update.assignment.agency_id
        able = [one for one in self.reviewers if one.agency_id != agency_id and one.pk not in writers]
        if not able:
            self.decided_on[pk] = None
        elif self.random.random() < 0.3:
            resubmit_by = day_of(now) + self.random.randint(5, 20) * DAY
            return_update(submission, reason="Kurang bukti.", resubmit_by=resubmit_by, actor=able[0], now=now)
        else:
            accept_update(
                submission, status=submission.status, percent=submission.percent, actor=able[0], now=now
            )

    def _answer_requests(self, now: datetime) -> bool:
        done = False
        for request in AssignmentRequest.objects.unanswered().select_related("assignment__item__cycle"):
            if self.random.random() < 0.15:
                grant = self.random.random() < 0.6
                done |= self._tried(
                    lambda request=request, grant=grant: answer_request(
                        request, grant=grant, reason="Diputuskan.", actor=self.administrator, now=now
                    )
                )
        return done

    # MAPO and the administrators steer

    def _steer(self, world: World, now: datetime) -> bool:
        acts: list[tuple[float, Callable[[datetime], Any]]] = [
            (0.10, self._move_a_date),
            (0.12, self._record_a_decision),
            (0.06, self._move_a_step),
            (0.03, self._end_an_assignment),
            (0.03, self._assign_another),
            (0.05, self._name_anew),
            (0.05, self._let_somebody_go),
            (0.05, self._bring_somebody_back),
            (0.02, self._move_somebody),
            (0.02, self._name_acting),
            (0.08, self._stand_in),
            (0.02, self._change_a_rule),
            (0.02, self._add_a_day_off),
            (0.02, self._change_a_mailbox),
        ]
        chosen = [act for chance, act in acts if self.random.random() < chance]
        done = [self._tried(lambda act=act: act(now)) for act in chosen]
        return any(done)

    def _move_a_date(self, now: datetime) -> None:
        assignment = self._any_assignment()
        facts = {name: getattr(assignment, name) for name in ("role", "due_on", "cadence_days")}
        moved = day_of(now) + self.random.randint(-5, 30) * DAY
        change_assignment(
            assignment, **facts, next_due_on=min(max(moved, self.cycle.window_start), self.cycle.window_end),
            actor=self.administrator, now=now,
        )  # fmt: skip

    def _record_a_decision(self, now: datetime) -> None:
        """A step that the council decided, of any agency or of MAPO, or one of MAPO itself."""
        item = self.random.choice(list(Item.objects.actionable().order_by("pk")))
        about = {"text": "Melapor.", "due_on": day_of(now) + self.random.randint(2, 30) * DAY}
        about |= {"actor": self.administrator, "now": now}
        if self.random.random() < 0.3:
            plan_mapo_step(item, owner=self.random.choice(self.reviewers), **about)
            return
        agency = self.random.choice([None, *Agency.objects.order_by("pk")])
        people = (
            list(User.objects.able_to_act().filter(agency=agency).order_by("pk"))
            if agency
            else self.reviewers
        )
        plan_decision_step(item, agency, owner=self.random.choice([None, *people]), **about)

    def _move_a_step(self, now: datetime) -> None:
        steps = list(Action.objects.planned().filter(is_decision=True))
        if steps:
            step = self.random.choice(steps)
            due_on = day_of(now) + self.random.randint(0, 30) * DAY
            change_action(
                step, seen=current_version(step).pk, text=step.text, owner=step.owner, due_on=due_on, reason="Ditunda.",
                actor=self.administrator, now=now,
            )  # fmt: skip

    def _end_an_assignment(self, now: datetime) -> None:
        end_assignment(self._any_assignment(), reason="Tamat.", actor=self.administrator, now=now)

    def _assign_another(self, now: datetime) -> None:
        item = self.random.choice(list(Item.objects.actionable().order_by("pk")))
        agency = self.random.choice(list(Agency.objects.order_by("pk")))
        assign_agency(item, agency=agency, role="support", actor=self.administrator, now=now)

    def _name_anew(self, now: datetime) -> None:
        assignment = self._any_assignment()
        actors = list(User.objects.able_to_act().filter(agency=assignment.agency_id).order_by("pk"))
        officers = self.random.sample(actors, k=min(len(actors), self.random.randint(0, 2)))
        name_officers(assignment, officers=officers, actor=self.administrator, now=now)

    def _let_somebody_go(self, now: datetime) -> None:
        somebody = self.random.choice(list(User.objects.able_to_act().order_by("pk")))
        deactivate_person(somebody, reason="Bertukar.", actor=self.administrator, now=now)

    def _bring_somebody_back(self, now: datetime) -> None:
        gone = list(User.objects.filter(is_active=False).order_by("pk"))
        if gone:
            reactivate_person(self.random.choice(gone), reason="Kembali.", actor=self.administrator, now=now)

    def _move_somebody(self, now: datetime) -> None:
        somebody = self.random.choice(list(User.objects.able_to_act().order_by("pk")))
        agency = self.random.choice(list(Agency.objects.order_by("pk")))
        move_person(somebody, agency=agency, actor=self.administrator, now=now)

    def _name_acting(self, now: datetime) -> None:
        leads = User.objects.able_to_act().filter(role=Role.COORDINATOR).order_by("pk")
        lead = self.random.choice(list(leads))
        officers = list(
            User.objects.able_to_act().filter(agency=lead.agency_id, role=Role.OFFICER).order_by("pk")
        )
        if officers:
            officer = self.random.choice(officers)
            name_acting(officer, is_acting=not officer.is_acting, actor=lead, now=now)

    def _stand_in(self, now: datetime) -> None:
        absent = self.random.choice(list(User.objects.able_to_act().order_by("pk")))
        colleagues = User.objects.able_to_act().filter(agency=absent.agency_id).exclude(pk=absent.pk)
        from_on = day_of(now) + self.random.randint(0, 5) * DAY
        colleague = self.random.choice(list(colleagues.order_by("pk")) or [self.administrator])
        until_on = from_on + self.random.randint(0, 20) * DAY
        make_stand_in(absent, colleague, from_on=from_on, until_on=until_on, now=now)

    def _change_a_rule(self, _now: datetime) -> None:
        rule = self.random.choice(list(ReminderRule.objects.order_by("pk")))
        rule.is_on = not rule.is_on
        rule.save()

    def _add_a_day_off(self, now: datetime) -> None:
        day = day_of(now) + self.random.randint(0, 6) * DAY
        place = self.random.choice(["", "KTN", "SBH", "PJY"])
        make_day_off(day, place=place, actor=self.administrator, now=now)

    def _change_a_mailbox(self, _now: datetime) -> None:
        agency = Agency.objects.get(code=self.random.choice(MAILBOXES))
        agency.shared_mailbox = "" if agency.shared_mailbox else f"urusetia@{agency.code.lower()}.example"
        agency.save()

    def close(self, now: datetime) -> None:
        close_cycle(self.cycle, reason="Tamat.", actor=self.administrator, now=now)

    def reopen(self, now: datetime) -> None:
        reopen_cycle(self.cycle, reason="Ditutup terlalu awal.", actor=self.administrator, now=now)

    # Small things

    def _tried(self, act: Callable[[], object]) -> bool:
        """Do an act; a refusal by the product is no fault."""
        try:
            act()
        except DomainError:
            self.refused += 1
            return False
        return True
