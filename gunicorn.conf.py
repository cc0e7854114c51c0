"""How gunicorn serves: settings from the environment, read as strictly as the others."""

from pathlib import Path
from typing import Any

from installation.counts_folder import make_counts_folder, remove_counts_folder
from tracker.env import Reader, file_of, gather
from tracker.logs import logging_settings

_env = Reader(gather(file_of(Path.cwd())))
_fd = _env.number("WEB_SOCKET_FD", -1, at_least=-1, at_most=1023)

# The supervisor of `make run` hands over a socket that already listens, so that no port is lost between restarts.
bind = (
    f"fd://{_fd}"
    if _fd >= 0
    else f"{_env.text('HOST', '127.0.0.1')}:{_env.number('PORT', 8000, at_least=1, at_most=65535)}"
)
workers, threads = _env.web_size()
# Slow clients wait in its loop, not in a thread (docs/adr/0022).
worker_class = "tracker.serving.PatientWorker"
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None
preload_app = True
timeout = 60
graceful_timeout = 15
keepalive = 5
# Requests are logged by the application, as JSON with their ids.
accesslog = None
logconfig_dict = {
    **logging_settings("INFO"),
    "loggers": {
        "gunicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        # It would write a line for each request that waits for a thread.
        "waitress.queue": {"level": "ERROR", "handlers": [], "propagate": True},
    },
}
control_socket_disable = True


# Before the application is there.
make_counts_folder()


def on_exit(_server: Any) -> None:
    """Remove what the ended processes counted."""
    remove_counts_folder()
