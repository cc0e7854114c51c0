"""What .env may say of the provider at which people sign in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.env import BadSetting, Reader
from tracker.provider import read_provider

GOOD = {
    "OIDC_ISSUER": "https://sso.example.gov.my/realms/gov",
    "OIDC_CLIENT_ID": "jejak",
    "OIDC_CLIENT_SECRET": "0123456789abcdef",
    "OIDC_NAME_MS": "ID Agensi",
    "OIDC_NAME_EN": "Agency ID",
}


def test_a_wrong_or_missing_value_is_one_sentence() -> None:
    assert read_provider(Reader({}), in_production=True) is None
    for name in GOOD:
        rest = {each: value for each, value in GOOD.items() if each != name}
        with pytest.raises(BadSetting, match="OIDC_"):
            read_provider(Reader(rest), in_production=True)
    for wrong in (
        {"OIDC_ISSUER": "http://sso.example.gov.my"},
        {"OIDC_ISSUER": "http://localhost:8080"},
        {"OIDC_ISSUER": "https://"},
        {"OIDC_ISSUER": "https://a:b@sso.example.gov.my"},
        {"OIDC_ISSUER": "https://sso.example.gov.my?x=1"},
        {"OIDC_ISSUER": "https://[sso"},
        {"OIDC_ISSUER": "sso.example.gov.my"},
        {"OIDC_CLIENT_SECRET": "short"},
        {"OIDC_SCOPES": "profile"},
        {"OIDC_CA_FILE": "ca.pem"},
        {"OIDC_CA_FILE": "/no/such/file.pem"},
    ):
        with pytest.raises(BadSetting, match=next(iter(wrong))):
            read_provider(Reader({**GOOD, **wrong}), in_production=True)
    local = {**GOOD, "OIDC_ISSUER": "http://127.0.0.1:4593/api/oidc"}
    found = read_provider(Reader(local), in_production=False)
    assert found is not None and found.origin == "http://127.0.0.1:4593"


def test_a_whole_provider_is_read(tmp_path: Path) -> None:
    authority = tmp_path / "ca.pem"
    authority.touch()
    more = {
        "OIDC_SCOPES": "openid,profile",
        "OIDC_REQUIRED_ACR": "gold, platinum",
        "OIDC_SECOND_FACTOR": "mfa",
        "OIDC_CA_FILE": str(authority),
    }
    found = read_provider(Reader({**GOOD, **more}), in_production=True)
    assert found is not None
    assert found.origin == "https://sso.example.gov.my"
    assert (found.scopes, found.required_acr, found.second_factor) == (
        ("openid", "profile"),
        ("gold", "platinum"),
        ("mfa",),
    )
    assert found.ca_file == str(authority)
    assert "0123456789abcdef" not in repr(found)
