"""The fingerprint can be made again outside of Jejak, from the JSON data alone (docs/fingerprint.py)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from recommendations.services import override_item
from reports.states import ExportFormat
from tests.conftest import Clock
from tests.reports.conftest import Told, kuala_lumpur

pytestmark = pytest.mark.django_db

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "fingerprint.py"


def recompute(path: Path) -> subprocess.CompletedProcess[str]:
    """As somebody outside does it: no path to our code, no setting."""
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(path)], capture_output=True, text=True, check=False, env={}
    )


def test_fingerprint_is_found_from_the_json_alone(told: Told, clock: Clock, tmp_path: Path) -> None:
    told.now = clock.move_to(kuala_lumpur("2023-09-20 10:00"))
    mapo = {"actor": told.people["administrator"], "now": told.now}
    reason = "Keputusan “MAPO”\n\U0001f600"
    override_item(told.items["weakness"], status="progress", percent=20, reason=reason, **mapo)
    path = tmp_path / "summary.json"
    for by, asked in (
        ("reviewer", {}),
        ("officer", {"language": "both"}),
        ("observer", {"language": "en"}),
        ("reviewer", {"depth": "evidence", "agency": "PDRM", "since": "2023-07-15"}),
        ("reviewer", {"day": "2023-09-20"}),
    ):
        path.write_bytes(told.made(ExportFormat.JSON, by, **asked))
        done = recompute(path)
        assert (done.returncode, done.stderr) == (0, ""), asked
        assert told.content(by, **asked).finish().fingerprint in done.stdout


def test_changed_row_has_another_fingerprint(told: Told, tmp_path: Path) -> None:
    summary = json.loads(told.made(ExportFormat.JSON))
    summary["updates"][0]["percent"] += 1
    path = tmp_path / "summary.json"
    path.write_text(json.dumps(summary), encoding="utf-8")
    assert recompute(path).returncode == 1
