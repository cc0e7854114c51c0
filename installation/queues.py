"""The queues of the worker: what waits for a scanner or a long summary never stands before a mail."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TaskQueue:
    """One queue. Its tasks run in children of their own.

    `tasks` is the pattern of their names, `setting` names how many run at once. After `soft_seconds` a task gets an
    exception, after `hard_seconds` its process is killed; a task may name shorter or longer limits itself.
    """

    name: str
    tasks: str
    setting: str
    soft_seconds: int
    hard_seconds: int


#: `mails` holds what one person waits for, such as a link to a new password; `reminders` all that goes out by the calendar.
QUEUES = (
    TaskQueue("mails", "accounts.tasks.*", "WORKER_MAILS", 60, 90),
    TaskQueue("reminders", "reminders.tasks.*", "WORKER_REMINDERS", 15 * 60, 20 * 60),
    TaskQueue("files", "evidence.tasks.*", "WORKER_FILES", 10 * 60, 15 * 60),
    TaskQueue("summaries", "reports.tasks.*", "WORKER_SUMMARIES", 15 * 60, 16 * 60),
)
#: Where tasks go that no pattern names: the nightly housekeeping of the installation.
DEFAULT_QUEUE = "reminders"


def turn_key(queue: str) -> str:
    """Return the key of the shared cache under which a queue's last turn is kept: seconds of the real clock."""
    return f"turn:{queue}"


def routes() -> dict[str, dict[str, str]]:
    """Return Celery's `task_routes`."""
    return {queue.tasks: {"queue": queue.name} for queue in QUEUES}
