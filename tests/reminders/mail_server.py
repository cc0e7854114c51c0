"""The mail server of `make faults` in a thread, playing tricks as a test tells it."""

from __future__ import annotations

import asyncio
import json
import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.faults.smtp import HostileMailServer, Log, Trick


@dataclass
class Running:
    """A server in a thread, the tricks that it plays in order, and its log."""

    path: Path
    tricks: list[Trick] = field(default_factory=list)
    port: int = 0

    def trick(self, _recipient: str, _visit: int) -> Trick:
        return self.tricks.pop(0) if self.tricks else Trick.NONE

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines()]

    @property
    def accepted(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["what"] == "accepted"]

    def client(self) -> smtplib.SMTP:
        return smtplib.SMTP("127.0.0.1", self.port, timeout=10)


@contextmanager
def serving(folder: Path) -> Iterator[Running]:
    """Run a server with its log in the folder."""
    told = Running(folder / "log.jsonl")
    log = Log(told.path)
    server = HostileMailServer(log, told.trick, slowest_answer=0.0)
    # All of the loop lives in the thread: in the test's own, a browser's loop may be running.
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    listening = asyncio.run_coroutine_threadsafe(_listen(server), loop).result(5)
    told.port = listening.sockets[0].getsockname()[1]
    try:
        yield told
    finally:
        asyncio.run_coroutine_threadsafe(_close(listening), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        log.close()


async def _listen(server: HostileMailServer) -> asyncio.Server:
    return await asyncio.start_server(server.serve, "127.0.0.1", 0)


async def _close(listening: asyncio.Server) -> None:
    listening.close()
    mine = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not mine]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
