"""MAPO says in words why a check fails or cannot be judged; no number is changed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit.acts import require, require_reason
from audit.errors import NotNow, Stale
from audit.services import digest, record
from indicators.errors import CHANGED_EXPLANATION
from indicators.models import Check, CheckExplanation
from indicators.queries.checks import judge_cycle
from privacy.checks import check_identities
from recommendations.models import Cycle
from recommendations.permissions import may_steer
from ui.invisible_characters import visible_line

#: Two explanations of one check wait for each other. The check itself cannot be locked: nobody may change it.
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('jejak.explain_check'), %s)"


@transaction.atomic
def explain_check(
    check: Check,
    *,
    days: tuple[date | None, date | None] = (None, None),
    text: str,
    seen: str = "",
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> CheckExplanation:
    """Let words stand from now on beside what a check found for the period of these days.

    A check of fixed terms has no days. The words that stood are replaced and kept; the same words again change nothing.
    `seen` is the key of the explanation that the person saw, "" for none. Raises `Stale` where another stands;
    `NotNow` in a closed cycle, and where the check finds nothing, or holds; `IdentitiesFound` as `check_identities` does.
    """
    require(may_steer(actor))
    cycle = Cycle.objects.held_open(check.source.cycle)
    if not visible_line(text):
        raise NotNow(_("Write an explanation."))
    text = text.strip()
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [check.pk])
    found = [row for row in judge_cycle(cycle, user=actor).of_check(check.pk) if row.days == days]
    if not found:
        raise NotNow(_("There are no figures for this check and period. Nothing was changed."))
    if all(row.holds for row in found):
        raise NotNow(_("This check holds: there is nothing to explain. Nothing was changed."))
    begins_on, ends_on = days
    period = {"begins_on": begins_on, "ends_on": ends_on}
    standing = check.explanations.standing().filter(**period).first()
    if standing and standing.text == text:
        return standing
    _require_seen(standing, seen)
    identities = check_identities({"text": text}, reason=identities_reason)
    if standing:
        standing.ended_by, standing.ended_at = actor, max(now, standing.explained_at)
        standing.save(update_fields=["ended_by", "ended_at"])
    given = CheckExplanation.objects.create(
        check_of=check, **period, text=text, explained_by=actor, explained_at=now
    )
    about: dict[str, Any] = {
        "before": {"text": digest(standing.text)} if standing else None,
        "after": {"text": digest(text), **_as_text(period)} | identities.event_facts,
        "reason": identities.reason,
    }
    record(action="check.explained", actor=actor, obj=given, label=_label(check), now=now, **about)
    return given


@transaction.atomic
def withdraw_explanation(
    check: Check,
    *,
    days: tuple[date | None, date | None] = (None, None),
    reason: str,
    seen: str,
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> CheckExplanation:
    """Take away the words that stand beside a check for the period of these days; past days keep them.

    `seen` is the key of the explanation that the person saw. Raises `Stale` where another stands; `NotNow` in a
    closed cycle, without a reason, and where nothing stands; `IdentitiesFound` as `check_identities` does.
    """
    require(may_steer(actor))
    Cycle.objects.held_open(check.source.cycle)
    reason = require_reason(reason)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [check.pk])
    begins_on, ends_on = days
    period = {"begins_on": begins_on, "ends_on": ends_on}
    standing = check.explanations.standing().filter(**period).first()
    if standing is None:
        raise NotNow(_("There is no explanation to withdraw. Nothing was changed; reload the page."))
    _require_seen(standing, seen)
    identities = check_identities({"reason": reason}, reason=identities_reason)
    standing.ended_by, standing.ended_at = actor, max(now, standing.explained_at)
    standing.ended_reason = reason
    standing.save(update_fields=["ended_by", "ended_at", "ended_reason"])
    about: dict[str, Any] = {
        "before": {"text": digest(standing.text)},
        "after": {**_as_text(period), **identities.trail_facts},
        "reason": reason,
    }
    action = "check.explanation_withdrawn"
    record(action=action, actor=actor, obj=standing, label=_label(check), now=now, **about)
    return standing


def _require_seen(standing: CheckExplanation | None, seen: str) -> None:
    if seen != (str(standing.pk) if standing else ""):
        raise Stale(CHANGED_EXPLANATION, standing)


def _as_text(period: dict[str, date | None]) -> dict[str, str]:
    return {name: day.isoformat() for name, day in period.items() if day}


def _label(check: Check) -> str:
    return f"{check.source.cycle} · {check.code}"
