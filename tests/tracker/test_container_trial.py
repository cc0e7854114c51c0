"""The pieces of `make containers` that need no engine."""

import ssl
import time
from pathlib import Path

import pytest
import yaml
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from trials.containers import people
from trials.containers.images import STAND_INS
from trials.containers.outages import Watch
from trials.containers.stack import images_of, version_of

BASE = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("seen", "seconds"),
    [
        ([(0, True), (1, True)], 0),
        ([(0, True), (1, False), (2, True)], 1),
        ([(0, True), (1, False), (2, True), (3, False), (5, True), (6, True)], 4),
    ],
)
def test_time_of_refusal_reaches_from_the_first_to_the_last(
    seen: list[tuple[float, bool]], seconds: float
) -> None:
    watch = Watch(ssl.create_default_context(), {})
    watch.seen = seen
    assert watch.refused_seconds() == seconds


def test_code_is_that_of_an_authenticator_app() -> None:
    key = "JBSWY3DPEHPK3PXP"
    begun = int(time.time()) // 30
    codes = {str(format_hotp_value(hotp_value(key, begun + turn))) for turn in (0, 1)}
    assert people.code_of(key) in codes


def test_each_image_of_compose_has_its_stand_in() -> None:
    services = yaml.safe_load((BASE / "docker-compose.yml").read_text())["services"]
    version = version_of(BASE)
    named = {service["image"].replace(f"${{VERSION:-{version}}}", version) for service in services.values()}
    assert {name.removeprefix("docker.io/").removeprefix("library/") for name in images_of(BASE)} == named
    bases = {
        line.split()[1]
        for file in ("Dockerfile", "deploy/pgbouncer/Dockerfile")
        for line in (BASE / file).read_text().splitlines()
        if line.startswith("FROM ")
    }
    assert bases <= {each.name for each in STAND_INS}
