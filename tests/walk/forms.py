"""No form answers 500 whatever is typed, and each refusal is a sentence of ours, in the reader's language."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path
from typing import Any

import allauth
import django
import polib
import pytest
from django.http import HttpResponse
from django.test import Client

from tests.hostile import TYPED, record_posted_names, some
from tests.matrix import ANONYMOUS, SIGN_IN, Row
from tests.walk.place import ROWS, Place, ask, role_of, undone
from tracker.house import words

FORMS = {row.name: row for row in ROWS if row.method == "post" and row.target != "foreign"}
#: Too long for every field, and no choice, number, date or address.
NONSENSE = "x" * 30_000
LANGUAGES = ("en", "ms")
#: So many values are tried in each field. The values differ by form and field; `len(TYPED)` tries all.
TRIED = 1
#: What a text is called that says something, in all forms.
SAYING = {
    *("narrative", "text", "reason", "return_reason", "reference", "name"),
    *("explanation", "answer", "note", "message"),
}
#: They answer about a text and keep none, act by a button alone, or take a choice for an answer.
WITHOUT_TEXT = {
    "privacy:check",
    "accounts:sign_out_person",
    "accounts:reissue_link",
    "overview:weakness_link",
}
#: Signs that are sent and cannot be seen.
UNSEEN = "\u200b\u2060 \u202e\ufeff\u3164\u00ad"
SAYS_SO = re.compile(r"Nothing in this text can be seen\. Write it again\.|Fill this in\.")
#: Refused for another reason, or without a form around the text.
OTHER_REFUSALS = {404, 409, 422}


def check_bad_input(row: Row, place: Place) -> None:
    """Nothing, and nonsense, in all fields at once: no answer is in the words of a library."""
    role, good = role_of(row), row.data(place.world)
    for language in LANGUAGES:
        for bad in ("", NONSENSE):
            with undone():
                client = place.client_of(role, language=language)
                response = ask(client, row, place.kwargs, dict.fromkeys(good, bad))
                if response.status_code == 302 and row.expected[role] != SIGN_IN:
                    # What a refused act says stands on the next page.
                    response = client.get(response["Location"])  # type: ignore[assignment]
                assert in_a_librarys_words(_text_of(response)) == "", (language, bad[:1])


def check_anything_typed(row: Row, place: Place) -> None:
    """Whatever is typed in all fields at once is answered."""
    client, good = place.client_of(role_of(row)), row.data(place.world)
    with pytest.MonkeyPatch.context() as monkeypatch:
        names = record_posted_names(monkeypatch)
        _assert_answered(client, row, place, good)
        typed = {name: some(TYPED, 1, of=f"{name} {row.name}")[0] for name in sorted(names)}
        _assert_answered(client, row, place, good | typed)


def check_each_field(row: Row, place: Place) -> None:
    """Whatever is typed in one field is answered."""
    client, good = place.client_of(role_of(row)), row.data(place.world)
    with pytest.MonkeyPatch.context() as monkeypatch:
        names, tried = record_posted_names(monkeypatch), {"csrfmiddlewaretoken"}
        while left := sorted((names | good.keys()) - tried):
            tried.add(left[0])
            for value in some(TYPED, TRIED, of=f"{row.name} {left[0]}"):
                _assert_answered(client, row, place, good | {left[0]: value})


def check_unseen_text(row: Row, place: Place) -> None:
    """A text in which nothing can be seen is refused, and the form says so."""
    role, good = role_of(row), row.data(place.world)
    if role == ANONYMOUS or row.name in WITHOUT_TEXT:
        return
    client = place.client_of(role, language="en")
    for name in [name for name in good if name.rpartition("-")[2] in SAYING and good[name]]:
        with undone():
            response = ask(client, row, place.kwargs, good | {name: UNSEEN})
            if response.status_code not in OTHER_REFUSALS:
                assert response.status_code == 200 and SAYS_SO.search(response.content.decode()), name


def in_a_librarys_words(text: str) -> str:
    """Return the first sentence in the text that only a library says, or ""."""
    for pattern, longest in _library_sentences().items():
        if longest in text and (found := pattern.search(text)):
            return found[0]
    return ""


def _text_of(response: HttpResponse) -> str:
    return "" if response.streaming else html.unescape(response.content.decode(errors="replace"))


def _assert_answered(client: Client, row: Row, place: Place, data: dict[str, Any]) -> None:
    """Post, and follow to the next page. An error of the view is raised by the client."""
    with undone():
        response = ask(client, row, place.kwargs, data)
        assert response.status_code < 500
        if response.status_code == 302 and response["Location"].startswith("/"):
            assert client.get(response["Location"]).status_code < 500


@cache
def _library_sentences() -> dict[re.Pattern[str], str]:
    """Return a pattern of each sentence that is a library's alone, with the longest part that stands in it as it is."""
    theirs = {
        text
        for language in LANGUAGES
        for path in _catalogues(language)
        for entry in polib.pofile(str(path))
        for text in _texts(entry)
        if text.endswith(".") and " " in text and "\n" not in text
    }
    ours = {
        text
        for path in (words.MALAY, words.ENGLISH)
        for entry in polib.pofile(str(path))
        for text in _texts(entry)[2 if entry.occurrences[0][0] == words.LIBRARY_WORDS else 0 :]
    }
    parts = {text: re.split(r"%\(\w+\)[sd]|%[sd]", text) for text in theirs - ours}
    return {re.compile(".+?".join(map(re.escape, part))): max(part, key=len) for part in parts.values()}


def _catalogues(language: str) -> list[Path]:
    packages = ((django.__file__, ("conf",)), (django.__file__, ("contrib", "auth")), (allauth.__file__, ()))
    folders = (Path(package).parent.joinpath(*path, "locale", language) for package, path in packages)
    return [path for folder in folders if (path := folder / "LC_MESSAGES" / "django.po").exists()]


def _texts(entry: polib.POEntry) -> list[str]:
    return [entry.msgid, entry.msgid_plural, entry.msgstr, *entry.msgstr_plural.values()]
