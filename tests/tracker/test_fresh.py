"""What `make fresh` reads: the settings of the machine's registries, and what `make run` prints."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tracker.house.fresh import registries
from tracker.house.fresh.__main__ import chosen
from tracker.house.fresh.debian import PACKAGES, Failed
from tracker.house.fresh.product import address_of, first_sign_in

pytestmark = pytest.mark.long

BASE = Path(__file__).resolve().parent.parent.parent
SAID = """Starting Jejak
  Tables … 3.1 s

Jejak is ready after 21.4 s:  http://localhost:8000

Demo sign-ins:
  MAPO administrator  admin@mapo.example    f8-Ka_2
  Officer             officer@pdrm.example  Zz-9

Logs are in /jejak/.jejak/logs. Ctrl-C stops everything.
"""


def test_readme_asks_for_what_the_bare_debian_gets() -> None:
    assert f"apt-get install {' '.join(PACKAGES)}" in (BASE / "README.md").read_text(encoding="utf-8")


def test_variables_of_registries_alone_go_along() -> None:
    ours = {
        "PIP_INDEX_URL": "a",
        "https_proxy": "b",
        "NO_PROXY": "c",
        "SSL_CERT_FILE": "d",
        "CURL_CA_BUNDLE": "e",
    }
    others = {"PIP_CACHE_DIR": "/a", "DATABASE_URL": "b", "LANG": "c", "PATH": "d"}

    assert registries.variables({**ours, **others}) == ours


def test_paths_are_found_in_settings() -> None:
    settings = [
        "/etc/ssl/ca.crt",
        "[global]\ncert = /a/b.crt\nfind-links =\n    /wheels\n    file:///more/wheels\nindex-url=https://pypi.example/simple",
    ]

    found = [str(path) for path in registries.paths_in(settings)]

    assert found == ["/etc/ssl/ca.crt", "/a/b.crt", "/wheels", "/more/wheels"]


@pytest.fixture
def apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """apt-get and apt-config that print settings of a machine with a local folder and a backport beside its release."""
    programs = {
        "apt-get": "printf '%s\\n' 'file:/local/|./|$(COMPONENT)|$(SIGNED_BY)' 'http://deb.example/|trixie|main|/keys/a.gpg' "
        "'http://deb.example/|trixie-updates|main|$(SIGNED_BY)' 'http://deb.example/|bookworm|main|'",
        "apt-config": "printf '%s\\n' 'APT::Architecture \"amd64\";' 'Acquire::http::Proxy \"http://proxy.example\";' "
        "'Acquire::Languages:: \"none\";'",
    }
    for name, script in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.usefixtures("apt")
def test_sources_of_the_release_go_along() -> None:
    assert registries.apt_sources("trixie") == [
        "deb http://deb.example/ trixie-updates main",
        "deb [signed-by=/keys/a.gpg] http://deb.example/ trixie main",
    ]


@pytest.mark.usefixtures("apt")
def test_ways_of_fetching_go_along() -> None:
    assert registries.apt_options() == 'Acquire::http::Proxy "http://proxy.example";\n'


def test_address_and_sign_in_are_read_from_what_is_printed() -> None:
    assert address_of(SAID) == "http://localhost:8000"
    assert first_sign_in(SAID) == ("admin@mapo.example", "f8-Ka_2")
    with pytest.raises(Failed, match="no address"):
        address_of("Starting Jejak")
    with pytest.raises(Failed, match="no sign-in"):
        first_sign_in("Starting Jejak")


def test_words_choose_the_commands() -> None:
    assert chosen([]) == (("run", "test"), [])
    assert chosen(["run"]) == (("run",), [])
    assert chosen(["test", "tests/audit", "-x"]) == (("test",), ["tests/audit", "-x"])
    with pytest.raises(SystemExit, match="ARGS=run"):
        chosen(["other"])
