"""The ZIP itself: ZIP64 where it must be, each member made at its turn, nothing of it held in memory."""

from __future__ import annotations

import hashlib
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.pack.members import CHUNK_BYTES, BrokenFile, GeneratedFiles, Pack, ReceivedFile
from reports.pack.stream import PackStream
from reports.states import DownloadOutcome

STAMP = datetime(2023, 9, 14, 2, 0, 31, tzinfo=UTC)


class Noted:
    """Remembers how a stream ended."""

    def __init__(self) -> None:
        self.ends: list[tuple[str, str, int]] = []

    def __call__(self, sha256: str, size: int, outcome: DownloadOutcome, number: int | None) -> None:
        self.ends.append((f"{outcome} {number or ''}".rstrip(), sha256, size))


@dataclass(frozen=True)
class Zeros:
    """A member of many bytes that lie nowhere."""

    name: str
    size: int
    sha256: str = ""

    def read(self) -> Iterator[bytes]:
        left, chunk = self.size, bytes(CHUNK_BYTES)
        while left:
            yield chunk[:left]
            left -= min(left, CHUNK_BYTES)


@pytest.fixture
def generated() -> Iterator[GeneratedFiles]:
    made = GeneratedFiles()
    yield made
    made.close()


def streamed(generated: GeneratedFiles, *members: Zeros) -> tuple[bytes, Noted]:
    noted = Noted()
    stream = PackStream(Pack(members, (), STAMP, generated), listener=noted)
    return b"".join(stream), noted


@pytest.mark.parametrize("limit", [None, 5_000, 1_000, 60])
def test_stream_is_a_zip_with_and_without_zip64(
    generated: GeneratedFiles, monkeypatch: pytest.MonkeyPatch, limit: int | None
) -> None:
    if limit:
        monkeypatch.setattr(zipfile, "ZIP64_LIMIT", limit)
    members = [
        Zeros("a.txt", 0),
        Zeros("b/é 漢.pdf", 980),
        Zeros("c.pdf", 4_000),
        Zeros("ڤ.pdf", 70),
        Zeros("z", 1),
    ]
    content, noted = streamed(generated, *members)
    assert noted.ends == [("whole", hashlib.sha256(content).hexdigest(), len(content))]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert [(info.filename, info.file_size) for info in archive.infolist()] == [
            (member.name, member.size) for member in members
        ]
        assert {info.date_time for info in archive.infolist()} == {(2023, 9, 14, 10, 0, 30)}
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.long
def test_more_members_than_a_plain_zip_counts(generated: GeneratedFiles) -> None:
    content, _noted = streamed(generated, *(Zeros(f"{number}.txt", 1) for number in range(66_000)))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.namelist()) == 66_000


def test_member_is_made_when_the_one_before_it_has_left(generated: GeneratedFiles) -> None:
    turns: list[str] = []

    def made() -> Iterator[Zeros]:
        for name in ("a.txt", "b.txt"):
            turns.append(name)
            yield Zeros(name, 10)

    stream = PackStream(Pack(made(), (), STAMP, generated), listener=Noted())
    assert b"a.txt" in next(stream) and turns == ["a.txt"]
    assert b"b.txt" in next(stream) and turns == ["a.txt", "b.txt"]
    stream.close()


def test_memory_does_not_grow_with_what_flows(generated: GeneratedFiles) -> None:
    noted = Noted()
    stream = PackStream(Pack([Zeros("besar.bin", 200 * CHUNK_BYTES)], (), STAMP, generated), listener=noted)
    tracemalloc.start()
    try:
        flowed = sum(len(piece) for piece in stream)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert flowed > 200 * CHUNK_BYTES and peak < 8 * CHUNK_BYTES


def test_shelf_keeps_much_in_a_file_and_gives_each_part_back(generated: GeneratedFiles) -> None:
    parts = [bytes([number]) * (3 * CHUNK_BYTES + number) for number in range(5)]
    made = [
        generated.add_written(f"{number}.txt", lambda target, part=part: target.write(part))
        for number, part in enumerate(parts)
    ]
    made.append(generated.add("akhir.txt", b"akhir"))
    for each, part in zip(made, [*parts, b"akhir"], strict=True):
        assert b"".join(each.read()) == part
        assert (each.size, each.sha256) == (len(part), hashlib.sha256(part).hexdigest())


def test_stream_tells_its_end_once(generated: GeneratedFiles, tmp_path: Path) -> None:
    lost = ReceivedFile("x.pdf", 7, tmp_path / "none", 3, "0" * 64)
    noted = Noted()
    stream = PackStream(Pack((lost,), (lost,), STAMP, generated), listener=noted)
    left: list[bytes] = []
    with pytest.raises(BrokenFile):
        left.extend(stream)
    stream.close()
    stream.close()
    sent = b"".join(left)
    assert noted.ends == [("broken 7", hashlib.sha256(sent).hexdigest(), len(sent))]
