"""How to read a summary: the same words in every paper for people."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reports.summary.content import SummaryContent
from reports.writers import whose
from ui import dates


def key_sentences(content: SummaryContent) -> Iterator[str]:
    """What the reader of a summary should know, one paragraph each, in the language in force."""
    yield status_sentence(content)
    yield _(
        "An item stands where its lead agency stands, and is completed only when all its supporting agencies are; "
        "where MAPO has decided otherwise, its reason is given."
    )
    if content.sees_marks:
        yield _(
            "A document is named by its number in Jejak. The SHA-256 is that of its bytes: whoever holds the file "
            "can prove with it that nothing has been changed."
        )
    if content.sees_marks:
        yield _("Waiting, late and returned count the assignments of agencies, not items.")
    if told_of := whose.told_of(content):
        yield told_of
    yield _verify_sentence(content)


def _verify_sentence(content: SummaryContent) -> str:
    """Inside an evidence pack the file is not known by itself: the pack is. Who sees no documents gets no packs."""
    if not content.sees_marks:
        return _(
            "This file can be verified in Jejak, under “Verify a file”: it says whether Jejak made the file, and whether "
            "the answer for that day is still the same."
        )
    return _(
        "This file, or the evidence pack in which it lies, can be verified in Jejak, under “Verify a file”: it says "
        "whether Jejak made it, and whether the answer for that day is still the same."
    )


def status_sentence(content: SummaryContent) -> str:
    """What a status says and what does not count, in the language in force."""
    return _(
        "The status is MAPO’s decision on the updates that were accepted by the end of %(day)s, Malaysian time. "
        "Drafts, and updates that still wait for MAPO, are not counted."
    ) % {"day": dates.day(content.selection.day)}
