"""Agencies, people, and their past."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance
from accounts.regions import Place
from accounts.roles import AGENCY_ROLES, MAPO_ROLES, Role
from audit import guards
from audit.past import PastRow, keep_past, kept_by

#: The most characters of an agency's code, of its names, and of a person's name.
CODE_LENGTH, AGENCY_NAME_LENGTH, NAME_LENGTH = 20, 200, 150
#: Of a person's post and unit, and of their telephone numbers.
POST_LENGTH, TELEPHONE_LENGTH = 100, 40


def default_clearance(role: str) -> Clearance:
    """Return the clearance of a new person: confidential (Sulit) for MAPO, else restricted (Terhad)."""
    return Clearance.CONFIDENTIAL if role in MAPO_ROLES else Clearance.RESTRICTED


class Language(models.TextChoices):
    """The two languages of the product, Malay first."""

    MALAY = "ms", "Bahasa Melayu"
    ENGLISH = "en", "English"


class AgencyQuerySet(models.QuerySet["Agency"]):
    def active(self) -> AgencyQuerySet:
        return self.filter(is_active=True)

    def with_people_counts(self) -> AgencyQuerySet:
        """Add coordinators_count and officers_count (active, joined), invited_count (not yet joined) and has_actor."""
        here = Q(people__is_active=True, people__joined_at__isnull=False)
        return self.annotate(
            coordinators_count=Count("people", filter=here & Q(people__role=Role.COORDINATOR)),
            officers_count=Count("people", filter=here & Q(people__role=Role.OFFICER)),
            invited_count=Count("people", filter=Q(people__is_active=True, people__joined_at=None)),
            has_actor=User.objects.can_act_for("pk"),
        )


class Agency(models.Model):
    """A public body. Codes and names are data; the database records its past in AgencyVersion."""

    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True)
    name_ms = models.CharField(_("name in Malay"), max_length=AGENCY_NAME_LENGTH)
    name_en = models.CharField(_("name in English"), max_length=AGENCY_NAME_LENGTH)
    is_active = models.BooleanField(_("active"), default=True)
    #: Whose working days its people keep, unless their own row says otherwise.
    place = models.CharField(
        _("state or federal territory"), max_length=3, choices=Place.choices, default=Place.PUTRAJAYA
    )
    shared_mailbox = models.EmailField(_("shared mailbox"), blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        triggers = [
            *guards.no_delete("agency"),
            *keep_past(
                "agency", "accounts_agencyversion", "agency_id", "code", "name_ms", "name_en", "is_active"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(place__in=Place.values), name="agency_place_is_known")
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.name_en if (get_language() or "ms").startswith("en") else self.name_ms

    @property
    def label(self) -> str:
        """Code and name, for lists of choices."""
        return f"{self.code} · {self.name}"


class AgencyVersion(PastRow):
    """An agency's code, names and activity during a time."""

    agency = models.ForeignKey(Agency, on_delete=models.DO_NOTHING, related_name="versions")
    code = models.CharField(max_length=CODE_LENGTH)
    name_ms = models.CharField(max_length=AGENCY_NAME_LENGTH)
    name_en = models.CharField(max_length=AGENCY_NAME_LENGTH)
    is_active = models.BooleanField()

    class Meta:
        constraints, indexes, triggers = kept_by("agencyversion", "agency")

    def __str__(self) -> str:
        return self.code


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)

    def in_agency(self, agency_id: int) -> UserQuerySet:
        return self.filter(agency_id=agency_id)

    def colleagues_of(self, person: User) -> UserQuerySet:
        """Return everybody else at a person's agency."""
        return self.in_agency(person.agency_id).exclude(pk=person.pk)

    def agency_actors(self) -> UserQuerySet:
        return self.filter(role__in=AGENCY_ROLES)

    def joined(self) -> UserQuerySet:
        """Return people who have accepted their invitation."""
        return self.filter(joined_at__isnull=False)

    def able_to_act(self) -> UserQuerySet:
        """Return officers and coordinators who can sign in: active, and no longer only invited."""
        return self.active().joined().agency_actors()

    def can_act_for(self, agency: str) -> Exists:
        """Return whether anybody is able to act for the agency that the outer query has in this column."""
        return Exists(self.able_to_act().filter(agency=OuterRef(agency)))

    def working_at_mapo(self) -> UserQuerySet:
        """Return reviewers and administrators who can sign in."""
        return self.active().joined().filter(role__in=MAPO_ROLES)

    def named_like(self, text: str) -> UserQuerySet:
        """Return people whose name or e-mail contains the text, in any case."""
        return self.filter(Q(name__icontains=text) | Q(email__icontains=text))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # made by a call
    """Finds people; only accounts.services creates them."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """One person at one agency in one role; who serves two agencies has two accounts."""

    #: Removed: it would carry the real clock beside the product's own. See `signed_in_at`.
    last_login = None

    name = models.CharField(pgettext_lazy("person", "name"), max_length=NAME_LENGTH)
    email = models.EmailField(_("official e-mail"), unique=True)
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="people", verbose_name=_("agency")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    clearance = models.PositiveSmallIntegerField(_("clearance"), choices=Clearance.choices)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, default=Language.MALAY)
    #: Where the person works; empty where the agency's own place is meant.
    place = models.CharField(_("state or federal territory"), max_length=3, choices=Place.choices, blank=True)
    #: How colleagues of all agencies reach the person, beside the e-mail.
    post = models.CharField(_("post"), max_length=POST_LENGTH, blank=True)
    unit = models.CharField(_("unit"), max_length=POST_LENGTH, blank=True)
    telephone = models.CharField(_("telephone"), max_length=TELEPHONE_LENGTH, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_acting = models.BooleanField(_("acts for the agency"), default=False)
    invited_by = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="invitees"
    )
    invited_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    signed_in_at = models.DateTimeField(null=True, blank=True)
    deactivated_at = models.DateTimeField(null=True, blank=True)
    #: Part of every session's hash: raising it ends all sessions at their next request.
    sessions_number = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        triggers = [
            *guards.no_delete("user"),
            *keep_past(
                "user", "accounts_posting", "user_id", "agency", "role", "clearance", "is_active", "is_acting"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower("email")), name="user_email_is_lower_case"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="user_role_is_known"),
            models.CheckConstraint(
                condition=Q(clearance__in=Clearance.values), name="user_clearance_is_known"
            ),
            models.CheckConstraint(
                condition=Q(is_acting=False) | Q(is_active=True, role__in=AGENCY_ROLES),
                name="user_acting_is_an_active_officer",
            ),
            models.CheckConstraint(condition=Q(place__in=[*Place.values, ""]), name="user_place_is_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def get_full_name(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Change with the password and with sessions_number, which ends sessions."""
        value = f"{self.password}/{self.sessions_number}"
        return salted_hmac("accounts.session", value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def is_mapo(self) -> bool:
        return self.role in MAPO_ROLES

    @property
    def is_administrator(self) -> bool:
        return self.role == Role.ADMINISTRATOR

    @property
    def is_agency_actor(self) -> bool:
        """Whether the person may write for the agency: an officer or a coordinator."""
        return self.role in AGENCY_ROLES

    @property
    def is_officer(self) -> bool:
        return self.role == Role.OFFICER

    @property
    def is_coordinator(self) -> bool:
        return self.role == Role.COORDINATOR

    @property
    def is_observer(self) -> bool:
        return self.role == Role.OBSERVER

    @property
    def working_place(self) -> Place:
        """The place whose working days count: the person's own, or their agency's."""
        return Place(self.place or self.agency.place)

    @property
    def has_joined(self) -> bool:
        """Whether the person has set a password."""
        return self.joined_at is not None

    @property
    def is_mail_only(self) -> bool:
        """Whether one-time links go to the person's mailbox alone: nobody else may be shown a way into these rights."""
        return self.is_administrator or self.clearance > default_clearance(self.role)

    @property
    def is_able_to_act(self) -> bool:
        """Whether `UserQuerySet.able_to_act` finds the person."""
        return self.is_active and self.is_agency_actor and self.has_joined


class Posting(PastRow):
    """A person's agency, role, clearance and activity during a time."""

    user = models.ForeignKey(User, on_delete=models.DO_NOTHING, related_name="postings")
    agency = models.ForeignKey(Agency, on_delete=models.DO_NOTHING, related_name="postings")
    role = models.CharField(max_length=20, choices=Role.choices)
    clearance = models.PositiveSmallIntegerField(choices=Clearance.choices)
    is_active = models.BooleanField()
    is_acting = models.BooleanField()

    class Meta:
        constraints, indexes, triggers = kept_by("posting", "user")

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class StandInQuerySet(models.QuerySet["StandIn"]):
    def standing(self, day: date) -> StandInQuerySet:
        """Return stand-ins of this day or later that nobody ended early."""
        return self.filter(until_on__gte=day, ended_at=None)

    def between(self, first: date, last: date) -> StandInQuerySet:
        """Return stand-ins of any of these days, both included, that nobody ended early."""
        return self.standing(first).filter(from_on__lte=last)

    def on(self, day: date) -> StandInQuerySet:
        """Return stand-ins in force on a day."""
        return self.standing(day).filter(from_on__lte=day)

    def routing(self) -> StandInQuerySet:
        """Return stand-ins whose colleague can receive: active, joined, acting for the absent person's
        agency.
        """
        able = User.objects.able_to_act().filter(pk=OuterRef("colleague"), agency=OuterRef("absent__agency"))
        return self.filter(Exists(able), absent__is_active=True)


class StandIn(models.Model):
    """A colleague of the same agency who also gets what is sent to a person, between two days, both included.

    It only routes mail and gives no right. Ended early, it is kept with who ended it.
    """

    absent = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="stand_ins", verbose_name=_("who is away")
    )
    colleague = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="standing_in", verbose_name=_("who stands in")
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))
    named_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = StandInQuerySet.as_manager()

    class Meta:
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(from_on__lte=F("until_on")), name="stand_in_days_in_order"),
            models.CheckConstraint(condition=~Q(absent=F("colleague")), name="stand_in_is_somebody_else"),
        ]
        triggers = [
            *guards.no_delete("standin"),
            *guards.immutable(
                "standin", ["absent", "colleague", "from_on", "until_on", "named_by", "named_at"]
            ),
            *guards.final_after("standin", "ended_at", ["ended_by"]),
            *guards.must_be_now("standin", "named_at", "ended_at"),
        ]

    def __str__(self) -> str:
        return f"{self.colleague} ({self.from_on:%Y-%m-%d} – {self.until_on:%Y-%m-%d})"


class ProviderAccount(models.Model):
    """A person's account at the provider where they may sign in too: connected once, by themselves.

    Whoever signs in there under this issuer and subject is this person. Disconnected, it is kept with who did it.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="provider_accounts")
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    connected_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                condition=Q(ended_at=None),
                name="provider_account_is_one_persons",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="provider_account_is_a_persons_only_one"
            ),
            models.CheckConstraint(condition=~Q(subject=""), name="provider_account_has_a_subject"),
        ]
        triggers = [
            *guards.no_delete("provideraccount"),
            *guards.immutable("provideraccount", ["person", "issuer", "subject", "connected_at"]),
            *guards.final_after("provideraccount", "ended_at", ["ended_by"]),
            *guards.must_be_now("provideraccount", "connected_at", "ended_at"),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.issuer})"
