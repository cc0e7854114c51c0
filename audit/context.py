"""Where an act came from: kept beside the running request or task, read by `audit.services.record`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """Address, browser and request id of what is running; all empty for a command on the server."""

    address: str | None = None
    user_agent: str = ""
    request_id: str = ""


_NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("audit_origin", default=_NOWHERE)


def current_origin() -> Origin:
    """Return the origin of what is running now."""
    return _origin.get()


@contextmanager
def acting_from(origin: Origin) -> Iterator[None]:
    """Give every Event recorded inside this origin."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)
