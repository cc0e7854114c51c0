"""Whether this machine has room for files, lets Jejak write them, and shuts in the processes that open them."""

import os
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from tracker import checks, readiness
from tracker.doctor.looking import BROKEN, OK, UNSEEN, ConditionReport, said_by


def look_at_room() -> ConditionReport:
    """Say whether files have room."""
    state = readiness.look_at_disk()["disk"]
    if state == readiness.AWAY:
        return BROKEN, "MEDIA_ROOT is not there: make the folder or mount it, and give it to Jejak's user."
    free = shutil.disk_usage(settings.MEDIA_ROOT).free / 1024**3
    if state != readiness.OK:
        return BROKEN, f"MEDIA_ROOT has {free:.1f} GiB left: give it a larger disk, or make room."
    return OK, f"MEDIA_ROOT has {free:.0f} GiB left."


def look_at_rights() -> ConditionReport:
    """Write a file into MEDIA_ROOT and remove it."""
    folder = Path(settings.MEDIA_ROOT)
    if os.geteuid() == 0 and folder.exists() and folder.stat().st_uid != 0:
        return UNSEEN, "Root may write anything: run the doctor as the user that Jejak runs as."
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".doctor-") as file:
            file.write(b"written")
            file.flush()
    except OSError as error:
        return (
            BROKEN,
            f"MEDIA_ROOT cannot be written ({error.strerror}): give the folder to the user that Jejak runs as.",
        )
    return OK, "MEDIA_ROOT can be written."


def look_at_sandbox() -> ConditionReport:
    """Say whether files are opened in processes that the kernel shuts in."""
    return said_by(
        checks.files_are_opened_safely(None), well="The kernel shuts in the processes that open files."
    )
