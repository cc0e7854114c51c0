"""A mail server that misbehaves: `python -m benchmarks.faults.smtp LOG --port PORT --seed SEED --pace SECONDS`.

What it accepts it first writes to an append-only log, with fsync; only then does it answer. What it does to whom
follows from the seed, the recipient and how often they were written to, so that a run can be repeated.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from enum import StrEnum
from pathlib import Path

#: Mailboxes of this kind do not exist.
BOUNCING = "bounces"
#: From so many visits on, a recipient's mails are accepted: faults end at some time.
TIRES_AFTER = 3
#: The longest time between the acceptance and the answer, in seconds.
SLOWEST_ANSWER = 0.15
LINE_LIMIT = 1_000_000


class Trick(StrEnum):
    """What is done to a mail."""

    NONE = "none"
    REFUSE_RECIPIENT = "451 to the recipient"
    REFUSE_TEXT = "451 to the text"
    CUT_WITHIN = "cut within the text"
    CUT_AFTER = "cut after acceptance"
    BOUNCE = "550 to the recipient"


#: The share of mails that each trick is played on.
SHARES = {
    Trick.REFUSE_RECIPIENT: 0.04,
    Trick.REFUSE_TEXT: 0.03,
    Trick.CUT_WITHIN: 0.03,
    Trick.CUT_AFTER: 0.02,
}


def trick_for(seed: int, recipient: str, visit: int) -> Trick:
    """What is done to the so-manieth mail (from 1) that reaches a recipient."""
    if recipient.startswith(BOUNCING):
        return Trick.BOUNCE
    if visit > TIRES_AFTER:
        return Trick.NONE
    drawn = random.Random(f"{seed}:{recipient}:{visit}").random()
    for trick, share in SHARES.items():
        drawn -= share
        if drawn < 0:
            return trick
    return Trick.NONE


@dataclass
class Log:
    """Lines of JSON that outlive the machine once `write` has returned."""

    path: Path
    _descriptor: int = field(init=False)

    def __post_init__(self) -> None:
        self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, **facts: object) -> None:
        os.write(self._descriptor, json.dumps(facts).encode() + b"\n")
        os.fsync(self._descriptor)

    def close(self) -> None:
        os.close(self._descriptor)


class Cut(Exception):
    """The connection ends here, without a word."""


@dataclass
class HostileMailServer:
    """One mail server. `pace` is the least time between two acceptances, in seconds."""

    log: Log
    trick: Callable[[str, int], Trick]
    pace: float = 0.0
    slowest_answer: float = SLOWEST_ANSWER
    visits: Counter[str] = field(default_factory=Counter)
    _free_at: float = 0.0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Talk to one client until it leaves."""
        try:
            await Session(self, reader, writer).run()
        except (Cut, ConnectionError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            writer.close()

    async def turn(self) -> None:
        """Wait until the server has time for another mail."""
        now = time.monotonic()
        self._free_at = max(now, self._free_at) + self.pace
        await asyncio.sleep(self._free_at - self.pace - now)

    def note(self, trick: Trick, recipient: str) -> None:
        self.log.write(at=time.time(), what="trick", trick=trick, to=recipient)


@dataclass
class Session:
    """One connection."""

    server: HostileMailServer
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    recipient: str = ""
    trick: Trick = Trick.NONE

    async def run(self) -> None:
        await self._say("220 mail.example ESMTP")
        while line := await self.reader.readline():
            verb, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
            if verb.upper() == "QUIT":
                await self._say("221 2.0.0 Bye")
                return
            answer = getattr(self, f"_{verb.lower()}", None) if verb.isalpha() else None
            await (answer(rest) if answer else self._say("502 5.5.1 Not known here"))

    async def _ehlo(self, _rest: str) -> None:
        await self._say("250-mail.example\r\n250-8BITMIME\r\n250 SMTPUTF8")

    async def _helo(self, _rest: str) -> None:
        await self._say("250 mail.example")

    async def _noop(self, _rest: str) -> None:
        await self._say("250 2.0.0 Yes")

    async def _rset(self, _rest: str) -> None:
        self.recipient = ""
        await self._say("250 2.0.0 Forgotten")

    async def _mail(self, _rest: str) -> None:
        self.recipient = ""
        await self._say("250 2.1.0 Go on")

    async def _rcpt(self, rest: str) -> None:
        found = re.match(r"(?i)TO:\s*<([^<>]+)>", rest)
        if found is None:
            await self._say("501 5.1.3 Nobody is named")
            return
        recipient = found[1].lower()
        self.server.visits[recipient] += 1
        self.trick = self.server.trick(recipient, self.server.visits[recipient])
        if self.trick is Trick.BOUNCE:
            self.server.note(self.trick, recipient)
            await self._say("550 5.1.1 No such mailbox")
        elif self.trick is Trick.REFUSE_RECIPIENT:
            self.server.note(self.trick, recipient)
            await self._say("451 4.2.0 Mailbox busy, come again")
        else:
            self.recipient = recipient
            await self._say("250 2.1.5 Go on")

    async def _data(self, _rest: str) -> None:
        if not self.recipient:
            await self._say("503 5.5.1 Who is it for?")
            return
        asked_at = time.time()
        await self._say("354 Go ahead, end with a dot")
        text = await self._text()
        await self.server.turn()
        if self.trick is Trick.REFUSE_TEXT:
            self.server.note(self.trick, self.recipient)
            await self._say("451 4.3.0 Too much to do, come again")
        else:
            await self._accept(text, asked_at)
        self.recipient = ""

    async def _text(self) -> bytes:
        """Read the text up to the lonely dot; where it is to be cut, a few lines only."""
        lines: list[bytes] = []
        while (line := await self.reader.readuntil(b"\n")) not in (b".\r\n", b".\n"):
            lines.append(line[1:] if line.startswith(b".") else line)
            if self.trick is Trick.CUT_WITHIN and len(lines) == 8:
                self.server.note(self.trick, self.recipient)
                raise Cut
        return b"".join(lines)

    async def _accept(self, text: bytes, asked_at: float) -> None:
        self.server.log.write(
            at=time.time(),
            what="accepted",
            asked_at=asked_at,
            id=str(message_from_bytes(text, policy=default)["Message-ID"] or ""),
            to=self.recipient,
            cut=self.trick is Trick.CUT_AFTER,
            text=text.decode("latin-1"),
        )
        if self.trick is Trick.CUT_AFTER:
            raise Cut
        await asyncio.sleep(random.random() * self.server.slowest_answer)
        await self._say("250 2.0.0 Accepted")

    async def _say(self, answer: str) -> None:
        self.writer.write(answer.encode() + b"\r\n")
        await self.writer.drain()


async def serve(server: HostileMailServer, port: int) -> None:
    """Serve on a port of the loopback address for ever."""
    listening = await asyncio.start_server(server.serve, "127.0.0.1", port, limit=LINE_LIMIT)
    async with listening:
        await listening.serve_forever()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults.smtp", description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--pace", type=float, default=0.0)
    options = parser.parse_args()

    def trick(recipient: str, visit: int) -> Trick:
        return trick_for(options.seed, recipient, visit)

    asyncio.run(serve(HostileMailServer(Log(options.log), trick, pace=options.pace), options.port))


if __name__ == "__main__":
    main()
