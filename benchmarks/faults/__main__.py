"""`make faults`: 1,500 reminders to 1,000 people while 30 processes are killed and everything else misbehaves."""

from __future__ import annotations

import argparse
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.faults.plan import KILLS
from benchmarks.faults.run import Interrupted, Result, perform
from benchmarks.results import machine, write_block

BLOCK = "faults"
_HEAD = "| Seed | Reminders | Lost | Sent | Doubled | Refused for good | Faults | Mail server | Seconds |"


def main() -> int:
    """Print the figures of each run; 1 when something was lost, or doubled without a reason."""
    options = _options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    results = []
    try:
        for seed in options.seed or [secrets.randbelow(1_000_000) for _ in range(options.runs)]:
            results.append(_shown_run(seed, keep=options.keep))
    except (KeyboardInterrupt, Interrupted):
        print("Stopped; nothing runs any more.", file=sys.stderr)
        return 130
    if options.write:
        write_block(BLOCK, _table(results))
    return 1 if any(result.tally.mistakes for result in results) else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument(
        "--seed", type=int, nargs="+", help="a run for each of these seeds (default: a new one)"
    )
    parser.add_argument("--runs", type=int, default=1, help="so many runs with new seeds")
    parser.add_argument("--keep", type=Path, help="keep logs and database in this folder")
    parser.add_argument("--write", action="store_true", help="write the results into benchmarks/README.md")
    return parser.parse_args()


def _shown_run(seed: int, *, keep: Path | None) -> Result:
    print(f"seed {seed}", flush=True)
    began = time.monotonic()
    if keep is not None:
        folder = keep / f"{seed}-{int(time.time())}"
        folder.mkdir(parents=True)
        result = perform(seed, folder)
    else:
        with tempfile.TemporaryDirectory(prefix="jejak-faults-") as folder_name:
            result = perform(seed, Path(folder_name))
    print("\n".join(_lines(result)), flush=True)
    print(f"  {time.monotonic() - began:.0f} s in all", flush=True)
    return result


def _lines(result: Result) -> Iterable[str]:
    tally = result.tally
    yield f"reminders {result.reminders}, of them {tally.refused} refused for good and kept with the server's words"
    yield "mail server: " + _counts(result.tricks)
    yield f"lost {tally.lost}"
    yield f"sent {tally.sent}"
    yield f"doubled {tally.doubled}"
    yield from (f"  {message_id}: {reason}" for message_id, reason in tally.doubles)
    yield f"faults between acceptance and record: {tally.openings}"
    yield from (f"  mistake: {mistake}" for mistake in tally.mistakes[:40])


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(f"{count} × {word}" for word, count in sorted(counted.items()) if count)


def _table(results: list[Result]) -> str:
    rows = [_row(result) for result in results]
    return f"{machine()}\n\n{_HEAD}\n{'|---' * _HEAD.count(' | ')}|---|\n" + "\n".join(rows)


def _row(result: Result) -> str:
    tally = result.tally
    doubled = f"{tally.doubled}" + (f" ({_counts(dict(tally.reasons))})" if tally.reasons else "")
    kills = sum(count for kind, count in result.done.items() if kind in KILLS)
    others = {kind.value: count for kind, count in result.done.items() if kind not in KILLS}
    faults = f"{kills} × kill -9, {_counts(others)}"
    mistakes = f"**{len(tally.mistakes)} mistakes** " if tally.mistakes else ""
    cells = (
        result.seed, result.reminders, f"{mistakes}{tally.lost}", tally.sent, doubled, tally.refused, faults,
        _counts(result.tricks), f"{result.seconds:.0f}",
    )  # fmt: skip
    return f"| {' | '.join(map(str, cells))} |"


if __name__ == "__main__":
    sys.exit(main())
