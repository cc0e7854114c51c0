"""The CSV of people: every mistake with its line, and all or nobody invited."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from accounts import people_csv
from accounts.models import User
from tests.factories.accounts import AgencyFactory, World

pytestmark = pytest.mark.usefixtures("in_english")

HEAD = "name,email,agency,role,clearance,language"
GOOD = f"{HEAD}\nAli Ahmad,Ali@x.example,PDRM,officer,,\nSiti Rahim,siti@x.example,mpob,Coordinator,restricted,en\n"


def mistakes(text: str) -> list[tuple[int, str]]:
    return [(error.line, error.column) for error in people_csv.read(text).errors]


@pytest.mark.usefixtures("world")
class TestRead:
    def test_read_finds_all_mistakes_at_once_and_says_the_known_words(self, world: World) -> None:
        errors = people_csv.read(f"{HEAD}\nAli,ali@x.example,XYZ,boss,,\n").errors
        agency, role = (error.message for error in errors)
        assert world.own.code in agency
        assert "officer" in role
        text = f"{HEAD}\n,x,TIADA,raja,semua,fr\nAli,ali@x.example,PDRM,officer,,\n,,,,x,\n"
        assert len(mistakes(text)) == 6 + 5
        text = f"{HEAD}\nAli,ali@x.example,PDRM,officer,,\nAli,ALI@x.example,PDRM,officer,,\n"
        [error] = people_csv.read(text).errors
        assert (error.line, error.column) == (3, "email")
        assert "line 2" in error.message
        lines = "".join(
            f"A,a{number}@x.example,PDRM,officer,,\n" for number in range(people_csv.MAX_ROWS + 1)
        )
        assert mistakes(f"{HEAD}\n{lines}") == [(1, "")]

    def test_read_gives_people_in_order_however_the_columns_stand(self, world: World) -> None:
        ali, siti = people_csv.read(GOOD).newcomers
        assert (ali.name, ali.email, ali.agency, ali.role) == (
            "Ali Ahmad",
            "ali@x.example",
            world.own,
            "officer",
        )
        assert (ali.clearance, ali.language) == (None, "ms")
        assert (siti.agency, siti.role, siti.clearance, siti.language) == (
            world.foreign,
            "coordinator",
            1,
            "en",
        )
        reading = people_csv.read("\ufeffEmail;Name;Role;Agency\r\nali@x.example;Ali;officer;PDRM\r\n")
        assert reading.errors == []
        assert [newcomer.name for newcomer in reading.newcomers] == ["Ali"]
        assert people_csv.read(GOOD + "\n,,,,,\n").errors == []
        assert people_csv.read(people_csv.template()).errors == []
        assert next(csv.reader(io.StringIO(people_csv.template()))) == list(people_csv.COLUMNS)

    def test_read_names_line_and_column(self) -> None:
        AgencyFactory(code="MATI", is_active=False)
        for line, column in (
            (",a@x.example,PDRM,officer,,", "name"),
            ("Ali,,PDRM,officer,,", "email"),
            ("Ali,bukan-emel,PDRM,officer,,", "email"),
            ("Ali,officer@kerajaan.example,PDRM,officer,,", "email"),
            ("Ali,OFFICER@kerajaan.example,PDRM,officer,,", "email"),
            ("Ali,a@x.example,,officer,,", "agency"),
            ("Ali,a@x.example,TIADA,officer,,", "agency"),
            ("Ali,a@x.example,MATI,officer,,", "agency"),
            ("Ali,a@x.example,PDRM,raja,,", "role"),
            ("Ali,a@x.example,PDRM,officer,semua,", "clearance"),
            ("Ali,a@x.example,PDRM,officer,,fr", "language"),
            ("A\x07li,a@x.example,PDRM,officer,,", "name"),
            (f"{'A' * 151},a@x.example,PDRM,officer,,", "name"),
        ):
            assert mistakes(f"{HEAD}\nSiti,siti@x.example,PDRM,officer,,\n{line}\n") == [(3, column)], line

    def test_read_refuses_what_is_no_such_file(self) -> None:
        for text in (
            "",
            HEAD,
            "hanya satu baris",
            f"{HEAD},kata_laluan\nA,a@x.example,PDRM,officer,,,x",
            "a\x00b",
        ):
            assert people_csv.read(text).errors, text
            assert people_csv.read(text).newcomers == [], text

    def test_read_costs_the_same_queries_for_many(self, django_assert_num_queries: Any) -> None:
        lines = "".join(f"A,a{number}@x.example,PDRM,officer,,\n" for number in range(50))
        with django_assert_num_queries(2):
            people_csv.read(f"{HEAD}\n{lines}")


class TestPage:
    @pytest.fixture(autouse=True)
    def _signed_in(self, client: Client, world: World) -> None:
        client.force_login(world.people["administrator"])

    def upload(self, client: Client, text: str | bytes, **more: str) -> Any:
        content = text if isinstance(text, bytes) else text.encode()
        file = SimpleUploadedFile("orang.csv", content, content_type="text/csv")
        return client.post(reverse("accounts:invite_many"), {"file": file, "delivery": "link", **more})

    def test_upload_only_previews_and_says_what_is_wrong(self, client: Client) -> None:
        response = self.upload(client, GOOD)
        assert [newcomer.name for newcomer in response.context["file"].newcomers] == [
            "Ali Ahmad",
            "Siti Rahim",
        ]
        assert not User.objects.filter(email="ali@x.example").exists()
        response = self.upload(client, GOOD + "X,y,TIADA,raja,,\n", confirmed="yes")
        assert len(response.context["file"].errors) == 3
        assert not User.objects.filter(email="ali@x.example").exists()
        for content in (b"\xff\xfe\x00", b"a" * (256 * 1024 + 1), b""):
            assert self.upload(client, content).context["form"].errors["file"], content
        response = client.post(reverse("accounts:invite_many"), {"delivery": "link"})
        assert response.context["form"].errors["file"]
        response = client.get(reverse("accounts:invite_many_template"))
        assert response["Content-Type"].startswith("text/csv")
        assert "attachment" in response["Content-Disposition"]

    def test_confirmed_preview_invites_everybody(self, client: Client) -> None:
        text = self.upload(client, GOOD).context["text"]
        response = client.post(
            reverse("accounts:invite_many"), {"text": text, "delivery": "link", "confirmed": "yes"}
        )
        assert response.text.count("/password/invitation/") >= 2
        assert User.objects.filter(email__in=["ali@x.example", "siti@x.example"]).count() == 2

    def test_confirmed_by_mail_sends_each_their_own_link(
        self, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            client.post(
                reverse("accounts:invite_many"), {"text": GOOD, "delivery": "mail", "confirmed": "yes"}
            )
        assert sorted(letter.to[0] for letter in mail.outbox) == ["ali@x.example", "siti@x.example"]

    def test_confirmed_text_is_checked_again(self, client: Client) -> None:
        """Changing the text in the confirming form gains nothing."""
        bad = GOOD + "Palsu,palsu@x.example,PDRM,superuser,,\n"
        response = client.post(
            reverse("accounts:invite_many"), {"text": bad, "delivery": "link", "confirmed": "yes"}
        )
        assert response.context["file"].errors
        assert not User.objects.filter(email="ali@x.example").exists()


def test_names_that_look_like_formulas_stay_text(world: World, now: datetime) -> None:
    [newcomer] = people_csv.read(f"{HEAD}\n=1+1,f@x.example,PDRM,officer,,\n").newcomers
    assert newcomer.name == "=1+1"
