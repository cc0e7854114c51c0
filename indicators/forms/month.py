"""The form of a month: a cell for each number, the explanation, the evidence. Its shape only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from audit.errors import BadValue
from evidence.models import Document
from indicators.cells import MOST_TYPED, PACKED, MonthContent, unpacked_cells
from indicators.states import EXPLANATION_LENGTH
from privacy.forms import GuardedText
from submissions.drafts import require_keepable
from submissions.forms import CitingForm, DocumentIds, SeveralFiles
from ui.forms import BaseHelper, Include
from ui.line_ends import with_line_feeds

if TYPE_CHECKING:
    from indicators.queries.month_sheet import MonthSheet


#: What a cell counts, in words; they are put together when a page shows them: saving needs none of hundreds.
_label_of = lazy(lambda cell: cell.label, str)


class CellField(forms.Field):
    """What is typed in a cell, as it is: a draft keeps also what is no number."""

    widget = forms.TextInput

    def to_python(self, value: Any) -> str:
        """Return the text; the database keeps no NUL, and no number is as long as what is cut."""
        return str(value or "").replace("\0", "")[:MOST_TYPED]


class MonthForm(CitingForm):
    """What an agency types for a month. Everything may be missing or wrong: a draft is saved as it is."""

    explanation = forms.CharField(
        label=_("Explanation for MAPO"),
        help_text=_(
            "Say why figures do not agree, change what was accepted, or differ much from before. "
            "Do not write names or identity numbers of victims."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        strip=False,
        required=False,
    )
    documents = DocumentIds(required=False)
    new_files = SeveralFiles(required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        sheet: MonthSheet,
        content: MonthContent,
        revision: int,
        agency_id: int,
        person: User,
        hides_explanation: bool = False,
    ) -> None:
        """`content` is what stands in the draft, or what was accepted where there is none.

        `hides_explanation`: it is above the person's clearance, and stays as it is.
        """
        self.proofs = content.proofs
        self.hidden_explanation = content.explanation if hides_explanation else None
        self.agency_id, self.person, self.cell_names = agency_id, person, tuple(sheet.cells)
        initial: dict[str, Any] = dict(content.typed)
        shown = "" if hides_explanation else content.explanation
        initial |= {"explanation": shown, "documents": sorted(content.document_ids)}
        self.is_unreadable = False
        super().__init__(self._unpacked(data), files, initial=initial | {"revision": revision})
        for name, cell in sheet.cells.items():
            self.fields[name] = CellField(label=_label_of(cell), required=False)
        self.helper = BaseHelper(
            "revision",
            Include("indicators/report/sheet.html"),
            Include("indicators/report/explanation_above.html")
            if hides_explanation
            else GuardedText("explanation", counter_limit=EXPLANATION_LENGTH),
            Include("recommendations/_evidence.html"),
            Include("indicators/report/proofs.html"),
            form_tag=False,
            show_optional=False,
        )

    def _unpacked(self, data: Any) -> Any:
        """Return what was posted with a field for each cell, where the cells came in one (see `PACKED`)."""
        if data is None or PACKED not in data:
            return data
        try:
            typed = unpacked_cells(data[PACKED])
        except ValueError:
            self.is_unreadable = True
            return data
        fields = data.copy()
        for name in self.cell_names:
            fields[name] = typed.get(name, "")
        return fields

    def clean(self) -> dict[str, Any]:
        """Refuse cells that came in one field and cannot be read: nothing is saved in their place."""
        if self.is_unreadable:
            raise forms.ValidationError(_("The figures did not arrive as they were typed. Send them again."))
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["proofs"] = {pk: self.proof_of(pk) for pk in cleaned.get("documents", ())}
        return cleaned

    def proof_of(self, document_id: int) -> str:
        """Return the cell whose figure a document proves; "" where it proves all, or names no cell of the month."""
        chosen = self.data.get(f"proof-{document_id}", self.proofs.get(document_id, ""))
        return chosen if chosen in self.cell_names else ""

    def clean_explanation(self) -> str:
        """Return the text with one way of ending lines (browsers send CRLF), so that equal texts are equal."""
        if self.hidden_explanation is not None:
            return self.hidden_explanation
        explanation = with_line_feeds(self.cleaned_data["explanation"])
        try:
            require_keepable(explanation, field="explanation")
        except BadValue as problem:
            raise forms.ValidationError(str(problem)) from problem
        return explanation

    def content(self, *, added: Iterable[Document] = ()) -> MonthContent:
        """Return what was typed, with documents that have just been added."""
        return MonthContent.from_form(self.cleaned_data, self.cell_names, added=added)

    def typed_now(self) -> Mapping[str, str]:
        """Return what the cells show, without empty ones."""
        shown = {name: str(self[name].value() or "") for name in self.cell_names}
        return {name: text for name, text in shown.items() if text.strip()}
