"""The worker: loads the product once, then keeps one Celery worker for each queue.

Each is a copy (fork) of this process, so that they share the memory of what is loaded: four of them take little more than
one. A worker that ends is started again. Reasons and figures: docs/adr/0022.
"""

import logging
import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from django.conf import settings

from installation.queues import QUEUES, TaskQueue
from tracker.processes import die_with_parent, name_process

logger = logging.getLogger(__name__)

_STOP = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP}
#: Before a worker that ended starts again.
_PAUSE_SECONDS = 1.0


#: Celery's commands would take BROKER_URL from the environment, where its password need not stand; so they take the settings'.
OWN_BROKER = "--broker="


def command_of(queue: TaskQueue) -> list[str]:
    """Return the arguments of the Celery worker of one queue."""
    return [
        OWN_BROKER,
        "worker",
        f"--hostname={queue.name}@%h",
        f"--queues={queue.name}",
        f"--concurrency={getattr(settings, queue.setting)}",
        f"--soft-time-limit={queue.soft_seconds}",
        f"--time-limit={queue.hard_seconds}",
        "--prefetch-multiplier=1",
        "--loglevel=INFO",
        "--without-gossip",
        "--without-mingle",
    ]


def works_on(queue: str, pid: int) -> bool:
    """Return whether a process is one of this queue's worker.

    Its name says so; where setproctitle is installed (for tests), Celery writes another one.
    """
    folder = Path(f"/proc/{pid}")
    try:
        name, command = (folder / "comm").read_text().strip(), (folder / "cmdline").read_bytes()
    except OSError:
        return False
    return name == _process_name(queue) or f" {queue}@".encode() in command


def _process_name(queue: str) -> str:
    return f"jejak-{queue}"


@dataclass
class KeptWorker:
    """The worker of one queue, and when it may start."""

    queue: TaskQueue
    pid: int = 0
    starts_at: float = 0.0

    def keep(self, parent: int) -> None:
        """Start it as a copy of this process, when it does not run and its pause is over."""
        if self.pid or time.monotonic() < self.starts_at:
            return
        self.pid = os.fork()
        if not self.pid:
            _become_worker(self.queue, parent)

    def note_end(self) -> None:
        """Note that it ended, and plan its next start."""
        logger.warning("The worker of the queue %s ended and starts again", self.queue.name)
        self.pid, self.starts_at = 0, time.monotonic() + _PAUSE_SECONDS


def run() -> None:
    """Keep the workers of all queues until a signal asks to stop; then let them finish what they have in hand."""
    _load()
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOP | {signal.SIGCHLD})
    kept = [KeptWorker(queue) for queue in QUEUES]
    parent = os.getpid()
    while True:
        for worker in kept:
            worker.keep(parent)
        news = signal.sigtimedwait(_STOP | {signal.SIGCHLD}, _PAUSE_SECONDS)
        if news is not None and news.si_signo in _STOP:
            break
        ended = _ended()
        for worker in kept:
            if worker.pid in ended:
                worker.note_end()
    _stop([worker.pid for worker in kept if worker.pid])


def _load() -> None:
    """Load the product and Celery, which copies of this process go on sharing."""
    import django

    django.setup()
    import celery.bin.celery
    import celery.concurrency.prefork  # noqa: F401 - each copy would load it by itself

    from tracker.celery import app

    app.loader.import_default_modules()
    app.finalize()


def _become_worker(queue: TaskQueue, parent: int) -> NoReturn:
    from tracker.celery import app

    code = 1
    try:
        die_with_parent()
        name_process(_process_name(queue.name))
        if os.getppid() == parent:
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
            app.worker_main(command_of(queue))
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _ended() -> list[int]:
    """Return the ids of children that ended."""
    ended: list[int] = []
    while True:
        try:
            pid, _status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return ended
        if not pid:
            return ended
        ended.append(pid)


def _stop(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGTERM)
    for pid in pids:
        os.waitpid(pid, 0)
