"""Django checks of an installation, for `manage.py check --deploy --database default`."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DatabaseError, OperationalError, ProgrammingError, connection, transaction

from audit.seals import VOUCH, vouching
from evidence.child_process import SandboxFailed, run_child
from evidence.limits import JUDGING
from evidence.sandbox import LIMITS_ALONE

#: What the database answers to a seal whose key it does not hold.
OTHER_KEY = "JJ004"


@register(Tags.security, deploy=True)
def scanner_is_on(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Warn that files will not be scanned."""
    if settings.SCANNER != "none":
        return []
    return [
        Warning(
            "Uploaded files are not scanned for malware, and every page with files says so.",
            hint="Run ClamAV and write its address in CLAMD_ADDRESS and SCANNER=clamav.",
            id="tracker.W001",
        )
    ]


@register(Tags.security, deploy=True)
def files_are_opened_safely(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """Refuse a kernel that does not shut in the processes that open files; warn where that was given up openly."""
    if settings.SANDBOX == LIMITS_ALONE:
        return [
            Warning(
                "Uploaded files are opened by processes that the kernel does not shut in (SANDBOX=limits).",
                hint="Write SANDBOX=kernel wherever the kernel has seccomp filters.",
                id="tracker.W002",
            )
        ]
    try:
        with Path(os.devnull).open("rb") as nothing:
            run_child("evidence.sandbox", file=nothing, limits=JUDGING)
    except SandboxFailed as error:
        return [
            Error(
                f"The kernel does not let Jejak shut in the processes that open uploaded files: {error}.",
                hint="No file is accepted until seccomp filters are allowed, "
                "or SANDBOX=limits says openly that files are opened without them.",
                id="tracker.E003",
            )
        ]
    return []


@register(Tags.database)
def web_role_owns_nothing(app_configs: Any, databases: Any = None, **kwargs: Any) -> Iterable[CheckMessage]:
    """Refuse a web process that could change history: a superuser, or an owner of tables."""
    if settings.AS_OWNER or "default" not in (databases or ()):
        return []
    powers = _ask(
        "SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR EXISTS "
        "(SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND pg_has_role(current_user, tableowner, 'USAGE'))"
    )
    if not powers:
        return []
    return [
        Error(
            f"The role {settings.WEB_ROLE} in DATABASE_URL owns tables or is a superuser, so it could change history.",
            hint="Write a role that owns nothing in DATABASE_URL, the owner in DATABASE_OWNER_URL, "
            "and run `manage.py grant_web_role`.",
            id="tracker.E001",
        )
    ]


@register(Tags.database)
def clock_is_real(app_configs: Any, databases: Any = None, **kwargs: Any) -> Iterable[CheckMessage]:
    """Refuse a database whose day was moved for a demonstration, unless this is one."""
    if (
        settings.DEMO
        or "default" not in (databases or ())
        or not _ask("SELECT bool_or(is_demo) FROM audit_clock")
    ):
        return []
    return [
        Error(
            "This database is a demonstration: its clock was moved, and its history is made up.",
            hint="Write the address of an empty database in DATABASE_URL and DATABASE_OWNER_URL, "
            "or DEMO=true with ENVIRONMENT=development to go on demonstrating.",
            id="tracker.E002",
        )
    ]


@register(Tags.database)
def seals_are_known(app_configs: Any, databases: Any = None, **kwargs: Any) -> Iterable[CheckMessage]:
    """Refuse a process whose events the database would refuse: it was given the key of another `SECRET_KEY`."""
    if settings.AS_OWNER or "default" not in (databases or ()):
        return []
    if refusal_of_seals() != OTHER_KEY:  # Tables are missing: other checks say so.
        return []
    return [
        Error(
            "The database holds the key of another SECRET_KEY, so it would refuse whatever is recorded here.",
            hint="Run `manage.py grant_web_role`: it gives the database the key of the present one.",
            id="tracker.E003",
        )
    ]


def refusal_of_seals() -> str:
    """Return the SQLSTATE with which the database refuses what this process seals; empty when it takes it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(VOUCH, vouching("installation.checked"))
            transaction.set_rollback(True)
    except DatabaseError as error:
        return getattr(error.__cause__, "pgcode", None) or "unknown"
    return ""


def _ask(question: str) -> bool:
    """Return the answer of a query; False if tables are missing or the database does not answer (other checks say so)."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            row = cursor.fetchone()
    except (OperationalError, ProgrammingError):
        return False
    return bool(row and row[0])
