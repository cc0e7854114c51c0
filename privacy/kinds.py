"""The kinds of identities that are looked for, and one find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import pgettext_lazy


class IdentityKind(models.TextChoices):
    """What a part of a text seems to be."""

    CARD = "card", pgettext_lazy("identity", "Identity-card number")
    PASSPORT = "passport", pgettext_lazy("identity", "Passport number")
    REFUGEE = "refugee", pgettext_lazy("identity", "UNHCR card number")
    PHONE = "phone", pgettext_lazy("identity", "Telephone number")
    NAME = "name", pgettext_lazy("identity", "Name")


@dataclass(frozen=True, order=True, slots=True)
class Finding:
    """The part of a text from character `start` to before `end` that seems to identify a person."""

    start: int
    end: int
    kind: IdentityKind


def count_kinds(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many findings there are of each kind, by the kind's value, in the order of `IdentityKind`."""
    counts = Counter(finding.kind for finding in findings)
    return {kind.value: counts[kind] for kind in IdentityKind if counts[kind]}
