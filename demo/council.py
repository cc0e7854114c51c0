"""Plays the meetings of the council: announced, prepared, laid, held with decisions, and closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from uuid import NAMESPACE_OID, uuid5

from accounts.models import Agency, User
from audit.clock import KUALA_LUMPUR
from demo.script import ScriptedAct, ScriptedDecision, ScriptedMeeting
from demo.stage import REVIEWER, DemoStage, sample
from meetings.models import Meeting, MeetingDecision, MeetingDetails
from meetings.services.agenda import prepare_meeting
from meetings.services.decisions import record_decision
from meetings.services.laying import lay_agenda
from meetings.services.meetings import announce_meeting, close_meeting, hold_meeting
from recommendations import services
from recommendations.models import Cycle


@dataclass
class MeetingPlay:
    """The acts on one meeting; one without `held` is announced and no more."""

    script: ScriptedMeeting
    stage: DemoStage
    meeting: Meeting | None = None

    def acts(self) -> Iterator[ScriptedAct]:
        """Return all acts on the meeting; `play` puts them in order."""
        yield (self.script.announced, self._announce)
        if held := self.script.held:
            yield (held.prepared, self._prepare_and_lay)
            yield (held.at, self._hold)
            yield (held.closed, self._close)
            for decision in held.decisions:
                yield from DecisionPlay(decision, self).acts()

    @property
    def secretary(self) -> User:
        return self.stage.people[REVIEWER]

    @property
    def known(self) -> Meeting:
        assert self.meeting is not None
        return self.meeting

    def _announce(self, at: datetime) -> None:
        script = self.script
        details = MeetingDetails(
            number=script.number,
            meets_on=script.meets.date(),
            begins=script.meets.time(),
            venue=sample(script.venue),
        )
        cycle = Cycle.objects.get(year=self.stage.year)
        self.meeting = announce_meeting(cycle, details=details, actor=self.secretary, now=at)

    def _prepare_and_lay(self, at: datetime) -> None:
        held = self.script.held
        assert held is not None
        since_on, as_at_on = held.covers
        prepare_meeting(self.known, as_at_on=as_at_on, since_on=since_on, actor=self.secretary, now=at)
        lay_agenda(self.known, actor=self.secretary, now=at)

    def _hold(self, at: datetime) -> None:
        hold_meeting(self.known, actor=self.secretary, now=at)

    def _close(self, at: datetime) -> None:
        close_meeting(self.known, actor=self.secretary, now=at)


@dataclass
class DecisionPlay:
    """A decision of a meeting, and the day on which its agency did what was decided."""

    script: ScriptedDecision
    meeting_play: MeetingPlay
    decision: MeetingDecision | None = None

    def acts(self) -> Iterator[ScriptedAct]:
        yield (self.script.at, self._record)
        if done := self.script.done:
            yield (datetime.combine(done, time(17), tzinfo=KUALA_LUMPUR), self._finish)

    def _record(self, at: datetime) -> None:
        script, play = self.script, self.meeting_play
        self.decision = record_decision(
            play.known,
            text=sample(script.text),
            item=play.stage.item(*script.item),
            agency=Agency.objects.get(code=script.agency),
            due_on=script.due,
            token=uuid5(NAMESPACE_OID, f"{play.script.number}, {script.at}"),
            actor=play.secretary,
            now=at,
        )

    def _finish(self, at: datetime) -> None:
        assert self.decision is not None and self.script.done is not None
        actor = self.meeting_play.stage.officer(self.script.agency, 1)
        services.finish_action(self.decision.action, done_on=self.script.done, actor=actor, now=at)
