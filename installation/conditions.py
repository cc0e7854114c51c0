"""How a part of the installation is, in a word and a sentence that says what to do."""

from enum import StrEnum


class Condition(StrEnum):
    """How a part is."""

    OK = "ok"
    LOOK = "look at this"
    BROKEN = "broken"
    UNSEEN = "not looked at"


OK, LOOK, BROKEN, UNSEEN = Condition.OK, Condition.LOOK, Condition.BROKEN, Condition.UNSEEN
#: How a part is, and one sentence that says what to do.
ConditionReport = tuple[Condition, str]
