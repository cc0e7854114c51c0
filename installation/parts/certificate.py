"""For how many days the certificate of the site's own address is valid."""

import math
import socket
import ssl
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from installation.conditions import BROKEN, LOOK, OK, UNSEEN, ConditionReport
from installation.parts.part import Sample, StatePart
from ui.numbers import number

#: A certificate that ends sooner is told.
FEW_DAYS = 14
#: For the connection, and for each step of TLS.
_STEP_SECONDS = 2.0
#: In place of days: the site has no TLS, was not reached, or shows a certificate that browsers refuse.
NO_TLS, UNREACHED, REFUSED = None, math.nan, -math.inf


def end_of_certificate(host: str, port: int) -> float:
    """Return when the certificate ends. Raises OSError, of which SSLError is one."""
    with (
        socket.create_connection((host, port), timeout=_STEP_SECONDS) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
    ):
        certificate = secure.getpeercert() or {}
    return ssl.cert_time_to_seconds(str(certificate["notAfter"]))


def read_days() -> float | None:
    """Return how many days are left, or what stands in their place."""
    address = urlsplit(settings.SITE_URL)
    if address.scheme != "https":
        return NO_TLS
    try:
        return (end_of_certificate(address.hostname or "", address.port or 443) - time.time()) / 86_400
    except ssl.SSLError:
        return REFUSED
    except OSError:
        return UNREACHED


def _say(days: float | None) -> ConditionReport:
    if days is None:
        return UNSEEN, _("The address of the site begins with http: there is no certificate.")
    if math.isnan(days):
        return UNSEEN, _(
            "The site does not answer from here at its own address, so its certificate was not seen."
        )
    if days == REFUSED:
        return BROKEN, _("Browsers refuse the certificate: ask the operator to renew it now.")
    words = ngettext("%(count)s day", "%(count)s days", int(days)) % {"count": number(int(days))}
    if days < FEW_DAYS:
        return LOOK, _("The certificate ends in %(days)s: ask the operator to renew it now.") % {
            "days": words
        }
    return OK, _("The certificate is valid for %(days)s.") % {"days": words}


def _measure(days: float | None) -> Iterator[Sample]:
    if days is not None and not math.isnan(days):
        yield Sample("certificate_days_left", max(0.0, days))


CERTIFICATE = StatePart("certificate", gettext_lazy("Certificate"), read_days, _say, _measure)
