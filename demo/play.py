"""Plays the script of the demonstration: every act by the real services, at its own instant, in order of time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from operator import itemgetter
from typing import Any

from accounts.clearance import Clearance
from accounts.models import User
from audit.clock import KUALA_LUMPUR, seeding
from demo.council import MeetingPlay
from demo.figure_script import FigureScript
from demo.figures import FigurePlay
from demo.script import (
    ItemScript,
    Remark,
    Script,
    ScriptedAct,
    ScriptedHiding,
    ScriptedReport,
    ScriptedRequest,
    ScriptedReturn,
    ScriptedStep,
    ScriptedVerdict,
)
from demo.stage import REVIEWER, DemoStage, decision_of, sample
from identities.services import hide_words
from recommendations import services
from recommendations.models import Action, Assignment, AssignmentRequest, Item, Submission, Update

#: MAPO sets dates a little after it decided.
_A_MOMENT = timedelta(minutes=5)

#: How much later than the agency's next report MAPO puts the date by which it is owed.
_SPARE = timedelta(days=3)


def play(script: Script, figures: FigureScript, stage: DemoStage, *, tell: Callable[[str], None]) -> int:
    """Play all acts in order of time and return their number; call `tell` with each month that begins."""
    acts = [act for item in script.items for act in ItemPlay(item, stage).acts()]
    acts += [act for meeting in script.meetings for act in MeetingPlay(meeting, stage).acts()]
    acts += FigurePlay(figures, stage).acts()
    acts += [(hiding.at, partial(_hide, hiding, stage)) for hiding in script.hidden]
    month = ""
    for at, run in sorted(acts, key=itemgetter(0)):
        if (current := f"{at:%Y-%m}") != month:
            month = current
            tell(month)
        with seeding(at):
            run(at)
    return len(acts)


def _hide(hiding: ScriptedHiding, stage: DemoStage, at: datetime) -> None:
    hide_words(hiding.words, is_whole=False, reason=sample(hiding.reason), actor=stage.administrator, now=at)


@dataclass
class ItemPlay:
    """The acts on one item."""

    script: ItemScript
    stage: DemoStage

    def acts(self) -> Iterator[ScriptedAct]:
        """Return all acts on the item; `play` puts them in order."""
        yield (self.script.confirmed, self._confirm_all)
        for code, at in self.script.later.items():
            yield (at, partial(self._confirm, code))
        for code, numbers in self.script.officers.items():
            yield (self.script.confirmed + _A_MOMENT, partial(self._name_officers, code, numbers))
        for report in self.script.reports:
            yield from ReportPlay(report, self).acts()
        for request in self.script.requests:
            yield from RequestPlay(request, self).acts()
        for step in self.script.steps:
            yield from StepPlay(step, self).acts()
        for remark in self.script.remarks:
            yield (remark.at, partial(self._say, remark))
        if override := self.script.override:
            yield (override.at, partial(self._override, override))

    @cached_property
    def item(self) -> Item:
        return self.stage.item(self.script.kind, self.script.number)

    def assignment(self, agency: str) -> Assignment:
        return self.stage.assignment(self.item, agency)

    def _confirm_all(self, at: datetime) -> None:
        kept_back = {*self.script.leave, *self.script.later}
        for suggestion in self.stage.suggested(self.item):
            if suggestion.agency.code not in kept_back:
                self._confirm(suggestion.agency.code, at)

    def _confirm(self, agency: str, at: datetime) -> None:
        services.confirm_assignment(self.assignment(agency), actor=self.stage.administrator, now=at)
        reports = self.script.reports_of(agency)
        self.set_next_due(agency, self.script.due.get(agency) or _expected(reports, after=at), at=at)

    def set_next_due(self, agency: str, day: date | None, *, at: datetime) -> None:
        """Let MAPO move the next date of an agency; None leaves the date that follows from the cadence."""
        assignment = self.assignment(agency)
        if day is None or assignment.is_settled:
            return
        services.change_assignment(
            assignment,
            role=assignment.role,
            due_on=assignment.due_on,
            cadence_days=assignment.cadence_days,
            next_due_on=day,
            actor=self.stage.administrator,
            now=at,
        )

    def next_due_after(self, report: ScriptedReport, *, at: datetime) -> date | None:
        """Return the date that MAPO sets after accepting a report: the script's, or one that fits the next report."""
        later = [each for each in self.script.reports_of(report.agency) if each.begun > at]
        return report.next_due or _expected(later, after=at)

    def _name_officers(self, agency: str, numbers: list[int], at: datetime) -> None:
        officers = [self.stage.officer(agency, number) for number in numbers]
        actor = self.stage.administrator
        services.name_officers(self.assignment(agency), officers=officers, actor=actor, now=at)

    def _say(self, remark: Remark, at: datetime) -> None:
        people = [
            self.stage.officer(remark.agency, number)
            if isinstance(number, int)
            else self.stage.people[REVIEWER]
            for number in (remark.by, remark.to)
        ]
        services.write_comment(
            self.assignment(remark.agency),
            text=sample(remark.text),
            classification=Clearance.RESTRICTED,
            mentioned=people[1:],
            identities_reason=remark.identities_reason,
            actor=people[0],
            now=at,
        )

    def _override(self, verdict: ScriptedVerdict, at: datetime) -> None:
        services.override_item(
            self.item,
            **decision_of(verdict),
            actor=self.stage.people[REVIEWER],
            now=at,
        )


def _expected(reports: list[ScriptedReport], *, after: datetime) -> date | None:
    """Return a date after the first of the reports if that is more than a month away; None otherwise."""
    first = reports[0].begun if reports else after
    return (first + _SPARE).date() if first - after > timedelta(days=30) else None


@dataclass
class ReportPlay:
    """The acts of one report: sent or drafted, and what became of it."""

    report: ScriptedReport
    item_play: ItemPlay
    update: Update | None = None

    def acts(self) -> Iterator[ScriptedAct]:
        yield (self.report.begun, self._begin)
        if self.report.withdrawn:
            yield (self.report.withdrawn, self._withdraw)
        if returned := self.report.returned:
            yield (returned.at, partial(self._return, returned))
        if accepted := self.report.accepted:
            yield (accepted.at, partial(self._accept, accepted))
            yield (accepted.at + _A_MOMENT, self._set_next_due)
        if superseded := self.report.superseded:
            yield (superseded.at, partial(self._supersede, superseded))

    @property
    def stage(self) -> DemoStage:
        return self.item_play.stage

    @property
    def officer(self) -> User:
        return self.stage.officer(self.report.agency, self.report.by)

    @property
    def submission(self) -> Submission:
        assert self.update is not None
        versions = Submission.objects.select_related("update__assignment").filter(update=self.update)
        return versions.latest("number")

    def _begin(self, at: datetime) -> None:
        report, assignment = self.report, self.item_play.assignment(self.report.agency)
        if report.nothing_new:
            sent = services.report_nothing_new(
                assignment, speaks_for=report.nothing_new, actor=self.officer, now=at
            )
            self.update = sent.update
            return
        content = self.stage.content(report, now=at)
        if report.letter:
            self.update = services.enter_letter(
                assignment, content=content, **report.letter, actor=self.stage.people[REVIEWER], now=at
            ).update
            return
        begun = Update(assignment=assignment)
        by: dict[str, Any] = {"actor": self.officer, "now": at}
        if report.is_draft:
            self.update = services.save_update(begun, content=content, revision=0, **by)
        else:
            self.update = services.submit_update(begun, content=content, revision=0, **by).update

    def _withdraw(self, at: datetime) -> None:
        services.withdraw_update(self.submission.update, actor=self.officer, now=at)

    def _return(self, returned: ScriptedReturn, at: datetime) -> None:
        services.return_update(
            self.submission,
            reason=sample(returned.reason),
            resubmit_by=returned.resubmit_by,
            actor=self.stage.reviewer_of(self.report),
            now=at,
        )

    def _accept(self, verdict: ScriptedVerdict, at: datetime) -> None:
        submission = self.submission
        if self.report.nothing_new:
            verdict = replace(verdict, verdict=submission.percent)
        actor = self.stage.reviewer_of(self.report)
        services.accept_update(submission, **decision_of(verdict), actor=actor, now=at)

    def _set_next_due(self, at: datetime) -> None:
        agency = self.report.agency
        self.item_play.set_next_due(agency, self.item_play.next_due_after(self.report, at=at), at=at)

    def _supersede(self, verdict: ScriptedVerdict, at: datetime) -> None:
        services.supersede_verdict(
            self.submission.reviews.latest("decided_at"),
            **decision_of(verdict),
            actor=self.stage.reviewer_of(self.report),
            now=at,
        )


@dataclass
class RequestPlay:
    """An agency's request, and its answer."""

    request: ScriptedRequest
    item_play: ItemPlay
    asked: AssignmentRequest | None = None

    def acts(self) -> Iterator[ScriptedAct]:
        yield (self.request.at, self._ask)
        if self.request.granted_at:
            yield (self.request.granted_at, self._grant)

    def _ask(self, at: datetime) -> None:
        request = self.request
        assignment = self.item_play.assignment(request.agency)
        actor = self.item_play.stage.officer(request.agency, 1)
        if request.proposed is None:
            self.asked = services.decline_assignment(
                assignment, reason=sample(request.reason), actor=actor, now=at
            )
            return
        self.asked = services.ask_later_date(
            assignment, reason=sample(request.reason), proposed_on=request.proposed, actor=actor, now=at
        )

    def _grant(self, at: datetime) -> None:
        assert self.asked is not None
        services.answer_request(self.asked, grant=True, actor=self.item_play.stage.administrator, now=at)


@dataclass
class StepPlay:
    """A planned step, and when it was done."""

    step: ScriptedStep
    item_play: ItemPlay
    planned: Action | None = None

    def acts(self) -> Iterator[ScriptedAct]:
        yield (self.step.at, self._plan)
        if self.step.done:
            yield (datetime.combine(self.step.done, time(17), tzinfo=KUALA_LUMPUR), self._finish)

    def _plan(self, at: datetime) -> None:
        step, stage = self.step, self.item_play.stage
        self.planned = services.plan_action(
            self.item_play.assignment(step.agency),
            text=sample(step.text),
            owner=stage.officer(step.agency, step.owner),
            due_on=step.due,
            actor=stage.officer(step.agency, 1),
            now=at,
        )

    def _finish(self, at: datetime) -> None:
        assert self.planned is not None and self.step.done is not None
        actor = self.item_play.stage.officer(self.step.agency, 1)
        services.finish_action(self.planned, done_on=self.step.done, actor=actor, now=at)
