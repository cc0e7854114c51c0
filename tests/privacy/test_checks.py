"""What services ask of a text, what is shown of it, and how it is redacted."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from audit.errors import BadValue
from privacy.checks import IdentitiesFound, IdentityNote, check_identities
from privacy.detector import MOST_EXAMINED, find_identities
from privacy.identity_places import identity_places
from privacy.redaction import redact

pytestmark = pytest.mark.usefixtures("in_english")

TEXT = "Mangsa Siti Rahayu (KP 900101-14-5567) tiba. Telefon 018-223 4455 dan 018-223 4456."


def test_redact_names_what_stood_there() -> None:
    assert redact(TEXT) == (
        "Mangsa [name] (KP [identity-card number]) tiba. Telefon [telephone number] dan [telephone number]."
    )
    with override("ms"):
        assert "[nombor kad pengenalan]" in redact(TEXT)
    assert redact(redact(TEXT)) == redact(TEXT)
    assert redact("42 mangsa diselamatkan.") == "42 mangsa diselamatkan."


def test_places_show_the_sentence_around() -> None:
    places = identity_places(TEXT)
    assert places.summary == "1 identity-card number, 2 telephone numbers, 1 name"
    card = places.shown[1]
    assert (card.label, card.before, card.words, card.after) == (
        "Identity-card number",
        "Mangsa Siti Rahayu (KP ",
        "900101-14-5567",
        ") tiba",
    )
    assert places.more == 0
    assert not identity_places("42 mangsa diselamatkan.")
    assert identity_places("KP 900101-14-5567 " * 25).more == 15


@pytest.mark.parametrize("length", [59, 60])
def test_places_cut_nothing_that_fits(length: int) -> None:
    """What ends exactly at the reach is whole, whether the text or the sentence ends there."""
    card = "900101-14-5567"
    words = "Rujukan lama " + "x" * (length - 14)
    for text in (f"{words} {card}", f"Tiada.{words} {card}"):
        [place] = identity_places(text.replace("Tiada.", "Tiada.\n")).shown
        assert place.before == f"{words} "
    words = " " + "x" * (length - 14) + " rujukan lama"
    for end in ("", "\nTiada"):
        [place] = identity_places(f"{card}{words}{end}").shown
        assert place.after == words


def test_places_tell_where_they_are_cut() -> None:
    [place] = identity_places(
        "awal " + "x" * 50 + " tengah 900101-14-5567 tengah " + "x" * 45 + " akhir lagi"
    ).shown
    assert place.before == "… " + "x" * 50 + " tengah "
    assert place.after == " tengah " + "x" * 45 + " akhir …"


def test_a_text_without_identities_passes_and_drops_the_reason() -> None:
    assert check_identities({"text": "42 mangsa."}, reason="Tiada") == IdentityNote({}, "")
    assert check_identities({"text": "42 mangsa."}).event_facts == {}


def test_a_text_with_identities_needs_a_reason() -> None:
    with pytest.raises(IdentitiesFound) as refused:
        check_identities({"narrative": TEXT, "other": "42 mangsa."}, reason="  ")
    assert list(refused.value.problems) == ["narrative"]
    assert "1 identity-card number, 2 telephone numbers, 1 name" in refused.value.problems["narrative"]
    note = check_identities({"narrative": TEXT}, reason=" Nombor pejabat. ")
    assert note.reason == "Nombor pejabat."
    counts = {"identity_card": 1, "identity_phone": 2, "identity_name": 1}
    assert {name: note.event_facts[name] for name in counts} == counts


@pytest.mark.parametrize("reason", ["Mangsa KP 900101-14-5567 bersetuju.", "x" * 501])
def test_a_reason_that_will_not_do(reason: str) -> None:
    with pytest.raises(IdentitiesFound) as refused:
        check_identities({"narrative": TEXT}, reason=reason)
    assert "reason" in refused.value.problems["narrative"]


@pytest.mark.parametrize(
    "reason", ["Rahayu sudah bersetuju.", "Nombor berakhir 9001 0114 5567.", "siti rahayu"]
)
def test_a_reason_does_not_repeat_what_was_found(reason: str) -> None:
    """Others read the reason than those who see the text whole."""
    with pytest.raises(IdentitiesFound) as refused:
        check_identities({"narrative": TEXT}, reason=reason)
    assert "the reason" in refused.value.problems["narrative"]
    with override("ms"), pytest.raises(IdentitiesFound) as refused:
        check_identities({"narrative": TEXT}, reason="Rahayu bersetuju.")
    assert "sebab itu mengulangi sebahagian daripadanya" in refused.value.problems["narrative"]


def test_a_reason_does_not_repeat_the_name_of_a_file() -> None:
    with pytest.raises(IdentitiesFound):
        check_identities({}, file_names=["Mangsa_Siti_Rahayu.pdf"], reason="Rahayu bersetuju.")


def test_a_text_that_is_too_long_to_be_looked_at_is_refused() -> None:
    with pytest.raises(BadValue, match="20,000") as refused:
        check_identities({"text": "x" * (MOST_EXAMINED + 1)}, reason="Tiada.")
    assert refused.value.field == "text"
    assert find_identities("x" * MOST_EXAMINED + " 900101-14-5567") == []


def test_places_are_not_shown_with_half_words() -> None:
    told = "Siasatan bersama di beberapa buah kilang dan premis hiburan mendapati pekerja Ali bin Abu "
    told += "tinggal bersama beberapa orang rakan sekerja di sebuah rumah kongsi berhampiran kilang itu"
    place = next(place for place in identity_places(told).shown if "Abu" in place.words)
    assert place.before.startswith("… ") and place.after.endswith(" …")
    words = set(told.split())
    assert words.issuperset([*place.before.strip("… ").split(), *place.after.strip("… ").split()])
