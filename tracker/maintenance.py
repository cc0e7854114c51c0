"""When the site will be closed for maintenance: announced by a command, and told on every page until it is over.

It is a file beside the evidence, which all web processes share: pages read it without a query.
"""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ui import dates

_REMEMBERED_SECONDS = 5


@dataclass(frozen=True)
class Closing:
    """From when until when."""

    begins: datetime
    ends: datetime

    def told(self) -> str:
        """Return the sentence for pages, in the reader's language."""
        return _(
            "Jejak is closed for maintenance on %(day)s from %(begins)s to %(ends)s. Save what you are writing before."
        ) % {
            "day": dates.day(self.begins),
            "begins": dates.time_of_day(self.begins),
            "ends": dates.time_of_day(self.ends),
        }


def announce(closing: Closing) -> None:
    """Tell it on every page from now on. Raises OSError."""
    file = _file()
    draft = file.with_name(f".{file.name}")
    told = {"begins": closing.begins.isoformat(), "ends": closing.ends.isoformat()}
    draft.write_text(json.dumps(told), encoding="utf-8")
    draft.replace(file)
    _read_lately.cache_clear()


def withdraw() -> None:
    """Tell it no longer."""
    _file().unlink(missing_ok=True)
    _read_lately.cache_clear()


def announced() -> Closing | None:
    """Return what is announced and not over; a file that cannot be read announces nothing.

    Another process learns of it within seconds: where several hosts share the folder, not every page waits for it.
    """
    closing = _read_lately(_file(), int(time.monotonic() / _REMEMBERED_SECONDS))
    # The machine's own hours, also where a demonstration's clock stands elsewhere.
    return closing if closing and time.time() < closing.ends.timestamp() else None


@lru_cache(maxsize=1)
def _read_lately(file: Path, _turn: int) -> Closing | None:
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
        return Closing(datetime.fromisoformat(told["begins"]), datetime.fromisoformat(told["ends"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def context(_request: HttpRequest) -> dict[str, Any]:
    """Return what the shell of every page tells of it."""
    closing = announced()
    return {"closing_text": closing.told() if closing else ""}


def _file() -> Path:
    return Path(settings.MEDIA_ROOT) / "closing.json"
