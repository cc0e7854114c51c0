"""Read the CSV of people to invite. All errors are found at once, each with its line and column."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.clearance import Clearance
from accounts.models import NAME_LENGTH, Agency, Language, User, default_clearance
from accounts.permissions import needs_second_eyes
from accounts.roles import Role
from accounts.texts import mail_address, require_line
from audit.errors import BadValue

COLUMNS = ("name", "email", "agency", "role", "clearance", "language")
REQUIRED = ("name", "email", "agency", "role")
MAX_ROWS = 500
EXAMPLE = ("Aminah binti Yusof", "aminah@agensi.gov.my", "PDRM", "officer", "restricted", "ms")

#: The values of a row by column.
Row = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Newcomer:
    """One person to invite."""

    name: str
    email: str
    role: str
    agency: Agency
    clearance: int | None = None
    language: str = Language.MALAY
    place: str = ""

    @property
    def role_label(self) -> str:
        """The role in the reader's language."""
        return str(Role(self.role).label)


@dataclass(frozen=True)
class PeopleFileError:
    """What is wrong, and where: the line of the file (1 is the head) and the column ("" for all)."""

    line: int
    column: str
    message: str


@dataclass
class PeopleFile:
    """What a file says: people in its order, and everything that is wrong with it."""

    newcomers: list[Newcomer] = field(default_factory=list)
    errors: list[PeopleFileError] = field(default_factory=list)

    def add_error(self, line: int, column: str, message: str) -> None:
        self.errors.append(PeopleFileError(line, column, message))


def template() -> str:
    """Return a file to fill in: the head and one example."""
    out = io.StringIO()
    csv.writer(out).writerows([COLUMNS, EXAMPLE])
    return out.getvalue()


def read(text: str) -> PeopleFile:
    """Return the people of a CSV text with a head; commas or semicolons, columns in any order (three queries)."""
    file = PeopleFile()
    try:
        rows = list(_rows(text.lstrip("\ufeff")))
    except csv.Error:
        file.add_error(1, "", _("This is not a readable CSV file."))
        return file
    _check_shape(rows, file)
    if not file.errors:
        reader = _PeopleReader(rows, file)
        for line, row in rows:
            reader.read(line, row)
    return file


def _rows(text: str) -> Iterator[tuple[int, Row]]:
    """Yield line number and values of each row that is not empty. Raises csv.Error."""
    head = text.split("\n", 1)[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in head else ",", strict=True)
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or []]
    for row in reader:
        values = {name: (row.get(name) or "").strip() for name in (*COLUMNS, *reader.fieldnames) if name}
        if any(values.values()) or None in row:
            yield reader.line_num, values


def _check_shape(rows: list[tuple[int, Row]], file: PeopleFile) -> None:
    """Add the errors that concern the file as a whole."""
    if not rows:
        file.add_error(1, "", _("The file has no people below its header row."))
        return
    if len(rows) > MAX_ROWS:
        file.add_error(1, "", _("The file has more than %(count)d people. Split it.") % {"count": MAX_ROWS})
    for name in [name for name in rows[0][1] if name not in COLUMNS]:
        message = _("Unknown column. The columns are: %(columns)s.") % {"columns": ", ".join(COLUMNS)}
        file.add_error(1, name, message)


class _PeopleReader:
    """Turns rows into newcomers, with the agencies and e-mails that exist (two queries for the file)."""

    def __init__(self, rows: list[tuple[int, Row]], file: PeopleFile) -> None:
        self.file = file
        self.agencies = {agency.code.lower(): agency for agency in Agency.objects.active()}
        self.words: dict[str, Mapping[str, str]] = {
            "agency": {code: agency.code for code, agency in self.agencies.items()},
            "role": _by_word(Role.choices),
            "clearance": _by_word(Clearance.choices)
            | {member.name.lower(): str(member.value) for member in Clearance},
            "language": _by_word(Language.choices),
        }
        self.spellings = {
            "agency": sorted(self.words["agency"].values()),
            "role": Role.values,
            "clearance": [member.name.lower() for member in Clearance],
            "language": Language.values,
        }
        emails = [row["email"].lower() for _line, row in rows]
        self.taken = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
        self.first_lines: dict[str, int] = {}

    def read(self, line: int, row: Row) -> None:
        """Add the row's newcomer to the file, or everything that is wrong with it."""
        errors_before = len(self.file.errors)
        for column in REQUIRED:
            if not row[column]:
                self.file.add_error(line, column, _("This is missing."))
        self._check(line, "name", lambda: require_line(row["name"] or "-", most=NAME_LENGTH))
        if row["email"]:
            self._check_email(line, row["email"].lower())
        for column, known in self.words.items():
            if row[column] and row[column].lower() not in known:
                about = {"value": row[column], "known": ", ".join(self.spellings[column])}
                message = _("“%(value)s” is not valid here. Write one of: %(known)s.") % about
                self.file.add_error(line, column, message)
        if len(self.file.errors) == errors_before:
            self._check_rights(line, newcomer := self._newcomer(row))
            self.file.newcomers.append(newcomer)

    def _check_rights(self, line: int, newcomer: Newcomer) -> None:
        """Add an error for rights that another administrator must grant: a file has no reason for each."""
        usual = default_clearance(newcomer.role)
        clearance = usual if newcomer.clearance is None else newcomer.clearance
        if needs_second_eyes(role=newcomer.role, clearance=clearance, former_clearance=usual):
            column = "role" if newcomer.role == Role.ADMINISTRATOR else "clearance"
            message = _("Another administrator must grant this. Invite this person under “Invite a person”.")
            self.file.add_error(line, column, message)

    def _check(self, line: int, column: str, check: Callable[[], object]) -> bool:
        """Add the error that `check` raises, if any; return whether there was none."""
        try:
            check()
        except BadValue as error:
            self.file.add_error(line, column, str(error))
            return False
        return True

    def _check_email(self, line: int, email: str) -> None:
        """Add an error for an address that is malformed, stands on an earlier line, or belongs to somebody."""
        first = self.first_lines.setdefault(email, line)
        if not self._check(line, "email", lambda: mail_address(email)):
            return
        if first != line:
            message = _("The same e-mail is on line %(line)d.") % {"line": first}
            self.file.add_error(line, "email", message)
        elif email in self.taken:
            message = _("Somebody already signs in with %(email)s.") % {"email": email}
            self.file.add_error(line, "email", message)

    def _newcomer(self, row: Row) -> Newcomer:
        clearance = self.words["clearance"].get(row["clearance"].lower())
        return Newcomer(
            name=row["name"],
            email=row["email"].lower(),
            agency=self.agencies[row["agency"].lower()],
            role=self.words["role"][row["role"].lower()],
            clearance=None if clearance is None else int(clearance),
            language=self.words["language"].get(row["language"].lower(), Language.MALAY),
        )


def _by_word(choices: Sequence[tuple[object, str | Promise]]) -> dict[str, str]:
    """Return the stored values by themselves and by their label in the reader's language, in lower case."""
    words = {str(value).lower(): str(value) for value, _label in choices}
    return words | {str(label).lower(): str(value) for value, label in choices}
