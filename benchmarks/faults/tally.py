"""What became of every reminder: the mail server's log against what was seeded, and a reason for each double.

A mail may arrive twice when something fell between the server's acceptance and our record of it: the server cut the
connection, or the worker or the database was ended. Anything else is a mistake of the product.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path

#: How an item is recognised in the text of a mail.
SIGN = re.compile(r"\bK\d{3}\b")
#: From the server's acceptance to our record it takes at most so many seconds: the answer, and one commit.
RECORD_SECONDS = 1.5
#: What `reminders.states.Outcome` says of an attempt whose connection broke; empty: it was cut off.
UNKNOWN, CUT_OFF = "unknown", ""


@dataclass(frozen=True)
class Accepted:
    """A mail that the server accepted: it asked for the text at `asked_at`, and had stored it at `at` (Unix time)."""

    at: float
    asked_at: float
    id: str
    to: str
    cut: bool
    signs: frozenset[str]


@dataclass(frozen=True)
class Fell:
    """Something was ended at `at`, and all of it was down by `until`; the database: answered again by then."""

    at: float
    until: float
    reason: str

    def is_between(self, mail: Accepted) -> bool:
        """Whether it fell between the first word of the text and our record that the mail was accepted.

        The text may have been on its way when its sender was ended: the server accepts it all the same.
        """
        return self.at <= mail.at + RECORD_SECONDS and self.until >= mail.asked_at


@dataclass(frozen=True)
class Facts:
    """Everything that is compared. Reminders are (address, sign)."""

    expected: frozenset[tuple[str, str]]
    bouncing: frozenset[str]
    accepted: list[Accepted]
    #: By Message-ID: the outcomes of the attempts, in order.
    attempts: dict[str, list[str]]
    #: Reminders that our records call failed, with the server's words.
    failed: dict[tuple[str, str], str]
    #: Message-IDs that our records call sent.
    sent: frozenset[str]
    #: Reminders neither sent nor settled nor failed.
    open_count: int
    fell: list[Fell]


@dataclass
class Verdict:
    """The figures, and every mistake as a sentence."""

    lost: int = 0
    sent: int = 0
    doubled: int = 0
    refused: int = 0
    openings: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    #: Message-ID and reason of each second copy.
    doubles: list[tuple[str, str]] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)


def judge(facts: Facts) -> Verdict:
    """Compare the log with the seed and the records."""
    verdict = Verdict(sent=len({mail.id for mail in facts.accepted}))
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mail in facts.accepted:
        for sign in mail.signs:
            said[mail.to, sign].add(mail.id)
    _judge_losses(facts, said, verdict)
    _judge_doubles(facts, verdict)
    verdict.mistakes += [
        f"{to} {sign} was said in two mails" for (to, sign), ids in said.items() if len(ids) > 1
    ]
    verdict.mistakes += [f"{to} {sign} was never owed" for to, sign in sorted(said.keys() - facts.expected)]
    verdict.mistakes += [f"{id} counts as sent, but was not accepted" for id in _never_accepted(facts)]
    if facts.open_count:
        verdict.mistakes.append(f"{facts.open_count} reminders are neither sent nor settled")
    return verdict


def _judge_losses(facts: Facts, said: dict[tuple[str, str], set[str]], verdict: Verdict) -> None:
    """Each reminder was accepted by the server, or refused for good and kept with its words."""
    for to, sign in sorted(facts.expected):
        if (to, sign) in said:
            continue
        if to in facts.bouncing and facts.failed.get((to, sign), "").startswith("550"):
            verdict.refused += 1
        else:
            verdict.lost += 1
            verdict.mistakes.append(f"{to} {sign} is lost")


def _judge_doubles(facts: Facts, verdict: Verdict) -> None:
    by_id: dict[str, list[Accepted]] = defaultdict(list)
    for mail in facts.accepted:
        by_id[mail.id].append(mail)
    for message_id, mails in by_id.items():
        ends = Counter(facts.attempts.get(message_id, []))
        *earlier, last = sorted(mails, key=lambda each: each.at)
        for mail in earlier:
            reason = _reason(mail, facts, ends)
            verdict.doubled += 1
            verdict.openings += bool(reason)
            verdict.doubles.append((message_id, reason or "no reason"))
            if reason:
                verdict.reasons[reason] += 1
            else:
                verdict.mistakes.append(f"{message_id} was sent twice without a reason")
        verdict.openings += bool(_reason(last, facts, ends))


def _reason(mail: Accepted, facts: Facts, ends: Counter[str]) -> str:
    """Why the mail was sent again after it had been accepted; each attempt explains one acceptance."""
    if mail.cut and _take(ends, UNKNOWN, CUT_OFF):
        return "the connection was cut after acceptance"
    between = [fell for fell in facts.fell if fell.is_between(mail)]
    if between and _take(ends, CUT_OFF):
        return min(between, key=lambda fell: abs(fell.at - mail.at)).reason
    return ""


def _take(ends: Counter[str], *outcomes: str) -> bool:
    for outcome in outcomes:
        if ends[outcome]:
            ends[outcome] -= 1
            return True
    return False


def _never_accepted(facts: Facts) -> Iterable[str]:
    return sorted(facts.sent - {mail.id for mail in facts.accepted})


def read_log(path: Path) -> tuple[list[Accepted], Counter[str]]:
    """The accepted mails of the server's log, and how often it played which trick."""
    accepted: list[Accepted] = []
    tricks: Counter[str] = Counter()
    for line in _lines(path):
        if line["what"] == "trick":
            tricks[str(line["trick"])] += 1
            continue
        text = str(line.pop("text"))
        del line["what"]
        line["id"] = bare_id(str(line["id"]))
        accepted.append(Accepted(**line, signs=signs_in(text.encode("latin-1"))))  # type: ignore[arg-type]  # as written
        tricks["cut after acceptance"] += accepted[-1].cut
    return accepted, tricks


def bare_id(message_id: str) -> str:
    """A Message-ID without its brackets."""
    return message_id.strip().strip("<>")


def signs_in(mail: bytes) -> frozenset[str]:
    """The signs of the items that a mail speaks of."""
    body = message_from_bytes(mail, policy=default).get_body(("plain",))
    return frozenset(SIGN.findall(body.get_content())) if body is not None else frozenset()


def count_accepted(path: Path) -> int:
    """How many mails were accepted so far."""
    return path.read_bytes().count(b'"what": "accepted"') if path.exists() else 0


def _lines(path: Path) -> Iterator[dict[str, object]]:
    with path.open(encoding="utf-8") as log:
        for line in log:
            yield json.loads(line)
