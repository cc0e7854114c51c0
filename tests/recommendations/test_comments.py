"""What MAPO and an agency say to each other: who may say it, who reads it, who is asked to look."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from accounts.services.people import deactivate_person
from audit import clock
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from recommendations.models import Assignment, Comment, CommentMention
from recommendations.queries.comments import MOST_MENTIONS, read_newest_comments, unseen_mentions
from recommendations.queries.item_history import read_history
from recommendations.services import end_assignment, suggest_assignment
from recommendations.services.comments import mark_mention_seen, people_of_thread, write_comment
from recommendations.states import REASON_LENGTH
from tests.factories.accounts import UserFactory, make_agency
from tests.factories.recommendations import make_role
from tests.recommendations.conftest import Desk


def say(desk: Desk, actor: User, **changes: Any) -> Comment:
    facts: dict[str, Any] = {"text": "Angka Sabah belum ada.", "classification": 1, "now": desk.now}
    return write_comment(desk.assignment, actor=actor, **(facts | changes))


def end(desk: Desk) -> None:
    end_assignment(desk.assignment, reason="Dipindahkan", actor=desk.administrator, now=desk.now)


class TestWriteComment:
    def test_whoever_is_only_invited_is_neither_offered_nor_mentioned(self, desk: Desk) -> None:
        """The contacts name no such person either."""
        for side in ("agency", "mapo"):
            home = {"role": Role.OFFICER, "agency": desk.agency}
            if side == "mapo":
                home = {"role": Role.REVIEWER, "agency": desk.reviewer.agency}
            invited = UserFactory(joined_at=None, **home)
            assert invited not in people_of_thread(desk.assignment), side
            with pytest.raises(NotNow):
                say(desk, desk.officer, mentioned=[invited])

    def test_mapo_and_the_agency_write(self, desk: Desk) -> None:
        for who in ("officer", "coordinator", "reviewer", "administrator"):
            actor = getattr(desk, who)
            comment = say(desk, actor, text="  Angka Sabah\r\nbelum ada.  ")
            assert (comment.text, comment.author, comment.written_at) == (
                "Angka Sabah\nbelum ada.",
                actor,
                desk.now,
            ), who

    def test_nobody_else_writes_no_text_that_does_not_fit_and_no_class_above(self, desk: Desk) -> None:
        for who in ("outsider", "observer"):
            with pytest.raises(NotAllowed):
                say(desk, getattr(desk, who))
            assert not Comment.objects.exists()
        for text in ("", " \n", "a" * (REASON_LENGTH + 1)):
            with pytest.raises(NotNow):
                say(desk, desk.officer, text=text)
            assert (
                not Comment.objects.exists() and not Event.objects.filter(action="comment.written").exists()
            )
        with pytest.raises(NotNow):
            say(desk, desk.officer, classification=Clearance.CONFIDENTIAL)
        assert say(desk, desk.reviewer, classification=Clearance.CONFIDENTIAL).pk
        User.objects.filter(pk=desk.reviewer.pk).update(clearance=Clearance.TOP_SECRET)
        desk.reviewer.refresh_from_db()
        for classification in (Clearance.SECRET, 9):
            with pytest.raises(NotNow):
                say(desk, desk.reviewer, classification=classification)

    def test_event_holds_no_text(self, desk: Desk) -> None:
        comment = say(desk, desk.reviewer, mentioned=[desk.officer])
        event = Event.objects.get(action="comment.written")
        assert (event.object_id, event.agency_id, event.item_id) == (
            str(comment.pk),
            desk.agency.pk,
            desk.item.pk,
        )
        assert "Sabah" not in f"{event.before}{event.after}{event.reason}{event.label}"
        assert event.after["mentioned"] == [desk.officer.pk]

    def test_the_same_words_twice_in_a_row_are_written_once(self, desk: Desk) -> None:
        first = say(desk, desk.reviewer, mentioned=[desk.officer])
        assert say(desk, desk.reviewer, mentioned=[desk.officer]) == first
        assert Event.objects.filter(action="comment.written").count() == 1
        assert say(desk, desk.reviewer) != first
        assert say(desk, desk.second_reviewer) != first

    def test_suggestion_takes_none(self, desk: Desk) -> None:
        agency = make_agency("JKDM")
        suggested = suggest_assignment(
            desk.item, agency=agency, role="support", actor=desk.administrator, now=desk.now
        )
        with pytest.raises(NotNow):
            write_comment(suggested, text="Hai", classification=1, actor=desk.reviewer, now=desk.now)
        officer = UserFactory(role=Role.OFFICER, agency=agency)
        with pytest.raises(NotAllowed):
            write_comment(suggested, text="Hai", classification=1, actor=officer, now=desk.now)

    def test_ended_assignment_is_read_and_not_written(self, desk: Desk) -> None:
        comment = say(desk, desk.officer)
        end(desk)
        for who in (desk.officer, desk.reviewer):
            assert read_newest_comments(desk.assignment, user=who).said[0].id == comment.pk
            with pytest.raises(NotNow):
                say(desk, who, text="Lagi")

    def test_closed_cycle_takes_none(self, desk: Desk) -> None:
        desk.cycle.closed_at = desk.now
        desk.cycle.save()
        with pytest.raises(NotNow):
            say(desk, desk.reviewer)

    def test_comment_stays_as_it_was_written(self, desk: Desk) -> None:
        comment = say(desk, desk.officer)
        for act in ("UPDATE recommendations_comment SET text = 'x'", "DELETE FROM recommendations_comment"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(act)
        comment.refresh_from_db()
        assert comment.text == "Angka Sabah belum ada."


class TestMention:
    def test_people_of_a_thread_are_mapo_and_the_agency(self, desk: Desk) -> None:
        assert set(people_of_thread(desk.assignment)) == {
            desk.officer,
            desk.colleague,
            desk.coordinator,
            desk.reviewer,
            desk.second_reviewer,
            desk.administrator,
        }
        assert set(people_of_thread(desk.assignment, classification=Clearance.CONFIDENTIAL)) == {
            desk.reviewer,
            desk.second_reviewer,
            desk.administrator,
        }

    def test_who_cannot_read_it_or_has_left_is_not_mentioned(self, desk: Desk) -> None:
        for who in ("outsider", "observer"):
            with pytest.raises(NotNow, match=getattr(desk, who).name):
                say(desk, desk.reviewer, mentioned=[desk.officer, getattr(desk, who)])
            assert not Comment.objects.exists()
        with pytest.raises(NotNow):
            say(desk, desk.reviewer, classification=Clearance.CONFIDENTIAL, mentioned=[desk.officer])
        deactivate_person(desk.officer, reason="Bersara", actor=desk.administrator, now=desk.now)
        with pytest.raises(NotNow):
            say(desk, desk.reviewer, mentioned=[desk.officer])

    def test_mentioned_once_however_often_named_and_never_by_oneself(self, desk: Desk) -> None:
        comment = say(desk, desk.reviewer, mentioned=[desk.officer, desk.officer, desk.reviewer])
        assert [mention.user for mention in comment.mentions.all()] == [desk.officer]

    def test_day_begins_with_what_asks_to_look(self, desk: Desk) -> None:
        say(desk, desk.reviewer, text="Pertama", mentioned=[desk.officer])
        say(desk, desk.coordinator, text="Kedua", mentioned=[desk.officer, desk.reviewer])
        assert [each.text for each in unseen_mentions(desk.officer)] == ["Kedua", "Pertama"]
        newest = unseen_mentions(desk.reviewer)[0]
        assert (newest.text, newest.agency_code, newest.author) == ("Kedua", "PDRM", desk.coordinator.name)
        assert (newest.item_label, newest.year) == (str(desk.item), 2023)
        assert unseen_mentions(desk.colleague) == unseen_mentions(desk.observer) == []

    def test_only_the_one_mentioned_marks_it_and_once(self, desk: Desk) -> None:
        mention = say(desk, desk.reviewer, mentioned=[desk.officer]).mentions.get()
        with pytest.raises(NotAllowed):
            mark_mention_seen(mention, actor=desk.colleague, now=desk.now)
        assert unseen_mentions(desk.officer)
        for _again in range(2):
            mark_mention_seen(mention, actor=desk.officer, now=desk.now)
        assert unseen_mentions(desk.officer) == []
        assert Event.objects.filter(action="mention.seen", actor_id=desk.officer.pk).count() == 1

    def test_answering_marks_it_in_this_thread_alone(self, desk: Desk) -> None:
        say(desk, desk.reviewer, mentioned=[desk.officer, desk.colleague])
        say(desk, desk.officer, text="20 September.")
        assert unseen_mentions(desk.officer) == []
        assert unseen_mentions(desk.colleague)

    def test_closed_cycle_asks_nobody_to_look_until_it_is_opened_again(self, desk: Desk) -> None:
        mention = say(desk, desk.reviewer, mentioned=[desk.officer]).mentions.get()
        desk.cycle.closed_at = desk.now
        desk.cycle.save()
        assert unseen_mentions(desk.officer) == []
        with pytest.raises(NotNow):
            mark_mention_seen(mention, actor=desk.officer, now=desk.now)

    def test_what_somebody_may_no_longer_read_is_not_listed(self, desk: Desk) -> None:
        say(desk, desk.reviewer, mentioned=[desk.officer])
        User.objects.filter(pk=desk.officer.pk).update(agency=desk.other_agency)
        assert unseen_mentions(User.objects.get(pk=desk.officer.pk)) == []

    def test_list_is_bounded_and_takes_one_query(self, desk: Desk, django_assert_num_queries: Any) -> None:
        say(desk, desk.reviewer, mentioned=[desk.officer])
        unseen_mentions(desk.officer)
        for number in range(MOST_MENTIONS + 3):
            say(desk, desk.reviewer, text=f"Soalan {number}", mentioned=[desk.officer])
        with django_assert_num_queries(1):
            assert len(unseen_mentions(desk.officer)) == MOST_MENTIONS
        with django_assert_num_queries(0):
            unseen_mentions(desk.observer)


class TestWhoReads:
    def test_the_two_sides_read_and_nobody_else(self, desk: Desk) -> None:
        say(desk, desk.officer, mentioned=[desk.reviewer])
        for who in ("officer", "colleague", "coordinator", "reviewer", "administrator"):
            newest = read_newest_comments(desk.assignment, user=getattr(desk, who))
            assert (newest.count, newest.unseen_count) == (1, 1 if who == "reviewer" else 0), who
            assert newest.said[0].mentioned == [desk.reviewer.name], who
            assert not newest.said[0].is_from_mapo, who
        for who in ("outsider", "observer"):
            assert read_newest_comments(desk.assignment, user=getattr(desk, who)).count == 0, who

    def test_what_is_above_the_clearance_is_not_there(self, desk: Desk) -> None:
        say(desk, desk.reviewer, classification=Clearance.CONFIDENTIAL)
        assert read_newest_comments(desk.assignment, user=desk.officer).count == 0
        assert read_newest_comments(desk.assignment, user=desk.reviewer).said[0].class_label
        actions = read_history(desk.item, user=desk.officer).values_list("action", flat=True)
        assert "comment.written" not in actions
        assert "comment.written" in read_history(desk.item, user=desk.reviewer).values_list(
            "action", flat=True
        )

    def test_writer_speaks_for_the_side_of_that_moment(self, desk: Desk) -> None:
        comment = say(desk, desk.officer, now=clock.now())
        User.objects.filter(pk=desk.officer.pk).update(role=Role.REVIEWER, agency=desk.reviewer.agency)
        said = read_newest_comments(desk.assignment, user=desk.reviewer).said[0]
        assert (said.id, said.is_from_mapo) == (comment.pk, False)

    @pytest.mark.parametrize(("shift", "is_from_mapo"), [(-1, False), (0, True)])
    def test_instant_of_a_move_is_of_the_new_side(self, desk: Desk, shift: int, is_from_mapo: bool) -> None:
        User.objects.filter(pk=desk.officer.pk).update(role=Role.REVIEWER, agency=desk.reviewer.agency)
        moved_at = desk.officer.postings.get(role=Role.REVIEWER).began_at
        comment = say(desk, desk.officer, now=moved_at + timedelta(microseconds=shift))
        said = read_newest_comments(desk.assignment, user=desk.reviewer).said[0]
        assert (said.id, said.is_from_mapo) == (comment.pk, is_from_mapo)

    def test_thread_stays_when_the_assignment_changes(self, desk: Desk) -> None:
        say(desk, desk.officer)
        make_role(desk.assignment, "support", actor=desk.administrator, now=desk.now)
        assert read_newest_comments(Assignment.objects.get(), user=desk.officer).count == 1


def test_mention_is_kept_and_set_once(desk: Desk, now: datetime) -> None:
    say(desk, desk.reviewer, mentioned=[desk.officer])
    CommentMention.objects.update(seen_at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        CommentMention.objects.update(seen_at=None)
