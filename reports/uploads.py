"""Uploads that are verified: hashed while they arrive, and not stored."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from evidence.uploads import FORM_ALLOWANCE_BYTES

#: The largest file that is read; people hash a larger one where it lies.
MAX_FILE_BYTES = 4 * 1024**3


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


def is_over_limit(request: HttpRequest) -> bool:
    """Return whether the announced length alone shows that the file is too large."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FILE_BYTES + FORM_ALLOWANCE_BYTES
