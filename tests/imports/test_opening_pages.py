"""The pages of opening imports: the file, the rows, the sending, MAPO's decision, and what stays visible."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoAssertNumQueries

from audit.models import Event
from cycles.services import close_cycle
from imports.services.drafts import correct_rows
from recommendations.models import OpeningImport
from tests.imports.openings import CELLS, batch, kept_rows, page_of, waiting
from tests.imports.workbooks import ROW, workbook
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of, toasts

pytestmark = pytest.mark.django_db
LIST = "/openings/"


def upload(content: bytes, name: str = "kemajuan.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def typed(number: int = 1, **cells: str) -> dict[str, str]:
    """The fields of one row's form as a browser sends them."""
    fields = {f"row-{number}-{name}": text for name, text in (CELLS | cells).items()}
    return fields | {f"row-{number}-revision": "0", "act": "save"}


# The list, the template and the file


def test_list_in_both_languages(desk: Desk) -> None:
    batch(desk, {})
    for who in ("officer", "coordinator", "reviewer"):
        for language in ("ms", "en"):
            response = Visitor(getattr(desk, who), language).get(LIST)
            assert response.status_code == 200 and f'lang="{language}"' in response.content.decode(), who


def test_list_offers_the_template_of_ones_own_agency_and_is_hidden_from_observers(desk: Desk) -> None:
    text = text_of(Visitor(desk.officer).get(LIST))
    assert "Import the progress of PDRM" in text and "Template for PDRM" in text and "Read the file" in text
    assert Visitor(desk.observer).get(LIST).status_code == 404
    response = Visitor(desk.officer).get(f"{LIST}template/", agency="MPOB")
    assert response.status_code == 200 and response.content.startswith(b"PK")
    assert 'filename="opening-import-PDRM-2023.xlsx"' in response["Content-Disposition"]
    assert Visitor(desk.reviewer).get(f"{LIST}template/").status_code == 404
    assert "MPOB" in Visitor(desk.reviewer).get(f"{LIST}template/", agency="MPOB")["Content-Disposition"]


def test_list_leads_to_the_draft_that_is_open_instead_of_a_second_one(desk: Desk) -> None:
    batch(desk, {}, {"reported_on": "2023-06-05"})
    text = text_of(Visitor(desk.colleague).get(LIST))
    assert "2 rows have been read. Nothing has been sent yet." in text
    assert "Check the rows" in text and "Read the file" not in text


def test_list_of_mapo_asks_for_an_agency_and_shows_no_drafts_of_others(desk: Desk) -> None:
    batch(desk, {})
    visitor = Visitor(desk.reviewer)
    text = text_of(visitor.get(LIST))
    assert "On behalf of" in text and "kemajuan.xlsx" not in text and "Read the file" not in text
    assert "Import the progress of MPOB" in text_of(visitor.get(LIST, agency="MPOB"))
    assert "Import the progress of" not in text_of(visitor.get(LIST, agency="KOSONG\0"))


def test_upload_reads_the_rows_into_a_draft(desk: Desk) -> None:
    visitor = Visitor(desk.officer)
    response = visitor.post(LIST, {"file": upload(workbook(ROW, (*ROW[:3], "x", *ROW[4:])))})
    opening = OpeningImport.objects.get()
    assert response.status_code == 302 and response["Location"] == page_of(opening)
    assert (opening.file_name, opening.created_by, len(opening.sha256)) == ("kemajuan.xlsx", desk.officer, 64)
    text = text_of(visitor.get(page_of(opening)))
    assert "2 rows: 1 ready, 1 to correct" in text and "“x” is not a valid percentage." in text


def test_upload_of_mapo_is_for_the_agency_of_the_address(desk: Desk) -> None:
    visitor = Visitor(desk.reviewer)
    assert visitor.post(f"{LIST}?agency=PDRM", {"file": upload(workbook(ROW))}).status_code == 302
    assert OpeningImport.objects.get().agency == desk.agency
    assert visitor.post(LIST, {"file": upload(workbook(ROW))}).status_code == 404


def test_upload_that_is_refused_says_why_and_keeps_nothing(desk: Desk) -> None:
    for content, told in (
        (b"", "The file is empty. Check that it was saved, and choose it again."),
        (b"a,b", "This is not an Excel workbook"),
        (b"x" * (2 * 1024 * 1024 + 1), "The file is larger than 2 MB."),
        (workbook((*ROW[:7], "Sulit")), "Classified above what you may handle here: row 2."),
    ):
        response = Visitor(desk.officer).post(LIST, {"file": upload(content)})
        assert response.status_code == 422 and told in text_of(response), content
        assert not OpeningImport.objects.exists(), content
    response = Visitor(desk.officer).post(LIST)
    assert response.status_code == 422 and "One thing needs correcting" in text_of(response)
    for language, words in (("en", "Choose the file."), ("ms", "Pilih fail.")):
        response = Visitor(desk.officer, language).post(LIST, {})
        assert response.status_code == 422 and words in text_of(response)


def test_upload_with_a_hostile_name_keeps_a_harmless_one(desk: Desk) -> None:
    Visitor(desk.officer).post(LIST, {"file": upload(workbook(ROW), "..\\..\\<b>\u202exslx.exe")})
    assert OpeningImport.objects.get().file_name == "<b>xslx.exe"


def test_a_closed_cycle_offers_no_upload_and_refuses_one(desk: Desk) -> None:
    close_cycle(desk.cycle, reason="Tamat", actor=desk.administrator, now=desk.now)
    visitor = Visitor(desk.officer)
    assert "This cycle is closed, so nothing can be imported." in text_of(visitor.get(LIST))
    response = visitor.post(LIST, {"file": upload(workbook(ROW))})
    assert response.status_code == 422 and not OpeningImport.objects.exists()


# The draft


def test_draft_tells_of_each_row_what_would_happen_wrong_ones_first(desk: Desk) -> None:
    opening = batch(desk, {}, {"reported_on": "2023-06-05", "covers_from": "1/1/2023"}, {"item": "Syor 99"})
    response = Visitor(desk.officer).get(page_of(opening))
    text = text_of(response)
    assert "3 rows: 2 ready, 1 to correct" in text
    assert text.index("There is no Recommendation 99") < text.index("Newest of 2")
    assert "Reported 5 Jun 2023 Newest of 2" in text and "Across the window’s edge" in text
    assert "rows to MAPO" not in text
    assert "Correct one row, or leave it out, to send the import." in text


@pytest.mark.parametrize("language", ["ms", "en"])
def test_draft_in_both_languages(desk: Desk, language: str) -> None:
    response = Visitor(desk.officer, language).get(page_of(batch(desk, {}, {"percent": "?"})))
    assert response.status_code == 200 and f'lang="{language}"' in response.content.decode()


def test_draft_keeps_what_was_typed_in_its_fields_right_or_wrong(desk: Desk) -> None:
    opening = batch(desk, {"item": "Perkara X", "reported_on": "31/02/2023", "narrative": "satu\n<b>dua"})
    html = Visitor(desk.officer).get(page_of(opening)).content.decode()
    assert 'value="31/02/2023"' in html and '<option value="Perkara X" selected>' in html
    assert "satu\n&lt;b&gt;dua</textarea>" in html


def test_draft_of_another_agency_is_not_found_and_the_refusal_recorded(desk: Desk) -> None:
    opening = batch(desk, {})
    for person in (desk.outsider, desk.reviewer, desk.observer):
        assert Visitor(person).get(page_of(opening)).status_code == 404
    assert Event.objects.filter(action="permission.refused").count() == 3
    assert Visitor(desk.colleague).get(page_of(opening)).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_draft_takes_the_same_queries_whatever_its_rows(
    desk: Desk, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    changes = [
        {"reported_on": f"2023-05-0{day}", "percent": "?" if day == 1 else "20"} for day in range(1, 1 + rows)
    ]
    opening = batch(desk, *changes)
    visitor = Visitor(desk.officer)
    visitor.get(page_of(opening))
    with django_assert_num_queries(8):
        visitor.get(page_of(opening))


def test_correct_a_row_in_place(desk: Desk) -> None:
    opening = batch(desk, {"percent": "empat"})
    visitor = Visitor(desk.officer)
    response = visitor.post(page_of(opening, "rows", "1"), typed(percent="40"), follow=True)
    assert toasts(response) == ["Row 8 is ready."] and "Send one row to MAPO" in text_of(response)


def test_correct_a_row_wrongly_again_saves_it_and_leads_back_to_it(desk: Desk) -> None:
    opening = batch(desk, {"percent": "empat"})
    response = Visitor(desk.officer).post(page_of(opening, "rows", "1"), typed(percent="lima", page="2"))
    assert response["Location"] == f"{page_of(opening)}#row-1"
    assert kept_rows(opening)[0].cells["percent"] == "lima"


def test_day_of_a_corrected_row_is_kept_as_the_field_read_it(desk: Desk) -> None:
    opening = batch(desk, {"percent": "empat"})
    days = typed(covers_from="3/6/23", covers_to="4 Jun 2023")
    Visitor(desk.officer).post(page_of(opening, "rows", "1"), days)
    cells = kept_rows(opening)[0].cells
    assert (cells["covers_from"], cells["covers_to"]) == ("2023-06-03", "2023-06-04")


def test_correct_after_a_colleague_shows_both_texts_and_loses_none(desk: Desk) -> None:
    opening = batch(desk, {})
    theirs = {**CELLS, "narrative": "Teks rakan sekerja."}
    correct_rows(opening, corrections={1: (theirs, 0)}, actor=desk.colleague, now=desk.now)
    visitor = Visitor(desk.officer)
    response = visitor.post(page_of(opening, "rows", "1"), typed(narrative="Teks saya sendiri."))
    text = text_of(response)
    assert response.status_code == 409 and "A colleague has saved a newer text of this row." in text
    assert "rakan sekerja" in text and "saya sendiri" in text
    again = typed(narrative="Teks saya sendiri.") | {"row-1-revision": "1"}
    assert visitor.post(page_of(opening, "rows", "1"), again).status_code == 302
    assert kept_rows(opening)[0].cells["narrative"] == "Teks saya sendiri."


def test_correct_a_row_that_is_gone_keeps_the_text_on_the_page(desk: Desk) -> None:
    opening = batch(desk, {})
    visitor = Visitor(desk.officer)
    visitor.post(page_of(opening, "file"), {"file": upload(workbook(ROW)), "revision": "0"})
    response = visitor.post(page_of(opening, "rows", "1"), typed(narrative="Teks saya sendiri."))
    assert response.status_code == 409 and "Teks saya sendiri." in text_of(response)


def test_correct_a_row_that_was_sent_meanwhile_keeps_the_text_on_the_page(desk: Desk) -> None:
    opening = waiting(desk, {})
    response = Visitor(desk.officer).post(
        page_of(opening, "rows", "1"), typed(narrative="Teks saya sendiri.")
    )
    text = text_of(response)
    assert response.status_code == 422 and "This import is now “Awaiting MAPO”" in text
    assert "Teks saya sendiri." in text


def test_what_is_refused_says_why_and_leaves_the_draft_as_it_was(desk: Desk) -> None:
    opening = batch(desk, {})
    for revision in ("", "x", "-1", "99999999999999999999"):
        data = typed(percent="99") | {"row-1-revision": revision}
        assert Visitor(desk.officer).post(page_of(opening, "rows", "1"), data).status_code in (409, 422)
        assert kept_rows(opening)[0].cells["percent"] == "20", revision
    response = Visitor(desk.officer).post(page_of(opening, "rows", "1"), typed(classification="Sulit"))
    assert response.status_code == 422 and "Classified above what you may handle here" in text_of(response)
    text = text_of(Visitor(desk.officer).get(page_of(opening, "rows", "1")))
    assert "Row 8" in text and "Point 1 that should be mended." in text
    assert Visitor(desk.officer).get(page_of(opening, "rows", "9")).status_code == 302
    response = Visitor(desk.officer).post(page_of(opening, "file"), {"file": upload(b"a,b")})
    assert response.status_code == 422 and "This is not an Excel workbook" in text_of(response)
    assert kept_rows(opening)[0].cells == CELLS
    for act in ("send", "discard", "reopen", "file"):
        assert Visitor(desk.officer).get(page_of(opening, act)).status_code == 302
    assert OpeningImport.objects.get().is_draft


def test_leave_out_and_take_in_again_by_buttons(desk: Desk) -> None:
    opening = batch(desk, {}, {"item": "Syor 99"})
    visitor = Visitor(desk.officer)
    response = visitor.post(page_of(opening, "rows", "2"), {"act": "leave"}, follow=True)
    assert "2 rows: 1 ready, 1 left out" in text_of(response)
    response = visitor.post(page_of(opening, "rows", "2"), {"act": "take"}, follow=True)
    assert "2 rows: 1 ready, 1 to correct" in text_of(response)


def test_replace_takes_the_rows_of_another_file(desk: Desk) -> None:
    opening = batch(desk, {"percent": "?"}, {"item": "Syor 99"})
    visitor = Visitor(desk.officer)
    assert "Replace all 2 rows" in text_of(visitor.get(page_of(opening)))
    posted = {"file": upload(workbook(ROW), "betul.xlsx"), "revision": "0"}
    response = visitor.post(page_of(opening, "file"), posted, follow=True)
    assert "1 row: 1 ready" in text_of(response) and "betul.xlsx" in text_of(response)


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("revision", [None, "", "x", "-1", "0", "99999999999999999999"])
def test_an_old_page_neither_replaces_nor_discards_and_shows_the_newer_rows(
    desk: Desk, revision: str | None, language: str
) -> None:
    opening = batch(desk, {})
    correct_rows(opening, corrections={1: ({**CELLS, "percent": "9"}, 0)}, actor=desk.colleague, now=desk.now)
    visitor = Visitor(desk.officer, language)
    seen = {} if revision is None else {"revision": revision}
    replaced = visitor.post(page_of(opening, "file"), {"file": upload(workbook(ROW)), **seen})
    discarded = visitor.post(page_of(opening, "discard"), seen)
    assert (replaced.status_code, discarded.status_code) == (422, 409)
    told = {"ms": "Semuanya dikekalkan", "en": "They were kept"}[language]
    for response in (replaced, discarded):
        html = response.content.decode()
        assert told in text_of(response) and "9%" in html
        assert html.count('<input type="hidden" name="revision" value="1">') == 2
    opening.refresh_from_db()
    assert opening.is_draft and kept_rows(opening)[0].cells["percent"] == "9"


def test_a_long_draft_is_divided_into_pages(desk: Desk) -> None:
    days = (date(2023, 4, 30) + timedelta(days=day) for day in range(60))
    opening = batch(desk, *[{"reported_on": day.isoformat()} for day in days])
    visitor = Visitor(desk.officer)
    assert "1 to 50 of 60" in text_of(visitor.get(page_of(opening)))
    assert "51 to 60 of 60" in text_of(visitor.get(page_of(opening), page="2"))


# Sending and taking back


def test_send_hands_all_rows_to_mapo(desk: Desk) -> None:
    opening = batch(desk)
    visitor = Visitor(desk.officer)
    response = visitor.post(page_of(opening, "send"), {"revision": "0"}, follow=True)
    text = text_of(response)
    assert toasts(response) == ["The import was sent to MAPO as a whole."]
    assert "3 reports on 1 item" in text and "Awaiting MAPO" in text and "Withdraw and correct" in text


def test_send_of_an_old_page_sends_nothing_and_says_so(desk: Desk) -> None:
    opening = batch(desk, {})
    correct_rows(opening, corrections={1: ({**CELLS, "percent": "9"}, 0)}, actor=desk.colleague, now=desk.now)
    for revision in ("0", "", "x"):
        response = Visitor(desk.officer).post(page_of(opening, "send"), {"revision": revision})
        assert response.status_code == 409 and "Nothing was sent: check them" in text_of(response)


def test_discard_leads_to_the_list_and_can_be_undone(desk: Desk) -> None:
    opening = batch(desk, {})
    visitor = Visitor(desk.officer)
    assert visitor.post(page_of(opening, "discard"), {"revision": "0"})["Location"] == LIST
    assert "This import was discarded. Nothing was sent." in text_of(visitor.get(page_of(opening)))
    draft = visitor.post(page_of(opening, "reopen"), follow=True)
    assert "1 row: 1 ready" in text_of(draft)


def test_take_back_begins_a_draft_again(desk: Desk) -> None:
    opening = waiting(desk)
    visitor = Visitor(desk.colleague)
    text = text_of(visitor.post(page_of(opening, "reopen"), follow=True))
    assert "3 rows: 3 ready" in text and "Send 3 rows to MAPO" in text
    assert "This import was withdrawn." in text_of(visitor.get(page_of(opening)))


def test_everything_is_said_without_scripts(desk: Desk) -> None:
    html = Visitor(desk.officer).get(page_of(batch(desk, {"percent": "?"}))).content.decode()
    assert "<script" not in html.split("<main", 1)[1].split("</main>", 1)[0]


def test_the_same_file_posted_twice_leads_to_one_draft(desk: Desk) -> None:
    content, visitor = workbook(ROW), Visitor(desk.officer)
    first, second = (visitor.post(LIST, {"file": upload(content)}) for _ in range(2))
    opening = OpeningImport.objects.get()
    assert first["Location"] == second["Location"] == page_of(opening)
    assert Event.objects.filter(action="opening.begun").count() == 1


def test_upload_through_the_handler_of_this_site(desk: Desk) -> None:
    content = io.BytesIO(workbook(ROW))
    content.name = "kemajuan.xlsx"
    assert Visitor(desk.officer).post(LIST, {"file": content}).status_code == 302


def test_both_texts_are_told_in_words(desk: Desk) -> None:
    opening = batch(desk, {})
    theirs = {**CELLS, "status": "done", "percent": "100", "classification": "0", "covers_to": "2023-04-20"}
    correct_rows(opening, corrections={1: (theirs, 0)}, actor=desk.colleague, now=desk.now)
    text = text_of(Visitor(desk.officer).post(page_of(opening, "rows", "1"), typed(status="progress")))
    assert "Status In progress Completed" in text and "Classification Restricted Open" in text
    assert "30 April 2023" in text
