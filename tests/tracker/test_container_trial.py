"""The pieces of `make containers` that need no engine."""

import ssl
import time
from pathlib import Path

import pytest
import yaml
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from trials.containers import pages
from trials.containers.images import STAND_INS
from trials.containers.names import answer_to
from trials.containers.outages import PageWatch
from trials.containers.stack import images_of, version_of
from trials.visitors import AuthenticatorApp

pytestmark = pytest.mark.long

BASE = Path(__file__).resolve().parent.parent.parent


def test_time_of_refusal_reaches_from_the_first_to_the_last() -> None:
    for seen, seconds in (
        ([(0, True), (1, True)], 0),
        ([(0, True), (1, False), (2, True)], 1),
        ([(0, True), (1, False), (2, True), (3, False), (5, True), (6, True)], 4),
    ):
        watch = PageWatch(ssl.create_default_context(), {})
        watch.seen = seen
        assert watch.refused_seconds() == seconds, seen


def test_code_is_that_of_an_authenticator_app() -> None:
    key = "JBSWY3DPEHPK3PXP"
    begun = int(time.time()) // 30
    codes = {str(format_hotp_value(hotp_value(key, begun + turn))) for turn in (0, 1)}
    assert AuthenticatorApp(key).code() in codes


def test_each_image_of_compose_has_its_stand_in() -> None:
    version = version_of(BASE)
    named = {
        service["image"].replace(f"${{VERSION:-{version}}}", version)
        for file in ("docker-compose.yml", "deploy/backup/compose.yml")
        for service in yaml.safe_load((BASE / file).read_text())["services"].values()
        if "image" in service
    }
    assert {name.removeprefix("docker.io/").removeprefix("library/") for name in images_of(BASE)} == named
    bases = {
        line.split()[1]
        for file in ("Dockerfile", "deploy/pgbouncer/Dockerfile", "deploy/backup/Dockerfile")
        for line in (BASE / file).read_text().splitlines()
        if line.startswith("FROM ")
    }
    assert bases <= {each.name for each in STAND_INS}


def test_only_what_asks_a_registry_has_a_stand_in() -> None:
    blocks = [*pages.installing(), *pages.backing_up(), *pages.anchoring()]
    lines = [line for each in blocks for line in each.text.splitlines()]
    assert sorted(line for line in lines if line in pages.BUILDS) == sorted(pages.BUILDS)
    for each in blocks:
        run, note = pages.runnable(each.text)
        assert bool(note) == any(line in pages.BUILDS for line in each.text.splitlines())
        assert note or run == each.text, "all else is run as it is printed"
    (packages,) = pages.installing_packages()
    assert packages.startswith("apt-get update\n")


def test_name_server_answers() -> None:
    for name, kind, code, found in (
        ("jejak.test", 1, 0, 1),
        ("JEJAK.test", 28, 0, 0),
        ("other.test", 1, 3, 0),
    ):
        labels = b"".join(bytes([len(each)]) + each.encode() for each in name.split("."))
        question = labels + b"\0" + kind.to_bytes(2, "big") + b"\0\1"
        said = answer_to(b"\x12\x34\1\0\0\1\0\0\0\0\0\0" + question, {"jejak.test"}, "192.0.2.7")
        assert (said[:2], said[3] & 15, said[7]) == (b"\x12\x34", code, found), name
        assert said[12:].startswith(question), name
        assert said.endswith(b"\0\4\xc0\0\2\7") == bool(found), name
