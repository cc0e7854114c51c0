"""An evidence pack of 1 GB from the product's server, against `zipfile` that stores and hashes the same files."""

from __future__ import annotations

import hashlib
import json
import os
import time
import zipfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from benchmarks.report import Figure
from benchmarks.site import Builder, Site
from benchmarks.uploads import peak_mib, reset_peaks, resident_mib

#: Accepted updates of each assignment.
UPDATES = 1
CHUNK = 1024 * 1024
#: From here on only documents flow: the summary has been set.
DOCUMENTS_FLOW_AT = 100 * CHUNK
#: At least 0.7 of the throughput; memory while documents flow, in MiB; milliseconds.
TIME_GOAL, MEMORY_GOAL_MIB, FIRST_BYTE_GOAL_MS = 1 / 0.7, 16.0, 1_000.0


def build(builder: Builder) -> str:
    """Return the name of a database with a pack of 1 GB that is ready."""
    name = builder.build(UPDATES)
    builder.give_pack(name)
    return name


def measure(builder: Builder, name: str, *, rounds: int) -> Iterator[Figure]:
    """Take turns: bare, product, bare, product, after one of each to warm up."""
    facts = builder.facts(name)
    files = [Path(path) for path in json.loads(facts["pack_files"])]
    with Site(builder, name, workers=1).serving() as site:
        target = builder.folder / "bare.zip"
        turns = [(_bare(files, target), *_take(site, facts)) for _round in range(rounds + 1)]
    bare, whole, first, grown = zip(*turns[1:], strict=True)
    yield Figure("pack_1GB", median(whole), median(bare), TIME_GOAL)
    yield Figure("pack_1GB.first_byte", max(first), 1.0, FIRST_BYTE_GOAL_MS)
    yield Figure("pack_1GB.memory", max(grown), 1.0, MEMORY_GOAL_MIB, unit="MiB")


def _bare(files: list[Path], target: Path) -> float:
    """Milliseconds for storing the files in a ZIP on the disk, each hashed once on its way."""
    began = time.perf_counter()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for number, path in enumerate(files):
            digest = hashlib.sha256()
            with path.open("rb", buffering=0) as source, archive.open(f"{number}.pdf", "w") as member:
                while chunk := source.read(CHUNK):
                    digest.update(chunk)
                    member.write(chunk)
            digest.hexdigest()
    taken = (time.perf_counter() - began) * 1_000
    target.unlink()
    # What it wrote does not stand in the way of what the product's database commits.
    os.sync()
    return taken


def _take(site: Site, facts: dict[str, str]) -> tuple[float, float, float]:
    """Milliseconds to the last byte and to the first, and MiB by which the worker grew while documents flowed."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=120)
    headers = {"Host": "127.0.0.1", "Cookie": f"sessionid={facts['reviewer']}"}
    began = time.perf_counter()
    connection.request("GET", facts["pack"], headers=headers)
    response = connection.getresponse()
    size = len(response.read(1))
    first = (time.perf_counter() - began) * 1_000
    if response.status != 200:
        raise RuntimeError(f"the pack answered {response.status}: {response.read()[:300]!r}")
    before = 0.0
    buffer = bytearray(CHUNK)
    while count := response.readinto(buffer):
        size += count
        if not before and size > DOCUMENTS_FLOW_AT:
            reset_peaks(site)
            before = resident_mib(site)
    taken = (time.perf_counter() - began) * 1_000
    connection.close()
    if size < DOCUMENTS_FLOW_AT:
        raise RuntimeError(f"the pack holds {size} bytes only")
    return taken, first, max(peak_mib(site) - before, 0.0)
