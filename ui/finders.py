"""Find static files that are built: fonts under `fonts/`, the bundles under `ui/`.

For `collectstatic` and for the development server.
"""

from abc import abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

from ui import bundles, fonts


class _BuiltStorage(FileSystemStorage):
    """A folder of built files; `prefix` tells collectstatic their public folder."""

    def __init__(self, folder: Path, prefix: str) -> None:
        super().__init__(location=folder)
        self.prefix = prefix


class _BuiltFileFinder(BaseFinder):
    """Finds the files of one folder, which are built when they are missing."""

    prefix: str
    names: frozenset[str]

    @abstractmethod
    def folder(self) -> Path:
        """Return the folder that holds the files."""

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the path of a file, or an empty list. Builds all files on the first request."""
        prefix, _, name = path.partition("/")
        if prefix != self.prefix or name not in self.names:
            return []
        found = str(self.folder() / name)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        """Yield each file's name with the storage that holds it."""
        storage = _BuiltStorage(self.folder(), self.prefix)
        for name in sorted(self.names):
            if not matches_patterns(name, ignore_patterns or ()):
                yield name, storage


class FontFinder(_BuiltFileFinder):
    """Serve `fonts/inter.woff2` and the others from `settings.FONTS_ROOT`."""

    prefix = "fonts"
    names = frozenset(face.name for face in fonts.FACES)

    def folder(self) -> Path:
        """Return the folder of the font files."""
        return fonts.built(Path(settings.FONTS_ROOT))


class BundleFinder(_BuiltFileFinder):
    """Serve `ui/site.css` and `ui/site.js` from `settings.BUNDLES_ROOT`."""

    prefix = "ui"
    names = frozenset(bundles.BUNDLES)

    def folder(self) -> Path:
        """Return the folder of the bundles."""
        return bundles.built(Path(settings.BUNDLES_ROOT))
