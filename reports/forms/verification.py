"""The form of a verification: a file, or its SHA-256 as a program printed it.

An uploaded file is hashed while it arrives, and not stored.
"""

from __future__ import annotations

import hashlib
import re
from io import BytesIO
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ui.forms import BaseHelper, Buttons
from ui.numbers import file_size

#: The largest file that is read; people hash a larger one where it lies.
MAX_FILE_BYTES = 4 * 1024**3
_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
#: A line may hold a long path; a whole listing is pasted by mistake.
_LONGEST_LINE = 10_000


class HashedUpload(UploadedFile):
    """The name, the size and the SHA-256 of an uploaded file; it holds no byte of it."""

    def __init__(self, *, name: str, size: int, sha256: str) -> None:
        super().__init__(file=BytesIO(), name=name, size=size)
        self.sha256 = sha256


class HashingUploadHandler(FileUploadHandler):
    """Hashes the first file of a form while it arrives, one chunk in memory at a time; further files are skipped."""

    chunk_size = 1024 * 1024

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._hash = hashlib.sha256()
        self._has_begun = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self._has_begun:
            raise SkipFile
        super().new_file(*args, **kwargs)
        self._has_begun = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._hash.update(raw_data)

    def file_complete(self, file_size: int) -> HashedUpload:
        return HashedUpload(name=self.file_name or "", size=file_size, sha256=self._hash.hexdigest())


class VerifyForm(forms.Form):
    """Takes one of the two; `sha256` of the cleaned data is the hash of whichever was given."""

    file = forms.FileField(
        label=gettext_lazy("File"), required=False, allow_empty_file=True, widget=forms.FileInput
    )
    sha256 = forms.CharField(
        label=gettext_lazy("Or its SHA-256"),
        required=False,
        max_length=_LONGEST_LINE,
        widget=forms.Textarea(
            attrs={"rows": 2, "class": "mono", "spellcheck": "false", "autocomplete": "off"}
        ),
    )

    def __init__(self, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files)
        self.fields["file"].help_text = _(
            "Jejak computes the SHA-256 while the file arrives and does not keep the file. Up to "
            "%(limit)s; for a larger file, paste its SHA-256."
        ) % {"limit": file_size(MAX_FILE_BYTES)}
        self.fields["sha256"].help_text = _(
            "Sixty-four characters, or the whole line that sha256sum, Get-FileHash or certutil prints."
        )
        self.helper = BaseHelper("file", "sha256", Buttons(_("Verify")), show_optional=False)

    def clean(self) -> dict[str, Any]:
        """Require exactly one of the two, and in the text exactly one hash."""
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), cleaned.get("sha256", "")
        if self.errors:
            return cleaned
        if file and text:
            raise forms.ValidationError(_("Give the file or its SHA-256, not both."))
        if file:
            if not isinstance(file, HashedUpload):
                raise TypeError("the file came by another handler than ours")
            return {**cleaned, "sha256": file.sha256}
        if not text:
            raise forms.ValidationError(_("Choose a file, or paste its SHA-256."))
        return {**cleaned, "sha256": self._pasted(text)}

    def _pasted(self, text: str) -> str:
        """Return the one hash in a text, or add an error and return an empty text."""
        found = hashes_in(text)
        if len(found) == 1:
            return found.pop()
        words = (
            _("There are several hashes in this text. Paste the line of one file.")
            if found
            else _(
                "There is no SHA-256 in this text. It has 64 characters, each of them a digit or a letter from a to f."
            )
        )
        self.add_error("sha256", words)
        return ""


def hashes_in(text: str) -> set[str]:
    """Return every SHA-256 in what a program printed, in lower case; old versions of certutil put spaces in it."""
    small = text.lower()
    found = set(_HASH.findall(small))
    return found or set(_HASH.findall(re.sub(r"(?<=[0-9a-f]{2}) (?=[0-9a-f]{2}\b)", "", small)))
