"""A year's installation at its beginning, drawn from a seed: the real cycle, its rules, and who works where."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from django.core.management import call_command

from accounts.models import Agency, User
from accounts.roles import Role
from recommendations.models import Action, Assignment, Cycle, Item
from recommendations.services import confirm_suggestions, name_officers
from reminders.services.default_rules import give_default_rules
from tests.factories.accounts import UserFactory
from tests.factories.reminders import make_rule, prefer

#: Agencies in which nobody can act, in which nobody coordinates, and those of other states.
EMPTY, ONLY_INVITED = "MOT", "KKD"
WITHOUT_COORDINATOR = ("MPOB", "KPK", "JKDM")
PLACES = {"JKM": "KTN", "KPK": "KDH", "APMM": "TRG", "KKM": "SBH", "MPOB": "JHR", "ILKAP": "SWK"}
MAILBOXES = ("JIM", "JKM", "MPOB", "AGC")
HOURS = (7, 8, 8, 8, 9, 10, 13, 17)
DAY = timedelta(days=1)


@dataclass
class DrawnInstallation:
    """The cycle, the people of MAPO and of the agencies, and the chances by which everything is drawn."""

    random: Random
    cycle: Cycle = field(init=False)
    administrator: User = field(init=False)
    #: Those who decide, of two agencies, so that each can decide on the other's.
    reviewers: list[User] = field(init=False)

    def begin(self, now: datetime) -> None:
        """Load the real cycle, confirmed, with its rules and its people."""
        call_command("load_cycle", verbosity=0)
        self.cycle = Cycle.objects.get()
        agencies = {agency.code: agency for agency in Agency.objects.all()}
        self._hire_mapo(agencies)
        for code, agency in agencies.items():
            self._hire(code, agency)
        confirm_suggestions(Item.objects.all(), actor=self.administrator, now=now)
        self._name(now)
        give_default_rules(self.cycle, now=now)
        make_rule(self.cycle, "resubmit_due", first_days=4, audience="coordinator", is_urgent=True)
        make_rule(self.cycle, "update_due", first_days=0, audience="mapo", is_on=False)
        Assignment.objects.filter(pk__in=self._some_assignments()).update(cadence_days=75)

    def _hire_mapo(self, agencies: dict[str, Agency]) -> None:
        home = agencies["KDN"]
        self.administrator = UserFactory(role=Role.ADMINISTRATOR, agency=home, email="urus@mapo.example")
        self.reviewers = [
            UserFactory(role=Role.REVIEWER, agency=agency, language=language)
            for agency, language in ((home, "ms"), (agencies["NSO"], "en"))
        ]
        prefer(self.reviewers[1], hour=10, muted=["review_waiting"])

    def _hire(self, code: str, agency: Agency) -> None:
        if code in MAILBOXES:
            agency.shared_mailbox = f"urusetia@{code.lower()}.example"
        agency.place = PLACES.get(code, agency.place)
        agency.save()
        if code in (EMPTY, ONLY_INVITED):
            if code == ONLY_INVITED:
                UserFactory(agency=agency, joined_at=None, invited_at=datetime(2023, 1, 2, tzinfo=UTC))
            return
        roles = (
            [Role.OFFICER, Role.OFFICER] if code in WITHOUT_COORDINATOR else [Role.COORDINATOR, Role.OFFICER]
        )
        for role in [*roles, Role.OFFICER]:
            person = UserFactory(
                agency=agency, role=role, language=self.random.choice(["ms", "en"]),
                place=self.random.choice(["", "", "", "", "SGR", "KTN"]),
            )  # fmt: skip
            muted = [what for what in ("update_due", "interim", "letter") if self.random.random() < 0.1]
            prefer(person, hour=self.random.choice(HOURS), muted=muted)
        if code == "AGC":
            User.objects.filter(pk=person.pk).update(is_acting=True)

    def _name(self, now: datetime) -> None:
        for assignment in Assignment.objects.in_force().select_related("agency"):
            actors = list(User.objects.able_to_act().filter(agency=assignment.agency).order_by("pk"))
            if actors and self.random.random() < 0.6:
                officers = self.random.sample(actors, k=self.random.choice([1, 1, 2]))
                name_officers(assignment, officers=officers, actor=self.administrator, now=now)

    def _some_assignments(self) -> list[int]:
        every = Assignment.objects.in_force().order_by("pk").values_list("pk", flat=True)
        return [pk for pk in every if self.random.random() < 0.5]

    def _assignment(self, pk: int) -> Assignment:
        return Assignment.objects.select_related("item__cycle", "agency").get(pk=pk)

    def _any_assignment(self) -> Assignment:
        every = Assignment.objects.in_force().order_by("pk").values_list("pk", flat=True)
        return self._assignment(self.random.choice(list(every)))

    def _actor_of(self, thing: Assignment | Action) -> User | None:
        actors = list(User.objects.able_to_act().filter(agency=thing.agency_id).order_by("pk"))
        return self.random.choice(actors) if actors else None
