"""Tests replace parts of the standard library for one module, never for the whole process (tests/replacing.py)."""

import re

from django.conf import settings

OF_THE_PROCESS = re.compile(
    r"setattr\(\s*\"?(?:\w+\.)*(?:os|time|subprocess|shutil|socket|tempfile|threading|signal|Path)\b[,.]"
)
#: Refuses one path and passes the others on: any module may open it.
PASSES_ON = {"tests/evidence/test_harmed_bytes.py"}


def test_no_test_replaces_something_of_the_whole_process() -> None:
    base = settings.BASE_DIR
    found = {
        path.relative_to(base).as_posix()
        for path in (base / "tests").rglob("*.py")
        if OF_THE_PROCESS.search(path.read_text(encoding="utf-8"))
    }
    assert found == PASSES_ON
