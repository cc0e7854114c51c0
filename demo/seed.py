"""Fills an empty database with the demonstration, in one transaction, once."""

import os
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import clock
from audit.errors import NotNow
from audit.services import record
from cycles.file import kept_cycle_files, read_cycle_file
from cycles.file.load import load_cycles
from demo.figure_script import read_figure_script
from demo.play import play
from demo.script import Script, read_script
from demo.stage import MAIL_DOMAIN, DemoStage, SignIn

_LOCK = "SELECT pg_advisory_xact_lock(hashtext('jejak.seed_demo'))"


def seed_demo(*, people_file: Path | None, tell: Callable[[str], None]) -> list[SignIn] | None:
    """Fill the database with the demonstration and open it on its day; return None if that was done before.

    All in one transaction: after a crash nothing of it is there, and the next run begins anew. Returns the sign-ins,
    which are also written to `people_file` (mode 0600) just before the commit. Calls `tell` with the progress.
    Raises `NotNow` outside a demonstration, when the database holds other records, or when its clock has passed the
    opening; `NotAllowed` when not signed in as the owner.
    """
    if not settings.DEMO:
        raise NotNow(_("This installation is no demonstration (DEMO is off). Nothing was changed."))
    script = read_script()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK)
        if User.objects.filter(email__endswith=f"@{MAIL_DOMAIN}").exists():
            return None
        if not clock.is_demo():
            clock.begin_demo(script.begins)
        if clock.now() >= script.opens:
            raise NotNow(_("The demonstration's clock has passed its opening day. Use an empty database."))
        stage = DemoStage(year=script.cycle)
        _set_the_stage(script, stage, tell=tell)
        acts_count = play(script, read_figure_script(), stage, tell=tell)
        clock.begin_demo(script.opens)
        after = {"acts": acts_count}
        record(action="demo.seeded", actor=None, object_type="demo", after=after, now=clock.now())
        if people_file is not None:
            write_sign_ins(people_file, stage.sign_ins)
    return stage.sign_ins


def _set_the_stage(script: Script, stage: DemoStage, *, tell: Callable[[str], None]) -> None:
    with clock.seeding(script.begins):
        tell(_("the cycle"))
        load_cycles([read_cycle_file(path) for path in kept_cycle_files()], now=script.begins)
        tell(_("%(count)d people") % {"count": len(script.posts)})
        stage.enter(script.posts, now=script.begins)


def write_sign_ins(path: Path, sign_ins: list[SignIn]) -> None:
    """Write one line a person (role, e-mail, password; tab between), readable for the owner of the file only."""
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{entry.role}\t{entry.email}\t{entry.password}\n" for entry in sign_ins)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
