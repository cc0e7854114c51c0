"""How an operator gives the commands that the doctor names: in containers, or by `jejak` on a Debian without them.

`deploy/jejak` and the units of systemd say the second by JEJAK_COMMANDS=jejak.
"""

import os

_ON_DEBIAN = os.environ.get("JEJAK_COMMANDS") == "jejak"


def manage(command: str) -> str:
    """Return how a command of Jejak is given."""
    return f"jejak manage {command}" if _ON_DEBIAN else f"docker compose exec web python manage.py {command}"


MIGRATE = "systemctl start jejak-migrate" if _ON_DEBIAN else "docker compose run --rm migrate"
OWNERS_DOCTOR = (
    "jejak owner doctor" if _ON_DEBIAN else "docker compose run --rm migrate python -m tracker.doctor --owner"
)
DOCTOR = "jejak doctor" if _ON_DEBIAN else "docker compose exec web python -m tracker.doctor"
