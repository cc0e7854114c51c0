"""Whether what stands beside Jejak answers: mail, broker, scanner, and the processes of the schedule and the queues."""

import os
import smtplib
import socket
import ssl
import time
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.mail import get_connection
from django.utils import translation

from audit import clock
from audit.anchors.queries import is_late, last_anchors
from evidence import scanner_state, scanning
from installation.parts import machine
from installation.queues import QUEUES, TaskQueue, turn_key
from tracker import checks, readiness
from tracker.doctor.looking import BROKEN, LOOK, OK, ConditionReport, said_by

#: For each step of the talk with the mail server.
_STEP_SECONDS = 2


def look_at_mail() -> ConditionReport:
    """Connect to the mail server and let it greet, without signing in; nothing is sent."""
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        return _without_server()
    try:
        _let_greet()
    except ssl.SSLCertVerificationError as error:
        return (
            BROKEN,
            f"The mail server's certificate is refused ({error.verify_message}): write the name that stands in it.",
        )
    except smtplib.SMTPNotSupportedError:
        return (
            BROKEN,
            "The mail server knows no STARTTLS: write smtp+ssl://, or smtp:// within your own network.",
        )
    except (smtplib.SMTPException, ssl.SSLError):
        return (
            BROKEN,
            "What answers at the address in EMAIL_URL does not greet as a mail server does: compare scheme and port.",
        )
    except socket.gaierror:
        return BROKEN, "The host in EMAIL_URL is not known here: mend its name."
    except OSError:
        return BROKEN, "The mail server does not answer: mend EMAIL_URL, or let the firewall pass it."
    how = "with TLS" if settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL else "unencrypted"
    return OK, f"The mail server greets {how}; the password was not tried and nothing was sent."


def _let_greet() -> None:
    """Connect as Django does before it sends, and go. Raises OSError, of which SMTPException and SSLError are some."""
    server = get_connection(username="", password="", timeout=_STEP_SECONDS)
    try:
        server.open()
    finally:
        with suppress(OSError):
            server.close()


def _without_server() -> ConditionReport:
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    if folder and not os.access(folder, os.W_OK):
        return (
            BROKEN,
            "The folder of mails in EMAIL_URL cannot be written: make it, and let Jejak's user write it.",
        )
    if settings.ENVIRONMENT == "production":
        return LOOK, "Mails reach nobody, as EMAIL_URL names no mail server: write one (smtp+tls://…)."
    return OK, "Mails stay on this machine, as EMAIL_URL says."


def look_at_broker() -> ConditionReport:
    """Say whether the broker answers."""
    if readiness.look_at_broker()["broker"] != readiness.OK:
        return (
            BROKEN,
            "The broker does not answer at the address in BROKER_URL: start it, or mend the address.",
        )
    if settings.BROKER_URL.startswith("memory:"):
        return (
            LOOK,
            "BROKER_URL is memory://, so that pages do the worker's work: write redis://… outside of tests.",
        )
    return OK, f"The broker answers ({urlsplit(settings.BROKER_URL).scheme})."


def look_at_beat() -> ConditionReport:
    """Say how long ago the schedule gave anybody something to do."""
    age = min(_ages().values())
    if age > readiness.BEAT_LATE_SECONDS:
        return (
            BROKEN,
            f"The schedule's last turn was {_shown(age)}: start `beat`, then the worker; a fresh start takes a minute.",
        )
    return OK, f"The schedule's last turn was {_shown(age)}."


def look_at_queues() -> ConditionReport:
    """Say how long ago each queue had its turn."""
    ages = _ages()
    late = {
        queue: age for queue, age in ages.items() if age > queue.hard_seconds + readiness.QUEUE_GRACE_SECONDS
    }
    if late:
        return BROKEN, f"Queues that had no turn in time: {_list(late)}; start `worker`, or start it anew."
    return OK, f"All queues had their turn: {_list(ages)}."


def _ages() -> dict[TaskQueue, float]:
    """Return how many seconds ago each queue noted its turn, infinite if never."""
    now = time.time()
    return {queue: abs(now - cache.get(turn_key(queue.name), float("-inf"))) for queue in QUEUES}


def _list(ages: dict[TaskQueue, float]) -> str:
    return ", ".join(f"{queue.name} {_shown(age)}" for queue, age in ages.items())


def _shown(seconds: float) -> str:
    if seconds == float("inf"):
        return "never"
    return f"{seconds:.0f} seconds ago" if seconds < 120 else f"{seconds / 60:.0f} minutes ago"


def look_at_anchors() -> ConditionReport:
    """Say whether places outside took the head of the log in time."""
    states, now = last_anchors(), clock.now()
    if not states:
        return (
            LOOK,
            "Nothing of the log is kept outside: name a place (ANCHOR_READERS, ANCHOR_AUTHORITY or ANCHOR_FOLDER).",
        )
    late = [state for state in states if state.is_late(now)]
    kinds = ", ".join(sorted({state.place.kind.value for state in late}))
    if is_late(states, now):
        return (
            BROKEN,
            f"No place outside took the head of the log in time ({kinds}): below the audit trail stands why; a fresh start takes half an hour.",
        )
    if late:
        return (
            LOOK,
            f"Some places outside did not take the head of the log in time ({kinds}): below the audit trail stands why.",
        )
    return OK, f"All places outside took the head of the log ({len(states)})."


def look_at_scanner() -> ConditionReport:
    """Say whether the scanner takes files as large as people may send."""
    if not scanning.is_on():
        _condition, sentence = said_by(checks.scanner_is_on(None), well="")
        # How serious that is, the page of the installation's state says too.
        return machine.SCANNER.say(None)[0], sentence
    state = scanner_state.look()
    with translation.override("en"):
        sentence = scanner_state.sentence(state)
    return (BROKEN, sentence) if sentence else (OK, "The scanner takes files as large as people may send.")
