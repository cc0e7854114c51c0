"""How much memory a process holds, as Linux counts it.

`getrusage` would not do: the peak that it gives begins with what the parent held when it started the process.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path


def held_mib(process: int | str = "self") -> float:
    """Return what a process holds now, in MiB."""
    return _status_mib(process, "VmRSS")


def peak_mib(process: int | str = "self") -> float:
    """Return the most that a process has held since `forget_peak`, in MiB."""
    return _status_mib(process, "VmHWM")


def forget_peak(process: int | str = "self") -> None:
    """Count the peak of a process from here on."""
    Path(f"/proc/{process}/clear_refs").write_text("5", encoding="ascii")


def growth_mib(act: Callable[[], object]) -> float:
    """Run a function and return by how many MiB this process grew meanwhile."""
    forget_peak()
    before = held_mib()
    act()
    return peak_mib() - before


def _status_mib(process: int | str, field: str) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    kib = next(line.split()[1] for line in status.splitlines() if line.startswith(f"{field}:"))
    return int(kib) / 1024
