"""Logs as one JSON object a line, each with the id of the request or task that it belongs to."""

import re
from typing import Any

import structlog
from structlog.typing import EventDict, WrappedLogger

#: The last part of a one-time link (accounts.urls, set_password) and of a calendar's link (reminders.urls, feed): who
#: reads a log must not be able to use it. A resolver's traceback names paths without their first slash, and a link that
#: was typed in capitals finds nothing but holds the secret.
_SECRET_LINK = re.compile(r"(\bpassword/[^/\s]+/[^/\s]+/|\bcalendar/)[^/\s\"']+", re.IGNORECASE)


def hide_secret_links(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cut the secret part from every text of a log line."""
    for name, value in event.items():
        if isinstance(value, str) and "/" in value:
            event[name] = _SECRET_LINK.sub(r"\1…", value)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    structlog.processors.UnicodeDecoder(),
    hide_secret_links,
]


def logging_settings(level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything of this level and above to standard output."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {
            "out": {"class": "logging.StreamHandler", "formatter": "json", "stream": "ext://sys.stdout"},
        },
        "root": {"handlers": ["out"], "level": level},
        "loggers": {
            # django_structlog writes one line a request already.
            "django.server": {"level": "WARNING"},
            "django.request": {"level": "ERROR"},
            # A hundred lines for each font that is cut.
            "fontTools": {"level": "WARNING"},
        },
    }


def configure_structlog() -> None:
    """Send structlog's events through the standard library's handlers."""
    structlog.configure(
        processors=[
            *_SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
