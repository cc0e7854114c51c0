"""Python's garbage collector in processes that stay: web workers and workers of Celery."""

import gc

#: A page, or a row of a table, makes thousands of objects that the next one replaces. Python's own limit is lower by far.
OBJECTS_BETWEEN_COLLECTIONS = 50_000


def collect_less_often() -> None:
    """Set aside what is loaded, which stays for good, and look for cycles less often from now on.

    Call it before the process forks: its children inherit both, and go on sharing the memory of what is loaded.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS, 20, 20)
