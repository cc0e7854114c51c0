"""What every export states about itself: labels and values for all writers and for the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from accounts.clearance import Clearance
from audit.clock import local_date
from reports.states import DEPTH_STEMS, FORM, FORMATS, Depth, ExportFormat, SummaryLanguage
from ui import dates
from ui.numbers import number

if TYPE_CHECKING:
    from accounts.models import User
    from reports.summary.fingerprint import RowTally
    from reports.summary.selection import Selection


#: So much of a meeting's number stands in the names of its files.
_MEETING_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Maker:
    """Who made a summary, and when; stated on it, but not part of the fingerprint."""

    name: str
    agency: str
    made_at: datetime

    @classmethod
    def of(cls, user: User, *, now: datetime) -> Maker:
        return cls(user.name, user.agency.code, now)

    @property
    def words(self) -> str:
        return f"{self.name}, {self.agency}"


@dataclass(frozen=True, slots=True)
class Statement:
    """Everything that an export states about itself; known when all rows have been read."""

    selection: Selection
    maker: Maker
    rows_count: int
    classification: Clearance
    fingerprint: str
    form: int = FORM

    @classmethod
    def of(cls, selection: Selection, maker: Maker, tally: RowTally) -> Statement:
        return cls(
            selection,
            maker,
            tally.rows_count,
            Clearance(tally.classification),
            tally.fingerprint,
        )

    @property
    def is_closed(self) -> bool:
        """Whether the day was over when it was made: then the same selection always gives the same rows."""
        return self.selection.day < local_date(self.maker.made_at)

    def lines(self, language: str) -> list[tuple[str, str]]:
        """Return label and value of each thing that is stated, in a language, in the order of the cover."""
        with override(language):
            selection = self.selection
            return [
                (_("Cycle"), str(selection.year)),
                (_("As at"), dates.day(selection.day)),
                (_("Made on"), dates.day_time(self.maker.made_at)),
                (_("Made by"), self.maker.words),
                (_("Selection"), selection_words(selection)),
                *agenda_lines(selection),
                (_("Classification"), str(self.classification.label)),
                (_("Rows"), number(self.rows_count)),
                (_("Fingerprint"), self.fingerprint),
                (_("Guarantee"), guarantee(is_closed=self.is_closed)),
            ]

    def lines_in(self, languages: Sequence[str]) -> Iterator[tuple[list[str], list[str]]]:
        """Yield label and value of each line, both with one text for each of these languages."""
        for pairs in zip(*(self.lines(language) for language in languages), strict=True):
            labels, values = zip(*pairs, strict=True)
            yield list(labels), list(values)

    def is_code(self, value: str) -> bool:
        """Return whether a value of `lines` is a fingerprint, which is set as a code."""
        agenda = self.selection.agenda
        return value == self.fingerprint or (agenda is not None and value == agenda.sha256)

    def facts(self) -> dict[str, object]:
        """Return the same for programs: names in English, days and instants as ISO 8601."""
        return {
            "cycle": self.selection.year,
            "as_at": self.selection.day.isoformat(),
            "made_at": self.maker.made_at.isoformat(),
            "made_by": self.maker.words,
            "selection": self.selection.as_query(),
            "classification": class_facts(self.classification),
            "rows": self.rows_count,
            "rows_form": self.form,
            "fingerprint": self.fingerprint,
            "is_closed_day": self.is_closed,
        }


def agenda_lines(selection: Selection) -> Iterator[tuple[str, str]]:
    """Yield of which agenda, as it was laid before the council, a paper of a meeting was made."""
    if agenda := selection.agenda:
        yield _("Agenda"), agenda_words(agenda.meeting, agenda.version)
        yield _("Fingerprint of the agenda"), agenda.sha256


def agenda_words(meeting: str, version: int) -> str:
    """Return what an agenda, as it was laid before the council, is called: "Bil. 3/2023, version 2"."""
    return _("%(meeting)s, version %(number)s") % {"meeting": meeting, "number": version}


def class_facts(level: int) -> dict[str, object]:
    """Return a classification for programs: its level and its name in English."""
    return {"level": int(level), "name": Clearance(level).name.lower()}


def guarantee(*, is_closed: bool) -> str:
    """Return what may be expected of the same selection on a later day, in the active language."""
    if is_closed:
        return _("The day is over: the same selection gives the same fingerprint on any later day.")
    return _(
        "The day was not over when this was made: what is recorded later on the same day changes the fingerprint."
    )


def selection_words(selection: Selection) -> str:
    """Return the selection in one sentence, in the active language: depth (or published tables), language, ceiling, filters."""
    what = _("Published tables") if selection.table else str(selection.depth.label)
    parts = [what, str(SummaryLanguage(selection.language).label)]
    return pgettext("between parts", "; ").join([*parts, scope_words(selection)])


def scope_words(selection: Selection) -> str:
    """Return what of the cycle a selection holds, in the active language: ceiling, filters, from which day on."""
    parts = [_("nothing above %(class)s") % {"class": selection.ceiling.label}]
    parts += selection.filter_words().values()
    if selection.since:
        parts.append(accepted_after(selection.since))
    return pgettext("between parts", "; ").join(parts)


def accepted_after(day: date) -> str:
    """Return the words for a selection that leaves out what was accepted until a day."""
    return _("accepted after %(day)s") % {"day": dates.day(day)}


def meeting_stem(number: str) -> str:
    """Return the number of a meeting for a file name: "bil-3-2023", given "Mesyuarat MAPO Bil. 3/2023"."""
    stem = slugify(number.replace("/", "-")).removeprefix("mesyuarat-").removeprefix("mapo-")
    return stem[:_MEETING_LENGTH].strip("-") or "mapo"


def file_name(selection: Selection, export_format: ExportFormat) -> str:
    """Return "jejak-2023-kemajuan-penuh-2023-09-14-ms.pdf": cycle, what it is, how deep, as at which day, language.

    A format that has one depth alone is named without it. A paper of a meeting also says which meeting, and which version
    of its agenda: "jejak-2023-kertas-mapo-bil-3-2023-v2-2023-10-15-ms.docx".
    """
    facts = FORMATS[export_format]
    place = 1 if selection.language == SummaryLanguage.ENGLISH else 0
    stem = facts.stem[place]
    if not facts.has_one_depth:
        stem = f"{stem}-{DEPTH_STEMS[Depth(selection.depth)][place]}"
    if selection.single_table:
        stem = f"{stem}-{slugify(selection.single_table)}"
    if agenda := selection.agenda:
        stem = f"{stem}-{meeting_stem(agenda.meeting)}-v{agenda.version}"
    language = "ms-en" if selection.language == SummaryLanguage.BOTH else str(selection.language)
    return f"jejak-{selection.year}-{stem}-{selection.day.isoformat()}-{language}.{facts.extension}"
