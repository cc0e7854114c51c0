"""What tests of pages share: somebody at a browser, and how a page reads."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from recommendations.models import Update


def browser_of(person: User, language: str = "en") -> Client:
    """A browser in which this person has signed in and chosen a language."""
    client = Client()
    client.force_login(person)
    client.cookies["language"] = language
    return client


def words_of(response: HttpResponse) -> str:
    """The page as a reader reads it: no tags, entities as signs, spaces made one."""
    html = re.sub(r"<(script|style|svg|template)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ").split())


def typed(**changes: Any) -> dict[str, Any]:
    """The fields of the update form as a browser sends them, complete enough to be sent to MAPO."""
    fields = {
        "status": "progress",
        "percent": "40",
        "narrative": "Kursus telah diadakan di 4 kontinjen.",
        "covers_from": "2023-07-01",
        "covers_to": "2023-08-31",
        "classification": "1",
        "documents": [],
        "revision": "0",
    }
    return {**fields, **changes}


def edit_url(update: Update) -> str:
    """The form of an update."""
    return reverse("recommendations:update_edit", args=[update.pk])


def autosave_url(update: Update) -> str:
    """Where the form's script sends what is typed."""
    return reverse("recommendations:update_autosave", args=[update.pk])
