"""A 25 MB file through the product's upload, against a bare hash and fsync; and what it costs in memory."""

from __future__ import annotations

import os
import re
import time
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from benchmarks.report import Figure
from benchmarks.site import Site

SIZE = 25 * 1024 * 1024 - 4_096
TIME_GOAL, MEMORY_GOAL_MIB = 2.0, 32.0
#: The cookie and the header carry the same secret, as a browser and the page's form would.
CSRF = "a" * 32


def sample_file() -> bytes:
    """A PDF of just under 25 MiB: one page and one large stream of noise."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ]
    noise = os.urandom(SIZE - 800)
    objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(noise), noise))
    body, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = (
        b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    )
    return body + trailer % (table, len(body))


def measure(site: Site, facts: dict[str, str], *, rounds: int) -> list[Figure]:
    """Take turns: bare, product, bare, product; then the growth of the worker's memory over all of them."""
    file = sample_file()
    form, content_type = _form(file)
    for send in (_bare, _product):
        send(site, facts, file, form, content_type)
    before = resident_mib(site)
    bare, product = [], []
    peaks = []
    for _ in range(rounds):
        bare.append(_bare(site, facts, file, form, content_type))
        reset_peaks(site)
        product.append(_product(site, facts, file, form, content_type))
        peaks.append(peak_mib(site))
    growth = max(max(peaks), resident_mib(site)) - before
    return [
        Figure("upload_25MB", median(product), median(bare), TIME_GOAL),
        Figure("upload_25MB.memory", max(growth, 0.0), 1.0, MEMORY_GOAL_MIB, unit="MiB"),
    ]


def _form(file: bytes) -> tuple[bytes, str]:
    edge = "jejak-edge-0123456789"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="classification"\r\n\r\n1\r\n'.encode(),
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="contoh.pdf"\r\n'.encode(),
        b"Content-Type: application/pdf\r\n\r\n",
        file,
        f"\r\n--{edge}--\r\n".encode(),
    ]
    return b"".join(parts), f"multipart/form-data; boundary={edge}"


def _bare(site: Site, facts: dict[str, str], file: bytes, form: bytes, content_type: str) -> float:
    return _post(site.connect(), "/floor/upload/", file, {"Host": "127.0.0.1"}, expected=200)


def _product(site: Site, facts: dict[str, str], file: bytes, form: bytes, content_type: str) -> float:
    headers = {
        "Host": "127.0.0.1",
        "Cookie": f"sessionid={facts['officer']}; csrftoken={CSRF}",
        "X-CSRFToken": CSRF,
        "Content-Type": content_type,
    }
    return _post(site.connect(), facts["upload"], form, headers, expected=201)


def _post(
    connection: HTTPConnection, path: str, body: bytes, headers: dict[str, str], *, expected: int
) -> float:
    begun = time.perf_counter()
    connection.request("POST", path, body=body, headers=headers)
    response = connection.getresponse()
    answer = response.read()
    taken = (time.perf_counter() - begun) * 1_000
    if response.status != expected:
        raise RuntimeError(f"{path} answered {response.status}: {answer[:300]!r}")
    connection.close()
    return taken


def _status_mib(pid: int, field: str) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(rf"{field}:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def resident_mib(site: Site) -> float:
    """The memory of the largest worker now."""
    return max(_status_mib(pid, "VmRSS") for pid in site.worker_pids())


def peak_mib(site: Site) -> float:
    """The most that a worker had since `reset_peaks`."""
    return max(_status_mib(pid, "VmHWM") for pid in site.worker_pids())


def reset_peaks(site: Site) -> None:
    """Count the peaks from here on."""
    for pid in site.worker_pids():
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")
