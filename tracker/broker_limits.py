"""How soon a process notices that the broker's machine has lost its power, and asks anew: it says no word of farewell."""

import socket
from typing import Any

#: Transport options of Celery for Redis and Valkey. A connection whose other end is silent ends within 15 to 25 seconds.
WHEN_SILENT: dict[str, Any] = {
    "socket_keepalive": True,
    "socket_keepalive_options": {
        socket.TCP_KEEPIDLE: 10,
        socket.TCP_KEEPINTVL: 5,
        socket.TCP_KEEPCNT: 3,
        socket.TCP_USER_TIMEOUT: 15_000,
    },
}
