"""What a doctor says of a part, and how it looks: all at once, each for a bounded time, whatever breaks or hangs."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.core.checks import ERROR, CheckMessage
from django.db import DatabaseError, connections

from installation.conditions import BROKEN, LOOK, OK, UNSEEN, Condition, ConditionReport
from installation.looks import Look

#: A part that has not answered by then is not waited for.
MOST_SECONDS = 5.0


@dataclass(frozen=True)
class Diagnosis:
    """What is said of one part."""

    part: str
    condition: Condition
    sentence: str


@dataclass(frozen=True)
class Examination:
    """One part and how it is looked at; one of the database is looked at only when the database answers."""

    part: str
    look: Callable[[], ConditionReport]
    asks_database: bool = False


@dataclass(frozen=True)
class _Begun:
    """An examination that goes on."""

    part: str
    look: Look[ConditionReport]
    until: float

    def diagnosis(self) -> Diagnosis:
        """Wait for its end, as long as it may take."""
        said = self.look.seen(self.until) or (
            BROKEN,
            f"This gave no answer within {MOST_SECONDS:.0f} seconds: something on the way hangs, or the machine is too busy.",
        )
        return Diagnosis(self.part, *said)


def examine(database: Examination, others: Sequence[Examination]) -> Iterator[Diagnosis]:
    """Yield what is said of the database, then of each other part in its order; the parts are looked at side by side."""
    first = _begin(database)
    begun = {each.part: _begin(each) for each in others if not each.asks_database}
    said = first.diagnosis()
    yield said
    if said.condition != BROKEN:
        begun |= {each.part: _begin(each) for each in others if each.asks_database}
    for each in others:
        yield begun[each.part].diagnosis() if each.part in begun else _unseen(each)


def _begin(examination: Examination) -> _Begun:
    look = Look(examination.part, partial(_say, examination.look))
    return _Begun(examination.part, look, until=time.monotonic() + MOST_SECONDS)


def _say(look: Callable[[], ConditionReport]) -> ConditionReport:
    """Return what a look says, or that it could not look."""
    try:
        return look()
    except DatabaseError:
        return UNSEEN, "The database gave no answer to this: mend what is said of it, and look again."
    except Exception as error:
        # Its words may hold an address with a password.
        return BROKEN, f"This could not be looked at ({type(error).__name__}): tell who maintains Jejak."
    finally:
        connections.close_all()


def _unseen(examination: Examination) -> Diagnosis:
    return Diagnosis(
        examination.part, UNSEEN, "The database holds this and does not answer: mend that first."
    )


def said_by(messages: Iterable[CheckMessage], *, well: str) -> ConditionReport:
    """Return the first message of one of Django's checks as a sentence, or that all is well."""
    for message in messages:
        hint = message.hint or ""
        return (
            BROKEN if message.level >= ERROR else LOOK,
            f"{message.msg.rstrip('.')}: {hint[:1].lower()}{hint[1:]}",
        )
    return OK, well


def first_of(*problems: tuple[bool, Condition, str], well: str) -> ConditionReport:
    """Return the first problem that is there, or that all is well."""
    return next(((condition, sentence) for is_there, condition, sentence in problems if is_there), (OK, well))
