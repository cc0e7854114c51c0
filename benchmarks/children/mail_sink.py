"""A plain mail server: `python -m benchmarks.children.mail_sink [FOLDER]` prints its port and accepts every mail.

With a folder it does what a mail server must before it says yes: the mail is on the disk (fsync). Without one it says
yes at once, as no server that keeps mails can.
"""

from __future__ import annotations

import asyncio
import os
import sys
from itertools import count
from pathlib import Path


class MailSink(asyncio.Protocol):
    """One connection."""

    numbers = count(1)

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._buffer = bytearray()
        self._in_text = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._say(b"220 sink")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._take_text() if self._in_text else self._take_line():
            pass

    def _take_text(self) -> bool:
        end = self._buffer.find(b"\r\n.\r\n")
        if end < 0:
            return False
        self._keep(bytes(self._buffer[:end]))
        del self._buffer[: end + 5]
        self._in_text = False
        self._say(b"250 kept")
        return True

    def _take_line(self) -> bool:
        end = self._buffer.find(b"\r\n")
        if end < 0:
            return False
        verb = bytes(self._buffer[:4]).upper()
        del self._buffer[: end + 2]
        self._in_text = verb == b"DATA"
        self._say(
            {b"DATA": b"354 go on", b"EHLO": b"250-sink\r\n250 SMTPUTF8", b"QUIT": b"221 bye"}.get(
                verb, b"250 yes"
            )
        )
        if verb == b"QUIT":
            self._transport.close()
        return True

    def _keep(self, text: bytes) -> None:
        if self._folder is None:
            return
        descriptor = os.open(
            self._folder / str(next(self.numbers)), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600
        )
        os.write(descriptor, text)
        os.fsync(descriptor)
        os.close(descriptor)

    def _say(self, words: bytes) -> None:
        self._transport.write(words + b"\r\n")


async def main(folder: Path | None) -> None:
    """Serve on a free port of the loopback address until the process is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: MailSink(folder), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
