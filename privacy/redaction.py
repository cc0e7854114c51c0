"""Puts words such as "[telephone number]" in the place of what identifies a person."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from privacy.detector import find_identities
from privacy.kinds import IdentityKind

#: A person has texts of at most so many characters redacted: no form keeps a longer one.
MOST_REDACTED = 100_000
#: What stands in a text in the place of each kind.
PLACEHOLDERS: dict[IdentityKind, Promise] = {
    IdentityKind.CARD: pgettext_lazy("redaction", "[identity-card number]"),
    IdentityKind.PASSPORT: pgettext_lazy("redaction", "[passport number]"),
    IdentityKind.REFUGEE: pgettext_lazy("redaction", "[UNHCR card number]"),
    IdentityKind.PHONE: pgettext_lazy("redaction", "[telephone number]"),
    IdentityKind.NAME: pgettext_lazy("redaction", "[name]"),
}


def redact(text: str) -> str:
    """Return the text with words of the reader's language in the place of what seems to identify a person."""
    parts, last = [], 0
    for finding in find_identities(text, most=MOST_REDACTED):
        parts += [text[last : finding.start], str(PLACEHOLDERS[finding.kind])]
        last = finding.end
    return "".join([*parts, text[last:]])
