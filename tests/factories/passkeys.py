"""Passkeys of people in the database."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from fido2.utils import websafe_encode

from accounts.models import User
from tests.factories.soft_passkey import SoftPasskey


def make_passkey(person: User, name: str = "Komputer pejabat") -> Authenticator:
    """A passkey of a person, as the service would leave it."""
    credential = SoftPasskey().make(websafe_encode(b"challenge"))
    return Authenticator.objects.create(
        user=person, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": credential}
    )
