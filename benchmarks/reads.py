"""Pages against the bare page, at one and at eight clients, whatever the length of the history."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from statistics import median

from benchmarks.report import Figure, percentile
from benchmarks.site import Site

PAGES = {"my_work": "officer", "item": "officer", "overview": "reviewer", "queue": "reviewer"}
#: The overview is the dashboard: it shows far more than the others.
MEDIAN_GOALS = {"my_work": 5.0, "item": 5.0, "overview": 8.0, "queue": 5.0}
QUERY_GOALS = {"my_work": 12.0, "item": 12.0, "overview": 15.0, "queue": 12.0}
P95_GOAL, GROWTH_GOAL = 8.0, 1.2
WARM_UP = 12


@dataclass
class Samples:
    """Milliseconds of single requests, by (level, page, clients)."""

    by_key: dict[tuple[int, str, int], list[float]] = field(default_factory=dict)

    def add(self, key: tuple[int, str, int], times: list[float]) -> None:
        self.by_key.setdefault(key, []).extend(times)


def measure(sites: dict[int, tuple[Site, dict[str, str]]], *, rounds: int, requests: int) -> list[Figure]:
    """Measure in interleaved rounds: floor, pages, levels and clients take turns within each round."""
    samples = Samples()
    for site, facts in sites.values():
        for page in ("floor", *PAGES):
            burst(site, facts, page, clients=1, requests=WARM_UP)
    for _ in range(rounds):
        for level, (site, facts) in sites.items():
            for clients in (1, 8):
                for page in ("floor", *PAGES):
                    samples.add(
                        (level, page, clients), burst(site, facts, page, clients=clients, requests=requests)
                    )
    return _figures(samples, levels=sorted(sites))


def burst(
    site: Site, facts: dict[str, str], page: str, *, clients: int, requests: int, role: str = ""
) -> list[float]:
    """Milliseconds of single requests for a page, by so many clients at once; the page's usual role unless given."""
    with ThreadPoolExecutor(clients) as pool:
        runs = pool.map(lambda _: _client(site, facts, page, requests, role), range(clients))
        return [each for run in runs for each in run]


def _client(site: Site, facts: dict[str, str], page: str, requests: int, role: str) -> list[float]:
    """Send requests one after another on one connection; each must answer 200."""
    role = role or PAGES.get(page, "reviewer")
    path = "/floor/page/" if page == "floor" else facts[page]
    headers = {"Cookie": f"sessionid={facts[role]}", "Host": "127.0.0.1", "Accept-Encoding": "identity"}
    connection = site.connect()
    times = []
    for _ in range(requests):
        begun = time.perf_counter()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        times.append((time.perf_counter() - begun) * 1_000)
        if response.status != 200:
            raise RuntimeError(f"{path} answered {response.status}: {body[:200]!r}")
    connection.close()
    return times


def _figures(samples: Samples, *, levels: list[int]) -> list[Figure]:
    figures = []
    highest = levels[-1]
    for clients in (1, 8):
        floor = samples.by_key[highest, "floor", clients]
        for page in PAGES:
            times = samples.by_key[highest, page, clients]
            name = f"{page}@{clients}"
            figures.append(Figure(f"{name}.median", median(times), median(floor), MEDIAN_GOALS[page]))
            figures.append(Figure(f"{name}.p95", percentile(times, 0.95), percentile(floor, 0.95), P95_GOAL))
    for page in PAGES:
        base = median(samples.by_key[levels[0], page, 1])
        for level in levels[1:]:
            grown = median(samples.by_key[level, page, 1])
            figures.append(Figure(f"{page}.at_{level}_updates", grown, base, GROWTH_GOAL))
    return figures
