"""Who finds what: no hit, no count and no snippet of what a person may not see."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from accounts.services.people import move_person
from evidence.models import Document, DocumentText
from evidence.services.lifecycle import describe_document, restore_document, seal_document, withdraw_document
from evidence.services.receiving import register_reference
from recommendations import services
from recommendations.models import Update
from recommendations.services.comments import write_comment
from tests.conftest import Clock
from tests.factories.accounts import UserFactory, set_clearance
from tests.factories.evidence import make_document
from tests.factories.recommendations import make_accepted, make_assignment, make_item, make_submission
from tests.pages import body_of
from tests.recommendations.visitors import Visitor
from tests.search.conftest import Library, ask, finds, keep_text, told

pytestmark = pytest.mark.django_db

SUGGESTIONS = "/search/suggestions/"
EVERYBODY = {
    "officer", "colleague", "coordinator", "supporter", "suggested", "ended", "outsider", "observer",
    "reviewer", "administrator",
}  # fmt: skip
OWN = {"officer", "colleague", "coordinator"}
MAPO = {"reviewer", "administrator"}
#: Each word with the kind of thing that holds it, and who finds that.
TABLE = {
    "perlindungan": ("items", EVERYBODY),
    "rakaman": ("updates", OWN | MAPO | {"supporter", "observer"}),
    "sempadan": ("updates", OWN | MAPO),
    "belantara": ("drafts", OWN),
    "mesyuarat": ("comments", OWN | MAPO),
    "lampiran": ("documents", OWN | MAPO),
    "kerapu": ("documents", OWN | MAPO),
}


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_find_by_role(library: Library, who: str) -> None:
    person = library.person(who)
    nothing = bare(person, "xyzzyxyzzy")
    for word, (kind, allowed) in TABLE.items():
        assert finds(person, word) == ({kind: 1} if who in allowed else {}), word
        if who not in allowed:
            assert bare(person, word) == nothing, word


@pytest.mark.parametrize("who", sorted(EVERYBODY))
def test_suggestions_tell_nobody_of_what_is_not_for_everybody(library: Library, who: str) -> None:
    """They offer official texts, agencies and contacts: the same to each reader, only in another order."""
    client = Client()
    client.force_login(library.person(who))
    client.cookies["language"] = "en"
    first, second = "Recommendation 1", "Recommendation 2"
    expected = {"perlindungan": {first}, "AGC": {"AGC"}, "PDRM": {"PDRM"}, "1": {first}, "2": {second}}
    for word in (*TABLE, "AGC", "PDRM", '"kerapu', "1", "2"):
        offered = {each["label"] for each in client.get(SUGGESTIONS, {"q": word}).json()["suggestions"]}
        assert offered == expected.get(word, set()), word


def bare(person: User, word: str) -> str:
    """The page without what the person typed, and without tokens: what it tells of the word."""
    return body_of(ask(person, word)).decode().replace(word, "")


def test_find_nothing_of_others_by_a_filter(library: Library) -> None:
    for who in sorted(EVERYBODY):
        found = finds(
            library.person(who), "kerapu or rakaman or sempadan or belantara", agency="PDRM", cycle="2023"
        )
        kinds = {
            kind
            for word, (kind, allowed) in TABLE.items()
            if word not in ("perlindungan", "mesyuarat") and who in allowed
        }
        assert set(found) == kinds, who


def test_kinds_that_a_role_cannot_find_are_not_named(library: Library) -> None:
    for who, kinds in {
        "observer": ["items", "agencies", "updates"],
        "officer": ["items", "agencies", "updates", "drafts", "comments", "documents"],
        "reviewer": ["items", "agencies", "updates", "comments", "documents"],
    }.items():
        groups = ask(library.person(who), "apa", kind="documents").context["results"].groups
        assert [group.kind for group in groups] == kinds


def test_find_after_clearance_was_lowered(library: Library) -> None:
    officer, administrator = library.desk.officer, library.desk.administrator
    assert finds(officer, "kerapu or rakaman or sempadan or belantara or mesyuarat")
    set_clearance(officer, clearance=Clearance.OPEN, actor=administrator, now=library.desk.now)
    officer.refresh_from_db()
    assert finds(officer, "kerapu or rakaman or sempadan or belantara or mesyuarat") == {}
    assert finds(officer, "perlindungan") == {"items": 1}


def test_find_after_a_cited_file_was_classified_higher(library: Library) -> None:
    """An update's class is the highest of its own and its documents', as they are now."""
    desk = library.desk
    describe_document(
        library.document,
        classification=Clearance.CONFIDENTIAL,
        evidence_from=None,
        evidence_to=None,
        actor=desk.reviewer,
        now=desk.now,
    )
    for who in ("officer", "supporter", "observer"):
        assert finds(library.person(who), "rakaman or kerapu or lampiran") == {}
    assert finds(desk.reviewer, "rakaman or kerapu") == {"updates": 1, "documents": 1}


def test_find_in_a_sealed_document(library: Library) -> None:
    """Name and text go with the seal, at once and for everybody."""
    desk = library.desk
    seal_document(library.document, reason="Menyebut mangsa", actor=desk.administrator, now=desk.now)
    for who in EVERYBODY:
        assert finds(library.person(who), "kerapu or lampiran") == {}
    assert DocumentText.objects.get(document=library.document).text == ""


def test_find_after_the_assignment_ended(library: Library) -> None:
    desk = library.desk
    shared = desk.item.assignments.get(agency=library.supporter.agency)
    services.end_assignment(shared, reason="Selesai.", actor=desk.administrator, now=desk.now)
    assert finds(library.supporter, "rakaman") == {}
    services.end_assignment(desk.assignment, reason="Selesai.", actor=desk.administrator, now=desk.now)
    assert finds(desk.officer, "rakaman") == {"updates": 1}  # one's own history stays


def test_find_after_moving_to_another_agency(library: Library) -> None:
    desk = library.desk
    move_person(desk.officer, agency=desk.other_agency, actor=desk.administrator, now=desk.now)
    moved = User.objects.get(pk=desk.officer.pk)
    assert finds(moved, "kerapu or rakaman or sempadan or belantara or mesyuarat") == {}


def test_find_what_was_returned_and_corrected(library: Library) -> None:
    """MAPO finds what was sent, the agency also what it has written since."""
    desk = library.desk
    services.return_update(
        library.waiting,
        reason="Tambah angka.",
        resubmit_by=date(2023, 9, 21),
        actor=desk.reviewer,
        now=desk.now,
    )
    assert finds(desk.officer, "sempadan") == {"updates": 1}
    update = Update.objects.get(pk=library.waiting.update_id)
    services.save_update(
        update,
        content=told("Rondaan gunung dijalankan."),
        revision=update.revision,
        actor=desk.officer,
        now=desk.now,
    )
    assert finds(desk.officer, "gunung") == {"drafts": 1}
    assert finds(desk.reviewer, "gunung") == {}
    assert finds(desk.reviewer, "sempadan") == {"updates": 1}


def test_find_nothing_in_a_withdrawn_update(library: Library) -> None:
    """Nobody finds a number in a text that was taken back; its own page still shows it, and a copy is found again."""
    desk = library.desk
    fourth = make_assignment(
        make_item(desk.cycle, number=4), desk.agency, actor=desk.administrator, now=desk.now
    )
    sent = make_submission(
        fourth,
        actor=desk.officer,
        now=desk.now,
        content=told("Nombor 900101-14-5567 disebut."),
        identities_reason="Contoh",
    )
    number = '"900101-14-5567"'
    assert finds(desk.officer, number) == finds(desk.reviewer, number) == {"updates": 1}
    services.withdraw_update(sent.update, actor=desk.officer, now=desk.now)
    for who in EVERYBODY:
        assert finds(library.person(who), number) == {}
    page = Visitor(desk.officer).client.get(f"/updates/{sent.update_id}/")
    assert "900101-14-5567" in page.content.decode()
    services.copy_update(Update.objects.get(pk=sent.update_id), actor=desk.officer, now=desk.now)
    assert finds(desk.officer, number) == {"drafts": 1}


def test_find_nothing_in_a_discarded_draft(library: Library) -> None:
    desk = library.desk
    assert finds(desk.officer, "belantara") == {"drafts": 1}
    services.discard_update(library.draft, revision=library.draft.revision, actor=desk.officer, now=desk.now)
    for who in EVERYBODY:
        assert finds(library.person(who), "belantara") == {}


def test_find_every_version_that_was_sent_once(library: Library) -> None:
    """Each version is a hit of its own; a verdict that took the place of another makes no second one."""
    desk = library.desk
    services.supersede_verdict(
        library.accepted,
        status="progress",
        percent=30,
        reason="Semakan semula.",
        actor=desk.reviewer,
        now=desk.now,
    )
    for who in ("officer", "supporter", "observer", "reviewer"):
        assert finds(library.person(who), "rakaman") == {"updates": 1}


def test_when_it_was_sent_is_told_to_its_agency_and_mapo_alone(library: Library, clock: Clock) -> None:
    desk = library.desk
    later = clock.move_to(desk.now + timedelta(days=2))
    services.accept_update(library.waiting, status="progress", percent=40, actor=desk.reviewer, now=later)
    sent, accepted = library.waiting.submitted_at, later
    for who, at in {"officer": sent, "reviewer": sent, "observer": accepted}.items():
        (group,) = ask(library.person(who), "sempadan").context["results"].shown
        assert [hit.at for hit in group.hits] == [at], who


def test_find_a_confidential_update(library: Library) -> None:
    desk = library.desk
    cleared = UserFactory(agency=desk.agency, clearance=Clearance.CONFIDENTIAL)
    place = make_assignment(
        make_item(desk.cycle, number=5), desk.agency, actor=desk.administrator, now=desk.now
    )
    secret = told("Serbuan helang.", classification=Clearance.CONFIDENTIAL)
    make_accepted(place, actor=cleared, reviewer=desk.reviewer, now=desk.now, content=secret)
    assert finds(cleared, "helang") == {"updates": 1}
    assert finds(desk.reviewer, "helang") == {"updates": 1}
    for who in ("officer", "observer", "supporter"):
        assert finds(library.person(who), "helang") == {}


def test_find_comments_above_the_clearance(library: Library) -> None:
    desk = library.desk
    cleared = UserFactory(agency=desk.agency, clearance=Clearance.CONFIDENTIAL)
    write_comment(
        desk.assignment,
        text="Perkara helang.",
        classification=Clearance.CONFIDENTIAL,
        actor=desk.reviewer,
        now=desk.now,
    )
    assert finds(cleared, "helang") == {"comments": 1}
    assert finds(desk.officer, "helang") == {}


def test_find_a_withdrawn_document(library: Library) -> None:
    """What a submission cited stays readable; of what nobody ever sent, only the name is still to be seen."""
    desk = library.desk
    loose = make_document(desk.agency, actor=desk.officer, now=desk.now, name="Salinan lama.pdf")
    keep_text(loose, "Senarai tenggiri.", now=desk.now)
    assert finds(desk.officer, "tenggiri") == {"documents": 1}
    for document in (loose, library.document):
        withdraw_document(document, reason="Salah fail", actor=desk.officer, now=desk.now)
    for person in (desk.officer, desk.reviewer):
        assert finds(person, "tenggiri") == {}
        assert finds(person, "salinan") == {"documents": 1}
        assert finds(person, "kerapu") == {"documents": 1}
    assert "tenggiri" not in ask(desk.officer, "salinan").content.decode()
    restore_document(Document.objects.get(pk=loose.pk), actor=desk.officer, now=desk.now)
    assert finds(desk.officer, "tenggiri") == {"documents": 1}


def test_find_a_paper_file_by_its_number(library: Library) -> None:
    desk = library.desk
    register_reference(
        agency=desk.agency,
        reference_number="KDN.SUL 100/4",
        classification=Clearance.SECRET,
        actor=desk.officer,
        now=desk.now,
    )
    assert finds(desk.officer, '"KDN.SUL 100/4"') == {"documents": 1}  # who registered it
    assert finds(desk.colleague, '"KDN.SUL 100/4"') == {}


def test_counts_and_pages_tell_nothing_of_what_is_hidden(library: Library) -> None:
    """One hit of one's own among many of others: one hit, one page."""
    desk = library.desk
    for number in range(10, 35):
        place = make_assignment(
            make_item(desk.cycle, number=number), desk.other_agency, actor=desk.administrator, now=desk.now
        )
        make_submission(place, actor=desk.outsider, now=desk.now, content=told("Rondaan sempadan lain."))
    assert finds(desk.officer, "sempadan") == {"updates": 1}
    page = ask(desk.officer, "sempadan", kind="updates").context["page"]
    assert (page.total_rows, page.has_others) == (1, False)
    assert ask(desk.officer, "sempadan", kind="updates", page="2").context["page"].total_rows == 1
    assert finds(desk.reviewer, "sempadan", kind="updates") == {"updates": 26}


def test_links_lead_where_the_person_may_go(library: Library) -> None:
    for who in ("officer", "supporter", "observer", "reviewer"):
        person = library.person(who)
        everything = ask(person, "rakaman or perlindungan or kerapu or mesyuarat or belantara")
        for group in everything.context["results"].groups:
            for hit in group.hits:
                assert Visitor(person).client.get(hit.url, follow=True).status_code == 200


def test_an_observer_of_the_same_agency_finds_no_file_and_a_suggestion_alone_narrows_nothing(
    library: Library,
) -> None:
    observer = UserFactory(role=Role.OBSERVER, agency=library.desk.agency)
    assert finds(observer, "kerapu or lampiran or sempadan or belantara or mesyuarat") == {}
    assert finds(observer, "rakaman") == {"updates": 1}
    # The items of an agency are those that the person sees it answer for: a suggestion shows to MAPO alone.
    assert finds(library.desk.reviewer, "perlindungan", agency="AGC") == {"items": 1}
    assert finds(library.desk.officer, "perlindungan", agency="AGC") == {}


def test_drafts_are_found_within_clearance(library: Library) -> None:
    desk = library.desk
    writer = UserFactory(agency=desk.agency, clearance=Clearance.CONFIDENTIAL)
    update = library.draft
    content = replace(told("Operasi helang."), classification=Clearance.CONFIDENTIAL)
    services.save_update(update, content=content, revision=update.revision, actor=writer, now=desk.now)
    assert finds(writer, "helang") == {"drafts": 1}
    assert finds(desk.officer, "helang") == {}


def test_when_an_update_was_sent_is_told_to_its_agency_and_mapo_alone(library: Library) -> None:
    """Everybody else reads when it was decided, and is led to the item, also an observer of the agency."""
    desk, decided_at = library.desk, library.desk.now + timedelta(minutes=4)
    services.accept_update(
        library.waiting, status="progress", percent=40, actor=desk.reviewer, now=decided_at
    )
    sent_at = library.waiting.submitted_at
    observer = UserFactory(role=Role.OBSERVER, agency=desk.agency)
    for person in (desk.officer, desk.reviewer):
        assert _only_hit(person, "sempadan").at == sent_at
    for person in (desk.observer, observer):
        hit = _only_hit(person, "sempadan")
        assert (hit.at, hit.view, hit.note) == (decided_at, "recommendations:item", "")


def _only_hit(person: User, question: str) -> Any:
    (hit,) = [hit for group in ask(person, question).context["results"].groups for hit in group.hits]
    return hit
