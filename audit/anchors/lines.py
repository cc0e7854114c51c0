"""What an anchor says, and its signature: seven words on one line, which may also be folded at their spaces.

    jejak-anchor-1 INSTALLATION POSITION HASH INSTANT PUBLIC-KEY SIGNATURE

The signature is Ed25519 (RFC 8032) over the first five words with one space between, in UTF-8. The key follows from
`SECRET_KEY`, which the owner of the tables does not hold; `docs/anchors.py` checks it without anything of Jejak.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from audit.verification import ChainHead

FORM = "jejak-anchor-1"
_INSTANT = "%Y-%m-%dT%H:%M:%SZ"
_LINE = re.compile(
    rf"{FORM}\s+(\S{{1,300}})\s+(\d{{1,18}})\s+([0-9a-f]{{64}})\s+(\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)"
    r"\s+([0-9a-f]{64})\s+([0-9a-f]{128})\b",
    re.ASCII,
)


@dataclass(frozen=True)
class AnchorLine:
    """The head of an installation's chain at an instant, with a public key and a signature as hexadecimal digits."""

    installation: str
    head: ChainHead
    at: datetime
    key: str
    signature: str

    @property
    def said(self) -> str:
        """What is signed."""
        instant = self.at.strftime(_INSTANT)
        return f"{FORM} {self.installation} {self.head.position} {self.head.hash} {instant}"

    def __str__(self) -> str:
        return f"{self.said} {self.key} {self.signature}"

    def is_signed_with_its_key(self) -> bool:
        """Return whether the signature is that of the key which the line names, whoever holds it."""
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            key.verify(bytes.fromhex(self.signature), self.said.encode())
        except (InvalidSignature, ValueError):
            return False
        return True


def sign_line(head: ChainHead, *, now: datetime) -> AnchorLine:
    """Return what this installation says of its head at this instant, to the second."""
    key = _private_key(settings.SECRET_KEY)
    instant = now.astimezone(UTC).replace(microsecond=0)
    unsigned = AnchorLine(settings.SITE_URL, head, instant, _public(key), "")
    return AnchorLine(settings.SITE_URL, head, instant, unsigned.key, key.sign(unsigned.said.encode()).hex())


def read_lines(text: str) -> Iterator[AnchorLine]:
    """Yield the lines that a text holds; what is none, such as the words of a mail around it, is passed over."""
    for installation, position, digest, instant, key, signature in _LINE.findall(text):
        try:
            at = datetime.strptime(instant, _INSTANT).replace(tzinfo=UTC)
        except ValueError:
            continue
        yield AnchorLine(installation, ChainHead(int(position), digest), at, key, signature)


def our_keys() -> list[str]:
    """Return the public keys of this installation: of `SECRET_KEY` first, then of those before it that it still knows."""
    return [_public(_private_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _private_key(secret: str) -> Ed25519PrivateKey:
    """Return the key for anchors; neither the secret nor another key follows from it."""
    seed = hmac.new(secret.encode(), b"jejak: signature of anchors", hashlib.sha256).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()
