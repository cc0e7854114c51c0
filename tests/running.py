"""How a run of the suite goes: what it leaves out, in which order, by which seed, and the line at its end.

`make test` takes the same order and the same seed each time, so that one commit has one answer. `make shuffle` draws both, prints the
seed first, and repeats a run by `ARGS="--seed N"`.
"""

import gc
import os
import random
import time
from typing import Any

import hypothesis
import pytest

from tests.shared import side_by_side

#: What random, Faker and factories draw from in a run that is not shuffled.
FIXED_SEED = 20230616
#: Two databases and two browsers are what a small machine bears; more workers would deal the tests otherwise.
MOST_WORKERS = 2
LONGEST_SEED = 9
#: Whether this run leaves tests marked `long` out, how many this process left out, and when the run began.
LEAVES_LONG, LEFT_OUT = pytest.StashKey[bool](), pytest.StashKey[int]()
_begun = time.monotonic()

hypothesis.settings.register_profile("fixed", derandomize=True, database=None, deadline=None)
hypothesis.settings.register_profile("chance", database=None, deadline=None, print_blob=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--all`: the long tests too; `--shuffle`, with `--seed N` where a run is repeated: in an order drawn by chance."""
    parser.addoption("--all", action="store_true", help="run the long tests too")
    parser.addoption("--shuffle", action="store_true", help="run the tests in an order drawn by chance")
    parser.addoption("--seed", help="the seed of a shuffled run that is repeated")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose order and seed; leave long tests out of a run of the whole suite.

    Whoever names a file, a word or a mark gets what they named.
    """
    is_shuffled = config.option.shuffle
    hypothesis.settings.load_profile("chance" if is_shuffled else "fixed")
    if hasattr(config, "workerinput"):
        config.stash[LEAVES_LONG] = config.workerinput["leaves_long"]
        return
    config.option.randomly_reorganize = is_shuffled
    config.option.randomly_seed = _seed(config) if is_shuffled else FIXED_SEED
    config.option.hypothesis_seed = str(config.option.randomly_seed) if is_shuffled else None
    if config.option.seed is not None and not is_shuffled:
        raise pytest.UsageError('--seed repeats a shuffled run: `make shuffle ARGS="--seed N"`.')
    if is_shuffled:
        print(
            f'Seed {config.option.randomly_seed}: `make shuffle ARGS="--seed {config.option.randomly_seed}"` repeats this run.'
        )
    is_whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    has_choice = config.option.keyword or config.option.markexpr
    config.stash[LEAVES_LONG] = is_whole and not has_choice and not config.option.all


def _seed(config: pytest.Config) -> int:
    """Return the seed that was given, or one drawn by chance."""
    given = config.option.seed
    if given is None:
        return random.SystemRandom().randrange(10**LONGEST_SEED)
    if not (given.isascii() and given.isdigit() and len(given) <= LONGEST_SEED):
        raise pytest.UsageError(f"The seed {given!r} is no number of up to {LONGEST_SEED} digits.")
    return int(given)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return the number of workers for `-n auto`."""
    return min(_cores(), MOST_WORKERS)


def pytest_report_header() -> list[str]:
    """Say that a machine of one core takes longer."""
    told = "This machine has one core: the tests run one after another, which takes twice as long."
    return [told] if _cores() == 1 else []


def _cores() -> int:
    return len(os.sched_getaffinity(0))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker of pytest-xdist, which is not told what was named, whether it leaves long tests out."""
    node.workerinput["leaves_long"] = node.config.stash[LEAVES_LONG]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is long, or put it first; put what shares a layer side by side; refuse flushing database tests.

    The web role cannot TRUNCATE, so that kind cannot work here.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        flushes = marker is not None and marker.kwargs.get("transaction")
        names = getattr(item, "fixturenames", ())
        if flushes or "transactional_db" in names:
            raise pytest.UsageError(f"{item.nodeid}: use the fixture `real_db` for real commits")
    if config.stash[LEAVES_LONG]:
        left = [item for item in items if _is_long(item)]
        items[:] = [item for item in items if not _is_long(item)]
        config.hook.pytest_deselected(items=left)
        config.stash[LEFT_OUT] = len(left)
    items[:] = sorted(side_by_side(items), key=_turn)


def _is_long(item: pytest.Item) -> bool:
    return item.get_closest_marker("long") is not None


def _turn(item: pytest.Item) -> tuple[bool, str]:
    """Return the place of a test: what takes long first, and of it what shares a folder's fixture side by side."""
    is_long = _is_long(item)
    return not is_long, str(item.path.parent) if is_long else ""


def pytest_collection_finish() -> None:
    """Keep the garbage collector from looking through modules and tests, which stay, again and again."""
    gc.freeze()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the first process how many tests this worker left out."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Hear from a worker of pytest-xdist how many tests it left out: each collects them all."""
    left = getattr(node, "workeroutput", {}).get("left_out", 0)
    node.config.stash[LEFT_OUT] = max(left, node.config.stash.get(LEFT_OUT, 0))


@pytest.hookimpl(tryfirst=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Say in one line how many tests ran, how long, and what was left out."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return
    failed = sum(len(reporter.stats.get(kind, ())) for kind in ("failed", "error"))
    count = failed + len(reporter.stats.get("passed", ()))
    minutes, seconds = divmod(round(time.monotonic() - _begun), 60)
    told = f"{failed:,} of {count:,} tests failed" if failed else f"{count:,} tests passed"
    left = config.stash.get(LEFT_OUT, 0)
    more = f"; {left:,} long ones were left out, `make test ARGS=--all` runs them too" if left else ""
    print(f"{told} in {minutes} min {seconds} s{more}.")
