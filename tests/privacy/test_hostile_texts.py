"""Texts made to keep the detector busy: however they are written, a long one takes little time."""

from __future__ import annotations

import time

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import override

from privacy.detector import MOST_EXAMINED, find_identities
from privacy.forms import IdentityGuardForm
from privacy.identity_places import identity_places
from privacy.redaction import MOST_REDACTED
from recommendations.models import Update
from submissions.drafts import DRAFT_LENGTH
from tests.recommendations.conftest import Desk, desk, draft
from tests.recommendations.pages import browser_of, edit_url

__all__ = ["desk", "draft"]
LENGTH = 40_000
#: Seconds of the processor; each of these texts takes less than a fifth of it.
BOUND = 2.0
NUMBER = "900101-14-5567"

PIECES = {
    "phones": [
        "0" * 52 + "a;", "0", "(0", "0)", "0)(", "0 ", "0-", "0 (", "+1", "60", " 60123", "00",
        "0123456789 " * 6 + "a;", "012-345 6789a ", "+60 (12) 345-6789/", "٠١٢",
    ],
    "cards": [
        "900101-14-5567 ", "90010114556", "900101-14-", "kp ", "kp 1234567 ", "kad pengenalan ", "ic,",
        "sijil kelahiran AB12345 ", "AB123456789 ",
    ],
    "passports": [
        "A", "A1", "A123456 ", "pasport A1234567 ", "pasport ", "ref ref", "kes no ", "kes no. A1234567 ",
        "123456789 ",
    ],
    "refugees": [
        "123-45", "123-45A12345 ", "123-",
    ],
    "names": [
        "Siti ", "siti ", "SITI ", "Siti-", "A’", "a-", "bin ", "Siti bin ", "siti bin ", "mangsa ",
        "mangsa, ", "mangsa,,,", "mangsa Siti, ", "mangsa Siti (", "Rohani binti Salleh, mangsa ",
        "Budak Known, ", "Pelarian Dipanggil Rina, ", "girl named Siti, Siti and ", "named ", "Known ",
        "the ", "a a a a mangsa ", "Mohd. ", "mangsa Mohd. ", "Siti @ ", "@", "a/l ", "tions", "kean", "ed",
        "Maid ( ", "victim-", "dan ", "An " * 20 + ", mangsa ", "mangsa " + "An " * 19, "mangsa A. ", "A.",
        "mangsa Sri ", "mangsa Sri A. al ", "anak ", "Hakim bin mohd. ", "mangsa siti bin mohd ", "Do thi ",
        "Al ", "alias ",
    ],
    "papers": [
        "plks ", "vdr 1", "pasport 1 2 3 4 ", "kp A-1/2-3/", "unhcr 1234A", "90 01 01 14 ", "11/22/", "12-",
        "tender 900101-14-5567 ",
    ],
    "addresses": [
        "a@", "a.b@c.", "a(at)b(dot)", "a at b.", "a" * 70 + "@", "No. 5, ", "no 5 jalan ",
        "No. 5, Jalan A, ", "Jalan ", "Kampung A, ", "1-1-1-1, ", "Jalan A 52100 ", "SK A ",
        "murid Tahun 1 ", "murid SK A dari ", "Kampung A murid SK A ", "SK " * 8 + ", ",
    ],
    "neighbours": [
        "Encik ", "Encik. ", "encik siti ", "Adik Siti, ", "Siti, 14 ", "Siti (14) ", "Siti Aminah dari ",
        "1 (Siti) ", '"Siti" (', "Inspektor, ", "Menteri Siti dan ", "Ibu mangsa, ", "Nama: ", "Siti Sdn ",
        "Siti Rahayu, Siti ",
        "Encik Naib ",
        "Encik Pengarah ",
        "Sekolah Encik ",
        "Sekolah " * 12 + "Encik Siti ",
        "Tan Sri ",
        "Dato' Siti ",
        "Siti and ",
        "Siti Aminah, a Chin refugee ",
        "Malaysian " * 40 + "girl, ",
        "girl bernama siti ",
        "bernama ",
        "Siti Hall ",
        "ễ",
    ],
    "details": [
        "mangsa A",
        "mangsa A-",
        "mangsa " + "A-" * 30,
        "mangsa " + "No " * 9,
        "mangsa fail A/1",
        "A/1/",
        "A/1 of the victim ",
        "A",
        "/1",
        "her account 1",
        "akaun ",
        "akaun mangsa 123-45-",
        "her tiktok @a.",
        "@a",
        "lahir pada ",
        "born 1 June ",
        "aduan",
    ],
    "sentences": [
        " ", "\n", "-", "—", "(", ")", ". ", "!", "no. ", "_", "é", "e\u0301", "İ", "ſ", "𝟎", "\u200b",
    ],
}  # fmt: skip


def take_little_time(pieces: list[str]) -> None:
    """Each piece again and again: a pattern that tries several ways would take minutes."""
    for piece in pieces:
        begun = time.process_time()
        find_identities((piece * LENGTH)[:LENGTH], most=LENGTH)
        assert time.process_time() - begun < BOUND, piece


def test_a_hostile_text_of_each_kind_takes_little_time() -> None:
    take_little_time([pieces[0] for pieces in PIECES.values()])


@pytest.mark.long
@pytest.mark.parametrize("kind", PIECES)
def test_every_hostile_text_takes_little_time(kind: str) -> None:
    take_little_time(PIECES[kind])


def test_numbers_of_all_shapes_are_still_found() -> None:
    typed = [
        "0182234455",
        "018-223 4455",
        "+60 (18) 223-4455",
        "(018) 223 4455",
        "60182234455",
        "+8801712345678",
    ]
    for number in typed:
        findings = find_identities(f"Hubungi {number}, esok.")
        assert [each.kind for each in findings] == ["phone"], number


def test_a_page_looks_at_the_beginning_of_a_long_text() -> None:
    places = identity_places("x " * (MOST_EXAMINED // 2) + NUMBER)
    assert (dict(places.counts), places.is_cut) == ({}, True)
    assert not identity_places("x" * MOST_EXAMINED).is_cut


def test_a_form_keeps_no_text_that_is_too_long_to_be_redacted() -> None:
    assert DRAFT_LENGTH <= MOST_EXAMINED <= MOST_REDACTED


@pytest.mark.django_db
class TestTheView:
    def post(self, desk: Desk, text: str, **more: str) -> tuple[int, str]:
        fields = {"text": text, "name": "narrative", "id": "id_narrative", **more}
        with override("en"):
            response = browser_of(desk.officer).post(reverse("privacy:check"), fields)
        return response.status_code, response.content.decode()

    def test_it_says_that_only_the_beginning_was_looked_at(self, desk: Desk) -> None:
        status, page = self.post(desk, f"{NUMBER} " + "x" * MOST_EXAMINED)
        assert status == 200
        assert "only the first 20,000 characters were checked" in page
        assert "1 identity-card number" in page
        assert "only the first" not in self.post(desk, NUMBER)[1]

    def test_it_redacts_no_text_that_no_form_keeps(self, desk: Desk) -> None:
        status, said = self.post(desk, "x" * (MOST_REDACTED + 1), redact="1")
        assert status == 413
        assert (
            said == "This text is too long to be redacted. Shorten it to 100,000 characters, then try again."
        )
        status, redacted = self.post(desk, f"{NUMBER} ".ljust(MOST_REDACTED, "x"), redact="1")
        assert status == 200
        assert redacted.startswith("[identity-card number]")

    def test_a_draft_is_shown_with_the_same_words(self, desk: Desk, draft: Update) -> None:
        Update.objects.filter(pk=draft.pk).update(narrative="x " * MOST_EXAMINED)
        page = browser_of(desk.officer).get(edit_url(draft)).content.decode()
        assert "only the first 20,000 characters were checked" in page


def test_a_form_does_not_redact_what_is_too_long() -> None:
    data = QueryDict(mutable=True)
    data.update({"redact": "text", "text": NUMBER.ljust(MOST_REDACTED + 1, "\n")})
    form = IdentityGuardForm(data)
    assert form.was_redacted and not form.is_valid()
    assert form.data["text"].startswith(NUMBER)
