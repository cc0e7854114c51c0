"""An evidence pack of 1 GB from the product's server, against `zipfile` that stores and hashes the same files."""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks.parts.bench import Bench
from benchmarks.results import Measurement
from benchmarks.server import Server, serving

CHUNK = 1024 * 1024
#: From here on only documents flow: the summary has been set.
DOCUMENTS_FLOW_AT = 100 * CHUNK
#: At least 0.7 of the throughput; memory while documents flow, in MiB; milliseconds.
TIME_GOAL, MEMORY_GOAL_MIB, FIRST_BYTE_GOAL_MS = 1 / 0.7, 16.0, 1_000.0


def measure(bench: Bench) -> Iterator[Measurement]:
    """Take turns: bare, product, bare, product, after one of each to warm up."""
    database = bench.database("pack")
    files = [Path(path) for path in database.facts["pack_files"]]
    with serving(database, workers=1) as server:
        turns = [(_bare(files, database.folder), *_take(server)) for _round in range(bench.rounds + 1)]
    bare, whole, first, grown = zip(*turns[1:], strict=True)
    yield Measurement("pack_1GB", median(whole), median(bare), TIME_GOAL)
    yield Measurement("pack_1GB.first_byte", max(first), 1.0, FIRST_BYTE_GOAL_MS)
    yield Measurement("pack_1GB.memory", max(grown), 1.0, MEMORY_GOAL_MIB, unit="MiB")


def _bare(files: list[Path], folder: Path) -> float:
    """Return the milliseconds for storing the files in a ZIP on the disk, each hashed once on its way."""
    target = folder / "bare.zip"
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


def _take(server: Server) -> tuple[float, float, float]:
    """Take the pack and throw it away.

    Return the milliseconds to the last byte and to the first, and the MiB by which the worker grew while documents
    flowed.
    """
    connection = server.connect()
    began = time.perf_counter()
    connection.request("GET", server.path_of("pack"), headers=server.headers_for("reviewer"))
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
            server.forget_peaks()
            before = server.held_mib()
    taken = (time.perf_counter() - began) * 1_000
    connection.close()
    if size < DOCUMENTS_FLOW_AT:
        raise RuntimeError(f"the pack holds {size} bytes only")
    return taken, first, max(server.peak_mib() - before, 0.0)
