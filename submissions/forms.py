"""Fields and a base for forms that cite evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from accounts.clearance import Clearance, highest_class
from accounts.models import User
from evidence.models import Document
from privacy.forms import IdentityGuardForm
from ui.numbers import whole_number


class SeveralFilesInput(forms.ClearableFileInput):
    """A file control that takes several files."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[UploadedFile]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else []

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in files


class SeveralFiles(forms.Field):
    """Files that came with the form itself: how evidence is added where no script runs."""

    widget = SeveralFilesInput

    def clean(self, value: Any) -> list[UploadedFile]:
        return [each for each in value or [] if each]


class DocumentIds(forms.Field):
    """Numbers of cited documents; what is no number cites nothing."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Iterable[str] | None) -> frozenset[int]:
        numbers = (whole_number(str(each)) for each in value or ())
        return frozenset(number for number in numbers if number is not None)


class CitingForm(IdentityGuardForm):
    """A form whose `documents` are cited as evidence; they belong to one agency."""

    agency_id: int
    person: User

    def clean_documents(self) -> frozenset[int]:
        """Return the cited documents of the agency that the person may see; any other number cites nothing."""
        wanted = self.cleaned_data["documents"]
        allowed = Document.objects.visible_to(self.person).of_agency(self.agency_id)
        found = allowed.filter(pk__in=wanted).values_list("pk", flat=True) if wanted else ()
        return frozenset(found)

    def cited(self, content: Any) -> dict[str, Iterable[int]]:
        """Return the keys of the content's documents by the name of their field."""
        return {"documents": content.document_ids}

    def add_content_problems(self, *, today: date) -> None:
        """Add what else keeps it from being sent to fields that could be read: all errors show at once."""


def classes_for(person: User) -> list[tuple[int, str]]:
    """Return the classes that a person may give, as choices."""
    return [(value, str(label)) for value, label in Clearance.choices if value <= highest_class(person)]
