"""The doors of the processes: `python -m tracker.entry web|worker|beat|migrate|health`, in containers and by hand."""

import http.client
import os
import subprocess
import sys
from collections.abc import Callable

from tracker.env import BadSetting

MANAGE = [sys.executable, "manage.py"]


def _web() -> None:
    """Serve, once the checks on settings and database pass."""
    import django
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError
    from django.db import connections

    django.setup()
    try:
        call_command("check", databases=["default"])
    except SystemCheckError as error:
        sys.exit(str(error))
    connections.close_all()
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = ["gunicorn", "tracker.wsgi:application"]
    WSGIApplication().run()


def _worker() -> None:
    """Work on tasks."""
    from django.conf import settings

    command = [sys.executable, "-m", "celery", "--app", "tracker", "worker", "--loglevel", "INFO"]
    command += ["--without-gossip", "--without-mingle", "--concurrency", str(settings.WORKER_CONCURRENCY)]
    _become(command)


def _beat() -> None:
    """Start tasks at their times."""
    _become([sys.executable, "-m", "celery", "--app", "tracker", "beat", "--loglevel", "INFO", "--pidfile="])


def _migrate() -> None:
    """Bring the tables up to date and give the web's role its rights, as the owner."""
    _demand([*MANAGE, "migrate", "--no-input"])
    _demand([*MANAGE, "grant_web_role"])


def _health() -> None:
    """Ask the web process of this machine whether it serves and reaches its database."""
    from django.conf import settings

    connection = http.client.HTTPConnection("127.0.0.1", settings.PORT, timeout=8)
    try:
        connection.request("GET", "/health/", headers={"Host": settings.ALLOWED_HOSTS[0]})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        sys.exit(f"the web process does not answer: {error}")
    if status != 200:
        sys.exit(f"the web process answers {status}")


DOORS: dict[str, Callable[[], None]] = {
    "web": _web,
    "worker": _worker,
    "beat": _beat,
    "migrate": _migrate,
    "health": _health,
}


def _demand(command: list[str]) -> None:
    done = subprocess.run(command, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def _become(command: list[str]) -> None:
    """Replace this process."""
    os.execv(command[0], command)


def _forget_the_owner(door: str) -> None:
    """Begin anew without the owner's address, which only migrations need."""
    if door != "migrate" and "DATABASE_OWNER_URL" in os.environ:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"}
        os.execve(sys.executable, [sys.executable, "-m", "tracker.entry", door], environment)


def main(arguments: list[str]) -> None:
    """Read the settings, so that a wrong one ends the start with its sentence, then open the door."""
    if len(arguments) != 1 or arguments[0] not in DOORS:
        sys.exit(f"Write one of: python -m tracker.entry {'|'.join(DOORS)}")
    _forget_the_owner(arguments[0])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    try:
        import tracker.settings  # noqa: F401 - read for its refusals
    except BadSetting as error:
        sys.exit(str(error))
    DOORS[arguments[0]]()


if __name__ == "__main__":
    main(sys.argv[1:])
