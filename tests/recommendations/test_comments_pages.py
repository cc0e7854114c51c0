"""The thread of an assignment, and where it is met: item, review, the update's form, My work."""

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from accounts.clearance import Clearance
from accounts.models import User
from audit.models import Event
from recommendations.models import Comment, CommentMention
from recommendations.queries.comments import PER_PAGE
from recommendations.services import end_assignment, suggest_assignment, write_comment
from tests.factories.accounts import make_agency
from tests.factories.recommendations import make_assignment
from tests.pages import body_of
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

SIDES = ["officer", "colleague", "coordinator", "reviewer", "administrator"]
OTHERS = ["outsider", "observer"]
WORDS = "Angka kontinjen Sabah belum ada."


def url(desk: Desk) -> str:
    return reverse("recommendations:comments", args=[desk.assignment.pk])


def say(desk: Desk, actor: User, text: str = WORDS, **changes: Any) -> Comment:
    return write_comment(
        desk.assignment, text=text, **({"classification": 1} | changes), actor=actor, now=desk.now
    )


def close(desk: Desk) -> None:
    desk.cycle.closed_at = desk.now
    desk.cycle.save()


class TestRead:
    def test_both_sides_read_the_thread(self, desk: Desk) -> None:
        say(desk, desk.officer)
        for who in SIDES:
            for language in ("ms", "en"):
                response = browser_of(getattr(desk, who), language).get(url(desk))
                assert response.status_code == 200, (who, language)
                assert WORDS in words_of(response), (who, language)

    def test_others_do_not_find_it_and_it_is_recorded(self, desk: Desk) -> None:
        say(desk, desk.officer)
        for who in OTHERS:
            browser = browser_of(getattr(desk, who))
            missing = browser.get(reverse("recommendations:comments", args=[99999]))
            for answer in (
                browser.get(url(desk)),
                browser.post(url(desk), {"text": "x", "classification": 1}),
            ):
                assert (answer.status_code, body_of(answer)) == (404, body_of(missing)), who
        assert Event.objects.filter(action="permission.refused").count() == 2 * len(OTHERS)
        assert Comment.objects.count() == 1

    def test_suggestion_has_no_thread(self, desk: Desk) -> None:
        suggested = suggest_assignment(
            desk.item, agency=make_agency("JKDM"), role="support", actor=desk.administrator, now=desk.now
        )
        address = reverse("recommendations:comments", args=[suggested.pk])
        assert browser_of(desk.reviewer).get(address).status_code == 404

    def test_what_is_above_the_clearance_is_not_shown(self, desk: Desk) -> None:
        say(desk, desk.reviewer, classification=Clearance.CONFIDENTIAL)
        words = words_of(browser_of(desk.officer).get(url(desk)))
        assert WORDS not in words
        assert "There are no comments yet." in words

    def test_long_thread_turns_pages_and_leads_to_a_comment(self, desk: Desk) -> None:
        oldest = say(desk, desk.officer, "Yang pertama")
        for number in range(PER_PAGE):
            say(desk, desk.reviewer, f"Soalan {number}")
        browser = browser_of(desk.officer)
        assert "Yang pertama" not in words_of(browser.get(url(desk)))
        answer = browser.get(url(desk), {"comment": oldest.pk}, follow=True)
        assert answer.redirect_chain == [(f"{url(desk)}?page=2", 302)]
        assert f'id="comment-{oldest.pk}"' in answer.content.decode()
        assert browser.get(url(desk), {"comment": "99999"}).url == f"{url(desk)}?page=1"

    def test_thread_takes_the_same_queries_however_long(
        self, desk: Desk, django_assert_num_queries: Any
    ) -> None:
        for more in (1, 11):
            for number in range(more):
                say(desk, desk.reviewer, f"Soalan {number}", mentioned=[desk.officer, desk.coordinator])
            # The bell asks once more whether what was said still concerns the officer.
            for person, queries in ((desk.officer, 10), (desk.reviewer, 9)):
                browser = browser_of(person)
                browser.get(url(desk))
                with django_assert_num_queries(queries):
                    browser.get(url(desk))


class TestWrite:
    def test_comment_leads_back_to_its_place_in_the_thread(self, desk: Desk) -> None:
        for who in SIDES:
            data = {"text": WORDS, "classification": "1", "mentioned": [str(desk.second_reviewer.pk)]}
            answer = browser_of(getattr(desk, who)).post(url(desk), data)
            comment = Comment.objects.latest("pk")
            assert answer.url == f"{url(desk)}#comment-{comment.pk}", who
            assert [mention.user for mention in comment.mentions.all()] == [desk.second_reviewer], who

    def test_names_of_the_mentioned_are_shown(self, desk: Desk) -> None:
        say(desk, desk.reviewer, mentioned=[desk.officer])
        page = words_of(browser_of(desk.coordinator).get(url(desk)))
        assert f"Mentioned: {desk.officer.name}" in page

    def test_people_of_the_thread_are_offered_but_oneself(self, desk: Desk) -> None:
        form = browser_of(desk.officer).get(url(desk)).context["form"]
        offered = [pk for pk, _name in form.fields["mentioned"].choices]
        assert set(offered) == {
            desk.colleague.pk,
            desk.coordinator.pk,
            desk.reviewer.pk,
            desk.second_reviewer.pk,
            desk.administrator.pk,
        }
        assert set(offered[:3]) == {desk.reviewer.pk, desk.second_reviewer.pk, desk.administrator.pk}

    def test_what_cannot_be_sent_is_kept_with_a_reason(self, desk: Desk) -> None:
        for change in (
            {"text": "  "},
            {"text": "a" * 2001},
            {"classification": "2"},
            {"classification": "x"},
        ):
            data = {"text": WORDS, "classification": "1", "mentioned": [str(desk.reviewer.pk)], **change}
            answer = browser_of(desk.officer).post(url(desk), data)
            assert answer.status_code == 422, change
            assert answer.context["form"].errors, change
            assert data["text"].strip() in answer.content.decode(), change
            assert not Comment.objects.exists(), change
        for language, words in (("en", "Write the comment."), ("ms", "Tulis ulasan.")):
            answer = browser_of(desk.officer, language).post(url(desk), {"text": " ", "classification": "1"})
            assert answer.status_code == 422 and words in words_of(answer)

    def test_who_cannot_be_mentioned_is_named_and_the_text_kept(self, desk: Desk) -> None:
        data = {"text": WORDS, "classification": "2", "mentioned": [str(desk.officer.pk)]}
        answer = browser_of(desk.reviewer).post(url(desk), data)
        assert answer.status_code == 422
        words = words_of(answer)
        assert f"{desk.officer.name} cannot read this comment" in words
        assert WORDS in words
        outsider = {**data, "classification": "1", "mentioned": [str(desk.outsider.pk)]}
        assert browser_of(desk.reviewer).post(url(desk), outsider).status_code == 422
        assert not Comment.objects.exists()

    def test_ended_or_closed_thread_is_read_without_a_form(self, desk: Desk) -> None:
        say(desk, desk.officer)
        end_assignment(desk.assignment, reason="Dipindahkan", actor=desk.administrator, now=desk.now)
        for who in ("officer", "reviewer"):
            browser = browser_of(getattr(desk, who))
            assert browser.get(url(desk)).context["form"] is None, who
            answer = browser.post(url(desk), {"text": "Lagi", "classification": "1"})
            assert answer.status_code == 422, who
            assert "Lagi" in answer.content.decode(), who
            assert "not add any" in words_of(answer), who
        close(desk)
        for person in (desk.officer, desk.reviewer):
            assert WORDS in words_of(browser_of(person).get(url(desk)))
        assert Comment.objects.count() == 1

    def test_next_comment_begins_empty_in_the_browser(self, desk: Desk) -> None:
        browser = browser_of(desk.officer)
        key = 'data-keep-key="comment-{}-{}"'
        assert key.format(desk.assignment.pk, 0) in browser.get(url(desk)).content.decode()
        say(desk, desk.reviewer, "Soalan")
        assert key.format(desk.assignment.pk, 0) in browser.get(url(desk)).content.decode()
        say(desk, desk.officer, "Jawapan")
        assert key.format(desk.assignment.pk, 1) in browser.get(url(desk)).content.decode()


class TestMentions:
    WORK = reverse("recommendations:my_work")

    def test_day_begins_with_mentions_that_lead_to_the_comment(self, desk: Desk) -> None:
        comment = say(desk, desk.reviewer, mentioned=[desk.officer])
        answer = browser_of(desk.officer).get(self.WORK)
        assert "Mentions of you" in words_of(answer)
        assert f"{url(desk)}?comment={comment.pk}#comment-{comment.pk}" in answer.content.decode()
        assert WORDS not in words_of(browser_of(desk.colleague).get(self.WORK))

    def test_marked_as_read_from_the_day_and_from_the_thread(self, desk: Desk) -> None:
        browser = browser_of(desk.officer)
        for back, leads_to in (("", reverse("recommendations:home")), ("thread", url(desk))):
            mention = say(desk, desk.reviewer, f"Soalan {back}", mentioned=[desk.officer]).mentions.get()
            address = reverse("recommendations:mention_seen", args=[mention.pk])
            assert address in browser.get(url(desk)).content.decode()
            assert browser.post(address, {"back": back}).url.startswith(leads_to)
            assert address not in browser.get(url(desk)).content.decode()
        assert "Mentions of you" not in words_of(browser.get(self.WORK))

    def test_nobody_else_and_no_reading_marks_it(self, desk: Desk) -> None:
        mention = say(desk, desk.second_reviewer, mentioned=[desk.officer]).mentions.get()
        address = reverse("recommendations:mention_seen", args=[mention.pk])
        for who in ("colleague", "outsider", "reviewer", "observer"):
            assert browser_of(getattr(desk, who)).post(address).status_code == 404, who
            assert CommentMention.objects.get().seen_at is None, who
        browser_of(desk.officer).get(url(desk))
        assert CommentMention.objects.get().seen_at is None

    def test_closed_cycle_refuses_in_words(self, desk: Desk) -> None:
        mention = say(desk, desk.reviewer, mentioned=[desk.officer]).mentions.get()
        close(desk)
        address = reverse("recommendations:mention_seen", args=[mention.pk])
        assert browser_of(desk.officer).post(address).status_code == 409
        assert address not in browser_of(desk.officer).get(url(desk)).content.decode()


class TestItemPage:
    @pytest.fixture
    def threads(self, desk: Desk, now: datetime) -> None:
        """PDRM and JIM have both spoken with MAPO."""
        partner = make_assignment(
            desk.item, make_agency("JIM"), actor=desk.administrator, now=now, role="support"
        )
        write_comment(partner, text="Kepada JIM", classification=1, actor=desk.reviewer, now=now)
        say(desk, desk.reviewer, "Kepada PDRM")

    def test_each_reads_what_is_theirs_and_it_stays_off_the_paper(self, desk: Desk, threads: None) -> None:
        for who, reads in (
            ("reviewer", {"Kepada PDRM", "Kepada JIM"}),
            ("officer", {"Kepada PDRM"}),
            ("outsider", set()),
            ("observer", set()),
        ):
            answer = browser_of(getattr(desk, who)).get(reverse("recommendations:item", args=[desk.item.pk]))
            words = words_of(answer)
            assert {text for text in ("Kepada PDRM", "Kepada JIM") if text in words} == reads, (who, reads)
            assert ("/comments/" in answer.content.decode()) is bool(reads), (who, reads)
        page = browser_of(desk.officer).get(reverse("recommendations:item", args=[desk.item.pk]))
        before = page.content.decode().split("Kepada PDRM")[0]
        assert 'class="card no-print"' in before[before.rindex("<section") :]

    def test_mention_is_counted_for_the_one_mentioned(self, desk: Desk) -> None:
        say(desk, desk.reviewer, mentioned=[desk.officer])
        address = reverse("recommendations:item", args=[desk.item.pk])
        assert "1 mentions you" in words_of(browser_of(desk.officer).get(address))
        assert "mentions you" not in words_of(browser_of(desk.colleague).get(address))

    def test_review_and_form_show_the_newest(self, desk: Desk) -> None:
        say(desk, desk.officer)
        submission = desk.submission()
        review = reverse("recommendations:review", args=[submission.update_id])
        assert WORDS in words_of(browser_of(desk.reviewer).get(review))
        other = make_assignment(
            desk.item, desk.other_agency, actor=desk.administrator, now=desk.now, role="support"
        )
        write_comment(other, text="Kepada MPOB", classification=1, actor=desk.reviewer, now=desk.now)
        assert "Kepada MPOB" not in words_of(browser_of(desk.reviewer).get(review))

    def test_update_form_shows_the_newest_beside_it(self, desk: Desk) -> None:
        say(desk, desk.reviewer)
        edit = reverse("recommendations:update_edit", args=[desk.draft().pk])
        answer = browser_of(desk.officer).get(edit)
        assert WORDS in words_of(answer)
        assert f"{url(desk)}#write" in answer.content.decode()
