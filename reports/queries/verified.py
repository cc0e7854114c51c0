"""What a person is told of a file that was verified: on the page and in the terminal the same words."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from reports.models import Report
from reports.services.verifying import Finding, Uncompared, Verdict
from reports.states import ExportFormat, Language
from ui import dates


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that the cover says. A long code may be broken before its `rest`, and nowhere else."""

    label: str
    value: str
    rest: str = ""

    @property
    def is_code(self) -> bool:
        return bool(self.rest)

    @property
    def text(self) -> str:
        return self.value + self.rest


@dataclass(frozen=True, slots=True)
class Told:
    """The verdict in words: one sentence, what follows from it, and everything that the cover says."""

    finding: Finding
    headline: str
    sentences: tuple[str, ...]
    reasons: tuple[str, ...]
    facts: tuple[Fact, ...]
    sha256: str
    report_url: str = ""

    @property
    def is_known(self) -> bool:
        return self.finding != Finding.UNKNOWN

    @property
    def is_same(self) -> bool:
        return self.finding == Finding.SAME


def tell(verdict: Verdict, *, to: User | None = None) -> Told:
    """The verdict in the language in force. Whoever may see the summary in Jejak gets the way to it."""
    return Told(
        finding=verdict.finding,
        headline=_headline(verdict.finding),
        sentences=_sentences(verdict),
        reasons=tuple(str(why.label) for why in verdict.why),
        facts=_facts(verdict),
        sha256=verdict.sha256,
        report_url=_url(verdict.report, to=to),
    )


def _headline(finding: Finding) -> str:
    if finding == Finding.SAME:
        return _("Jejak made this file, and today's answer is still the same.")
    if finding == Finding.DIFFERS:
        return _("Jejak made this file, but today's answer is another one.")
    if finding == Finding.MADE:
        return _("Jejak made this file. Today's answer was not compared with it.")
    return _("Jejak did not make these bytes, or they were changed since.")


def _sentences(verdict: Verdict) -> tuple[str, ...]:
    if verdict.finding == Finding.MADE and verdict.statement is None:
        return (
            _(
                "A SHA-256 alone tells you no more than this of what was made for somebody else. Choose the file itself, "
                "and everything is told that its cover says."
            ),
        )
    if verdict.uncompared:
        return (
            _("Not a byte of it was changed: it is what Jejak handed out."),
            _uncompared(verdict.uncompared),
        )
    if verdict.finding == Finding.SAME:
        return (
            _(
                "Not a byte of it was changed. The same selection as at the same day, read again just now with the "
                "rights for which it was made, has the same fingerprint."
            ),
        )
    if verdict.finding == Finding.DIFFERS and not verdict.why:
        return (
            _(
                "Not a byte of it was changed: it is what Jejak handed out. The same selection as at the same day has "
                "another fingerprint today. Why is told to whoever it was made for, and to MAPO."
            ),
        )
    if verdict.finding == Finding.DIFFERS:
        return (
            _(
                "Not a byte of it was changed: it is what Jejak handed out. The same selection as at the same day has "
                "another fingerprint today. What is known:"
            ),
        )
    return (
        _(
            "A file is known to the last byte: opening it in Word or Excel and saving it, printing it to a new file, or "
            "a program that signs or marks it makes other bytes of it. A download that broke off is not known either."
        ),
        _(
            "Verify the file as it was taken out of Jejak, or ask whoever sent it for that one. A file out of an evidence "
            "pack is verified with the pack itself: verify the ZIP, then run “sha256sum -c SHA256SUMS” beside its "
            "unpacked files."
        ),
    )


def _uncompared(reason: Uncompared) -> str:
    if reason == Uncompared.FORM:
        return _(
            "Jejak has written rows in another form since it was made, so that the fingerprints cannot be compared."
        )
    if reason == Uncompared.RIGHTS:
        return _(
            "Today's answer is compared for whoever it was made for, as long as they have the rights that they had then, "
            "and for MAPO within its clearance."
        )
    return _(
        "It has so many rows that this page does not read them again. On the server “manage.py verify_report FILE” "
        "compares today's answer: ask whoever runs Jejak for it."
    )


def _facts(verdict: Verdict) -> tuple[Fact, ...]:
    report, statement = verdict.report, verdict.statement
    if report is None:
        return ()
    if statement is None:
        return _bare_facts(report)
    made_as = [(_("Made as"), str(ExportFormat(report.paper).label)), (_("File name"), report.file_name)]
    taken = [(_("Taken out on"), dates.day_time(verdict.taking.began_at))] if verdict.taking else []
    lines = [*made_as, *taken, *statement.lines(get_language() or "ms")]
    return tuple(_fact(label, value, is_code=statement.is_code(value)) for label, value in lines)


def _bare_facts(report: Report) -> tuple[Fact, ...]:
    """What a hash alone tells: neither who nor what was selected."""
    return (
        Fact(_("Made as"), str(ExportFormat(report.paper).label)),
        Fact(_("Cycle"), str(report.cycle.year)),
        Fact(_("As at"), dates.day(report.as_at)),
        Fact(_("Language"), str(Language(report.language).label)),
    )


def _fact(label: str, value: str, *, is_code: bool) -> Fact:
    half = len(value) // 2
    return Fact(label, value[:half], value[half:]) if is_code else Fact(label, value)


def _url(report: Report | None, *, to: User | None) -> str:
    if report is None or to is None or not Report.objects.visible_to(to).filter(pk=report.pk).exists():
        return ""
    return reverse("reports:report", args=[report.pk])
