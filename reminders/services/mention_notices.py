"""Notices that tell somebody of a comment that mentions them; they say where it stands, never what it says."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recommendations.models import Comment, CommentMention
from recommendations.queries.comments import url_of_comment
from recommendations.services.comments import mark_mention_seen
from recommendations.states import item_label
from reminders.messages.notices import NOTICE_KINDS, NoticeKind, NoticeValues
from reminders.services.notices import give_notice
from reminders.states import MENTIONED

#: Whoever has not looked by then gets a mail.
MAIL_AFTER = timedelta(minutes=15)


def register() -> None:
    """Register the notice: its text, and that reading it is seeing the mention."""
    NOTICE_KINDS[MENTIONED] = NoticeKind(
        sentence=_sentence, subject=_("A comment mentions you"), icon="message-square", on_read=_see_mention
    )


def notify_mentioned(comment: Comment, people: Iterable[User], now: datetime) -> None:
    """Give each of the people a notice, in the transaction that writes the comment."""
    mentions = CommentMention.objects.filter(comment=comment, user__in=list(people)).select_related("user")
    item, agency = comment.assignment.item, comment.assignment.agency
    for mention in mentions.order_by("pk"):
        give_notice(
            mention.user,
            what=MENTIONED,
            about={
                "mention": mention.pk,
                "author": comment.author.name,
                "kind": item.kind,
                "number": item.number,
                "year": item.cycle.year,
                "agency": agency.code,
            },
            path=url_of_comment(comment.assignment_id, comment.pk),
            # By the machine's clock, as mails are.
            mail_after=timezone.now() + MAIL_AFTER,
            now=now,
        )


def _see_mention(values: NoticeValues, reader: User, now: datetime) -> None:
    """Mark the mention as seen, so that it also leaves the person's first page. A closed cycle takes no act."""
    unseen = CommentMention.objects.filter(
        user=reader, seen_at=None, comment__assignment__item__cycle__closed_at=None
    )
    for mention in unseen.filter(pk=values.get("mention") or 0).select_related("comment__assignment"):
        mark_mention_seen(mention, actor=reader, now=now)


def _sentence(values: NoticeValues) -> str:
    words = {**values, "item": item_label(values["kind"], values["number"])}
    return gettext("%(author)s mentions you in a comment on %(item)s (%(agency)s, %(year)s)") % words
