"""The list of contradictions, the page of one check, and the form in which MAPO explains."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from indicators.models import CheckExplanation, Indicator
from indicators.services.explanations import explain_check
from recommendations.models import Cycle
from tests.factories.indicators import make_check
from tests.indicators.checked import EXPLAINED, Printed, desk, month, printed
from tests.recommendations.conftest import Desk
from tests.recommendations.visitors import Visitor, text_of, toasts
from tests.shared import Clock

__all__ = ["desk", "printed"]
pytestmark = pytest.mark.django_db

LIST = "/figures/contradictions/"
SUM = "29 + 50 + 0 + 1 = 80; printed: 81 (Indicator KBB)."
HOLDS = "87 + 50 + 0 + 1 = 138, as printed."
WORDS = "Seorang wanita dikira dua kali dalam jumlah."
PERIOD = "?begins=2022-01-01&ends=2022-12-31"


def check_url(printed: Printed) -> str:
    return reverse("indicators:check", args=[printed.sums.pk])


def explain_url(printed: Printed, query: str = PERIOD) -> str:
    return reverse("indicators:check_explain", args=[printed.sums.pk]) + query


def explained(desk: Desk, printed: Printed) -> CheckExplanation:
    return explain_check(printed.sums, days=EXPLAINED, text=WORDS, actor=desk.reviewer, now=desk.now)


class TestWithdrawing:
    def url(self, printed: Printed, query: str = PERIOD) -> str:
        return reverse("indicators:check_withdraw", args=[printed.sums.pk]) + query

    def test_mapo_withdraws_with_a_reason_that_everybody_reads(self, desk: Desk, printed: Printed) -> None:
        seen = str(explained(desk, printed).pk)
        visitor = Visitor(desk.reviewer)
        assert self.url(printed) in visitor.get(check_url(printed)).content.decode().replace("&amp;", "&")
        assert visitor.post(self.url(printed), {"reason": "", "seen": seen}).status_code == 422
        assert f'name="seen" value="{seen}"' in visitor.get(self.url(printed)).content.decode()
        answer = visitor.post(self.url(printed), {"reason": "Tersilap baca.", "seen": seen})
        assert answer.status_code == 302
        words = text_of(Visitor(desk.observer).get(check_url(printed)))
        assert "Not explained yet." in words and "Withdrawn on" in words and "Tersilap baca." in words

    def test_words_written_meanwhile_are_shown_and_not_withdrawn(self, desk: Desk, printed: Printed) -> None:
        first = explained(desk, printed)
        later = {"actor": desk.administrator, "now": desk.now}
        second = explain_check(
            printed.sums, days=EXPLAINED, text="Jumlah disalin.", seen=str(first.pk), **later
        )
        visitor = Visitor(desk.reviewer)
        answer = visitor.post(self.url(printed), {"reason": "Tersilap baca.", "seen": str(first.pk)})
        assert answer.status_code == 422
        words, html = text_of(answer), answer.content.decode()
        assert "The explanation changed after you opened this page." in words
        assert "Jumlah disalin." in words and "Tersilap baca." in html
        assert CheckExplanation.objects.standing().get() == second
        # It was shown now: whoever sends again means it.
        assert f'name="seen" value="{second.pk}"' in html
        again = visitor.post(self.url(printed), {"reason": "Tersilap baca.", "seen": str(second.pk)})
        assert again.status_code == 302 and not CheckExplanation.objects.standing().exists()

    def test_nothing_to_withdraw_is_not_found(self, desk: Desk, printed: Printed) -> None:
        assert Visitor(desk.reviewer).get(self.url(printed)).status_code == 404
        explained(desk, printed)
        assert Visitor(desk.reviewer).get(self.url(printed)).status_code == 200
        assert Visitor(desk.reviewer).get(self.url(printed, "?begins=x")).status_code == 404
        assert Visitor(desk.observer).get(self.url(printed)).status_code in (403, 404)


class TestList:
    def test_everybody_reads_what_contradicts_and_not_what_holds_and_mapo_has_the_button(
        self, desk: Desk, printed: Printed
    ) -> None:
        for who in ("officer", "outsider", "reviewer", "administrator", "observer"):
            words = text_of(Visitor(getattr(desk, who)).get(LIST))
            assert SUM in words and HOLDS not in words, who
            assert (
                "1 contradiction" in words and "1 cannot be judged" in words and "1 check holds" in words
            ), who
            assert "0 of 2 explained" in words, who
        words = text_of(Visitor(desk.officer, "ms").get(LIST))
        assert "29 + 50 + 0 + 1 = 80; dicetak: 81 (Petunjuk KBB)." in words
        assert "Belum dijelaskan." in words
        assert explain_url(printed).replace("&", "&amp;") in Visitor(desk.reviewer).get(LIST).content.decode()
        assert "/explain/" not in Visitor(desk.officer).get(LIST).content.decode()

    def test_the_explanation_stands_beside_it_and_filters_in_the_address(
        self, desk: Desk, printed: Printed
    ) -> None:
        explained(desk, printed)
        words = text_of(Visitor(desk.observer).get(LIST))
        assert WORDS in words and "Explained by MAPO on 14 September 2023" in words
        assert "Contradiction, explained" in words
        assert f"Explained by {desk.reviewer.name} on" in text_of(Visitor(desk.administrator).get(LIST))
        for query, shown, hidden in (
            ({"outcome": "holds"}, HOLDS, SUM),
            ({"outcome": "fails"}, SUM, "counted on different bases"),
            ({"outcome": "unjudged"}, "counted on different bases", SUM),
            ({"explained": "yes"}, SUM, "counted on different bases"),
            ({"explained": "no"}, "counted on different bases", SUM),
            ({"table": "L"}, SUM, HOLDS),
            ({"table": "A"}, "Nothing matches these filters", SUM),
            ({"outcome": "x", "explained": "x"}, SUM, HOLDS),
        ):
            words = text_of(Visitor(desk.observer).get(LIST, **query))
            assert shown in words and hidden not in words, query

    def test_as_at_the_day_before_nothing_of_the_explanation_is_there(
        self, desk: Desk, printed: Printed, clock: Clock
    ) -> None:
        later = clock.move_to(desk.now + timedelta(days=2))
        explain_check(printed.sums, days=EXPLAINED, text=WORDS, actor=desk.reviewer, now=later)
        page = Visitor(desk.reviewer).get(LIST, day="2023-09-15")
        words = text_of(page)
        assert SUM in words and WORDS not in words and "as at 15 September 2023" in words
        assert "check_explain" not in page.content.decode() and "/explain/" not in page.content.decode()
        assert "There is nothing to check" in text_of(Visitor(desk.reviewer).get(LIST, day="2023-09-13"))

    def test_past_day_calls_indicators_as_they_were_called_then(
        self, desk: Desk, printed: Printed, clock: Clock
    ) -> None:
        clock.move_to(desk.now + timedelta(days=2))
        for each in Indicator.objects.all():
            Indicator.objects.filter(pk=each.pk).update(name_en=f"Renamed {each.code}")
        url, reader = check_url(printed), Visitor(desk.observer)
        assert "Renamed" in text_of(reader.get(url))
        assert "Renamed" not in text_of(reader.get(url, day="2023-09-14"))

    def test_what_an_agency_reported_shows_to_it_and_to_mapo_alone(
        self, desk: Desk, printed: Printed
    ) -> None:
        for value, number in zip(printed.series, (1, 2, 0, 0, 4), strict=True):
            month(printed.series[value], number, now=desk.now)
        for who, sees in (("officer", True), ("reviewer", True), ("observer", False), ("outsider", False)):
            words = text_of(Visitor(getattr(desk, who)).get(LIST))
            assert ("1 + 2 + 0 + 0 = 3; reported: 4 (Indicator KBB)." in words) is sees

    def test_without_checks_the_page_says_so(self, desk: Desk) -> None:
        assert "There is nothing to check" in text_of(Visitor(desk.officer).get(LIST))

    def test_many_checks_take_no_more_queries(
        self, desk: Desk, printed: Printed, django_assert_max_num_queries: object
    ) -> None:
        for number in range(10):
            parts = [printed.series["men"], printed.series["women"]]
            make_check(printed.source, parts, [printed.series[""]], code=f"more-{number}")
        visitor = Visitor(desk.officer)
        visitor.get(LIST)
        with django_assert_max_num_queries(20):  # type: ignore[operator]
            visitor.get(LIST)


class TestCheck:
    def test_it_shows_each_period_with_its_numbers_and_their_places(
        self, desk: Desk, printed: Printed
    ) -> None:
        page = Visitor(desk.observer).get(check_url(printed))
        words = text_of(page)
        assert SUM in words and HOLDS in words
        cell = printed.figure("", 2022).printed_in.get()
        html = page.content.decode()
        assert f"{reverse('indicators:table', args=[printed.table.pk])}#cell-{cell.pk}" in html
        assert f"{reverse('indicators:source', args=[printed.source.pk])}#L1" in html

    def test_the_past_of_its_explanation(self, desk: Desk, printed: Printed, clock: Clock) -> None:
        seen = str(explained(desk, printed).pk)
        about = {"actor": desk.reviewer, "now": clock.move_to(desk.now + timedelta(days=2))}
        explain_check(printed.sums, days=EXPLAINED, text="Jumlah disalin.", seen=seen, **about)
        words = text_of(Visitor(desk.observer).get(check_url(printed)))
        assert words.index("All explanations") < words.rindex("Jumlah disalin.") < words.rindex(WORDS)
        assert "Replaced on 16 September 2023" in words
        earlier = text_of(Visitor(desk.observer).get(check_url(printed), day="2023-09-15"))
        assert WORDS in earlier and "Jumlah disalin." not in earlier and "Replaced on" not in earlier


class TestExplaining:
    def test_mapo_explains_and_returns_to_the_check(self, desk: Desk, printed: Printed) -> None:
        visitor = Visitor(desk.reviewer)
        assert SUM in text_of(visitor.get(explain_url(printed)))
        answer = visitor.post(explain_url(printed), {"text": WORDS})
        assert answer.url == f"{check_url(printed)}#from-2022-01-01-to-2022-12-31"
        assert toasts(visitor.get(check_url(printed))) == ["The explanation now appears beside the figures."]
        assert CheckExplanation.objects.get().text == WORDS
        assert WORDS in text_of(visitor.get(explain_url(printed)))

    def test_words_written_meanwhile_are_shown_and_not_replaced(self, desk: Desk, printed: Printed) -> None:
        for language, sentence in (
            ("en", "The explanation changed after you opened this page."),
            ("ms", "Penjelasan ini telah berubah selepas anda membuka halaman ini."),
        ):
            with transaction.atomic():
                given = explained(desk, printed)
                visitor = Visitor(desk.administrator, language)
                answer = visitor.post(explain_url(printed), {"text": "Jumlah disalin.", "seen": ""})
                assert answer.status_code == 422, (language, sentence)
                words = text_of(answer)
                assert sentence in words and WORDS in words and "Jumlah disalin." in words, (
                    language,
                    sentence,
                )
                assert CheckExplanation.objects.get().text == WORDS, (language, sentence)
                assert f'name="seen" value="{given.pk}"' in answer.content.decode(), (language, sentence)
                again = visitor.post(explain_url(printed), {"text": "Jumlah disalin.", "seen": str(given.pk)})
                assert again.status_code == 302, (language, sentence)
                assert CheckExplanation.objects.standing().get().text == "Jumlah disalin.", (
                    language,
                    sentence,
                )
                transaction.set_rollback(True)

    def test_what_holds_or_is_not_there_has_no_form(self, desk: Desk, printed: Printed) -> None:
        for query in (
            "",
            "?begins=2021-01-01&ends=2021-12-31",
            "?begins=x&ends=2022-12-31",
            "?begins=2022-01-01",
        ):
            assert Visitor(desk.reviewer).get(explain_url(printed, query)).status_code == 404, query
        assert Visitor(desk.reviewer).get("/figures/contradictions/999999/").status_code == 404

    def test_an_identity_is_asked_back_and_the_text_is_kept(self, desk: Desk, printed: Printed) -> None:
        text = "Mangsa 880101-14-5566 dikira dua kali."
        answer = Visitor(desk.reviewer).post(explain_url(printed), {"text": text})
        assert answer.status_code == 422
        assert "880101-14-5566" in answer.content.decode()
        assert not CheckExplanation.objects.exists()

    def test_a_closed_cycle_has_no_form(self, desk: Desk, printed: Printed) -> None:
        Cycle.objects.filter(pk=desk.cycle.pk).update(closed_at=desk.now)
        assert "closed" in text_of(Visitor(desk.reviewer).get(explain_url(printed)))
        assert "/explain/" not in Visitor(desk.reviewer).get(LIST).content.decode()


class TestTable:
    def url(self, printed: Printed) -> str:
        return reverse("indicators:table", args=[printed.table.pk])

    def test_the_very_cells_carry_the_marks_calmer_where_mapo_has_explained(
        self, desk: Desk, printed: Printed
    ) -> None:
        html = Visitor(desk.observer).get(self.url(printed)).content.decode()
        assert html.count('class="printed__flag tone-danger"') == 1
        assert html.count('class="printed__flag tone-warning"') == 2
        assert html.count('class="printed__flag tone-success"') == 1
        cell = printed.figure("", 2022).printed_in.get()
        at = html.index(f'id="cell-{cell.pk}"')
        assert f'href="{check_url(printed)}" title="{SUM}"' in html[at : at + 300]
        explained(desk, printed)
        page = Visitor(desk.observer).get(self.url(printed))
        assert "tone-danger" not in page.content.decode()
        assert f"Contradiction, Explained: {SUM}" in text_of(page)
