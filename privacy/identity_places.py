"""What a person is shown of a text that seems to identify somebody: how much of which kind, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from privacy.detector import MOST_EXAMINED, find_identities
from privacy.kinds import IDENTITIES_REASON_LENGTH, Finding, count_kinds, count_words
from privacy.text import sentence_around

#: Of more places than these, only the number is told.
MOST_SHOWN = 10
#: At most so many characters are shown before and after each place.
_AROUND = 60


@dataclass(frozen=True)
class IdentityPlace:
    """One place: what it seems to be, the words themselves, and those around them in the same sentence."""

    label: str
    before: str
    words: str
    after: str


@dataclass(frozen=True)
class IdentityPlaces:
    """What was found in a text; false if that is nothing. `more` counts the places that are not shown.

    `is_cut` says that the text goes on after `MOST_EXAMINED` characters, and that the rest was not looked at.
    """

    counts: Mapping[str, int]
    shown: tuple[IdentityPlace, ...]
    is_cut: bool = False

    def __bool__(self) -> bool:
        return bool(self.counts)

    @property
    def examined(self) -> int:
        """How many characters were looked at where the text is cut."""
        return MOST_EXAMINED

    @property
    def more(self) -> int:
        return sum(self.counts.values()) - len(self.shown)

    @property
    def summary(self) -> str:
        """For example "2 identity-card numbers, 1 name"."""
        return count_words(self.counts)


#: What is shown of most texts.
NO_PLACES = IdentityPlaces({}, ())


def notice(text: str, *, name: str, control_id: str, reason: str) -> dict[str, Any]:
    """Return what the notice below a text shows; `control_id` is the id of its control, `reason` what was typed there."""
    return {
        "places": identity_places(text),
        "name": name,
        "control_id": control_id,
        "reason": reason,
        "reason_length": IDENTITIES_REASON_LENGTH,
        "error": "",
    }


def identity_places(text: str) -> IdentityPlaces:
    """Return what in the first `MOST_EXAMINED` characters of the text seems to identify a person."""
    findings = find_identities(text)
    shown = tuple(_place(text, finding) for finding in findings[:MOST_SHOWN])
    return IdentityPlaces(count_kinds(findings), shown, is_cut=len(text) > MOST_EXAMINED)


def _place(text: str, finding: Finding) -> IdentityPlace:
    before, after = sentence_around(text, finding.start, finding.end, _AROUND)
    words = text[finding.start : finding.end]
    return IdentityPlace(str(finding.kind.label), before, words, after)
