"""Whether the schedule and the queues have their turns, and mails and scans do not wait for long."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Case, Count, F, Min, Q, QuerySet, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.services.asked_mails import waiting_asked_mails
from audit import clock
from backups.queries import is_mail_held
from evidence.models import Document
from evidence.states import ScanState
from installation.ages import words_of
from installation.conditions import BROKEN, LOOK, OK, ConditionReport
from installation.parts.part import Sample, StatePart
from installation.queues import QUEUES, turn_key
from reminders.models import Delivery
from reminders.states import DeliveryState
from ui.numbers import number

#: The schedule gives each queue a task every minute, which notes that it was done (`tracker.tasks.note_turn`).
BEAT_LATE_SECONDS, QUEUE_GRACE_SECONDS = 180, 300
#: How long a mail may be overdue, and a file wait for its scan, before it is told.
_MAIL_LATE_SECONDS, _SCAN_LATE_SECONDS = 3600, 900


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, and for how many seconds the oldest does; 0 when none waits."""

    count: int
    oldest_seconds: float


def read_turns() -> dict[str, float]:
    """Return how many seconds ago each queue noted its turn; infinite if never.

    A turn in the future was noted before the clock was set back, by as much at least: since then there was none.
    """
    now = time.time()
    noted = cache.get_many([turn_key(queue.name) for queue in QUEUES])
    return {queue.name: abs(now - noted.get(turn_key(queue.name), float("-inf"))) for queue in QUEUES}


def _say_beat(turns: Mapping[str, float]) -> ConditionReport:
    age = min(turns.values())
    if age == float("inf"):
        return BROKEN, _(
            "The schedule has never had a turn, so nothing is sent or scanned automatically: ask the operator to start beat and worker."
        )
    if age > BEAT_LATE_SECONDS:
        return BROKEN, _(
            "The schedule had its last turn %(age)s ago, so nothing is sent or scanned automatically: ask the operator to start beat and worker."
        ) % {"age": words_of(age)}
    return OK, _("The schedule had its last turn %(age)s ago.") % {"age": words_of(age)}


def _measure_beat(turns: Mapping[str, float]) -> Iterator[Sample]:
    yield Sample("beat_age_seconds", min(turns.values()))


def late_queues(turns: Mapping[str, float]) -> list[str]:
    """Return the queues that had no turn for longer than their longest task may take."""
    most = {queue.name: queue.hard_seconds + QUEUE_GRACE_SECONDS for queue in QUEUES}
    return [name for name, age in turns.items() if age > most[name]]


def _say_queues(turns: Mapping[str, float]) -> ConditionReport:
    late = late_queues(turns)
    if late and len(late) == len(turns):
        return BROKEN, _("No queue has had its turn in time: see what is said of the schedule.")
    if late:
        return BROKEN, _(
            "These queues had no turn in time: %(queues)s. Ask the operator to start the worker again."
        ) % {"queues": ", ".join(late)}
    return OK, _("All queues have their turns.")


def _measure_queues(turns: Mapping[str, float]) -> Iterator[Sample]:
    for name, age in turns.items():
        yield Sample("queue_turn_age_seconds", age, {"queue": name})


def _waiting(rows: QuerySet, since: str, *, now: datetime | None = None) -> Waiting:
    now = now or clock.now()
    found = rows.order_by().aggregate(count=Count("pk"), first=Min(since))
    first = found["first"]
    return Waiting(found["count"], max(0.0, (now - first).total_seconds()) if first else 0.0)


@dataclass(frozen=True, slots=True)
class MailsFound:
    """The mails whose time has come, and whether all are held back since a restore."""

    waiting: Waiting
    are_held: bool


def read_mails() -> MailsFound:
    """Count the mails whose time has come, and those that were tried in vain: their next attempt is put off again and again."""
    in_vain = _tried_in_vain()
    notices = Delivery.objects.filter(
        in_vain | Q(next_attempt_at__lte=clock.now()), state=DeliveryState.WAITING
    )
    since = Case(When(in_vain, then=F("made_at")), default=F("next_attempt_at"))
    links = _waiting(waiting_asked_mails(), "asked_at", now=timezone.now())
    found = (_waiting(notices.annotate(since=since), "since"), links)
    together = Waiting(sum(each.count for each in found), max(each.oldest_seconds for each in found))
    return MailsFound(together, is_mail_held())


def _tried_in_vain() -> Q:
    """Return the condition that the mail server took no mail that was made later: where one mailbox is full, it takes others."""
    taken = Delivery.objects.filter(state=DeliveryState.SENT).order_by("-made_at", "-pk")
    last = taken.values_list("made_at", flat=True).first()
    tried = Q(attempts_count__gt=0)
    return tried & Q(made_at__gt=last) if last else tried


def _say_mails(found: MailsFound) -> ConditionReport:
    mails = found.waiting
    if found.are_held:
        return LOOK, _(
            "E-mail is held back since the database was restored: release it once everything has been looked at."
        )
    about = {"count": number(mails.count), "age": words_of(mails.oldest_seconds)}
    if mails.oldest_seconds > _MAIL_LATE_SECONDS:
        return LOOK, _(
            "%(count)s e-mails wait to be sent, the oldest for %(age)s: Reminders says why; the mail server may refuse them."
        ) % about
    if mails.count:
        return OK, _("%(count)s e-mails wait to be sent, the oldest for %(age)s.") % about
    return OK, _("No e-mail waits to be sent.")


def _measure_mails(found: MailsFound) -> Iterator[Sample]:
    yield Sample("mails_waiting", found.waiting.count)
    yield Sample("mails_oldest_seconds", found.waiting.oldest_seconds)
    yield Sample("mails_held", int(found.are_held))


def read_scans() -> Waiting:
    """Count the files that wait for their scan."""
    return _waiting(Document.objects.with_bytes().filter(scan_state=ScanState.PENDING), "received_at")


def _say_scans(scans: Waiting) -> ConditionReport:
    about = {"count": number(scans.count), "age": words_of(scans.oldest_seconds)}
    if scans.oldest_seconds > _SCAN_LATE_SECONDS:
        return LOOK, _(
            "%(count)s files wait for their scan, the oldest for %(age)s, and nobody can open them: see the scanner and the queues."
        ) % about
    if scans.count:
        return OK, _("%(count)s files wait for their scan, the oldest for %(age)s.") % about
    return OK, _("No file waits for its scan.")


def _measure_scans(scans: Waiting) -> Iterator[Sample]:
    yield Sample("scans_waiting", scans.count)
    yield Sample("scans_oldest_seconds", scans.oldest_seconds)


BEAT = StatePart("beat", gettext_lazy("Schedule"), read_turns, _say_beat, _measure_beat)
TURNS = StatePart("queues", gettext_lazy("Queues"), read_turns, _say_queues, _measure_queues)
MAILS = StatePart(
    "mails", gettext_lazy("E-mail"), read_mails, _say_mails, _measure_mails, "reminders:delivery"
)
SCANS = StatePart("scans", gettext_lazy("Scans"), read_scans, _say_scans, _measure_scans)
PARTS = (BEAT, TURNS, MAILS, SCANS)
