"""Addresses of pages, looked up once: a page holds dozens, and Django's `reverse` is slow."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=4_096)
def address_of(view: str, *parts: int | str) -> str:
    """Return the address of a view with these arguments; it stays the same as long as the process runs."""
    return reverse(view, args=parts)
