"""Logs as one JSON object a line, each with the id of the request or task that it belongs to."""

import re
from typing import Any, TypeVar

import structlog
from django.http.response import HttpResponseBase
from structlog.typing import EventDict, WrappedLogger

from ui.secret_links import hide_secret_links

#: PostgreSQL tells which row it refused, with its values: hashes of passwords, keys of sessions, texts.
_REFUSED_ROW = re.compile(
    r"\bDETAIL: .*?(?=\n(?:HINT|CONTEXT|STATEMENT):|\n\nThe above exception|\n\nDuring handling|\Z)",
    re.DOTALL,
)


def hide_secrets(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Cut secret links, and rows that the database refused, from every text of a log line."""
    return {name: _without_secrets(value) for name, value in event.items()}


def _without_secrets(value: Any) -> Any:
    if isinstance(value, str):
        return _REFUSED_ROW.sub("DETAIL: …", hide_secret_links(value))
    if isinstance(value, dict):
        return {_without_secrets(name): _without_secrets(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(each) for each in value]
    return value


Answer = TypeVar("Answer", bound=HttpResponseBase)


def keep_out_of_error_log(response: Answer) -> Answer:
    """Return a 503 that is told elsewhere: Django would write it as an error too, with all that called it."""
    vars(response)["_has_been_logged"] = True
    return response


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
    structlog.processors.UnicodeDecoder(),
    hide_secrets,
]


def logging_settings(level: str, *, reports: bool = False) -> dict[str, Any]:
    """Return Django's LOGGING: everything of this level and above to standard output, and `reports` of errors by mail."""
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
            **({"reports": {"class": "installation.error_reports.ErrorReportHandler"}} if reports else {}),
        },
        "root": {"handlers": ["out", *(["reports"] if reports else [])], "level": level},
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
