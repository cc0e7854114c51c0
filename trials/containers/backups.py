"""The pages of the same day, as they are printed for containers: backups and anchors are made, and all comes back from the safe."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from trials.containers import pages
from trials.containers.steps import CLEAN, ContainerTrial, demand, until
from trials.install.keeping import kept_files
from trials.install.page import BACKUPS, RESTORE, SAFE, SET_UP

#: Within which time the page promises both backups.
_FIRST_SECONDS = 300
#: The administrator whom the page of installing invites reads Malay.
_TOLD = re.compile(
    r"Salinan sandaran terakhir dibuat .{1,20} lalu \(pangkalan data\) dan .{1,20} lalu \(fail\)\."
)
_RECORDED = "from backups.models import Backup; print('rows', sorted((b.kind, b.exit_code, b.added_bytes > 0, bool(b.label)) for b in Backup.objects.all()))"
_ANCHORS = "from audit.models import Anchor; print('anchors', sorted((a.kind, a.outcome) for a in Anchor.objects.all()))"
_KEPT = [("folder", "kept"), ("mail", "kept"), ("mail", "kept"), ("timestamp", "kept")]
#: The engine keeps no volume and no network, the machine no file of Jejak but the safe, the release and the store.
_LOSE = """\
docker compose down --volumes
cd /root
rm --recursive --force /etc/jejak /opt/jejak /usr/local/sbin/jejak /root/fullchain.pem /root/privkey.pem
"""
#: What the page says within its sentences.
_PROVE = ("jejak manage verify_audit", "jejak manage verify_evidence")


def back_up(trial: ContainerTrial) -> str:
    """Set up backups, wait for both, and see what Jejak says of them."""
    for commands in pages.backing_up(steps=SET_UP):
        pages.perform(trial.shell, commands, trial.say)
    began = time.monotonic()
    wanted = "rows [('database', 0, True, True), ('files', 0, True, True)]"
    until(
        lambda: wanted in _recorded(trial, _RECORDED),
        "not both backups are recorded, whole,",
        within=_FIRST_SECONDS,
    )
    waited = time.monotonic() - began
    page = trial.browsers["administrator"].follow("/installation/").text
    told = _TOLD.search(page)
    demand(told, "the page of the installation's state does not tell of both backups")
    assert told is not None
    info = trial.shell.perform("docker compose exec --user postgres backup pgbackrest info\n")
    demand("full backup" in info and "status: ok" in info, f"pgBackRest does not list the backup:\n{info}")
    snapshots = trial.shell.perform("docker compose exec backup restic snapshots\n")
    demand("1 snapshots" in snapshots, f"restic does not list the backup:\n{snapshots}")
    return f"both recorded {waited:.0f} s after the page's last line; its administrator reads: {told[0]}"


def _recorded(trial: ContainerTrial, question: str) -> str:
    trial.stack.manage("record_backups")
    return trial.stack.manage("shell", "--command", question)


def anchor(trial: ContainerTrial) -> str:
    """Name three kinds of places outside, let the nightly task come now, and compare with what lies there."""
    for commands in pages.anchoring():
        pages.perform(trial.shell, commands, trial.say)
    trial.shell.perform("jejak python -m celery --app tracker --broker= call audit.tasks.anchor\n")
    until(
        lambda: f"anchors {_KEPT}" in trial.stack.manage("shell", "--command", _ANCHORS),
        f"the anchors are not {_KEPT}",
    )
    said = trial.shell.perform("jejak manage verify_audit --anchors /mnt/anchors/jejak\n")
    return f"{len(_KEPT)} anchors are kept, by mail, timestamp and folder; {said.strip().splitlines()[-1]}"


def restore(trial: ContainerTrial) -> str:
    """Lose all but safe and store, restore by the page, prove log and files, and release e-mail."""
    text = BACKUPS.read_text(encoding="utf-8")
    for command in (*_PROVE, "jejak manage release_mail", "--over"):
        demand(f"`{command}" in text, f"docs/backups.md no longer says `{command}`")
    since = _recorded(trial, _FILES)
    trial.shell.perform("docker compose restart backup\n")
    until(lambda: _recorded(trial, _FILES) != since, "no further backup was recorded", within=_FIRST_SECONDS)
    for commands in pages.backing_up(steps=SAFE):
        pages.perform(trial.shell, commands, trial.say)
    officer, kept = trial.browsers["officer"], kept_files(Path("/"))
    trial.shell.perform("docker compose stop\n")
    fallen = {
        each["Name"]: each["State"]["ExitCode"]
        for each in trial.stack.containers()
        if each["State"]["ExitCode"]
    }
    demand(not fallen, f"told to stop, they did not end by themselves: {fallen}")
    trial.shell.perform(_LOSE)
    seconds = _bring_back(trial)
    demand(kept_files(Path("/")) == kept, "from the safe came other settings or secrets than there were")
    audit, evidence = (trial.shell.perform(f"{command}\n") for command in _PROVE)
    demand(
        officer.get(f"{trial.kept}download/").body == CLEAN,
        "the file of the officer did not come back as it was",
    )
    held = trial.stack.manage("shell", "--command", _IS_HELD)
    demand("held True" in held, f"e-mail is not held back after a restore: {held}")
    trial.shell.perform("jejak manage release_mail\n")
    demand("held False" in trial.stack.manage("shell", "--command", _IS_HELD), "e-mail was not released")
    last = [said.strip().splitlines()[-1] for said in (audit, evidence)]
    return (
        f"all was lost but safe and store; installed, restored and well again in {seconds:.0f} s; {'; '.join(last)}; "
        "e-mail was held, and is released"
    )


def _bring_back(trial: ContainerTrial) -> float:
    """Run the page's blocks on an empty host, and those of the page of installing between them; return their seconds."""
    lay_down, *restoring = pages.backing_up(steps=RESTORE)
    install = [
        each for each in pages.installing(steps=pages.PAGE.from_safe) if each.step != pages.PACKAGES_STEP
    ]
    began = time.monotonic()
    for commands in [lay_down, *install, *restoring, *pages.installing(steps={pages.PAGE.start})]:
        pages.perform(trial.shell, commands, trial.say, is_again=False)
    return time.monotonic() - began


_FILES = "from backups.models import Backup; print('files', Backup.objects.filter(kind='files', exit_code=0).count())"
_IS_HELD = "from backups.queries import is_mail_held; print('held', is_mail_held())"

STEPS_OF_BACKUPS: tuple[tuple[str, Callable[[ContainerTrial], str]], ...] = (
    ("backups", back_up),
    ("anchors", anchor),
    ("restored", restore),
)
