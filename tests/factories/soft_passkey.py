"""A passkey in software: it makes credentials and answers challenges as a browser with a security key does."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

CREDENTIAL_ID = b"a passkey in software"


class SoftPasskey:
    """One key for one site; `origin` is what the browser says where it is."""

    def __init__(self, site: str = "testserver", origin: str = "https://testserver") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._site = site
        self.origin = origin

    def make(self, challenge: str) -> dict[str, Any]:
        """Return the answer to a request for a new credential."""
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
        public = ES256.from_cryptography_key(self._key.public_key())
        made = AttestedCredentialData.create(Aaguid(bytes(16)), CREDENTIAL_ID, public)
        data = AuthenticatorData.create(sha256(self._site.encode()), flags, 0, bytes(made))
        return self._answer(
            clientDataJSON=websafe_encode(self._client_data("webauthn.create", challenge)),
            attestationObject=websafe_encode(AttestationObject.create("none", data, {})),
        )

    def use(self, challenge: str) -> dict[str, Any]:
        """Return the answer to a challenge."""
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
        data = AuthenticatorData.create(sha256(self._site.encode()), flags, 1)
        client_data = self._client_data("webauthn.get", challenge)
        signature = self._key.sign(bytes(data) + sha256(client_data), ec.ECDSA(SHA256()))
        return self._answer(
            clientDataJSON=websafe_encode(client_data),
            authenticatorData=websafe_encode(data),
            signature=websafe_encode(signature),
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, **response: str) -> dict[str, Any]:
        name = websafe_encode(CREDENTIAL_ID)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }
