"""A file proves all figures of a month, or one: kept while it is typed, sent with that figure, shown beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.clearance import Clearance
from audit.errors import Incomplete
from evidence.models import Document
from indicators.cells import MonthContent
from indicators.models import FigureCitation, FigureSubmissionDocument
from indicators.services.reports import withdraw_figures
from tests.factories.evidence import make_document
from tests.factories.figure_reports import FigureDesk
from tests.indicators.test_month_form_page import AUTOSAVE, URL, fields
from tests.recommendations.pages import browser_of
from tests.shared import shared

pytestmark = pytest.mark.django_db


@shared
def document(figure_desk: FigureDesk) -> Document:
    return make_document(
        figure_desk.agency, actor=figure_desk.officer, now=figure_desk.now, name="Perintah.pdf"
    )


def posted(desk: FigureDesk, document: Document, cell: str | None, **more: str) -> dict[str, Any]:
    data = fields(desk, po="7", **({"revision": int(more.pop("revision"))} if "revision" in more else {}))
    proof = {} if cell is None else {f"proof-{document.pk}": cell}
    return data | {"documents": [str(document.pk)]} | proof | more


def content(desk: FigureDesk, document: Document, cell: str, **numbers: str) -> MonthContent:
    proofs = {document.pk: cell} if cell else {}
    return MonthContent(dict(desk.content(**numbers).typed), "", frozenset({document.pk}), proofs)


def cited() -> str:
    return FigureCitation.objects.get().cell


def test_the_form_gives_a_file_to_one_figure_and_to_all_again(
    figure_desk: FigureDesk, document: Document
) -> None:
    po, browser = figure_desk.cell(figure_desk.po), browser_of(figure_desk.officer)
    assert browser.post(AUTOSAVE, posted(figure_desk, document, po)).status_code == 200
    assert cited() == po
    shown = browser.get(URL).content.decode()
    assert f'<option value="{po}" selected>' in shown
    # A page that does not say leaves it as it is.
    assert browser.post(AUTOSAVE, posted(figure_desk, document, None, revision="1")).status_code == 200
    assert cited() == po
    assert browser.post(AUTOSAVE, posted(figure_desk, document, "", revision="1")).status_code == 200
    assert cited() == ""


def test_a_cell_that_is_not_of_the_month_means_all(figure_desk: FigureDesk, document: Document) -> None:
    for cell in ("c999999", "x", "c0-0", "<b>"):
        with transaction.atomic():
            assert (
                browser_of(figure_desk.officer)
                .post(AUTOSAVE, posted(figure_desk, document, cell))
                .status_code
                == 200
            ), cell
            assert cited() == "", cell
            transaction.set_rollback(True)


def test_it_is_sent_with_its_figure_and_shown_beside_it(figure_desk: FigureDesk, document: Document) -> None:
    po = figure_desk.cell(figure_desk.po)
    submission = figure_desk.send(content(figure_desk, document, po, po="7", ipo="9"))
    link = FigureSubmissionDocument.objects.get()
    assert link.sent == submission.figures.get(series__indicator=figure_desk.po)
    url = f"/figures/reports/{submission.report_id}/"
    for person in (figure_desk.reviewer, figure_desk.officer):
        page = browser_of(person).get(url)
        lines = page.context["versions"][0].lines
        assert [[file.document for file in line.files] for line in lines] == [[], [document]]
        assert page.context["versions"][0].files == []
        assert "Perintah.pdf" in page.content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        FigureSubmissionDocument.objects.update(sent=None)


def test_it_goes_on_with_the_draft_that_is_left(figure_desk: FigureDesk, document: Document) -> None:
    po = figure_desk.cell(figure_desk.po)
    submission = figure_desk.send(content(figure_desk, document, po, po="7"))
    draft = withdraw_figures(submission.report, actor=figure_desk.coordinator, now=figure_desk.now)
    assert draft.citations.get().cell == po


def test_a_figure_that_is_not_sent_is_proved_by_nothing(figure_desk: FigureDesk, document: Document) -> None:
    figure_desk.accepted(po="7")
    for empty_or_accepted in (figure_desk.cell(figure_desk.ipo, "men"), figure_desk.cell(figure_desk.po)):
        with pytest.raises(Incomplete):
            figure_desk.send(content(figure_desk, document, empty_or_accepted, po="7", ipo="9"))
    assert FigureSubmissionDocument.objects.count() == 0


def test_a_file_above_the_clearance_stays_with_its_figure_and_is_not_shown(
    figure_desk: FigureDesk, document: Document
) -> None:
    po = figure_desk.cell(figure_desk.po)
    figure_desk.save(content(figure_desk, document, po, po="7"))
    Document.objects.filter(pk=document.pk).update(classification=Clearance.CONFIDENTIAL)
    figure_desk.officer.clearance = Clearance.RESTRICTED
    figure_desk.officer.save(update_fields=["clearance"])
    form = browser_of(figure_desk.officer).get(URL).content.decode()
    assert f"proof-{document.pk}" not in form and "Perintah" not in form
    data = fields(figure_desk, po="8", revision=1) | {f"proof-{document.pk}": ""}
    assert browser_of(figure_desk.officer).post(AUTOSAVE, data).status_code == 200
    assert cited() == po


def test_a_file_above_the_clearance_is_not_sent_as_proof_of_everything(
    figure_desk: FigureDesk, document: Document
) -> None:
    for is_accepted in (False, True):
        with transaction.atomic():
            if is_accepted:
                figure_desk.accepted(po="7")
            po, coordinator = figure_desk.cell(figure_desk.po), figure_desk.coordinator
            draft = figure_desk.save(content(figure_desk, document, po, po="7", ipo="9"))
            Document.objects.filter(pk=document.pk).update(classification=Clearance.CONFIDENTIAL)
            coordinator.clearance = Clearance.RESTRICTED
            coordinator.save(update_fields=["clearance"])
            numbers = {"po": "7", "ipo": "9"} if is_accepted else {"ipo": "9"}
            data = fields(figure_desk, **numbers, revision=draft.revision) | {"action": "submit"}
            answer = browser_of(coordinator).post(URL, data)
            page = answer.content.decode()
            assert answer.status_code == 200, is_accepted
            assert "classified above your clearance is attached to a figure that is not sent" in page, (
                is_accepted
            )
            assert "Perintah" not in page and f"proof-{document.pk}" not in page, is_accepted
            assert not FigureSubmissionDocument.objects.exists(), is_accepted
            # What was typed is saved, and the file stays with its figure until a colleague who is cleared chooses another.
            draft.refresh_from_db()
            assert draft.typed == dict(figure_desk.content(**numbers).typed) and cited() == po, is_accepted
            figure_desk.second_coordinator.clearance = Clearance.CONFIDENTIAL
            figure_desk.second_coordinator.save(update_fields=["clearance"])
            proof = {
                "documents": [str(document.pk)],
                f"proof-{document.pk}": figure_desk.cell(figure_desk.ipo),
            }
            data = fields(figure_desk, **numbers, revision=draft.revision) | proof | {"action": "submit"}
            assert browser_of(figure_desk.second_coordinator).post(URL, data).status_code == 302, is_accepted
            link = FigureSubmissionDocument.objects.get()
            assert link.sent is not None and link.sent.series.indicator == figure_desk.ipo, is_accepted
            transaction.set_rollback(True)


def test_a_file_of_another_agency_proves_nothing(figure_desk: FigureDesk) -> None:
    theirs = make_document(figure_desk.other_agency, actor=figure_desk.outsider, now=figure_desk.now)
    data = posted(figure_desk, theirs, figure_desk.cell(figure_desk.po))
    assert browser_of(figure_desk.officer).post(AUTOSAVE, data).status_code == 200
    assert not FigureCitation.objects.exists()
