"""Threads of their own: whether the process lives is answered whatever hangs, also among the files."""

import threading
from typing import Any

from tests.tracker.test_dispatching import asking, wait_until
from tracker.dispatching import FairDispatcher
from tracker.lanes import lanes_before


def test_files_that_are_not_there_hold_up_no_answer_of_life() -> None:
    """The page that says so may wait for the database, as any page that only begins like an address of the health."""
    usual = FairDispatcher(cookie="sessionid", threads=8)
    lanes: Any = lanes_before(usual)
    done: list[str] = []
    until = threading.Event()
    for number, path in enumerate(["/static/none.css", "/health/live/none/", "/health/none/"] * 2):
        lanes.add_task(asking(f"hangs {number}", done, until, asked=("GET", path)))
    try:
        for path in ("/health/live/", "/health/", "/health/ready/"):
            lanes.add_task(asking(path, done, asked=("GET", path)))
        wait_until(lambda: len(done) == 3)
        assert sorted(done) == ["/health/", "/health/live/", "/health/ready/"]
    finally:
        until.set()
    wait_until(lambda: len(done) == 9)
    lanes.shutdown(timeout=5)
