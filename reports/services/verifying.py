"""Verifying: whether Jejak made certain bytes, of what, and whether today's answer to that is still the same."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import User
from audit.clock import local_date
from audit.errors import NotNow
from audit.models import Event
from audit.services import record
from reports.errors import EmptySelection
from reports.models import Download, Report
from reports.permissions import keeps_rights
from reports.services.differences import Why, find_reasons
from reports.states import FORM, DownloadOutcome, ReportState
from reports.summary.content import SummaryContent, database_snapshot
from reports.summary.selection import saved_selection
from reports.summary.statement import Maker, Statement

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('jejak.verify'), %s::integer)"


class Finding(StrEnum):
    """What verifying ends with. MADE: Jejak made it, and today's answer was not compared."""

    UNKNOWN = "unknown"
    MADE = "made"
    SAME = "same"
    DIFFERS = "differs"


class Uncompared(StrEnum):
    """Why today's answer was not compared: too many rows to be read again here, fingerprints of another form, or it is
    not for whoever asks to know."""

    MANY = "many"
    FORM = "form"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of bytes by their SHA-256, and may be told to whoever asks.

    `taking`: those that left as one stream, whole; `differs`: today's answer is another one; `why`, as far as it may be
    told. Without a `statement` no more is told than as what, of which cycle, as at which day and in which language.
    """

    sha256: str
    report: Report | None = None
    taking: Download | None = None
    statement: Statement | None = None
    differs: bool = False
    why: tuple[Why, ...] = ()
    uncompared: Uncompared | None = None

    @property
    def finding(self) -> Finding:
        if self.report is None:
            return Finding.UNKNOWN
        if self.uncompared:
            return Finding.MADE
        return Finding.DIFFERS if self.differs else Finding.SAME


def verify(
    sha256: str,
    *,
    actor: User | None = None,
    has_bytes: bool = False,
    most_rows: int | None = None,
    now: datetime,
) -> Verdict:
    """Find out, and put on record who asked (None: a command of the installation) and what came of it.

    `sha256`: 64 hexadecimal digits. What Jejak made is read again, with the rights for which it was made, unless it has
    more than `most_rows`. One at a time for each person: raises NotNow for the second at the same moment.

    A command is told everything, and so is MAPO as far as it is cleared, and whoever it was made for with rights no
    lower than then. Others are told whether the answer is the same only of a day that was over when it was made, not
    why it is not, and that only where they showed the bytes (`has_bytes`).
    """
    verdict = look_up(sha256, actor=actor, has_bytes=has_bytes, most_rows=most_rows)
    with transaction.atomic():
        report = verdict.report
        record(
            action="report.verified",
            actor=actor,
            obj=report,
            label=str(report) if report else "",
            after={"sha256": verdict.sha256, "result": verdict.finding.value},
            now=now,
        )
    return verdict


def look_up(
    sha256: str, *, actor: User | None = None, has_bytes: bool = False, most_rows: int | None = None
) -> Verdict:
    """The verdict without a record, as `verify` finds it. A stream that was broken or cut never counts as made: its end is missing."""
    sha256 = sha256.lower()
    if not _SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256: 64 hexadecimal digits")
    with database_snapshot():
        if actor is not None:
            _hold(actor)
        taking = None
        report = _kept_whole(sha256)
        if report is None:
            taking = _taken_whole(sha256)
            report = taking.report if taking else None
        if report is None:
            return Verdict(sha256)
        if not (has_bytes or _may_know_of(actor, report)):
            return Verdict(sha256, report, taking, uncompared=Uncompared.RIGHTS)
        statement, knows_why = statement_of(report), _may_know_why(actor, report)
        uncompared = _uncompared(report, most_rows, may_compare=knows_why or statement.is_closed)
        if uncompared:
            return Verdict(sha256, report, taking, statement, uncompared=uncompared)
        why = _read_again(report)
        return Verdict(sha256, report, taking, statement, bool(why), why if knows_why else ())


def statement_of(report: Report) -> Statement:
    """What a report that was made states of itself: who asked for it under the name and agency that they had then."""
    asked = Event.objects.about(report._meta.label, report.pk).filter(
        action="report.asked", actor_id=report.asked_by_id
    )
    name, agency = asked.values_list("actor_name", "actor_agency_code").first() or (
        report.asked_by.name,
        report.reader_agency.code,
    )
    return Statement(
        saved_selection(report.query),
        Maker(name, agency, report.asked_at, local_date(report.asked_at)),
        report.rows_count or 0,
        Clearance(report.classification or 0),
        report.fingerprint,
    )


def _kept_whole(sha256: str) -> Report | None:
    """Of several with the same bytes, the first: the others only repeat it."""
    made = Report.objects.filter(sha256=sha256, state=ReportState.READY)
    return made.select_related("cycle", "asked_by", "reader_agency").order_by("asked_at", "pk").first()


def _taken_whole(sha256: str) -> Download | None:
    whole = Download.objects.filter(
        sha256=sha256, outcome=DownloadOutcome.WHOLE, report__state=ReportState.READY
    )
    people = ("report__cycle", "report__asked_by", "report__reader_agency")
    return whole.select_related(*people).order_by("began_at", "pk").first()


def _hold(actor: User) -> None:
    """Until the reading ends: what is read again costs the web time, and nobody has two of it at once."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [actor.pk])
        (is_mine,) = cursor.fetchone()
    if not is_mine:
        raise NotNow(
            _("Another file of yours is being verified at this moment. Wait until it is done, then go on.")
        )


def _may_know_of(actor: User | None, report: Report) -> bool:
    """Whether the hash alone tells who made it, and of what."""
    return actor is None or actor.is_mapo or actor.pk == report.asked_by_id


def _may_know_why(actor: User | None, report: Report) -> bool:
    """Whether what happened since is this person's to know: it tells of what they may not read otherwise."""
    if actor is None:
        return True
    if actor.pk == report.asked_by_id:
        return keeps_rights(actor, report)
    return actor.is_active and actor.is_mapo and actor.clearance >= report.ceiling


def _uncompared(report: Report, most_rows: int | None, *, may_compare: bool) -> Uncompared | None:
    if not may_compare:
        return Uncompared.RIGHTS
    if report.form != FORM:
        return Uncompared.FORM
    return Uncompared.MANY if most_rows is not None and (report.rows_count or 0) > most_rows else None


def _read_again(report: Report) -> tuple[Why, ...]:
    """Why the same question has another answer now; empty where it has the same."""
    selection, reader = saved_selection(report.query), report.reader
    clearance = min(reader.clearance, int(selection.ceiling))
    try:
        content = SummaryContent(selection, cycle=report.cycle, reader=reader)
    except EmptySelection:
        return find_reasons(report, item_ids=(), clearance=clearance)
    with closing(content):
        is_same = content.finish().fingerprint == report.fingerprint
    if is_same:
        return ()
    return find_reasons(report, item_ids=content.item_keys, clearance=clearance)
