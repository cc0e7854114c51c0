from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from accounts.models import User
from evidence.models import Document
from privacy.forms import GuardedText
from submissions.forms import CitingForm, DocumentIds, SeveralFiles
from tests.submissions.recipe.kind import ContributionContent
from ui.forms import BaseHelper


class ContributionForm(CitingForm):
    text = forms.CharField(widget=forms.Textarea, strip=False, required=False)
    documents = DocumentIds(required=False)
    new_files = SeveralFiles(required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        content: ContributionContent,
        revision: int,
        agency_id: int,
        person: User,
    ) -> None:
        self.agency_id, self.person = agency_id, person
        initial = {"text": content.text, "documents": sorted(content.document_ids), "revision": revision}
        super().__init__(data, files, initial=initial)
        self.helper = BaseHelper(
            "revision", GuardedText("text", counter_limit=4_000), form_tag=False, show_optional=False
        )

    def content(self, *, added: Iterable[Document] = ()) -> ContributionContent:
        new = {document.pk for document in added}
        return ContributionContent(self.cleaned_data["text"], self.cleaned_data["documents"] | new)
