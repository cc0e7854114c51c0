"""Starts one process: `python -m tracker.entry web|worker|beat|migrate|health`, in containers and by hand."""

import http.client
import os
import subprocess
import sys
from collections.abc import Callable

from tracker.env import BadSetting

MANAGE = [sys.executable, "manage.py"]
#: What only migrations may know.
_OWNERS = frozenset({"DATABASE_OWNER_URL", "DATABASE_OWNER_PASSWORD"})


def _web() -> None:
    """Serve, once the checks on settings and database pass."""
    import django
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError
    from django.db import OperationalError, connections

    from installation.counts_folder import make_counts_folder, remove_counts_folder
    from tracker.database_watch import told_in_a_sentence

    make_counts_folder()
    django.setup()
    try:
        call_command("check", databases=["default"])
    except SystemCheckError as error:
        remove_counts_folder()
        sys.exit(str(error))
    except OperationalError as error:
        remove_counts_folder()
        sys.exit(told_in_a_sentence(error, "DATABASE_URL"))
    _tell_of_scanner()
    connections.close_all()
    from tracker.static_files import keep_static_files

    keep_static_files()
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = ["gunicorn", "tracker.wsgi:application"]
    WSGIApplication().run()


def _tell_of_scanner() -> None:
    """Say in a sentence of the log when the scanner does not answer, or does not take files as large as people may send."""
    from evidence import scanner_state

    scanner_state.look_and_tell()


def _worker() -> None:
    """Run the Celery workers of all queues."""
    import django

    from tracker import workers

    django.setup()
    _tell_of_scanner()
    workers.run()


def _beat() -> None:
    """Run Celery beat, which starts tasks at their times."""
    from tracker.workers import OWN_BROKER

    command = ["celery", "--app", "tracker", OWN_BROKER, "beat", "--loglevel", "INFO", "--pidfile="]
    _exec([sys.executable, "-m", *command])


def _migrate() -> None:
    """Migrate the database and grant the web role its rights, as the owner."""
    _run([*MANAGE, "migrate", "--no-input"])
    _run([*MANAGE, "grant_web_role"])


def _health() -> None:
    """End with 0 if the web process of this machine answers and reaches its database, else with a sentence."""
    from django.conf import settings

    connection = http.client.HTTPConnection("127.0.0.1", settings.PORT, timeout=8)
    try:
        connection.request("GET", "/health/", headers={"Host": settings.ALLOWED_HOSTS[0]})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        sys.exit(f"the web process does not answer: {error}")
    if status != 200:
        sys.exit(f"the web process answers {status}")


COMMANDS: dict[str, Callable[[], None]] = {
    "web": _web,
    "worker": _worker,
    "beat": _beat,
    "migrate": _migrate,
    "health": _health,
}


def _run(command: list[str]) -> None:
    """Run a command; exit with its code if it fails."""
    done = subprocess.run(command, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def _exec(command: list[str]) -> None:
    """Replace this process by the command."""
    os.execv(command[0], command)


def _drop_owner_address(name: str) -> None:
    """Start again without the owner's address, which only migrations need."""
    if name != "migrate" and _OWNERS & set(os.environ):
        environment = {key: value for key, value in os.environ.items() if key not in _OWNERS}
        os.execve(sys.executable, [sys.executable, "-m", "tracker.entry", name], environment)


def main(arguments: list[str]) -> None:
    """Read the settings, so that a wrong one ends the start with its sentence, then run the command."""
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        sys.exit(f"Write one of: python -m tracker.entry {'|'.join(COMMANDS)}")
    _drop_owner_address(arguments[0])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    try:
        import tracker.settings  # noqa: F401 - read for its refusals
    except BadSetting as error:
        sys.exit(str(error))
    COMMANDS[arguments[0]]()


if __name__ == "__main__":
    main(sys.argv[1:])
