"""What Prometheus reads: what all processes of the web counted, and how each part of the installation is."""

import hmac
import os
from collections import defaultdict
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from installation import state
from installation.counting import COUNTED
from installation.parts.part import Sample

#: All gauges, with what they say; their names begin with `jejak_`. docs/watching.md and the alerts name no others.
GAUGES = {
    "anchor_age_seconds": "Since a place outside took the head of the audit trail.",
    "anchor_places": "Places that are to take the head of the audit trail.",
    "backup_age_seconds": "Since the last whole backup of a kind began.",
    "backup_troubles": "Kinds of backups that failed, are late or were never made.",
    "beat_age_seconds": "Since the schedule's last turn.",
    "build_info": "The version that runs.",
    "certificate_days_left": "Days until the site's certificate ends; 0 when it is refused.",
    "clock_apart_seconds": "By how much the clocks of server and database differ.",
    "database_connections": "Connections to the database server.",
    "database_connections_most": "Connections that the database server allows.",
    "database_oldest_transaction_seconds": "Since the oldest open transaction of Jejak began.",
    "disk_free_bytes": "Bytes left for a folder.",
    "disk_total_bytes": "Bytes of a folder's disk.",
    "files_checked_share": "Share of the stored files that were read again within 30 days.",
    "files_harmed": "Stored files that are not what was received.",
    "files_not_backed_up": "Files that were received after the last backup of files began.",
    "files_stored": "Stored files.",
    "mails_held": "1 while e-mail is held back after a restore.",
    "mails_oldest_seconds": "Since the oldest of these was due, or was made if it was tried in vain.",
    "mails_waiting": "E-mails that are due and not sent, also those that were tried in vain.",
    "part_well": "1 when a part is well or there is none on purpose, 0 when somebody must look.",
    "queue_length": "Tasks that wait in a queue.",
    "queue_turn_age_seconds": "Since a queue's last turn.",
    "scanner_answers": "1 when the virus scanner answers.",
    "scans_oldest_seconds": "Since the oldest file that waits for its scan was received.",
    "scans_waiting": "Files that wait for their scan.",
    "tables_changed_timestamp_seconds": "When the tables were last changed for a version.",
}


def is_asked_with_token(request: HttpRequest) -> bool:
    """Return whether a request carries one of the tokens in METRICS_TOKEN; never where there is none."""
    kind, _space, given = request.headers.get("Authorization", "").partition(" ")
    offered = given.strip().encode()
    matches = [hmac.compare_digest(offered, token.encode()) for token in settings.METRICS_TOKENS]
    return kind.lower() == "bearer" and any(matches)


def metrics(_request: HttpRequest) -> HttpResponse:
    """Answer with all numbers. Whoever calls this has made sure that the asker may read them."""
    gauges = CollectorRegistry()
    gauges.register(_Gauges())
    text = generate_latest(_counts()) + generate_latest(gauges)
    return HttpResponse(text, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _counts() -> CollectorRegistry:
    """Return the counts of all processes, or of this one where it is alone."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return COUNTED
    together = CollectorRegistry()
    MultiProcessCollector(together)
    return together


class _Gauges(Collector):
    """The numbers of all parts, looked at as for the page."""

    def collect(self) -> Iterator[Metric]:
        """Yield a family for each metric that has a number now."""
        families: dict[str, list[Sample]] = defaultdict(list)
        with translation.override("en"):
            for sample in state.look().samples():
                families[sample.metric].append(sample)
        for name, samples in sorted(families.items()):
            labels = sorted(samples[0].labels)
            family = GaugeMetricFamily(f"jejak_{name}", GAUGES[name], labels=labels)
            for sample in samples:
                family.add_metric([sample.labels[label] for label in labels], sample.value)
            yield family
