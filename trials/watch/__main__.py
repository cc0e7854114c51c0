"""`make watch`: each part of an installation is broken once; doctor, metrics and readiness must say so, and that it is back."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from trials.releases import TrialFailed
from trials.running import wait_until
from trials.watch.breaks import LATE_SECONDS, WAVES, Break
from trials.watch.installation import BASE, WatchedInstallation, running

RULES = BASE / "deploy" / "prometheus"
_ASKED_EVERY_SECONDS = 1.0
#: Doctor and readiness look anew when they are asked.
_ASKED_SECONDS = 30.0


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
        for wave in WAVES:
            missed += _break(made, wave)
    count = sum(map(len, WAVES))
    print(f"{count} parts broken, {missed} not told, {time.monotonic() - began:.0f} s in all")
    return int(bool(missed))


def _prepare(made: WatchedInstallation) -> None:
    """Let there be a backup and an anchor, and wait until all parts are well."""
    made.as_superuser(
        "INSERT INTO backups_backup (kind, began_at, ended_at, exit_code, added_bytes, label, recorded_at) "
        "VALUES ('database', clock_timestamp(), clock_timestamp(), 0, 1, '', clock_timestamp())"
    )
    made.as_superuser(
        "INSERT INTO audit_anchor (kind, name, position, hash, at, outcome, failure, line, proof) "
        f"VALUES ('folder', '{made.folder / 'anchors'}', 1, repeat('0', 64), clock_timestamp(), 'kept', '', '', '')"
    )
    parts = {each.part for wave in WAVES for each in wave}

    def unwell() -> set[str]:
        return _parts(made, well=False) | (parts - _parts(made, well=True))

    if _tells(lambda: not unwell(), LATE_SECONDS, 0) is None:
        raise TrialFailed(f"not well from the beginning: {', '.join(unwell())}")


def _parts(made: WatchedInstallation, *, well: bool) -> set[str]:
    """Return the parts that metrics call well, or not."""
    families = text_string_to_metric_families(made.metrics())
    samples = [sample for family in families for sample in family.samples if sample.name == "jejak_part_well"]
    return {sample.labels["part"] for sample in samples if (sample.value == 1) == well}


def _break(made: WatchedInstallation, wave: Sequence[Break]) -> int:
    """Break the parts of a wave at once, ask everybody, mend them; return how many did not say so, or said too much."""
    told: dict[Break, dict[str, float | None]] = defaultdict(dict)
    begun: list[Break] = []
    try:
        for each in wave:
            begun.append(each)
            each.begin(made)
        broken_at = time.monotonic()
        for each in wave:
            told[each] |= _asked(made, each, broken_at)
        others = _parts(made, well=False) - {part for each in wave for part in (each.part, *each.drags)}
    finally:
        for each in begun:
            each.mend(made)
    mended_at = time.monotonic()
    for each in wave:
        told[each]["mended"] = _tells(partial(_is_well, made, each), each.within, mended_at)
        words = [
            f"{who} {'NOT TOLD' if after is None else f'{after:.0f} s'}" for who, after in told[each].items()
        ]
        print(f"  {each.what}: {', '.join(words)}", flush=True)
    for part in others:
        print(f"  TOLD WITHOUT CAUSE: {part}", flush=True)
    return len(others) + sum(after is None for answers in told.values() for after in answers.values())


def _is_well(made: WatchedInstallation, each: Break) -> bool:
    return each.part in _parts(made, well=True)


def _asked(made: WatchedInstallation, each: Break, since: float) -> dict[str, float | None]:
    """Return how many seconds after the break each of them said so."""
    told = {
        "metrics": _tells(lambda: each.part in _parts(made, well=False), each.within, since),
        "doctor": _tells(lambda: made.doctor()[each.doctor] != "ok", _ASKED_SECONDS, since),
    }
    if each.readiness:
        told["readiness"] = _tells(
            lambda: made.readiness()[each.readiness] not in {"ok", "off"}, _ASKED_SECONDS, since
        )
    return told


def _tells(is_so: Callable[[], bool], within: float, since: float) -> float | None:
    """Wait, and return how long it is since then; None when nobody told it in time."""
    try:
        wait_until(is_so, "", within=within, every=_ASKED_EVERY_SECONDS)
    except TrialFailed:
        return None
    return time.monotonic() - since


if __name__ == "__main__":
    sys.exit(main())
