"""Evidence packs: what it means for one that a file no longer is what Jejak received."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import MAPO_ROLES
from evidence.models import Document
from reminders.services.notices import give_notice
from reports.models import Download
from reports.news import BROKEN_OFF
from reports.permissions import keeps_rights
from reports.services.rows import record_on
from reports.services.taking import end_taking
from reports.states import DownloadOutcome


def may_go_on(taking: Download, *, document_id: int) -> bool:
    """Whether whoever takes a pack may still have this document: both are asked for as they are now (two queries)."""
    report = taking.report
    if not keeps_rights(User.objects.get(pk=taking.taken_by_id), report):
        return False
    within = min(report.reader_clearance, report.ceiling)
    known = Document.objects.visible_to(report.reader).filter(classification__lte=within)
    document = known.filter(pk=document_id).first()
    return document is not None and document.is_available and not document.is_destroyed


@transaction.atomic
def break_off(taking: Download, *, document_id: int, sha256: str, size: int, now: datetime) -> None:
    """A file is gone or not what was received: the taking ends with its number, and MAPO is told.

    `sha256` and `size` are of the bytes that left before. Of a taking that has ended already nothing is told again.
    """
    if not Download.objects.select_for_update(no_key=True).filter(pk=taking.pk, outcome="").exists():
        return
    document = Document.objects.get(pk=document_id)
    end_taking(taking, outcome=DownloadOutcome.BROKEN, document=document, sha256=sha256, size=size, now=now)
    broken = {"document": document.pk}
    record_on(taking.report, action="report.broken_off", actor=taking.taken_by, after=broken, now=now)
    _tell_mapo(document, now=now)


def _tell_mapo(document: Document, *, now: datetime) -> None:
    """Everybody of MAPO who may open the document, at once and by mail."""
    cleared = User.objects.active().filter(role__in=MAPO_ROLES, clearance__gte=document.classification)
    for person in cleared.order_by("pk"):
        give_notice(
            person,
            what=BROKEN_OFF,
            about={"document": document.pk},
            path=reverse("evidence:detail", args=[document.pk]),
            # By the machine's clock, as mails are.
            mail_after=timezone.now(),
            now=now,
        )
