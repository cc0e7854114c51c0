"""News that rooms above this one tell a person: each names its words here, by the name of what happened.

A notice outlives the code that gave it: words that are not there any more, or that fail over what is put into them,
never break a page or a mail.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext

logger = logging.getLogger(__name__)

#: What is put into the words: plain texts and numbers, never classified text.
About = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _News:
    sentence: Callable[[About], str]
    subject: str | Promise
    icon: str
    is_urgent: bool
    is_awaited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One piece of news in the language in force.

    `subject` says what happened without what it is about: mail servers, and MAPO's page of mails, read no more.
    """

    sentence: str
    subject: str
    icon: str
    is_urgent: bool


_NEWS: dict[str, _News] = {}


def register(
    what: str,
    *,
    sentence: Callable[[About], str],
    subject: str | Promise = "",
    icon: str = "info",
    is_urgent: bool = False,
    is_awaited: bool = False,
) -> None:
    """Names the words of a piece of news; `sentence` returns them in the language in force, without a full stop.

    Its mail goes out in working hours, or at any hour: where it `is_urgent`, and where its reader asked for it and
    waits. Raises ValueError for a name that is taken.
    """
    if what in _NEWS:
        raise ValueError(f"There is news of the name {what!r} already.")
    _NEWS[what] = _News(
        sentence=sentence, subject=subject, icon=icon, is_urgent=is_urgent, is_awaited=is_awaited
    )


def words_of(what: str, about: About) -> Words:
    """What a notice says, in the language in force."""
    news = _NEWS.get(what)
    if news is None:
        return Words(sentence=_some_sentence(), subject=_some_subject(), icon="info", is_urgent=False)
    return Words(
        sentence=_sentence(news, what, about),
        subject=str(news.subject) or _some_subject(),
        icon=news.icon,
        is_urgent=news.is_urgent,
    )


def at_any_hour() -> list[str]:
    """The names of the news whose mails do not wait for working hours."""
    return sorted(what for what, news in _NEWS.items() if news.is_urgent or news.is_awaited)


def _sentence(news: _News, what: str, about: About) -> str:
    try:
        return news.sentence(about)
    except Exception:  # Whatever an old notice lacks: its reader still learns that there is something.
        logger.exception("The words of the news %r could not be made", what)
        return _some_sentence()


def _some_sentence() -> str:
    return gettext("Something happened in Jejak that concerns you")


def _some_subject() -> str:
    return pgettext("mail", "A notice from Jejak")
