"""How a file is looked at that is verified: hashed while it arrives, and forgotten."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from evidence.uploads import FORM_ALLOWANCE_BYTES

#: As much as is read of one file; of a larger one, the hash is made where it lies.
MAX_FILE_BYTES = 4 * 1024**3


class HashedUpload(UploadedFile):
    """What is left of a file: its name, its size and its SHA-256. It holds no byte."""

    def __init__(self, *, name: str, size: int, sha256: str) -> None:
        super().__init__(file=BytesIO(), name=name, size=size)
        self.sha256 = sha256


class HashingUploadHandler(FileUploadHandler):
    """Hashes the first file of a form while it arrives, in the memory of one piece; further files are read past."""

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
    """Whether the announced length alone says that the file is too large to be read here."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FILE_BYTES + FORM_ALLOWANCE_BYTES
