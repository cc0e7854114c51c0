"""A broker whose machine lost its power is noticed by the kernel, also by who only waits for its answer."""

import socket

from redis import Connection

from tracker.broker_limits import WHEN_SILENT


def test_a_silent_broker_is_noticed_within_half_a_minute() -> None:
    with socket.create_server(("127.0.0.1", 0)) as broker:
        connection = Connection(host="127.0.0.1", port=broker.getsockname()[1], **WHEN_SILENT)
        with connection._connect() as made:
            assert made.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
            idle, every, count, unanswered = (
                made.getsockopt(socket.IPPROTO_TCP, option)
                for option in (
                    socket.TCP_KEEPIDLE,
                    socket.TCP_KEEPINTVL,
                    socket.TCP_KEEPCNT,
                    socket.TCP_USER_TIMEOUT,
                )
            )
    assert idle + every * count <= 30
    assert unanswered <= 30_000
