"""The form of an update: what is shown, saved, sent, refused and kept."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from pytest_django import Settings

from accounts.clearance import Clearance
from evidence.models import Document
from evidence.services.lifecycle import withdraw_document
from recommendations.content import Content
from recommendations.models import Update
from recommendations.services import (
    return_update,
    save_update,
    submit_update,
    supersede_verdict,
    withdraw_update,
)
from recommendations.states import NARRATIVE_LENGTH
from submissions.states import SubmissionState
from tests.evidence import files
from tests.factories.evidence import make_document, make_upload
from tests.factories.recommendations import REPORTED, start_update
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import autosave_url, browser_of, edit_url, typed, words_of


class TestShow:
    def test_form_shows_fields_and_the_official_text_of_the_readers_language_first(
        self, desk: Desk, draft: Update
    ) -> None:
        fields = ("status", "percent", "narrative", "covers_from", "covers_to", "classification", "revision")
        for language in ("ms", "en"):
            response = browser_of(desk.officer, language).get(edit_url(draft))
            assert response.status_code == 200, language
            page = response.content.decode()
            assert [name for name in fields if f'name="{name}"' not in page] == [], language
            is_malay_first = page.index(desk.item.text_ms) < page.index(desk.item.text_en)
            assert is_malay_first == (language == "ms"), language
        assert f'data-counter="id_narrative" data-limit="{NARRATIVE_LENGTH}"' in page
        assert "maxlength" not in page[page.index("<textarea") : page.index("</textarea>")]
        choices = response.context["form"].fields["classification"].choices
        assert [value for value, _ in choices] == [0, 1], "none above the clearance"

    def test_row_of_a_file_says_its_kind_its_window_and_its_scan(
        self, desk: Desk, settings: Settings
    ) -> None:
        about = {"actor": desk.officer, "now": desk.now, "evidence_to": date(2023, 3, 2)}
        file = make_document(desk.agency, name="Taklimat.pdf", evidence_from=date(2023, 3, 1), **about)
        draft = desk.draft(replace(REPORTED, document_ids=frozenset({file.pk})))
        for scanner, is_told in (("none", False), ("clamav", True)):
            settings.SCANNER = scanner
            page = words_of(browser_of(desk.officer).get(edit_url(draft)))
            row = page[page.index("Taklimat.pdf") : page.index("Same dates as the update")]
            assert "PDF" in row and "Before the window" in row
            assert ("Not scanned" in row) is is_told

    def test_files_stay_in_the_order_in_which_they_came(
        self, desk: Desk, draft: Update, now: datetime
    ) -> None:
        names = ["Pertama.pdf", "Kedua.pdf", "Ketiga.pdf"]
        for name in names:
            draft.citations.create(
                document=make_document(desk.agency, actor=desk.officer, now=now, name=name)
            )
        page = browser_of(desk.officer).get(edit_url(draft)).content.decode()
        assert sorted(names, key=page.index) == names

    def test_form_of_a_colleague_goes_on_where_it_was_left(self, desk: Desk) -> None:
        update = desk.draft()
        page = browser_of(desk.colleague).get(edit_url(update)).content.decode()
        assert REPORTED.narrative in page
        assert f'name="revision" value="{update.revision}"' in page

    def test_form_is_not_found_by_others_nor_above_the_clearance(self, desk: Desk, draft: Update) -> None:
        for who in ("outsider", "reviewer", "administrator", "observer"):
            browser = browser_of(getattr(desk, who))
            assert browser.get(edit_url(draft)).status_code == 404, who
            assert browser.post(edit_url(draft), typed()).status_code == 404, who
            assert browser.post(autosave_url(draft), typed()).status_code == 404, who
            assert Content.of(draft) == Content(), who
        Update.objects.filter(pk=draft.pk).update(classification=Clearance.CONFIDENTIAL)
        assert browser_of(desk.officer).get(edit_url(draft)).status_code == 404

    def test_form_citing_a_file_above_the_clearance_is_not_found(
        self, desk: Desk, draft: Update, now: datetime
    ) -> None:
        document = make_document(desk.agency, actor=desk.administrator, now=now, classification=2)
        draft.citations.create(document=document)
        assert browser_of(desk.officer).get(edit_url(draft)).status_code == 404

    def test_form_shows_reason_of_the_return(self, desk: Desk, now: datetime) -> None:
        submission = desk.submission()
        return_update(
            submission,
            reason="Nyatakan bilangan.",
            resubmit_by=now.date().replace(day=20),
            actor=desk.reviewer,
            now=now,
        )
        words = words_of(browser_of(desk.officer).get(edit_url(submission.update)))
        assert "Nyatakan bilangan." in words
        assert desk.reviewer.name in words

    def test_form_shows_newest_verdict_with_its_text(self, desk: Desk, now: datetime) -> None:
        review = desk.accepted()
        supersede_verdict(
            review, status="progress", percent=35, reason="Tersilap", actor=desk.reviewer, now=now
        )
        update = start_update(desk.assignment, actor=desk.officer, now=now)
        words = words_of(browser_of(desk.officer).get(edit_url(update)))
        assert "MAPO’s last verdict: 35%" in words
        assert REPORTED.narrative in words

    def test_form_of_a_sent_update_leads_to_its_page(self, desk: Desk) -> None:
        update = desk.submission().update
        response = browser_of(desk.officer).get(edit_url(update))
        assert response.headers["Location"] == reverse("recommendations:update", args=[update.pk])

    def test_form_keeps_its_number_of_queries_with_more_files(
        self, desk: Desk, draft: Update, now: datetime, django_assert_max_num_queries: pytest.FixtureRequest
    ) -> None:
        browser = browser_of(desk.officer)
        for _each in range(3):
            draft.citations.create(document=make_document(desk.agency, actor=desk.officer, now=now))
            make_document(desk.agency, actor=desk.officer, now=now)
        with django_assert_max_num_queries(14):
            assert browser.get(edit_url(draft)).status_code == 200


class TestSave:
    def test_save_without_scripts_comes_back_to_the_form(self, desk: Desk, draft: Update) -> None:
        response = browser_of(desk.officer).post(edit_url(draft), typed(action="save"), follow=True)
        assert response.redirect_chain == [(edit_url(draft), 302)]
        assert "Kursus telah diadakan di 4 kontinjen." in response.content.decode()

    def test_save_of_what_is_no_value_keeps_the_text_on_the_page(self, desk: Desk, draft: Update) -> None:
        response = browser_of(desk.officer).post(edit_url(draft), typed(action="save", percent="empat"))
        assert response.status_code == 200
        assert "Kursus telah diadakan di 4 kontinjen." in response.content.decode()
        assert response.context["form"].errors["percent"]

    def test_search_among_files_saves_nothing_and_keeps_the_text(
        self, desk: Desk, draft: Update, now: datetime
    ) -> None:
        make_document(desk.agency, actor=desk.officer, now=now, name="Kursus.pdf")
        make_document(desk.agency, actor=desk.officer, now=now, name="Gambar lain.pdf")
        response = browser_of(desk.officer).post(edit_url(draft), typed(action="find", find="kursus"))
        words = words_of(response)
        assert "Kursus.pdf" in words
        assert "Gambar lain.pdf" not in words
        assert "Kursus telah diadakan di 4 kontinjen." in response.content.decode()
        assert Content.of(Update.objects.get(pk=draft.pk)) == Content()

    def test_files_of_others_are_never_offered(self, desk: Desk, draft: Update, now: datetime) -> None:
        make_document(desk.other_agency, actor=desk.outsider, now=now, name="Asing.pdf")
        make_document(desk.agency, actor=desk.administrator, now=now, name="Sulit.pdf", classification=2)
        words = words_of(browser_of(desk.officer).get(edit_url(draft)))
        assert "Asing.pdf" not in words
        assert "Sulit.pdf" not in words

    def test_remove_takes_one_file_off_the_form(self, desk: Desk, draft: Update, now: datetime) -> None:
        kept, gone = (make_document(desk.agency, actor=desk.officer, now=now) for _each in range(2))
        data = typed(documents=[kept.pk, gone.pk], remove=str(gone.pk))
        response = browser_of(desk.officer).post(edit_url(draft), data)
        assert [file.document for file in response.context["writing"].attached] == [kept]
        assert [file.document for file in response.context["writing"].offered] == [gone]


class TestFilesWithoutScripts:
    def test_files_of_the_form_are_received_and_cited(self, desk: Desk, draft: Update) -> None:
        uploads = [make_upload("Satu.pdf"), make_upload("Dua.png", files.png())]
        browser_of(desk.officer).post(edit_url(draft), typed(action="save", new_files=uploads))
        cited = Document.objects.filter(citations__update=draft).order_by("original_name")
        assert [document.original_name for document in cited] == ["Dua.png", "Satu.pdf"]
        assert {document.classification for document in cited} == {Clearance.RESTRICTED}

    @pytest.mark.parametrize("action", ["save", "submit"])
    def test_refused_file_keeps_text_and_other_files(self, desk: Desk, draft: Update, action: str) -> None:
        bad = SimpleUploadedFile("Senarai.pdf", b"MZ\x90\x00 not a pdf at all")
        data = typed(action=action, new_files=[make_upload("Baik.pdf"), bad])
        response = browser_of(desk.officer).post(edit_url(draft), data)
        assert response.status_code == 200
        saved = Update.objects.get(pk=draft.pk)
        assert saved.state == SubmissionState.DRAFT
        assert saved.narrative == "Kursus telah diadakan di 4 kontinjen."
        assert [document.original_name for document in saved.documents.all()] == ["Baik.pdf"]
        refused = response.context["refused"]
        assert [name for name, _reason in refused] == ["Senarai.pdf"]
        assert refused[0][1] in words_of(response)
        assert f'value="{saved.revision}"' in response.content.decode()


class TestSubmit:
    def test_submit_sends_to_mapo_and_offers_undo(self, desk: Desk, draft: Update) -> None:
        response = browser_of(desk.officer).post(edit_url(draft), typed(action="submit"), follow=True)
        assert response.redirect_chain == [(reverse("recommendations:my_work"), 302)]
        assert Update.objects.get(pk=draft.pk).state == SubmissionState.SUBMITTED
        assert reverse("recommendations:update_undo", args=[draft.pk]) in response.content.decode()

    def test_submit_twice_sends_once(self, desk: Desk, draft: Update) -> None:
        browser = browser_of(desk.officer)
        for _press in range(2):
            response = browser.post(edit_url(draft), typed(action="submit"))
            assert response.status_code == 302
        assert draft.submissions.count() == 1

    def test_submit_of_an_incomplete_update_says_so_and_keeps_the_draft(
        self, desk: Desk, draft: Update
    ) -> None:
        for field, value in (
            ("status", ""),
            ("percent", ""),
            ("percent", "100"),
            ("narrative", " "),
            ("narrative", "a" * 5001),
            ("covers_from", ""),
            ("covers_to", "2023-09-15"),
            ("covers_to", "2023-06-30"),
        ):
            with transaction.atomic():
                response = browser_of(desk.officer).post(
                    edit_url(draft), typed(action="submit", **{field: value})
                )
                assert response.status_code == 200, (field, value[:20])
                assert field in response.context["form"].errors, (field, value[:20])
                saved = Update.objects.get(pk=draft.pk)
                assert (saved.state, saved.revision) == (SubmissionState.DRAFT, 1), (field, value[:20])
                assert f'name="revision" value="{saved.revision}"' in response.content.decode(), (
                    field,
                    value[:20],
                )
                transaction.set_rollback(True)

    def test_submit_shows_all_errors_at_once(self, desk: Desk, draft: Update) -> None:
        data = typed(action="submit", percent="150", narrative=" ", covers_to="2023-12-31")
        found = browser_of(desk.officer).post(edit_url(draft), data).context["form"].errors
        assert set(found) == {"percent", "narrative", "covers_to"}
        assert len(found["percent"]) == 1
        saved = browser_of(desk.officer).post(edit_url(draft), data | {"action": "save"})
        assert set(saved.context["form"].errors) == {"percent"}

    def test_submit_of_a_returned_update_makes_the_next_version(self, desk: Desk, now: datetime) -> None:
        submission = desk.submission()
        update = submission.update
        day = now.date().replace(day=20)
        return_update(submission, reason="Nyatakan bilangan.", resubmit_by=day, actor=desk.reviewer, now=now)
        data = typed(action="submit", narrative="Dibetulkan.", revision=str(update.revision))
        browser_of(desk.colleague).post(edit_url(update), data)
        assert [each.narrative for each in update.submissions.order_by("number")] == [
            REPORTED.narrative,
            "Dibetulkan.",
        ]

    def test_submit_citing_a_withdrawn_file_keeps_the_text_on_the_page(
        self, desk: Desk, draft: Update, now: datetime
    ) -> None:
        document = make_document(desk.agency, actor=desk.officer, now=now, name="Lama.pdf")
        withdraw_document(document, reason="Salah", actor=desk.officer, now=now)
        response = browser_of(desk.officer).post(
            edit_url(draft), typed(action="submit", documents=[document.pk])
        )
        assert response.status_code == 200
        assert "“Lama.pdf” was withdrawn or replaced." in words_of(response)
        assert "Kursus telah diadakan di 4 kontinjen." in response.content.decode()
        assert Update.objects.get(pk=draft.pk).state == SubmissionState.DRAFT


class TestStale:
    def test_older_revision_shows_both_texts_and_mine_is_kept_knowingly(
        self, desk: Desk, draft: Update, now: datetime
    ) -> None:
        theirs = save_update(draft, content=REPORTED, revision=0, actor=desk.colleague, now=now)
        for action in ("save", "submit", "compare"):
            response = browser_of(desk.officer).post(
                edit_url(draft), typed(action=action, narrative="Teks saya")
            )
            assert response.status_code == 409, action
            page = response.content.decode()
            assert "Teks saya" in page, action
            assert desk.colleague.name in page, action
            words = words_of(response)
            assert REPORTED.narrative in words, action
            assert f'name="revision" value="{theirs.revision}"' in page, action
            assert "data-unsaved" in page, action
            assert Update.objects.get(pk=draft.pk).narrative == REPORTED.narrative, action
            assert not draft.submissions.exists(), action
        browser = browser_of(desk.officer)
        page = browser.post(edit_url(draft), typed(action="save", narrative="Teks saya"))
        mine = typed(action="save", narrative="Teks saya", revision=page.context["form"]["revision"].value())
        assert browser.post(edit_url(draft), mine).status_code == 302
        assert Update.objects.get(pk=draft.pk).narrative == "Teks saya"

    def test_theirs_is_taken_by_a_link(self, desk: Desk, draft: Update, now: datetime) -> None:
        save_update(draft, content=REPORTED, revision=0, actor=desk.colleague, now=now)
        page = browser_of(desk.officer).get(f"{edit_url(draft)}?taken=theirs").content.decode()
        assert f'data-kept-clear="update-{draft.pk}"' in page
        assert REPORTED.narrative in page

    def test_compare_with_the_newest_revision_only_shows_the_form(self, desk: Desk, draft: Update) -> None:
        response = browser_of(desk.officer).post(edit_url(draft), typed(action="compare"))
        assert response.status_code == 200
        assert "Kursus telah diadakan di 4 kontinjen." in response.content.decode()

    def test_closed_meanwhile_shows_the_text_to_copy(self, desk: Desk, draft: Update, now: datetime) -> None:
        submit_update(draft, content=REPORTED, revision=0, actor=desk.colleague, now=now)
        withdraw_update(draft, actor=desk.colleague, now=now)
        for action in ("save", "submit", "compare"):
            response = browser_of(desk.officer).post(
                edit_url(draft), typed(action=action, narrative="Teks saya")
            )
            assert response.status_code == 409, action
            assert "Teks saya" in response.content.decode(), action
            assert reverse("recommendations:update_copy", args=[draft.pk]) in response.content.decode(), (
                action
            )


class TestSignedOut:
    def test_expired_session_leads_back_to_the_form(self, desk: Desk, draft: Update) -> None:
        browser = browser_of(desk.officer)
        browser.logout()
        response = browser.post(edit_url(draft), typed(action="submit"))
        assert response.status_code == 302
        assert edit_url(draft) in response.headers["Location"]
        assert Content.of(Update.objects.get(pk=draft.pk)) == Content()
