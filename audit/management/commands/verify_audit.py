"""Verify the audit log from its first row to its last, and against what was kept of it outside."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.anchors.checks import AnchoredCheck, verify_with_anchors
from audit.anchors.evidence import Trust, in_database, in_files
from audit.anchors.lines import our_keys
from audit.verification import ChainHead
from ui.numbers import number

_KEY = re.compile(r"[0-9a-f]{64}")


class Command(BaseCommand):
    """Print the head (POSITION:HASH); name the first bad row and each anchor that contradicts, and exit with code 1.

    It speaks the language of the installation (`LANGUAGE_CODE`), like the pages.
    """

    help = "Recompute the chain of the audit log, compare it with all anchors, and print the head."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--head",
            type=_head,
            metavar="POSITION:HASH",
            help="a head that an earlier run printed, kept elsewhere; shows whether the tail was cut off",
        )
        parser.add_argument(
            "--anchors",
            type=Path,
            nargs="+",
            default=[],
            metavar="FILE",
            help="anchors that were kept outside: saved mails (.eml), timestamps (.tsr), files of lines, or folders of them",
        )
        parser.add_argument(
            "--key",
            type=_key,
            action="append",
            default=[],
            help="a public key that this installation signed with before (64 hexadecimal digits)",
        )
        parser.add_argument(
            "--roots",
            type=_file,
            metavar="PEM",
            help="roots of the authority for timestamps, in place of ANCHOR_AUTHORITY_CA",
        )

    def handle(self, *args: Any, head: ChainHead | None = None, **options: Any) -> None:
        trust = Trust(
            keys={*our_keys(), *options["key"]}, roots=options["roots"] or settings.ANCHORING.authority_ca
        )
        shown = chain(in_database(trust), in_files(options["anchors"], trust))
        check = verify_with_anchors(shown, kept_head=head)
        if not check.is_good:
            raise CommandError("\n".join(_words_of_faults(check)), returncode=1)
        count = {"count": number(check.chain.head.position)}
        self.stdout.write(_("The audit log is whole: %(count)s events.") % count)
        if head is not None:
            self.stdout.write(
                _(
                    "It has the head that you kept: up to position %(position)s nothing was changed, removed or cut off since then."
                )
                % {"position": number(head.position)}
            )
        if check.agreeing or head is None:
            self.stdout.write(_words_of_anchors(check))
        self.stdout.write(_("Head: %(head)s") % {"head": check.chain.head})


def _words_of_anchors(check: AnchoredCheck) -> str:
    """Return how much of the log is proved by what was kept."""
    if not check.agreeing:
        return _("No anchor was compared: a log whose end was cut off would look the same.")
    count = len(check.agreeing)
    words = ngettext(
        "%(count)s anchor agrees: %(source)s.",
        "%(count)s anchors agree; the one that reaches furthest: %(source)s.",
        count,
    )
    return words % {"count": number(count), "source": check.agreeing[-1].source}


def _words_of_faults(check: AnchoredCheck) -> Iterator[str]:
    """Yield all that is wrong, a line each."""
    if check.chain.fault is not None:
        yield check.chain.fault.message
    for contradiction in check.contradictions:
        yield _("Contradicted by %(source)s. %(meaning)s") % {
            "source": contradiction.kept.source,
            "meaning": contradiction.meaning,
        }
    for kept in check.unreached:
        yield _("Not compared, because the chain is broken before it: %(source)s.") % {"source": kept.source}
    for refused in check.refused:
        yield _("No proof: %(source)s: %(why)s.") % {"source": refused.source, "why": refused.why}
    if check.agreeing:
        yield _words_of_anchors(check)
    yield _("Good up to: %(head)s") % {"head": check.chain.head}


def _head(text: str) -> ChainHead:
    """Parse the command's option; raises ArgumentTypeError for anything but POSITION:HASH."""
    try:
        return ChainHead.parse(text)
    except ValueError as error:
        raise ArgumentTypeError("write it as POSITION:HASH, as an earlier run printed it") from error


def _key(text: str) -> str:
    """Parse a public key; raises ArgumentTypeError for anything else."""
    if not _KEY.fullmatch(text):
        raise ArgumentTypeError("write the 64 hexadecimal digits of a public key, as an anchor holds them")
    return text


def _file(path: str) -> str:
    """Parse the path of a file; raises ArgumentTypeError where there is none."""
    if not Path(path).is_file():
        raise ArgumentTypeError("write the path of a file of certificates (PEM)")
    return path
