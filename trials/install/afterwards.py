"""The pages of the same day, run as they stand: backups and anchors are made, and a restore brings all of it back."""

from __future__ import annotations

import json
import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tracker.house.fresh.debian import Failed
from trials.install.keeping import kept_files
from trials.install.page import ANCHORS, BACKUPS, INSTALL, RESTORE, SAFE, SET_UP, WATCHING
from trials.install.performing import blocks_of, perform_blocks, say
from trials.systemd_debian import SystemdDebian

_KINDS = ("database", "files")
#: Puts the next turn of a timer into this second, instead of into the night.
_SOON = "[Timer]\nOnActiveSec=1s\nAccuracySec=1s\n"
#: Where the pages put the safe's copy, and the store.
_SAFE, _STORE = "root/jejak-safe.tar", "var/backups/jejak"
_SERVICE_SECONDS, _ANCHOR_SECONDS, _SCRAPE_SECONDS = 120, 90, 120
_SCRAPED = ["promtool", "query", "instant", "http://127.0.0.1:9090", 'up{job="jejak"}']
_ROWS = "SELECT kind || ' ' || count(*) FROM backups_backup WHERE exit_code = 0 GROUP BY kind ORDER BY kind"
_ANCHORS = "SELECT kind || ' ' || outcome || ' ' || failure FROM audit_anchor ORDER BY kind, name, id"
_KEPT = ["folder kept", "mail kept", "mail kept", "timestamp kept"]
_HEAD = re.compile(r"\d+:[0-9a-f]{64}")


@dataclass
class Outside:
    """What lies elsewhere when a host is lost: in this folder the authority of the ministry, the safe and the store."""

    folder: Path
    #: The newest head of the log.
    head: str = ""
    #: Settings and secrets, as `kept_files` tells them.
    kept: dict[str, str] = field(default_factory=dict)


def set_up_backups(debian: SystemdDebian) -> None:
    """Set backups up, and let each timer start its service. Raises Failed."""
    perform_blocks(debian, blocks_of(BACKUPS, steps=SET_UP), twice=SET_UP)
    for kind in _KINDS:
        _let_timer_come(debian, f"jejak-backup-{kind}")
    debian.say(["jejak", "manage", "record_backups"])
    rows = sql(debian, _ROWS).splitlines()
    if [row.split()[0] for row in rows] != list(_KINDS) or any(int(row.split()[1]) < 2 for row in rows):
        raise Failed(f"Jejak knows of other backups than were made: {rows}")
    said = doctor_on(debian, "backups")
    say(f"each timer started its service; Jejak knows of {', '.join(rows)}; the doctor: {said}")
    for line in debian.say(["systemctl", "list-timers", "--no-pager", "jejak-*"]).splitlines()[:3]:
        say(f"  {line}")


def _let_timer_come(debian: SystemdDebian, name: str) -> None:
    """Let a timer come now, and wait until what it started has ended well. Raises Failed."""
    if debian.say(["systemctl", "is-enabled", f"{name}.timer"]).strip() != "enabled":
        raise Failed(f"{name}.timer does not start with the machine")
    before = _started(debian, name)
    extra = f"/etc/systemd/system/{name}.timer.d/trial.conf"
    debian.write(extra, _SOON)
    _start_timer_anew(debian, name)
    limit = time.monotonic() + _SERVICE_SECONDS
    while (now := _started(debian, name))[0] == before[0] or now[1] != "inactive":
        if time.monotonic() > limit:
            raise Failed(f"{name}.timer started nothing that ended: {now}")
        time.sleep(0.5)
    if now[2] != "success":
        raise Failed(f"{name}: {debian.say(['journalctl', '--unit', name, '--lines=20', '--no-pager'])}")
    debian.perform(["rm", extra])
    _start_timer_anew(debian, name)


def _start_timer_anew(debian: SystemdDebian, name: str) -> None:
    debian.perform(["systemctl", "daemon-reload"])
    debian.perform(["systemctl", "restart", f"{name}.timer"])


def _started(debian: SystemdDebian, name: str) -> tuple[str, ...]:
    """Return when a service was started last, its state, and how it ended."""
    wanted = ("ExecMainStartTimestampMonotonic", "ActiveState", "Result")
    said = debian.say(["systemctl", "show", f"{name}.service", f"--property={','.join(wanted)}"])
    found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    return tuple(found.get(name, "") for name in wanted)


def set_up_anchors(debian: SystemdDebian) -> None:
    """Name three kinds of places, let the nightly task come now, and check what they hold. Raises Failed."""
    perform_blocks(debian, blocks_of(ANCHORS, steps=SET_UP), twice=SET_UP)
    debian.say(
        ["jejak", "python", "-m", "celery", "--app", "tracker", "--broker=", "call", "audit.tasks.anchor"]
    )
    limit = time.monotonic() + _ANCHOR_SECONDS
    while (found := [row.strip() for row in sql(debian, _ANCHORS).splitlines()]) != _KEPT:
        if time.monotonic() > limit:
            log = debian.say(["journalctl", "--unit=jejak-worker", "--lines=20", "--no-pager"])
            raise Failed(f"the nightly task kept {found}: {log[-1500:]}")
        time.sleep(1)
    said = doctor_on(debian, "anchors")
    say(
        f"the worker, under its unit's restrictions, anchored the head: {', '.join(found)}; the doctor: {said}"
    )
    _seconds, printed = perform_blocks(debian, blocks_of(ANCHORS, steps={3, 4}))
    say(f"checked with what lies outside: {printed.strip().splitlines()[-1]}")


def set_up_watching(debian: SystemdDebian) -> None:
    """Let Debian's Prometheus read the metrics by the page. Raises Failed."""
    perform_blocks(debian, blocks_of(WATCHING), twice={1})
    limit = time.monotonic() + _SCRAPE_SECONDS
    while "=> 1 @" not in (said := debian.say(_SCRAPED)):
        if time.monotonic() > limit:
            raise Failed(f"Prometheus does not read the metrics: {said[-400:]}")
        time.sleep(2)
    say(f"Prometheus reads the metrics with the installation's own token: {said.strip()}")


def keep_outside(debian: SystemdDebian, outside: Outside) -> None:
    """Back up once more, and keep the safe, the store and the head of the log, before the host is lost. Raises Failed."""
    head = _HEAD.search(debian.say(["jejak", "manage", "verify_audit"]))
    if head is None:
        raise Failed("verify_audit printed no head before the host was lost")
    # The backup of the files counts from the second in which it begins.
    time.sleep(1.1)
    debian.perform(["systemctl", "start", "jejak-backup-database", "jejak-backup-files"], limit_seconds=300)
    perform_blocks(debian, blocks_of(BACKUPS, steps=SAFE), twice=SAFE)
    outside.head, outside.kept = head[0], kept_files(debian.root)
    for path in (_SAFE, _STORE):
        _copy(debian.root / path, outside.folder / Path(path).name)


def restore(debian: SystemdDebian, outside: Outside) -> None:
    """Give an empty host safe and store, restore as the page says, and see e-mail held until it is released. Raises Failed."""
    for path in (_SAFE, _STORE):
        (debian.root / path).parent.mkdir(parents=True, exist_ok=True)
        _copy(outside.folder / Path(path).name, debian.root / path)
    lay_down, *restoring, timers = blocks_of(BACKUPS, steps=RESTORE)
    page = INSTALL["debian"]
    install, start = (blocks_of(page.english, steps=steps) for steps in (page.from_safe, {page.start}))
    seconds, _printed = perform_blocks(debian, [lay_down, *install, *restoring, *start, timers])
    if (kept := kept_files(debian.root)) != outside.kept:
        other = sorted(path for path in {*kept, *outside.kept} if kept.get(path) != outside.kept.get(path))
        raise Failed(f"restored from the safe, these files are others than before: {', '.join(other)}")
    state = debian.say(["systemctl", "is-active", "postgresql@17-main", "jejak-web", "jejak-worker"]).split()
    if state != ["active"] * 3:
        raise Failed(f"after the restore systemd says {state} of database, web and worker")
    # Each ends with another code where something does not hold.
    for words in (["verify_audit", "--head", outside.head], ["verify_evidence"]):
        debian.perform(["jejak", "manage", *words])
    released = debian.say(["jejak", "manage", "release_mail", "--give-up"]).strip()
    if not released.startswith("Mail leaves again"):
        raise Failed(f"mail was not held back after the restore: {released}")
    say(
        f"the host was lost; an empty one with the safe and the store was installed, restored and started by the pages' commands in "
        f"{seconds:.0f} s: its {len(kept)} settings and secrets are those of before, the log is whole up to {outside.head[:20]}…, every "
        f"file is what was received, and e-mail was held back. {released}"
    )


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "--archive", str(source), str(target)], check=True)


def sql(debian: SystemdDebian, question: str) -> str:
    """Return what the database answers, as its superuser."""
    ask = [
        "setpriv",
        "--reuid=postgres",
        "--regid=postgres",
        "--init-groups",
        "psql",
        "-XAtqc",
        question,
        "jejak",
    ]
    return debian.say(ask).strip()


def doctor_on(debian: SystemdDebian, part: str) -> str:
    """Return what the doctor says of a part. Raises Failed unless it is well."""
    said = debian.say(["jejak", "doctor", "--json"])
    try:
        [found] = [each for each in json.loads(said)["parts"] if each["part"] == part]
    except ValueError:
        raise Failed(f"the doctor did not speak of {part}: {said[-400:]}") from None
    if found["condition"] != "ok":
        raise Failed(f"the doctor says of {part}: {found['condition']}, {found['sentence']}")
    return str(found["sentence"])
