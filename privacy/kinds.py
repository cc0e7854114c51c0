"""The kinds of identities that are looked for, and one find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models
from django.utils.translation import npgettext, pgettext_lazy


class IdentityKind(models.TextChoices):
    """What a part of a text seems to be."""

    CARD = "card", pgettext_lazy("identity", "Identity-card number")
    PASSPORT = "passport", pgettext_lazy("identity", "Passport number")
    REFUGEE = "refugee", pgettext_lazy("identity", "UNHCR card number")
    PERMIT = "permit", pgettext_lazy("identity", "Work permit number")
    PHONE = "phone", pgettext_lazy("identity", "Telephone number")
    EMAIL = "email", pgettext_lazy("identity", "E-mail address")
    ADDRESS = "address", pgettext_lazy("identity", "Address")
    NAME = "name", pgettext_lazy("identity", "Name")
    DETAIL = "detail", pgettext_lazy("identity", "Other personal detail")


#: A reason to send a text that seems to identify a person holds at most this many characters.
IDENTITIES_REASON_LENGTH = 500


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


def count_words(counts: Mapping[str, int]) -> str:
    """Return "2 identity-card numbers, 1 name" for counts by kind."""
    words = {
        IdentityKind.CARD: lambda count: npgettext(
            "identities", "%(count)s identity-card number", "%(count)s identity-card numbers", count
        ),
        IdentityKind.PASSPORT: lambda count: npgettext(
            "identities", "%(count)s passport number", "%(count)s passport numbers", count
        ),
        IdentityKind.REFUGEE: lambda count: npgettext(
            "identities", "%(count)s UNHCR card number", "%(count)s UNHCR card numbers", count
        ),
        IdentityKind.PERMIT: lambda count: npgettext(
            "identities", "%(count)s work permit number", "%(count)s work permit numbers", count
        ),
        IdentityKind.PHONE: lambda count: npgettext(
            "identities", "%(count)s telephone number", "%(count)s telephone numbers", count
        ),
        IdentityKind.EMAIL: lambda count: npgettext(
            "identities", "%(count)s e-mail address", "%(count)s e-mail addresses", count
        ),
        IdentityKind.ADDRESS: lambda count: npgettext(
            "identities", "%(count)s address", "%(count)s addresses", count
        ),
        IdentityKind.NAME: lambda count: npgettext("identities", "%(count)s name", "%(count)s names", count),
        IdentityKind.DETAIL: lambda count: npgettext(
            "identities", "%(count)s other personal detail", "%(count)s other personal details", count
        ),
    }
    return ", ".join(words[kind](counts[kind]) % {"count": counts[kind]} for kind in words if kind in counts)
