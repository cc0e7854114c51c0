"""Static files, also those of the releases before and after: an open page asks for the files of the release that made it.

Each release names its files by a hash of what they hold, so that the files of all releases lie beside each other.
"""

import logging
import os
import re
import secrets
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import NotARegularFileError, StaticFile

logger = logging.getLogger(__name__)

#: A file whose name holds the hash of what it holds, perhaps compressed: no other file ever has this name.
_HASHED = re.compile(r"(?:[\w-]+/)*[\w.-]+\.[0-9a-f]{12}\.\w+(?:\.(?:gz|br))?", re.ASCII)
#: Processes that take in files of strangers may write into that folder: whoever takes one over shows no page from there.
_POLICY_OF_KEPT = "default-src 'none'; sandbox"


def kept_folder() -> Path:
    """Return where each release leaves its files for pages that stay open: all web processes share it."""
    return Path(settings.MEDIA_ROOT) / "static"


def keep_static_files() -> None:
    """Copy this release's hashed files beside those of others. Where that fails, a line of the log says so."""
    own = Path(settings.STATIC_ROOT)
    try:
        for path in own.rglob("*"):
            name = path.relative_to(own).as_posix()
            if _HASHED.fullmatch(name) and path.is_file():
                _keep(path, kept_folder() / name)
    except OSError as error:
        logger.warning(
            "Static files were not kept for pages that stay open (%s): %s", error.filename, error.strerror
        )


def _keep(path: Path, kept: Path) -> None:
    """Copy a file, whole or not at all, unless it is there."""
    if kept.exists():
        return
    kept.parent.mkdir(parents=True, exist_ok=True)
    draft = kept.with_name(f".{kept.name}.{secrets.token_hex(8)}")
    shutil.copyfile(path, draft)
    draft.replace(kept)


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Serves the files of this release, and those that other releases have kept."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        kept = None if self.autorefresh else self._kept_file(request.path_info)
        if kept is None:
            return super().__call__(request)
        response: HttpResponseBase = self.serve(kept, request)
        response["Content-Security-Policy"] = _POLICY_OF_KEPT
        return response

    def immutable_file_test(self, path: str, url: str) -> bool:
        """Return whether browsers may keep it for good."""
        return Path(path).is_relative_to(kept_folder()) or bool(super().immutable_file_test(path, url))

    def _kept_file(self, address: str) -> StaticFile | None:
        """Return what lies in the folder itself under this name; never what a link leads to."""
        name: Any = address.removeprefix(self.static_prefix)
        if address in self.files or name == address or not _HASHED.fullmatch(name):
            return None
        path = str(kept_folder() / name)
        if os.path.realpath(path) != os.path.join(os.path.realpath(kept_folder()), name):
            return None
        try:
            return self.get_static_file(path, address)
        except NotARegularFileError:
            return None
