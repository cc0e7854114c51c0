"""Which version runs, and when the tables were last changed for one."""

import platform
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from installation.conditions import OK, ConditionReport
from installation.parts.part import Sample, StatePart
from ui.dates import day_time


@dataclass(frozen=True, slots=True)
class RunningVersion:
    """The version of the code, and when the newest change of the tables was made."""

    number: str
    upgraded_at: datetime | None


@cache
def version_number() -> str:
    """Return the version of the code that runs."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def read_version() -> RunningVersion:
    """Return the version, and when its tables came."""
    applied = MigrationRecorder(connection).migration_qs
    return RunningVersion(version_number(), applied.aggregate(last=Max("applied"))["last"])


def _say(version: RunningVersion) -> ConditionReport:
    if version.upgraded_at is None:
        return OK, _("Jejak %(version)s.") % {"version": version.number}
    return OK, _("Jejak %(version)s; its tables were last changed on %(when)s.") % {
        "version": version.number,
        "when": day_time(version.upgraded_at),
    }


def _measure(version: RunningVersion) -> Iterator[Sample]:
    yield Sample("build_info", 1, {"version": version.number, "python": platform.python_version()})
    if version.upgraded_at is not None:
        yield Sample("tables_changed_timestamp_seconds", version.upgraded_at.timestamp())


VERSION = StatePart("version", gettext_lazy("Version"), read_version, _say, _measure)
