"""The people, items and sample files of the demonstration."""

import secrets
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Agency, User
from accounts.roles import Role
from accounts.services.invitations import add_person
from accounts.services.sessions import set_own_password
from demo.samples import SAMPLE_MARK, sample_document
from demo.script import Post, SampleFile, ScriptedReport, ScriptedVerdict
from evidence.models import Document
from evidence.services.receiving import save_document, store_file
from evidence.services.scans import record_scan
from evidence.states import ScanState
from evidence.uploads import spool_upload
from recommendations.content import Content
from recommendations.models import Assignment, Item
from recommendations.states import ItemKind, Stage, Status

#: The domain of the demo's e-mail addresses; `.example` belongs to nobody.
MAIL_DOMAIN = "demo.jejak.example"

#: Letters and figures that nobody confuses.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"

ADMINISTRATOR = "pentadbir.mapo"
REVIEWER = "penyemak.mapo.1"
#: Reviews what the first may not: her own agency's, and what she entered herself.
OTHER_REVIEWER = "penyemak.mapo.2"


@dataclass(frozen=True)
class SignIn:
    """What a demo person signs in with."""

    role: str
    email: str
    password: str


def new_password() -> str:
    """Return a random password of 60 bits that can be read out."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))


def sample(text: str) -> str:
    """Return the text, marked as a sample."""
    return f"{SAMPLE_MARK} {text}"


def status_of(percent: int) -> Status:
    """Return the status that a percentage implies."""
    return {0: Status.NONE, 100: Status.DONE}.get(percent, Status.PROGRESS)


def decision_of(verdict: ScriptedVerdict) -> dict[str, Any]:
    """Return a verdict as the arguments of the services that decide."""
    reason = sample(verdict.reason) if verdict.reason else ""
    return {"status": status_of(verdict.verdict), "percent": verdict.verdict, "reason": reason}


class DemoStage:
    """Finds the people, items and assignments of the demonstration's cycle, and receives its files."""

    def __init__(self, *, year: int) -> None:
        self.year = year
        self.people: dict[str, User] = {}
        self.sign_ins: list[SignIn] = []

    def enter(self, posts: Iterable[Post], *, now: datetime) -> None:
        """Add the people, each with a random password of their own; administrators as the operator's command adds them.

        So neither let the other in, and each may decide on what the other asks for.
        """
        for post in posts:
            is_by_command = post.role == Role.ADMINISTRATOR
            person = add_person(
                name=post.name,
                email=f"{post.mailbox}@{MAIL_DOMAIN}",
                role=post.role,
                agency=Agency.objects.get(code=post.agency),
                actor=None if is_by_command else self.administrator,
                now=now,
            )
            password = new_password()
            self.people[post.mailbox] = set_own_password(person, password=password, how="invitation", now=now)
            self.sign_ins.append(SignIn(post.role, person.email, password))

    @property
    def administrator(self) -> User:
        return self.people[ADMINISTRATOR]

    def officer(self, agency: str, number: int) -> User:
        """Return an agency's officer by number."""
        return self.people[f"pegawai.{agency.lower()}.{number}"]

    def coordinator(self, agency: str) -> User:
        """Return an agency's coordinator."""
        return self.people[f"penyelaras.{agency.lower()}"]

    def reviewer_of(self, report: ScriptedReport) -> User:
        """Return who decides on a report: never somebody of the same agency, nor who entered it."""
        first = self.people[REVIEWER]
        is_hers = report.letter is not None or first.agency.code == report.agency
        return self.people[OTHER_REVIEWER] if is_hers else first

    def item(self, kind: ItemKind, number: int) -> Item:
        """Return an item of the demonstration's cycle."""
        return Item.objects.select_related("cycle").get(cycle__year=self.year, kind=kind, number=number)

    def assignment(self, item: Item, agency: str) -> Assignment:
        """Return the assignment of an agency that has not ended."""
        rows = Assignment.objects.select_related("item__cycle", "agency").exclude(stage=Stage.ENDED)
        return rows.get(item=item, agency__code=agency)

    def suggested(self, item: Item) -> list[Assignment]:
        """Return the suggestions on an item."""
        rows = Assignment.objects.select_related("item__cycle", "agency")
        return list(rows.filter(item=item, stage=Stage.SUGGESTED).order_by("pk"))

    def content(self, report: ScriptedReport, *, now: datetime) -> Content:
        """Return the content of a report; its sample documents are received first."""
        agency = Agency.objects.get(code=report.agency)
        actor = self.officer(report.agency, report.by)
        documents = {
            self.receive(each, agency=agency, actor=actor, now=now).pk: each for each in report.files
        }
        covers_from, covers_to = report.covers or (None, None)
        return Content(
            status=status_of(report.percent),
            percent=report.percent,
            narrative=sample(report.text),
            covers_from=covers_from,
            covers_to=covers_to,
            document_ids=frozenset(documents),
            following_ids=frozenset(pk for pk, file in documents.items() if file.dates == report.covers),
        )

    def receive(self, file: SampleFile, *, agency: Agency, actor: User, now: datetime) -> Document:
        """Do what `receive_file` does, within the one transaction of the seeding: first the bytes, then the row."""
        upload = SimpleUploadedFile(file.name, sample_document(file.name, agency=agency.code, text=file.text))
        with closing(spool_upload(upload)) as spool:
            document = store_file(spool, name=file.name, agency=agency, actor=actor, now=now)
        save_document(document, classification=file.classification, dates=file.dates)
        if document.is_held:
            # Our own bytes, made a moment ago: MAPO's sample decisions cannot wait for a scanner.
            document = record_scan(document, state=ScanState.CLEAN, note=SAMPLE_MARK, now=now)
        return document
