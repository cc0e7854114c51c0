"""What sign-in remembers between requests: the browsers that a person signs in from, and attempts that failed.

Rows here follow the real clock, as sessions do.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class KnownDevice(models.Model):
    """A browser in which a person has signed in fully. Several people may share a browser: one row for each.

    The browser holds a random token in a signed cookie, this table only its hash (docs/adr/0054).
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
