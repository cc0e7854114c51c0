"""A file of 25 MB through the product's upload, against a bare hash and fsync; and what it costs in memory."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from statistics import median

from benchmarks.parts.bench import Bench
from benchmarks.results import Measurement
from benchmarks.server import Server, serving

FILE_BYTES = 25 * 1024 * 1024 - 4_096
TIME_GOAL, MEMORY_GOAL_MIB = 2.0, 32.0
#: The cookie and the header carry the same secret, as a browser and the page's form would.
CSRF = "a" * 32
BOUNDARY = "jejak-edge-0123456789"


def measure(bench: Bench) -> Iterator[Measurement]:
    """Take turns: bare, product, bare, product; the memory is the most that the worker grew by in any turn."""
    file = sample_file()
    form = _form(file)
    with serving(bench.database("one_cycle_0"), workers=1) as server:
        _bare(server, file), _product(server, form)
        before = server.held_mib()
        bare, product, peaks = [], [], []
        for _round in range(bench.rounds):
            bare.append(_bare(server, file))
            server.forget_peaks()
            product.append(_product(server, form))
            peaks.append(server.peak_mib())
    yield Measurement("upload_25MB", median(product), median(bare), TIME_GOAL)
    yield Measurement("upload_25MB.memory", max(max(peaks) - before, 0.0), 1.0, MEMORY_GOAL_MIB, unit="MiB")


def sample_file() -> bytes:
    """Return a PDF of just under 25 MiB: one page and one large stream of noise."""
    noise = os.urandom(FILE_BYTES - 800)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(noise), noise),
    ]
    body, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = (
        b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    )
    return body + trailer % (table, len(body))


def _form(file: bytes) -> bytes:
    """Return the body of the upload form."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="classification"\r\n\r\n1\r\n'.encode(),
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="contoh.pdf"\r\n'.encode(),
        b"Content-Type: application/pdf\r\n\r\n",
        file,
        f"\r\n--{BOUNDARY}--\r\n".encode(),
    ]
    return b"".join(parts)


def _bare(server: Server, file: bytes) -> float:
    # The server takes a body of this size only from a browser with a session.
    return _post(server, "/floor/upload/", file, server.headers_for("officer"), expected=200)


def _product(server: Server, form: bytes) -> float:
    headers = server.headers_for("officer")
    headers["Cookie"] += f"; csrftoken={CSRF}"
    headers |= {"X-CSRFToken": CSRF, "Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return _post(server, server.path_of("upload"), form, headers, expected=201)


def _post(server: Server, path: str, body: bytes, headers: dict[str, str], *, expected: int) -> float:
    """Send a request on a new connection; return the milliseconds until it was answered."""
    connection = server.connect()
    began = time.perf_counter()
    connection.request("POST", path, body=body, headers=headers)
    response = connection.getresponse()
    answer = response.read()
    taken = (time.perf_counter() - began) * 1_000
    if response.status != expected:
        raise RuntimeError(f"{path} answered {response.status}: {answer[:300]!r}")
    connection.close()
    return taken
