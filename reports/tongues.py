"""The languages of a summary. Writers speak through a `Tongue`: one for Malay, one for English, two side by side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext as translated

from recommendations.states import AssignmentRole, Pillar, Status, item_label
from reports.content.rows import ReportedUpdate
from reports.states import Tongue
from ui import dates


def tongues(language: str) -> tuple[str, ...]:
    """The languages in which a summary speaks, the first one first: ("ms",), ("en",) or ("ms", "en")."""
    return ("ms", "en") if language == Tongue.BOTH else (str(language),)


@contextmanager
def speaking(tongue: str) -> Iterator[None]:
    """Everything that is translated inside is in this language."""
    with translation.override(tongue):
        yield


@lru_cache(maxsize=4_096)
def _said(msgid: str, tongue: str) -> str:
    # By another name: what stands in `gettext` itself is collected for the catalogue.
    with speaking(tongue):
        return translated(msgid)


def say(msgid: str, tongue: str) -> str:
    """A marked text (`gettext_noop`) in a language; remembered, so that it may be asked for each row."""
    return _said(msgid, tongue)


def label(lazy: str | Promise, tongue: str) -> str:
    """A lazily translated text in a language."""
    with speaking(tongue):
        return str(lazy)


@lru_cache(maxsize=256)
def status_label(status: str, tongue: str) -> str:
    """In progress."""
    return label(Status(status).label, tongue)


@lru_cache(maxsize=256)
def pillar_label(pillar: str, tongue: str) -> str:
    """Protection; empty for an item without one."""
    return label(Pillar(pillar).label, tongue) if pillar else ""


@lru_cache(maxsize=16)
def role_label(role: str, tongue: str) -> str:
    """Lead agency."""
    return label(AssignmentRole(role).label, tongue)


@lru_cache(maxsize=4_096)
def item_name(key: str, tongue: str) -> str:
    """Recommendation 4, of "recommendation-4"."""
    kind, _dash, number = key.partition("-")
    with speaking(tongue):
        return item_label(kind, int(number))


def day(moment: date | datetime | None, tongue: str) -> str:
    """31 August 2023; empty for None."""
    return dates.day(moment, language=tongue)


def told(update: ReportedUpdate, tongue: str) -> str:
    """What an accepted update says: its text to the letter, or that there is nothing new, or that it is not given here."""
    with speaking(tongue):
        if not update.is_readable:
            return gettext("The text is not part of this summary.")
        if update.is_nothing_new:
            return gettext("Nothing new since %(day)s.") % {"day": dates.day(update.covers_from)}
    return update.narrative
