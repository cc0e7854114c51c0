"""Somebody at the search page, and a library of texts that each hold one word of their own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.test import Client

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from evidence.models import Document
from evidence.services.texts import claim_text, save_text
from evidence.states import TextState
from recommendations import services
from recommendations.models import Comment, Review, Submission, Update
from recommendations.services.comments import write_comment
from recommendations.states import AssignmentRole
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.evidence import make_document
from tests.factories.recommendations import (
    REPORTED,
    make_accepted,
    make_assignment,
    make_draft,
    make_item,
    make_submission,
)
from tests.recommendations.conftest import Desk, desk
from tests.shared import shared

__all__ = ["desk"]


def ask(person: User, question: str, language: str = "en", **narrowing: str) -> Any:
    """The answer of the search page to this person."""
    client = Client()
    client.force_login(person)
    client.cookies["language"] = language
    return client.get("/search/", {"q": question, **narrowing})


def finds(person: User, question: str, **narrowing: str) -> dict[str, int]:
    """How many of each kind the page says that there are, where there are any; rows and counts must agree."""
    response = ask(person, question, **narrowing)
    assert response.status_code == 200
    groups = response.context["results"].groups
    for group in groups:
        if narrowing.get("kind", "all") in ("all", group.kind):
            assert bool(group.hits) == bool(group.found.count)
    return {group.kind: group.found.count for group in groups if group.found.count}


def keep_text(document: Document, text: str, *, now: Any) -> None:
    """What a worker does when it has read a file."""
    claim_text(document.pk, now=now)
    assert save_text(document, state=TextState.DONE, text=text, now=now) == TextState.DONE


@dataclass
class Library:
    """PDRM leads on the item and KPWKM supports it; AGC is suggested, JTK's assignment has ended, MPOB is elsewhere.

    All texts are PDRM's. Words: `perlindungan` stands in the official text, `rakaman` in the accepted narrative,
    `sempadan` in the one that waits, `belantara` in the draft, `mesyuarat` in the comment, `lampiran` in the name of
    the file and `kerapu` inside it.
    """

    desk: Desk
    supporter: User
    suggested: User
    ended: User
    accepted: Review
    waiting: Submission
    draft: Update
    comment: Comment
    document: Document

    def person(self, who: str) -> User:
        """Somebody by role, or by what their agency has to do with the item."""
        person = getattr(self, who, None) or getattr(self.desk, who)
        assert isinstance(person, User)
        return person


def told(narrative: str, **changes: Any) -> Any:
    """A content that says this."""
    return replace(REPORTED, narrative=narrative, **changes)


@shared
def library(desk: Desk) -> Library:
    now, administrator = desk.now, desk.administrator
    kpwkm, agc, jtk = (AgencyFactory(code=code) for code in ("KPWKM", "AGC", "JTK"))
    make_assignment(desk.item, kpwkm, actor=administrator, now=now, role=AssignmentRole.SUPPORT)
    services.suggest_assignment(desk.item, agency=agc, role=AssignmentRole.SUPPORT, actor=None, now=now)
    past = make_assignment(desk.item, jtk, actor=administrator, now=now, role=AssignmentRole.SUPPORT)
    services.end_assignment(past, reason="Tidak lagi terlibat.", actor=administrator, now=now)
    type(desk.item).objects.filter(pk=desk.item.pk).update(text_ms="Meluaskan perlindungan kepada mangsa.")
    document = make_document(desk.agency, actor=desk.officer, now=now, name="Lampiran-utama_2023.pdf")
    keep_text(document, "Hidangan ikan kerapu disediakan.", now=now)
    second = make_assignment(make_item(desk.cycle, number=2), desk.agency, actor=administrator, now=now)
    third = make_assignment(make_item(desk.cycle, number=3), desk.agency, actor=administrator, now=now)
    about = {"actor": desk.officer, "now": now}
    cited = frozenset({document.pk})
    return Library(
        desk=desk,
        supporter=UserFactory(role=Role.OFFICER, agency=kpwkm),
        suggested=UserFactory(role=Role.OFFICER, agency=agc),
        ended=UserFactory(role=Role.OFFICER, agency=jtk),
        accepted=make_accepted(
            desk.assignment,
            reviewer=desk.reviewer,
            content=told("Bilik rakaman dibuka.", document_ids=cited),
            **about,
        ),
        waiting=make_submission(second, content=told("Rondaan sempadan dijalankan."), **about),
        draft=make_draft(third, content=told("Operasi belantara dirancang."), **about),
        comment=write_comment(
            desk.assignment,
            text="Bawa ke mesyuarat.",
            classification=Clearance.RESTRICTED,
            actor=desk.reviewer,
            now=now,
        ),
        document=document,
    )
