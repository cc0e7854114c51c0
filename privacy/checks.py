"""What services ask before a text goes on to others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.errors import BadValue, NotNow
from privacy.detector import MOST_EXAMINED, find_identities
from privacy.kinds import IDENTITIES_REASON_LENGTH, count_kinds, count_words
from privacy.reading import digest_of
from privacy.repeats import repeats_any
from ui.line_ends import with_line_feeds
from ui.numbers import number

_TOO_LONG = gettext_lazy(
    "This text is too long to be checked. Shorten it to %(limit)s characters. Nothing was sent."
)


#: What `after` of an Event calls the places that are hidden from it on; a trigger of the log writes them as `IdentityMark`.
MARKS = "identity_marks"


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
    #: Where in which text, for `IdentityMark`: the database hides these places from the Event on.
    marks: tuple[Mapping[str, Any], ...] = ()

    @property
    def event_facts(self) -> dict[str, Any]:
        """What the log says of it: kinds, numbers and places, never the words themselves."""
        counts = {f"identity_{kind}": count for kind, count in self.counts.items()}
        return counts | ({MARKS: [dict(mark) for mark in self.marks]} if self.marks else {})

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
    texts: Mapping[str, str],
    *,
    file_names: Iterable[str] = (),
    parts: Mapping[str, Iterable[str]] | None = None,
    reason: str = "",
) -> IdentityNote:
    """Return what the texts (by field) and names of files seem to identify.

    `parts` are the texts as they are kept, by field, where a text above joins several.

    Raise `IdentitiesFound` if it is something without a reason. A reason that seems to identify a person is none, nor is
    one that repeats what was found: others read it than those who see the text whole.
    Raise `BadValue` for a text that is too long to be looked at whole: no form sends one.
    """
    _refuse_long(texts)
    file_names = list(file_names)
    found = {field: counts for field, text in texts.items() if (counts := count_kinds(find_identities(text)))}
    if named := identities_in_names(file_names):
        found[FILE_NAMES] = named
    if not found:
        return NO_IDENTITIES
    reason = with_line_feeds(reason).strip()
    if problem := _problem_of(reason, [*texts.values(), *(name.replace("_", " ") for name in file_names)]):
        raise IdentitiesFound(_told_by_field(found, problem, asks_to_rename=not reason))
    total: Counter[str] = Counter()
    for counts in found.values():
        total.update(counts)
    kept = {field: [text] for field, text in texts.items()} | {FILE_NAMES: file_names, **(parts or {})}
    marks = chain.from_iterable(marks_for(field, each) for field, several in kept.items() for each in several)
    return IdentityNote(dict(total), reason, tuple(marks))


def refuse_identities(number: str, *, field: str) -> None:
    """Raise BadValue where the number of a file or letter, which needs no name, seems to identify a person."""
    if found := count_kinds(find_identities(number)):
        words = _(
            "This seems to identify a person (%(found)s). Write the reference number alone, without names."
        )
        raise BadValue(words % {"found": count_words(found)}, field=field)


def _refuse_long(texts: Mapping[str, str]) -> None:
    """Raise `BadValue` for a text that is too long to be looked at whole."""
    for field, text in texts.items():
        if len(text) > MOST_EXAMINED:
            raise BadValue(_TOO_LONG % {"limit": number(MOST_EXAMINED)}, field=field)


def marks_for(field: str, text: str) -> Iterator[dict[str, Any]]:
    """Yield what to hide of a text, as it was given and as it is kept without space around it; nothing if nothing is found."""
    spans = spans_of(text.replace("_", " ") if field == FILE_NAMES else text)
    if not spans:
        return
    yield mark_of(field, text, spans)
    kept = text.strip()
    if kept != text:
        before = len(text) - len(text.lstrip())
        yield mark_of(field, kept, [[start - before, end - before, kind] for start, end, kind in spans])


def spans_of(text: str) -> list[list[Any]]:
    """Return the places of what a text seems to identify, as [start, end, kind]."""
    return [[each.start, each.end, each.kind.value] for each in find_identities(text)]


def mark_of(field: str, text: str, spans: list[list[Any]]) -> dict[str, Any]:
    """Return what an Event holds of a text in which these places are hidden."""
    return {"field": field, "sha256": digest_of(text), "length": len(text), "spans": spans}


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


def _problem_of(reason: str, texts: Iterable[str]) -> str:
    """Return what is wrong with a reason to send these texts, as a text with a place for what was `found`; empty if nothing is."""
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
    if any(repeats_any(reason, text, find_identities(text)) for text in texts):
        return _(
            "This seems to identify a person (%(found)s), and the reason repeats a part of it. Write a reason without "
            "it: others read the reason."
        )
    return ""
