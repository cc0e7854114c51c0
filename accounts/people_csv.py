"""Reads the CSV of people to invite. All errors are found at once, each with its line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.errors import BadValue
from accounts.models import NAME_LENGTH, Agency, Language, User
from accounts.roles import Role
from accounts.services import Newcomer
from accounts.texts import mail_address, one_line

COLUMNS = ("name", "email", "agency", "role", "clearance", "language")
REQUIRED = ("name", "email", "agency", "role")
MAX_ROWS = 500
EXAMPLE = ("Aminah binti Yusof", "aminah@agensi.gov.my", "PDRM", "officer", "restricted", "ms")


@dataclass(frozen=True)
class RowError:
    """What is wrong, where: the line of the file (1 is the head) and the column."""

    line: int
    column: str
    message: str


@dataclass
class Reading:
    """What a file says: people in its order, and everything that is wrong with it."""

    newcomers: list[Newcomer] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


def template() -> str:
    """A file to fill in: the head and one example."""
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS, EXAMPLE])
    return out.getvalue()


def read(text: str) -> Reading:
    """The people of a CSV text with a head; commas or semicolons, columns in any order."""
    reading = Reading()
    try:
        rows = list(_rows(text.lstrip("\ufeff")))
    except csv.Error:
        reading.errors.append(RowError(1, "", _("This is not a readable CSV file.")))
        return reading
    _check_shape(rows, reading)
    if not reading.errors:
        _Reader(reading).read(rows)
    return reading


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in head else ",", strict=True)
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or []]
    for row in reader:
        values = {name: (row.get(name) or "").strip() for name in (*COLUMNS, *reader.fieldnames) if name}
        if any(values.values()) or None in row:
            yield reader.line_num, values


def _check_shape(rows: list[tuple[int, dict[str, str]]], reading: Reading) -> None:
    if not rows:
        reading.errors.append(RowError(1, "", _("The file holds no people below its head.")))
        return
    if len(rows) > MAX_ROWS:
        message = _("The file holds more than %(count)d people. Split it.") % {"count": MAX_ROWS}
        reading.errors.append(RowError(1, "", message))
    unknown = [name for name in rows[0][1] if name not in COLUMNS]
    for name in unknown:
        message = _("Unknown column. Known are: %(columns)s.") % {"columns": ", ".join(COLUMNS)}
        reading.errors.append(RowError(1, name, message))


class _Reader:
    """Turns rows into newcomers, with the agencies and e-mails that exist (two queries for the file)."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.agencies = {agency.code.lower(): agency for agency in Agency.objects.active()}
        self.roles = _by_word(Role.choices)
        self.clearances = _by_word(Clearance.choices)
        self.clearances |= {member.name.lower(): str(member.value) for member in Clearance}
        self.languages = _by_word(Language.choices)
        self.spelt: dict[str, list[str]] = {
            "agency": sorted(agency.code for agency in self.agencies.values()),
            "role": Role.values,
            "clearance": [member.name.lower() for member in Clearance],
            "language": Language.values,
        }
        self.taken: set[str] = set()
        self.seen: dict[str, int] = {}

    def read(self, rows: list[tuple[int, dict[str, str]]]) -> None:
        emails = [row["email"].lower() for _line, row in rows]
        self.taken = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
        for line, row in rows:
            errors = list(self._errors(line, row))
            self.reading.errors.extend(errors)
            if not errors:
                self.reading.newcomers.append(self._newcomer(row))

    def _errors(self, line: int, row: dict[str, str]) -> Iterator[RowError]:
        for column in REQUIRED:
            if not row[column]:
                yield RowError(line, column, _("This is missing."))
        yield from self._name_errors(line, row["name"])
        yield from self._email_errors(line, row["email"].lower())
        known: dict[str, Mapping[str, object]] = {
            "agency": self.agencies,
            "role": self.roles,
            "clearance": self.clearances,
            "language": self.languages,
        }
        for column, values in known.items():
            if row[column] and row[column].lower() not in values:
                words = {"value": row[column], "known": ", ".join(self.spelt[column])}
                yield RowError(
                    line, column, _("“%(value)s” is not known here. Write one of: %(known)s.") % words
                )

    def _name_errors(self, line: int, name: str) -> Iterator[RowError]:
        try:
            one_line(name or "-", most=NAME_LENGTH)
        except BadValue as error:
            yield RowError(line, "name", str(error))

    def _email_errors(self, line: int, email: str) -> Iterator[RowError]:
        if not email:
            return
        first = self.seen.setdefault(email, line)
        try:
            mail_address(email)
        except BadValue as error:
            yield RowError(line, "email", str(error))
            return
        if first != line:
            yield RowError(line, "email", _("The same e-mail stands on line %(line)d.") % {"line": first})
        elif email in self.taken:
            yield RowError(line, "email", _("Somebody already signs in with %(email)s.") % {"email": email})

    def _newcomer(self, row: dict[str, str]) -> Newcomer:
        clearance = self.clearances.get(row["clearance"].lower())
        return Newcomer(
            name=row["name"],
            email=row["email"].lower(),
            agency=self.agencies[row["agency"].lower()],
            role=self.roles[row["role"].lower()],
            clearance=None if clearance is None else int(clearance),
            language=self.languages.get(row["language"].lower(), Language.MALAY),
        )


def _by_word(choices: Sequence[tuple[object, str | Promise]]) -> dict[str, str]:
    """Stored values by themselves and by their label in the reader's language, in lower case."""
    words = {str(value).lower(): str(value) for value, _label in choices}
    return words | {str(label).lower(): str(value) for value, label in choices}
