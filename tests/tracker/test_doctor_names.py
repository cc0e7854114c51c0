"""A misspelt setting does nothing, so the doctor names it and the nearest that does something."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from tracker.doctor.names import known_names, misspelt

BASE = Path(__file__).resolve().parent.parent.parent


def test_nearest_name_is_told() -> None:
    for written, meant in (
        ("ALLOWED_HOST", "ALLOWED_HOSTS"),
        ("TRUSTED_PROXY", "TRUSTED_PROXIES"),
        ("IDLE_MINUTE_MAPO", "IDLE_MINUTES_MAPO"),
        ("SECRET_KEY_FILES", "SECRET_KEY_FILE"),
    ):
        assert misspelt({}, [written]) == [f"{written} is no setting of Jejak: write {meant}."], written
        assert misspelt({written: "line 3 of /etc/jejak/jejak.env"}, []) == [
            f"{written} (line 3 of /etc/jejak/jejak.env) is no setting of Jejak: write {meant}."
        ], written


def test_what_others_read_is_left_alone() -> None:
    others = [
        "PATH",
        "HOME",
        "HOSTNAME",
        "LANG",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "no_proxy",
        "PIP_INDEX_URL",
        "SSL_CERT_FILE",
    ]
    assert misspelt({}, others) == []
    assert misspelt({"COLOUR": "line 1 of .env"}, []) == [
        "COLOUR (line 1 of .env) is no setting of Jejak: remove it, or compare it with .env.example."
    ]


def test_each_name_that_the_pages_and_units_set_is_known() -> None:
    told = set()
    for path in (*BASE.glob("docs/*.md"), *BASE.glob("deploy/systemd/*"), BASE / "docker-compose.yml"):
        text = path.read_text(encoding="utf-8")
        told |= set(
            re.findall(r"^(?:ANCHOR|OIDC|WEB|WORKER|BACKUP|DATABASE|EMAIL)_[A-Z_]+(?==)", text, re.MULTILINE)
        )
    assert told - {"DATABASE_START", "DATABASE_STOP"} <= known_names()


def test_doctor_tells_it_beside_what_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "jejak.env"
    file.write_text("ALLOWED_HOST=jejak.example.gov.my\n")
    environment = {name: value for name, value in os.environ.items() if name != "ALLOWED_HOSTS"}
    done = subprocess.run(
        [sys.executable, "-m", "tracker.doctor", "--json"],
        cwd=BASE,
        env={
            **environment,
            "ENV_FILE": str(file),
            "ENVIRONMENT": "production",
            "DEMO": "false",
            "DEBUG": "false",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    said = [(part["condition"], part["sentence"]) for part in json.loads(done.stdout)["parts"]]
    assert said[0][0] == "broken" and said[0][1].startswith("ALLOWED_HOSTS is not set")
    assert said[1] == (
        "look at this",
        f"ALLOWED_HOST (line 1 of {file}) is no setting of Jejak: write ALLOWED_HOSTS.",
    )
