"""Reads the addresses of services that settings name: database, broker, mail server."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote

_DATABASE_OPTIONS = {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "target_session_attrs"}


def read_database(address: SplitResult) -> dict[str, Any]:
    """Return Django's settings of an address of PostgreSQL. Raises ValueError with the end of a sentence."""
    if address.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"begins with {address.scheme or 'no scheme'!r}, but only PostgreSQL is supported")
    query = dict(parse_qsl(address.query, strict_parsing=bool(address.query)))
    host = query.pop("host", "") or address.hostname or ""
    name, user = unquote(address.path.lstrip("/")), unquote(address.username or "")
    for part, meaning in ((name, "name of a database"), (user, "name of a role"), (host, "host")):
        if not part:
            raise ValueError(f"has no {meaning}")
    if unknown := sorted(set(query) - _DATABASE_OPTIONS):
        raise ValueError(f"has an option that is not known ({unknown[0]})")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": user,
        "PASSWORD": unquote(address.password or ""),
        "HOST": host,
        "PORT": str(address.port or ""),
        "OPTIONS": query,
    }


#: How libpq may reach a database beyond this machine: the last alone proves whose server it is.
ENCRYPTED_MODES = ("require", "verify-ca", "verify-full")
#: What an address says that reaches it so, with the authorities of Debian.
PROVEN_TLS = "sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt"


def tls_mode(options: Mapping[str, str]) -> str:
    """Return how libpq uses TLS with these options of an address, which need not say it."""
    return options.get("sslmode", "prefer")


def is_beyond_this_machine(host: str) -> bool:
    """Return whether a host is neither a folder of sockets, nor this machine, nor a name of its containers (without a dot)."""
    return not host.startswith(("/", "127.")) and host != "::1" and ("." in host or ":" in host)


def read_broker(address: SplitResult) -> str:
    """Return an address of a broker as Celery takes it. Raises ValueError with the end of a sentence."""
    if address.scheme not in {"redis", "rediss", "filesystem", "memory"}:
        raise ValueError(
            f"begins with {address.scheme or 'no scheme'!r}, which is no broker that is supported"
        )
    if address.scheme == "filesystem" and (address.netloc or address.path in {"", "/"}):
        raise ValueError("names no folder by its full path")
    if address.scheme in {"redis", "rediss"} and not address.hostname:
        raise ValueError("has no host")
    if address.scheme == "filesystem":
        return f"filesystem://{address.path}"
    return "memory://" if address.scheme == "memory" else address.geturl()


def read_email(address: SplitResult) -> dict[str, Any]:
    """Return Django's settings of a way of sending mail. Raises ValueError with the end of a sentence."""
    backend = "django.core.mail.backends."
    if address.scheme in {"console", "memory"}:
        kind = "console" if address.scheme == "console" else "locmem"
        return {"EMAIL_BACKEND": f"{backend}{kind}.EmailBackend"}
    if address.scheme == "file":
        if address.netloc or address.path in {"", "/"}:
            raise ValueError("names no folder by its full path")
        return {"EMAIL_BACKEND": "reminders.mail_folder.MailFolder", "EMAIL_FILE_PATH": address.path}
    return dict(_smtp(address, f"{backend}smtp.EmailBackend"))


def _smtp(address: SplitResult, backend: str) -> Iterator[tuple[str, Any]]:
    ports = {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}
    if address.scheme not in ports:
        raise ValueError(f"begins with {address.scheme or 'no scheme'!r}, which is no way of sending mail")
    if not address.hostname:
        raise ValueError("has no host")
    yield "EMAIL_BACKEND", backend
    yield "EMAIL_HOST", address.hostname
    yield "EMAIL_PORT", address.port or ports[address.scheme]
    yield "EMAIL_HOST_USER", unquote(address.username or "")
    yield "EMAIL_HOST_PASSWORD", unquote(address.password or "")
    yield "EMAIL_USE_TLS", address.scheme == "smtp+tls"
    yield "EMAIL_USE_SSL", address.scheme == "smtp+ssl"
    yield "EMAIL_TIMEOUT", 20
