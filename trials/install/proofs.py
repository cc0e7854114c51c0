"""What is looked at once the page is done: the doctor, the restrictions that hold, and files opened under them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tracker.house.fresh.debian import Failed
from trials.install.page import UPGRADING
from trials.install.performing import blocks_of, perform_blocks
from trials.install.stand_ins import BASE, HOST, NEXT_RELEASE, put_release
from trials.systemd_debian import SystemdDebian

UNITS = ("jejak-web", "jejak-worker", "jejak-beat", "jejak-migrate")
MOST_EXPOSED = 2.0
_EXPOSURE = re.compile(r"exposure level for \S+: ([\d.]+)")
_OPENED = re.compile(r"^under seccomp mode .*$", re.MULTILINE)
_LAST_ANSWER_SECONDS = 60
_VERIFY = "jejak manage verify_report /dev/stdin < /root/file"
#: The head of the log's chain: a position and a hash.
_HEAD = re.compile(r"\d+:[0-9a-f]{64}")
_PROOF = "jejak-proof.service"
Say = Callable[[str], None]


def prove_all(debian: SystemdDebian, authority: Path, say: Say) -> None:
    """Look at everything; the site's certificate is signed by an authority. Raises Failed."""
    for prove in (
        _prove_doctor,
        _prove_commands,
        _prove_exposure,
        _prove_sandbox,
        partial(_prove_upgrade, authority),
        _prove_limits,
    ):
        say(prove(debian))


def _prove_doctor(debian: SystemdDebian) -> str:
    said = debian.say(["jejak", "doctor", "--json"])
    try:
        parts = json.loads(said)["parts"]
    except ValueError:
        raise Failed(f"the doctor did not speak: {said[-400:]}") from None
    unwell = [
        f"{part['part']}: {part['sentence']}"
        for part in parts
        if part["condition"] in {"broken", "look at this"}
    ]
    if any(part["condition"] == "broken" for part in parts):
        raise Failed(f"the doctor says: {'; '.join(unwell)}")
    owner = debian.say(["jejak", "owner", "doctor"])
    return f"the doctor looked at {len(parts)} parts and finds nothing broken ({'; '.join(unwell) or 'all well'}); as owner: {owner.count('broken')} broken"


def _prove_commands(debian: SystemdDebian) -> str:
    """Give commands of `jejak` as the pages tell them: by name, and with a file that only root may read. Raises Failed."""
    told = debian.say(
        [
            "sh",
            "-c",
            f"umask 077; echo no paper > /root/file; {_VERIFY}; echo code $?; jejak manage verify_audit",
        ]
    )
    if "code 1\n" not in told or _HEAD.search(told) is None:
        raise Failed(f"`jejak manage` does not do what the pages say: {told[-600:]}")
    return (
        "jejak manage verify_report reads a file of root's, and jejak manage verify_audit finds the log whole"
    )


def _prove_exposure(debian: SystemdDebian) -> str:
    found = {}
    for unit in UNITS:
        said = debian.say(["systemd-analyze", "security", "--no-pager", f"{unit}.service"])
        level = _EXPOSURE.search(said)
        if level is None or float(level[1]) > MOST_EXPOSED:
            raise Failed(f"systemd-analyze security says of {unit}: {said[-200:].strip()}")
        found[unit] = level[1]
    return "systemd-analyze security: " + ", ".join(f"{unit} {level}" for unit, level in found.items())


def _prove_sandbox(debian: SystemdDebian) -> str:
    """Open files in processes that shut themselves in, under all that the units of web and worker restrict."""
    said = []
    for unit in ("jejak-web", "jejak-worker"):
        text = debian.say(["cat", f"/etc/systemd/system/{unit}.service"])
        text = re.sub(r"^Type=.*$", "Type=oneshot", text, flags=re.MULTILINE)
        text = re.sub(r"^(Restart.*|Requires=.*|\[Install\]|WantedBy=.*)$", "", text, flags=re.MULTILINE)
        text = re.sub(r"-m tracker\.entry \w+", "-m trials.install.opens_files", text)
        debian.write(f"/etc/systemd/system/{_PROOF}", text)
        debian.perform(["systemctl", "daemon-reload"])
        debian.say(["systemctl", "start", _PROOF])
        log = debian.say(["journalctl", "--unit", _PROOF, "--output=cat", "--lines=20", "--no-pager"])
        found = _OPENED.findall(log)
        if not found:
            raise Failed(f"files are not opened under the restrictions of {unit}: {log[-800:]}")
        said.append(f"{unit}: {found[-1]}")
    debian.perform(["rm", f"/etc/systemd/system/{_PROOF}"])
    return "files under the units' restrictions: " + "; ".join(said)


def _prove_upgrade(authority: Path, debian: SystemdDebian) -> str:
    """Put another release in the place of this one by the page while somebody asks for pages: nobody is refused. Raises Failed."""
    put_release(debian, NEXT_RELEASE)
    command = debian.in_its_network([sys.executable, "-m", "trials.install.asking", HOST, str(authority)])
    asking = subprocess.Popen(command, cwd=BASE, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        perform_blocks(debian, blocks_of(UPGRADING))
        said = asking.communicate(timeout=_LAST_ANSWER_SECONDS)[0].strip()
    finally:
        asking.kill()
        asking.wait()
    where = debian.say(
        ["sh", "-c", "readlink /proc/$(systemctl show --property=MainPID --value jejak-web)/cwd"]
    ).strip()
    if asking.returncode or not where.endswith(NEXT_RELEASE):
        raise Failed(f"while another release took its place (the web runs in {where}): {said}")
    return f"while another release took its place: {said}"


def _prove_limits(debian: SystemdDebian) -> str:
    if "memory" in debian.controllers:
        return "cgroups hold memory and tasks: MemoryMax= and TasksMax= are in force"
    return "not proved here: this machine's cgroups have no controller of memory, so MemoryMax= and TasksMax= do nothing"
