"""Sets the environment of a test run before Django reads its settings (tests/conftest.py imports it first).

A run uses the server of DATABASE_URL and DATABASE_OWNER_URL where both are set (the owner needs CREATEDB);
otherwise it starts an embedded PostgreSQL in a temporary folder and stops it at the end. Nothing else of the
caller's environment, nor a .env file, reaches the tests.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import django
import pytest
from django.conf import settings

from tests import fonts
from tracker import postgres, translations

#: Set by the first process of a run, inherited by pytest-xdist's workers.
RUN_FOLDER = "JEJAK_TEST_FOLDER"
MEMORY = Path("/dev/shm")
#: A run of two workers takes less than a fifth of it.
ROOM_BYTES = 1 << 30
#: How the name of a run's folder begins.
FOLDER = "jejak-test-"

FIXED = {
    "DJANGO_SETTINGS_MODULE": "tracker.settings",
    "ENV_FILE": "",
    "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    "DEBUG": "false",
    "DEMO": "true",
    "ENVIRONMENT": "test",
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "BROKER_URL": "memory://",
    "SCANNER": "none",
    "EMAIL_URL": "memory://",
    "LOG_LEVEL": "WARNING",
    # A run shares the sessions of its people, and lasts.
    "IDLE_MINUTES_MAPO": "1440",
    "IDLE_MINUTES_AGENCY": "1440",
}
FORGOTTEN = (
    "CLAMD_ADDRESS",
    "CSRF_TRUSTED_ORIGINS",
    "HTTPS",
    "JEJAK_DATABASE_ROLE",
    "PORT",
    # Without it, test modules are rewritten and compiled once, not in each run and in each process that tests start.
    "PYTHONDONTWRITEBYTECODE",
    "SITE_URL",
    "TRUSTED_PROXIES",
)


def _roomy_memory() -> Path | None:
    """Return the folder that lies in memory, where a database is cloned four times as fast, if it has room."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM_BYTES
    return MEMORY if has_room and os.access(MEMORY, os.W_OK) else None


def _hold(folder: Path) -> bool:
    """Hold a run's folder until this process ends, however it ends; return whether nobody else holds it."""
    try:
        lock = os.open(folder, os.O_RDONLY)
    except OSError:  # Its run has just removed it, or it is another person's.
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    return True


def _remove_leftovers(parent: Path) -> None:
    """Remove the folders of runs that were killed: in memory they would stay until the machine starts again."""
    for folder in parent.glob(f"{FOLDER}*"):
        if _hold(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _start_database(folder: Path) -> postgres.Cluster | None:
    """Return the embedded server of this run, or None when the caller named a server."""
    if os.environ.get("DATABASE_URL") and os.environ.get("DATABASE_OWNER_URL"):
        return None
    cluster = postgres.Cluster(folder / "postgres", durable=False)
    cluster.start()
    os.environ.update(DATABASE_URL=cluster.web_url, DATABASE_OWNER_URL=cluster.owner_url)
    return cluster


def _begin_template() -> subprocess.Popen[bytes]:
    """Begin to build the databases' template while tests are collected. Who needs it earlier waits for its lock."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.databases"],
        cwd=Path(__file__).parent.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _prepare() -> tuple[Path, postgres.Cluster | None, subprocess.Popen[bytes]] | None:
    """Set the environment once a run; return what must be taken away at its end (None in a worker)."""
    if RUN_FOLDER in os.environ:
        return None
    parent = _roomy_memory() or Path(tempfile.gettempdir())
    _remove_leftovers(parent)
    folder = Path(tempfile.mkdtemp(prefix=FOLDER, dir=parent))
    _hold(folder)
    for name in FORGOTTEN:
        os.environ.pop(name, None)
    folders = {name: str(folder / name.lower()) for name in ("STATE_DIR", "MEDIA_ROOT", "STATIC_ROOT")}
    for path in folders.values():
        Path(path).mkdir()
    os.environ.update(FIXED, **folders, **fonts.environment(folder), **{RUN_FOLDER: str(folder)})
    translations.compile_all()
    try:
        return folder, _start_database(folder), _begin_template()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


sys.dont_write_bytecode = False
_mine = _prepare()

# Now, not in pytest_configure: conftest files of single folders import models when pytest loads them.
django.setup()
settings.PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the server and remove the folder of this run, in the process that made them."""
    if _mine is None:
        return
    folder, cluster, template = _mine
    if cluster is not None:
        cluster.stop()
    # On a server that stays, a template that is begun is also finished: a draft that was cut off would stay there.
    template.wait()
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop(RUN_FOLDER, None)
