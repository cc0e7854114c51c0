"""What one kind of submission brings: its content, its rules and its words. The acts are in `submissions.services`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

from django.utils.functional import Promise

from accounts.models import User
from audit.errors import Incomplete, Stale, Unconfirmed
from submissions.models import Draft, SubmissionVersion


@dataclass(frozen=True)
class Judged:
    """What a kind finds in what is to be sent: what is wrong with it, and what its version is made of."""

    incomplete: Incomplete | None = None
    found: Any = None


@dataclass(frozen=True)
class Named:
    """What is searched for names of persons before it is sent: texts by field, and names of files."""

    texts: Mapping[str, str]
    file_names: list[str]


#: Of a kind: its draft, its content, its version.
D = TypeVar("D", bound=Draft)
C = TypeVar("C")
V = TypeVar("V", bound=SubmissionVersion)


class DraftKind(ABC, Generic[D, C]):
    """What a kind writes and puts away. The draft in hand is locked, and read in the transaction of the act."""

    #: The column of a citation that says what the file is evidence of; the document alone where there is none.
    citation_fact: ClassVar[str] = "document_id"
    #: How its acts begin in the log, and what taking back is called there.
    log_name: ClassVar[str]
    taken_back: ClassVar[str]
    #: Said where the table of moves forbids an act; with %(state)s.
    not_in_state: ClassVar[str | Promise]
    #: Said of a newer text, which the person saved elsewhere, or which a colleague saved; with %(name)s.
    newer_own: ClassVar[str | Promise]
    newer_theirs: ClassVar[str | Promise]
    #: The same on a page that was opened before there was a draft.
    newer: ClassVar[str | Promise]
    #: Said where somebody saved a newer text before it was to be withdrawn or discarded.
    not_put_away: ClassVar[str | Promise]
    #: Said where something is withdrawn already, and no draft goes on with it.
    not_taken_back: ClassVar[str | Promise]

    @abstractmethod
    def content_of(self, draft: D) -> C:
        """Return what the draft holds."""

    @abstractmethod
    def put(self, draft: D, content: C) -> None:
        """Set the draft's columns, without saving them. Raises BadValue for what no draft keeps."""

    @abstractmethod
    def citations(self, content: C) -> Mapping[int, Any]:
        """Return the keys of the content's documents, each with its `citation_fact`."""

    @abstractmethod
    def agency_id(self, draft: D) -> int:
        """Return the agency whose documents the draft may cite."""

    @abstractmethod
    def open_draft(self, place: D, *, now: datetime) -> D | None:
        """Return the open draft of what `place` is about, locked; `place` need not be saved.

        What it is about is locked first, so that two people who start at once begin one. Raises NotNow where it takes none.
        """

    @abstractmethod
    def successor(self, draft: D) -> D:
        """Return a new draft, not saved, for what this one was about."""

    @abstractmethod
    def require_open(self, draft: D, act: str) -> None:
        """Raise NotNow where what the draft is about takes this act no more; hold it open until the act is done."""

    def stale(self, draft: D, *, actor: User) -> Stale:
        """Return the refusal of a text that is older than the draft's."""
        if draft.saved_by_id == actor.pk:
            return Stale(self.newer_own, draft, is_own=True)
        return Stale(self.newer_theirs % {"name": draft.saved_by.name}, draft)

    @abstractmethod
    def record(self, draft: D, action: str, *, actor: User, now: datetime, **facts: Any) -> None:
        """Record one Event on the draft; `facts` are before, after and reason."""

    def written(self, draft: D, content: C, *, actor: User, now: datetime) -> None:
        """Do what follows from a text that was saved."""

    def closed(self, draft: D) -> None:
        """Do what follows from a draft that was put away."""


class Kind(DraftKind[D, C], Generic[D, C, V]):
    """What a kind sends, besides. One subclass and one instance a kind."""

    version: type[V]
    #: The foreign key of the version that names its draft.
    parent: ClassVar[str]

    @abstractmethod
    def judge(self, draft: D, content: C, *, actor: User, now: datetime) -> Judged:
        """Return what stands in the way of sending."""

    @abstractmethod
    def question(self, draft: D, content: C, judged: Judged) -> Unconfirmed | None:
        """Return what to ask before it is sent, if anything."""

    @abstractmethod
    def named(self, draft: D, content: C) -> Named:
        """Return what must not name persons."""

    @abstractmethod
    def freeze(
        self, draft: D, version: V, content: C, judged: Judged, *, actor: User, now: datetime
    ) -> Mapping[str, Any]:
        """Fill and save the version, with its rows and the files it cites. Return what else the log tells of it."""
