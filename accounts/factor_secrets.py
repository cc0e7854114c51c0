"""Encrypt the secrets of second factors before they are stored: a copy of the database opens no account.

The keys are derived from SECRET_KEY and the keys before it (SECRET_KEY_FALLBACKS).
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def encrypt(text: str) -> str:
    """Return the text encrypted under the present key."""
    return _keys().encrypt(text.encode()).decode()


def decrypt(encrypted: str) -> str:
    """Return the text. Raises cryptography.fernet.InvalidToken when none of the keys made it."""
    return _keys().decrypt(encrypted.encode()).decode()


def _keys() -> MultiFernet:
    return _derived((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=2)
def _derived(secrets: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derive(secret)) for secret in secrets])


def _derive(secret: str) -> bytes:
    """Return a key that is good for this purpose alone."""
    purpose = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"accounts.factor_secrets")
    return base64.urlsafe_b64encode(purpose.derive(secret.encode()))
