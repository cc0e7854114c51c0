"""Mails that wait or went out, and each attempt to hand one to a mail server."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Language
from audit.guards import final_after, immutable, no_delete
from reminders.states import AttemptOutcome, DeliveryState, MailKind


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
            *immutable("attempt", ["delivery", "message_id", "began_at"]),
            *final_after("attempt", "ended_at", ["outcome", "server_words"]),
        ]

    def __str__(self) -> str:
        return f"{self.delivery}: {self.outcome or '…'}"
