"""What clients asked and what they were told, and what they typed: kept beside the site, to be compared with it."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock


@dataclass(frozen=True)
class Asked:
    """One request and how it ended; `status` is 0 where the connection broke."""

    step: str
    at: float
    seconds: float
    method: str
    path: str
    status: int

    @property
    def shape(self) -> str:
        """The request without numbers and queries, as it stands in tables."""
        return f"{self.method} {re.sub(r'[0-9]+', 'N', self.path.partition('?')[0])}"

    @property
    def is_lost(self) -> bool:
        """Whether a person would see that the site failed."""
        return self.status == 0 or self.status >= 500


@dataclass
class Ledger:
    """Filled by all clients at once."""

    step: str = "start"
    asked: list[Asked] = field(default_factory=list)
    #: What went wrong beside statuses, as sentences.
    wrongs: list[str] = field(default_factory=list)
    #: Comments by text; files by number; the last accepted text of each draft, and the text of each that was sent.
    comments: set[str] = field(default_factory=set)
    files: dict[str, bytes] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    sent: dict[str, str] = field(default_factory=dict)
    #: Texts that were refused, and shown back to who typed them; refusals that showed nothing back are wrongs.
    shown_back: list[str] = field(default_factory=list)
    #: Texts of drafts whose saving was not answered: each may stand there or not.
    unsure: dict[str, set[str]] = field(default_factory=dict)
    #: Whether pages may be refused for a while: then only what was accepted counts.
    may_refuse: bool = False
    statics: set[str] = field(default_factory=set)
    began: float = field(default_factory=time.monotonic)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def printed(self, title: str) -> Iterator[None]:
        """Print a step when it ends, with its seconds and what people met meanwhile."""
        self.step, began, before = title, time.monotonic(), len(self.asked)
        yield
        asked = self.asked[before:]
        said = f"{title:<66} {time.monotonic() - began:6.1f} s"
        if asked:
            slowest = max(asked, key=lambda each: each.seconds)
            lost = sum(each.is_lost for each in asked)
            said += f"  {len(asked):5} requests, {lost} refused, slowest {slowest.seconds:.2f} s ({slowest.shape})"
        print(said, flush=True)

    def note(self, method: str, path: str, status: int, began: float) -> None:
        """Keep a request that began then and ended now."""
        now = time.monotonic()
        asked = Asked(self.step, began - self.began, now - began, method, path, status)
        with self._lock:
            self.asked.append(asked)

    def wrong(self, sentence: str) -> None:
        """Keep what should not have happened."""
        with self._lock:
            self.wrongs.append(f"[{self.step}] {sentence}")

    def refused(self, sentence: str) -> None:
        """Keep that somebody saw the site fail, unless that may happen."""
        if not self.may_refuse:
            self.wrong(sentence)

    def lost(self) -> list[Asked]:
        """Return the requests after which a person would have seen that the site failed."""
        return [each for each in self.asked if each.is_lost]

    def slowest(self, step: str = "") -> Asked | None:
        """Return the request that took longest, of all or within a step."""
        chosen = [each for each in self.asked if not step or each.step == step]
        return max(chosen, key=lambda each: each.seconds, default=None)

    def statuses(self) -> Counter[int]:
        """Count the answers by status."""
        return Counter(each.status for each in self.asked)

    def accepted(self) -> int:
        """Return how many texts and files the site said it has."""
        return len(self.comments) + len(self.files) + len(self.drafts) + len(self.sent)
