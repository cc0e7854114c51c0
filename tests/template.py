"""Run as `python -m tests.template`, as the owner: shape a fresh database the way an installation's is shaped."""

from datetime import datetime
from zoneinfo import ZoneInfo

import django
from django.core.management import call_command

#: Where the clock of a fresh test database stands.
CLOCK_STARTS_AT = datetime(2023, 1, 1, tzinfo=ZoneInfo("Asia/Kuala_Lumpur"))


def main() -> None:
    """Migrate, grant, and open the demo clock at the tests' first day."""
    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("grant_web_role", verbosity=0)
    from audit import clock

    clock.begin_demo(CLOCK_STARTS_AT)


if __name__ == "__main__":
    main()
