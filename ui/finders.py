"""Find the font files for `collectstatic` and for the development server, under `fonts/`."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

from ui import fonts

PREFIX = "fonts"


class _FontStorage(FileSystemStorage):
    """The folder of the font files; `prefix` tells collectstatic its public name."""

    prefix = PREFIX


class FontFinder(BaseFinder):
    """Serve `fonts/inter.woff2` and the others from `settings.FONTS_ROOT` (default `.jejak/fonts`)."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the path of a font file, or an empty list. Builds all files on the first request."""
        prefix, _, name = path.partition("/")
        if prefix != PREFIX or name not in {face.name for face in fonts.FACES}:
            return []
        found = str(_folder() / name)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """Yield each font file's name with the storage that holds it."""
        storage = _FontStorage(location=_folder())
        for face in fonts.FACES:
            if not matches_patterns(face.name, ignore_patterns or ()):
                yield face.name, storage


def _folder() -> Path:
    """Return the folder of the font files, which are built when they are missing."""
    root = getattr(settings, "FONTS_ROOT", None) or Path(settings.BASE_DIR) / ".jejak" / "fonts"
    return fonts.built(Path(root))
