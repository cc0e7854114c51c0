"""`python -m tests.reports.slow_maker REPORT_ID`: begins to make a report, says so, and never comes to its end."""

from __future__ import annotations

import sys

import django


def main() -> None:
    """Writes half a file and waits to be killed."""
    django.setup()
    from audit import clock
    from reports.services import making
    from tests.reports.makers import working_until

    def is_over() -> bool:
        print("writing", flush=True)
        return False

    making.writer_of = lambda _paper: working_until(is_over, at_most_seconds=60)
    making.make(int(sys.argv[1]), now=clock.now())


if __name__ == "__main__":
    main()
