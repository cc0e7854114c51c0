"""Timestamps by RFC 3161: asking an authority for one, and checking one against roots that we trust.

`openssl ts` makes the question and judges the answer, as an outsider will: it takes what authorities really send, where
stricter readers of ASN.1 refuse certificates in another order. What is stamped is the head as `verify_audit` prints it.
"""

import hashlib
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import requests

from audit.anchors.failures import AnchorFailed, AnchorFailure
from audit.verification import ChainHead

_CONNECT_SECONDS, _ANSWER_SECONDS, _OPENSSL_SECONDS = 5, 15, 10
#: A token with its certificates has a few kilobytes.
_MOST_BYTES = 256 * 1024
_SIGNED_PART = "\nTST info:\n"
_STAMPED_AT = re.compile(r"^Time stamp: (\w{3}) +(\d+) (\d\d:\d\d:\d\d)(?:\.\d+)? (\d{4}) GMT$", re.MULTILINE)
_ALGORITHM = re.compile(r"^Hash Algorithm: sha256$", re.MULTILINE)
_BYTES = re.compile(r"^    [0-9a-f]{4} - ((?:[0-9a-f]{2}[ -]){16})", re.MULTILINE)
_IMPRINT_BYTES = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Timestamp:
    """What an authority said: when, and of which bytes (their SHA-256)."""

    at: datetime
    imprint: bytes


class BadTimestamp(Exception):
    """What was given is no timestamp, or none that a trusted root vouches for."""


def imprint_of(head: ChainHead) -> bytes:
    """Return what a timestamp of this head holds."""
    return hashlib.sha256(str(head).encode()).digest()


def ask_for_timestamp(head: ChainHead, *, authority: str, roots: str) -> bytes:
    """Return the authority's answer for this head, once it is judged by the roots in this file. Raises AnchorFailed."""
    try:
        with TemporaryDirectory() as folder:
            question = Path(folder) / "question.tsq"
            _openssl("-query", "-digest", imprint_of(head).hex(), "-sha256", "-cert", "-out", str(question))
            answer = _post(authority, question.read_bytes())
            with _failing_as(AnchorFailure.AUTHORITY_REFUSED):
                _what_it_says(answer)
            with _failing_as(AnchorFailure.NOT_TRUSTED):
                _judge(answer, "-queryfile", str(question), roots=roots)
            return answer
    except FileNotFoundError as error:
        raise AnchorFailed(AnchorFailure.NO_OPENSSL) from error


def read_timestamp(answer: bytes, *, roots: str) -> Timestamp:
    """Return what an answer that was kept says, once a root in this file vouches for it. Raises BadTimestamp.

    The certificates must have been in force when it was stamped; they may have ended since.
    """
    timestamp = _what_it_says(answer)
    _judge(answer, "-digest", timestamp.imprint.hex(), roots=roots, at=timestamp.at)
    return timestamp


@contextmanager
def _failing_as(failure: AnchorFailure) -> Iterator[None]:
    """Raise AnchorFailed with this failure where something inside raises BadTimestamp."""
    try:
        yield
    except BadTimestamp as error:
        raise AnchorFailed(failure) from error


def _what_it_says(answer: bytes) -> Timestamp:
    """Return what an answer says, whoever signed it. Raises BadTimestamp for what is no answer, or one without a timestamp."""
    # Before this heading stand words that nobody signed, and that may look like what follows it.
    text = _openssl("-reply", "-in", "/dev/stdin", "-text", given=answer).rpartition(_SIGNED_PART)[2]
    stamped_at, dump = _STAMPED_AT.search(text), "".join(_BYTES.findall(text))
    imprint = bytes.fromhex(dump.replace("-", " "))
    if stamped_at is None or not _ALGORITHM.search(text) or len(imprint) != _IMPRINT_BYTES:
        raise BadTimestamp("the answer holds no timestamp over SHA-256")
    at = datetime.strptime(" ".join(stamped_at.groups()), "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    return Timestamp(at, imprint)


def _judge(answer: bytes, *over: str, roots: str, at: datetime | None = None) -> None:
    """Check signature, chain, purpose and imprint, as at an instant. Raises BadTimestamp."""
    when = ("-attime", str(int(at.timestamp()))) if at is not None else ()
    _openssl("-verify", *over, "-in", "/dev/stdin", "-CAfile", roots, *when, given=answer)


def _openssl(*arguments: str, given: bytes = b"") -> str:
    """Return what `openssl ts` prints. Raises BadTimestamp where it refuses."""
    try:
        done = subprocess.run(
            ["openssl", "ts", *arguments],
            input=given,
            capture_output=True,
            check=True,
            timeout=_OPENSSL_SECONDS,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        raise BadTimestamp((error.stderr or b"").decode("utf-8", "replace").strip()) from error
    except OSError as error:
        raise BadTimestamp("openssl is not there") from error
    return done.stdout.decode("utf-8", "replace")


def _post(authority: str, question: bytes) -> bytes:
    """Return what the authority answers. Raises AnchorFailed; follows no redirect, and reads no more than an answer has."""
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    try:
        with requests.post(
            authority,
            data=question,
            headers=headers,
            timeout=(_CONNECT_SECONDS, _ANSWER_SECONDS),
            allow_redirects=False,
            stream=True,
        ) as answer:
            if answer.status_code != requests.codes.ok:
                raise AnchorFailed(AnchorFailure.AUTHORITY_AWAY)
            return _whole(answer.iter_content(_MOST_BYTES))
    except requests.RequestException as error:
        raise AnchorFailed(AnchorFailure.AUTHORITY_AWAY) from error


def _whole(pieces: Iterator[bytes]) -> bytes:
    """Return an answer that came in pieces of any size. Raises AnchorFailed for one that is too long."""
    whole = b""
    for piece in pieces:
        whole += piece
        if len(whole) > _MOST_BYTES:
            raise AnchorFailed(AnchorFailure.AUTHORITY_REFUSED)
    return whole
