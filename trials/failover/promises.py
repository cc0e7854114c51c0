"""What Jejak asks of the file system of its media, tried by two hosts at once: names appear whole, one maker each, no delay.

It never gives a name to a second file: on a network a reader of the first would find it gone (ESTALE).

`python -m trials.failover.promises FOLDER` does on a host what the lines of its input say.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

from tracker.processes import bound_to_parent
from trials.failover.hosts import NamespaceHost
from trials.releases import BASE, TrialFailed

_BYTES = 64 * 1024
_RENAMES, _NAMES, _SIGHTS = 150, 60, 60


class _Hand:
    """A process on a host that does to files what it is told."""

    def __init__(self, host: NamespaceHost, folder: Path) -> None:
        command = host.command([sys.executable, "-m", "trials.failover.promises", str(folder)])
        self.process = subprocess.Popen(
            bound_to_parent(command), cwd=BASE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def tell(self, order: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def do(self, order: str) -> str:
        self.tell(order)
        return self.answer()

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(20)


def demand_promises(hosts: list[NamespaceHost], folder: Path) -> str:
    """Try them between two hosts that see the same folder, and return a sentence. Raises TrialFailed."""
    with ExitStack() as until_done:
        first, second = (_Hand(host, folder) for host in hosts)
        for hand in (first, second):
            until_done.callback(hand.end)
        for number in range(_SIGHTS):
            first.do(f"write seen-{number} {number}")
            if (seen := second.do(f"read seen-{number}")) != f"whole {number % 256}":
                raise TrialFailed(f"What one host wrote the other does not see at once: {seen}")
        first.tell(f"renames whole {_RENAMES}")
        second.tell(f"watch whole {_RENAMES}")
        first.answer()
        if (read := second.answer()) != f"{_RENAMES} whole":
            raise TrialFailed(f"A file that was just given its name was not whole: {read}")
        first.tell(f"make name {_NAMES}")
        second.tell(f"make name {_NAMES}")
        made = int(first.answer()) + int(second.answer())
        if made != _NAMES:
            raise TrialFailed(f"{_NAMES} names were made {made} times by two hosts")
        first.do("remove")
    return (
        f"{_SIGHTS} files seen at once by the other host, {_RENAMES} read there whole in the moment of their naming, "
        f"{_NAMES} names made by one host each"
    )


def _write(place: Path, byte: int) -> None:
    draft = place.with_name(f"{place.name}.part")
    with draft.open("xb") as file:
        file.write(bytes([byte % 256]) * _BYTES)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(place)
    folder = os.open(place.parent, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(folder)
    os.close(folder)


def _read(place: Path) -> int | None:
    """Return the byte of which the file is full; None where it is not whole."""
    content = place.read_bytes()
    return content[0] if content == content[:1] * _BYTES else None


def _watch(folder: Path, name: str, count: int) -> str:
    """Read each file in the moment in which its name is there; return how many were whole."""
    whole = 0
    for number in range(count):
        place = folder / f"{name}-{number}"
        while not place.exists():
            pass
        whole += _read(place) == number % 256
    return f"{whole} whole"


def _make(folder: Path, name: str, count: int) -> int:
    made = 0
    for number in range(count):
        try:
            (folder / f"{name}-{number}").open("xb").close()
            made += 1
        except FileExistsError:
            pass
    return made


def _obey(folder: Path, order: list[str]) -> str:
    match order:
        case ["write", name, byte]:
            _write(folder / name, int(byte))
        case ["read", name]:
            return f"whole {_read(folder / name)}"
        case ["renames", name, count]:
            for number in range(int(count)):
                _write(folder / f"{name}-{number}", number)
        case ["watch", name, count]:
            return _watch(folder, name, int(count))
        case ["make", name, count]:
            return str(_make(folder, name, int(count)))
        case ["remove"]:
            for path in folder.iterdir():
                path.unlink()
    return "done"


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(mode=0o700, exist_ok=True)
    for line in sys.stdin:
        print(_obey(place, line.split()), flush=True)
