"""Asking pages as a person, in a language."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.recommendations.pages import words_of as text_of

__all__ = ["Visitor", "text_of", "toasts"]


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


def toasts(response: HttpResponse) -> list[str]:
    """What a redirect told on the next page."""
    return [str(message) for message in response.context["messages"]]
