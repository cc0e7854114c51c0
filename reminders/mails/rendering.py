"""Renders one mail: its headers, its plain text and its HTML. Fast, because a batch has hundreds.

A name or a text cannot break out of its place: control characters are removed first, names are quoted in headers, and
the template escapes HTML.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, time
from email.utils import format_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, Engine, Template
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext

from audit.clock import KUALA_LUMPUR, local_date
from reminders.kinds import EVENT_KINDS, ReminderKind
from reminders.mails.content import MailContent, site_host
from reminders.states import OPENING_HOUR
from ui import dates
from ui.invisible_characters import visible_text

if TYPE_CHECKING:
    from reminders.messages.texts import ReminderText

#: Columns of the plain text.
TEXT_WIDTH = 76
#: So many texts are shown in full; the less urgent ones after them with their sentence and link only.
FULL_TEXTS = 8
#: The most characters of a subject and of a name in a header.
SUBJECT_LENGTH, NAME_LENGTH = 140, 80

#: Their day is that on which something happened, which a subject need not say.
_WITHOUT_DAY = EVENT_KINDS | {ReminderKind.NUDGE}
#: The colour of the words and the bar of a text.
_COLOURS = {"danger": "#b91c1c", "warning": "#854d0e", "info": "#1d4ed8"}


class _Mail(EmailMultiAlternatives):
    """A mail with a random boundary, which is faster than a search for one that none of its parts contains."""

    def message(self, **options: Any) -> Any:
        message = super().message(**options)
        message.set_boundary(f"=_{secrets.token_hex(16)}")
        return message


def render_mail(content: MailContent) -> EmailMultiAlternatives:
    """Return the mail, ready to be sent, in its language. Runs no query."""
    with translation.override(content.language):
        context = _context(content)
        text = _template("emails/reminders.txt").render(Context(context, autoescape=False))
        message = _Mail(
            subject=_subject(content, context["heading"]),
            body="\n".join(_wrapped(text)).strip() + "\n",
            to=[content.address],
            headers=_headers(content),
        )
        message.attach_alternative(_template("emails/reminders.html").render(Context(context)), "text/html")
    return message


def clean(text: str) -> str:
    """Return the text on one line, without invisible characters."""
    return visible_text(text).strip()


@lru_cache(maxsize=8)
def _template(name: str) -> Template:
    """Return a template, parsed once per process."""
    return Engine.get_default().get_template(name)


def _context(content: MailContent) -> dict[str, Any]:
    first, lines = content.texts[0], [_line(number, text) for number, text in enumerate(content.texts, 1)]
    return {
        "language": content.language,
        "heading": _heading(content),
        "day": dates.weekday_day(content.day),
        "name": clean(content.name),
        "is_mailbox": content.is_mailbox,
        "is_news": content.is_news,
        "is_urgent": content.is_urgent,
        "late_note": _late_note(content),
        "preheader": clean(first.task if content.is_news else f"{first.sentence}. {first.title}"),
        "lines": lines[:FULL_TEXTS],
        "more_lines": lines[FULL_TEXTS:],
        "list_url": f"{settings.SITE_URL}{reverse('reminders:mine')}",
        "preferences_url": _preferences_url(),
        "site_url": settings.SITE_URL,
    }


def _line(number: int, text: ReminderText) -> dict[str, Any]:
    """Return a text as the templates show it."""
    return {
        "number": number,
        "task": clean(text.task),
        "when": capfirst(text.when),
        "also": text.also,
        "title": clean(text.title),
        # MAPO's sentences name the agency themselves.
        "agency": "" if text.agency in text.task else clean(text.agency),
        "why": "" if text.is_usual else clean(text.why),
        "nudge_line": clean(text.nudge_line),
        "button": text.button,
        "url": f"{settings.SITE_URL}{text.path}",
        "colour": _COLOURS[text.tone],
        "tone": text.tone,
        "is_first": number == 1,
    }


def _heading(content: MailContent) -> str:
    """Return how many texts there are, and how many of them are about something late."""
    count, late = len(content.texts), content.late_count
    if content.is_news:
        return ngettext("%(count)s notice", "%(count)s notices", count) % {"count": count}
    counted = ngettext("%(count)s reminder", "%(count)s reminders", count) % {"count": count}
    if not late:
        return counted
    return gettext("%(counted)s, %(late)s late") % {"counted": counted, "late": late}


def _subject(content: MailContent, heading: str) -> str:
    """Return the only matter, or how many there are; "Urgent" goes first."""
    if content.is_news:
        heading = content.subject or heading
    elif len(content.texts) == 1:
        only = content.texts[0]
        heading = only.task if only.what in _WITHOUT_DAY and not only.parts else only.sentence
        if only.short_title:
            heading = f"{heading}. {only.short_title}"
    words = gettext("Urgent: %(matter)s") % {"matter": heading} if content.is_urgent else heading
    plain = clean(words.replace(dates.NBSP, " "))
    # In ASCII: long subjects in other letters are folded into pieces that not every reader joins well.
    return f"{plain[:SUBJECT_LENGTH]} (Jejak)"


def _late_note(content: MailContent) -> str:
    if content.late_since is None:
        return ""
    words = {
        "day": dates.day(content.late_since),
        "days": dates.days((content.day - content.late_since).days),
    }
    return (
        gettext(
            "This e-mail is late: the first reminder should have reached you on %(day)s, %(days)s ago. "
            "What was done since then is left out."
        )
        % words
    )


def _preferences_url() -> str:
    return f"{settings.SITE_URL}{reverse('reminders:preferences')}"


def _headers(content: MailContent) -> dict[str, str]:
    return {
        "To": _mailbox(content),
        "Date": format_datetime(_written_at(content)),
        "Message-ID": f"<{clean(content.message_id)}>",
        "List-Id": f"Jejak <reminders.{site_host()}>",
        "List-Unsubscribe": f"<{_preferences_url()}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": content.language,
    }


def _mailbox(content: MailContent) -> str:
    """Return name and address for a header; an invalid address is refused when the mail is sent.

    Encoded words in a name ("=?utf-8?q?…?=") could bring back what `clean` removes, so they are broken up.
    """
    name = clean(content.name)[:NAME_LENGTH].replace("\\", "").replace('"', "").replace("=?", "= ?")
    address = clean(content.address)
    return f'"{name}" <{address}>' if name and address else address


def _written_at(content: MailContent) -> datetime:
    """Return when the mail was made or, if it goes out on a later day, the opening hour of that day."""
    if local_date(content.made_at) == content.day:
        return content.made_at.astimezone(KUALA_LUMPUR)
    return datetime.combine(content.day, time(OPENING_HOUR), tzinfo=KUALA_LUMPUR)


def _wrapped(text: str) -> Iterator[str]:
    """Yield the lines of a text, wrapped at spaces with a hanging indent. An address is never broken."""
    for line in text.splitlines():
        whole = line if line == "-- " else line.rstrip()
        indent = " " * (len(whole) - len(whole.removeprefix("* ").lstrip(" ")))
        while len(whole) > TEXT_WIDTH and " " in whole[len(indent) : TEXT_WIDTH + 1].strip():
            cut = whole.rindex(" ", len(indent) + 1, TEXT_WIDTH + 1)
            yield whole[:cut].rstrip()
            whole = f"{indent}{whole[cut:].strip()}"
        yield whole
