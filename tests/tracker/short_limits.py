"""`python -m tests.tracker.short_limits SECONDS`: the product's worker, whose tasks of mails may take only so long."""

import os
import sys
from dataclasses import replace

from installation import queues


def main() -> None:
    """Change the limits before anybody reads them, and work."""
    hard = int(sys.argv[1])
    queues.QUEUES = tuple(
        replace(each, soft_seconds=hard - 1, hard_seconds=hard) if each.name == "mails" else each
        for each in queues.QUEUES
    )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    from tracker import workers

    workers.run()


if __name__ == "__main__":
    main()
