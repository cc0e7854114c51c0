"""Looking at what a file is costs little and misses nothing, however it is made."""

from __future__ import annotations

import contextlib
import io

import pytest

from evidence import kinds
from evidence.errors import BadEvidence
from evidence.kinds.refusals import Refused
from evidence.names import extension_of
from tests.evidence import files
from tests.evidence.test_kinds import ACCEPTED, REFUSED, identify


class CountingFile(io.BytesIO):
    """Counts the bytes read from it."""

    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        content = super().read(size)
        self.bytes_read += len(content)
        return content


def test_identify_reads_a_file_a_few_times_at_most() -> None:
    """A hostile file cannot keep us busy: the work is bounded by its size."""
    for name in (
        "scanner.pdf",
        "parts.jpg",
        "ratio.docx",
        "list.docx",
        "huge.png",
        "noise.csv",
        "behind.pdf",
        "lie.docx",
    ):
        build, _code = (REFUSED | ACCEPTED)[name]
        content = build()
        file = CountingFile(content)
        with contextlib.suppress(Refused):
            kinds.identify(file, extension=extension_of(name), size=len(content))
        assert file.bytes_read <= 4 * len(content) + 1024 * 1024, name


def test_identify_finds_protection_between_two_pieces() -> None:
    """The mark of a protected PDF may cross two of the pieces in which the file is read."""
    plain = files.pdf()
    for shift in range(16):
        filler = b"%" + b"x" * (256 * 1024 - plain.find(b"%%EOF") - 40 + shift) + b"\n"
        content = plain.replace(b"trailer", filler + b"trailer").replace(b"/Root", b"/Encrypt 9 0 R /Root")
        with pytest.raises(BadEvidence) as refusal:
            identify(content, "a.pdf")
        assert refusal.value.code == "protected"
