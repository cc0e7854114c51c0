"""The administrators' pages of the cycles, and what a closed or prepared cycle shows everybody."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.translation import override

from audit.models import Event
from cycles.file import read_cycle_bytes
from cycles.forms import MAX_FILE_BYTES
from cycles.queries import early_words
from cycles.services import CycleSettings, close_cycle
from recommendations.models import Cycle, Item
from recommendations.services import decline_assignment, plan_action, suggest_assignment
from tests.cycles.test_cycle_file import OTHER_FILE
from tests.factories.recommendations import make_assignment, make_cycle, make_item
from tests.recommendations.conftest import Desk
from tests.recommendations.pages import browser_of, words_of

pytestmark = pytest.mark.django_db

PREPARE = "/cycles/prepare/"


def close(desk: Desk) -> None:
    close_cycle(desk.cycle, reason="Tamat.", actor=desk.administrator, now=desk.now)


def fields(cycle: Cycle, **changes: Any) -> dict[str, Any]:
    """The form of changed dates as a browser sends it."""
    held = CycleSettings.of(cycle)
    values = {name: str(value) for name, value in held.values.items()}
    return {**values, "reason": "Surat KDN", "seen": held.mark, "act": "look", **changes}


def told(response: HttpResponse) -> list[str]:
    return [str(message) for message in response.context["messages"]]


class TestList:
    @pytest.mark.parametrize("language", ["ms", "en"])
    def test_list_shows_each_cycle_with_its_phase(self, desk: Desk, language: str) -> None:
        make_cycle(2024)
        make_cycle(2022, closed_at=desk.now)
        response = browser_of(desk.administrator, language).get("/cycles/")
        phases = [(line.cycle.year, str(line.phase)) for line in response.context["lines"]]
        assert phases == [(2024, "preparation"), (2023, "running"), (2022, "closed")]
        assert response.status_code == 200

    def test_list_before_any_cycle_says_what_to_do(self, desk: Desk) -> None:
        # The desk has one, so the empty list is drawn from a page without lines.
        request = RequestFactory().get("/cycles/")
        with override("en"):
            html = render_to_string("cycles/cycles.html", {"lines": []}, request=request)
        assert "No cycle has been loaded yet" in html

    def test_list_takes_the_same_queries_however_many_there_are(
        self, desk: Desk, django_assert_num_queries: Any
    ) -> None:
        browser = browser_of(desk.administrator)
        browser.get("/cycles/")
        for year in (2010, 2011, 2012):
            make_cycle(year)
        with django_assert_num_queries(6):
            browser.get("/cycles/")


class TestChange:
    URL = "/cycles/2023/change/"

    def test_dates_are_looked_at_and_then_saved(self, desk: Desk) -> None:
        browser = browser_of(desk.administrator)
        looked = browser.post(self.URL, fields(desk.cycle, interim_on="2023-10-31"))
        words = words_of(looked)
        assert "31 October 2023" in words and "Nothing has been changed yet." in words
        assert Cycle.objects.get().interim_on == date(2023, 9, 30)
        saved = browser.post(self.URL, fields(desk.cycle, interim_on="2023-10-31", act="save"), follow=True)
        assert told(saved) == ["The 2023 cycle was changed."]
        assert Cycle.objects.get().interim_on == date(2023, 10, 31)
        assert "Surat KDN" in words_of(saved)

    def test_preview_carries_every_field_to_the_saving(self, desk: Desk) -> None:
        response = browser_of(desk.administrator).post(self.URL, fields(desk.cycle, cadence_days="14"))
        carried = dict(
            re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', response.content.decode())
        )
        expected = fields(desk.cycle, cadence_days="14")
        assert {name: carried.get(name, "") for name in expected if name != "act"} == {
            name: value for name, value in expected.items() if name != "act"
        }

    def test_going_on_editing_keeps_what_was_typed(self, desk: Desk) -> None:
        response = browser_of(desk.administrator).post(
            self.URL, fields(desk.cycle, cadence_days="14", act="mend")
        )
        assert response.status_code == 200
        assert 'name="cadence_days" value="14"' in response.content.decode()

    def test_what_cannot_be_saved_is_said_and_what_was_typed_stays(self, desk: Desk) -> None:
        for changes, said in (
            ({"window_end": "2023-03-01"}, "before it starts"),
            ({"interim_on": "2025-01-01"}, "The interim date is outside the window."),
            ({"interim_on": "soon"}, "is not a valid date"),
            ({"cadence_days": "0", "reason": ""}, "Fill this in."),
            ({"cadence_days": "9999"}, "366"),
            ({}, "The cycle already has these values."),
        ):
            for act in ("look", "save"):
                response = browser_of(desk.administrator).post(
                    self.URL, fields(desk.cycle, **changes, act=act)
                )
                assert response.status_code == 422, changes
                assert said in words_of(response), changes
            assert not Event.objects.filter(action="cycle.changed").exists(), changes

    def test_change_over_a_colleagues_is_told_and_can_be_saved_from_there(self, desk: Desk) -> None:
        old = fields(desk.cycle, due_soon_days="3", act="save")
        Cycle.objects.update(stale_after_days=60)
        browser = browser_of(desk.administrator)
        refused = browser.post(self.URL, old)
        assert refused.status_code == 422 and "Somebody else changed this cycle meanwhile" in words_of(
            refused
        )
        assert Cycle.objects.get().due_soon_days != 3
        mark = re.search(r'name="seen" value="([^"]*)"', refused.content.decode())
        assert mark is not None
        browser.post(self.URL, {**old, "seen": mark[1]})
        assert Cycle.objects.get().due_soon_days == 3

    def test_closed_cycle_offers_no_form(self, desk: Desk) -> None:
        close(desk)
        response = browser_of(desk.administrator).get(self.URL)
        assert response.status_code == 409 and "This cycle is closed" in words_of(response)


class TestClosing:
    def test_page_says_what_is_open_and_closes(self, desk: Desk) -> None:
        desk.submission()
        browser = browser_of(desk.administrator)
        words = words_of(browser.get("/cycles/2023/close/"))
        assert "Updates awaiting MAPO" in words
        assert "this is day 167 of 366, and 199 days are left" in words
        assert browser.post("/cycles/2023/close/", {"reason": " "}).status_code == 422
        assert not Cycle.objects.get().is_closed
        response = browser.post("/cycles/2023/close/", {"reason": "Laporan dihantar"}, follow=True)
        assert told(response) == ["The 2023 cycle is closed."]
        assert Cycle.objects.get().is_closed and "Laporan dihantar" in words_of(response)

    def test_page_says_how_much_of_the_window_is_left(self, desk: Desk) -> None:
        for today, words in (
            (date(2023, 3, 31), "The assessment window has not begun yet."),
            (date(2023, 4, 1), "day 1 of 366, and 365 days are left"),
            (date(2024, 3, 30), "day 365 of 366, and 1 day is left"),
            (date(2024, 3, 31), ""),
            (date(2024, 6, 1), ""),
        ):
            with override("en"):
                said = early_words(desk.cycle, today=today)
            assert words in said and bool(words) == bool(said), today

    def test_closed_cycle_is_reopened_with_a_reason_only(self, desk: Desk) -> None:
        close(desk)
        browser = browser_of(desk.administrator)
        assert browser.post("/cycles/2023/reopen/", {"reason": " "}).status_code == 422
        response = browser.post("/cycles/2023/reopen/", {"reason": "Rayuan negara"}, follow=True)
        assert told(response) == ["The 2023 cycle is open again."]
        assert "Rayuan negara" in words_of(response)

    def test_doors_that_lead_nowhere_lead_back(self, desk: Desk) -> None:
        browser = browser_of(desk.administrator)
        assert browser.get("/cycles/2023/reopen/").headers["Location"] == "/cycles/2023/"
        close(desk)
        assert browser.get("/cycles/2023/close/").headers["Location"] == "/cycles/2023/"

    def test_unknown_year_is_not_found(self, desk: Desk) -> None:
        for page in ("", "change/", "close/", "reopen/"):
            for year in ("1999", "99999999999999999999"):
                assert browser_of(desk.administrator).get(f"/cycles/{year}/{page}").status_code == 404, page


class TestPreparing:
    def upload(self, desk: Desk, data: bytes, name: str = "2031.yaml", language: str = "en") -> HttpResponse:
        file = SimpleUploadedFile(name, data, content_type="application/yaml")
        return browser_of(desk.administrator, language).post(PREPARE, {"act": "look", "file": file})

    def carried(self, response: HttpResponse) -> dict[str, str]:
        form = response.context["load_form"]
        return {"act": "load", "name": form["name"].value(), "file": form["file"].value()}

    def test_file_is_looked_at_and_then_loaded(self, desk: Desk) -> None:
        looked = self.upload(desk, OTHER_FILE.read_bytes())
        assert looked.status_code == 200 and "No problem was found." in words_of(looked)
        assert "only MAPO can see it" in words_of(looked)
        assert Cycle.objects.count() == 1
        response = browser_of(desk.administrator).post(PREPARE, self.carried(looked), follow=True)
        assert told(response) == ["The 2031 cycle was loaded from the file."]
        assert Item.objects.filter(cycle__year=2031).exists()
        assert Event.objects.get(action="cycle.loaded").actor_id == desk.administrator.pk

    def test_loading_twice_loads_once(self, desk: Desk) -> None:
        carried = self.carried(self.upload(desk, OTHER_FILE.read_bytes()))
        browser = browser_of(desk.administrator)
        browser.post(PREPARE, carried)
        again = browser.post(PREPARE, carried)
        assert "there is nothing to load" in words_of(again)
        assert Event.objects.filter(action="cycle.loaded").count() == 1

    def test_every_problem_is_shown_with_its_line_in_the_readers_language(self, desk: Desk) -> None:
        text = OTHER_FILE.read_text().replace("year: 2031", "yeer: 2031")
        for language, word in (("en", "Line"), ("ms", "Baris")):
            response = self.upload(desk, text.encode(), language=language)
            assert response.status_code == 422
            assert word in words_of(response)
            assert len(response.context["problems"]) == 2
        assert Cycle.objects.count() == 1

    def test_file_that_is_hostile_empty_or_too_long_is_refused_with_words(self, desk: Desk) -> None:
        for data in (
            b"\xff\xfe\x00",
            b"a: &x [1]\nb: *x\n",
            b"!!python/object/apply:os.system ['true']",
            b"[" * 5000,
            b"{}",
            b"- 1\n- 2\n",
            b"cycle: \x00",
        ):
            response = self.upload(desk, data, name="<script>.yaml")
            assert response.status_code == 422, data[:20]
            assert response.context["problems"], data[:20]
            assert "<script>.yaml" not in response.content.decode(), data[:20]
        for data, said in ((b"", "empty"), (b"#" * (MAX_FILE_BYTES + 1), "larger than 256 KB")):
            response = self.upload(desk, data)
            assert response.status_code == 422 and said in words_of(response)

    def test_file_that_was_broken_on_the_way_is_asked_for_again(self, desk: Desk) -> None:
        browser = browser_of(desk.administrator)
        for file in ("%%%", "", "A" * (2 * MAX_FILE_BYTES)):
            response = browser.post(PREPARE, {"act": "load", "name": "x", "file": file}, follow=True)
            assert told(response) == ["The file could not be uploaded. Choose it again."]

    def test_file_of_a_closed_cycle_loads_nothing(self, desk: Desk) -> None:
        Cycle.objects.update(year=2031)
        close(desk)
        response = self.upload(desk, OTHER_FILE.read_bytes())
        assert "The cycle is closed: nothing was added." in words_of(response)
        assert 'value="load"' not in response.content.decode()

    def test_example_on_the_page_is_refused_until_its_texts_are_written(self, desk: Desk) -> None:
        html = render_to_string("cycles/_pattern.html", {"pattern_year": 2030})
        text = re.search(r"<pre[^>]*>(.*)</pre>", html, flags=re.DOTALL)
        assert text is not None
        response = self.upload(desk, text[1].encode())
        assert response.status_code == 422 and 'value="load"' not in response.content.decode()
        lines = [number for number, line in enumerate(text[1].splitlines(), 1) if "…" in line]
        assert {problem.line for problem in response.context["problems"]} == {*lines}
        assert all("of the example" in problem.reason for problem in response.context["problems"])
        told_ms = self.upload(desk, text[1].encode(), language="ms").context["problems"]
        assert all("contoh" in problem.reason for problem in told_ms)
        browser = browser_of(desk.administrator)
        carried = {"act": "load", "name": "x.yaml", "file": base64.b64encode(text[1].encode()).decode()}
        assert browser.post(PREPARE, carried).status_code == 422
        assert Cycle.objects.count() == 1
        written = iter(f"Teks {number}" for number in range(text[1].count("…")))
        whole = re.sub("…", lambda _dots: next(written), text[1])
        assert read_cycle_bytes(whole.encode(), name="written").cycle.year == 2030


#: Pages with a form that a closed cycle would refuse, by who opens them.
Address = Callable[[Desk], str]
FORMS: dict[str, tuple[str, Address]] = {
    "decline": ("officer", lambda desk: f"/assignments/{desk.assignment.pk}/decline/"),
    "later": ("officer", lambda desk: f"/assignments/{desk.assignment.pk}/later/"),
    "plan": ("officer", lambda desk: f"/assignments/{desk.assignment.pk}/actions/"),
    "officers": ("coordinator", lambda desk: f"/assignments/{desk.assignment.pk}/officers/"),
    "letter": ("reviewer", lambda desk: f"/assignments/{desk.assignment.pk}/letter/"),
    "assign": ("reviewer", lambda _desk: "/assignments/assign/?cycle=2023"),
}


def main_of(response: HttpResponse) -> str:
    """The content of a page without its filters."""
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r'<form\b[^>]*method="get".*?</form>', "", main, flags=re.DOTALL)


class TestClosedCycle:
    def test_form_that_would_be_refused_is_not_offered(self, desk: Desk) -> None:
        browsers = {who: browser_of(getattr(desk, who)) for who in ("officer", "coordinator", "reviewer")}
        for name, (who, address) in FORMS.items():
            assert browsers[who].get(address(desk)).status_code == 200, name
        close(desk)
        for name, (who, address) in FORMS.items():
            response = browsers[who].get(address(desk))
            assert response.status_code == 409, name
            assert "This cycle is closed" in words_of(response), name

    def test_pages_say_that_the_cycle_is_closed(self, desk: Desk) -> None:
        update = desk.submission().update
        close(desk)
        note = "The 2023 cycle was closed on 14 September 2023"
        for person, urls in (
            (desk.officer, ["/items/", f"/items/{desk.item.pk}/", f"/updates/{update.pk}/"]),
            (desk.observer, ["/overview/", f"/items/{desk.item.pk}/"]),
            (
                desk.reviewer,
                ["/assignments/", f"/assignments/{desk.assignment.pk}/", f"/reviews/{update.pk}/"],
            ),
        ):
            for url in urls:
                assert note in words_of(browser_of(person).get(url)), url

    def test_closed_cycle_owes_nothing_but_decisions(self, desk: Desk) -> None:
        desk.submission()
        suggest_assignment(
            make_item(desk.cycle, number=2), agency=desk.agency, role="lead",
            actor=desk.administrator, now=desk.now,
        )  # fmt: skip
        reviewer, officer = browser_of(desk.reviewer), browser_of(desk.officer)
        assert len(reviewer.get("/overview/").context["needs"]) > 1
        close(desk)
        assert [need.count for need in reviewer.get("/overview/").context["needs"]] == [1]
        assert not officer.get("/overview/").context["has_needs"]
        assert officer.get(f"/items/{desk.item.pk}/").context["page"].next_due_on is None
        strip = officer.get("/items/").context["cycle_strip"]
        assert (strip["phase_text"], strip["is_closed"]) == ("Closed", True)

    def test_agencys_pages_offer_no_act(self, desk: Desk) -> None:
        draft = desk.draft()
        plan_action(
            desk.assignment, text="Kursus", owner=desk.officer, due_on=date(2023, 10, 1),
            actor=desk.officer, now=desk.now,
        )  # fmt: skip
        close(desk)
        browser = browser_of(desk.officer)
        assert browser.get("/my-work/").context["work"].assignments_count == 0
        assert browser.get(f"/updates/{draft.pk}/edit/").headers["Location"] == f"/updates/{draft.pk}/"
        for url in (f"/items/{desk.item.pk}/", f"/updates/{draft.pk}/"):
            main = main_of(browser.get(url))
            assert 'type="submit"' not in main
            assert "/edit/" not in main and "/done/" not in main and "/decline/" not in main

    def test_mapos_pages_offer_no_act_but_the_review(self, desk: Desk) -> None:
        submission = desk.submission()
        other = make_item(desk.cycle, number=2)
        suggest_assignment(other, agency=desk.agency, role="lead", actor=desk.administrator, now=desk.now)
        asked = make_assignment(
            make_item(desk.cycle, number=3), desk.agency, actor=desk.administrator, now=desk.now
        )
        decline_assignment(asked, reason="Bukan kami", actor=desk.officer, now=desk.now)
        close(desk)
        browser = browser_of(desk.reviewer)
        for url in (
            "/assignments/", "/assignments/?tab=confirmed", "/assignments/?tab=requests",
            f"/assignments/{desk.assignment.pk}/",
        ):  # fmt: skip
            main = main_of(browser.get(url))
            assert 'type="submit"' not in main, url
            assert "/assign/" not in main and "/letter/" not in main
        assert 'type="submit"' in main_of(browser.get(f"/reviews/{submission.update_id}/"))

    def test_verdict_of_a_closed_cycle_cannot_be_superseded(self, desk: Desk) -> None:
        review = desk.accepted()
        browser = browser_of(desk.second_reviewer)
        assert "/supersede/" in browser.get(f"/reviews/{review.submission.update_id}/").content.decode()
        close(desk)
        assert "/supersede/" not in browser.get(f"/reviews/{review.submission.update_id}/").content.decode()
        assert browser.get(f"/reviews/{review.pk}/supersede/").status_code == 409


def test_cycle_file_of_the_project_passes_the_pages_limit() -> None:
    from cycles.file import kept_cycle_files

    files: list[Path] = kept_cycle_files()
    assert files and all(path.stat().st_size < MAX_FILE_BYTES for path in files)
