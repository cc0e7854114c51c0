"""The doctor: each part broken once is told in its sentence; what was not seen is never called well."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from accounts.roles import Role
from audit.models import Anchor
from installation.parts import machine as state_machine
from installation.queues import QUEUES, turn_key
from tests.conftest import WorkerDatabase
from tests.evidence.fake_clamd import running_clamd
from tests.factories.accounts import make_agency, make_person
from tests.factories.passkeys import make_passkey
from tests.reminders.mail_server import serving
from tests.replacing import replace_in
from tests.tracker.test_broker_down import hanging, refusing
from tests.tracker.tls import make_certificate, serving_tls
from tests.vouching import acting
from tracker import readiness
from tracker.anchoring import Anchoring
from tracker.doctor import looking, machine, services
from tracker.doctor.looking import BROKEN, LOOK, OK, UNSEEN, Condition, Examination, examine
from tracker.tasks import note_turn

BASE = Path(__file__).resolve().parent.parent.parent
SMTP = "django.core.mail.backends.smtp.EmailBackend"


def says(said: tuple[Condition, str], condition: Condition, words: str) -> bool:
    return said[0] == condition and words in said[1]


@pytest.fixture
def installation(real_db: WorkerDatabase, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of an installation in which all is well."""
    for queue in QUEUES:
        note_turn(queue.name)
    make_passkey(make_person(Role.ADMINISTRATOR, make_agency("KDN")))
    connection.close()
    key, certificate = make_certificate(tmp_path, days=60)
    for name in ("broker", "media"):
        (tmp_path / name).mkdir()
    with ExitStack() as until_done:
        tls = until_done.enter_context(serving_tls(key, certificate))
        mail = until_done.enter_context(serving(tmp_path))
        _clamd, clamd_address = until_done.enter_context(running_clamd())
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
        yield environment | {
            "ENVIRONMENT": "production",
            "DEMO": "false",
            "DATABASE_URL": real_db.web_url,
            "STATE_DIR": str(tmp_path),
            "MEDIA_ROOT": str(tmp_path / "media"),
            "BROKER_URL": f"filesystem://{tmp_path / 'broker'}",
            "EMAIL_URL": f"smtp://somebody:secret-word@127.0.0.1:{mail.port}",
            "SCANNER": "clamav",
            "CLAMD_ADDRESS": clamd_address,
            "SITE_URL": f"https://localhost:{tls}",
            "ALLOWED_HOSTS": "localhost",
            "HTTPS": "true",
            "BACKUP_DATABASE_HOURS": "0",
            "BACKUP_FILES_HOURS": "0",
            "TRUSTED_PROXIES": "1",
            "SSL_CERT_FILE": str(certificate),
        }


def run(environment: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "tracker.doctor", *arguments],
        cwd=BASE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.long
def test_all_is_well_then_broken(installation: dict[str, str], real_db: WorkerDatabase) -> None:
    done = run(installation, "--json")
    parts = json.loads(done.stdout)["parts"]
    conditions = {each["part"]: each["condition"] for each in parts}
    assert len(conditions) == len(parts), "each part has one line"
    assert conditions.pop("anchors") == conditions.pop("backups") == LOOK, "nothing is kept elsewhere"
    unseen = [part for part, condition in conditions.items() if condition == UNSEEN]
    assert (unseen, set(conditions.values())) == (["owner's role", "functions"], {OK, UNSEEN}), done.stdout
    assert done.returncode == 0
    assert len(conditions) == 25

    # The owner's process need not reach site, mail or scanner: what it cannot judge is not broken.
    with hanging() as port:
        away = {
            "SITE_URL": f"https://localhost:{port}",
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "CLAMD_ADDRESS": f"127.0.0.1:{port}",
            "BROKER_URL": f"redis://127.0.0.1:{port}/0",
        }
        owned = run({**installation, **away, "DATABASE_OWNER_URL": real_db.owner_url}, "--owner")
    assert owned.returncode == 0, owned.stdout
    assert "not looked at  all else        Addresses, services, files and people" in owned.stdout
    assert len(owned.stdout.splitlines()) == 12
    assert "ok             owner's role    The owner's role owns all tables" in owned.stdout
    assert "not looked at  owner's address" in owned.stdout

    with refusing() as port:
        broken = run({**installation, "DATABASE_URL": f"postgres://w:secret-word@127.0.0.1:{port}/jejak"})
    assert broken.returncode == 1
    assert "The database does not answer at the address in DATABASE_URL" in broken.stdout
    assert "not looked at  administrator   The database holds this and does not answer" in broken.stdout
    assert "ok             mail" in broken.stdout
    for said in (done, owned, broken):
        assert "secret-word" not in said.stdout + said.stderr
        assert "@" not in said.stdout
        assert not said.stderr


def test_wrong_setting_is_its_sentence() -> None:
    done = run({**os.environ, "TRUSTED_PROXIES": "many"})
    assert done.returncode == 1
    assert done.stdout.startswith("broken         settings        TRUSTED_PROXIES")


def test_part_that_hangs_or_breaks_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "MOST_SECONDS", 0.3)
    released = threading.Event()

    def hangs() -> tuple[Condition, str]:
        released.wait(10)
        return OK, ""

    def breaks() -> tuple[Condition, str]:
        raise RuntimeError("secret-word")

    began = time.monotonic()
    found = list(
        examine(
            Examination("database", lambda: (BROKEN, "away")),
            [
                Examination("hangs", hangs),
                Examination("breaks", breaks),
                Examination("rows", breaks, asks_database=True),
                Examination("well", lambda: (OK, "well")),
            ],
        )
    )
    released.set()
    assert time.monotonic() - began < 4
    assert [each.condition for each in found] == [BROKEN, BROKEN, BROKEN, UNSEEN, OK]
    assert "no answer within" in found[1].sentence
    assert "RuntimeError" in found[2].sentence and "secret-word" not in found[2].sentence


def test_mail_server(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "somebody", "secret-word"
    with serving(tmp_path) as mail:
        settings.EMAIL_PORT = mail.port
        assert says(services.look_at_mail(), OK, "greets unencrypted")
        assert not mail.accepted
        settings.EMAIL_USE_TLS = True
        assert says(services.look_at_mail(), BROKEN, "knows no STARTTLS")
        settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL = False, True
        assert says(services.look_at_mail(), BROKEN, "does not greet as a mail server")
    key, certificate = make_certificate(tmp_path, days=30)
    with serving_tls(key, certificate) as settings.EMAIL_PORT:
        assert says(services.look_at_mail(), BROKEN, "certificate is refused")
    settings.EMAIL_USE_SSL = False
    monkeypatch.setattr(services, "_STEP_SECONDS", 0.3)
    for listener, words in ((refusing, "does not answer"), (hanging, "does not greet")):
        with listener() as settings.EMAIL_PORT:
            assert says(services.look_at_mail(), BROKEN, words)
    settings.EMAIL_HOST = "mail.invalid"
    assert says(services.look_at_mail(), BROKEN, "is not known here")


def test_mails_that_reach_nobody(settings: Any, tmp_path: Path) -> None:
    assert services.look_at_mail()[0] == OK
    settings.ENVIRONMENT = "production"
    assert says(services.look_at_mail(), LOOK, "Mails reach nobody")
    settings.EMAIL_FILE_PATH = str(tmp_path / "gone")
    assert says(services.look_at_mail(), BROKEN, "cannot be written")


def test_broker(settings: Any, tmp_path: Path) -> None:
    settings.BROKER_URL = "memory://"
    assert says(services.look_at_broker(), LOOK, "outside of tests")
    settings.BROKER_URL = f"filesystem://{tmp_path}"
    assert says(services.look_at_broker(), OK, "filesystem")
    for listener in (refusing, hanging):
        with listener() as port:
            settings.BROKER_URL = f"redis://:secret-word@127.0.0.1:{port}/0"
            assert says(services.look_at_broker(), BROKEN, "The broker does not answer")


def test_schedule_and_queues(real_db: WorkerDatabase) -> None:
    assert says(services.look_at_beat(), BROKEN, "last turn was never")
    assert says(services.look_at_queues(), BROKEN, "mails never, reminders never, files never")
    for queue in QUEUES:
        note_turn(queue.name)
    assert says(services.look_at_beat(), OK, "seconds ago")
    assert says(services.look_at_queues(), OK, "mails 0 seconds ago")
    cache.set(turn_key("mails"), time.time() - 600)
    assert says(services.look_at_queues(), BROKEN, "in time: mails 10 minutes ago; start `worker`")
    for queue in QUEUES:
        cache.set(turn_key(queue.name), time.time() - 200)
    assert says(services.look_at_beat(), BROKEN, "last turn was 3 minutes ago: start `beat`")


def test_slow_database_is_not_blamed_on_schedule_and_queues(
    real_db: WorkerDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    for queue in QUEUES:
        note_turn(queue.name)
    monkeypatch.setattr(readiness, "_PART_SECONDS", 1e-6)
    assert says(services.look_at_beat(), OK, "seconds ago")
    assert says(services.look_at_queues(), OK, "mails 0 seconds ago")


@pytest.mark.django_db
def test_anchors(settings: Any, now: datetime) -> None:
    settings.ANCHORING = Anchoring()
    assert says(services.look_at_anchors(), LOOK, "Nothing of the log is kept outside")
    settings.ANCHORING = Anchoring(folder="/mnt/anchors", authority="https://time.example/")
    assert says(services.look_at_anchors(), BROKEN, "(folder, timestamp)")
    said: dict[str, Any] = {"position": 1, "hash": "a" * 64, "at": now, "line": "x", "proof": b"x"}
    with acting():
        Anchor.objects.create(kind="folder", name="/mnt/anchors", outcome="kept", **said)
    assert says(services.look_at_anchors(), LOOK, "(timestamp)")
    settings.ANCHORING = Anchoring(folder="/mnt/anchors")
    assert says(services.look_at_anchors(), OK, "All places outside")


def test_scanner(settings: Any) -> None:
    for environment, condition in (("development", OK), ("production", LOOK)):
        settings.ENVIRONMENT = environment
        assert says(services.look_at_scanner(), condition, "not scanned for malware")
        assert state_machine.SCANNER.say(state_machine.read_scanner())[0] == condition, (
            "the page says the same"
        )
    settings.SCANNER = "clamav"
    with running_clamd() as (clamd, settings.CLAMD_ADDRESS):
        assert says(services.look_at_scanner(), OK, "as large as people may send")
        clamd.stream_max_length = 1000
        assert says(services.look_at_scanner(), BROKEN, "Raise StreamMaxLength")
    with refusing() as port:
        settings.CLAMD_ADDRESS = f"127.0.0.1:{port}"
        assert says(services.look_at_scanner(), BROKEN, "does not answer")


def test_room_and_rights(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert says(machine.look_at_room(), OK, "GiB left")
    assert says(machine.look_at_rights(), OK, "can be written")
    assert not list(Path(settings.MEDIA_ROOT).iterdir())
    monkeypatch.setattr(readiness, "LEAST_FREE_BYTES", 1024**6)
    assert says(machine.look_at_room(), BROKEN, "give it a larger disk")
    if os.geteuid() == 0:
        os.chown(settings.MEDIA_ROOT, 1000, 1000)
    replace_in(monkeypatch, machine, "os", geteuid=lambda: 0)
    assert says(machine.look_at_rights(), UNSEEN, "Root may write anything")
    monkeypatch.undo()
    settings.MEDIA_ROOT = tmp_path / "gone"
    assert says(machine.look_at_room(), BROKEN, "MEDIA_ROOT is not there")
    assert says(machine.look_at_rights(), BROKEN, "No such file")


def test_files_are_opened_without_the_kernels_filter(settings: Any) -> None:
    assert says(machine.look_at_sandbox(), OK, "shuts in")
    settings.SANDBOX = "limits"
    assert says(machine.look_at_sandbox(), LOOK, "SANDBOX=kernel")
