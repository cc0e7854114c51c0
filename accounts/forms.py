"""Forms about people, agencies and one's own account. They check shape only and never save."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.clearance import Clearance
from accounts.fields import AgencyChoice, LineField, PersonChoice, ServiceModelForm
from accounts.models import TELEPHONE_LENGTH, Agency, AgencyQuerySet, Language, User
from accounts.queries import with_absences
from accounts.regions import Place
from accounts.rights_forms import REASON_LENGTH, RightsForm
from accounts.roles import Role
from accounts.services.checks import address_of_ones_own
from accounts.texts import MOST_OF_AN_ADDRESS
from audit.errors import DomainError
from privacy.forms import GuardedText, IdentityGuardForm
from ui.forms import (
    BaseHelper,
    Buttons,
    DayField,
    FieldRow,
    bound_days,
    set_choices,
    set_queryset,
)
from ui.whole_files import WholeFileField

PLACE_HINT = _("Reminders follow the working days and public holidays of this place.")
BY_MAIL, BY_LINK = "mail", "link"


class InvitationForm(RightsForm):
    """One person to invite, and how the link is delivered."""

    agency = AgencyChoice(label=_("Agency"), queryset=Agency.objects.none(), empty_label=_("Choose"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.OFFICER)
    clearance = forms.TypedChoiceField(
        label=_("Clearance"),
        choices=[("", _("Default for the role")), *Clearance.choices],
        help_text=_("Usually Restricted for agencies and observers, Confidential for MAPO."),
        coerce=int,
        required=False,
        empty_value=None,
    )
    delivery = forms.ChoiceField(
        label=_("How the link is delivered"),
        help_text=_("Where another administrator must decide first, it leaves by e-mail when they have."),
        choices=[(BY_MAIL, _("By e-mail")), (BY_LINK, _("Show me the link to hand over"))],
        widget=forms.RadioSelect,
        initial=BY_MAIL,
    )

    class Meta:
        model = User
        fields = ("name", "email", "agency", "role", "clearance", "language", "place")
        field_classes = {"name": LineField}

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_agencies(self, Agency.objects.active())
        _offer_places(self, none=_("Same as the agency"))
        self.helper = BaseHelper(
            "name",
            "email",
            "agency",
            FieldRow("role", "clearance"),
            GuardedText("reason"),
            "language",
            "place",
            "delivery",
            Buttons(_("Invite"), cancel_url=cancel_url),
            show_optional=False,
        )

    def clean_email(self) -> str:
        return _free(self.cleaned_data["email"])


class PersonForm(RightsForm):
    """Name, role, clearance, place and contact details; of one's own account neither role nor clearance."""

    class Meta:
        model = User
        fields = ("name", "role", "clearance", "place", "post", "unit", "telephone")
        field_classes = {"name": LineField}

    def __init__(self, *args: Any, is_own: bool, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_own:
            for name in ("role", "clearance", "reason", "identities_reason"):
                del self.fields[name]
        else:
            # Both always have a value: Django's empty choice would only be refused.
            set_choices(self, "role", Role.choices)
            set_choices(self, "clearance", Clearance.choices)
        _offer_places(self, none=_("Same as the agency"))
        standing = [] if is_own else [FieldRow("role", "clearance"), GuardedText("reason")]
        self.helper = BaseHelper(
            "name",
            *standing,
            "place",
            "post",
            "unit",
            "telephone",
            Buttons(_("Save"), cancel_url=cancel_url),
            show_optional=False,
        )
        _widen_telephone(self)


class AddressForm(IdentityGuardForm):
    """Another e-mail address, and why; `confirmed` comes with the second step."""

    email = forms.EmailField(
        label=_("New address"),
        max_length=MOST_OF_AN_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: User, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        self.helper = BaseHelper(
            "email", GuardedText("reason"), Buttons(_("Continue"), cancel_url=cancel_url)
        )

    def clean_email(self) -> str:
        email = _free(self.cleaned_data["email"], person=self.person)
        if email == self.person.email:
            raise ValidationError(_("This is already the address. Enter another one."))
        return email

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.refuse_identities("reason")
        return values


class MoveForm(IdentityGuardForm):
    """The new agency, and why; `confirmed` comes with the second step."""

    agency = AgencyChoice(label=_("New agency"), queryset=Agency.objects.none(), empty_label=_("Choose"))
    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
    confirmed = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: User, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_agencies(self, Agency.objects.active().exclude(pk=person.agency_id))
        self.helper = BaseHelper(
            "agency", GuardedText("reason"), Buttons(_("Continue"), cancel_url=cancel_url)
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        self.refuse_identities("reason")
        return values


class PeopleFileForm(forms.Form):
    """The CSV of people: first the file, then its text to confirm."""

    max_bytes = 256 * 1024

    file = WholeFileField(
        label=_("CSV file"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput, max_length=max_bytes)
    delivery = InvitationForm.base_fields["delivery"]

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = BaseHelper(
            "file", "delivery", Buttons(_("Check the file"), cancel_url=cancel_url), show_optional=False
        )

    def clean(self) -> dict[str, Any]:
        """Put the decoded file into `text`."""
        data: dict[str, Any] = super().clean() or {}
        file = data.get("file")
        if file is not None:
            data["text"] = self._decoded(file)
        if not data.get("text") and not self.errors:
            self.add_error("file", _("Choose the CSV file."))
        return data

    def _decoded(self, file: Any) -> str:
        """Return the file's text, or "" after adding an error."""
        if file.size > self.max_bytes:
            self.add_error("file", _("The file is larger than 256 KB. Split it."))
            return ""
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            self.add_error(
                "file", _("The file is not UTF-8 text. Save it as “CSV UTF-8” and choose it again.")
            )
            return ""


class AgencyForm(ServiceModelForm):
    """Code, both names, place and shared mailbox of an agency."""

    class Meta:
        model = Agency
        fields = ("code", "name_ms", "name_en", "place", "shared_mailbox")
        field_classes = {"code": LineField, "name_ms": LineField, "name_en": LineField}

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_places(self)
        self.fields["shared_mailbox"].help_text = _(
            "This mailbox of the agency gets a copy of every reminder to its officers and coordinators."
        )
        self.helper = BaseHelper(
            "code",
            "name_ms",
            "name_en",
            "place",
            "shared_mailbox",
            Buttons(_("Save"), cancel_url=cancel_url),
        )


class MailboxForm(forms.Form):
    """The shared mailbox of an agency, and the word that it is the agency's."""

    shared_mailbox = forms.EmailField(
        label=_("Address of the shared mailbox"),
        help_text=_("Leave empty to remove it."),
        max_length=MOST_OF_AN_ADDRESS,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    is_checked = forms.BooleanField(
        label=_("I have checked the address: the mailbox is our agency’s, and only our people read it."),
        error_messages={"required": _("Check the address and tick this box. Nothing was changed.")},
    )

    def __init__(self, *args: Any, cancel_url: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        buttons = Buttons(_("Save"), cancel_url=cancel_url)
        self.helper = BaseHelper("shared_mailbox", "is_checked", buttons, show_optional=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values.pop("is_checked", None)
        return values


class PeopleFilterForm(forms.Form):
    """Filters of the list of people; an unknown value filters nothing."""

    q = forms.CharField(label=_("Name or e-mail"), required=False, max_length=100)
    agency = forms.ModelChoiceField(
        label=_("Agency"), queryset=Agency.objects.none(), required=False, empty_label=_("All agencies")
    )
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("All roles")), *Role.choices], required=False)
    state = forms.ChoiceField(
        label=_("Status"),
        choices=[
            ("", _("Active and invited")),
            ("active", _("Active")),
            ("invited", _("Invited, not yet joined")),
            ("inactive", _("Deactivated")),
            ("all", _("All")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_agencies(self, Agency.objects.all())
        for name, css in {"q": "input", "agency": "select", "role": "select", "state": "select"}.items():
            self.fields[name].widget.attrs["class"] = css


class PlaceForm(forms.Form):
    """Where the person works."""

    place = forms.ChoiceField(label=_("Where I work"), choices=Place.choices, required=False)

    def __init__(self, data: Any = None, *, person: User) -> None:
        super().__init__(data, initial={"place": person.place})
        as_agency = _("Same as my agency (%(place)s)") % {"place": Place(person.agency.place).label}
        _offer_places(self, none=as_agency)
        self.helper = BaseHelper(
            "place",
            Buttons(_("Save"), tone="small"),
            action=reverse("accounts:choose_place"),
            show_optional=False,
        )


class ContactForm(ServiceModelForm):
    """One's own post, unit and telephone."""

    class Meta:
        model = User
        fields = ("post", "unit", "telephone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = BaseHelper(
            "post",
            "unit",
            "telephone",
            Buttons(_("Save"), tone="small"),
            action=reverse("accounts:change_contact"),
            show_optional=False,
        )
        _widen_telephone(self)


def _widen_telephone(form: forms.BaseForm) -> None:
    """Let phones offer digits for the telephone, and say what may stand there."""
    field = form.fields["telephone"]
    field.widget = forms.TextInput(
        attrs={"type": "tel", "autocomplete": "tel", "maxlength": TELEPHONE_LENGTH}
    )
    field.help_text = _("Several numbers and an extension fit, for example 03-8000 8000 ext. 123.")


class StandInForm(forms.Form):
    """Which colleague stands in, and from when until when."""

    colleague = PersonChoice(
        label=_("Who stands in"),
        queryset=User.objects.none(),
        empty_label=_("Choose"),
        error_messages={"invalid_choice": _("Choose a colleague of the same agency who has joined.")},
    )
    from_on = DayField(label=_("From"))
    until_on = DayField(label=_("Until (inclusive)"))

    def __init__(self, data: Any = None, *, absent: User, today: date) -> None:
        super().__init__(data, initial={"from_on": today})
        bound_days(self, "until_on", earliest=today)
        colleagues = User.objects.able_to_act().colleagues_of(absent).order_by("name", "pk")
        set_queryset(self, "colleague", with_absences(colleagues, today=today))
        self.helper = BaseHelper(
            "colleague", FieldRow("from_on", "until_on"), Buttons(_("Name the stand-in"))
        )


class LanguageForm(forms.Form):
    """Which language, and where to return."""

    language = forms.ChoiceField(choices=Language.choices)
    next = forms.CharField(required=False)


def _free(email: str, *, person: User | None = None) -> str:
    """Return the address in lower case.

    Raises ValidationError when it belongs to somebody or is malformed.
    """
    try:
        return address_of_ones_own(email, person=person)
    except DomainError as error:
        raise ValidationError(str(error)) from None


def _offer_agencies(form: forms.BaseForm, agencies: AgencyQuerySet) -> None:
    """Offer agencies, by code."""
    set_queryset(form, "agency", agencies.order_by("code"))


def _offer_places(form: forms.BaseForm, *, none: Any = None) -> None:
    """Offer all states and federal territories; `none` labels an empty choice in front, if there is one."""
    set_choices(form, "place", [*([("", none)] if none is not None else []), *Place.choices])
    form.fields["place"].help_text = PLACE_HINT
