"""What files and folders of a pack are called: short, without spaces, and in the language of the pack."""

from __future__ import annotations

from dataclasses import dataclass

from recommendations.states import Kind
from reports.states import Language


@dataclass(frozen=True, slots=True)
class Wording:
    """The names of one language; `kinds` by the kind of an item."""

    readme: str
    updates: str
    evidence: str
    document: str
    kinds: dict[str, str]

    def item(self, key: str) -> str:
        """syor-04, of "recommendation-4"."""
        kind, _dash, number = key.partition("-")
        return f"{self.kinds[kind]}-{int(number):02}"


_MALAY = Wording(
    readme="BACA-SAYA.txt",
    updates="kemas-kini",
    evidence="bukti",
    document="dokumen",
    kinds={Kind.RECOMMENDATION.value: "syor", Kind.WEAKNESS.value: "kelemahan"},
)
_ENGLISH = Wording(
    readme="README.txt",
    updates="updates",
    evidence="evidence",
    document="document",
    kinds={Kind.RECOMMENDATION.value: "recommendation", Kind.WEAKNESS.value: "weakness"},
)


def wording_of(language: str) -> Wording:
    """Malay names, unless the pack speaks English alone."""
    return _ENGLISH if language == Language.ENGLISH else _MALAY
