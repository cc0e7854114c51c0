"""What sign-in remembers between requests: browsers that a person signs in from, attempts that failed, mails that wait.

Rows here follow the real clock, as sessions do.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from audit.guards import vouched


class KnownDevice(models.Model):
    """A browser in which a person has signed in fully. Several people may share a browser: one row for each.

    The browser holds a random token in a signed cookie, this table only its hash (docs/adr/0020).
    """

    web_grants: ClassVar[str] = "free"

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="devices")
    token_hash = models.CharField(max_length=64)
    #: What the browser said of itself, and where it was, when it last signed in.
    user_agent = models.CharField(max_length=300, blank=True)
    address = models.GenericIPAddressField(null=True)
    first_used_at = models.DateTimeField()
    last_used_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_used_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "token_hash"], name="known_device_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.first_used_at:%Y-%m-%d}"


class FailedSignIn(models.Model):
    """One attempt to sign in that failed, or that is being judged. Nothing here says whether an account exists."""

    web_grants: ClassVar[str] = "free"

    #: A keyed digest of the e-mail as typed: people mistype passwords into that field.
    account = models.CharField(max_length=64)
    #: The network from which it came (of IPv6 the first 64 bits).
    network = models.CharField(max_length=45)
    #: The account's own device, whose failures count apart.
    device = models.ForeignKey(KnownDevice, on_delete=models.CASCADE, null=True)
    at = models.DateTimeField()
    #: Whether nobody has signed in to the account since.
    is_consecutive = models.BooleanField(default=True)
    #: Whether its owner was told of it.
    is_told = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="failed_sign_in_account"),
            models.Index(fields=["network", "at"], name="failed_sign_in_network"),
            models.Index(fields=["at"], name="failed_sign_in_at"),
        ]

    def __str__(self) -> str:
        return f"{self.account[:8]} {self.at:%Y-%m-%d %H:%M}"


class AskedMail(models.Model):
    """A mail about signing in that was asked for and has not left yet, whatever became of the broker.

    Holds numbers and facts, never a link: the task makes the link while it sends. The row goes when the mail has left, and stays
    where it was given up after a restore.
    """

    web_grants: ClassVar[str] = "free"

    #: The name of the task that sends it, and what it is called with.
    task = models.CharField(max_length=100)
    facts = models.JSONField(encoder=DjangoJSONEncoder)
    asked_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(db_index=True)
    attempts_count = models.PositiveSmallIntegerField(default=0)
    #: When whoever released e-mail after a restore gave it up; None: it is still to leave.
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        # SQL that was smuggled in asks for no mail.
        triggers = vouched("asked_mail", "task", "facts")

    def __str__(self) -> str:
        return f"{self.task} {self.asked_at:%Y-%m-%d %H:%M}"


class SharedCacheRow(models.Model):
    """The table of the shared cache (`accounts.shared_cache`): limits that all processes share and a restart keeps."""

    web_grants = "free"

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "jejak_cache"

    def __str__(self) -> str:
        return self.cache_key
