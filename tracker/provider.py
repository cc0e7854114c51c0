"""Read what .env says of the provider at which people sign in (OIDC_…)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from accounts.oidc.provider_settings import ProviderSettings
from tracker.env import BadSetting, Reader

_LOCAL = ("localhost", "127.0.0.1", "::1")
_WHAT = "the provider's issuer as it names itself, for example https://sso.example.gov.my/realms/gov"
#: All of them, beside the issuer.
_OTHERS = (
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_NAME_MS",
    "OIDC_NAME_EN",
    "OIDC_SCOPES",
    "OIDC_REQUIRED_ACR",
    "OIDC_SECOND_FACTOR",
    "OIDC_CA_FILE",
)


def read_provider(env: Reader, *, in_production: bool) -> ProviderSettings | None:
    """Return the provider, or None where OIDC_ISSUER is not set. Raises BadSetting."""
    issuer = env.text("OIDC_ISSUER", "")
    if not issuer:
        for name in _OTHERS:
            if env.text(name, ""):
                raise BadSetting(f"{name} is set but OIDC_ISSUER is not: write {_WHAT}, or remove {name}.")
        return None
    return ProviderSettings(
        issuer=_issuer(issuer, in_production=in_production),
        client_id=env.text("OIDC_CLIENT_ID", what="the client id that the provider gave this installation"),
        client_secret=_secret(env),
        name_ms=env.text("OIDC_NAME_MS", what="the provider's name in Malay, for the button"),
        name_en=env.text("OIDC_NAME_EN", what="the provider's name in English, for the button"),
        scopes=_scopes(env),
        required_acr=tuple(env.words("OIDC_REQUIRED_ACR", (), what="values of acr")),
        second_factor=tuple(env.words("OIDC_SECOND_FACTOR", (), what="values of acr or amr")),
        ca_file=_ca_file(env),
    )


def _issuer(issuer: str, *, in_production: bool) -> str:
    """Return the issuer. Raises BadSetting unless it is a plain https address (http on this machine, for tests)."""
    try:
        parts = urlsplit(issuer)
        is_local = parts.hostname in _LOCAL and not in_production
        is_plain = bool(parts.hostname) and not (parts.query or parts.fragment or parts.username)
    except ValueError:
        is_plain = False
    if not is_plain or parts.scheme not in (("https", "http") if is_local else ("https",)):
        raise BadSetting(f"OIDC_ISSUER is {issuer!r}: write {_WHAT}.")
    return issuer


def _secret(env: Reader) -> str:
    """Return the secret that the provider gave us. Raises BadSetting for one that could be guessed."""
    secret = env.text("OIDC_CLIENT_SECRET", what="the client secret that the provider gave this installation")
    if len(secret) < 16:
        raise BadSetting(
            "OIDC_CLIENT_SECRET has fewer than 16 characters: ask the provider for a longer one."
        )
    return secret


def _scopes(env: Reader) -> tuple[str, ...]:
    """Return the scopes, among them openid. Raises BadSetting."""
    scopes = tuple(env.words("OIDC_SCOPES", ("openid",), what="scopes"))
    if "openid" not in scopes:
        raise BadSetting("OIDC_SCOPES lacks openid: write openid, and further scopes with commas between.")
    return scopes


def _ca_file(env: Reader) -> str:
    """Return the full path of a file of certificates, or "". Raises BadSetting."""
    path = env.text("OIDC_CA_FILE", "")
    if path and not (Path(path).is_absolute() and Path(path).is_file()):
        raise BadSetting(f"OIDC_CA_FILE is {path!r}: write the full path of a file of certificates (PEM).")
    return path
