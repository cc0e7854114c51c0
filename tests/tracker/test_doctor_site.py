"""What the doctor says of addresses, certificate and the site in front, each broken once."""

from pathlib import Path
from typing import Any

import pytest

from tests.reminders.mail_server import serving
from tests.tracker.test_broker_down import hanging, refusing
from tests.tracker.test_doctor import says
from tests.tracker.tls import make_certificate, serving_tls
from tracker.doctor import addresses
from tracker.doctor.looking import BROKEN, LOOK, OK, UNSEEN


def test_addresses_do_not_fit(settings: Any) -> None:
    for changed, condition, words in (
        ({"ALLOWED_HOSTS": ["other.example"]}, BROKEN, "does not hold the host of SITE_URL"),
        ({"ALLOWED_HOSTS": ["*"]}, LOOK, "takes any host"),
        ({"SITE_URL": "http://jejak.example"}, BROKEN, "HTTPS is on but SITE_URL begins with http"),
        ({"SECURE_SSL_REDIRECT": False}, BROKEN, "HTTPS is off"),
        ({"TRUSTED_PROXIES": 0}, BROKEN, "leads back to itself"),
        ({"SITE_URL": "http://jejak.example", "SECURE_SSL_REDIRECT": False}, LOOK, "in the clear"),
    ):
        well = {
            "ENVIRONMENT": "production",
            "SITE_URL": "https://jejak.example",
            "ALLOWED_HOSTS": ["jejak.example"],
            "SECURE_SSL_REDIRECT": True,
            "TRUSTED_PROXIES": 1,
        }
        for name, value in (well | changed).items():
            setattr(settings, name, value)
        said = [addresses.look_at_names(), addresses.look_at_https()]
        assert sum(says(each, condition, words) for each in said) == 1
        assert sum(each[0] == OK for each in said) == 1


def test_certificate(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for days, host, condition, words in (
        (30, "localhost", OK, "valid for 30 days"),
        (13, "localhost", LOOK, "ends in 13 days"),
        (-1, "localhost", BROKEN, "expired"),
        (30, "other.example", BROKEN, "Hostname mismatch"),
    ):
        key, certificate = make_certificate(tmp_path, days=days, host=host)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with serving_tls(key, certificate) as port:
            settings.SITE_URL = f"https://localhost:{port}"
            assert says(addresses.look_at_certificate(), condition, words), days
            monkeypatch.delenv("SSL_CERT_FILE")
            assert addresses.look_at_certificate()[0] == BROKEN, days


def test_what_was_not_seen_is_not_called_well(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "_STEP_SECONDS", 0.3)
    settings.SITE_URL = "http://localhost"
    assert says(addresses.look_at_certificate(), UNSEEN, "begins with http")
    for listener in (refusing, hanging):
        with listener() as port:
            settings.SITE_URL = f"https://127.0.0.1:{port}"
            assert says(addresses.look_at_certificate(), LOOK, "does not answer here")
            settings.SITE_URL = f"http://127.0.0.1:{port}"
            assert says(addresses.look_at_site(), LOOK, "does not answer here")
    settings.SITE_URL = "https://jejak.invalid"
    assert says(addresses.look_at_certificate(), LOOK, "is not known here")
    with serving(tmp_path) as mail:
        settings.SITE_URL = f"https://127.0.0.1:{mail.port}"
        assert says(addresses.look_at_certificate(), BROKEN, "speaks no TLS")
        settings.SITE_URL = f"http://127.0.0.1:{mail.port}"
        assert says(addresses.look_at_site(), BROKEN, "does not speak HTTP")


def test_site_in_front(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for status, more, condition, words in (
        ("200 OK", "", OK, "opens at SITE_URL"),
        ("301 Moved", "Location: https://localhost/sign-in/\r\n", BROKEN, "send X-Forwarded-Proto"),
        ("400 Bad Request", "", BROKEN, "proxy_set_header Host"),
        ("502 Bad Gateway", "", BROKEN, "answers 502: look whether `web` runs"),
        ("404 Not Found", "", BROKEN, "answers 404 in place of"),
    ):
        key, certificate = make_certificate(tmp_path, days=30)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with serving_tls(key, certificate, status=status, more=more) as port:
            settings.SITE_URL = f"https://localhost:{port}"
            assert says(addresses.look_at_site(), condition, words), status
            monkeypatch.delenv("SSL_CERT_FILE")
            assert says(addresses.look_at_site(), UNSEEN, "certificate is refused"), status
