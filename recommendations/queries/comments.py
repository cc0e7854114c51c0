"""What MAPO and an agency have said to each other about an assignment, for those two alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import Posting, User
from accounts.roles import MAPO_ROLES
from audit.guarded_text import GuardedJSONObject
from recommendations.models import Assignment, Comment, CommentMention
from recommendations.models.cycle import title_of
from recommendations.states import item_label

#: Comments on one page of a thread, and how many of the newest other pages show.
PER_PAGE, NEWEST = 20, 3
#: Mentions that a day begins with, the newest; older ones follow as these are read.
MOST_MENTIONS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentEntry:
    """One comment. `mention_id` is the reader's own mention in it while they have not said that they saw it."""

    id: int
    text: str
    author: str
    is_from_mapo: bool
    at: datetime
    classification: int
    mentioned: list[str]
    mention_id: int | None

    @property
    def class_label(self) -> str:
        """Said only where it is above the usual one."""
        return str(Clearance(self.classification).label) if self.classification > Clearance.RESTRICTED else ""


@dataclass(frozen=True, slots=True)
class NewestComments:
    """The newest comments of a thread, newest first, how many there are, and how many ask the reader to look."""

    said: list[CommentEntry] = field(default_factory=list)
    count: int = 0
    unseen_count: int = 0


def url_of_comment(assignment_id: int, comment_id: int) -> str:
    """Return the address of a comment in its thread, whichever page it stands on."""
    thread = reverse("recommendations:comments", args=[assignment_id])
    return f"{thread}?comment={comment_id}#comment-{comment_id}"


class Mention(NamedTuple):
    """Somebody asked the reader to look at a comment."""

    id: int
    comment_id: int
    assignment_id: int
    kind: str
    number: int
    year: int
    agency_code: str
    author: str
    text: str
    at: datetime
    text_ms: str
    text_en: str
    title_ms: str
    title_en: str

    @property
    def item_label(self) -> str:
        return item_label(self.kind, self.number)

    @property
    def item_title(self) -> str:
        return title_of(self)

    @property
    def url(self) -> str:
        """The comment in its thread, whichever page it stands on."""
        return url_of_comment(self.assignment_id, self.comment_id)


def threads(user: User) -> QuerySet[Assignment]:
    """Assignments whose comments the person may read: MAPO all that were confirmed, an agency its own."""
    confirmed = Assignment.objects.exclude(confirmed_at=None).select_related("item__cycle", "agency")
    if user.is_mapo:
        return confirmed
    return confirmed.filter(agency_id=user.agency_id) if user.is_agency_actor else confirmed.none()


def thread(assignment: Assignment, *, user: User) -> QuerySet[Any, Any]:
    """The comments that the person may read, newest first; read each with `parse_comment`."""
    seen = Comment.objects.visible_to(user).filter(assignment=assignment)
    return _facts(seen, user=user)


def read_newest_comments(assignment: Assignment, *, user: User) -> NewestComments:
    """The newest comments of one thread (at most three queries); nothing where the person has no part in it."""
    if not (user.is_mapo or user.is_agency_actor):
        return NewestComments()
    return newest_comments([assignment.pk], user=user).get(assignment.pk, NewestComments())


def newest_comments(assignment_ids: Collection[int], *, user: User) -> dict[int, NewestComments]:
    """Return the newest comments of threads, by assignment; of those where nothing was said, none.

    Three queries, or one where nothing was said.
    """
    visible: defaultdict[int, list[int]] = defaultdict(list)
    seen = Comment.objects.visible_to(user).filter(assignment__in=assignment_ids)
    for assignment_id, pk in seen.order_by("-written_at", "-pk").values_list("assignment_id", "pk"):
        visible[assignment_id].append(pk)
    if not visible:
        return {}
    shown = [each for ids in visible.values() for each in ids[:NEWEST]]
    said = {
        each.id: each for each in map(parse_comment, _facts(Comment.objects.filter(pk__in=shown), user=user))
    }
    unseen = Counter(
        _unseen_of(user)
        .filter(comment__assignment__in=visible)
        .values_list("comment__assignment_id", flat=True)
    )
    return {
        key: NewestComments([said[each] for each in ids[:NEWEST]], len(ids), unseen[key])
        for key, ids in visible.items()
    }


def parse_comment(facts: dict[str, Any]) -> CommentEntry:
    """Read one comment."""
    others = {name: value for name, value in facts.items() if name not in ("role", "at")}
    at = datetime.fromisoformat(facts["at"])
    return CommentEntry(**others, is_from_mapo=facts["role"] in MAPO_ROLES, at=at)


def page_number_of(comment_id: int, assignment: Assignment, *, user: User) -> int:
    """On which page of its thread a comment stands; the first where it stands nowhere."""
    seen = Comment.objects.visible_to(user).filter(assignment=assignment)
    if not seen.filter(pk=comment_id).exists():
        return 1
    return seen.filter(pk__gt=comment_id).count() // PER_PAGE + 1


def unseen_mentions(user: User) -> list[Mention]:
    """The comments of open cycles that ask the person to look: the newest `MOST_MENTIONS`, newest first.

    One query, and none for observers.
    """
    if not (user.is_mapo or user.is_agency_actor):
        return []
    unseen = _unseen_of(user).filter(comment__assignment__item__cycle__closed_at=None)
    rows = unseen.order_by("-comment__written_at", "-pk").values_list(*_MENTION)
    return [Mention(*row) for row in rows[:MOST_MENTIONS]]


_MENTION = (
    *("pk", "comment_id", "comment__assignment_id", "comment__assignment__item__kind"),
    *("comment__assignment__item__number", "comment__assignment__item__cycle__year"),
    *("comment__assignment__agency__code", "comment__author__name", "comment__text", "comment__written_at"),
    *(f"comment__assignment__item__{name}" for name in ("text_ms", "text_en", "title_ms", "title_en")),
)


def _unseen_of(user: User) -> QuerySet[CommentMention]:
    return CommentMention.objects.filter(
        user=user, seen_at=None, comment__in=Comment.objects.visible_to(user)
    )


def _facts(comments: QuerySet[Comment], *, user: User) -> QuerySet[Any, Any]:
    """Each comment as JSON, newest first. Whose side its writer spoke for is that of the moment of writing."""
    names = CommentMention.objects.filter(comment_id=OuterRef("pk")).order_by("user__name", "pk")
    own = CommentMention.objects.filter(comment_id=OuterRef("pk"), user=user, seen_at=None)
    postings = Posting.objects.held_at(OuterRef("written_at")).filter(user_id=OuterRef("author_id"))
    role = Subquery(postings.values("role")[:1])
    facts = GuardedJSONObject(
        id="pk",
        text="text",
        author="author__name",
        role=Coalesce(role, "author__role"),
        at="written_at",
        classification="classification",
        mentioned=ArraySubquery(names.values("user__name")),
        mention_id=Subquery(own.values("pk")[:1]),
    )
    return comments.order_by("-written_at", "-pk").values_list(facts, flat=True)


def who_may_look(people: Iterable[User], *, but: User) -> list[tuple[int, str]]:
    """Choices of people to mention, each with whose they are: the other side first."""
    others = sorted(
        (person for person in people if person.pk != but.pk),
        key=lambda person: (person.is_mapo == but.is_mapo, person.name),
    )
    return [(person.pk, f"{person.name}, {side_of(person)}") for person in others]


def side_of(person: User) -> str:
    """MAPO, or the agency's code."""
    return "MAPO" if person.is_mapo else str(person.agency.code)
