"""Whatever is hidden in any field of the demonstration reaches nobody who may not see it: page, file, feed, mail, paper.

Every text of every guarded field is hidden whole, so that a new field, page or way out is tried without being named here.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile, is_zipfile

import polib
import psycopg2
import pytest
from django.apps import apps
from django.db import models, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from lxml import html
from pytest_django import DjangoDbBlocker

from accounts.clearance import Clearance
from accounts.models import User
from accounts.roles import Role
from audit import clock
from audit.guarded_text import BLOCK, GuardedJSONField
from audit.services import record
from evidence.models import Document
from indicators.models import Indicator
from meetings.models import LaidAgenda
from meetings.states import PointKind
from privacy.checks import MARKS, mark_of
from privacy.reading import NOBODY, reading_as
from recommendations.models import Update
from reminders.mails.content import MailContent
from reminders.mails.rendering import render_mail
from reminders.messages.details import load_details
from reminders.messages.grouping import group_reminders
from reminders.messages.notices import describe_notice
from reminders.models import Notice, Reminder
from reminders.services.planning import plan
from reminders.states import MailKind
from reports.models import Report
from reports.services.making import make
from reports.states import FORMATS, Depth, ExportFormat
from submissions.states import SubmissionState
from tests.conftest import WorkerDatabase
from tests.demo.conftest import ROOT, Demo
from tests.demo.planting import GUARDED, plant_words
from tests.factories.accounts import UserFactory
from tests.reminders.feeds import path_of
from tests.reports.office import pdf_text

pytestmark = pytest.mark.long
TEXTS = (models.CharField, models.TextField, models.JSONField)
#: So many words in a row are found again; shorter texts say nothing by which they are known.
ROW = 5
#: Nobody types more at once: a longer text is a whole file, such as that of a cycle, with words that stand everywhere.
LONGEST = 5_000
#: Pages of what is typed and not sent yet, and of workbooks, to which some readers are led.
WHAT_IS_TYPED = {
    "officer with a draft": ["recommendations:update_edit", "imports:opening", "imports:opening_template"],
    "officer with figures": ["indicators:month", "indicators:figure_import", "indicators:figure_template"],
}
#: Pages of each address, for every reader.
MOST_OF_ONE = 3
_HREF = re.compile(r'(?:href|action|src)="(/[^"#]*)')
#: What stands in a tag, such as a control's text: `rows_of_words` leaves tags out.
_VALUE = re.compile(r"""=(?P<quote>["'])(.*?)(?P=quote)""", re.DOTALL)
#: The bytes of a file are governed by its class; mails of the demonstration were sent before anything was hidden.
_PASSED_OVER = re.compile(r"^/(static|guides|panduan|sign-out|reminders/mails)|/(download|preview)/")
#: Fields without a text by which it is known. Of bulk acts: days and names of states, by which an act is undone. Of notices: keys and days; their texts have a field of their own. The text of no file was read. Nobody lost a device.
EMPTY = {
    "accounts.LostDevice": "reason",
    "bulk.BulkStep": "after before",
    "evidence.DocumentText": "text",
    "reminders.Notice": "about",
}


def strings(value: Any) -> Iterator[str]:
    """Every text of a column's value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def columns(*, guarded: bool) -> Iterator[tuple[str, set[str]]]:
    """Yield the name of every column with texts, and its texts; of those with values, each text among them."""
    for model in apps.get_models():
        for each in model._meta.fields:
            if isinstance(each, TEXTS) and isinstance(each, (*GUARDED, GuardedJSONField)) is guarded:
                values = model._default_manager.order_by().values_list(each.name, flat=True)
                yield (
                    f"{model._meta.label}.{each.name}",
                    {text for value in values for text in strings(value)},
                )


def rows_of_words(text: str) -> set[str]:
    """Every few words in a row of a text, however it is set."""
    words = re.findall(r"\w+", unescape(re.sub(r"<[^>]*>", " ", text)).casefold())
    rows = {" ".join(words[at : at + ROW]) for at in range(len(words) - ROW + 1)}
    # A date stands in many places.
    return {row for row in rows if not re.search(r"\d", row)}


@pytest.fixture(scope="module", autouse=True)
def _planted(
    demo: Demo, worker_database: WorkerDatabase, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A copy of the demonstration in which every guarded field holds words of its own."""
    with django_db_blocker.unblock(), worker_database.copied():
        connection = psycopg2.connect(worker_database.owner_url)
        plant_words(connection)
        connection.close()
        yield


@pytest.fixture
def canaries() -> dict[str, set[str]]:
    """Hide every text of every guarded field; return the words by which each is known, with its fields."""
    known: dict[str, set[str]] = defaultdict(set)
    hidden: set[str] = set()
    for name, texts in columns(guarded=True):
        for text in texts:
            if len(text) <= LONGEST and (rows := rows_of_words(text)):
                hidden.add(text)
                for row in rows:
                    known[row].add(name)
    marks = [mark_of("text", text, [[0, len(text), "chosen"]]) for text in sorted(hidden)]
    officer = User.objects.filter(role=Role.ADMINISTRATOR)[0]
    about: dict[str, Any] = {"actor": officer, "object_type": "privacy.IdentityMark", "now": clock.now()}
    record(action="identity.redacted", after={MARKS: marks}, **about)
    open_texts = {text for _name, texts in columns(guarded=False) for text in texts}
    for language in ("ms",):
        for entry in polib.pofile(str(ROOT / f"locale/{language}/LC_MESSAGES/django.po")):
            open_texts |= {entry.msgid, entry.msgstr, entry.msgid_plural, *entry.msgstr_plural.values()}
    open_texts |= set(composed_texts())
    for text in open_texts:
        for row in rows_of_words(text):
            known.pop(row, None)
    return dict(known)


def composed_texts() -> Iterator[str]:
    """Yield what a laid agenda says of contradictions, in words of ours and with names of figures: nobody typed it."""
    for content in LaidAgenda.objects.values_list("content", flat=True):
        for point in content["points"]:
            if point["kind"] == PointKind.CONTRADICTS:
                for row in point["rows"]:
                    yield from (
                        row[f"{name}_{language}"] for name in ("title", "about") for language in ("ms", "en")
                    )


def outsiders() -> dict[str, User]:
    """People who see no hidden word of others, one of each role that there is."""
    mapo = User.objects.filter(role=Role.REVIEWER)[0].agency
    low = {"agency": mapo, "clearance": Clearance.RESTRICTED}
    officers = User.objects.filter(role=Role.OFFICER).order_by("pk")
    drafts = Update.objects.filter(state=SubmissionState.DRAFT).values("assignment__agency")
    return {
        "officer with a draft": officers.filter(agency__in=drafts)[0],
        "officer with figures": officers.filter(agency__in=Indicator.objects.values("agency"))[0],
        "officer": officers[0],
        "coordinator": User.objects.filter(role=Role.COORDINATOR).order_by("pk")[0],
        "observer": User.objects.filter(role=Role.OBSERVER)[0],
        "reviewer": UserFactory(role=Role.REVIEWER, **low),
        "administrator": UserFactory(role=Role.ADMINISTRATOR, **low),
    }


def told(text: str, canaries: dict[str, set[str]]) -> dict[str, set[str]]:
    """The hidden words in a text, also in values of its tags, with the fields in which they stand."""
    found = rows_of_words(text).union(*(rows_of_words(value) for _quote, value in _VALUE.findall(text)))
    return {row: canaries[row] for row in found & canaries.keys()}


def text_of_file(data: bytes) -> str:
    """All text of a file, whatever its kind."""
    if data.startswith(b"%PDF"):
        return pdf_text(data)
    if is_zipfile(BytesIO(data)):
        with ZipFile(BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        # Evidence in a pack is governed by its class, like every file; its name is not.
        kept = set(Document.objects.values_list("sha256", flat=True))
        inside = [text_of_file(part) for part in parts.values() if sha256(part).hexdigest() not in kept]
        return " ".join([*parts, *inside])
    return data.decode("utf-8", "replace")


def body_of(answer: HttpResponse) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]


def pages(person: User) -> Iterator[tuple[str, str]]:
    """Yield address and text of what links lead this person to, a few of each kind."""
    client, seen, waiting = Client(), Counter[str](), ["/"]
    client.force_login(person)
    asked = set[str]()
    while waiting:
        url = waiting.pop(0)
        try:
            name = resolve(urlsplit(url).path).view_name
        except Resolver404:
            continue
        if url in asked or _PASSED_OVER.search(url) or seen[name] >= MOST_OF_ONE:
            continue
        asked.add(url)
        seen[name] += 1
        answer = client.get(url)
        if answer.status_code == 302:
            waiting.insert(0, answer["Location"])
        elif answer.status_code == 200:
            text = text_of_file(body_of(answer))
            yield url, text
            waiting += [unescape(each) for each in _HREF.findall(text)]


def test_every_guarded_field_is_tried(canaries: dict[str, set[str]]) -> None:
    tried = set().union(*canaries.values())
    missing = {name for name, _texts in columns(guarded=True)} - tried
    empty = {f"{model}.{name}" for model, names in EMPTY.items() for name in names.split()}
    assert missing == empty, " ".join(sorted(missing ^ empty))


@pytest.mark.parametrize(
    "who",
    [
        "officer",
        "officer with a draft",
        "officer with figures",
        "coordinator",
        "observer",
        "reviewer",
        "administrator",
    ],
)
def test_no_page_tells(who: str, canaries: dict[str, set[str]]) -> None:
    shown = dict(pages(outsiders()[who]))
    assert len(shown) > 40
    walked = {resolve(urlsplit(url).path).view_name for url in shown}
    assert walked >= set(WHAT_IS_TYPED.get(who, ())), walked
    assert {url: found for url, text in shown.items() if (found := told(text, canaries))} == {}
    assert any(BLOCK in text for text in shown.values())


#: What would end the session, or move the clock of all.
_NOT_SENT = re.compile(r"sign-out|/sessions|/devices|/demo/|/language|password|second-factor|/proof")


def answers(person: User) -> Iterator[tuple[str, str]]:
    """Yield the address of a form of each kind, and all that is answered to it as it stands, and to it with a reason.

    Nothing of it is kept.
    """
    sent = Counter[str]()
    for page_url, text in pages(person):
        if not text.lstrip().startswith("<!"):
            continue
        for form in html.fromstring(text, base_url=page_url).forms:
            url = form.action or page_url
            name = resolve(urlsplit(url).path).view_name
            if form.method != "POST" or sent[name] >= MOST_OF_ONE or _NOT_SENT.search(url):
                continue
            sent[name] += 1
            typed = [(key, value) for key, value in form.form_values() if key != "csrfmiddlewaretoken"]
            filled = [(key, value or "Sebab yang baik.") for key, value in typed]
            for values in (typed, filled):
                data: dict[str, list[str]] = defaultdict(list)
                for key, value in values:
                    data[key].append(value)
                with transaction.atomic():
                    client = Client()
                    client.force_login(person)
                    answer = client.post(url, data)
                    said = f"{answer.headers} {answer.cookies.output()} {text_of_file(body_of(answer))}"
                    if answer.status_code == 302:
                        said += text_of_file(body_of(client.get(answer["Location"])))
                    transaction.set_rollback(True)
                yield f"{url} {answer.status_code}", said


@pytest.mark.parametrize(
    "who", ["officer with a draft", "officer with figures", "coordinator", "reviewer", "administrator"]
)
def test_no_toast_and_no_refusal_tells(who: str, canaries: dict[str, set[str]]) -> None:
    # The log's export holds the whole file of a cycle, and with it words of texts that were hidden one by one.
    canaries = {row: names for row, names in canaries.items() if row.startswith("kenari")}
    said = list(answers(outsiders()[who]))
    assert len(said) > 20
    assert {url: found for url, text in said if (found := told(text, canaries))} == {}
    assert any(url.endswith(" 302") for url, _text in said)


def test_no_mail_and_no_feed_tells(canaries: dict[str, set[str]]) -> None:
    plan(now=clock.now())
    with reading_as(NOBODY):
        reminders = load_details(list(Reminder.objects.order_by("level", "pk")))
        texts = [each.text for each in group_reminders(reminders, today=clock.today())]
        texts += [describe_notice(each) for each in Notice.objects.all()]
    assert len(reminders) > 20 and len(texts) > 10
    mail = render_mail(
        MailContent(
            delivery_id=1,
            message_id="<a@jejak.example>",
            address="a@jejak.example",
            name="",
            language="ms",
            kind=MailKind.NEWS,
            day=clock.today(),
            made_at=clock.now(),
            attempts_count=0,
            is_mailbox=False,
            texts=texts,
            reminder_ids=[],
        )
    )
    assert told(f"{mail.subject} {mail.body} {mail.alternatives}", canaries) == {}
    for person in User.objects.filter(is_active=True):
        feed = Client().get(path_of(person)).content.decode().replace("\r\n ", "")
        assert told(feed, canaries) == {}, person.role


def file_of(client: Client, report: Report) -> str:
    """Return all text of a report's file, as its reader downloads it."""
    if not report.is_ready:
        with reading_as(NOBODY):  # as a worker does
            make(report.pk, now=clock.now())
    answer = client.get(reverse("reports:file", args=[report.pk]))
    assert answer.status_code == 200
    return text_of_file(body_of(answer))


@pytest.mark.parametrize("who", ["officer", "observer", "reviewer"])
def test_no_summary_tells(who: str, canaries: dict[str, set[str]]) -> None:
    client = Client()
    client.force_login(outsiders()[who])
    for paper in (each for each in ExportFormat if who == "reviewer" or not FORMATS[each].is_of_mapo):
        depths = FORMATS[paper].depths
        asked = {"cycle": "2023", "day": "2023-09-14", "language": "ms", "paper": paper}
        asked |= {"depth": Depth.FULL if Depth.FULL in depths else depths[0]} if depths else {}
        answer = client.post(reverse("reports:make"), asked)
        if answer.status_code == 404:
            assert FORMATS[paper].holds_files and who == "observer"
            continue
        assert answer.status_code == 302, paper
        assert told(file_of(client, Report.objects.latest("pk")), canaries) == {}, paper


def test_no_paper_of_a_meeting_tells_who_is_not_cleared(canaries: dict[str, set[str]]) -> None:
    client = Client()
    client.force_login(outsiders()["reviewer"])
    agendas = LaidAgenda.objects.all()
    assert agendas
    for laid in agendas:
        asked = {"language": "ms", "paper": "all"}
        assert client.post(reverse("reports:papers_make", args=[laid.pk]), asked).status_code == 302
        papers = Report.objects.filter(laid_agenda=laid, asked_by=client.session["_auth_user_id"])
        assert papers
        for report in papers:
            assert told(file_of(client, report), canaries) == {}, report.export_format
