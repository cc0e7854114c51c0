"""When the site will be closed for maintenance: announced by a command, and told on every page until it is over.

It is a file beside the evidence, which all web processes share: pages read it without a query.
"""

import json
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ui import dates


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


def withdraw() -> None:
    """Tell it no longer."""
    _file().unlink(missing_ok=True)


def announced() -> Closing | None:
    """Return what is announced and not over; a file that cannot be read announces nothing."""
    try:
        told = json.loads(_file().read_text(encoding="utf-8"))
        closing = Closing(datetime.fromisoformat(told["begins"]), datetime.fromisoformat(told["ends"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # The machine's own hours, also where a demonstration's clock stands elsewhere.
    return closing if time.time() < closing.ends.timestamp() else None


def context(_request: HttpRequest) -> dict[str, Any]:
    """Return what the shell of every page tells of it."""
    closing = announced()
    return {"closing_text": closing.told() if closing else ""}


def _file() -> Path:
    return Path(settings.MEDIA_ROOT) / "closing.json"
