"""What the installation says of its provider (.env.example), read by `tracker.provider`."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language


@dataclass(frozen=True)
class ProviderSettings:
    """The one provider at which people may sign in, and what we ask of it."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name_ms: str
    name_en: str
    scopes: tuple[str, ...] = ("openid",)
    #: Values of `acr` of which an ID token must hold one; none where any will do.
    required_acr: tuple[str, ...] = ()
    #: Values of `acr` or `amr` that say that the provider asked for a second factor.
    second_factor: tuple[str, ...] = ()
    #: A file of certificates that are believed in place of the public ones; "" for those.
    ca_file: str = ""

    @property
    def origin(self) -> str:
        """The only origin that we ask and to which we send people."""
        return origin_of(self.issuer)

    @property
    def name(self) -> str:
        """The provider's name in the reader's language."""
        return self.name_en if (get_language() or "ms").startswith("en") else self.name_ms


def has_provider() -> bool:
    """Return whether people may sign in at a provider; without one its addresses do not exist."""
    return settings.OIDC is not None


def the_provider() -> ProviderSettings:
    """Return the provider, which is there (`has_provider`)."""
    assert settings.OIDC is not None
    return settings.OIDC


def provider_name() -> str:
    """Return the provider's name in the reader's language; "" where none is set up."""
    return the_provider().name if has_provider() else ""


def origin_of(url: str) -> str:
    """Return scheme, host and port of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
