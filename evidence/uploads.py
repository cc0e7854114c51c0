"""Receive files: straight to the disk, hashed on the way, never twice and never in memory."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from evidence.errors import StorageFailed
from evidence.storage import Spool

#: What a form may hold beside its file: the other fields and the frame of the multipart body.
FORM_ALLOWANCE_BYTES = 256 * 1024


class ReceivedUpload(UploadedFile):
    """An upload whose bytes are already in `tmp/` of MEDIA_ROOT; closing it deletes what was not stored."""

    def __init__(self, spool: Spool, *, name: str, content_type: str | None) -> None:
        super().__init__(file=spool.file, name=name, content_type=content_type, size=spool.size)
        self.spool = spool

    @property
    def not_kept(self) -> str:
        """Say why the bytes were not kept whole; "" when they were."""
        try:
            self.spool.demand_whole()
        except StorageFailed as failure:
            return str(failure)
        return ""

    def close(self) -> None:
        self.spool.close()


class EvidenceUploadHandler(FileUploadHandler):
    """Write the files of a form to disk, hash each while it arrives, and stop writing at the size limit.

    Files beyond `max_files`, and those of people who are not signed in, are skipped. The rest of the form is
    read whatever happens to a file, so that the answer can say what was wrong; what nobody stored is deleted
    when the request ends.
    """

    chunk_size = 256 * 1024
    max_files = 10

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.spool: Spool | None = None
        self.files_taken = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.files_taken >= self.max_files or not self._may_send():
            raise SkipFile
        super().new_file(*args, **kwargs)
        self.files_taken += 1
        self.spool = Spool(max_bytes=settings.MAX_UPLOAD_BYTES)

    def _may_send(self) -> bool:
        """Return False for people who are not signed in: nobody fills our disk before that.

        True without a request or person, when the upload does not come from a browser.
        """
        person = getattr(self.request, "user", None)
        return person is None or person.is_authenticated

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.spool is not None:
            self.spool.write(raw_data)

    def file_complete(self, file_size: int) -> ReceivedUpload | None:
        if self.spool is None:
            return None
        spool, self.spool = self.spool, None
        spool.file.seek(0)
        return ReceivedUpload(spool, name=self.file_name or "", content_type=self.content_type)

    def upload_interrupted(self) -> None:
        if self.spool is not None:
            self.spool.close()
            self.spool = None


def spool_upload(upload: UploadedFile) -> Spool:
    """Return the spool of an upload: its own if it came through our handler, else a copy of its bytes."""
    if isinstance(upload, ReceivedUpload):
        return upload.spool
    spool = Spool(max_bytes=settings.MAX_UPLOAD_BYTES)
    try:
        for chunk in upload.chunks():
            spool.write(chunk)
    except BaseException:
        spool.close()
        raise
    return spool


def is_over_limit(request: HttpRequest, *, max_bytes: int) -> bool:
    """Return whether the announced length alone says that the file is too big; reads no byte of the body."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > max_bytes + FORM_ALLOWANCE_BYTES


def drain(request: HttpRequest, *, max_bytes: int) -> None:
    """Read and drop the body up to a bound, so that a browser still sending sees our answer."""
    left = max_bytes
    while left > 0:
        chunk = request.read(min(left, 256 * 1024))
        if not chunk:
            return
        left -= len(chunk)
