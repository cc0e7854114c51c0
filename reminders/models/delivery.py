"""Mails that wait or went out, each attempt to hand one to a mail server, and the notices that some of them carry."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from accounts.models import Language, User
from audit.guarded_text import GuardedJSONField
from audit.guards import final_after, immutable, must_be_now, no_delete, refuse_update, vouched
from recommendations.models import Action, AskedUpdate, Comment, CommentMention, Update
from reminders.states import (
    CONCERNING,
    MENTIONED,
    STEP_LATER_ASKED,
    STEP_MOVED,
    UPDATE_ASKED,
    AttemptOutcome,
    DeliveryState,
    MailKind,
)
from submissions.states import SubmissionState


class Delivery(models.Model):
    """One mail to one recipient: a person, or the shared mailbox of an agency.

    The row is written before anything is sent, and keeps its `message_id` through all attempts, so that a server or a
    reader recognises a second copy. The text is made from the mail's reminders at the moment of sending. Until
    `leased_until` (by the database's real clock) one worker alone may send it.
    """

    recipient = models.CharField(max_length=24)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey("accounts.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=MailKind.choices)
    day = models.DateField()
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    message_id = models.CharField(max_length=200, unique=True)
    address = models.CharField(max_length=254, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField()
    attempts_count = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    server_words = models.TextField(blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "day"],
                condition=Q(kind=MailKind.DIGEST),
                name="delivery_one_digest_a_day",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, agency=None) | Q(user=None, agency__isnull=False),
                name="delivery_one_recipient",
            ),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.CheckConstraint(condition=Q(kind__in=MailKind.values), name="delivery_kind_known"),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.WAITING, settled_at=None)
                | (~Q(state=DeliveryState.WAITING) & Q(settled_at__isnull=False)),
                name="delivery_settled_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state=DeliveryState.WAITING),
                name="delivery_waiting",
            ),
            models.Index(fields=["-made_at", "-id"], name="delivery_newest"),
        ]
        triggers = [
            *no_delete("delivery"),
            *vouched("delivery", "state", "settled_at", "message_id", "address", "subject", "server_words"),
            *immutable("delivery", ["recipient", "user", "agency", "kind", "day", "made_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.recipient} {self.day:%Y-%m-%d}"


class Attempt(models.Model):
    """One attempt to send a mail. The row is written before it begins; without an outcome it was cut off."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    message_id = models.CharField(max_length=200)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=AttemptOutcome.choices, blank=True)
    server_words = models.TextField(blank=True)

    web_grants: ClassVar[str] = "append"
    web_updates: ClassVar[tuple[str, ...]] = ("ended_at", "outcome", "server_words")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None)
                | Q(outcome__in=AttemptOutcome.values, ended_at__isnull=False),
                name="attempt_ended_whole",
            ),
        ]
        triggers = [
            *no_delete("attempt"),
            *vouched("attempt", "ended_at", "outcome", "server_words"),
            *immutable("attempt", ["delivery", "message_id", "began_at"]),
            *final_after("attempt", "ended_at", ["outcome", "server_words"]),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}: {self.outcome or '…'}"


#: Of `CONCERNING`, what tells of the work of an agency.
_OF_AN_AGENCY = CONCERNING - {MENTIONED, UPDATE_ASKED, STEP_LATER_ASKED, STEP_MOVED}


def _told(name: str, field: models.Field[Any, Any] | None = None) -> Cast:
    """Return, in a subquery, what a notice tells in its values by this name: the key of a row unless said otherwise."""
    return Cast(KeyTextTransform(name, OuterRef("about")), field or models.BigIntegerField())


class NoticeQuerySet(models.QuerySet["Notice"]):
    def of(self, user: User) -> NoticeQuerySet:
        """Return the user's own notices; nobody sees another person's, whatever their role."""
        return self.filter(user_id=user.pk)

    def standing_for(self, user: User) -> NoticeQuerySet:
        """Return the user's own notices; those of `CONCERNING` only while they still concern the user.

        That is: of a comment while they may read it and have not said that they saw it; of an update that MAPO asks
        for until it is sent or no longer asked for; of a step's date while that is asked, or stands; and nothing
        about the work of an agency that they have left, or for which they no longer act.
        """
        mention = CommentMention.objects.filter(pk=_told("mention"), user=user, seen_at=None)
        sent = Update.objects.filter(assignment=OuterRef("assignment"), state=SubmissionState.SUBMITTED)
        asked = AskedUpdate.objects.standing().filter(~Exists(sent), pk=_told("asked"))
        step = Action.objects.planned().filter(pk=_told("step"))
        step_day = _told("step_day", models.DateField())
        stands = ~Q(what__in=CONCERNING)
        stands |= Q(Exists(mention.filter(comment__in=Comment.objects.visible_to(user))), what=MENTIONED)
        if user.is_agency_actor:
            stands |= Q(Exists(asked.filter(assignment__agency=user.agency_id)), what=UPDATE_ASKED)
        if user.is_mapo:
            stands |= Q(Exists(step.filter(proposed_on=step_day)), what=STEP_LATER_ASKED)
            stands |= Q(Exists(step.filter(due_on=step_day)), what=STEP_MOVED)
        if user.is_agency_actor or user.is_mapo:
            stands |= Q(what__in=_OF_AN_AGENCY, about__agency_id=user.agency_id)
        return self.of(user).filter(stands)

    def unread(self) -> NoticeQuerySet:
        """Return what the bell counts besides reminders."""
        return self.filter(read_at=None)


class Notice(models.Model):
    """Something that happened and concerns one person. There is nothing to do but to read it.

    `what` names the kind (`reminders.messages.notices`), `about` holds the values for its wording: plain texts and
    numbers, nothing classified. `texts` are what somebody wrote, whole, so that hidden words are known in them; the wording
    shortens them. `path` is the page it leads to, from the root of the site. `mail_after`: from this
    instant (the machine's real clock) it also goes out by mail if it is still unread; empty: never. The same notice
    stands unread once.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    what = models.CharField(max_length=24)
    about = GuardedJSONField(default=dict)
    texts = GuardedJSONField(null=True)
    path = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    mail_after = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    delivery = models.ForeignKey(
        "reminders.Delivery", on_delete=models.PROTECT, null=True, related_name="notices"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            # The bell counts from this index alone.
            models.UniqueConstraint(
                fields=["user", "what", "path", "about"],
                include=["id"],
                condition=Q(read_at=None),
                name="notice_unread_once",
            ),
            models.CheckConstraint(condition=Q(path__regex=r"^/([^/\\]|$)"), name="notice_leads_within"),
        ]
        indexes = [
            models.Index(fields=["user", "-made_at", "-id"], name="notice_of_person"),
            models.Index(
                fields=["mail_after", "id"],
                condition=Q(delivery=None, read_at=None, mail_after__isnull=False),
                name="notice_to_mail",
            ),
        ]
        triggers = [
            *no_delete("notice"),
            *must_be_now("notice", "made_at"),
            *immutable("notice", ["user", "what", "about", "texts", "path", "made_at", "mail_after"]),
            *final_after("notice_read", "read_at", []),
            # It may move to another mail when MAPO resends a failed one, but never out of all.
            refuse_update("notice_mailed", "OLD.delivery_id IS NOT NULL AND NEW.delivery_id IS NULL"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.user_id}"

    @property
    def values(self) -> dict[str, Any]:
        """The values for its wording."""
        return {**self.about, **(self.texts or {})}
