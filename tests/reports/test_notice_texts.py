"""What people are told of summaries, in both languages, whatever a notice holds or lacks."""

from __future__ import annotations

from itertools import product

import pytest
from django.utils import translation

from reminders.messages.notices import anytime_kinds, kind_of, subject_of
from reports.services.notices import BROKEN_OFF, FAILED, MONTHLY, READY
from reports.states import ExportFormat
from ui.icons import icon

ABOUT = {"paper": "pdf", "as_at": "2023-08-31", "cycle": 2023, "document": 37}


def said(what: str, language: str, **about: object) -> str:
    with translation.override(language):
        return kind_of(what).text(about or ABOUT).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("what", "malay", "english"),
    [
        (READY, "Ringkasan anda telah siap: PDF, setakat 31 Ogos 2023 (Kitaran 2023)", "Your summary is ready: PDF, as at 31 August 2023 (2023 cycle)"),
        (FAILED, "Ringkasan anda tidak dapat dibuat: PDF, setakat 31 Ogos 2023 (Kitaran 2023)", "Your summary could not be made: PDF, as at 31 August 2023 (2023 cycle)"),
        (MONTHLY, "Ringkasan bulanan telah siap: PDF, setakat 31 Ogos 2023 (Kitaran 2023)", "A monthly summary is ready: PDF, as at 31 August 2023 (2023 cycle)"),
        (BROKEN_OFF, "Dokumen 37 tidak lagi sepadan dengan cincangannya: pek bukti yang merujuknya terputus, dan failnya mesti diperiksa", "Document 37 no longer matches its hash: an evidence pack that cites it was interrupted, and its file must be checked"),
    ],
)  # fmt: skip
def test_news_says_what_it_is_about(what: str, malay: str, english: str) -> None:
    assert (said(what, "ms"), said(what, "en")) == (malay, english)


@pytest.mark.parametrize("what", [READY, FAILED, MONTHLY])
def test_summary_of_every_paper_has_a_name(what: str) -> None:
    for language, export_format in product(("ms", "en"), ExportFormat):
        with translation.override(language):
            assert str(export_format.label) in said(what, language, paper=str(export_format))


def test_what_is_missing_is_left_out() -> None:
    assert said(READY, "en", cycle=2023) == "Your summary is ready: 2023 cycle"
    assert said(READY, "en", paper="scroll") == "Something happened in Jejak that concerns you"
    assert said(BROKEN_OFF, "en", cycle=2023) == "Something happened in Jejak that concerns you"


def test_subjects_and_icons_are_there_in_both_languages() -> None:
    for what in (READY, FAILED, MONTHLY, BROKEN_OFF):
        with translation.override("ms"):
            malay = subject_of(what)
        with translation.override("en"):
            english = subject_of(what)
        assert malay != english and english != "A notice from Jejak"
        assert "<svg" in icon(kind_of(what).icon)
        assert kind_of(what).is_urgent == (what == BROKEN_OFF)


def test_monthly_summaries_alone_wait_for_working_hours() -> None:
    assert {READY, FAILED, BROKEN_OFF} <= set(anytime_kinds()) and MONTHLY not in anytime_kinds()
