"""Asking pages as a person, in a language."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User


class Visitor:
    """A signed-in person with a browser of their own, reading English unless said."""

    def __init__(self, user: User, language: str = "en") -> None:
        self.client = Client()
        self.client.force_login(user)
        User.objects.filter(pk=user.pk).update(language=language)

    def get(self, url: str, **query: str) -> HttpResponse:
        return self.client.get(url, query)

    def post(self, url: str, data: dict[str, Any] | None = None, **more: Any) -> HttpResponse:
        return self.client.post(url, data or {}, **more)


def text_of(response: HttpResponse) -> str:
    """What a reader sees: no tags, no-break spaces as spaces, one space between words."""
    html = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " "))


def toasts(response: HttpResponse) -> list[str]:
    """What a redirect told on the next page."""
    return [str(message) for message in response.context["messages"]]
