"""The log, the chain that binds its rows, and the installation's clock."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext_lazy as _

from audit import labels
from audit.guarded_text import GuardedCharField, GuardedJSONField, GuardedTextField
from audit.guards import INSERT, UPDATE, append_only, must_be_now, no_delete, own, vouched
from audit.labels import Words


class EventQuerySet(models.QuerySet["Event"]):
    """Named selections of the log; unordered unless the name says otherwise."""

    def timeline(self, item_id: int) -> "EventQuerySet":
        """Return the events of one item, newest first."""
        return self.filter(item_id=item_id).order_by("-id")

    def in_scope_of(self, agency_id: int) -> "EventQuerySet":
        """Return the events that are this agency's matter."""
        return self.filter(agency_id=agency_id)

    def about(self, object_type: str, object_id: object) -> "EventQuerySet":
        """Return the events on one object; `object_type` is for example "evidence.Document"."""
        return self.filter(object_type=object_type, object_id=str(object_id))

    def newest_first(self) -> "EventQuerySet":
        """Order as people read the trail."""
        return self.order_by("-id")


class Event(models.Model):
    """One act: who, in which role and agency, did what to which object, before and after, when, from where.

    Has no foreign key, so that it outlives its object, and no narrative: only field names, short values and
    digests. Append-only; the database sets `recorded_at`, and takes a row only with a seal (`audit.seals`).
    """

    web_grants = "read"

    occurred_at = models.DateTimeField(_("Happened at"))
    recorded_at = models.DateTimeField(
        _("Recorded at"), db_default=Func(function="jejak_now"), editable=False
    )
    action = models.CharField(_("Event"), max_length=64)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(_("Person"), max_length=200, blank=True)
    actor_role = models.CharField(_("Role"), max_length=32, blank=True)
    actor_agency_id = models.BigIntegerField(null=True)
    actor_agency_code = models.CharField(_("Agency"), max_length=32, blank=True)
    object_type = models.CharField(_("Kind of object"), max_length=100, blank=True)
    object_id = models.CharField(_("Object number"), max_length=64, blank=True)
    label = GuardedCharField(_("Object"), max_length=300, blank=True)
    agency_id = models.BigIntegerField(_("Agency concerned"), null=True)
    item_id = models.BigIntegerField(_("Item"), null=True)
    before = GuardedJSONField(_("Before"), null=True, encoder=DjangoJSONEncoder)
    after = GuardedJSONField(_("After"), null=True, encoder=DjangoJSONEncoder)
    reason = GuardedTextField(_("Reason"), blank=True)
    address = models.GenericIPAddressField(_("Address"), null=True)
    user_agent = models.CharField(_("Browser"), max_length=300, blank=True)
    request_id = models.CharField(_("Request"), max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(
                fields=["item_id", "id"], name="audit_event_item", condition=Q(item_id__isnull=False)
            ),
            models.Index(fields=["agency_id", "id"], name="audit_event_agency"),
            models.Index(fields=["actor_id", "id"], name="audit_event_actor"),
            models.Index(fields=["action", "id"], name="audit_event_action"),
            models.Index(fields=["object_type", "object_id", "id"], name="audit_event_object"),
            models.Index(fields=["occurred_at"], name="audit_event_occurred"),
        ]
        triggers = [
            *append_only("event"),
            *own("event", "recorded_at", INSERT),
        ]

    def __str__(self) -> str:
        return f"{self.action} #{self.pk}"

    @property
    def action_text(self) -> Words:
        """The label of the act."""
        return labels.ACTIONS.get(self.action, self.action)

    @property
    def object_text(self) -> Words:
        """The label of the object's type."""
        return labels.OBJECTS.get(self.object_type, self.object_type)

    @property
    def name_text(self) -> str:
        """The name of the object, in the reader's language as far as it has words."""
        return labels.name_text(self.label)

    @property
    def role_text(self) -> Words:
        """The label of the role in which it was done."""
        labels: dict[str, Words] = dict(get_user_model()._meta.get_field("role").flatchoices)
        return labels.get(self.actor_role, self.actor_role)

    @property
    def actor_text(self) -> Words:
        """The person's name; without one, whether the request came from outside or Jejak acted by itself."""
        return self.actor_name or (_("Not signed in") if self.address else _("Jejak itself"))


class ChainLink(models.Model):
    """One link of the hash chain: position without gaps, event, the hash before and the hash so far.

    The database alone writes it, when the transaction of the event commits.
    """

    web_grants = "read"

    position = models.BigIntegerField(primary_key=True)
    event_id = models.BigIntegerField(unique=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_link"
        triggers = append_only("link")

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"


class Clock(models.Model):
    """The one row that says whether this is a demonstration, and how far its clock is ahead of the real one."""

    web_grants = "read"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_demo = models.BooleanField(default=False)
    offset = models.DurationField(default=timedelta)

    class Meta:
        db_table = "audit_clock"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="audit_clock_one_row"),
            models.CheckConstraint(
                condition=Q(is_demo=True) | Q(offset=timedelta()), name="audit_clock_real_or_demo"
            ),
        ]
        triggers = [
            *no_delete("clock"),
            *own("clock", "forward", UPDATE, condition="OLD.* IS DISTINCT FROM NEW.*"),
        ]

    def __str__(self) -> str:
        return f"{'demo' if self.is_demo else 'real'} {self.offset}"


class Baseline(models.Model):
    """The one row that says with which tables this database began; a database without it is from before 1.0.

    An older database knows a migration `0001_initial` of most apps too, and would be served on tables that are others.
    """

    web_grants = "read"

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=16)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="audit_baseline_one_row")]
        triggers = append_only("baseline")

    def __str__(self) -> str:
        return self.name


class AnchorKind(models.TextChoices):
    """Of what kind a place is to which the head of the chain is handed."""

    MAIL = "mail", _("Signed e-mail")
    TIMESTAMP = "timestamp", _("Timestamp of an authority")
    FOLDER = "folder", _("Folder on another host")


class AnchorOutcome(models.TextChoices):
    """How handing over the head went."""

    KEPT = "kept", _("Kept outside")
    FAILED = "failed", _("Failed")


class AnchorQuerySet(models.QuerySet["Anchor"]):
    """Named selections of anchors."""

    def kept(self) -> "AnchorQuerySet":
        """Return those that a place took."""
        return self.filter(outcome=AnchorOutcome.KEPT)

    def newest_of_each(self) -> "AnchorQuerySet":
        """Return the newest of each place and outcome, without its proof."""
        names = ("kind", "name", "outcome")
        return self.order_by(*names, "-pk").distinct(*names).defer("proof")


class Anchor(models.Model):
    """The head of the chain as one place outside took it on a night, or one attempt that failed.

    `line` is what was said, signed (`audit.anchors.lines`); `proof` is what the place can be shown for it: the mail as it
    left, the authority's token, or the line. `failure` is a word for why there is none. No row proves anything by
    itself, for the owner of the tables can write and remove rows: what lies outside proves.
    """

    web_grants = "append"

    kind = models.CharField(_("Place"), max_length=16, choices=AnchorKind.choices)
    name = models.CharField(max_length=500)
    position = models.BigIntegerField(_("Position"))
    hash = models.CharField(max_length=64)
    at = models.DateTimeField(_("When"))
    outcome = models.CharField(max_length=8, choices=AnchorOutcome.choices)
    failure = models.CharField(max_length=32, blank=True)
    line = models.TextField()
    proof = models.BinaryField()

    objects = AnchorQuerySet.as_manager()

    class Meta:
        db_table = "audit_anchor"
        indexes = [models.Index(fields=["kind", "name", "outcome", "-id"], name="audit_anchor_newest")]
        triggers = [
            *append_only("anchor"),
            *must_be_now("anchor", "at"),
            *vouched("anchor", "line"),
        ]

    def __str__(self) -> str:
        return f"{self.position}:{self.hash} {self.kind}"

    @property
    def is_kept(self) -> bool:
        """Whether the place took it."""
        return self.outcome == AnchorOutcome.KEPT


def audit_type_of(obj: models.Model | type[models.Model]) -> str:
    """Return the kind of object that the log names: `audit_type` where the model declares one, else its label.

    A model that is renamed or moved declares its old label, so that old and new events stay together.
    """
    return str(getattr(obj, "audit_type", obj._meta.label))
