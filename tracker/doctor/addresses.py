"""Whether the addresses fit each other, and whether the certificate of the site's address is valid and for how long."""

import socket
import ssl
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host

from tracker.doctor.looking import BROKEN, LOOK, OK, UNSEEN, Said, first_of

#: For the connection, and for each step of TLS.
_STEP_SECONDS = 2.0
#: A certificate that ends sooner is told.
_FEW_DAYS = 14


def look_at_names() -> Said:
    """Say whether the host of SITE_URL may be asked for."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    return first_of(
        (
            not validate_host(host, settings.ALLOWED_HOSTS),
            BROKEN,
            "ALLOWED_HOSTS does not hold the host of SITE_URL, so that every link in a mail would answer 400: add it there.",
        ),
        (
            "*" in settings.ALLOWED_HOSTS,
            LOOK,
            "ALLOWED_HOSTS takes any host (*): write only the names that people type.",
        ),
        well="ALLOWED_HOSTS holds the host of SITE_URL.",
    )


def look_at_https() -> Said:
    """Say whether SITE_URL, HTTPS and TRUSTED_PROXIES fit each other."""
    is_secure, is_live = urlsplit(settings.SITE_URL).scheme == "https", settings.ENVIRONMENT == "production"
    return first_of(
        (
            settings.SECURE_SSL_REDIRECT and not is_secure,
            BROKEN,
            "HTTPS is on but SITE_URL begins with http: write https:// there, or HTTPS=false where nothing has TLS.",
        ),
        (
            is_secure and not settings.SECURE_SSL_REDIRECT,
            BROKEN,
            "SITE_URL begins with https but HTTPS is off, so that cookies cross the network unguarded: write HTTPS=true.",
        ),
        (
            settings.SECURE_SSL_REDIRECT and not settings.TRUSTED_PROXIES,
            BROKEN,
            "HTTPS is on but TRUSTED_PROXIES is 0, so that every page leads back to itself: "
            "write how many of your own proxies stand in front, usually 1.",
        ),
        (
            is_live and not is_secure,
            LOOK,
            "Passwords cross the network in the clear: put a proxy with TLS in front, and write https:// in SITE_URL and HTTPS=true.",
        ),
        well=f"SITE_URL, HTTPS and TRUSTED_PROXIES ({settings.TRUSTED_PROXIES}) fit each other.",
    )


def look_at_certificate() -> Said:
    """Say whether the certificate of SITE_URL is valid, and for how many days."""
    address = urlsplit(settings.SITE_URL)
    if address.scheme != "https":
        return UNSEEN, "SITE_URL begins with http: there is no certificate to look at."
    host = address.hostname or ""
    try:
        ends_at = _end_of_certificate(host, address.port or 443)
    except ssl.SSLCertVerificationError as error:
        return (
            BROKEN,
            f"Browsers refuse the certificate of SITE_URL ({error.verify_message}): give the proxy another.",
        )
    except ssl.SSLError:
        return BROKEN, "What answers at SITE_URL speaks no TLS: let the proxy in front do so."
    except socket.gaierror:
        return (
            LOOK,
            "The host of SITE_URL is not known here, so its certificate was not seen: look from a desk.",
        )
    except OSError:
        return (
            LOOK,
            "SITE_URL does not answer here, so its certificate was not seen: look whether the proxy runs, and from a desk.",
        )
    days = int((ends_at - time.time()) / 86_400)
    if days < _FEW_DAYS:
        return LOOK, f"The certificate of SITE_URL ends in {days} days: renew it now."
    return OK, f"The certificate of SITE_URL is valid for {days} days."


def _end_of_certificate(host: str, port: int) -> float:
    """Return when the certificate ends. Raises OSError, of which SSLError is one."""
    with (
        socket.create_connection((host, port), timeout=_STEP_SECONDS) as plain,
        ssl.create_default_context().wrap_socket(plain, server_hostname=host) as secure,
    ):
        certificate = secure.getpeercert() or {}
    return ssl.cert_time_to_seconds(str(certificate["notAfter"]))
