"""How a council paper begins and ends: number and title, purpose, background, and where its figures come from."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.summary.content import SummaryContent
from reports.summary.statement import selection_words
from reports.writers import sentences
from reports.writers.council.draft import Draft
from reports.writers.docx import front
from reports.writers.key import status_sentence
from ui import dates


def title(content: SummaryContent) -> str:
    """What the paper is on, in the language in force."""
    return _("Progress on %(items)s in the Trafficking in Persons Report %(year)s, as at %(day)s") % _words(
        content
    )


def _words(content: SummaryContent) -> dict[str, object]:
    return {
        "items": sentences.all_items(content.totals),
        "year": content.selection.year,
        "day": dates.day(content.selection.day),
    }


def write_opening(draft: Draft) -> None:
    """References for the secretariat to complete, the title, and the purpose."""
    draft.sheet.paragraph(
        draft.voice(
            lambda: _("Council for Anti-Trafficking in Persons and Anti-Smuggling of Migrants (MAPO)")
        ),
        style="PaperCouncil",
        starts_page=not draft.is_first,
    )
    for words in (_paper_number, _file_reference, _meeting_day):
        draft.line(words, style="PaperReference")
    draft.sheet.paragraph(draft.voice(title, draft.content), style="PaperTitle")
    draft.heading(lambda: _("Purpose"))
    draft.paragraph(_purpose, draft.content)


def _paper_number() -> str:
    return _("MAPO paper no. [number] of [year]")


def _file_reference() -> str:
    return _("File reference: [reference]")


def _meeting_day() -> str:
    return _("Meeting no. [number] on [date]")


def _purpose(content: SummaryContent) -> str:
    return _(
        "This paper informs the Meeting of the progress on %(items)s in the Trafficking in Persons Report %(year)s as "
        "at %(day)s, and asks for the decisions in paragraph 5."
    ) % _words(content)


def write_background(draft: Draft) -> None:
    """The report, what the paper covers, the window, and what a status is."""
    draft.heading(lambda: _("Background"))
    draft.paragraph(_report, draft.content)
    draft.paragraph(_covered, draft.content)
    if draft.content.selection.narrows():
        draft.paragraph(_narrowed, draft.content)
    draft.paragraph(_window, draft.content)
    draft.paragraph(status_sentence, draft.content)


def _report(content: SummaryContent) -> str:
    cycle = content.cycle
    return _(
        "The Trafficking in Persons Report %(year)s of the United States Department of State was published on "
        "%(published)s. It places Malaysia on %(after)s; before it, Malaysia was on %(before)s."
    ) % {
        "year": cycle.year,
        "published": dates.day(cycle.published_on),
        "after": cycle.tier_after,
        "before": cycle.tier_before,
    }


def _covered(content: SummaryContent) -> str:
    return _("This paper covers %(items)s. Their texts are those of: %(source)s.") % {
        "items": sentences.all_items(content.totals),
        "source": content.cycle.source,
    }


def _narrowed(content: SummaryContent) -> str:
    return _("It holds a selection alone: %(selection)s.") % {"selection": selection_words(content.selection)}


def _window(content: SummaryContent) -> str:
    return front.clock_words(content)


def write_origin(draft: Draft) -> None:
    """Who signs, and from what the draft was made."""
    draft.line(_signature, style="PaperPlace")
    draft.sheet.paragraph(draft.voice(lambda: _("Where the figures come from")), style="Heading2")
    caption = draft.voice(lambda: _("What this draft was made from"))
    draft.sheet.facts(front.stated(draft.gathered, draft.voice), caption=caption)
    draft.sheet.paragraph(draft.voice(_draft_note), style="Note")


def _signature() -> str:
    return _("MAPO Secretariat, [date]")


def _draft_note() -> str:
    return _(
        "Jejak drafted this paper from what had been recorded. The secretariat completes what is marked, changes what "
        "it wants, and removes this part before the paper is tabled."
    )
