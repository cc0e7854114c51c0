#!/usr/bin/env python
"""Run a management command, signed in to the database as the role that the command needs."""

import os
import sys

#: Commands that change the schema or write the past: they sign in as the owner of the tables.
OWNER_COMMANDS = {
    "grant_web_role",
    "makemigrations",
    "migrate",
    "pgtrigger",
    "rebuild_search",
    "seed_demo",
    "showmigrations",
    "sqlmigrate",
}


def main() -> None:
    """Run the command; a setting or a database that cannot be used ends it with a sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    if len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS:
        os.environ["JEJAK_DATABASE_ROLE"] = "owner"
    from django.core.management import execute_from_command_line
    from django.db import InterfaceError, OperationalError, connection

    from tracker.database_watch import told_in_a_sentence
    from tracker.env import BadSetting

    try:
        execute_from_command_line(sys.argv)
    except BadSetting as error:
        sys.exit(str(error))
    except (OperationalError, InterfaceError) as error:
        # One that answers, and refused something, is no database that is away.
        if connection.connection is not None and not connection.connection.closed:
            raise
        is_owner = os.environ.get("JEJAK_DATABASE_ROLE") == "owner"
        sys.exit(told_in_a_sentence(error, "DATABASE_OWNER_URL" if is_owner else "DATABASE_URL"))


if __name__ == "__main__":
    main()
