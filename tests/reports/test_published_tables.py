"""Published tables as Word and Excel files: each printed value is read back in its place, in both languages."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from itertools import pairwise, takewhile
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import translation
from openpyxl.cell.cell import Cell

from accounts.models import Agency, User
from accounts.roles import Role
from indicators.models import Indicator, PublishedTable
from indicators.months import last_day_of, months_within
from indicators.states import PeriodKind
from recommendations.models import Cycle
from reports.errors import EmptySelection
from reports.models import Report
from reports.services.making import make
from reports.services.requests import request_report
from reports.services.verification import verify_file
from reports.states import ExportFormat, ReportState, VerificationOutcome
from reports.summary.content import SummaryContent
from reports.summary.selection import read_selection
from reports.summary.statement import Maker
from reports.summary.writing import writer_of
from reports.writers.published import tables as tables_module
from reports.writers.published.tables import tables_of
from tests.conftest import Clock
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.indicators import make_figure, make_series
from tests.factories.recommendations import make_cycle
from tests.recommendations.visitors import Visitor, text_of
from tests.reports.office import convert, pdf_text
from tests.reports.word_document import cells, elements, of_style, opened
from tests.shared import shared

pytestmark = pytest.mark.django_db

#: Word's own namespace.
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BOTH = (ExportFormat.TABLES_DOCX, ExportFormat.TABLES_XLSX)
APRIL = date(2023, 4, 1)
_STARS = re.compile(r"\*+")


@dataclass
class Printed:
    """The statement of 2023 as it is loaded, what agencies reported since, and who reads."""

    cycle: Cycle
    people: dict[str, User]
    now: datetime

    @property
    def today(self) -> date:
        return self.now.date()

    def content(self, by: str = "reviewer", **asked: str) -> SummaryContent:
        person = self.people[by]
        query = {"cycle": "2023", "language": "ms"} | asked
        selection = read_selection(query, cycle=self.cycle, today=self.today, user=person)
        return SummaryContent(selection.as_deep_as(ExportFormat.TABLES_DOCX), cycle=self.cycle, reader=person)

    def made(self, export_format: ExportFormat, by: str = "reviewer", **asked: str) -> bytes:
        target = BytesIO()
        with closing(self.content(by, **asked)) as content:
            writer_of(export_format)(content, target, maker=Maker.of(self.people[by], now=self.now))
        return target.getvalue()


@shared
def printed(clock: Clock) -> Printed:
    """April to August 2023: KBB small by men and women, labour inspections large, VAS a stock."""
    now = clock.move_to(datetime.fromisoformat("2023-06-20T10:00:00+08:00"))
    call_command("load_cycle", stdout=StringIO())
    cycle = Cycle.objects.get(year=2023)
    kdn = Agency.objects.filter(code="KDN").first() or AgencyFactory(code="KDN")
    kpwkm = Agency.objects.filter(code="KPWKM").first() or AgencyFactory(code="KPWKM")
    people = {
        "reviewer": UserFactory(role=Role.REVIEWER, agency=kdn),
        "officer": UserFactory(role=Role.OFFICER, agency=kpwkm),
        "outsider": UserFactory(role=Role.OFFICER, agency=AgencyFactory(code="MPOB2")),
        "observer": UserFactory(role=Role.OBSERVER, agency=kdn),
    }
    now = clock.move_to(datetime.fromisoformat("2023-09-14T10:00:00+08:00"))
    report("KBB", now, 12, 12, 12, 12, 3, sex_age="men")
    report("KBB", now, 20, 20, 20, 20, 20, sex_age="women")
    report("KBB", now, 32, 32, 32, 32, 23)
    report("LABOUR_INSPECTIONS", now, 5000, 6000, 7000, 8000, 9000)
    report("VAS", now, 8, 9)
    clock.move_to(now + timedelta(days=1))
    return Printed(cycle, people, now + timedelta(days=1))


def report(code: str, now: datetime, *numbers: int, **values: str) -> None:
    """Figures of the months from April 2023 on, as an agency reported them."""
    series = make_series(Indicator.objects.get(code=code), **values)
    for month, number in zip(months_within(APRIL, date(2024, 3, 31)), numbers, strict=False):
        days = {"begins_on": month, "ends_on": last_day_of(month)}
        make_figure(series, number, kind=PeriodKind.MONTH, now=now, **days)


def shown(cell: Cell) -> str:
    """What Excel shows of a cell: its text, or its number in its format."""
    if not isinstance(cell.value, int | float):
        return str(cell.value or "")
    value = Decimal(str(cell.value))
    positive, *negative = cell.number_format.split(";")
    part = negative[0] if negative and value < 0 else positive
    before, digits, after = re.fullmatch(r'("[^"]*")?([#,0.%]+)("[^"]*")?', part).groups()
    number = abs(value) * 100 if "%" in digits else value
    text = f"{number:{',' if ',' in digits else ''}.{2 if '.00' in digits else 0}f}"
    quoted = [(each or "").replace('"', "") for each in (before, after)]
    return f"{quoted[0]}{text}{'%' if '%' in digits else ''}{quoted[1]}"


#: A table as it was read back: the words of its headings, and of each row the heading and the lines of each place.
ReadBack = tuple[list[str], list[tuple[str, list[list[str]]]]]


def from_docx(data: bytes) -> list[ReadBack]:
    """The tables of a Word file, without that of the statement."""
    found = []
    for table in opened(data).tables[:-1]:
        rows = cells(table)
        # The rows that repeat on each page.
        heads_count = len(list(table._tbl.iter(f"{W}tblHeader")))
        head = [words.split("\n")[0] for words in rows[heads_count - 1][1:]]
        body = [
            (row[0], [place.split("\n") if place else [] for place in row[1:]]) for row in rows[heads_count:]
        ]
        found.append((head, body))
    return found


def from_xlsx(data: bytes) -> list[ReadBack]:
    """The tables of a workbook, a sheet each; the last sheet is the statement."""
    book = openpyxl.load_workbook(BytesIO(data))
    return [_sheet(list(sheet.iter_rows())) for sheet in book.worksheets[:-1]]


def _sheet(rows: list[tuple[Cell, ...]]) -> ReadBack:
    # Title, an empty row, headings of groups where there are any; the last row of headings is that before the numbers.
    first = next(
        number for number, row in enumerate(rows) if any(isinstance(cell.value, int | float) for cell in row)
    )
    head = [str(cell.value or "").split("\n")[0] for cell in rows[first - 1][1:]]
    body: list[tuple[str, list[list[str]]]] = []
    for row in rows[first:]:
        words = [shown(cell) for cell in row]
        if not any(words):
            break
        if words[0]:
            body.append((words[0], [[] for _ in words[1:]]))
        for place, text in zip(body[-1][1], words[1:], strict=True):
            place += [text] if text else []
    return head, body


READERS = {ExportFormat.TABLES_DOCX: from_docx, ExportFormat.TABLES_XLSX: from_xlsx}


@pytest.mark.parametrize("language", ["ms", "en"])
@pytest.mark.parametrize("export_format", BOTH)
def test_each_printed_value_is_read_back_in_its_place(
    printed: Printed, export_format: ExportFormat, language: str
) -> None:
    """218 values, 12 changes and 2 dashes, cell by cell, with the source's headings and what is printed beside them."""
    data = printed.made(export_format, language=language)
    found = READERS[export_format](data)
    tables = list(PublishedTable.objects.order_by("position"))
    assert len(found) == len(tables) == 12
    counts = {"values": 0, "changes": 0, "dashes": 0}
    for table, (head, body) in zip(tables, found, strict=True):
        headings = [column[language] for column in table.columns]
        own = [place for place, words in enumerate(head) if words in headings]
        assert [head[place] for place in own] == headings
        assert [words for words, _places in body] == [row[language] for row in table.rows]
        wanted: dict[tuple[int, int], list[str]] = {}
        for cell in table.cells.order_by("order"):
            beside = (cell.note, cell.text) if cell.change is not None else (cell.text, cell.note)
            words = " ".join(part for part in beside if part)
            wanted.setdefault((cell.row, cell.column), []).append(words)
            counts["values" if cell.figure_id else "dashes" if cell.change is None else "changes"] += 1
        for row, (_words, places) in enumerate(body):
            for column, place in enumerate(own):
                assert places[place] == wanted.get((row, column), []), (table.key, row, column)
    assert counts == {"values": 218, "changes": 12, "dashes": 2}
    if language == "ms":
        heads = {table.key: head for table, (head, _body) in zip(tables, found, strict=True)}
        assert_titles_and_footnotes(heads, words_of(data, export_format))


def assert_titles_and_footnotes(heads: dict[str, list[str]], words: str) -> None:
    """Titles and footnotes stand as printed, and the next columns behind."""
    assert heads["D"] == [
        "Pencapaian 2021/2022", "Pencapaian 2022/2023", "Pencapaian 2023/2024*", "Catatan", "Catatan 2023/2024*",
    ]  # fmt: skip
    assert heads["J"][-2:] == ["2023*", "2023**"]
    assert heads["K"] == ["2022 RM", "2023 RM", "2023* RM"]
    assert heads["L"][7:9] == ["2023*", "2023**"] and heads["L"][-2:] == ["2023*", "2023**"]
    for table in PublishedTable.objects.all():
        for text in (table.title_ms, *(footnote["text"] for footnote in table.footnotes)):
            assert text in words
    assert "*2023/2024: sehingga 31\xa0Ogos\xa02023 (5 daripada 12 bulan)" in words


def words_of(data: bytes, export_format: ExportFormat) -> str:
    if export_format == ExportFormat.TABLES_DOCX:
        document = opened(data)
        return "\n".join(
            [paragraph.text for paragraph in document.paragraphs]
            + [cell for table in document.tables for row in cells(table) for cell in row]
        )
    book = openpyxl.load_workbook(BytesIO(data))
    return "\n".join(
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    )


def test_numbers_are_written_as_the_reader_may_see_them(printed: Printed) -> None:
    """Men of August are 3: outside of KPWKM and MAPO neither they nor a sum with them is told."""
    document, workbook = BOTH

    def places(export_format: ExportFormat, by: str, table: str) -> dict[str, list[str]]:
        ((head, body),) = READERS[export_format](printed.made(export_format, by, table=table, language="en"))
        reported = [place for place, words in enumerate(head) if words.endswith(("**", "2023/2024*"))]
        return {words: places[reported[0]] for words, places in body}

    for by, export_format in (("reviewer", document), ("officer", workbook)):
        found = places(export_format, by, "L")
        assert found["MEN"] == ["51"] and found["TOTAL"] == ["151"]
    for by, export_format in (("outsider", document), ("outsider", workbook), ("observer", document)):
        found = places(export_format, by, "L")
        # Women are hidden as well: with the total they would tell of the men.
        assert found["MEN"] == found["WOMEN"] == ["hidden"] and found["TOTAL"] == ["151"]
    assert places(workbook, "observer", "D")["Labor Inspections Conducted"] == ["35,000"]
    for each in BOTH:
        assert places(each, "reviewer", "F")["3. Victim Assistance Specialist (Vas)"] == ["9 (May 2023)"]
    found = places(document, "reviewer", "C")
    assert found["Prosecutions Initiated"] == ["– (individu)", "– (pertuduhan)"]
    # On the sheet of an observer, numbers are typed, and hidden ones are text.
    book = openpyxl.load_workbook(BytesIO(printed.made(workbook, "observer", table="L")))
    values = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert len([cell for cell in values if cell.data_type == "n"]) >= 80
    assert not [cell for cell in values if cell.data_type == "f"]
    (hidden, *_others) = [cell for cell in values if cell.value == "tidak dipaparkan"]
    assert hidden.data_type in ("s", "inlineStr")


@pytest.mark.long
@pytest.mark.parametrize("language", ["ms", "en"])
def test_libreoffice_opens_both_and_prints_every_number_whole(printed: Printed, language: str) -> None:
    """A program shows ### for a number that is wider than its column, with the words of its format."""
    told_words = pdf_text(
        convert(printed.made(ExportFormat.TABLES_XLSX, language=language), of="xlsx", to="pdf")
    )
    assert "#" not in told_words
    assert "(Filipina dan Singapura)" in told_words or language == "en"
    document = printed.made(ExportFormat.TABLES_DOCX, language=language)
    assert convert(document, of="docx", to="pdf").startswith(b"%PDF")


def test_document_has_headings_and_heads_that_repeat(printed: Printed) -> None:
    document = opened(printed.made(ExportFormat.TABLES_DOCX, language="both"))
    headings = [each.text for each in of_style(document, "Heading 1")]
    assert headings[0] == "Ringkasan kedudukan negara mengikut Tier (Tahap)" and len(headings) == 24
    assert len(list(elements(document, "w:tblHeader"))) >= 24


def test_footnotes_stay_on_the_page_of_their_table(printed: Printed) -> None:
    """The last row of a table keeps with its first footnote, and each footnote with the next; not with the next table."""
    document = opened(printed.made(ExportFormat.TABLES_DOCX, language="ms"))
    body = list(document.element.body)
    noted = 0
    for table, after in pairwise(body):
        if not table.tag.endswith("}tbl") or _style_of(after) not in {"Note", "NoteOfMore"}:
            continue
        noted += 1
        last = [row for row in table if row.tag.endswith("}tr")][-1]
        kept = [paragraph.find(f"{W}pPr/{W}keepNext") for paragraph in last.iter(f"{W}p")]
        assert kept and None not in kept
        notes = [
            _style_of(each)
            for each in takewhile(
                lambda each: _style_of(each) in {"Note", "NoteOfMore"}, body[body.index(after) :]
            )
        ]
        assert notes == ["NoteOfMore"] * (len(notes) - 1) + ["Note"]
    assert noted > 5
    assert document.styles["Note Of More"].paragraph_format.keep_with_next


def _style_of(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else style.get(f"{W}val")


def test_file_is_kept_named_and_verified_and_a_later_month_changes_an_open_day_alone(
    printed: Printed, clock: Clock
) -> None:
    reviewer = printed.people["reviewer"]
    asked = {"cycle": "2023", "language": "ms", "day": "2023-09-14", "table": "E", "pillar": "protection"}
    selection = read_selection(asked, cycle=printed.cycle, today=printed.today, user=reviewer)
    about: dict[str, Any] = {"cycle": printed.cycle, "actor": reviewer, "now": printed.now}
    reports = [request_report(selection, export_format=each, **about) for each in BOTH]
    for found in reports:
        assert make(found.pk, now=printed.now) == ReportState.READY
        found.refresh_from_db()
        assert found.file_name == f"jejak-2023-jadual-e-2023-09-14-ms.{found.spec.extension}"
        with translation.override("en"):
            assert ", table E, as at 14" in found.name
        assert found.fingerprint and "pillar" not in found.query
        assert verify_file(found.sha256, now=printed.now).outcome == VerificationOutcome.SAME

    now = clock.move_to(printed.now + timedelta(days=1))
    report("PO", now, 9)
    for found in reports:
        assert verify_file(found.sha256, now=now).outcome == VerificationOutcome.SAME


def test_fingerprint_covers_the_figures_and_which_tables(printed: Printed) -> None:
    def fingerprint(by: str = "reviewer", **asked: str) -> str:
        with closing(printed.content(by, **asked)) as content:
            return content.finish().fingerprint

    whole, single = fingerprint(), fingerprint(table="E")
    assert whole != single == fingerprint(table="E") and single != fingerprint("observer", table="E")
    report("PO", printed.now, 9)
    assert fingerprint() != whole


def test_as_at_a_day_before_or_without_a_table_nothing_is_made(
    printed: Printed, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(printed.content(day="2023-09-13", table="D")) as content:
        (table,) = tables_of(content, "en")
    assert not table.has_reported and table.is_continued
    # A cycle whose file has no figures has no such file, and says so.
    monkeypatch.setattr(tables_module, "read_tables", lambda cycle, user: [])
    with closing(printed.content()) as content, pytest.raises(EmptySelection):
        tables_of(content, "en")


def test_other_formats_have_no_table_in_their_selection(printed: Printed) -> None:
    reviewer = printed.people["reviewer"]
    asked = {"cycle": "2023", "table": "E", "kind": "weakness"}
    selection = read_selection(asked, cycle=printed.cycle, today=printed.today, user=reviewer)
    assert selection.as_deep_as(ExportFormat.PDF).table == ""
    tables = selection.as_deep_as(ExportFormat.TABLES_XLSX)
    assert (tables.table, tables.kind) == ("E", "")
    assert not Report.objects.exists()


def test_page_offers_all_tables_or_one_and_its_buttons_make_them(printed: Printed) -> None:
    visitor = Visitor(printed.people["observer"])
    table = PublishedTable.objects.get(key="E")
    for path in (reverse("indicators:tables"), reverse("indicators:table", args=[table.pk])):
        (way,) = visitor.get(path).context["ways"]
        page = visitor.get(way.url)
        assert len(page.context["tables"]) == 12 and "tabledoc" in page.content.decode()
    assert page.context["table"] == "E" and "All 12 tables" in text_of(page)

    asked = {"cycle": "2023", "language": "en", "day": "2023-09-14", "table": "E", "paper": "tablexls"}
    answer = visitor.post(reverse("reports:make"), asked)
    assert answer.status_code == 302
    (found,) = Report.objects.all()
    assert found.is_ready and found.table == "E" and found.reader_role == Role.OBSERVER
    assert visitor.get(reverse("reports:report", args=[found.pk])).status_code == 200
    refused = visitor.post(reverse("reports:make"), asked | {"table": "Q"})
    assert refused.status_code == 409 and Report.objects.count() == 1


def test_other_pages_do_without_tables(printed: Printed) -> None:
    make_cycle(year=2022)
    visitor = Visitor(printed.people["observer"])
    page = visitor.get(f"{reverse('reports:tables')}?cycle=2022")
    assert "No table was published in this cycle" in text_of(page)
    assert not visitor.get(f"{reverse('indicators:tables')}?cycle=2022").context["ways"]
    page = visitor.get(reverse("reports:choose"), table="nothing")
    assert page.status_code == 200 and not page.context["asked"].problems
