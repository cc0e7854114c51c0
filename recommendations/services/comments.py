"""Comments of MAPO and an agency on an assignment; nobody else reads them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance, highest_class
from accounts.models import User
from accounts.roles import AGENCY_ROLES, MAPO_ROLES
from audit.acts import require
from audit.errors import NotNow
from audit.services import digest
from privacy.checks import check_identities
from recommendations.extensions import mention_listeners, tell
from recommendations.models import Assignment, Comment, CommentMention
from recommendations.permissions import may_comment
from recommendations.services.checks import locked_assignment, record_on, require_open_cycle
from recommendations.states import REASON_LENGTH, Stage
from ui.invisible_characters import visible_line
from ui.line_ends import with_line_feeds


@transaction.atomic
def write_comment(
    assignment: Assignment,
    *,
    text: str,
    classification: int,
    mentioned: Iterable[User] = (),
    identities_reason: str = "",
    actor: User,
    now: datetime,
) -> Comment:
    """Comment on an assignment in force, and mention people of the thread.

    The writer's own unseen mentions in the thread are marked as seen. The same comment twice in a row is written once.
    Raises `NotNow` when nothing may be said any more, when the text is empty
    or too long, when its class is above the writer's clearance, or when somebody mentioned could not read it;
    `IdentitiesFound` when it seems to identify a person, and `identities_reason` does not say why it is sent so.
    """
    assignment = locked_assignment(assignment)
    require(may_comment(actor, assignment))
    _require_in_force(assignment)
    text = _fitting_text(text)
    if classification not in Clearance.values or classification > highest_class(actor):
        raise NotNow(_("This classification is above what you may write. Your text is kept."))
    others = [person for person in mentioned if person.pk != actor.pk]
    people = _able_to_read(assignment, others, classification=classification)
    repeated = _said_just_now(
        assignment, text=text, classification=classification, people=people, actor=actor
    )
    if repeated is not None:
        return repeated
    identities = check_identities({"text": text}, reason=identities_reason)
    comment = Comment.objects.create(
        assignment=assignment, text=text, classification=classification, author=actor, written_at=now
    )
    CommentMention.objects.bulk_create(CommentMention(comment=comment, user=person) for person in people)
    seen = Comment.objects.visible_to(actor).filter(assignment=assignment)
    CommentMention.objects.filter(user=actor, seen_at=None, comment__in=seen).update(seen_at=now)
    after = {
        "text": digest(text),
        "classification": classification,
        "mentioned": [person.pk for person in people],
        **identities.event_facts,
    }
    about: dict[str, Any] = {"obj": comment, "after": after, "reason": identities.reason}
    record_on(assignment, action="comment.written", actor=actor, now=now, **about)
    if people:
        tell(mention_listeners, comment, people, now)
    return comment


@transaction.atomic
def mark_mention_seen(mention: CommentMention, *, actor: User, now: datetime) -> CommentMention:
    """Mark one's own mention as seen. Idempotent."""
    require(mention.user_id == actor.pk)
    assignment = locked_assignment(mention.comment.assignment)
    require_open_cycle(assignment)
    current = CommentMention.objects.select_for_update(no_key=True).get(pk=mention.pk)
    if current.seen_at is None:
        current.seen_at = now
        current.save(update_fields=["seen_at"])
        record_on(assignment, action="mention.seen", actor=actor, now=now, obj=mention.comment)
    return current


def people_of_thread(assignment: Assignment, *, classification: int = Clearance.OPEN) -> list[User]:
    """Return who may read a comment of this class: active, cleared people of MAPO and the agency, by name.

    Whoever is only invited is nobody's contact yet, and is left out.
    """
    of_thread = Q(role__in=MAPO_ROLES) | Q(role__in=AGENCY_ROLES, agency_id=assignment.agency_id)
    people = User.objects.active().joined().filter(of_thread, clearance__gte=classification)
    return list(people.select_related("agency").order_by("name", "pk"))


def _require_in_force(assignment: Assignment) -> None:
    if assignment.stage == Stage.SUGGESTED:
        raise NotNow(
            _(
                "This agency is only suggested, so there is nobody to write to. Your text is kept: confirm "
                "the agency first."
            )
        )
    if assignment.stage == Stage.ENDED:
        raise NotNow(_("This assignment has ended: you can read its comments, but not add any."))
    require_open_cycle(assignment)


def _fitting_text(text: str) -> str:
    text = with_line_feeds(text).strip()
    if not visible_line(text):
        raise NotNow(_("Write something first."))
    if len(text) > REASON_LENGTH:
        raise NotNow(_("A comment can have up to 2,000 characters. Yours is kept: shorten it."))
    return text


def _able_to_read(assignment: Assignment, mentioned: Iterable[User], *, classification: int) -> list[User]:
    """The people mentioned, each once; `NotNow` names the first who could not read the comment."""
    people = list({person.pk: person for person in mentioned}.values())
    if not people:
        return []
    readers = {person.pk for person in people_of_thread(assignment, classification=classification)}
    for person in people:
        if person.pk not in readers:
            raise NotNow(
                _("%(name)s cannot read this comment, so cannot be mentioned in it. Your text is kept.")
                % {"name": person.name}
            )
    return people


def _said_just_now(
    assignment: Assignment, *, text: str, classification: int, people: list[User], actor: User
) -> Comment | None:
    """Return the newest comment if it equals this one: the form was sent twice."""
    newest = assignment.comments.order_by("-written_at", "-id").first()
    if newest is None or (newest.author_id, newest.text, newest.classification) != (
        actor.pk,
        text,
        classification,
    ):
        return None
    told = set(newest.mentions.values_list("user_id", flat=True))
    return newest if told == {person.pk for person in people} else None
