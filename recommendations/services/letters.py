"""Updates that came by letter: MAPO enters them on the agency's behalf."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.clock import local_date
from audit.errors import NotNow
from recommendations.content import Content, problems
from recommendations.errors import Incomplete
from recommendations.models import Assignment, Submission
from recommendations.permissions import may_steer
from recommendations.services.checks import locked_assignment, require, require_in_force
from recommendations.services.updates import create_draft, require_none_open, send


@transaction.atomic
def enter_letter(
    assignment: Assignment, *, content: Content, reference: str, letter_on: date, actor: User, now: datetime
) -> Submission:
    """Submit what an agency wrote by letter, marked so; somebody other than `actor` must review it.

    `letter_on` is the date of the letter: a fact about the world, it moves no record in time.
    """
    require(may_steer(actor))
    assignment = locked_assignment(assignment)
    require_in_force(assignment)
    require_none_open(assignment)
    if found := problems(content, today=local_date(now)):
        raise Incomplete(found)
    if letter_on > local_date(now):
        raise NotNow(_("The letter cannot be dated after today."))
    update = create_draft(assignment, content, actor=actor, now=now)
    update.is_by_letter, update.letter_reference, update.letter_on = True, reference.strip(), letter_on
    update.save(update_fields=["is_by_letter", "letter_reference", "letter_on"])
    return send(update, actor=actor, now=now, action="update.entered_by_letter")
