"""The result of a verification in words, the same on the page and in the terminal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from reports.models.report import Report
from reports.states import ExportFormat, SummaryLanguage, VerificationOutcome
from ui import dates

if TYPE_CHECKING:
    from reports.services.verification import VerificationResult


@dataclass(frozen=True, slots=True)
class StatedFact:
    """A label and a value of the cover. A long code may be broken before its `rest`, and nowhere else."""

    label: str
    value: str
    rest: str = ""

    @classmethod
    def of(cls, label: str, value: str, *, is_code: bool) -> StatedFact:
        half = len(value) // 2 if is_code else len(value)
        return cls(label, value[:half], value[half:])

    @property
    def is_code(self) -> bool:
        return bool(self.rest)

    @property
    def text(self) -> str:
        return self.value + self.rest


@dataclass(frozen=True, slots=True)
class DescribedResult:
    """A result in words: one sentence, what follows from it, and everything that the cover says."""

    outcome: VerificationOutcome
    headline: str
    sentences: tuple[str, ...]
    reasons: tuple[str, ...]
    facts: tuple[StatedFact, ...]
    sha256: str
    report_url: str = ""

    @property
    def is_known(self) -> bool:
        return self.outcome != VerificationOutcome.UNKNOWN

    @property
    def is_same(self) -> bool:
        return self.outcome == VerificationOutcome.SAME


def describe(result: VerificationResult, *, to: User | None = None) -> DescribedResult:
    """The result in the language in force. Whoever may see the summary in Jejak gets the way to it."""
    return DescribedResult(
        outcome=result.outcome,
        headline=str(result.outcome.label),
        sentences=_sentences(result),
        reasons=tuple(str(why.label) for why in result.reasons),
        facts=_facts(result),
        sha256=result.sha256,
        report_url=_url(result.report, to=to),
    )


def _sentences(result: VerificationResult) -> tuple[str, ...]:
    if result.outcome == VerificationOutcome.MADE and result.statement is None:
        return (
            _(
                "A SHA-256 alone tells you no more than this about a file made for somebody else. Choose the "
                "file itself to see everything on its cover."
            ),
        )
    if result.not_compared:
        return (
            _("No byte was changed: this is the file that Jejak made."),
            str(result.not_compared.label),
        )
    if result.outcome == VerificationOutcome.SAME:
        return (
            _(
                "No byte was changed. The same selection as at the same day, read again just now with the "
                "rights for which it was made, has the same fingerprint."
            ),
        )
    if result.outcome == VerificationOutcome.DIFFERS and not result.reasons:
        return (
            _(
                "No byte was changed: this is the file that Jejak made. The same selection as at the same "
                "day has another fingerprint today. Only the person it was made for and MAPO can see why."
            ),
        )
    if result.outcome == VerificationOutcome.DIFFERS:
        return (
            _(
                "No byte was changed: this is the file that Jejak made. The same selection as at the same "
                "day has another fingerprint today. What is known:"
            ),
        )
    return (
        _(
            "Jejak recognises a file only if no byte has changed. Saving it again in Word or Excel, "
            "printing it to a new file, or signing or marking it changes its bytes. An interrupted "
            "download is not recognised either."
        ),
        _(
            "Verify the file as it was downloaded from Jejak, or ask the sender for the original. To "
            "verify a file from an evidence pack, verify the ZIP itself, then run “sha256sum -c "
            "SHA256SUMS” beside its unpacked files."
        ),
    )


def _facts(result: VerificationResult) -> tuple[StatedFact, ...]:
    report, statement = result.report, result.statement
    if report is None:
        return ()
    if statement is None:
        return _bare_facts(report)
    made_as = [
        (_("Made as"), str(ExportFormat(report.export_format).label)),
        (_("File name"), report.file_name),
    ]
    taken = [(_("Downloaded on"), dates.day_time(result.download.began_at))] if result.download else []
    lines = [*made_as, *taken, *statement.lines(get_language() or "ms")]
    return tuple(StatedFact.of(label, value, is_code=statement.is_code(value)) for label, value in lines)


def _bare_facts(report: Report) -> tuple[StatedFact, ...]:
    """Return what a hash alone may tell: neither who asked nor what was selected."""
    return (
        StatedFact(_("Made as"), str(ExportFormat(report.export_format).label)),
        StatedFact(_("Cycle"), str(report.cycle.year)),
        StatedFact(_("As at"), dates.day(report.as_at)),
        StatedFact(_("Language"), str(SummaryLanguage(report.language).label)),
    )


def _url(report: Report | None, *, to: User | None) -> str:
    if report is None or to is None or not Report.objects.visible_to(to).filter(pk=report.pk).exists():
        return ""
    return reverse("reports:report", args=[report.pk])
