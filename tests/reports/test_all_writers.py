"""No number and no text differs between the rows, the screen and the papers, whoever asks and however."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from itertools import cycle, islice, product

import docx
import pytest
from django.utils.translation import override

from accounts.clearance import Clearance
from evidence.services.lifecycle import seal_document
from recommendations import services
from recommendations.services.step_changes import current_version
from recommendations.states import AssignmentRole, ItemKind, Status
from reports.languages import item_words, label_in
from reports.queries.preview import read_preview
from reports.states import FORMATS, WITH_DOCUMENTS, WITH_UPDATES, Depth, ExportFormat, SummaryLanguage
from reports.summary.content import SummaryContent
from reports.summary.rows import ReportedUpdate
from reports.summary.rows import accepted_text as told_by
from reports.summary.statement import Statement
from reports.writers.wording.agenda import cases_by_agency
from reports.writers.wording.by_agency import by_agency, items_with_days
from reports.writers.wording.decisions import decision_change
from reports.writers.wording.sentences import ATTENTION_SINCE, attention_parts
from reports.writers.wording.steps import step_words
from tests.conftest import Clock
from tests.factories.accounts import AgencyFactory
from tests.factories.recommendations import REPORTED, make_assignment
from tests.reports import tables
from tests.reports.conftest import DRAFT, NASTY, Told, begin_draft
from tests.reports.office import convert
from tests.reports.printed_pdf import PrintedPaper, laid_out
from tests.reports.test_json import problems
from tests.reports.word_document import everything, table_called
from tests.shared import shared
from ui import dates
from ui.number_words import count_words
from ui.numbers import percent

pytestmark = pytest.mark.django_db

READERS = ("reviewer", "officer", "jim", "outsider", "observer")
#: Between two ways to write the same.
EITHER = "\0"
CLOSED, TODAY = "2023-08-31", "2023-09-14"


@shared
def busy(told: Told) -> Told:
    """The world on a later day: a state that MAPO has set, a verdict corrected, a letter, nothing new, a sealed file."""
    people, now = told.people, told.now
    reviewer, administrator = (
        {"actor": people["reviewer"], "now": now},
        {"actor": people["administrator"], "now": now},
    )
    services.override_item(
        told.items["weakness"],
        status=Status.PROGRESS,
        percent=20,
        reason="=Keputusan MAPO\n<b>",
        **administrator,
    )
    services.supersede_verdict(
        told.reviews["jim2"], status=Status.DONE, percent=100, reason="Bukti lengkap.", **reviewer
    )
    draft = told.assignments["jim"].open_update
    services.discard_update(draft, revision=draft.revision, actor=people["jim"], now=now)
    nothing_new = services.report_nothing_new(
        told.assignments["jim"], speaks_for=date(2023, 9, 1), actor=people["jim"], now=now
    )
    services.accept_update(nothing_new, status=Status.PROGRESS, percent=30, reason="", **reviewer)
    begin_draft(told, now)
    letter = services.enter_letter(
        told.assignments["jim2"],
        content=REPORTED,
        reference="KDN.600/1",
        letter_on=date(2023, 9, 10),
        **administrator,
    )
    services.accept_update(letter, status=REPORTED.status, percent=REPORTED.percent, reason="", **reviewer)
    plan_steps(told)
    seal_document(told.documents["pdrm1"], reason="Maklumat mangsa.", **administrator)
    return told


def plan_steps(told: Told) -> None:
    """A step of an agency that was moved, one that the council decided and MAPO cancelled, and one of MAPO itself."""
    officer, reviewer = told.people["jim"], told.people["reviewer"]
    assignment, now = told.assignments["jim"], told.now
    about = {"text": "=Kursus <b> di Kedah", "due_on": date(2023, 10, 1), "now": now}
    step = services.plan_action(assignment, owner=officer, actor=officer, **about)
    services.change_action(
        step, seen=current_version(step).pk, text=step.text, owner=officer, due_on=date(2023, 10, 9),
        reason="+Banjir.", actor=officer, now=now,
    )  # fmt: skip
    decided = services.plan_decision_step(assignment.item, assignment.agency, actor=reviewer, **about)
    services.cancel_action(decided, reason="Majlis menarik balik.", actor=reviewer, now=now)
    services.plan_mapo_step(assignment.item, owner=reviewer, actor=reviewer, **about)


@pytest.mark.parametrize("reader", READERS)
def test_tables_and_the_screen_say_what_the_rows_say(busy: Told, reader: str) -> None:
    """At each depth; days and languages take turns from depth to depth and from reader to reader."""
    first = READERS.index(reader)
    days = islice(cycle((CLOSED, TODAY)), first, None)
    languages = islice(cycle(SummaryLanguage.values), first, None)
    for depth, day, language in zip(Depth.values, days, languages, strict=False):
        asked = {"day": day, "depth": depth, "language": language}
        content = busy.content(reader, **asked)
        wanted = tables.contents_of(content)
        made = {each: busy.made(each, reader, **asked) for each in TABLES}
        for export_format, data in made.items():
            assert DRAFT not in WORDS[export_format](data), (export_format, asked)
        assert problems(made[ExportFormat.JSON]) == []
        said = tables.from_json(made[ExportFormat.JSON])
        tables.compare(said, wanted)
        tables.compare(tables.from_xlsx(made[ExportFormat.XLSX], content), wanted)
        tables.compare(tables.from_csv(made[ExportFormat.CSV]), guarded(wanted))
        with override("ms"):
            preview = read_preview(busy.select(reader, **asked), cycle=busy.cycle, reader=busy.people[reader])
        assert preview.rows_count == said.rows
        assert [(line["percent"], line["lead_code"]) for line in preview.lines] == [
            (row["percent"], row["lead"]) for row in said.items
        ]


def guarded(said: tables.TableContents) -> tables.TableContents:
    """The same with the apostrophe that a CSV table puts before what looks like a formula."""
    for update in said.updates:
        if update["narrative"] == NASTY:
            update["narrative"] = f"'{NASTY}"
    for item in said.items:
        if item["set_reason"].startswith("="):
            item["set_reason"] = f"'{item['set_reason']}"
    for step in said.steps:
        for name in ("step_text", "changed_reason"):
            if step[name].startswith(("=", "+")):
                step[name] = f"'{step[name]}"
    return said


@pytest.mark.long
def test_workbook_says_the_same_after_libreoffice(busy: Told) -> None:
    asked = {"day": TODAY, "language": "both"}
    again = convert(busy.made(ExportFormat.XLSX, **asked), of="xlsx", to="xlsx")
    content = busy.content(**asked)
    tables.compare(tables.from_xlsx(again, content), tables.contents_of(content))


def words_of_pdf(data: bytes) -> str:
    return PrintedPaper(data).text


def words_of_docx(data: bytes) -> str:
    return everything(docx.Document(BytesIO(data)))


#: How each paper is read as words; a pack is read where it is streamed.
WORDS: dict[ExportFormat, Callable[[bytes], str]] = {
    ExportFormat.PDF: words_of_pdf,
    ExportFormat.MEETING: words_of_pdf,
    ExportFormat.DOCX: words_of_docx,
    ExportFormat.COUNCIL: words_of_docx,
    ExportFormat.COUNCIL_PDF: words_of_pdf,
    ExportFormat.XLSX: lambda data: " ".join(
        zipfile.ZipFile(BytesIO(data)).read(name).decode()
        for name in zipfile.ZipFile(BytesIO(data)).namelist()
    ),
    ExportFormat.CSV: lambda data: data.decode("utf-8"),
    ExportFormat.JSON: lambda data: data.decode("utf-8"),
}


TABLES = (ExportFormat.XLSX, ExportFormat.CSV, ExportFormat.JSON)
#: How an assignment in force is told among the agencies of an item: agency and role.
AS_SUPPORT = "{code}.{{0,60}}?(Agensisokongan|Supportingagency)"


#: What people ask for, and who does beside MAPO.
ASKED_FOR = [
    (CLOSED, "ms", "full", "officer"),
    (CLOSED, "en", "evidence", "observer"),
    (TODAY, "ms", "lines", "officer"),
    (TODAY, "en", "full", "observer"),
    (TODAY, "ms", "glance", "officer"),
    (TODAY, "both", "full", "observer"),
    (TODAY, "both", "lines", "officer"),
]


@pytest.mark.parametrize(
    ("reader", "day", "language", "depth"),
    [(reader, *asked) for *asked, other in ASKED_FOR for reader in ("reviewer", other)],
)
def test_papers_for_people_say_what_the_rows_say(
    busy: Told, reader: str, day: str, language: str, depth: str
) -> None:
    asked = {"day": day, "depth": depth, "language": language}
    wanted: list[str] = []
    for tongue in SummaryLanguage(language).codes:
        content = busy.content(reader, **asked)
        wanted += spoken(content, tongue)
        statement = Statement.of(content.selection, busy.maker(reader), content.finish())
        wanted += [value for _label, value in statement.lines(tongue)]
    for export_format in (ExportFormat.PDF, ExportFormat.DOCX):
        made = squeezed(WORDS[export_format](busy.made(export_format, reader, **asked)))
        for words in wanted:
            assert any(squeezed(each) in made for each in words.split(EITHER)), (export_format, words)
        assert "Perkarasulit." not in made or reader == "reviewer"
        assert squeezed(DRAFT) not in made
        assert depth != "full" or re.search(AS_SUPPORT.format(code="JIM"), made)


def test_draft_stands_in_no_other_paper_either(busy: Told) -> None:
    """Nor in what its own writer is given."""
    papers = [
        (reader, each) for reader in ("jim", "outsider") for each in (ExportFormat.PDF, ExportFormat.DOCX)
    ]
    papers += [("reviewer", each) for each in WORDS if FORMATS[each].is_of_mapo]
    for reader, export_format in papers:
        made = squeezed(WORDS[export_format](busy.made(export_format, reader, day=TODAY)))
        assert squeezed(DRAFT) not in made and "JIM" in made, (reader, export_format)


@pytest.mark.parametrize("language", ["ms", "en"])
def test_meeting_sheet_tells_the_rows_that_stand_out(told: Told, language: str) -> None:
    asked = {"day": TODAY, "since": "2023-07-20", "language": language}
    words = squeezed(laid_out(told.made(ExportFormat.MEETING, **asked)))
    content = told.content(**asked)
    late, waiting = attention_parts(content, "late"), attention_parts(content, "waiting")
    assert late and waiting
    for agency, items in by_agency(content, late, "late"):
        with override(language):
            end = (items_with_days(items), str(len(items)), dates.days(items[0][1]))
        assert is_row(words, (agency.code,), end)
    for item, agency in waiting:
        since = agency.waiting_since
        passed = dates.days((content.selection.day - since).days, language=language)
        with override(language):
            name = item_words(item.key)
        assert is_row(
            words,
            (agency.code, name),
            (dates.short_day(since, language=language), passed),
        )
    decisions = {each.review_id: each for each in content.decisions}
    for update in content.updates():
        decision = decisions[update.review_id]
        with override(language):
            change = decision_change(decision)
            begin = (dates.short_day(decision.at), update.code, str(decision.kind.label), change)
        assert percent(update.percent) in change
        assert is_row(words, begin, (told_by(update, language).split()[0],))
    content.finish()


@shared
def late(busy: Told, clock: Clock) -> Told:
    """A month and a half later, with two agencies more that are late for as long: the second code leads."""
    administrator = {"actor": busy.people["administrator"], "now": busy.now}
    second, first = AgencyFactory(code="ZAMAN"), AgencyFactory(code="ABADI")
    make_assignment(busy.items["weakness"], second, **administrator)
    make_assignment(busy.items["weakness"], first, role=AssignmentRole.SUPPORT, **administrator)
    return replace(busy, now=clock.move_to(busy.now + timedelta(days=46)))


@pytest.mark.parametrize("language", ["ms", "en", "both"])
def test_every_paper_lists_what_is_late_by_agency_and_in_one_order(late: Told, language: str) -> None:
    asked = {"day": late.today.isoformat(), "depth": "lines", "language": language}
    with closing(late.content(**asked)) as content:
        agencies = by_agency(content, attention_parts(content, "late"), "late")
        assert [agency.code for agency, _items in agencies][-3:] == ["ABADI", "JIM", "ZAMAN"]
        laid = cases_by_agency(content, content.issues["late"])
        assert [(each.code, items) for each, items in agencies] == [
            (each.code, items) for each, items in laid
        ]
    word = docx.Document(BytesIO(late.made(ExportFormat.DOCX, **asked)))
    _head, *rows = table_called(word, {"ms": "Lewat", "en": "Late", "both": "Lewat / Late"}[language])
    printed = squeezed(laid_out(late.made(ExportFormat.PDF, **asked)))
    for (agency, items), (code, told, count, days) in zip(agencies, rows, strict=True):
        assert (code.partition("\n")[0], count) == (agency.code, str(len(items)))
        for tongue in SummaryLanguage(language).codes:
            with override(tongue):
                said, longest = items_with_days(items), dates.days(items[0][1])
            assert said in told and longest in days
            assert is_row(printed, (agency.code,), (said,))


def is_row(words: str, begin: tuple[str, ...], end: tuple[str, ...]) -> bool:
    """Whether what begins a row and what ends it stand beside each other, with a line of an official text between."""
    first, last = (re.escape(squeezed("".join(part))) for part in (begin, end))
    return re.search(f"{first}.{{0,160}}?{last}", words) is not None


@pytest.mark.parametrize("language", ["ms", "en"])
def test_council_paper_tells_the_totals_and_the_parts_that_stand_out(busy: Told, language: str) -> None:
    asked = {"day": TODAY, "depth": "full", "language": language}
    made = docx.Document(BytesIO(busy.made(ExportFormat.COUNCIL, **asked)))
    content = busy.content(**asked)
    words = everything(made)
    for totals in content.totals:
        begin = beginning(totals.kind, totals.items, language)
        (sentence,) = [line for line in words.split("\n") if re.match(begin, line)]
        figures = [int(number) for number in re.findall(r"\((\d+)\)", sentence)]
        counts = [totals.items, totals.done, totals.progress, totals.none]
        assert figures == [count for count in counts if count]
    for item in content.items:
        assert getattr(item, f"text_{language}") in words
    captions = {
        "ms": ("Perkara (hari lewat)", "Perkara (hari menunggu)", "Perkara (hari sejak dikembalikan)"),
        "en": ("Items (days late)", "Items (days waiting)", "Items (days since return)"),
    }[language]
    told = 0
    for kind, caption in zip(("late", "waiting", "returned"), captions, strict=True):
        parts = by_agency(content, attention_parts(content, kind), kind)
        if not parts:
            continue
        _head, *rows = table_called(made, caption)
        for row, (agency, items) in zip(rows, parts, strict=True):
            with override(language):
                assert row[1] == items_with_days(items)
            assert row[0] == f"{agency.code}\n{getattr(agency, f'name_{language}')}"
            for item, days in items:
                (part,) = [each for each in item.in_force if each.code == agency.code]
                since = ATTENTION_SINCE[kind](part)
                assert (content.selection.day - since).days == days
                told += 1
    assert told
    assert content.finish().fingerprint in words


def spoken(content: SummaryContent, tongue: str) -> list[str]:
    """What a paper of this content must hold, word by word, wherever its lines end."""
    depth, said = content.selection.depth, []
    for item in content.items if depth != Depth.EVIDENCE else ():
        said += [label_in(Status(item.status).label, tongue), percent(item.percent)]
        if depth != Depth.GLANCE:
            said.append(getattr(item, f"text_{tongue}"))
        said += [each.code for each in item.in_force]
    updates, documents = list(content.updates()), list(content.documents())
    if depth in WITH_UPDATES:
        for update in updates:
            said += [percent(update.percent), days_of(update, tongue)]
            if update.narrative and update.narrative != NASTY:
                said.append(update.narrative)
        with override(tongue):
            said += [words for step in content.steps for words in (step.text, step_words(step))]
    if depth in WITH_DOCUMENTS:
        for document in documents:
            said += [str(document.number), document.name]
            said += [document.sha256] if depth == Depth.EVIDENCE else []
    return said


def days_of(update: ReportedUpdate, tongue: str) -> str:
    """The day of a decision, in full or short."""
    return EITHER.join(write(update.decided_at, language=tongue) for write in (dates.day, dates.short_day))


def squeezed(text: str) -> str:
    """Without spaces, line ends, hyphens and marks of direction: how a paper breaks lines is its own."""
    return re.sub("[\\s\u00ad\u200b-\u200f\u202a-\u202e\u2066-\u2069-]", "", text)


def beginning(kind: str, count: int, language: str) -> str:
    """How the sentence that counts the items of a kind begins."""
    is_weakness = kind == ItemKind.WEAKNESS
    counted = re.escape(count_words(count, language=language))
    if language == "en":
        return f"Of (the )?{counted} {'weakness' if is_weakness else 'recommendation'}"
    return f"Daripada {counted} {'kelemahan' if is_weakness else 'syor'}"


def test_nothing_new_has_no_text_of_its_own(busy: Told) -> None:
    (update,) = [update for update in busy.content(day=TODAY).updates() if update.is_nothing_new]
    assert (update.is_readable, update.narrative) == (True, "")


def test_fingerprint_and_class_do_not_depend_on_the_paper_but_on_who_reads(busy: Told) -> None:
    seen = {}
    for reader, language in product(READERS, ("ms", "both")):
        content = busy.content(reader, day=CLOSED, language=language)
        tally = content.finish()
        seen[reader, language] = tally.fingerprint
        assert tally.classification <= busy.people[reader].clearance
    assert len(set(seen.values())) == len(seen)
    assert busy.content("reviewer", day=CLOSED).finish().classification == Clearance.CONFIDENTIAL
