"""Who has how many of a process's threads, so that nobody keeps the others from their pages (docs/adr/0022)."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, Protocol, cast

from django.http.cookie import parse_cookie
from waitress.task import ThreadedTaskDispatcher

#: A request that runs longer keeps its client from no other thread.
MOMENT_SECONDS = 1.0


class Asker(NamedTuple):
    """Who asks: the session that a request names, which nobody has checked yet, the network, and whether with a password."""

    session: str
    network: str
    is_signing_in: bool = False


class AskedConnection(Protocol):
    """A connection with a request that waits for a thread, as waitress hands it over."""

    asker: Asker
    requests: list[Any]
    addr: Any

    def service(self) -> None: ...


class FairDispatcher(ThreadedTaskDispatcher):
    """Threads that answer requests, of which one client has one at a time, however much it asks at once.

    What takes longer than a moment, such as a pack on its way, keeps its client from nothing else: then it has another
    one, up to all but two. Whatever waits, waits here, and others go first. A network has all but one, whatever sessions
    its clients name: anybody can invent sessions. Those who sign in have one together, as checking a password keeps a
    processor busy, wherever they come from; where it takes longer than a moment, half of all.
    """

    def __init__(self, *, cookie: str, threads: int, proxies: int = 0, sign_in_path: str = "") -> None:
        # Not above: gunicorn reads this file before the application is there.
        from accounts.attempts import network_of
        from audit.middleware import vouched_address

        super().__init__()
        self._cookie, self._sign_in_path, self._network_of = cookie, sign_in_path, network_of
        self._proxied = partial(vouched_address, proxies=proxies)
        self._most, self._most_of_network = max(1, threads - 2), max(1, threads - 1)
        self._most_signing_in = max(1, threads // 2)
        self._answering: list[tuple[Asker, float]] = []
        self.set_thread_count(threads)

    def add_task(self, task: AskedConnection) -> None:
        """Let a request wait for a thread. Who asks is worked out once, here, where no thread waits for the lock."""
        task.asker = self._asker_of(task)
        super().add_task(task)

    def handler_thread(self, thread_no: int) -> None:
        """Answer one request after another, until as many threads as were asked to have ended."""
        while True:
            with self.lock:
                task = self._next()
                while task is None and not self.stop_count:
                    self.active_count -= 1
                    self.queue_cv.wait(MOMENT_SECONDS / 4 if self.queue else None)
                    self.active_count += 1
                    task = self._next()
                if task is None:
                    self.active_count -= 1
                    self.stop_count -= 1
                    self.threads.discard(thread_no)
                    self.thread_exit_cv.notify()
                    return
                begun = task.asker, time.monotonic()
                self._answering.append(begun)
            try:
                task.service()
            except BaseException:
                self.logger.exception("A request was not answered")
            finally:
                with self.lock:
                    self._answering.remove(begun)

    def _next(self) -> AskedConnection | None:
        """Take the first request whose client may have a thread; None when there is none, or when it is to stop."""
        if self.stop_count:
            return None
        must_wait = self._who_must_wait()
        for place, task in enumerate(self.queue):
            if not must_wait(task.asker):
                del self.queue[place]
                return cast("AskedConnection", task)
        return None

    def _who_must_wait(self) -> Callable[[Asker], bool]:
        """Return what says of each who asks whether others go first, from what is being answered now."""
        moment = time.monotonic() - MOMENT_SECONDS
        askers = Counter(asker for asker, _began in self._answering)
        networks = Counter(asker.network for asker in askers.elements())
        held = {asker for asker, began in self._answering if began >= moment or askers[asker] >= self._most}
        signing_in = [began for asker, began in self._answering if asker.is_signing_in]
        is_checking = len(signing_in) >= self._most_signing_in or max(signing_in, default=moment) > moment

        def must_wait(asker: Asker) -> bool:
            if asker in held or networks[asker.network] >= self._most_of_network:
                return True
            return is_checking and asker.is_signing_in

        return must_wait

    def _asker_of(self, task: AskedConnection) -> Asker:
        request = task.requests[0] if task.requests else None
        headers = request.headers if request else {}
        address = self._proxied(str(task.addr[0]), headers.get("X_FORWARDED_FOR", ""))
        cookies = parse_cookie(headers.get("COOKIE", ""))
        # A head that was refused has neither. Of several slashes at the beginning the application sees one.
        path = "/" + getattr(request, "path", "").lstrip("/")
        is_signing_in = getattr(request, "command", "") == "POST" and path == self._sign_in_path
        return Asker(cookies.get(self._cookie, ""), self._network_of(address), is_signing_in)
