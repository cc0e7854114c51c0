"""What a commit costs that waits until the replica has it on its disk, beside one that waits for the first server's disk alone."""

from __future__ import annotations

import time
from statistics import median
from threading import Event

import psycopg2

from attacks.site import DemoPerson, Site
from trials.failover.databases import Pair
from trials.ledger import Ledger
from trials.officers import OfficerAtWork

#: In turns, so that a machine that grows slower meanwhile slows both.
_TURNS, _SAVES, _COMMITS = 3, 40, 300


def cost_of_waiting(pair: Pair, site: Site, person: DemoPerson, *, is_kept: bool) -> str:
    """Measure both, leave the server as it is to be, and return a sentence."""
    ledger = Ledger()
    officer = OfficerAtWork(site, person, ledger, Event(), number=99)
    officer.come_in()
    officer.type_at_once(5)
    commits: dict[bool, list[float]] = {True: [], False: []}
    saves: dict[bool, list[float]] = {True: [], False: []}
    for _turn in range(_TURNS):
        for waits in (True, False):
            pair.let_commits_wait(waits)
            before = len(ledger.asked)
            officer.type_at_once(_SAVES)
            saves[waits] += [each.seconds for each in ledger.asked[before:] if "/autosave/" in each.path]
            commits[waits] += _commits(pair)
    officer.browser.close()
    pair.let_commits_wait(is_kept)
    waiting, alone = (median(saves[waits]) * 1000 for waits in (True, False))
    commit_waiting, commit_alone = (median(commits[waits]) * 1000 for waits in (True, False))
    return (
        f"a draft saved: median {waiting:.1f} ms where each commit waits, {alone:.1f} ms where none does "
        f"({len(saves[True])} each); a commit alone: {commit_waiting:.2f} ms and {commit_alone:.2f} ms"
    )


def _commits(pair: Pair) -> list[float]:
    """Return the seconds of commits, one after another, of a transaction that writes one row."""
    connection = psycopg2.connect(pair.first.superuser_url)
    seconds = []
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS public.commit_probe (at timestamptz)")
        connection.commit()
        for _turn in range(_COMMITS // _TURNS):
            cursor.execute("INSERT INTO public.commit_probe VALUES (now())")
            began = time.perf_counter()
            connection.commit()
            seconds.append(time.perf_counter() - began)
        cursor.execute("DROP TABLE public.commit_probe")
        connection.commit()
    connection.close()
    return seconds
