"""The services and scripts that make backups: how little each may do, and that their notes are understood."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from backups.notes import read_note
from tracker.house.programs import PROGRAMS

BASE = Path(__file__).resolve().parent.parent.parent
SERVICES = sorted((BASE / "deploy" / "systemd").glob("jejak-backup-*.service"))
SCRIPTS = BASE / "deploy" / "backup"
#: What `systemd-analyze security` may say of a service at most: 10 is one that may do anything.
MOST_EXPOSED = 2.0


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_service_is_hardened(path: Path) -> None:
    program = PROGRAMS["systemd-analyze"].find()
    assert program is not None
    command = [program, "security", "--offline=true", "--no-pager", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    level = re.search(r"exposure level for \S+: ([\d.]+)", said)
    assert level is not None and float(level[1]) <= MOST_EXPOSED, said


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_each_service_has_its_timer_and_its_script(path: Path) -> None:
    assert path.with_suffix(".timer").is_file()
    script = re.search(
        r"^ExecStart=/opt/jejak/current/(\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert script is not None and (BASE / script[1]).stat().st_mode & 0o111


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.sh")), ids=lambda path: path.name)
def test_script_can_be_read_by_a_shell(path: Path) -> None:
    subprocess.run(["sh", "-n", str(path)], check=True)


def test_note_of_the_scripts_is_understood(tmp_path: Path) -> None:
    lines = f'. {SCRIPTS}/common.sh; note files 2026-11-29T01:40:00+00:00 3 17 ab12cd34; as="$(ls {tmp_path})"; echo "$as"'
    environment = {"PATH": "/usr/bin:/bin", "BACKUP_ENV": "", "BACKUP_NOTES": str(tmp_path)}
    done = subprocess.run(["sh", "-c", lines], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "2026-11-29T01:40:00+00:00.files.note\n"
    note = read_note((tmp_path / done.stdout.strip()).read_text(encoding="ascii"))
    assert (note.kind, note.exit_code, note.added_bytes, note.label) == ("files", 3, 17, "ab12cd34")


def test_restore_says_how_it_is_called() -> None:
    done = subprocess.run(
        ["sh", str(SCRIPTS / "restore.sh"), "--help"],
        env={"PATH": "/usr/bin:/bin", "BACKUP_ENV": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and "--to latest" in done.stderr
