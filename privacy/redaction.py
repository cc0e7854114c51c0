"""Puts words such as "[telephone number]" in the place of what identifies a person."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from privacy.detector import find_identities
from privacy.kinds import Finding, IdentityKind

#: A person has texts of at most so many characters redacted: no form keeps a longer one.
MOST_REDACTED = 100_000
#: What stands in a text in the place of each kind.
PLACEHOLDERS: dict[IdentityKind, Promise] = {
    IdentityKind.CARD: pgettext_lazy("redaction", "[identity-card number]"),
    IdentityKind.PASSPORT: pgettext_lazy("redaction", "[passport number]"),
    IdentityKind.REFUGEE: pgettext_lazy("redaction", "[UNHCR card number]"),
    IdentityKind.PERMIT: pgettext_lazy("redaction", "[work permit number]"),
    IdentityKind.PHONE: pgettext_lazy("redaction", "[telephone number]"),
    IdentityKind.EMAIL: pgettext_lazy("redaction", "[e-mail address]"),
    IdentityKind.ADDRESS: pgettext_lazy("redaction", "[address]"),
    IdentityKind.NAME: pgettext_lazy("redaction", "[name]"),
    IdentityKind.DETAIL: pgettext_lazy("redaction", "[personal detail]"),
}


def redact(text: str) -> str:
    """Return the text with words of the reader's language in the place of what seems to identify a person."""
    return _redacted(text, find_identities(text, most=MOST_REDACTED))


def redact_file_name(name: str) -> str:
    """Return the name of a file, in which "_" stands for a space, without what seems to identify a person."""
    return _redacted(name, find_identities(name.replace("_", " ")))


def _redacted(text: str, findings: Iterable[Finding]) -> str:
    parts, last = [], 0
    for finding in findings:
        parts += [text[last : finding.start], str(PLACEHOLDERS[finding.kind])]
        last = finding.end
    return "".join([*parts, text[last:]])
