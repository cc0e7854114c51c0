"""How texts and questions are read: Malay and English, and what the database keeps of each."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from evidence.services.lifecycle import seal_document
from recommendations.models import Assignment, Update
from recommendations.services import report_nothing_new
from search.models import CommentWords, DocumentWords, ItemWords, NarrativeWords
from tests.factories.evidence import make_document
from tests.recommendations.conftest import Desk
from tests.search.conftest import Library, finds, keep_text

pytestmark = pytest.mark.django_db


def answers(text: str, question: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(jejak_words(%s) @@ jejak_query(%s), false)", [text, question])
        return bool(cursor.fetchone()[0])


#: British and American.
SPELLINGS = [
    ("labour", "labor"), ("behaviour", "behavior"), ("neighbouring", "neighboring"), ("honoured", "honored"),
    ("endeavours", "endeavors"), ("colour", "color"), ("organisation", "organization"), ("recognised", "recognize"),
    ("criminalising", "criminalizes"), ("prioritise", "prioritize"), ("analysed", "analyze"), ("defence", "defense"),
    ("licences", "license"), ("offence", "offenses"), ("centre", "center"), ("kilometres", "kilometer"),
    ("programme", "program"), ("programmes", "programs"), ("travelled", "traveled"), ("counselling", "counseling"),
    ("cancelled", "canceled"), ("judgement", "judgment"), ("enrolment", "enrollment"), ("fulfilment", "fulfillment"),
]  # fmt: skip


def test_text_answers() -> None:
    for text, question in (
        ("Pegawai telah dilatih", "latihan"),
        ("Latihan pegawai", "melatih"),
        ("Kes disiasat oleh polis", "penyiasatan"),
        ("Laporan dihantar", "melaporkan"),
        ("Perlindungan mangsa", "dilindungi"),
        ("Pekerja asing", "pekerjaan"),
        ("negeri-negeri pantai", "negeri"),
        ("dan/atau kakitangan", "atau"),
        ("Officers were trained", "training officer"),
        ("Policies and agencies", "policy agency"),
        ("the victims' shelter", "victim shelters"),
        ("Café Pelangi", "cafe"),
        ("NGHTI 2.0", "nghti 2.0"),
        ("3,000 orang", "3,000"),
        ("ڤرکارا دان ايتم", "ايتم"),
        ("pemerdagangan orang", "pemerdag*"),
        ("Kursus SOP pengenalpastian mangsa", '"SOP pengenalpastian"'),
        ("bas dan kereta", "lori or kereta"),
        ("bas dan kereta", "bas -lori"),
        ("WHO", "who"),
        ("who", "WHO"),
        ("emel: a.b@c.gov.my", "a.b@c.gov.my"),
        ("“Pasport” — disimpan…", "pasport disimpan"),
        ("pegawai’s oﬃcer", "officer"),
        ("Kursus SOP pengenalpastian", "“SOP pengenalpastian”"),
        *((first, second) for pair in SPELLINGS for first, second in (pair, pair[::-1])),
        ("forced labour", '"forced labor"'),
        ("forced labor", "labour*"),
        ("the organisation", "organis*"),
        ("polis bising; pengasingan kluster", "polis bising pengasingan kluster"),
    ):
        assert answers(text, question), text


def test_signs_beyond_ascii_part_words_under_any_locale() -> None:
    """The parser of some locales holds them for letters, so they are gone before it reads."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT jejak_plain(%s)", ["“a”–b…c’d«e»·f\u00a0g"])
        assert cursor.fetchone()[0].split() == ["a", "b...c'd", "e", "f", "g"]


def test_text_does_not_answer() -> None:
    for text, question in (
        ("Kursus SOP bagi pengenalpastian", '"SOP pengenalpastian"'),
        ("Kursus SOP bagi pengenalpastian", "“SOP pengenalpastian”"),
        ("bas dan kereta", "bas lori"),
        ("bas dan kereta", "bas -kereta"),
        ("bas", "-kereta"),
        ("bas", ""),
        ("bas", "😀"),
        ("perdagangan", "pemerdag*"),
    ):
        assert not answers(text, question), text


def test_long_text_keeps_the_words_of_its_beginning() -> None:
    """A million characters of words that are all different do not fit into one tsvector."""
    text = " ".join(f"kata{number:x}aku" for number in range(90_000))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT words @@ jejak_query('kata0aku'), length(words) FROM search_words(ARRAY[%s], 0) words",
            [text],
        )
        found, length = cursor.fetchone()
    assert found
    assert length > 10_000


def test_words_follow_the_text_of_an_item(desk: Desk) -> None:
    items = type(desk.item).objects.filter(pk=desk.item.pk)
    assert finds(desk.officer, "ditambah") == {"items": 1}
    items.update(text_ms="Teks baharu.")
    assert finds(desk.officer, "ditambah") == {}
    assert finds(desk.officer, "baharu") == {"items": 1}
    items.update(title_ms="Jambatan emas", title_en="Golden bridge")
    assert finds(desk.officer, "jambatan") == finds(desk.officer, "bridges") == {"items": 1}
    items.update(title_ms="Lain", title_en="Other")
    assert finds(desk.officer, "jambatan") == {}


def test_words_of_a_document_are_of_its_name_at_once(desk: Desk) -> None:
    document = make_document(
        desk.agency, actor=desk.officer, now=desk.now, name="Senarai_kehadiran-Julai(2).pdf"
    )
    for question in ("kehadiran", "julai", "Senarai_kehadiran-Julai(2).pdf", "senarai kehadiran"):
        assert finds(desk.officer, question) == {"documents": 1}, question
    keep_text(document, "Nama peserta", now=desk.now)
    assert finds(desk.officer, "peserta kehadiran") == {"documents": 1}


def test_web_writes_no_words_and_what_is_new_or_sealed_has_none(library: Library) -> None:
    for model in (ItemWords, NarrativeWords, CommentWords, DocumentWords):
        for statement in ("UPDATE {} SET words = ''", "DELETE FROM {}"):
            assert refused(statement.format(model._meta.db_table))
    # The stored sentence of "nothing new" is the product's, not the agency's.
    desk = library.desk
    report_nothing_new(
        Assignment.objects.get(pk=desk.assignment.pk),
        speaks_for=desk.now.date(),
        actor=desk.officer,
        now=desk.now,
    )
    assert Update.objects.filter(is_nothing_new=True).exists()
    assert finds(desk.officer, "perkembangan") == {}
    seal_document(library.document, reason="Menyebut mangsa", actor=desk.administrator, now=desk.now)
    assert not DocumentWords.objects.filter(document=library.document).exists()


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return "permission denied" in str(error)
    return False
