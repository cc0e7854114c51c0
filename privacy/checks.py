"""What services ask before a text goes on to others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.errors import BadValue, NotNow
from privacy.detector import MOST_EXAMINED, find_identities
from privacy.kinds import IDENTITIES_REASON_LENGTH, count_kinds, count_words
from ui.line_ends import with_line_feeds
from ui.numbers import number

_TOO_LONG = gettext_lazy(
    "This text is too long to be checked. Shorten it to %(limit)s characters. Nothing was sent."
)


class IdentitiesFound(NotNow):
    """A text seems to identify a person, and there is no reason to send it so; `problems` says which, by field."""

    code = "identities"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(_("Nothing was sent: the text seems to identify a person. Your text is kept."))
        self.problems = dict(problems)


@dataclass(frozen=True)
class IdentityNote:
    """What a text that goes on seems to identify, by kind, and why it goes on so. Both are empty for most texts."""

    counts: Mapping[str, int]
    reason: str = ""

    @property
    def event_facts(self) -> dict[str, Any]:
        """What the log says of it: kinds and numbers, never the words themselves."""
        return {f"identity_{kind}": count for kind, count in self.counts.items()}

    @property
    def trail_facts(self) -> dict[str, Any]:
        """`event_facts` and the reason, for an Event whose own reason is the text that was looked at."""
        return self.event_facts | ({"identities_reason": self.reason} if self.reason else {})


#: What most texts are.
NO_IDENTITIES = IdentityNote({})


#: What `IdentitiesFound` calls the names of files: no field of a form, so that the form keeps the files themselves.
FILE_NAMES = "file_names"


def identities_in_names(names: Iterable[str]) -> dict[str, int]:
    """Return what names of files seem to identify, by kind; "_" stands for a space in them."""
    return count_kinds(find_identities("\n".join(names).replace("_", " ")))


def check_identities(
    texts: Mapping[str, str], *, file_names: Iterable[str] = (), reason: str = ""
) -> IdentityNote:
    """Return what the texts (by field) and names of files seem to identify.

    Raise `IdentitiesFound` if it is something without a reason. A reason that seems to identify a person is none.
    Raise `BadValue` for a text that is too long to be looked at whole: no form sends one.
    """
    for field, text in texts.items():
        if len(text) > MOST_EXAMINED:
            raise BadValue(_TOO_LONG % {"limit": number(MOST_EXAMINED)}, field=field)
    found = {field: counts for field, text in texts.items() if (counts := count_kinds(find_identities(text)))}
    if named := identities_in_names(file_names):
        found[FILE_NAMES] = named
    reason = with_line_feeds(reason).strip()
    if found and (problem := _problem_of(reason)):
        raise IdentitiesFound(_told_by_field(found, problem, asks_to_rename=not reason))
    total: Counter[str] = Counter()
    for counts in found.values():
        total.update(counts)
    return IdentityNote(dict(total), reason if found else "")


def _told_by_field(
    found: Mapping[str, Mapping[str, int]], problem: str, *, asks_to_rename: bool
) -> dict[str, str]:
    """Return what is wrong with each field; names of files cannot be redacted, so `asks_to_rename` words theirs apart."""
    problems = dict.fromkeys(found, problem)
    if asks_to_rename and FILE_NAMES in found:
        problems[FILE_NAMES] = _(
            "The name of a file seems to identify a person (%(found)s). Rename the file and upload it again, or "
            "give a reason to send it as it is."
        )
    return {field: problems[field] % {"found": count_words(found[field])} for field in found}


def _problem_of(reason: str) -> str:
    """Return what is wrong with a reason, as a text with a place for what was `found`; empty if nothing is."""
    if not reason:
        return _(
            "This seems to identify a person (%(found)s). Redact it, or give a reason below to send it "
            "as it is."
        )
    if len(reason) > IDENTITIES_REASON_LENGTH:
        return _(
            "This seems to identify a person (%(found)s). The reason is longer than its limit: shorten it."
        )
    if find_identities(reason):
        return _(
            "This seems to identify a person (%(found)s), and so does the reason. Write a reason without names."
        )
    return ""
