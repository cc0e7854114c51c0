"""Hide words of texts, and show them again with a second pair of eyes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.second_eyes import must_be_second_eyes
from audit.errors import NotAllowed, NotNow
from audit.services import record
from identities.models import LiftRequest
from identities.permissions import may_hide_words
from identities.queries import TextWithWords, find_words, marks_like
from privacy.checks import MARKS, check_identities, mark_of
from privacy.models import IdentityMark

#: The kind of words that a data officer chose.
CHOSEN = "chosen"


@transaction.atomic
def hide_words(
    words: str, *, is_whole: bool, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> int:
    """Hide words, or the whole of each text in which they stand; return in how many texts.

    The words themselves are kept nowhere. Raises `NotAllowed`, `NotNow` where they stand nowhere or in too many texts, and
    `IdentitiesFound` as `check_identities` does.
    """
    _require(may_hide_words(actor))
    identities = check_identities({"reason": reason}, reason=identities_reason)
    if words.casefold() in reason.casefold():
        raise NotNow(_("The reason names what you hide. Write it without these words."))
    found = find_words(words)
    if not found.texts:
        raise NotNow(_("These words stand in no text. Check how they are written there."))
    if found.has_more:
        raise NotNow(
            _("These words stand in more than 200 texts. Type more of them, so that fewer are found.")
        )
    marks = [_mark(each, words, is_whole=is_whole) for each in found.texts]
    record(
        action="identity.redacted",
        actor=actor,
        object_type="privacy.IdentityMark",
        after={
            "texts": len(marks),
            "is_whole": is_whole,
            **identities.trail_facts,
            MARKS: [*marks, *identities.event_facts.get(MARKS, [])],
        },
        reason=reason,
        now=now,
    )
    return len(marks)


def _mark(each: TextWithWords, words: str, *, is_whole: bool) -> dict[str, Any]:
    """Return what an Event holds of a text in which these words, or all, are hidden."""
    spans = [[0, len(each.text), CHOSEN]] if is_whole else list(_places(each.text, words))
    whose = {"agency": each.agency_id} if each.agency_id is not None else {}
    return {**mark_of(each.field, each.text, spans), **whose}


def _places(text: str, words: str) -> Iterable[list[Any]]:
    for match in re.finditer(re.escape(words), text, re.IGNORECASE):
        yield [match.start(), match.end(), CHOSEN]


@transaction.atomic
def ask_lift(
    mark: IdentityMark, *, reason: str, identities_reason: str = "", actor: User, now: datetime
) -> LiftRequest:
    """Propose that a text is shown whole again. Raises `NotAllowed`, and `NotNow` where it is proposed or shown already."""
    _require(may_hide_words(actor))
    identities = check_identities({"reason": reason}, reason=identities_reason)
    now_known = marks_like({}).get(pk=mark.pk)
    if now_known.is_lifted:
        raise NotNow(_("This text is shown whole already."))
    if now_known.is_asked:
        raise NotNow(_("Somebody has proposed it already. Another administrator decides."))
    asked = LiftRequest.objects.create(mark=mark, reason=reason, asked_by=actor, asked_at=now)
    record(
        action="identity.lift_asked",
        actor=actor,
        obj=asked,
        agency_id=mark.agency_id,
        after=identities.trail_facts or None,
        reason=reason,
        now=now,
    )
    return asked


@transaction.atomic
def decide_lift(
    asked: LiftRequest,
    *,
    is_lifted: bool,
    reason: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> LiftRequest:
    """Show a text whole again, or refuse to. Raises `NotAllowed` for who proposed it or is tied to them, `NotNow` when it is decided."""
    row = LiftRequest.objects.select_for_update(no_key=True).get(pk=asked.pk)
    _require(may_hide_words(actor))
    must_be_second_eyes(actor, asked_by_id=row.asked_by_id, now=now)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    if row.decided_at is not None:
        raise NotNow(_("Somebody has decided already."))
    row.decided_by, row.decided_at, row.is_lifted, row.decision_reason = actor, now, is_lifted, reason
    row.save(update_fields=["decided_by", "decided_at", "is_lifted", "decision_reason"])
    mark = row.mark
    lifted = {**mark_of(mark.field, "", []), "sha256": mark.sha256, "length": mark.length, "is_hidden": False}
    noted = identities.event_facts.get(MARKS, [])
    marks = [*noted, lifted] if is_lifted else noted
    record(
        action="identity.lifted" if is_lifted else "identity.lift_refused",
        actor=actor,
        obj=row,
        agency_id=mark.agency_id,
        after=identities.trail_facts | ({MARKS: marks} if marks else {}) or None,
        reason=reason,
        now=now,
    )
    return row


def _require(is_allowed: bool) -> None:
    if not is_allowed:
        raise NotAllowed(_("Only administrators who are cleared for confidential texts may do this."))
