"""Retired words stay away: from both catalogues, which hold the texts of pages, mails and documents, and from the guides."""

import polib
import pytest

from tracker.house import retired, words

#: What users asked to read, in English and Malay, in place of words that they had to read twice.
LABELS = {
    "E-mail or password is incorrect. Check both and try again.": "E-mel atau kata laluan tidak betul. Semak kedua-duanya dan cuba semula.",
    "We couldn't sign you in": "Log masuk tidak berjaya",
    "Responsible officer": "Pegawai bertanggungjawab",
    "Due date": "Tarikh akhir",
    "Resubmit by %(day)s": "Hantar semula selewat-lewatnya pada %(day)s",
    "Ask MAPO to remove this assignment": "Mohon MAPO membatalkan tugasan ini",
    "%(count)s ready": "%(count)s sedia",
    "“%(text)s” is not a valid percentage. Write a whole number from 0 to 100, such as 40.": "“%(text)s” bukan peratus yang sah. Tulis nombor bulat dari 0 hingga 100, contohnya 40.",
    "You are responsible": "Anda bertanggungjawab",
    "Display language": "Bahasa paparan",
    "Status history": "Sejarah status",
    "Downloaded in full": "Dimuat turun sepenuhnya",
    "Verification": "Pengesahan",
    "Filters": "Penapis",
    "Other formats": "Format lain",
    "Level of detail": "Tahap perincian",
    "Current password": "Kata laluan semasa",
    "Correct the update": "Betulkan kemas kini",
    "Reminder settings": "Tetapan peringatan",
    "No active officer": "Tiada pegawai aktif",
    "Assessment window": "Tempoh penilaian",
    "Information due, %(day)s": "Penyerahan maklumat, %(day)s",
    "Malay and English (bilingual)": "Dwibahasa (bahasa Melayu dan bahasa Inggeris)",
}


def test_no_text_and_no_guide_has_a_retired_word() -> None:
    assert list(words.retired_words()) == []


def test_labels_that_users_asked_for_are_said_in_both_languages() -> None:
    malay = {entry.msgid: entry.msgstr for entry in polib.pofile(str(words.MALAY))}
    assert {label: malay.get(label) for label in LABELS} == LABELS


@pytest.mark.long
def test_retired_words_are_found_and_the_same_word_stays_where_it_is_right() -> None:
    for said, instead in (
        ("Send again by", "resubmit by"),
        ("What the summary holds stands here.", "is, appears, applies"),
        ("2 mails wait", "e-mail"),
        ("It is no date.", "is not a valid …"),
        ("Whoever opens a link", "the person who"),
    ):
        assert any(f"(say: {instead})" in found for found in retired.retired_in(said, retired.ENGLISH)), said
    for said in (
        "Hantar sebelum %(day)s, %(words)s.",
        "Perlu dihantar semula sebelum %(on)s",
        "Tetingkap penilaian",
        "Buang satu tapisan.",
        "Kedudukan pada %(day)s",
        "Draf disimpan sendiri.",
        "Rakan sejawat",
        "Sudah dibuat asal: tugasan ini telah ditamatkan.",
        "Dibentangkan kepada majlis",
    ):
        assert list(retired.retired_in(said, retired.MALAY)), said
    for said, terms in (
        ("Tapisan keselamatan anda hingga Sulit.", retired.MALAY),
        ("Pilih tarikh sebelum %(day)s.", retired.MALAY),
        ("Peristiwa, pada kedudukan 4, tidak lagi seperti yang ditulis.", retired.MALAY),
        ("%(days)s sebelum tempoh penilaian berakhir", retired.MALAY),
        ("Majlis Antipemerdagangan Orang dan Antipenyeludupan Migran (MAPO)", retired.MALAY),
        ("%(name)s stands in until %(until)s", retired.ENGLISH),
        ("Send again by e-mail", retired.ENGLISH),
        ("The mail server cannot be reached.", retired.ENGLISH),
    ):
        assert list(retired.retired_in(said, terms)) == [], said
