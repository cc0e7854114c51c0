"""Where the worker may hand anchors to, as the units of systemd and the compose files give it, and as docs/anchors.md says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from trials.install.page import ANCHORS, commands_for

BASE = Path(__file__).resolve().parent.parent.parent
SERVICES = ("web", "worker", "beat", "migrate")
FOLDER = "/mnt/anchors"


def unit(name: str) -> str:
    return (BASE / "deploy" / "systemd" / f"jejak-{name}.service").read_text(encoding="utf-8")


def test_worker_alone_may_write_where_anchors_go_and_all_trust_the_machines_authorities() -> None:
    lines = {name: re.findall(r"^ReadWritePaths=(.*)$", unit(name), re.MULTILINE) for name in SERVICES}

    # It starts also where the other host is away.
    assert lines == {"web": [], "worker": [f"-{FOLDER}"], "beat": [], "migrate": []}
    compose = yaml.safe_load((BASE / "deploy" / "anchors.yml").read_text(encoding="utf-8"))["services"]
    mounts = {name: set(service["volumes"]) for name, service in compose.items()}

    assert set(mounts) == set(SERVICES), "each of them reads the settings, and looks for the certificates"
    assert all("/etc/jejak/anchors:/etc/jejak/anchors:ro" in each for each in mounts.values())
    assert {name for name, each in mounts.items() if f"{FOLDER}:{FOLDER}" in each} == {"worker"}
    said = "REQUESTS_CA_BUNDLE=/etc/ssl/certs/ca-certificates.crt"
    texts = [
        *(unit(name) for name in SERVICES),
        (BASE / "deploy" / "jejak").read_text(encoding="utf-8"),
    ]

    assert all(said in text for text in texts)


@pytest.mark.parametrize("way", ["debian", "containers"])
def test_page_names_places_that_are_reached(way: str) -> None:
    [commands] = commands_for(ANCHORS.read_text(encoding="utf-8"), way, steps={2})
    found = dict(re.findall(r"^(ANCHOR_\w+)=(.*)$", commands.text, re.MULTILINE))

    assert found["ANCHOR_FOLDER"].startswith(f"{FOLDER}/")
    assert found["ANCHOR_AUTHORITY_CA"].startswith("/etc/jejak/anchors/")
