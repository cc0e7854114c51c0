"""A worker of gunicorn in which slow clients wait without holding a thread.

gunicorn keeps the processes; waitress serves in each. One loop receives whole requests (long ones to the disk) and sends
answers off, so that a thread is held only while the application answers. What is stricter here than in waitress: how a
request may be framed, how long it may take to arrive, how much may come from whom, and who has how many threads
(`tracker.dispatching`). Measured against others: docs/adr/0022.
"""

import logging
import os
import resource
import select
import shutil
import socket
import struct
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.buffers import TempfileBasedBuffer
from waitress.channel import ClientDisconnected, HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

from tracker.dispatching import Asker, FairDispatcher
from tracker.lanes import lanes_before
from tracker.request_parsing import FREE_DISK_BYTES, BodyLimits, StrictParser

logger = logging.getLogger(__name__)

#: Seconds in which a client takes no byte.
STALLED_SECONDS = 60
#: Connections of one process, and of one address where no proxy of ours stands in front.
MOST_CONNECTIONS, MOST_OF_ONE_ADDRESS = 1_000, 250
#: A generated answer waits for its client beyond this, and holds its thread.
_AHEAD_BYTES = 16 * 1024 * 1024
_HEADER_BYTES = 32 * 1024
_TURN_SECONDS = 1.0
#: A socket that is closed with this setting is reset: what was not sent is dropped.
_AT_ONCE = struct.pack("ii", 1, 0)
#: A stopping worker waits no longer for requests that are still arriving.
_ARRIVING_SECONDS = 3.0


class HonestTask(WSGITask):
    """One answer; where it breaks off, its client hears so whatever version of HTTP it speaks."""

    def execute(self) -> None:
        """Send the answer. Without a length and without chunks only a connection that is reset tells that it broke."""
        if self.channel.server.is_draining:
            self.set_close_on_finish()
        try:
            super().execute()
        except ClientDisconnected:
            raise
        except Exception as error:
            if self.wrote_header:
                logger.error("An answer broke off before its end: %s", type(error).__name__)
                self.channel.is_to_reset = not self.chunked_response and self.content_length is None
            raise


class BoundedChannel(HTTPChannel):
    """One connection."""

    parser_class = StrictParser
    task_class = HonestTask
    #: Whether it ends so that its client takes what came for broken.
    is_to_reset = False
    #: Of the request that waits for a thread.
    asker = Asker("", "")

    def write_soon(self, data: Any) -> int:
        """Send what the client takes now as it lies in memory; copy, and keep for later, only the rest.

        waitress copies everything first, and a piece of a megabyte to the disk. Returns the number of bytes.
        """
        if not isinstance(data, bytes):
            return int(super().write_soon(data))
        with self.outbuf_lock:
            rest = data[self._send_now(data) :]
            if rest or not self.connected:
                super().write_soon(rest)
        return len(data)

    def _send_now(self, data: bytes) -> int:
        """Return how many of these bytes the client took; none where others wait before them."""
        if self.total_outbufs_len:
            self._flush_exception(self._flush_some, do_close=False)
        if not self.connected or self.total_outbufs_len or self.will_close:
            return 0
        sent, _failed = self._flush_exception(partial(self.send, data), do_close=False)
        if sent:
            self.last_activity = time.time()
        return int(sent)

    def handle_close(self) -> None:
        """End the connection."""
        if self.is_to_reset and self.connected:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
        super().handle_close()

    @property
    def is_served(self) -> bool:
        """Whether a thread has its request, or will."""
        return bool(self.requests)

    @property
    def is_sending(self) -> bool:
        """Whether its answer is still leaving."""
        return bool(self.total_outbufs_len)

    @property
    def is_awaited(self) -> bool:
        """Whether a stopping worker waits for it, however long it has been stopping: not for a request that arrives slowly."""
        return self.is_served or self.is_sending or self.request is None

    @property
    def spooled_bytes(self) -> int:
        """What has come of a body that is not complete."""
        return self.request.body_bytes_received if self.request is not None else 0

    def let_go(self) -> None:
        """End the connection now; a thread that waits for it hears so. For the loop alone."""
        self.will_close = True
        if self.request is not None:
            self.request.close()
        self.handle_close()

    def is_overdue(self, now: float, *, idle_seconds: float) -> bool:
        """Return whether it takes or gives too slowly."""
        quiet = time.time() - self.last_activity
        if self.is_sending:
            return quiet > STALLED_SECONDS
        if self.is_served:
            return False
        return self.request.is_late(now) if self.request is not None else quiet > idle_seconds


class BoundedServer(TcpWSGIServer):
    """Accepts connections; lets go what is overdue, and at its limits the oldest that holds no thread."""

    channel_class = BoundedChannel
    #: Whether it takes no new connections: then each answer is its connection's last, and says so.
    is_draining = False

    def drain(self) -> None:
        """Take the connections that stand already, and close this process's end of the listening socket.

        Who connects later is refused at once, so that a proxy asks another server before it has sent anything; or waits
        for the next process, where a parent holds the socket open. However many go on connecting, no more are taken
        than this process keeps: others would only push those out.
        """
        self.is_draining = True
        waiting = select.poll()
        waiting.register(self.socket, select.POLLIN)
        for _ in range(self.adj.most_connections):
            if not waiting.poll(0):
                break
            self.handle_accept()
        wasyncore.dispatcher.close(self)

    def handle_accept(self) -> None:
        """Accept a connection, and first make room for it: the newest has the best chance to be an honest one."""
        channels = list(self.active_channels.values())
        if len(channels) >= self.adj.most_connections:
            _let_go_oldest(channels)
        known = set(self.active_channels)
        super().handle_accept()
        newest = next((self.active_channels[fd] for fd in set(self.active_channels) - known), None)
        if newest is not None and self.adj.most_of_one_address:
            same = [
                channel for channel in channels if channel.connected and channel.addr[0] == newest.addr[0]
            ]
            if len(same) >= self.adj.most_of_one_address and not _let_go_oldest(same):
                newest.let_go()

    def maintenance(self, now: float) -> None:
        """Let go what is overdue, and the largest arriving body when the disk is nearly full."""
        channels = list(self.active_channels.values())
        moment = time.monotonic()
        for channel in channels:
            if channel.is_overdue(moment, idle_seconds=self.adj.channel_timeout):
                channel.let_go()
        spooling = [channel for channel in channels if channel.connected and channel.spooled_bytes]
        if spooling and shutil.disk_usage(self.adj.spool_folder).free < FREE_DISK_BYTES:
            max(spooling, key=lambda channel: channel.spooled_bytes).let_go()


def _let_go_oldest(channels: Iterable[BoundedChannel]) -> bool:
    """End the connection that has waited longest without a thread, one that still arrives before one that is sent to.

    Return whether there was one.
    """
    free = [channel for channel in channels if not channel.is_served]
    oldest = min(free, key=lambda channel: (channel.is_sending, channel.last_activity), default=None)
    if oldest is None:
        return False
    oldest.let_go()
    return True


class PatientWorker(Worker):
    """gunicorn's worker class (`worker_class = "tracker.serving.PatientWorker"`)."""

    alive: bool

    def run(self) -> None:
        """Serve until a signal, then finish what is being answered."""
        self.map: dict[int, Any] = {}
        adjustments = _adjustments(threads=self.cfg.threads, idle_seconds=self.cfg.keepalive)
        usual = FairDispatcher(
            cookie=adjustments.body_limits.cookie,
            threads=self.cfg.threads,
            proxies=adjustments.trusted_proxies,
            sign_in_path=adjustments.sign_in_path,
        )
        dispatcher = lanes_before(usual)
        servers = [
            BoundedServer(
                self.wsgi,
                map=self.map,
                _sock=listener.sock,
                dispatcher=dispatcher,
                adj=adjustments,
                sockinfo=(listener.sock.family, listener.sock.type, listener.sock.proto, None),
                bind_socket=False,
            )
            for listener in self.sockets
        ]
        while self.alive:
            self._turn()
            if self.ppid != os.getppid():
                self.alive = False
        self._drain(servers)
        dispatcher.shutdown(timeout=1)

    def _turn(self) -> None:
        self.notify()
        wasyncore.loop(timeout=_TURN_SECONDS, use_poll=True, map=self.map, count=1)

    def _drain(self, servers: list[BoundedServer]) -> None:
        """Accept nothing more; wait for answers that are being made or sent, and shortly for requests that arrive.

        A connection that is kept ends as ever, after its idle seconds: a proxy that lets go sooner never finds one closed
        while it sends a request.
        """
        for server in servers:
            server.drain()
        began = time.monotonic()
        while (past := time.monotonic() - began) < self.cfg.graceful_timeout - 1:
            channels = [channel for server in servers for channel in server.active_channels.values()]
            if not any(channel.is_awaited or past <= _ARRIVING_SECONDS for channel in channels):
                return
            self._turn()
            for server in servers:
                server.maintenance(time.time())


def _adjustments(*, threads: int, idle_seconds: int) -> Adjustments:
    """Return waitress's settings, with ours beside them."""
    from django.conf import settings
    from django.urls import reverse

    from evidence.uploads import FORM_ALLOWANCE_BYTES
    from evidence.views.receiving import DRAIN_TIMES_LIMIT
    from reports.forms.verification import MAX_FILE_BYTES
    from reports.views.large_files import may_send_large_files

    folder = settings.MEDIA_ROOT / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    _spool_in(folder)
    adjustments = Adjustments(
        threads=threads,
        ident=None,
        channel_timeout=idle_seconds,
        cleanup_interval=1,
        # Ours are lower, and let go instead of accepting no more.
        connection_limit=1_000_000,
        max_request_header_size=_HEADER_BYTES,
        max_request_body_size=MAX_FILE_BYTES + FORM_ALLOWANCE_BYTES + 1,
        outbuf_high_watermark=_AHEAD_BYTES,
        recv_bytes=64 * 1024,
        backlog=512,
        asyncore_use_poll=True,
        log_socket_errors=False,
        # Django reads X-Forwarded-For and -Proto itself, as TRUSTED_PROXIES says.
        clear_untrusted_proxy_headers=False,
    )
    adjustments.body_limits = BodyLimits(
        cookie=settings.SESSION_COOKIE_NAME,
        usual=DRAIN_TIMES_LIMIT * settings.MAX_UPLOAD_BYTES + FORM_ALLOWANCE_BYTES,
        large_path=reverse("reports:verify"),
        large=MAX_FILE_BYTES + FORM_ALLOWANCE_BYTES,
        may_be_large=may_send_large_files,
    )
    adjustments.spool_folder = folder
    adjustments.most_connections = _most_connections()
    adjustments.sign_in_path = reverse("account_login")
    adjustments.trusted_proxies = settings.TRUSTED_PROXIES
    adjustments.most_of_one_address = 0 if settings.TRUSTED_PROXIES else MOST_OF_ONE_ADDRESS
    return adjustments


def _most_connections() -> int:
    """Return how many connections this process keeps: each may take a few files. Raises the limit of files first."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = min(hard, 16_384) if hard != resource.RLIM_INFINITY else 16_384
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, hard))
    return max(32, min(MOST_CONNECTIONS, files // 4))


def _spool_in(folder: Path) -> None:
    """Let long bodies and answers wait in the folder of uploads: /tmp may be memory. They have no name there."""

    def newfile(_buffer: TempfileBasedBuffer) -> BinaryIO:
        return TemporaryFile("w+b", dir=folder)

    TempfileBasedBuffer.newfile = newfile  # waitress has no setting for it
