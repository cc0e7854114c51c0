"""Writes one mail: its headers, its plain text and its HTML. Quick, because a round sends hundreds.

Nothing of a name or a line can leave its place: control characters are taken out before anything is written, names
are quoted in headers, and HTML is escaped by the template.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, time
from email.utils import format_datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Template
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from accounts.texts import visible_text
from audit.clock import KUALA_LUMPUR, local_date
from reminders.hours import OPENS
from reminders.lines import Line
from reminders.services.letters.letter import Letter
from reminders.states import COUNTED_FROM_AN_ACT, What
from ui import dates

#: Columns of the plain text.
TEXT_WIDTH = 76
#: So many lines are shown in full; those after them, less urgent, with their sentence and link alone.
FULL_LINES = 8
#: Characters of a subject and of a name in a header.
SUBJECT_LENGTH, NAME_LENGTH = 140, 80

#: Their day is that on which something happened, which a subject need not say.
_ACTS = COUNTED_FROM_AN_ACT | {What.NUDGE}
#: What lines are drawn in: colour of words and bar, and whether the first line's button is filled with it.
_COLOURS = {"danger": "#b91c1c", "warning": "#854d0e", "info": "#1d4ed8"}


class _Shown(NamedTuple):
    """A line as the templates draw it."""

    number: int
    task: str
    when: str
    also: str
    title: str
    agency: str
    why: str
    nudge_line: str
    button: str
    url: str
    colour: str
    tone: str
    is_first: bool


class _Mail(EmailMultiAlternatives):
    """A mail whose parts are divided by chance, which is quicker than a search for what stands in none of them."""

    def message(self, **options: Any) -> Any:
        message = super().message(**options)
        message.set_boundary(f"=_{secrets.token_hex(16)}")
        return message


def compose(letter: Letter) -> EmailMultiAlternatives:
    """Return the mail, ready to be sent, in the letter's language. Reads nothing."""
    with translation.override(letter.language):
        context = _context(letter)
        message = _Mail(
            subject=_subject(letter, context["heading"]),
            body=_text(context),
            to=[letter.address],
            headers=_headers(letter),
        )
        message.attach_alternative(_template("emails/reminders.html").render(Context(context)), "text/html")
    return message


def site_host() -> str:
    """The host of the site: what Message-IDs and the List-Id end with."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def clean(text: str) -> str:
    """The text on one line, without characters that nobody sees."""
    return visible_text(text).strip()


@lru_cache(maxsize=8)
def _template(name: str) -> Template:
    """A template, parsed once a process."""
    template: Template = get_template(name).template  # type: ignore[attr-defined]  # of Django's own engine
    return template


def _context(letter: Letter) -> dict[str, Any]:
    lines = [_shown(number, line) for number, line in enumerate(letter.lines, start=1)]
    return {
        "language": letter.language,
        "heading": _heading(letter),
        "day": dates.weekday_day(letter.day),
        "name": clean(letter.name),
        "is_mailbox": letter.is_mailbox,
        "is_news": letter.is_news,
        "is_urgent": letter.is_urgent,
        "late_note": _late_note(letter),
        "preheader": _preheader(letter.lines[0], is_news=letter.is_news),
        "lines": lines[:FULL_LINES],
        "more_lines": lines[FULL_LINES:],
        "list_url": f"{settings.SITE_URL}{reverse('reminders:mine')}",
        "preferences_url": _preferences_url(),
        "site_url": settings.SITE_URL,
    }


def _shown(number: int, line: Line) -> _Shown:
    return _Shown(
        number=number,
        task=clean(line.task),
        when=capfirst(line.when),
        also=line.also,
        title=clean(line.title),
        # MAPO's sentences name the agency themselves.
        agency="" if line.agency in line.task else clean(line.agency),
        why="" if line.is_usual else clean(line.why),
        nudge_line=clean(line.nudge_line),
        button=line.button,
        url=f"{settings.SITE_URL}{line.path}",
        colour=_COLOURS[line.tone],
        tone=line.tone,
        is_first=number == 1,
    )


def _preheader(line: Line, *, is_news: bool) -> str:
    """What a mail program shows beside the subject."""
    return clean(line.task if is_news else f"{line.sentence}. {line.title}")


def _heading(letter: Letter) -> str:
    """How many lines there are, and how many of them speak of something late."""
    count, late = len(letter.lines), letter.late_count
    if letter.is_news:
        return ngettext("%(count)s notice", "%(count)s notices", count) % {"count": count}
    counted = ngettext("%(count)s reminder", "%(count)s reminders", count) % {"count": count}
    if not late:
        return counted
    return gettext("%(counted)s, %(late)s late") % {"counted": counted, "late": late}


def _subject(letter: Letter, heading: str) -> str:
    """The only matter itself, or how many there are; what is urgent says so."""
    if letter.is_news:
        heading = letter.subject or heading
    elif len(letter.lines) == 1:
        only = letter.lines[0]
        heading = only.task if only.what in _ACTS and not only.parts else only.sentence
    words = gettext("Urgent: %(matter)s") % {"matter": heading} if letter.is_urgent else heading
    plain = clean(words.replace(dates.NBSP, " "))
    # In ASCII: long subjects in other letters are folded into pieces that not every reader joins well.
    return f"{plain[:SUBJECT_LENGTH]} (Jejak)"


def _late_note(letter: Letter) -> str:
    if letter.late_since is None:
        return ""
    facts = {"day": dates.day(letter.late_since), "days": dates.days((letter.day - letter.late_since).days)}
    return (
        gettext(
            "This comes late: the first of it was to reach you on %(day)s, %(days)s ago. "
            "What has been done since then is left out."
        )
        % facts
    )


def _preferences_url() -> str:
    return f"{settings.SITE_URL}{reverse('reminders:preferences')}"


def _headers(letter: Letter) -> dict[str, str]:
    return {
        "To": _mailbox(letter),
        "Date": format_datetime(_written_at(letter)),
        "Message-ID": f"<{clean(letter.message_id)}>",
        "List-Id": f"Jejak <reminders.{site_host()}>",
        "List-Unsubscribe": f"<{_preferences_url()}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": letter.language,
    }


def _mailbox(letter: Letter) -> str:
    """Name and address as a header holds them; an address that is none is left to whoever sends it.

    A name in which a reader would find encoded words ("=?utf-8?q?…?=") could hold what `clean` takes out.
    """
    name = clean(letter.name)[:NAME_LENGTH].replace("\\", "").replace('"', "").replace("=?", "= ?")
    address = clean(letter.address)
    return f'"{name}" <{address}>' if name and address else address


def _written_at(letter: Letter) -> datetime:
    """The instant at which the mail was made, or where it goes on a later day, the opening of that day."""
    if local_date(letter.made_at) == letter.day:
        return letter.made_at.astimezone(KUALA_LUMPUR)
    return datetime.combine(letter.day, time(OPENS), tzinfo=KUALA_LUMPUR)


def _text(context: dict[str, Any]) -> str:
    rendered = _template("emails/reminders.txt").render(Context(context, autoescape=False))
    return "\n".join(_wrapped(rendered)).strip() + "\n"


def _wrapped(text: str) -> Iterator[str]:
    """The lines of a text, broken at spaces; what follows a break hangs under the text. An address stays whole."""
    for line in text.splitlines():
        whole = line if line == "-- " else line.rstrip()
        indent = " " * (len(whole) - len(whole.removeprefix("* ").lstrip(" ")))
        while len(whole) > TEXT_WIDTH and " " in whole[len(indent) : TEXT_WIDTH + 1].strip():
            cut = whole.rindex(" ", len(indent) + 1, TEXT_WIDTH + 1)
            yield whole[:cut].rstrip()
            whole = f"{indent}{whole[cut:].strip()}"
        yield whole
