"""Who reads, and what of a text they see ([ADR 18](../docs/adr/0018-identities-are-noticed-then-hidden-while-read.md)).

Every page, feed, file and mail is made within `reading_as`: texts that come out of the database are then hidden from its
reader as the marks say. Outside, where commands and tests work with the database itself, texts are whole.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.db import connection

from audit.guarded_text import BLOCK, HiddenText

#: SQL for the version of the marks, which costs the same however many there are: what other transactions added
#: (`MarksVersion`), and the newest mark of one's own. It begins with the database's own number, so that a database made anew
#: is another one.
MARKS_VERSION = """
(SELECT (SELECT oid FROM pg_database WHERE datname = current_database())
        || ':' || coalesce((SELECT moved_in::text FROM privacy_marksversion), '')
        || ':' || coalesce(current_setting('jejak.newest_mark', true), ''))"""
_VERSION = f"SELECT {MARKS_VERSION}"
_ALL = "SELECT sha256, length, spans::text, is_hidden, agency_id FROM privacy_identitymark ORDER BY id"


@dataclass(frozen=True)
class TextReader:
    """What of a person decides which texts they see whole: all, those of an agency, or none."""

    agency_id: int | None = None
    sees_all: bool = False


#: Whoever is not known: mails, feeds, tasks.
NOBODY = TextReader()


@dataclass
class TextMark:
    """What is hidden of one text: places without overlaps, in order, and whose agencies see it whole."""

    places: list[tuple[int, int]] = field(default_factory=list)
    agency_ids: set[int] = field(default_factory=set)

    def add(self, spans: Iterable[tuple[int, int, str]], agency_id: int | None) -> None:
        """Hide more of the text."""
        self.places = merged([*self.places, *((start, end) for start, end, _kind in spans)])
        if agency_id is not None:
            self.agency_ids.add(agency_id)

    def is_hidden_from(self, reader: TextReader) -> bool:
        return not reader.sees_all and reader.agency_id not in self.agency_ids


def merged(places: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return places in order; those that touch or overlap become one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def blocked(text: str, places: Iterable[tuple[int, int]]) -> str:
    """Return the text with a block in each of these places, which are in order and do not overlap."""
    pieces, done = [], 0
    for start, end in places:
        pieces += [text[done:start], BLOCK]
        done = end
    return "".join([*pieces, text[done:]])


@dataclass(frozen=True)
class Marks:
    """All that is hidden, by the SHA-256 of the texts; `lengths` rules out most others without one."""

    version: str
    by_text: dict[str, TextMark]
    lengths: frozenset[int]

    def of(self, text: str) -> TextMark | None:
        """Return what is hidden of a text."""
        return self.by_text.get(digest_of(text)) if len(text) in self.lengths else None


_NO_MARKS = Marks("", {}, frozenset())


def digest_of(text: str) -> str:
    """Return the SHA-256 by which marks know a text."""
    return sha256(text.encode()).hexdigest()


#: The marks of the newest version that this process has read.
_known: dict[str, Marks] = {}


def marks_of(version: str) -> Marks:
    """Return the marks of a version: none, remembered, or read anew (one query)."""
    if version.endswith("::"):
        return _NO_MARKS
    if (found := _known.get(version)) is None:
        found = _read_marks(version)
        _known.clear()
        _known[version] = found
    return found


def _read_marks(version: str) -> Marks:
    by_text: dict[str, TextMark] = {}
    lengths: dict[str, int] = {}
    with connection.cursor() as cursor:
        cursor.execute(_ALL)
        for digest, length, spans, is_hidden, agency_id in cursor.fetchall():
            if not is_hidden:
                by_text.pop(digest, None)
                continue
            by_text.setdefault(digest, TextMark()).add(json.loads(spans), agency_id)
            lengths[digest] = length
    return Marks(version, by_text, frozenset(lengths[digest] for digest in by_text))


def current_version() -> str:
    """Return the version of the marks (one query)."""
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        (version,) = cursor.fetchone()
    return str(version)


class Reading:
    """One page, file or mail in the making: its reader, and the marks as they were when it began."""

    def __init__(self, find: Callable[[], tuple[TextReader, str | None]]) -> None:
        self._find = find

    @cached_property
    def _found(self) -> tuple[TextReader, str | None]:
        return self._find()

    @cached_property
    def reader(self) -> TextReader:
        return self._found[0]

    @cached_property
    def marks(self) -> Marks:
        return marks_of(self._found[1] or current_version())


_reading: ContextVar[Reading | None] = ContextVar("privacy_reading", default=None)


@contextmanager
def within(reading: Reading | None) -> Iterator[None]:
    """Hide inside what this reading hides; None hides nothing."""
    token = _reading.set(reading)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def reading_as(reader: TextReader) -> Iterator[None]:
    """Hide inside what this reader may not see."""
    with within(Reading(lambda: (reader, None))):
        yield


def current_reader() -> TextReader:
    """Return for whom texts are read now; outside of a reading, somebody who sees all."""
    reading = _reading.get()
    return reading.reader if reading is not None else TextReader(sees_all=True)


def hides_anything() -> bool:
    """Whether any text is marked at all, and somebody reads who does not see everything."""
    reading = _reading.get()
    return reading is not None and bool(reading.marks.lengths) and not reading.reader.sees_all


def reading_key() -> Hashable:
    """Return what else an answer depends on that is remembered for several readers; the same for all while nothing is marked."""
    reading = _reading.get()
    if reading is None:
        return None
    return (reading.marks.version, reading.reader) if reading.marks.lengths else ()


def hide(text: str) -> str:
    """Return a text from the database as whoever reads now may see it."""
    reading = _reading.get()
    if reading is None:
        return text
    mark = reading.marks.of(text)
    if mark is None or not mark.is_hidden_from(reading.reader):
        return text
    return HiddenText(blocked(text, mark.places), text)


def chunks_within(reading: Reading | None, chunks: Iterable[Any]) -> Iterator[Any]:
    """Yield what is sent piece by piece, each made within the reading."""
    iterator = iter(chunks)
    while True:
        with within(reading):
            try:
                chunk = next(iterator)
            except StopIteration:
                return
        yield chunk
