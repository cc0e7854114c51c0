"""`python -m tests.tracker.held_summaries FILE`: the product's worker, whose summaries come to their end once there is this file."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Let summaries be written by a writer that waits, and work."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    import django

    django.setup()
    from reports.services import making
    from tests.reports.makers import working_until
    from tracker import workers

    making.writer_of = lambda _paper: working_until(Path(sys.argv[1]).exists, at_most_seconds=60)
    workers.run()


if __name__ == "__main__":
    main()
