"""Words beside evidence above a reader's clearance: the explanation, why MAPO returned figures, why they were revised."""

from __future__ import annotations

import pytest

from accounts.clearance import Clearance
from evidence.models import Document
from indicators.cells import MonthContent
from indicators.models import Figure, FigureReport, FigureSubmission
from indicators.services.decisions import CellDecision, decide_figures
from indicators.services.revisions import revise_figure
from tests.factories.evidence import make_document
from tests.factories.figure_reports import FigureDesk
from tests.recommendations.pages import browser_of, words_of
from tests.shared import shared

pytestmark = pytest.mark.django_db

URL, AUTOSAVE = "/figures/report/2023-08/", "/figures/report/2023-08/autosave/"
WHY, BACK = "Angka serbuan yang terperingkat.", "Semak dengan fail serbuan."


@shared
def document(figure_desk: FigureDesk) -> Document:
    """A file that the officer may not read."""
    made = make_document(figure_desk.agency, actor=figure_desk.coordinator, now=figure_desk.now)
    Document.objects.filter(pk=made.pk).update(classification=Clearance.CONFIDENTIAL)
    below = (figure_desk.officer, figure_desk.second_reviewer)
    for person in (*below, figure_desk.coordinator, figure_desk.reviewer):
        person.clearance = Clearance.RESTRICTED if person in below else Clearance.CONFIDENTIAL
        person.save(update_fields=["clearance"])
    return made


def content(desk: FigureDesk, document: Document, number: str = "7") -> MonthContent:
    return MonthContent({desk.cell(desk.po): number}, WHY, frozenset({document.pk}))


def sent(desk: FigureDesk, document: Document) -> FigureSubmission:
    return desk.send(content(desk, document), actor=desk.coordinator)


def returned(desk: FigureDesk, document: Document) -> FigureReport:
    submission = sent(desk, document)
    decisions = {each.pk: CellDecision(is_accepted=False, reason=BACK) for each in submission.figures.all()}
    return decide_figures(submission, decisions=decisions, actor=desk.reviewer, now=desk.now)


def test_the_form_hides_the_explanation_and_reasons_and_saving_keeps_them(
    figure_desk: FigureDesk, document: Document
) -> None:
    returned(figure_desk, document)
    form = browser_of(figure_desk.officer).get(URL)
    assert WHY not in form.content.decode() and BACK not in words_of(form)
    assert "classified above your clearance" in words_of(form)
    cell = figure_desk.cell(figure_desk.po)
    posted = {cell: "8", "revision": "1", "explanation": "Lain."}
    assert browser_of(figure_desk.officer).post(AUTOSAVE, posted).status_code == 200
    report = FigureReport.objects.get()
    assert (report.typed[cell], report.explanation) == ("8", WHY)
    assert report.documents.get() == document
    stale = browser_of(figure_desk.officer).post(URL, posted | {"action": "save", cell: "9"})
    assert stale.status_code == 409
    assert WHY not in stale.content.decode()
    form = browser_of(figure_desk.coordinator).get(URL)
    assert WHY in form.content.decode() and BACK in words_of(form)


def test_figures_sent_meanwhile_do_not_tell_it(figure_desk: FigureDesk, document: Document) -> None:
    sent(figure_desk, document)
    answer = browser_of(figure_desk.officer).post(URL, {"revision": "0", "action": "save"})
    assert answer.status_code == 409
    assert WHY not in answer.content.decode()


def test_the_report_hides_why_it_was_returned(figure_desk: FigureDesk, document: Document) -> None:
    url = f"/figures/reports/{returned(figure_desk, document).pk}/"
    for who in ("officer", "second_reviewer"):
        words = words_of(browser_of(getattr(figure_desk, who)).get(url))
        assert WHY not in words and BACK not in words, who
        assert BACK in words_of(browser_of(figure_desk.coordinator).get(url)), who


def test_why_a_figure_was_revised_is_bounded_by_its_evidence(
    figure_desk: FigureDesk, document: Document
) -> None:
    figure_desk.accepted(po="5")
    figure_desk.accept(sent(figure_desk, document))
    for who in ("officer", "second_reviewer"):
        for url in ("/figures/po/", "/figures/indicators/po/"):
            hidden = browser_of(getattr(figure_desk, who)).get(url)
            assert WHY not in words_of(hidden), who
        assert WHY in words_of(browser_of(figure_desk.coordinator).get("/figures/po/")), who
        assert WHY in words_of(browser_of(figure_desk.reviewer).get("/figures/indicators/po/?cycle=2023")), (
            who
        )


def test_why_mapo_revised_a_figure_is_bounded_by_the_evidence_of_that_figure(
    figure_desk: FigureDesk, document: Document
) -> None:
    figure_desk.accept(sent(figure_desk, document))
    for text in ("20", "21"):
        standing = Figure.objects.get(ended_at=None)
        revise_figure(standing, text=text, reason=BACK, actor=figure_desk.reviewer, now=figure_desk.now)
        for who, url, reads in (
            ("officer", "/figures/po/", False),
            ("second_reviewer", "/figures/indicators/po/?cycle=2023", False),
            ("coordinator", "/figures/po/", True),
            ("reviewer", "/figures/indicators/po/?cycle=2023", True),
        ):
            words = words_of(browser_of(getattr(figure_desk, who)).get(url))
            assert (BACK in words) is reads, (text, who)


def test_evidence_of_an_older_figure_does_not_bound_it(figure_desk: FigureDesk, document: Document) -> None:
    figure_desk.accept(sent(figure_desk, document))
    figure_desk.accept(figure_desk.send(figure_desk.content("Dikira semula.", po="9")))
    standing = Figure.objects.get(ended_at=None)
    revise_figure(standing, text="21", reason=BACK, actor=figure_desk.reviewer, now=figure_desk.now)
    assert BACK in words_of(browser_of(figure_desk.officer).get("/figures/po/"))
