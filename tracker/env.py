"""Strict readers of the environment: a wrong value is one sentence that says which, what is wrong, what to write."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import SplitResult, quote, unquote, urlsplit

from dotenv import dotenv_values

from tracker.service_addresses import (
    ENCRYPTED_MODES,
    PROVEN_TLS,
    is_beyond_this_machine,
    read_broker,
    read_database,
    read_email,
    tls_mode,
)

T = TypeVar("T")
_TRUE, _FALSE = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}
#: The words of `accounts.roles.Role`, which cannot be imported before the settings.
_ROLES = ("officer", "coordinator", "reviewer", "administrator", "observer")
_HOST_AND_PORT = re.compile(r"[A-Za-z0-9._-]+:\d{1,5}|\[[0-9A-Fa-f:]+\]:\d{1,5}")
_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(:\d{1,5})?")
_MAILBOX = re.compile(r"[^\s@,;<>]+@[A-Za-z0-9.-]+")
_CONTACT = re.compile(r"mailto:[^\s@]+@[A-Za-z0-9.-]+|https://[A-Za-z0-9.-]+(:\d{1,5})?(/[!-~]*)?")
#: What may stand in a file of its own, which NAME_FILE names by its full path: it is then in no list of processes.
SECRETS = (
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "BROKER_URL",
    "EMAIL_URL",
    "OIDC_CLIENT_SECRET",
    "METRICS_TOKEN",
)
#: Of these an empty file says that there is none.
_MAY_BE_EMPTY = frozenset({"SECRET_KEY_FALLBACKS", "OIDC_CLIENT_SECRET"})
#: The password of an address may be given apart, in NAME or in a file that NAME_FILE names: then the address is no secret.
PASSWORDS = {
    "DATABASE_URL": "DATABASE_PASSWORD",
    "DATABASE_OWNER_URL": "DATABASE_OWNER_PASSWORD",
    "BROKER_URL": "BROKER_PASSWORD",
    "EMAIL_URL": "EMAIL_PASSWORD",
}
#: Secrets of the owner of the tables.
_OF_OWNER = frozenset({"DATABASE_OWNER_URL", "DATABASE_OWNER_PASSWORD"})
#: Stands for "there is no default": the variable must be set.
REQUIRED: Any = object()


class BadSetting(Exception):
    """A variable that cannot be used; the message is the whole sentence for the operator."""


#: The beginning of a line with a setting.
_SETTING = re.compile(r"(?:export )?([A-Za-z_0-9]+)=")


class Variables(dict[str, str]):
    """Variables by their names, and in which line of which file those of files stand."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[str, str] = {}


def read_file(path: Path) -> dict[str, str]:
    """Return the variables of a .env file; nothing when there is no such file. Raises BadSetting."""
    places = places_in(path)
    found = dotenv_values(path, interpolate=False, encoding="utf-8") if places else {}
    if unread := [place for name, place in places.items() if found.get(name) is None]:
        raise BadSetting(f"The quotes in {unread[0]} are not closed.")
    return {name: value for name, value in found.items() if value is not None}


def places_in(path: Path) -> dict[str, str]:
    """Return of each variable of a .env file where it stands, in words. Raises BadSetting for a line that is none."""
    found: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    except (OSError, ValueError) as error:
        raise BadSetting(f"The file {path} cannot be read: {error}.") from error
    for number, line in enumerate(lines, 1):
        if setting := _SETTING.match(line):
            found[setting[1]] = f"line {number} of {path}"
        elif line.strip() and not line.startswith("#"):
            # It may hold a secret.
            raise BadSetting(f"Line {number} of {path} is no setting: write NAME=value, or begin it with #.")
    return found


def file_of(base: Path) -> Path | None:
    """Return the installation's own file: .env in the folder, or what ENV_FILE names; None when it names nothing."""
    name = os.environ.get("ENV_FILE", ".env")
    return base / name if name else None


def state_folder(base: Path) -> Path:
    """Return the folder in which the installation keeps its files, from the environment or its own file. Raises BadSetting."""
    file = file_of(base)
    return Reader({**(read_file(file) if file else {}), **os.environ}).folder("STATE_DIR", base / ".jejak")


def gather(*files: Path | None) -> Variables:
    """Return the variables in force: the process's environment first, then the files in the order given.

    A secret that lies in a file of its own (`SECRETS`) is read from there, but not the owner's where this process may not
    read it, and is not the owner's. Raises BadSetting.
    """
    found = Variables()
    for file in filter(None, reversed(files)):
        found.update(read_file(file))
        found.places.update(places_in(file))
    found.update(os.environ)
    for name in os.environ:
        found.places.pop(name, None)
    for name in SECRETS:
        path = found.get(f"{name}_FILE", "").strip()
        if path and not _is_for_others(name, path):
            found[name] = _secret_in_file(name, path, beside=found.get(name, "").strip())
    for address, name in PASSWORDS.items():
        if found.get(address, "").strip():
            found[address] = _with_password(found, address, name)
    return found


def _with_password(found: Mapping[str, str], address: str, name: str) -> str:
    """Return the address with the password that is given apart. Whoever signs in without a name (mail) needs none."""
    url = found[address].strip()
    scheme, _slashes, rest = url.partition("://")
    netloc = re.split("[/?#]", rest, maxsplit=1)[0]
    who, _at, host = netloc.rpartition("@")
    user, _colon, inside = who.partition(":")
    if not user and not inside and not url.startswith("redis"):
        return url
    path = found.get(f"{name}_FILE", "").strip()
    password = found.get(name, "").strip()
    if path and not _is_for_others(name, path):
        password = _secret_in_file(name, path, beside=password)
    if not password or unquote(inside) == password:
        return url
    if inside:
        raise BadSetting(f"{address} holds a password and {name} another: leave one of them out.")
    return f"{scheme}://{user}:{quote(password, safe='')}@{host}{rest[len(netloc) :]}"


def _is_for_others(name: str, path: str) -> bool:
    """Return whether a file is for processes of the owner of the tables alone, as its rights say."""
    is_owner = os.environ.get("JEJAK_DATABASE_ROLE") == "owner"
    return name in _OF_OWNER and not is_owner and not os.access(path, os.R_OK)


def _secret_in_file(name: str, path: str, *, beside: str) -> str:
    """Return what a file holds, without space around it. `beside` is the value given in the usual way, or empty."""
    if not Path(path).is_absolute():
        raise BadSetting(f"{name}_FILE is {path!r}: write the full path of a file, beginning with a slash.")
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not a text"
        raise BadSetting(
            f"{name}_FILE is {path!r}, which cannot be read ({reason}): let the user that Jejak runs as read it."
        ) from error
    if not value and name in _MAY_BE_EMPTY:
        return beside
    if not value or "\n" in value:
        raise BadSetting(
            f"{name}_FILE is {path!r}, which does not hold one line: write the value alone into it."
        )
    if beside not in {"", value}:
        raise BadSetting(f"{name} and {name}_FILE say different things: leave one of them out.")
    return value


class Reader:
    """Reads typed values from a mapping; an empty value counts as not set. Every method raises BadSetting."""

    def __init__(self, source: Mapping[str, str]) -> None:
        self._source = source
        self._places = source.places if isinstance(source, Variables) else {}

    def _bad(self, name: str, sentence: str) -> BadSetting:
        """Return the sentence about a variable, and where it stands if that is a file."""
        place = self._places.get(name)
        return BadSetting(f"{sentence} It stands in {place}." if place else sentence)

    def text(self, name: str, default: str = REQUIRED, *, what: str = "a text") -> str:
        """Return the value as it stands."""
        value = self._source.get(name, "").strip()
        if value:
            return value
        if default is REQUIRED:
            raise self._bad(name, f"{name} is not set: write {what}.")
        return default

    def secret(self, name: str, *, at_least: int) -> str:
        """Return a secret of a minimum length in characters."""
        how = "python -c 'import secrets; print(secrets.token_urlsafe(50))'"
        value = self.text(name, what=f"at least {at_least} random characters, for example from {how}")
        if len(value) < at_least:
            raise self._bad(
                name,
                f"{name} has {len(value)} characters: write at least {at_least} random ones, for example from {how}.",
            )
        return value

    def secrets(
        self, name: str, *, at_least: int, what: str = "earlier values of SECRET_KEY, whole"
    ) -> list[str]:
        """Return secrets of a minimum length in characters, with commas between; none when it is not set."""
        found = self.words(name, (), what="secrets with commas between")
        for value in found:
            if len(value) < at_least:
                raise self._bad(
                    name,
                    f"{name} holds a secret of {len(value)} characters: write {what}, at least {at_least} characters each, "
                    "with commas between.",
                )
        return found

    def flag(self, name: str, default: bool) -> bool:
        """Return true or false; any other word is refused."""
        value = self.text(name, "").lower()
        if not value:
            return default
        if value not in _TRUE | _FALSE:
            raise self._bad(name, f"{name} is {value!r}: write true or false.")
        return value in _TRUE

    def number(self, name: str, default: int, *, at_least: int, at_most: int) -> int:
        """Return a whole number within both limits."""
        value = self.text(name, str(default))
        if not re.fullmatch(r"-?\d+", value) or not at_least <= int(value) <= at_most:
            raise self._bad(name, f"{name} is {value!r}: write a whole number from {at_least} to {at_most}.")
        return int(value)

    def web_size(self) -> tuple[int, int]:
        """Return with how many processes, and how many threads in each, pages are made."""
        workers = self.number("WEB_WORKERS", 2, at_least=1, at_most=64)
        return workers, self.number("WEB_THREADS", 4, at_least=1, at_most=64)

    def choice(self, name: str, options: tuple[str, ...], default: str = REQUIRED) -> str:
        """Return one of the words."""
        value = self.text(name, default, what=_either(options))
        if value not in options:
            raise self._bad(name, f"{name} is {value!r}: write {_either(options)}.")
        return value

    def words(self, name: str, default: tuple[str, ...] = REQUIRED, *, what: str) -> list[str]:
        """Return the parts of a list with commas between."""
        value = self.text(name, what=what) if default is REQUIRED else self.text(name, "")
        parts = [part.strip() for part in value.split(",") if part.strip()]
        return parts or list(default)

    def addresses(self, name: str) -> list[str]:
        """Return e-mail addresses, with commas between; none when it is not set."""
        what = "e-mail addresses with commas between, for example operators@example.gov.my"
        found = self.words(name, (), what=what)
        for address in found:
            if not _MAILBOX.fullmatch(address):
                raise self._bad(name, f"{name} holds {address!r}: write {what}.")
        return found

    def hosts(self, name: str, default: tuple[str, ...] = REQUIRED) -> list[str]:
        """Return host names; a scheme, a path or a lone star is refused."""
        what = "the host names people type, with commas between, for example jejak.mapo.gov.my"
        found = self.words(name, default, what=what)
        for host in found:
            if host == "*" or "/" in host or " " in host:
                raise self._bad(name, f"{name} holds {host!r}: write {what}.")
        return found

    def origins(self, name: str) -> list[str]:
        """Return origins such as https://jejak.mapo.gov.my."""
        what = "origins with their scheme, for example https://jejak.mapo.gov.my"
        found = self.words(name, (), what=what)
        for origin in found:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path not in {"", "/"}:
                raise self._bad(name, f"{name} holds {origin!r}: write {what}.")
        return [origin.rstrip("/") for origin in found]

    def origin(self, name: str, default: str = REQUIRED) -> str:
        """Return one origin, without a slash at its end: where people reach the site."""
        what = "the address under which people reach the site, for example https://jejak.mapo.gov.my"
        found = self.text(name, default, what=what).rstrip("/")
        try:
            parts = urlsplit(found)
            host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
            plain = f"{host}:{parts.port}" if parts.port else f"{host}"
        except ValueError:
            plain = ""
        if found.lower() not in {f"http://{plain}", f"https://{plain}"} or not _HOST.fullmatch(plain):
            raise self._bad(name, f"{name} is {found!r}: write {what}, with its scheme and without a path.")
        return found

    def roles(self, name: str, *, always: frozenset[str]) -> frozenset[str]:
        """Return the named roles and those that are always among them."""
        found = set(self.words(name, (), what=_either(_ROLES)))
        if missing := sorted(found - set(_ROLES)):
            raise self._bad(
                name, f"{name} holds {missing[0]!r}: write roles with commas between: {_either(_ROLES)}."
            )
        return frozenset(found) | always

    def folder(self, name: str, default: Path) -> Path:
        """Return an absolute path that is a folder, or can become one."""
        path = Path(self.text(name, str(default)))
        if not path.is_absolute():
            raise self._bad(
                name, f"{name} is {str(path)!r}: write the full path of a folder, beginning with a slash."
            )
        if path.exists() and not path.is_dir():
            raise self._bad(
                name, f"{name} is {str(path)!r}, which is not a folder: write the full path of one."
            )
        return path

    def database(self, name: str, *, demands_tls: bool = False) -> dict[str, Any]:
        """Return Django's settings of a PostgreSQL address; a socket folder is given as ?host=/folder.

        With `demands_tls` a server beyond this machine must be reached by TLS, and the address must say so.
        """
        what = "an address such as postgres://name:password@host:5432/jejak"
        found = self._address(name, what, read_database)
        mode = tls_mode(found["OPTIONS"])
        if demands_tls and is_beyond_this_machine(found["HOST"]) and mode not in ENCRYPTED_MODES:
            raise self._bad(
                name,
                f"{name} leads to another machine with sslmode={mode}, which goes on without TLS: write ?{PROVEN_TLS} "
                "at its end (in containers DATABASE_TLS=verify-full).",
            )
        return found

    def broker(self, name: str, default: str = REQUIRED) -> str:
        """Return the broker's address: redis://, rediss://, filesystem:///folder, or memory:// (tests)."""
        what = "redis://host:6379/0, rediss://host:6379/0 or filesystem:///full/path/of/a/folder"
        return self._address(name, what, read_broker, default)

    def email(self, name: str, default: str = REQUIRED) -> dict[str, Any]:
        """Return Django's settings of a mail address: smtp, smtp+tls, smtp+ssl, file, console or memory (tests)."""
        what = "smtp+tls://name:password@host:587, smtp+ssl://…, smtp://…, file:///full/path/of/a/folder or console://"
        return self._address(name, what, read_email, default)

    def scanner_address(self, name: str) -> str:
        """Return ClamAV's address, host:port or the full path of its socket; empty when there is none."""
        value = self.text(name, "")
        if value and not value.startswith("/") and not _HOST_AND_PORT.fullmatch(value):
            raise self._bad(
                name,
                f"{name} is {value!r}: write host:port, for example clamav:3310, or the full path of clamd's socket.",
            )
        return value

    def contact(self, name: str) -> str:
        """Return an address for reports of weaknesses, mailto: or https://; empty when there is none."""
        value = self.text(name, "")
        if value and not _CONTACT.fullmatch(value):
            raise self._bad(
                name,
                f"{name} is {value!r}: write mailto: and an e-mail address, or the https:// address of a page.",
            )
        return value

    def _address(self, name: str, what: str, parse: Callable[[SplitResult], T], default: str = REQUIRED) -> T:
        value = self.text(name, default, what=what)
        try:
            return parse(urlsplit(value))
        except ValueError as error:
            raise self._bad(name, f"{name} {error}: write {what}.") from error


def _either(options: tuple[str, ...]) -> str:
    return " or ".join((", ".join(options[:-1]), options[-1])) if len(options) > 1 else options[0]
