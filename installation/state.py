"""How all parts of the installation are: looked at in the background, at most twice a minute, whatever hangs."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import DatabaseError, connections
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from installation.conditions import BROKEN, LOOK, OK, UNSEEN, Condition
from installation.looks import Look
from installation.parts import backups_and_anchors, database, files, machine, work
from installation.parts.certificate import CERTIFICATE
from installation.parts.part import Sample, StatePart
from installation.parts.version import VERSION

logger = logging.getLogger(__name__)

#: For so long an answer is given again; so long whoever asks waits for a new one; a look that goes on for longer hangs.
KEPT_SECONDS, WAITS_SECONDS, MOST_SECONDS = 30.0, 2.0, 5.0


class Unread:
    """Stands for what could not be looked at."""


#: The database did not answer; something of ours failed.
_NO_DATABASE, _FAILED = Unread(), Unread()


@dataclass(frozen=True, slots=True)
class LookResult:
    """What one look found, by part, and when it ended (of `time.monotonic`)."""

    found: dict[str, Any]
    at: float


class LookGroup:
    """Parts that are looked at one after the other. While a look hangs, no other begins."""

    def __init__(self, name: str, *parts: StatePart, asks_database: bool = False) -> None:
        self.name, self.parts, self._asks_database = name, parts, asks_database
        self._lock = threading.Lock()
        self._look: Look[LookResult] | None = None
        self._began_at = 0.0
        self._last: LookResult | None = None

    def begin(self) -> None:
        """Look, unless there is a fresh answer, or a look goes on."""
        with self._lock:
            self._take(0)
            is_fresh = self._last is not None and time.monotonic() - self._last.at < KEPT_SECONDS
            if self._look is None and not is_fresh:
                self._began_at = time.monotonic()
                self._look = Look(self.name, self._find)

    def answer(self, until: float) -> LookResult | None:
        """Return the newest answer there is by then; None while there is none, or when a look hangs."""
        with self._lock:
            self._take(until)
            return None if self.hangs else self._last

    @property
    def hangs(self) -> bool:
        """Whether a look goes on for too long."""
        return self._look is not None and time.monotonic() - self._began_at > MOST_SECONDS

    def _take(self, until: float) -> None:
        if self._look is not None and (answer := self._look.seen(until)) is not None:
            self._last, self._look = answer, None

    def _find(self) -> LookResult:
        try:
            return LookResult({part.key: _read(part) for part in self.parts}, time.monotonic())
        finally:
            if self._asks_database:
                connections.close_all()


def _read(part: StatePart) -> Any:
    try:
        return part.read()
    except DatabaseError:
        return _NO_DATABASE
    except Exception as error:
        # Its words may hold an address with a password.
        logger.warning("%s could not be looked at: %s", part.key, type(error).__name__)
        return _FAILED


class ConditionMark(NamedTuple):
    """How a page shows a condition: style, icon, and a word for who does not see them."""

    css_class: str
    icon: str
    word: Promise


_MARKS = {
    OK: ConditionMark("icon--20 tone-success", "circle-check", pgettext_lazy("part", "Well")),
    LOOK: ConditionMark("icon--20 tone-warning", "triangle-alert", gettext_lazy("Look at this")),
    BROKEN: ConditionMark("icon--20 tone-danger", "circle-alert", pgettext_lazy("part", "Broken")),
    UNSEEN: ConditionMark("icon--20 tone-quiet", "circle-question-mark", gettext_lazy("Not looked at")),
}


@dataclass(frozen=True)
class PartState:
    """How one part is, in the words of whoever reads now."""

    part: StatePart
    condition: Condition
    sentence: str

    @property
    def mark(self) -> ConditionMark:
        """Return how the page shows the condition."""
        return _MARKS[self.condition]

    @property
    def needs_somebody(self) -> bool:
        """Whether there is something to do."""
        return self.condition in {LOOK, BROKEN}


class State:
    """All parts as they were seen last, and `seconds_ago` the oldest of these looks; what hangs counts as broken."""

    def __init__(self, groups: Sequence[LookGroup], until: float) -> None:
        self._answers = [(group, group.answer(until)) for group in groups]

    @cached_property
    def seconds_ago(self) -> float:
        """Return how long ago the oldest answer was given."""
        return max((time.monotonic() - answer.at for _group, answer in self._answers if answer), default=0.0)

    @cached_property
    def parts(self) -> list[PartState]:
        """Say of each part how it is."""
        return [_said(part, group, answer) for group, answer in self._answers for part in group.parts]

    @cached_property
    def troubles(self) -> list[PartState]:
        """Return the parts for which there is something to do, the broken ones first."""
        return sorted(
            (each for each in self.parts if each.needs_somebody), key=lambda each: each.condition != BROKEN
        )

    @cached_property
    def unseen(self) -> list[PartState]:
        """Return the parts of which nobody knows whether they are well: not looked at, or nothing is there to look at."""
        return [each for each in self.parts if each.condition == UNSEEN]

    @cached_property
    def others(self) -> list[PartState]:
        """Return the parts that are well, and below troubles also those that nobody knows of."""
        known = [each for each in self.parts if each.condition == OK]
        return [*self.unseen, *known] if self.troubles else known

    def samples(self) -> Iterator[Sample]:
        """Yield all numbers, and of each part whether it is well."""
        for group, answer in self._answers:
            for part in group.parts:
                if answer and not isinstance(answer.found[part.key], Unread):
                    yield from part.measure(answer.found[part.key])
        for each in self.parts:
            yield Sample("part_well", int(not each.needs_somebody), {"part": each.part.key})


def _said(part: StatePart, group: LookGroup, answer: LookResult | None) -> PartState:
    if answer is None and group.hangs:
        words = _(
            "It gave no answer within %(count)s seconds: something on the way hangs, or the server is too busy."
        )
        return PartState(part, BROKEN, words % {"count": int(MOST_SECONDS)})
    if answer is None:
        return PartState(part, UNSEEN, _("It is being looked at: open this page again in a moment."))
    found = answer.found[part.key]
    if found is _NO_DATABASE:
        return PartState(part, BROKEN, _("The database gave no answer to this."))
    if isinstance(found, Unread):
        return PartState(part, BROKEN, _("This could not be looked at: tell the operator."))
    return PartState(part, *part.say(found))


def groups_of_installation() -> list[LookGroup]:
    """Return all parts, in the order of the page."""
    return [
        LookGroup(
            "database",
            database.DATABASE,
            database.CLOCKS,
            *work.PARTS,
            files.FILES,
            backups_and_anchors.BACKUPS,
            backups_and_anchors.ANCHORS,
            asks_database=True,
        ),
        LookGroup("broker", machine.BROKER),
        LookGroup("scanner", machine.SCANNER),
        LookGroup("disk", machine.DISKS),
        LookGroup("certificate", CERTIFICATE),
        LookGroup("version", VERSION, asks_database=True),
    ]


_groups = groups_of_installation()


def look() -> State:
    """Return how all parts are, by answers of the last half minute; waits two seconds for newer ones, at most."""
    until = time.monotonic() + WAITS_SECONDS
    for group in _groups:
        group.begin()
    return State(_groups, until)
