"""The page of search: what it says, in both languages, and whatever is typed."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency
from recommendations.services.comments import write_comment
from recommendations.states import ItemKind
from search.queries.found import MOST, PREVIEW_MOST
from search.question import MAX_CHARACTERS
from tests.factories.recommendations import make_assignment, make_cycle, make_draft, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of
from tests.search.conftest import Library, ask, finds, told

pytestmark = pytest.mark.django_db

#: What a page costs at most: session, person, instant, cycles, agencies, the question, six kinds, the marks, the bell,
#: the quota.
MOST_QUERIES = 15

HOSTILE = [
    "'", '"', '"""', "''", "a'b", "' or 1=1 --", "%", "\\", "a:*", "a:b", ":*", "a & b", "a | | b", "!", "!a", "<->",
    "a <-> b", "a <0> b", "(", ")", "((a)", "*", "***", "ab*", "a*", "-", "--", "-a", "- a", "or", "or or", "a or",
    "\x00", "kata\x00lain", "\x01", "\x012000000000", "\r\n", "\u202e", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "😀", "ڤرکارا", "漢字", "é", "ﬁ", "﷽", "\ufeff", "zqz", "zqzakuzqz", "{{ 7 }}", "{% now %}", "%(x)s", "%s",
    "<b>", "<script>alert(1)</script>", "javascript:", "NULL", "0", "1", "1.0", "-1", "1e400", "a" * 200, "kata " * 40,
    "a" * 10_000, "😀" * 10_000, "ڤ" * 10_000, '"' * 10_000, "-" * 10_000, "* " * 5_000,
]  # fmt: skip


@pytest.mark.parametrize(
    "who", ["officer", *(pytest.param(who, marks=pytest.mark.long) for who in ("reviewer", "observer"))]
)
def test_search_for_hostile_text(library: Library, who: str) -> None:
    """Whatever is typed gets an answer or a sentence, and comes back as it was typed, harmless."""
    person = library.person(who)
    for question in HOSTILE:
        response = ask(person, question)
        assert response.status_code == 200, question
        assert b"<script>alert" not in response.content
        assert b"<b>" not in response.content


SHORT = "Type at least three letters, or the short name of an item: R9"


def test_search_for_nothing_or_what_cannot_be_asked(desk: Desk) -> None:
    for question in ("", "   ", "\x00"):
        text = words_of(ask(desk.officer, question))
        assert "What can be found" in text
        assert "Nothing found" not in text
    for question, problem in (
        ("a" * (MAX_CHARACTERS + 1), f"Shorten the search to {MAX_CHARACTERS} characters."),
        ("-sawit", "There is nothing to search for. Write at least one word or number."),
        ("… & |", "There is nothing to search for. Write at least one word or number."),
        ("x", SHORT),
        ("-" * MAX_CHARACTERS, "There is nothing to search for. Write at least one word or number."),
        ("- & " * 50, "There is nothing to search for. Write at least one word or number."),
    ):
        response = ask(desk.officer, question)
        assert problem in words_of(response), question
        assert response.context["results"].groups == [], question
    assert "Nothing found" in words_of(ask(desk.officer, "tiadalah"))
    narrowed = ask(desk.officer, "tiadalah", agency="PDRM")
    assert "matches this search and its filters" in words_of(narrowed)
    assert 'href="?q=tiadalah"' in narrowed.content.decode()


def test_search_marks_other_forms_of_a_word(library: Library) -> None:
    response = ask(library.desk.officer, "merakam")
    assert "Bilik <mark>rakaman</mark> dibuka." in response.content.decode()


def test_search_shows_the_official_text_that_answers(desk: Desk) -> None:
    """In the reader's language, unless only the other one answers; then it says which language that is."""
    body = ask(desk.officer, "mended").content.decode()
    assert '<p class="prose dense">Point 1 that should be <mark>mended</mark>.</p>' in body
    body = ask(desk.officer, "mended", "ms").content.decode()
    assert '<p class="prose dense" lang="en">Point 1 that should be <mark>mended</mark>.</p>' in body


def test_search_for_an_item_by_its_name(desk: Desk) -> None:
    make_item(desk.cycle, number=11)
    make_item(desk.cycle, number=1, kind=ItemKind.WEAKNESS)
    for question in ("syor 1", "recommendation 1", "Recommendations 1", "R1", "r1", "S1"):
        assert finds(desk.officer, question) == {"items": 1}, question


def test_search_for_a_weakness_by_its_name(desk: Desk) -> None:
    make_item(desk.cycle, number=3)
    weakness = make_item(desk.cycle, number=3, kind=ItemKind.WEAKNESS)
    for question in ("kelemahan 3", "Weakness 3", "W3", "k3"):
        response = ask(desk.observer, question)
        assert f'href="/items/{weakness.pk}/"' in response.content.decode(), question
        assert finds(desk.observer, question) == {"items": 1}, question


def test_search_for_a_code_finds_the_agency_and_its_items_in_force(library: Library) -> None:
    for question in ("PDRM", "pdrm"):
        for who in ("officer", "outsider", "reviewer", "observer"):
            found = finds(library.person(who), question)
            assert (found["agencies"], found["items"]) == (1, 3), question
            body = ask(library.person(who), question).content.decode()
            assert 'href="/contacts/?agency=PDRM"' in body, question
    for code in ("AGC", "JTK"):
        for who in ("officer", "reviewer"):
            assert finds(library.person(who), code) == {"agencies": 1}, code


def test_search_for_an_inactive_agency_finds_nothing(desk: Desk) -> None:
    Agency.objects.filter(pk=desk.other_agency.pk).update(is_active=False)
    assert finds(desk.officer, "MPOB") == {}


def test_search_for_a_code_is_narrowed_to_a_cycle(desk: Desk) -> None:
    other = make_cycle(year=2024)
    make_assignment(make_item(other, number=1), desk.agency, actor=desk.administrator, now=desk.now)
    assert finds(desk.officer, "PDRM")["items"] == 2
    assert finds(desk.officer, "PDRM", cycle="2024")["items"] == 1


def test_search_that_finds_nothing_says_when_the_word_is_too_short(desk: Desk) -> None:
    for question in ("xy", "di", "of a", "R99", "zzz"):
        assert (SHORT in words_of(ask(desk.officer, question))) is (question not in ("R99", "zzz")), question


@pytest.mark.parametrize(
    ("typed", "written"),
    [("labor", "labour"), ("labour", "labor"), ("organization", "organisation")],
)
def test_search_marks_the_other_spelling(desk: Desk, typed: str, written: str) -> None:
    long_text = " ".join(["mukadimah"] * 60 + [f"forced {written} found"])
    desk.draft(told(long_text))
    assert f"<mark>{written}</mark>" in ask(desk.officer, typed).content.decode()


def test_search_escapes_what_it_shows(library: Library) -> None:
    desk = library.desk
    write_comment(
        desk.assignment,
        text="<img src=x onerror=alert(1)> merbahaya & lain",
        classification=1,
        actor=desk.reviewer,
        now=desk.now,
    )
    body = ask(desk.officer, "merbahaya").content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt; <mark>merbahaya</mark> &amp; lain" in body


def test_search_shows_the_surroundings_of_a_hit(library: Library) -> None:
    desk = library.desk
    long_text = " ".join(["mukadimah"] * 60 + ["sasaran"] + ["penutup"] * 60)
    place = make_assignment(
        make_item(desk.cycle, number=7), desk.agency, actor=desk.administrator, now=desk.now
    )
    make_draft(place, actor=desk.officer, now=desk.now, content=told(long_text))
    text = words_of(ask(desk.officer, "sasaran"))
    assert "… mukadimah" in text
    assert "mukadimah sasaran penutup" in text
    assert "penutup …" in text


def test_item_is_found_by_its_short_title_and_shown_with_it(library: Library) -> None:
    desk = library.desk
    titles = {"title_ms": "Jambatan emas bagi mangsa", "title_en": "Golden bridge for victims"}
    type(desk.item).objects.filter(pk=desk.item.pk).update(**titles)
    (hit,) = ask(desk.officer, "bridges").context["results"].shown[0].hits
    assert (hit.title, str(hit.item_title.html)) == (
        "Recommendation 1",
        "Golden <mark>bridge</mark> for victims",
    )
    assert not hit.excerpt
    (hit,) = ask(desk.officer, "jambatan").context["results"].shown[0].hits
    assert str(hit.item_title.html) == titles["title_en"] and hit.language == "ms"
    assert str(hit.excerpt.html) == "<mark>Jambatan</mark> emas bagi mangsa"
    updates = ask(desk.officer, "rakaman", kind="updates").context["results"].shown[0].hits
    assert {str(each.item_title.html) for each in updates} == {titles["title_en"]}
    answer = browser_of(desk.officer).get("/search/suggestions/", {"q": "golden"}).json()["suggestions"]
    assert [(each["label"], each["note"]) for each in answer] == [("Recommendation 1", titles["title_en"])]


def test_search_narrowed_to_a_cycle(library: Library) -> None:
    desk = library.desk
    earlier = make_item(make_cycle(2022), number=1)
    type(earlier).objects.filter(pk=earlier.pk).update(text_ms="Meluaskan perlindungan lama.")
    assert finds(desk.officer, "perlindungan") == {"items": 2}
    assert finds(desk.officer, "perlindungan", cycle="2022") == {"items": 1}
    assert finds(desk.officer, "kerapu", cycle="2022") == {}
    assert finds(desk.officer, "kerapu", cycle="2023") == {"documents": 1}
    assert "2022" in words_of(ask(desk.officer, "perlindungan"))


def test_search_narrowed_to_an_agency(library: Library) -> None:
    reviewer = library.desk.reviewer
    everything = "perlindungan or rakaman or sempadan or mesyuarat or kerapu"
    whole = {"items": 1, "updates": 2, "comments": 1, "documents": 1}
    assert finds(reviewer, everything, agency="PDRM") == whole
    assert finds(reviewer, everything, agency="MPOB") == {}
    assert finds(reviewer, everything, agency="XYZ") == whole  # no such agency: nothing is left out


def test_search_counts_up_to_a_limit_and_says_so(desk: Desk) -> None:
    for number in range(MOST + 5):
        write_comment(
            desk.assignment,
            text=f"Ulasan berulang {number}",
            classification=1,
            actor=desk.reviewer,
            now=desk.now,
        )
    response = ask(desk.officer, "berulang", kind="comments")
    assert finds(desk.officer, "berulang") == {"comments": PREVIEW_MOST}
    assert f"{PREVIEW_MOST}+" in words_of(ask(desk.officer, "berulang"))
    assert finds(desk.officer, "berulang", kind="comments") == {"comments": MOST}
    assert f"More than {MOST} found" in words_of(response)
    assert f"{MOST}+" in words_of(response)
    last = ask(desk.officer, "berulang", kind="comments", page=str(MOST // 20))
    hits = last.context["results"].shown[0].hits
    assert len(hits) == 20
    beyond = ask(desk.officer, "berulang", kind="comments", page="99999999")
    assert beyond.context["results"].shown[0].hits == hits


def test_search_goes_to_the_nearest_page(library: Library) -> None:
    desk = library.desk
    for number in range(25):
        write_comment(
            desk.assignment,
            text=f"Ulasan berulang {number}",
            classification=1,
            actor=desk.reviewer,
            now=desk.now,
        )
    second = ask(desk.officer, "berulang", kind="comments", page="2")
    assert len(second.context["results"].shown[0].hits) == 5
    assert (second.context["page"].first_row, second.context["page"].total_rows) == (21, 25)
    fifth = ask(desk.officer, "berulang", kind="comments", page="5")
    assert fifth.context["page"].current == 2
    assert len(fifth.context["results"].shown[0].hits) == 5
    for page, current in (("0", 2), ("-1", 2), ("x", 1), ("²", 1), ("9" * 5_000, 1)):
        answer = ask(desk.officer, "berulang", kind="comments", page=page)
        assert answer.context["page"].current == current
        assert len(answer.context["results"].shown[0].hits) == (5 if current == 2 else 20)


def test_search_shows_the_newest_first(library: Library) -> None:
    desk = library.desk
    for number in range(3):
        write_comment(
            desk.assignment,
            text=f"Ulasan berulang {number}",
            classification=1,
            actor=desk.reviewer,
            now=desk.now,
        )
    hits = ask(desk.officer, "berulang").context["results"].shown[0].hits
    texts = ["".join(hit.excerpt.pieces) for hit in hits]
    assert texts == [f"Ulasan berulang {number}" for number in (2, 1, 0)]


@pytest.mark.parametrize("who", ["officer", "reviewer", "observer"])
def test_search_costs_the_same_however_much_there_is(library: Library, who: str) -> None:
    client = Client()
    client.force_login(library.person(who))
    question = {"q": "perlindungan or rakaman or sempadan or mesyuarat or kerapu or perkara"}
    client.get("/search/", question)
    counts = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/search/", question).status_code == 200
        counts.append(len(queries))
        for number in range(20, 24):
            make_item(library.desk.cycle, number=number + 10 * turn)
    assert counts[0] == counts[1]
    assert counts[0] <= MOST_QUERIES


def test_every_page_has_a_search_box(library: Library) -> None:
    for who in ("officer", "observer", "administrator"):
        body = ask(library.person(who), "").content.decode()
        assert 'class="search-box__form" method="get" action="/search/"' in body


def test_search_before_sign_in(client: Client) -> None:
    response = client.get("/search/", {"q": "rakaman"})
    assert response.status_code == 302
