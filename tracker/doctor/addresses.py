"""Whether the addresses fit each other, and what answers at the site's address: its certificate, and Jejak behind it."""

import http.client
import socket
import ssl
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import validate_host
from django.urls import reverse

from installation.parts.certificate import FEW_DAYS, end_of_certificate
from tracker.doctor.looking import BROKEN, LOOK, OK, UNSEEN, ConditionReport, first_of

#: For the connection, and for each step of TLS.
_STEP_SECONDS = 2.0


def look_at_names() -> ConditionReport:
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


def look_at_https() -> ConditionReport:
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


def look_at_certificate() -> ConditionReport:
    """Say whether the certificate of SITE_URL is valid, and for how many days."""
    address = urlsplit(settings.SITE_URL)
    if address.scheme != "https":
        return UNSEEN, "SITE_URL begins with http: there is no certificate to look at."
    host = address.hostname or ""
    try:
        ends_at = end_of_certificate(host, address.port or 443)
    except ssl.SSLCertVerificationError as error:
        return (
            BROKEN,
            f"Browsers refuse the certificate of SITE_URL ({error.verify_message}): give the proxy another.",
        )
    except ssl.SSLError:
        return BROKEN, "What answers at SITE_URL speaks no TLS: let the proxy in front do so."
    except OSError as error:
        return LOOK, _absence(error)
    days = int((ends_at - time.time()) / 86_400)
    if days < FEW_DAYS:
        return LOOK, f"The certificate of SITE_URL ends in {days} days: renew it now."
    return OK, f"The certificate of SITE_URL is valid for {days} days."


def _absence(error: OSError) -> str:
    """Return what is said of a site that was not reached. From inside a network its own address often is not."""
    if isinstance(error, socket.gaierror):
        return "The host of SITE_URL is not known here, so the site was not seen: look from a desk."
    return "SITE_URL does not answer here, so the site was not seen: look whether the proxy runs, and from a desk."


def look_at_site() -> ConditionReport:
    """Ask for the page of signing in, as a browser does, and say whether the proxy in front passes on what it must."""
    address = urlsplit(settings.SITE_URL)
    try:
        status, location = _answer(address.scheme == "https", address.hostname or "", address.port)
    except ssl.SSLError:
        return UNSEEN, "The site was not asked for a page, as its certificate is refused: mend that first."
    except (http.client.HTTPException, ValueError):
        return BROKEN, "What answers at SITE_URL does not speak HTTP: compare host and port."
    except OSError as error:
        return LOOK, _absence(error)
    return first_of(
        (status == 200, OK, "The page of signing in opens at SITE_URL."),
        (
            location.startswith("https:") and location.endswith(reverse("account_login")),
            BROKEN,
            "Pages lead back to themselves: let the proxy send X-Forwarded-Proto (nginx: `proxy_set_header X-Forwarded-Proto $scheme`).",
        ),
        (
            status == 400,
            BROKEN,
            "Jejak does not know the host that the proxy tells it: let the proxy pass it on (nginx: `proxy_set_header Host $host`).",
        ),
        (
            status in (502, 503, 504),
            BROKEN,
            f"The site answers {status}: look whether `web` runs, and whether the proxy leads to it.",
        ),
        (
            True,
            BROKEN,
            f"The site answers {status} in place of the page of signing in: compare SITE_URL and the proxy.",
        ),
        well="",
    )


def _answer(is_secure: bool, host: str, port: int | None) -> tuple[int, str]:
    """Return the status of the page of signing in, and where it leads. Raises OSError and HTTPException."""
    kind = http.client.HTTPSConnection if is_secure else http.client.HTTPConnection
    site = kind(host, port, timeout=_STEP_SECONDS)
    try:
        site.request("GET", reverse("account_login"))
        response = site.getresponse()
        return response.status, response.headers.get("Location", "")
    finally:
        site.close()
