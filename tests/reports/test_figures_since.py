"""A day from which a paper tells what is new: its figures stay whole, as at its own day, and what is new is marked."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest

from indicators.models import Figure, Indicator
from meetings.models import LaidAgenda
from recommendations.states import Pillar
from reports.services.requests import request_paper
from reports.states import FORM, ExportFormat, SummaryLanguage
from reports.summary.content import SummaryContent
from tests.conftest import Clock
from tests.factories.indicators import make_figure, make_series
from tests.reports.conftest import Told, kuala_lumpur
from tests.reports.counted import AUGUST, counted
from tests.reports.meeting_papers import bytes_of, lay, made, prepared
from tests.reports.printed_pdf import PrintedPaper
from tests.reports.report_rows import make_record
from tests.reports.word_document import everything, opened, table_called
from ui.dates import NBSP

__all__ = ["counted"]
pytestmark = pytest.mark.django_db

SINCE = {"day": "2023-09-20", "since": "2023-09-14", "language": "en", "depth": "full"}
JUNE: dict[str, Any] = {"kind": "month", "begins_on": date(2023, 6, 1), "ends_on": date(2023, 6, 30)}


@pytest.fixture(autouse=True)
def _told_later(told: Told, counted: Indicator, clock: Clock) -> None:
    """On 20 September June is reported, and August revised from 44 to 40; both are of protection."""
    Indicator.objects.filter(pk=counted.pk).update(pillar=Pillar.PROTECTION)
    told.now = clock.move_to(kuala_lumpur("2023-09-20 10:00"))
    total = make_series(counted)
    august = total.figures.get(source=None)
    Figure.objects.filter(pk=august.pk).update(ended_at=told.now)
    make_figure(total, 40, now=told.now, replaces=august, reason="Dikira semula", **AUGUST)
    make_figure(total, 10, now=told.now, **JUNE)


def plain(words: str) -> str:
    return words.replace(NBSP, " ")


def numbers(content: SummaryContent) -> list[tuple[float | int | None, str]]:
    """The figures of the whole, each with its news."""
    return [
        (each.value, content.figures.news_of(each) or "") for each in content.figure_rows() if not each.series
    ]


def test_rows_are_whole_and_what_is_new_is_known(told: Told) -> None:
    assert numbers(told.content(**SINCE)) == [(81, ""), (10, "new"), (40, "revised")]
    assert numbers(told.content(**SINCE | {"since": ""})) == [(81, ""), (10, ""), (40, "")]
    content = told.content(**SINCE)
    assert content.count_rows() == content.finish().rows_count


def test_a_second_revision_since_is_still_one_of_what_stood_before(told: Told, counted: Indicator) -> None:
    total = make_series(counted)
    august = total.figures.get(source=None, ended_at=None, begins_on=AUGUST["begins_on"])
    Figure.objects.filter(pk=august.pk).update(ended_at=told.now)
    make_figure(total, 41, now=told.now, replaces=august, reason="Sekali lagi", **AUGUST)
    june = total.figures.get(source=None, ended_at=None, begins_on=JUNE["begins_on"])
    Figure.objects.filter(pk=june.pk).update(ended_at=told.now)
    make_figure(total, 11, now=told.now, replaces=june, reason="Sekali lagi", **JUNE)

    assert numbers(told.content(**SINCE)) == [(81, ""), (11, "new"), (41, "revised")]


def test_council_paper_gives_the_whole_number_and_names_its_months(told: Told, counted: Indicator) -> None:
    document = opened(told.made(ExportFormat.COUNCIL, **SINCE))
    (row,) = table_called(document, "Figures by indicator")[1:]
    assert [plain(cell) for cell in row] == [
        f"{counted.name_en}\norders · PDRM",
        "81",
        "2022",
        "50",
        "Jun, Aug 2023 (2 of 12 months)\nNew: Jun 2023. Revised: Aug 2023.",
    ]
    assert "50 of 90." in plain(everything(document)), "the target counts the same months"


@pytest.mark.parametrize("export_format", [ExportFormat.PDF, ExportFormat.DOCX])
def test_full_paper_gives_the_whole_number_and_marks_months(told: Told, export_format: ExportFormat) -> None:
    is_pdf = export_format == ExportFormat.PDF

    def words(**asked: str) -> str:
        data = told.made(export_format, **SINCE | asked)
        return plain(PrintedPaper(data).words if is_pdf else everything(opened(data)))

    for language, whole, since, in_pdf, in_word in (
        ("en", "Reported for Jun, Aug 2023 (2 of 12 months): 50", "Those recorded after 14 September 2023",
         "New: Jun 2023. Revised: Aug 2023.", "August 2023 · revised"),
        ("ms", "Dilaporkan bagi Jun, Ogos 2023 (2 daripada 12 bulan): 50", "selepas 14 September 2023",
         "Baharu: Jun 2023. Dipinda: Ogos 2023.", "Ogos 2023 · dipinda"),
    ):  # fmt: skip
        said = words(language=language)
        assert whole in said and since in said
        assert (in_pdf if is_pdf else in_word) in said
    assert "August 2023 · revised" in words(depth="lines"), "lines mark the newest"


def test_data_files_mark_what_is_new(told: Told) -> None:
    told_by_json = json.loads(told.made(ExportFormat.JSON, **SINCE))["figures"]
    assert [(each["value"], each["news"]) for each in told_by_json if not each["series"]] == [
        (81, None),
        (10, {"code": "new", "en": "new"}),
        (40, {"code": "revised", "en": "revised"}),
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(told.made(ExportFormat.XLSX, **SINCE)))["Figures"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    (head,) = [row for row in rows if "New or revised" in row]
    news = [row[head.index("New or revised")] for row in rows[rows.index(head) + 1 :]]
    assert (news.count("new"), news.count("revised")) == (1, 1)
    table = list(csv.reader(io.StringIO(told.made(ExportFormat.CSV, **SINCE).decode("utf-8-sig"))))
    assert any("revised" in row for row in table) == any("figure" in row for row in table)


@pytest.fixture
def laid(told: Told, clock: Clock) -> LaidAgenda:
    """An agenda as at 20 September, since 14 September."""
    told.now = clock.move_to(kuala_lumpur("2023-09-21 10:00"))
    return lay(
        told, prepared(told, as_at=date(2023, 9, 20), since=date(2023, 9, 14), meets_on=date(2023, 9, 28))
    )


def test_paper_of_a_prepared_meeting_has_whole_figures(told: Told, laid: LaidAgenda) -> None:
    paper = made(told, laid, ExportFormat.COUNCIL, SummaryLanguage.ENGLISH)

    (row,) = table_called(opened(bytes_of(paper)), "Figures by indicator")[1:]
    assert [plain(cell) for cell in row[1:4]] == ["81", "2022", "50"]
    assert "New: Jun 2023." in plain(row[4])


@pytest.mark.parametrize(("form", "is_returned"), [(FORM + 1, False), (FORM, True)])
def test_paper_with_rows_of_another_form_is_made_anew(
    told: Told, laid: LaidAgenda, form: int, is_returned: bool
) -> None:
    pack = ExportFormat.PACK
    ready = make_record(told, export_format=pack, form=form, laid_agenda=laid)
    about: dict[str, Any] = {"actor": told.people["reviewer"], "now": told.now}
    asked = request_paper(laid, export_format=pack, language=SummaryLanguage.MALAY, **about)
    assert (asked == ready) is is_returned
