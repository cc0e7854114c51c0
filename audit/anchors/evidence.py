"""What shows that the chain had a head: rows of the database, and files that were kept outside (mails, tokens, lines)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from pathlib import Path

from django.utils.translation import gettext as _

from audit.anchors.lines import AnchorLine, read_lines
from audit.anchors.timestamps import BadTimestamp, imprint_of, read_timestamp
from audit.models import Anchor, AnchorKind
from audit.snapshot import database_snapshot, stream_rows
from audit.verification import ChainHead
from ui.dates import day_time

_CHUNK_ROWS = 200
#: A sequence of DER, as an authority's answer begins.
_DER = b"\x30"
_MAIL_ENDING = ".eml"
_MOST_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True)
class KeptHead:
    """A head that somebody can show: from where, and of when. A token holds its hash alone (`imprint`)."""

    source: str
    at: datetime
    head: ChainHead | None = None
    imprint: bytes | None = None


@dataclass(frozen=True)
class NoProof:
    """What was shown but proves nothing, and why."""

    source: str
    why: str


@dataclass(frozen=True)
class Trust:
    """What is believed: public keys of this installation, and roots of authorities in a file (empty: none)."""

    keys: Collection[str]
    roots: str


def in_database(trust: Trust) -> Iterator[KeptHead | NoProof]:
    """Yield what the rows of anchors show, oldest first. They may be the work of whoever changed the log."""
    with database_snapshot():
        for row in stream_rows(Anchor.objects.kept().order_by("pk"), chunk_size=_CHUNK_ROWS):
            yield _of_row(row, trust)


def _of_row(row: Anchor, trust: Trust) -> KeptHead | NoProof:
    kind = AnchorKind(row.kind).label
    source = _("%(kind)s, %(when)s, position %(position)s (row %(row)s)") % {
        "kind": kind,
        "when": day_time(row.at),
        "position": row.position,
        "row": row.pk,
    }
    head = ChainHead(row.position, row.hash)
    line = next(read_lines(row.line), None)
    if line is None or (line.head, line.at) != (head, row.at):
        return NoProof(source, _("the row does not say what was signed: it was changed"))
    shown = _of_line(line, source, trust)
    if isinstance(shown, NoProof) or row.kind != AnchorKind.TIMESTAMP or not trust.roots:
        return shown
    stamped = _of_token(bytes(row.proof), source, trust)
    if isinstance(stamped, KeptHead) and stamped.imprint != imprint_of(head):
        return NoProof(source, _("its timestamp is that of another head"))
    return stamped if isinstance(stamped, NoProof) else KeptHead(source, stamped.at, head)


def in_files(paths: Sequence[Path], trust: Trust) -> Iterator[KeptHead | NoProof]:
    """Yield what files show; of a folder, all files in it and below. A file that shows nothing is refused."""
    for path in paths:
        if path.is_dir():
            for file in sorted(each for each in path.rglob("*") if each.is_file()):
                yield from _of_file(file, trust)
        else:
            yield from _of_file(path, trust)


def _of_file(path: Path, trust: Trust) -> Iterator[KeptHead | NoProof]:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES)
    except OSError as error:
        yield NoProof(str(path), _("the file cannot be read: %(error)s") % {"error": error.strerror})
        return
    if content.startswith(_DER):
        yield _of_token(content, str(path), trust)
        return
    lines = list(read_lines(_text_of(path, content)))
    if not lines:
        yield NoProof(str(path), _("the file holds no anchor"))
    for line in dict.fromkeys(lines):
        source = f"{path}, {day_time(line.at)}"
        yield _of_line(line, source, trust)


def _text_of(path: Path, content: bytes) -> str:
    """Return the words of a file: of a mail, those of its texts as they were before they were encoded for the way."""
    if path.suffix.lower() != _MAIL_ENDING:
        return content.decode("utf-8", "replace")
    message = message_from_bytes(content, policy=policy.default)
    texts = (part for part in message.walk() if part.get_content_maintype() == "text")
    decoded = (bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace") for part in texts)
    return "\n".join(decoded)


def _of_line(line: AnchorLine, source: str, trust: Trust) -> KeptHead | NoProof:
    if not line.is_signed_with_its_key():
        return NoProof(source, _("its signature does not match its words: it was changed or made up"))
    if line.key not in trust.keys:
        return NoProof(
            source,
            _(
                "it is signed with a key that is not of this installation (%(key)s…): if the key is one from before a "
                "change of SECRET_KEY, give it with --key"
            )
            % {"key": line.key[:16]},
        )
    return KeptHead(source, line.at, line.head)


def _of_token(content: bytes, source: str, trust: Trust) -> KeptHead | NoProof:
    if not trust.roots:
        return NoProof(source, _("a timestamp needs the authority's roots: give them with --roots"))
    try:
        timestamp = read_timestamp(content, roots=trust.roots)
    except BadTimestamp:
        return NoProof(source, _("no root that is trusted vouches for this timestamp"))
    return KeptHead(source, timestamp.at, imprint=timestamp.imprint)
