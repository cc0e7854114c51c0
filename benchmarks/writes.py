"""Run as the web role: `python -m benchmarks.writes FACTS.json WRITERS EACH` times audited writes by many at once.

Prints milliseconds for each write, over all writers together. The chain is switched off and on by the caller.
"""

import json
import multiprocessing
import sys
import time
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import django


def main(facts_file: Path, writers: int, each: int) -> None:
    """Start the writers, let them go together, and time until the last is done."""
    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    ready = multiprocessing.Barrier(writers + 1)
    done = multiprocessing.Barrier(writers + 1)
    arguments = (ready, done, int(facts["person"]), each)
    processes = [
        multiprocessing.Process(target=_write, args=(number, *arguments)) for number in range(writers)
    ]
    for process in processes:
        process.start()
    ready.wait()
    begun = time.perf_counter()
    done.wait()
    print((time.perf_counter() - begun) * 1_000 / (writers * each))
    for process in processes:
        process.join()


def _write(number: int, ready: Barrier, done: Barrier, person_id: int, each: int) -> None:
    """Plan steps on an assignment of one's own, so that only the chain makes the writers wait for each other."""
    django.setup()
    from accounts.models import User
    from audit import clock
    from recommendations.models import Assignment
    from recommendations.services import plan_action

    actor = User.objects.get(pk=person_id)
    mine = Assignment.objects.in_force().filter(agency=actor.agency).order_by("pk")
    assignment = mine[number % mine.count()]
    now = clock.now()
    due_on = clock.local_date(now) + timedelta(days=30)
    ready.wait()
    for step in range(each):
        plan_action(
            assignment,
            text=f"Langkah {number}.{step}",
            owner=actor,
            due_on=due_on,
            actor=actor,
            now=clock.now(),
        )
    done.wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
