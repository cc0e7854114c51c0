"""Whether what is no database has room and answers: disks, broker, scanner."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from evidence import scanning
from installation.conditions import BROKEN, LOOK, OK, ConditionReport
from installation.parts.part import Sample, StatePart
from installation.queues import QUEUES
from ui.numbers import file_size, number, percent

#: Space for files: below it the installation is not well. Uploads are refused much later.
LEAST_FREE_BYTES = 1024**3
#: Told before: that much of a disk, but no more than that many bytes.
_LOW_SHARE, _LOW_BYTES = 0.1, 20 * 1024**3
#: For a connection, and for an answer.
_STEP_SECONDS = 1.5


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes of a disk that are free, and all."""

    free: int
    total: int


def read_disks() -> dict[str, Room | None]:
    """Return the room of the folders of files and of state; None for one that is not there."""
    return {"media": _room(settings.MEDIA_ROOT), "state": _room(settings.STATE_DIR)}


def _room(folder: Path) -> Room | None:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return Room(usage.free, usage.total)


def _say_disks(disks: Mapping[str, Room | None]) -> ConditionReport:
    media = disks["media"]
    if media is None:
        return BROKEN, _("The folder of files is not there: ask the operator to mount it.")
    fullest = min((room for room in disks.values() if room), key=lambda room: room.free)
    left = {"size": file_size(fullest.free), "share": percent(100 * fullest.free // max(1, fullest.total))}
    if fullest.free < LEAST_FREE_BYTES:
        return BROKEN, _(
            "Only %(size)s are left on the disk; soon no file can be received: give it a larger disk, or make room."
        ) % left
    if fullest.free < min(_LOW_BYTES, _LOW_SHARE * fullest.total):
        return LOOK, _("%(size)s (%(share)s) are left on the disk: plan for a larger one.") % left
    return OK, _("%(size)s (%(share)s) are left on the disk.") % left


def _measure_disks(disks: Mapping[str, Room | None]) -> Iterator[Sample]:
    for name, room in disks.items():
        if room:
            yield Sample("disk_free_bytes", room.free, {"folder": name})
            yield Sample("disk_total_bytes", room.total, {"folder": name})


def read_lengths() -> dict[str, int] | None:
    """Return how many tasks wait in each queue; None when the broker does not answer, empty where it keeps none."""
    names = [queue.name for queue in QUEUES]
    if settings.BROKER_URL.startswith("filesystem:"):
        return _lengths_in_folder(Path(settings.BROKER_URL.removeprefix("filesystem://")), names)
    if not settings.BROKER_URL.startswith("redis"):
        return {}
    client = Redis.from_url(
        settings.BROKER_URL,
        socket_timeout=_STEP_SECONDS,
        socket_connect_timeout=_STEP_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        with client:
            asked = client.pipeline(transaction=False)
            for name in names:
                asked.llen(name)
            return dict(zip(names, asked.execute(), strict=True))
    except (RedisError, OSError):
        return None


def _lengths_in_folder(folder: Path, names: list[str]) -> dict[str, int] | None:
    try:
        files = [path.name for path in folder.iterdir()]
    except OSError:
        return None
    return {name: sum(file.endswith(f".{name}.msg") for file in files) for name in names}


def _say_broker(lengths: Mapping[str, int] | None) -> ConditionReport:
    if lengths is None:
        return BROKEN, _(
            "It does not answer, so e-mails, scans and summaries wait for the schedule: ask the operator to start it."
        )
    return OK, _("It answers; %(count)s tasks wait.") % {"count": number(sum(lengths.values()))}


def _measure_broker(lengths: Mapping[str, int] | None) -> Iterator[Sample]:
    for name, length in (lengths or {}).items():
        yield Sample("queue_length", length, {"queue": name})


def read_scanner() -> bool | None:
    """Return whether the scanner answers; None where there is none on purpose."""
    return scanning.answers(within=_STEP_SECONDS) if scanning.is_on() else None


def _say_scanner(answers: bool | None) -> ConditionReport:
    if answers is None:
        off = _("Files are not scanned (SCANNER=none), and every page with files says so.")
        return (LOOK if settings.ENVIRONMENT == "production" else OK), off
    if not answers:
        return BROKEN, _("It does not answer, so new files wait: ask the operator to start it.")
    return OK, _("It answers.")


def _measure_scanner(answers: bool | None) -> Iterator[Sample]:
    if answers is not None:
        yield Sample("scanner_answers", int(answers))


DISKS = StatePart("disk", gettext_lazy("Disk"), read_disks, _say_disks, _measure_disks)
BROKER = StatePart("broker", gettext_lazy("Broker"), read_lengths, _say_broker, _measure_broker)
SCANNER = StatePart("scanner", gettext_lazy("Virus scanner"), read_scanner, _say_scanner, _measure_scanner)
