"""Words that nobody signed do not move a timestamp: an answer has room for some before what the authority signed."""

from __future__ import annotations

import runpy
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audit.anchors.timestamps import read_timestamp
from tests.audit.authority import Authority, question_of

OUTSIDER = Path(__file__).resolve().parent.parent.parent / "docs" / "anchors.py"


def _der(kind: int, content: bytes) -> bytes:
    """Return a value as DER has it."""
    size = len(content).to_bytes(2, "big")
    length = size[1:] if len(content) < 0x80 else b"\x82" + size
    return bytes([kind]) + length + content


def _with_words(answer: bytes, words: bytes) -> bytes:
    """Return an authority's answer with words in its status, which no signature covers."""
    signed = answer[answer.index(b"\x30\x03\x02\x01\x00") + 5 :]
    status = b"\x02\x01\x00" + _der(0x30, _der(0x0C, words))
    return _der(0x30, _der(0x30, status) + signed)


@pytest.mark.parametrize("heading", [b"", b"\nTST info:\n"])
def test_time_is_the_one_that_was_signed(tmp_path: Path, heading: bytes) -> None:
    authority = Authority(tmp_path)
    authority.make()
    answer = authority.stamp(question_of(b"5:head"))
    forged = _with_words(answer, b"x" + heading + b"\nTime stamp: Nov 30 00:00:00 2099 GMT\n")
    assert b"2099" in forged

    said = read_timestamp(forged, roots=str(authority.root))
    assert said == read_timestamp(answer, roots=str(authority.root))
    assert abs((said.at - datetime.now(UTC)).total_seconds()) < 3600
    outsider = runpy.run_path(str(OUTSIDER))["timestamp_of"]
    assert outsider(forged, str(authority.root)) == outsider(answer, str(authority.root)) is not None
