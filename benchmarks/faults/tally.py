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
class AcceptedMail:
    """A mail that the server accepted: it asked for the text at `asked_at`, and had stored it at `at` (Unix time)."""

    at: float
    asked_at: float
    id: str
    to: str
    cut: bool
    signs: frozenset[str]


@dataclass(frozen=True)
class Interruption:
    """Something was ended at `at`, and all of it was down by `until`; the database: answered again by then."""

    at: float
    until: float
    reason: str

    def is_between(self, mail: AcceptedMail) -> bool:
        """Whether it fell between the first word of the text and our record that the mail was accepted.

        The text may have been on its way when its sender was ended: the server accepts it all the same.
        """
        return self.at <= mail.at + RECORD_SECONDS and self.until >= mail.asked_at


@dataclass(frozen=True)
class RunRecord:
    """Everything that is compared. Reminders are (address, sign)."""

    expected: frozenset[tuple[str, str]]
    bouncing: frozenset[str]
    accepted: list[AcceptedMail]
    #: By Message-ID: the outcomes of the attempts, in order.
    attempts: dict[str, list[str]]
    #: Reminders that our records call failed, with the server's words.
    failed: dict[tuple[str, str], str]
    #: Message-IDs that our records call sent.
    sent: frozenset[str]
    #: Reminders neither sent nor settled nor failed.
    open_count: int
    interruptions: list[Interruption]


@dataclass
class MailTally:
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


def count_mails(record: RunRecord) -> MailTally:
    """Compare the log with the seed and the records."""
    counts = MailTally(sent=len({mail.id for mail in record.accepted}))
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for mail in record.accepted:
        for sign in mail.signs:
            said[mail.to, sign].add(mail.id)
    _count_losses(record, said, counts)
    _count_doubles(record, counts)
    counts.mistakes += [
        f"{to} {sign} was said in two mails" for (to, sign), ids in said.items() if len(ids) > 1
    ]
    counts.mistakes += [f"{to} {sign} was never owed" for to, sign in sorted(said.keys() - record.expected)]
    counts.mistakes += [f"{id} counts as sent, but was not accepted" for id in _never_accepted(record)]
    if record.open_count:
        counts.mistakes.append(f"{record.open_count} reminders are neither sent nor settled")
    return counts


def _count_losses(record: RunRecord, said: dict[tuple[str, str], set[str]], counts: MailTally) -> None:
    """Each reminder was accepted by the server, or refused for good and kept with its words."""
    for to, sign in sorted(record.expected):
        if (to, sign) in said:
            continue
        if to in record.bouncing and record.failed.get((to, sign), "").startswith("550"):
            counts.refused += 1
        else:
            counts.lost += 1
            counts.mistakes.append(f"{to} {sign} is lost")


def _count_doubles(record: RunRecord, counts: MailTally) -> None:
    by_id: dict[str, list[AcceptedMail]] = defaultdict(list)
    for mail in record.accepted:
        by_id[mail.id].append(mail)
    for message_id, mails in by_id.items():
        ends = Counter(record.attempts.get(message_id, []))
        *earlier, last = sorted(mails, key=lambda each: each.at)
        for mail in earlier:
            reason = _reason(mail, record, ends)
            counts.doubled += 1
            counts.openings += bool(reason)
            counts.doubles.append((message_id, reason or "no reason"))
            if reason:
                counts.reasons[reason] += 1
            else:
                counts.mistakes.append(f"{message_id} was sent twice without a reason")
        counts.openings += bool(_reason(last, record, ends))


def _reason(mail: AcceptedMail, record: RunRecord, ends: Counter[str]) -> str:
    """Why the mail was sent again after it had been accepted; each attempt explains one acceptance."""
    if mail.cut and _take(ends, UNKNOWN, CUT_OFF):
        return "the connection was cut after acceptance"
    between = [each for each in record.interruptions if each.is_between(mail)]
    if between and _take(ends, CUT_OFF):
        return min(between, key=lambda each: abs(each.at - mail.at)).reason
    return ""


def _take(ends: Counter[str], *outcomes: str) -> bool:
    for outcome in outcomes:
        if ends[outcome]:
            ends[outcome] -= 1
            return True
    return False


def _never_accepted(record: RunRecord) -> Iterable[str]:
    return sorted(record.sent - {mail.id for mail in record.accepted})


def read_log(path: Path) -> tuple[list[AcceptedMail], Counter[str]]:
    """The accepted mails of the server's log, and how often it played which trick."""
    accepted: list[AcceptedMail] = []
    tricks: Counter[str] = Counter()
    for line in _lines(path):
        if line["what"] == "trick":
            tricks[str(line["trick"])] += 1
            continue
        text = str(line.pop("text"))
        del line["what"]
        line["id"] = bare_id(str(line["id"]))
        accepted.append(AcceptedMail(**line, signs=signs_in(text.encode("latin-1"))))
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
