"""A name server for trials: knows names of one address, and says of all others that they do not exist.

`python -m trials.containers.names ADDRESS NAME …` listens on port 53 of that address and answers it for the names.
"""

from __future__ import annotations

import socket
import socketserver
import struct
import sys
from collections.abc import Collection
from typing import Any

_PORT, _SECONDS = 53, 60
_A, _NOBODY = 1, 3
#: An answer that is this server's own, to a question that may have wished for more.
_FLAGS = 0x8580


def answer_to(asked: bytes, names: Collection[str], address: str) -> bytes:
    """Return the answer to a question: the address of a name that is known, nothing of its other kinds, or that nobody has it."""
    number, _flags, questions = struct.unpack(">HHH", asked[:6])
    labels, at = [], 12
    while length := asked[at]:
        labels.append(asked[at + 1 : at + 1 + length].decode("ascii", "replace"))
        at += 1 + length
    question = asked[12 : at + 5]
    is_known = ".".join(labels).lower() in names
    found = b""
    if is_known and struct.unpack(">H", asked[at + 1 : at + 3])[0] == _A:
        # The name is the one of the question, twelve bytes after the beginning.
        found = struct.pack(">HHHIH", 0xC00C, _A, 1, _SECONDS, 4) + socket.inet_aton(address)
    head = struct.pack(
        ">6H", number, _FLAGS | (0 if is_known else _NOBODY), min(questions, 1), bool(found), 0, 0
    )
    return head + question + found


class NameServer(socketserver.ThreadingUDPServer):
    """Answers on one address."""

    allow_reuse_address = True

    def __init__(self, address: str, names: Collection[str]) -> None:
        super().__init__((address, _PORT), _Question)
        self.address, self.names = address, frozenset(names)


class _Question(socketserver.BaseRequestHandler):
    server: Any

    def handle(self) -> None:
        asked, answers = self.request
        answers.sendto(answer_to(asked, self.server.names, self.server.address), self.client_address)


if __name__ == "__main__":
    NameServer(sys.argv[1], sys.argv[2:]).serve_forever()
