"""Pages load no typesetter: what only writers need is loaded where a paper is made."""

from __future__ import annotations

import subprocess
import sys

import pytest

#: What setting and writing papers needs, some tens of megabytes.
HEAVY = {"typst", "fontTools", "docx", "xlsxwriter"}
_SCRIPT = """
import sys, django
django.setup()
import reports.urls
print(*{name.partition(".")[0] for name in sys.modules})
"""


@pytest.mark.long
def test_addresses_of_summaries_load_no_writer() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], capture_output=True, check=True, text=True, timeout=120
    )
    loaded = set(done.stdout.split())
    assert "reports" in loaded
    assert not HEAVY & loaded
