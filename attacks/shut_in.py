"""A network namespace for a run: the instance and every tool reach this machine's loopback address, and nothing else."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import struct
import subprocess
import sys

#: Says to the command that it runs inside.
_INSIDE = "JEJAK_ATTACK_SHUT_IN"
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x1 | 0x40
#: An address of the documentation's own network, which nobody has.
_ELSEWHERE = ("192.0.2.1", 9)


def is_inside() -> bool:
    """Return whether this process was started in a namespace of its own."""
    return os.environ.get(_INSIDE) == "1"


def go_inside(arguments: list[str]) -> None:
    """Become this command in a namespace of its own, with its loopback address up. Returns only inside.

    Exits with a sentence where the kernel gives nobody a namespace.
    """
    if is_inside():
        raise_loopback()
        _demand_shut_in()
        return
    # Who is not root becomes nobody else either: PostgreSQL does not serve root.
    as_oneself = [] if os.geteuid() == 0 else ["--user", "--map-current-user", "--keep-caps"]
    unshare = ["unshare", "--net", *as_oneself]
    tried = subprocess.run([*unshare, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        sys.exit(
            f"The tools are shut in by a network namespace, and the kernel gives none ({tried.stderr.strip()}).\n"
            "Run as root, or `make attack ARGS=--open` to let the tools reach the network."
        )
    os.environ[_INSIDE] = "1"
    os.execvp(unshare[0], [*unshare, sys.executable, "-m", "attacks", *arguments])


def raise_loopback() -> None:
    """Bring up the loopback address of this namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh22x", b"lo", _UP_AND_RUNNING))


def _demand_shut_in() -> None:
    """Exit unless another address than the loopback cannot be reached."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as outward:
        outward.settimeout(2)
        found = outward.connect_ex(_ELSEWHERE)
    if found != errno.ENETUNREACH:
        sys.exit(f"Not shut in: {_ELSEWHERE[0]} answers {os.strerror(found)}.")
