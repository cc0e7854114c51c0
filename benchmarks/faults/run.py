"""One run: faults at their moments, then the wait until nothing is left to send, then the comparison."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from benchmarks.faults import seed as seeding
from benchmarks.faults.machine import EVERY_SECONDS, Machine
from benchmarks.faults.plan import OUTAGE_SECONDS, FaultKind, PlannedFault, plan_of
from benchmarks.faults.tally import (
    Interruption,
    MailTally,
    RunRecord,
    bare_id,
    count_accepted,
    count_mails,
    read_log,
)
from tracker.processes import is_alive
from tracker.supervisor import Child

#: The least time between two acceptances, so that mails are under way as long as faults fall: 1,300 mails, 143 seconds.
PACE, SPAN = 0.11, 140.0
#: A run ends at the latest after so many seconds of faults and waiting.
LIMIT_SECONDS = 420.0
#: A process that was ended is back within so many seconds.
VICTIM_SECONDS = 60.0
#: So many turns must pass without a mail before a run counts as over.
QUIET_TURNS = 3

_LEFT = """
    SELECT (SELECT count(*) FROM reminders_reminder),
           (SELECT count(*) FROM reminders_reminder reminder
            LEFT JOIN reminders_delivery delivery ON delivery.id = reminder.delivery_id
            WHERE reminder.sent_at IS NULL AND reminder.settled_at IS NULL
              AND delivery.state IS DISTINCT FROM 'failed'),
           (SELECT max(next_attempt_at) - jejak_now() FROM reminders_delivery WHERE state = 'waiting'),
           (SELECT count(*) FROM reminders_delivery WHERE state = 'waiting' AND next_attempt_at <= jejak_now())
"""
_ATTEMPTS = "SELECT message_id, outcome FROM reminders_attempt ORDER BY id"
_SENT = "SELECT message_id FROM reminders_delivery WHERE state = 'sent'"
_FAILED = """
    SELECT person.email, substring(item.text_ms FROM 'K[0-9]{3}'), delivery.server_words
    FROM reminders_reminder reminder
    JOIN reminders_delivery delivery ON delivery.id = reminder.delivery_id AND delivery.state = 'failed'
    JOIN accounts_user person ON person.id = reminder.user_id
    JOIN recommendations_assignment assignment ON assignment.id = reminder.assignment_id
    JOIN recommendations_item item ON item.id = assignment.item_id
"""


class Interrupted(Exception):
    """Somebody asked to stop."""


@dataclass
class Result:
    """What a run found."""

    seed: int
    tally: MailTally
    tricks: dict[str, int]
    done: dict[FaultKind, int]
    reminders: int
    seconds: float


@dataclass
class Run:
    """The faults of one seed on a machine."""

    seed: int
    machine: Machine
    interruptions: list[Interruption] = field(default_factory=list)
    done: dict[FaultKind, int] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._drawn = random.Random(f"victims {self.seed}")

    def perform(self) -> Result:
        """Everything, in the running product. Raises Interrupted."""
        expected = self.machine.ask(seeding.EXPECTED)
        with self.machine.running():
            self._wait_for_victims(FaultKind.KILL_CHILD)
            self._faults()
            self._wait_for_the_end(len(expected))
        record = self._record(expected)
        tricks = read_log(self.machine.mails)[1]
        return Result(
            seed=self.seed,
            tally=count_mails(record),
            tricks=dict(tricks),
            done=self.done,
            reminders=len(expected),
            seconds=time.monotonic() - self._began,
        )

    def _faults(self) -> None:
        """Each at its moment. What must wait for a victim, or takes long, moves all that follow."""
        moved_on = time.monotonic()
        for planned in plan_of(self.seed, SPAN):
            self._wait_until(moved_on + planned.at)
            self._do(planned)
            moved_on = max(moved_on, time.monotonic() - planned.at)

    def _do(self, planned: PlannedFault) -> None:
        restarts = {
            FaultKind.RESTART_DATABASE: self._restart_database,
            FaultKind.FLUSH_BROKER: self.machine.flush_broker,
            FaultKind.OUTAGE: self._outage,
        }
        accepted = count_accepted(self.machine.mails)
        if planned.kind in restarts:
            restarts[planned.kind]()
        else:
            self._kill(planned.kind)
        self.done[planned.kind] = self.done.get(planned.kind, 0) + 1
        print(f"  {time.monotonic() - self._began:6.1f} s  {accepted:>5} mails  {planned.kind}", flush=True)

    def _kill(self, kind: FaultKind) -> None:
        """End a victim without a word; wait for one when there is none just now."""
        victims = self._wait_for_victims(kind)
        at = time.time()
        victim = self._drawn.choice(sorted(victims))
        self.machine.kill(victim)
        # The supervisor ends what the worker leaves behind; until then its children go on.
        while is_alive(victim) or victim == self.machine.kept_pid("worker"):
            self._turn(0.01)
        if kind is not FaultKind.KILL_BEAT:
            self.interruptions.append(Interruption(at, time.time(), kind.value))

    def _wait_for_victims(self, kind: FaultKind) -> list[int]:
        limit = time.monotonic() + VICTIM_SECONDS
        while not (victims := self._victims(kind)):
            self._turn(0.05)
            if time.monotonic() > limit:
                raise SystemExit(f"Nobody is there for `{kind}`: the product does not come back.")
        return victims

    def _victims(self, kind: FaultKind) -> list[int]:
        if kind is FaultKind.KILL_CHILD:
            return self.machine.worker_children()
        pid = self.machine.pid_of("worker" if kind is FaultKind.KILL_WORKER else "beat")
        return [pid] if pid else []

    def _restart_database(self) -> None:
        at = time.time()
        self.machine.restart_database()
        self.interruptions.append(Interruption(at, time.time(), FaultKind.RESTART_DATABASE.value))

    def _outage(self) -> None:
        """The schedule is away for an hour of the demo's clock."""
        with self._without_beat():
            self._wait_until(time.monotonic() + OUTAGE_SECONDS / 2)
            self.machine.move_clock(timedelta(hours=1))
            self._wait_until(time.monotonic() + OUTAGE_SECONDS / 2)

    @contextmanager
    def _without_beat(self) -> Iterator[Child]:
        beat = self.machine.stop_beat()
        yield beat
        self.machine.start_beat(beat)

    def _wait_for_the_end(self, reminders: int) -> None:
        """Wait until all is said and quiet. Pauses between attempts are cut short by moving the demo's clock on."""
        quiet_since, before = time.monotonic(), -1
        while time.monotonic() - self._began < LIMIT_SECONDS:
            self._turn(1.0)
            planned, left, pause, due = self.machine.ask(_LEFT)[0]
            accepted = count_accepted(self.machine.mails)
            if planned < reminders or left or accepted != before:
                quiet_since, before = time.monotonic(), accepted
            if time.monotonic() - quiet_since > QUIET_TURNS * EVERY_SECONDS:
                return
            if planned >= reminders and not due and pause and pause > timedelta(seconds=EVERY_SECONDS):
                self.machine.move_clock(pause)

    def _record(self, expected: list[tuple[str, str, bool]]) -> RunRecord:
        attempts: dict[str, list[str]] = {}
        for message_id, outcome in self.machine.ask(_ATTEMPTS):
            attempts.setdefault(bare_id(message_id), []).append(outcome)
        return RunRecord(
            expected=frozenset((email, sign) for email, sign, _bounces in expected),
            bouncing=frozenset(email for email, _sign, bounces in expected if bounces),
            accepted=read_log(self.machine.mails)[0],
            attempts=attempts,
            failed={(email, sign): words for email, sign, words in self.machine.ask(_FAILED)},
            sent=frozenset(bare_id(row[0]) for row in self.machine.ask(_SENT)),
            open_count=self.machine.ask(_LEFT)[0][1],
            interruptions=self.interruptions,
        )

    def _wait_until(self, moment: float) -> None:
        while (left := moment - time.monotonic()) > 0:
            self._turn(left)

    def _turn(self, seconds: float) -> None:
        assert self.machine.supervisor is not None
        if not self.machine.supervisor.turn(min(seconds, 0.5)):
            raise Interrupted


def perform(seed: int, folder: Path) -> Result:
    """Prepare a machine in an empty folder and run it."""
    machine = Machine(folder, seed=seed, pace=PACE)
    with machine.prepared():
        return Run(seed, machine).perform()
