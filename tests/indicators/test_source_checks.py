"""The checks of the source find what contradicts in print, confirm what agrees, and find nothing else."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from audit.models import Event
from cycles.file.read import DATA_FOLDER
from indicators.check_words import sentence
from indicators.models import (
    Check,
    CheckTerm,
    Figure,
    Indicator,
    IndicatorItem,
    PublishedCell,
    PublishedTable,
    Series,
    SeriesValue,
    Source,
)
from indicators.queries.checks import Judgements, judge_cycle
from indicators.queries.series_titles import read_series_titles
from indicators.states import CheckKind
from recommendations.models import Cycle, Item
from tests.factories.accounts import UserFactory
from tests.shared import Clock, shared

pytestmark = pytest.mark.django_db

#: Each contradiction of the source with a number, its check, its year (where the check
#: names no period) and the sentence.
FAILING = [
    (1, "countries-sum", 2023, "30 + 106 + 26 + 24 + 3 = 189; printed: 188."),
    (2, "investigations-change", None, "From 108 to 137 is +26.9%; printed: +28%."),
    (3, "kbb-sum", 2022, "29 + 50 + 0 + 1 = 80; printed: 81."),
    (
        4,
        "kb-windows",
        None,
        "11 + 25 = 36 is more than 4 + 31 + 0 = 35, and should not be. The first was counted to 31 March 2023, the second "
        "to 31 May 2023.",
    ),
    (
        7,
        "more-shelter-money",
        None,
        "The sentence says more; the figures go from 355,000 + 430,000 = 785,000 to 300,000 + 455,920 = 755,920.",
    ),
    (8, "more-investigations-se", None, "The sentence says more; the figures go from 39 to 31."),
    (8, "more-victims", None, "The sentence says more; the figures go from 499 to 420."),
    (8, "more-convictions", None, "The sentence says more; the figures go from 104 to 36."),
    (10, "investigations-types-2021-2022", None, "63 + 39 = 102; printed: 108."),
    (10, "investigations-types-2022-2023", None, "95 + 31 = 126; printed: 137."),
    (11, "kbb-within-po-2020", None, "63 is more than 36, and should not be."),
    (11, "kbb-within-po-2021", None, "138 is more than 135, and should not be."),
    (
        11,
        "kbb-within-po-2023",
        None,
        "168 is more than 112, and should not be. The first was counted to 31 May 2023, the second to 29 May 2023.",
    ),
    (12, "kbb-within-po-window-2021-2022", None, "102 is more than 96, and should not be."),
    (13, "more-free-movement-years", None, "The sentence says more; the figures go from 138 to 81."),
]
#: What nobody can judge, with a number and the two sides.
UNJUDGED = [
    (5, "convictions-basis", 32, 25),
    (5, "convictions-basis-all", 32, 40),
    (6, "ngo-support-basis", 112_420, 112_420),
    (6, "ngo-shelter-basis", 755_920, 755_920),
    (9, "ipo-basis", 510, 420),
    (9, "po-basis", 181, 138),
]
#: How often each check holds.
HOLDING = {
    "convictions-fl-se-sum": 1,
    "convictions-agc-sum": 8,
    "ngo-money-sum-2022": 1,
    "ngo-money-sum-2023": 1,
    "kbb-sum": 7,
    "kb-sum": 8,
    "investigations-bound": 2,
    **dict.fromkeys(("ipo-windows", "po-windows", "kbb-windows"), 1),
    **dict.fromkeys(("ipo-equal", "po-equal", "kbb-equal", "kb-equal"), 1),
    **{f"kbb-within-po-{year}": 1 for year in (2016, 2017, 2018, 2019, 2022)},
    "kbb-within-po-window-2022-2023": 1,
    **dict.fromkeys(
        (
            "more-investigations",
            "more-prosecutions",
            "more-convictions-fl-se",
            "more-victims-windows",
            "more-free-movement",
            "more-permits-to-work",
        ),
        1,
    ),
}
#: The printed changes that agree.
AGREEING = {174, 125, 60, 160, 51, -21, 91, 37, 89, 69, 127}

#: What loading the file again must not add to.
LOADED = (
    *(Check, CheckTerm, Figure, Indicator, IndicatorItem, PublishedCell),
    *(PublishedTable, Series, SeriesValue, Source, Event),
)


def load(*files: Path) -> str:
    out = StringIO()
    with translation.override("en"):
        call_command("load_cycle", *files, stdout=out)
    return out.getvalue()


@shared
def found(now: datetime) -> Judgements:
    """What the checks of the cycle as it is delivered find."""
    load()
    return judge_cycle(Cycle.objects.get(), user=UserFactory())


def test_all_contradictions_are_found_and_no_others(found: Judgements) -> None:
    with translation.override("en"):
        failing = [
            (
                row.code,
                row.period.begins_on.year if row.period and row.period.begins_on else None,
                sentence(row).replace("\u00a0", " "),
            )
            for row in found.failing
        ]
    assert sorted(failing, key=str) == sorted(((*each[1:],) for each in FAILING), key=str)
    unjudged = [(row.code, row.left, row.right) for row in found.unjudged]
    assert unjudged == [each[1:] for each in UNJUDGED]
    assert {each[0] for each in (*FAILING, *UNJUDGED)} == set(range(1, 14))


#: Sentences by the code of their check, in a language.
SENTENCES = [
    (
        "kbb-within-po-2020",
        "ms",
        "63 (Kebenaran Bergerak Bebas (KBB)) melebihi 36 (Perintah Perlindungan (PO)), sedangkan tidak sepatutnya.",
    ),
    (
        "kb-windows",
        "en",
        "11 + 25 = 36 (Permission to work, 2021/2022, 2022/2023) is more than 4 + 31 + 0 = 35 (2021, 2022, 2023), and should "
        "not be. The first was counted to 31 March 2023, the second to 31 May 2023.",
    ),
    (
        "more-shelter-money",
        "en",
        "The sentence says more; the figures go from RM355,000.00 + RM430,000.00 = RM785,000.00 (Funds to NGOs, 2022) to "
        "RM300,000.00 + RM455,920.00 = RM755,920.00 (2023).",
    ),
    ("kbb-sum", "en", "29 + 50 + 0 + 1 = 80; printed: 81 (Permission to move freely)."),
    (
        "investigations-change",
        "en",
        "From 108 (Human trafficking investigations, 2021/2022) to 137 (2022/2023) is +26.9%; printed: +28%.",
    ),
]


def test_sentence_names_what_both_numbers_are(found: Judgements) -> None:
    for code, language, words in SENTENCES:
        row = next(row for row in (*found.failing, *found.rows) if row.code == code)
        with translation.override(language):
            assert sentence(row, read_series_titles([row])).replace("\u00a0", " ") == words


def test_every_sum_and_change_that_agrees_is_confirmed(found: Judgements) -> None:
    held = [row for row in found.holding if row.kind != CheckKind.CHANGE]
    assert Counter(row.code for row in held) == HOLDING
    changes = [row.printed.value for row in found.holding if row.printed]
    assert (set(changes), len(changes)) == (AGREEING, 11)
    checked = {row.printed.cell_id for row in found.rows if row.printed}
    assert checked == set(PublishedCell.objects.exclude(change=None).values_list("pk", flat=True))


def test_a_claim_names_its_achievement(found: Judgements) -> None:
    claims = dict(Check.objects.exclude(claim=None).values_list("code", "claim__number"))
    assert claims["more-shelter-money"] == 9
    assert len(claims) == 11
    assert {item.kind for item in Item.objects.filter(pk__in=[row.claim_id for row in found.rows])} == {
        "achievement"
    }


def test_loading_again_changes_and_records_nothing(found: Judgements, clock: Clock, now: datetime) -> None:
    clock.move_to(now + timedelta(days=1))
    counts = [model.objects.count() for model in LOADED]
    report = load()
    assert [model.objects.count() for model in LOADED] == counts
    assert "printed figures: 0 created, 218 not changed" in report
    assert "differs" not in report


def test_what_differs_from_the_file_is_reported_and_not_changed(found: Judgements, tmp_path: Path) -> None:
    figures = (DATA_FOLDER / "2023-figures.yaml").read_text("utf-8")
    for name in ("2023.yaml", "2023-kenyataan-media.txt"):
        (tmp_path / name).write_bytes((DATA_FOLDER / name).read_bytes())
    changed = figures.replace("right: [KBB]", "right: [KB]").replace("The two shelters", "Both shelters")
    (tmp_path / "2023-figures.yaml").write_text(changed, "utf-8")
    report = load(tmp_path / "2023.yaml")
    assert "kbb-sum differs from the file in terms: not changed." in report
    assert (
        Source.objects.get().checks.get(code="kbb-sum").terms.filter(series__indicator__code="KBB").count()
        == 5
    )
