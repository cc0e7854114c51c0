"""Addresses of pages: looked up once, and those that only some installations have."""

from collections.abc import Callable
from functools import lru_cache

from django.urls import Resolver404, ResolverMatch, URLPattern, URLResolver, reverse
from django.urls.resolvers import RoutePattern


@lru_cache(maxsize=4_096)
def address_of(view: str, *parts: int | str) -> str:
    """Return the address of a view with these arguments; it stays the same as long as the process runs.

    A page holds dozens, and Django's `reverse` is slow.
    """
    return reverse(view, args=parts)


class OptionalAddresses(URLResolver):
    """Addresses that lead to their views only where `is_here()`; elsewhere they answer whatever no address answers.

    Neither the method, a missing token nor a missing sign-in tells them from an address that never was. Names can be
    reversed everywhere.
    """

    def __init__(self, is_here: Callable[[], bool], *patterns: URLPattern) -> None:
        super().__init__(RoutePattern(""), patterns)
        self._is_here = is_here

    def resolve(self, path: str) -> ResolverMatch:
        """Return the match of a path. Raises Resolver404 where there is none, or the installation lacks them."""
        if not self._is_here():
            raise Resolver404({"path": path})
        return super().resolve(path)
