"""What tests compare of pages."""

import re

from django.http import HttpResponse

_TOKEN = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')


def body_of(response: HttpResponse) -> bytes:
    """Return the body without the tokens of its forms, which differ each time."""
    return without_tokens(response.content)


def without_tokens(page: bytes) -> bytes:
    """Return a page without the tokens of its forms."""
    return _TOKEN.sub(rb"\1", page)
