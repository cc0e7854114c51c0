"""`make watch`: each part of an installation is broken once; doctor, metrics and readiness must say so, and that it is back."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from trials.releases import TrialFailed
from trials.running import wait_until
from trials.watch.installation import BASE, Installation, running

RULES = BASE / "deploy" / "prometheus"
#: The web looks twice a minute, a schedule is late after three, and machines are busy.
SEEN_SECONDS, LATE_SECONDS = 120.0, 300.0


@dataclass(frozen=True)
class Break:
    """A part that is broken, how, how it is mended, and who must say so: metrics, doctor and (if it tells of it) readiness."""

    what: str
    begin: Callable[[Installation], object]
    mend: Callable[[Installation], object]
    part: str
    doctor: str
    readiness: str = ""
    within: float = SEEN_SECONDS


def _fill(installation: Installation) -> None:
    (installation.media / "filler").write_bytes(bytes(250 * 1024**2))


_OLD_ANCHOR = (
    "UPDATE audit_anchor SET at = at - interval '10 days'",
    "UPDATE audit_anchor SET at = at + interval '10 days'",
)
_OLD_BACKUP = (
    "UPDATE backups_backup SET began_at = began_at - interval '10 days'",
    "UPDATE backups_backup SET began_at = began_at + interval '10 days'",
)
BREAKS = [
    Break(
        "certificate that ends in 5 days",
        lambda made: made.show_certificate(5),
        lambda made: made.show_certificate(60),
        "certificate",
        "certificate",
    ),
    Break(
        "scanner off",
        lambda made: made.scanner.close(),
        lambda made: made.start_scanner(),
        "scanner",
        "scanner",
        "scanner",
    ),
    Break(
        "disk full",
        _fill,
        lambda made: (made.media / "filler").unlink(),
        "disk",
        "room",
        "disk",
    ),
    Break(
        "broker stopped",
        lambda made: made.stop("valkey"),
        lambda made: made.start("valkey"),
        "broker",
        "broker",
        "broker",
    ),
    Break(
        "backup old",
        lambda made: made.as_superuser(_OLD_BACKUP[0]),
        lambda made: made.as_superuser(_OLD_BACKUP[1]),
        "backups",
        "backups",
    ),
    Break(
        "anchor old",
        lambda made: made.as_superuser(_OLD_ANCHOR[0]),
        lambda made: made.as_superuser(_OLD_ANCHOR[1]),
        "anchors",
        "anchors",
    ),
    Break(
        "database hung",
        lambda made: made.halt_database(),
        lambda made: made.continue_database(),
        "database",
        "database",
        "database",
    ),
    Break(
        "schedule stopped",
        lambda made: made.stop("beat"),
        lambda made: made.start("beat"),
        "beat",
        "beat",
        "beat",
        LATE_SECONDS,
    ),
]


def main() -> int:
    """Break each part once; return 1 when somebody did not say so."""
    if os.geteuid() != 0:
        sys.exit("The trial mounts a small disk: run it as root.")
    for command in (["check", "rules", "jejak.rules.yml"], ["test", "rules", "rules.test.yml"]):
        subprocess.run(["promtool", *command], cwd=RULES, check=True)
    began, missed = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="jejak-watch-") as name, running(Path(name)) as made:
        _prepare(made)
        print(f"up after {time.monotonic() - began:.0f} s", flush=True)
        for each in BREAKS:
            missed += _break(made, each)
    print(f"{len(BREAKS)} parts broken, {missed} not told, {time.monotonic() - began:.0f} s in all")
    return int(bool(missed))


def _prepare(made: Installation) -> None:
    """Let there be a backup and an anchor, and wait until all parts that are broken later are well."""
    made.as_superuser(
        "INSERT INTO backups_backup (kind, began_at, ended_at, exit_code, added_bytes, label, recorded_at) "
        "VALUES ('database', clock_timestamp(), clock_timestamp(), 0, 1, '', clock_timestamp())"
    )
    made.as_superuser(
        "INSERT INTO audit_anchor (kind, name, position, hash, at, outcome, failure, line, proof) "
        f"VALUES ('folder', '{made.folder / 'anchors'}', 1, repeat('0', 64), clock_timestamp(), 'kept', '', '', '')"
    )
    parts = {each.part for each in BREAKS}
    wait_until(lambda: parts <= well_parts(made), "all parts are well", within=LATE_SECONDS)


def is_well(made: Installation, part: str) -> bool | None:
    """Return what metrics say of a part; None when they say nothing."""
    return _told_by_metrics(made).get(part)


def well_parts(made: Installation) -> set[str]:
    """Return the parts that metrics call well."""
    return {part for part, is_well in _told_by_metrics(made).items() if is_well}


def _told_by_metrics(made: Installation) -> dict[str, bool]:
    families = text_string_to_metric_families(made.metrics())
    samples = [sample for family in families for sample in family.samples if sample.name == "jejak_part_well"]
    return {sample.labels["part"]: sample.value == 1 for sample in samples}


def _break(made: Installation, each: Break) -> int:
    """Break a part, ask everybody, mend it; return how many did not say so."""
    each.begin(made)
    try:
        told = {
            "metrics": _tells(lambda: is_well(made, each.part) is False, each.within),
            "doctor": _tells(lambda: made.doctor()[each.doctor] != "ok", 30),
        }
        if each.readiness:
            told["readiness"] = _tells(lambda: made.readiness()[each.readiness] not in {"ok", "off"}, 30)
    finally:
        each.mend(made)
    told["mended"] = _tells(lambda: is_well(made, each.part) is True, each.within)
    words = ", ".join(
        f"{who} {'NOT TOLD' if seconds is None else f'{seconds:.0f} s'}" for who, seconds in told.items()
    )
    print(f"  {each.what}: {words}", flush=True)
    return sum(seconds is None for seconds in told.values())


def _tells(is_so: Callable[[], bool], within: float) -> float | None:
    try:
        return wait_until(is_so, "", within=within)
    except TrialFailed:
        return None


if __name__ == "__main__":
    sys.exit(main())
