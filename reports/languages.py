"""Texts of a summary in a given language: "ms" or "en", whatever language the reader's page has."""

from __future__ import annotations

from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext as translated
from django.utils.translation import override

from recommendations.states import AssignmentRole, Pillar, Status, item_label
from reports.states import SummaryLanguage


def languages_of(language: str) -> tuple[str, ...]:
    """Return the language codes of a summary, the first one first: ("ms",), ("en",) or ("ms", "en")."""
    return ("ms", "en") if language == SummaryLanguage.BOTH else (str(language),)


@lru_cache(maxsize=4_096)
def translate(msgid: str, language: str) -> str:
    """Return a text marked with `gettext_noop` in a language; cached, because writers ask for every row."""
    # `gettext` under another name: makemessages would collect the variable as a text.
    with override(language):
        return translated(msgid)


def label_in(lazy: str | Promise, language: str) -> str:
    """Return a lazily translated text in a language."""
    with override(language):
        return str(lazy)


@lru_cache(maxsize=256)
def status_label(status: str, language: str) -> str:
    """Return the label of a status in a language, for example "In progress"."""
    return label_in(Status(status).label, language)


@lru_cache(maxsize=256)
def pillar_label(pillar: str, language: str) -> str:
    """Return the label of a pillar in a language; empty for an item without one."""
    return label_in(Pillar(pillar).label, language) if pillar else ""


@lru_cache(maxsize=16)
def role_label(role: str, language: str) -> str:
    """Return the label of an assignment's role in a language, for example "Lead agency"."""
    return label_in(AssignmentRole(role).label, language)


@lru_cache(maxsize=4_096)
def item_name(key: str, language: str) -> str:
    """Return "Recommendation 4" in a language, given "recommendation-4"."""
    kind, _dash, number = key.partition("-")
    with override(language):
        return item_label(kind, int(number))
