"""Notices that tell somebody of a comment that mentions them; they say where it stands, never what it says."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recommendations.models import Comment, CommentMention
from recommendations.queries.comments import url_of_comment
from recommendations.states import item_label
from reminders.messages.notices import NOTICE_KINDS, NoticeKind, NoticeValues
from reminders.services.notices import give_notice
from reminders.states import MENTIONED

#: Whoever has not looked by then gets a mail.
MAIL_AFTER = timedelta(minutes=15)


def register() -> None:
    """Register the text of the notice."""
    NOTICE_KINDS[MENTIONED] = NoticeKind(
        sentence=_sentence, subject=_("A comment mentions you"), icon="message-square"
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


def _sentence(values: NoticeValues) -> str:
    words = {**values, "item": item_label(values["kind"], values["number"])}
    return gettext("%(author)s mentions you in a comment on %(item)s (%(agency)s, %(year)s)") % words
