"""People and agencies of the evidence tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import Agency, User
from accounts.roles import Role
from audit.models import Event
from evidence.models import Document
from tests.factories.accounts import make_agency, make_person
from tests.factories.evidence import make_document
from tests.shared import shared


@dataclass
class World:
    """Two agencies with an officer each, MAPO's two roles and an observer."""

    now: datetime
    agency: Agency
    other_agency: Agency
    officer: User
    coordinator: User
    other_officer: User
    reviewer: User
    administrator: User
    observer: User

    def document(self, **values: object) -> Document:
        """A document of the first agency, received from its officer."""
        facts: dict[str, object] = {"actor": self.officer, "now": self.now}
        return make_document(self.agency, **(facts | values))


def facts_of(event: Event) -> dict[str, Any]:
    """What the event says was so after the act."""
    return dict(event.after or {})


@shared
def world(now: datetime) -> World:
    agency, other, mapo = make_agency("JTK"), make_agency("PDRM"), make_agency("KDN")
    return World(
        now=now,
        agency=agency,
        other_agency=other,
        officer=make_person(Role.OFFICER, agency),
        coordinator=make_person(Role.COORDINATOR, agency),
        other_officer=make_person(Role.OFFICER, other),
        reviewer=make_person(Role.REVIEWER, mapo),
        administrator=make_person(Role.ADMINISTRATOR, mapo),
        observer=make_person(Role.OBSERVER, other),
    )
