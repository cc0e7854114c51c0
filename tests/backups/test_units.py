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


def _shell(lines: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", f". {SCRIPTS}/common.sh; {lines}"],
        env={"PATH": "/usr/bin:/bin", "BACKUP_ENV": "", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_note_follows_no_link_that_jejaks_user_left(tmp_path: Path) -> None:
    store = tmp_path / "config"
    store.write_text("of the store")
    (tmp_path / "notes").mkdir()
    ask = "note files 2026-11-29T01:40:00+00:00 0"
    lines = f'ln -s {store} "$BACKUP_NOTES/.files.$$"; {ask}'
    assert _shell(lines, BACKUP_NOTES=str(tmp_path / "notes")).returncode == 0
    # Also where it comes back at the last moment.
    done = _shell(f"rm() {{ :; }}; {lines}", BACKUP_NOTES=str(tmp_path / "notes"))
    assert (done.returncode, "nothing was noted" in done.stderr) == (1, True)
    assert store.read_text() == "of the store"


@pytest.mark.parametrize("inside", ["", "ab/cd"])
def test_nothing_is_restored_through_a_link(tmp_path: Path, inside: str) -> None:
    media, elsewhere = tmp_path / "media", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (media / inside).parent.mkdir(parents=True, exist_ok=True)
    (media / inside).symlink_to(elsewhere)
    settings = {"PGDATA": str(tmp_path / "data"), "DATABASE_START": "false", "DATABASE_STOP": "false"}
    environment = {"PATH": "/usr/bin:/bin", "BACKUP_ENV": "", "MEDIA_ROOT": str(media), **settings}
    command = ["sh", str(SCRIPTS / "restore.sh")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "is a link" in done.stderr) == (1, True)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_root_changes_nothing_in_the_folder_of_jejaks_user(path: Path) -> None:
    """`install` would give Jejak's user whatever folder a link in that place leads to."""
    text = path.read_text(encoding="utf-8")
    assert re.search(r"^ExecStartPre=\+/usr/bin/setpriv --reuid=jejak ", text, re.MULTILINE)
    assert "ExecStartPre=+/usr/bin/install" not in text


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.stem)
def test_first_start_needs_no_folder_that_it_makes_itself(path: Path) -> None:
    """Where a folder is not there yet, systemd starts nothing, not even the command that makes it, unless told otherwise."""
    [paths] = re.findall(r"^ReadWritePaths=(.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert all(each.startswith("-/") for each in paths.split())


def test_restore_says_how_it_is_called() -> None:
    done = subprocess.run(
        ["sh", str(SCRIPTS / "restore.sh"), "--help"],
        env={"PATH": "/usr/bin:/bin", "BACKUP_ENV": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and "--to latest" in done.stderr
