"""What tests compare of pages."""

import re

from django.http import HttpResponse

#: Tokens, and the second at which the session ends.
_OF_THIS_ANSWER = re.compile(
    rb'(?i)(name="csrfmiddlewaretoken" value|nonce|data-csrf|data-until)="[^"]*"|content="[a-z0-9]{64}"'
)


def body_of(response: HttpResponse) -> bytes:
    """Return the body without what differs each time."""
    return without_tokens(response.content)


def without_tokens(page: bytes) -> bytes:
    """Return a page without its tokens and the end of its session: what differs between two answers to one question."""
    return _OF_THIS_ANSWER.sub(b"", page)
