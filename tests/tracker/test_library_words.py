"""Texts of the libraries that our Malay covers."""

from pathlib import Path

import allauth
import django
import polib
import pytest

from tracker import library_words
from tracker.house import words

pytestmark = pytest.mark.long

CATALOGUES = [
    Path(package).parent.joinpath(*folders, "locale", "en", "LC_MESSAGES", "django.po")
    for package, folders in (
        (django.__file__, ("conf",)),
        (django.__file__, ("contrib", "auth")),
        (allauth.__file__, ()),
    )
]


@pytest.fixture(scope="module")
def known() -> set[str]:
    return {entry.msgid for path in CATALOGUES for entry in polib.pofile(str(path))}


@pytest.mark.parametrize(
    "text", sorted(words.in_python(Path(library_words.__file__))), ids=lambda text: text.msgid[:40]
)
def test_translate_text_of_library_while_library_has_it(text: words.Text, known: set[str]) -> None:
    assert text.msgid in known
