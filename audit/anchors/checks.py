"""Compares the chain with the heads that were kept: who shows one that the chain never had, shows that it was changed."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from audit.anchors.evidence import KeptHead, NoProof
from audit.anchors.timestamps import imprint_of
from audit.verification import ChainCheck, ChainHead, verify
from ui.dates import day_time
from ui.numbers import number


@dataclass(frozen=True)
class Contradiction:
    """A kept head that the chain does not have, and what that means."""

    kept: KeptHead
    meaning: str


@dataclass(frozen=True)
class AnchoredCheck:
    """The result for the chain, and for what was kept of it outside."""

    chain: ChainCheck
    agreeing: list[KeptHead]
    contradictions: list[Contradiction]
    #: Heads behind the first fault of the chain, with which nothing can be compared.
    unreached: list[KeptHead]
    refused: list[NoProof]

    @property
    def is_good(self) -> bool:
        """Whether the chain is whole and nothing that was kept speaks against it."""
        return not (self.chain.fault or self.contradictions or self.refused)


def verify_with_anchors(
    shown: Iterable[KeptHead | NoProof], *, kept_head: ChainHead | None = None
) -> AnchoredCheck:
    """Check the whole chain, and compare it with all heads that were kept, in one reading."""
    walk, refused = _Walk(), []
    for each in shown:
        if isinstance(each, NoProof):
            refused.append(each)
        else:
            walk.take(each)
    chain = verify(kept_head=kept_head, on_link=walk.pass_head)
    return walk.judge(chain, refused)


@dataclass
class _Walk:
    """Goes along the chain and notes which kept heads it meets."""

    by_position: dict[int, list[KeptHead]] = field(default_factory=lambda: defaultdict(list))
    by_imprint: dict[bytes, list[KeptHead]] = field(default_factory=lambda: defaultdict(list))
    met: list[tuple[int, KeptHead]] = field(default_factory=list)
    replaced: list[KeptHead] = field(default_factory=list)
    last_good: ChainHead | None = None

    def take(self, kept: KeptHead) -> None:
        """Take a head along on the walk."""
        if kept.head is not None:
            self.by_position[kept.head.position].append(kept)
        elif kept.imprint is not None:
            self.by_imprint[kept.imprint].append(kept)

    def pass_head(self, head: ChainHead) -> None:
        """Compare one head of the chain with those that were kept."""
        at_this_place = self.by_position.pop(head.position, [])
        if self.by_imprint:
            for kept in self.by_imprint.pop(imprint_of(head), []):
                self._agree(head, kept)
        for kept in at_this_place:
            if kept.head == head:
                self._agree(head, kept)
            else:
                self.replaced.append(kept)

    def _agree(self, head: ChainHead, kept: KeptHead) -> None:
        self.met.append((head.position, kept))
        if not self.replaced:
            self.last_good = head

    def judge(self, chain: ChainCheck, refused: list[NoProof]) -> AnchoredCheck:
        """Return what it all means, once the walk has come to its end."""
        behind = [kept for position in sorted(self.by_position) for kept in self.by_position[position]]
        unknown = [kept for same in self.by_imprint.values() for kept in same]
        is_whole = chain.fault is None
        contradictions = [Contradiction(kept, self._rewritten(kept)) for kept in self.replaced]
        if is_whole:
            contradictions += [Contradiction(kept, _cut(kept, chain.head)) for kept in behind]
            contradictions += [Contradiction(kept, self._never_had(kept)) for kept in unknown]
        return AnchoredCheck(
            chain=chain,
            agreeing=[kept for _position, kept in sorted(self.met, key=lambda pair: pair[0])],
            contradictions=contradictions,
            unreached=[] if is_whole else behind + unknown,
            refused=refused,
        )

    def _since(self) -> int:
        return self.last_good.position if self.last_good is not None else 0

    def _rewritten(self, kept: KeptHead) -> str:
        assert kept.head is not None
        return _(
            "On %(when)s the log had another head at position %(position)s than it has now: an event between positions "
            "%(first)s and %(position)s was changed, added or removed afterwards, and the chain was written again."
        ) % {"when": day_time(kept.at), "position": kept.head.position, "first": self._since() + 1}

    def _never_had(self, kept: KeptHead) -> str:
        return _(
            "On %(when)s the log had a head that it has nowhere now: an event after position %(last)s was changed or "
            "removed afterwards, or the end was cut off."
        ) % {"when": day_time(kept.at), "last": self._since()}


def _cut(kept: KeptHead, end: ChainHead) -> str:
    assert kept.head is not None
    return _(
        "On %(when)s the log held %(position)s events, and now it ends after %(end)s: its end was cut off."
    ) % {"when": day_time(kept.at), "position": number(kept.head.position), "end": number(end.position)}
