"""Every column with a text that somebody typed is read through a guarded field, and no query reads one as plain text."""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps
from django.db import models

from audit.guarded_text import GuardedCharField, GuardedJSONField, GuardedTextField

ROOT = Path(__file__).parents[2]
#: Apps whose texts are asked about (`test_all_texts_are_guarded`).
APPS = ("recommendations", "meetings", "indicators", "evidence", "bulk", "imports", "cycles", "identities")
#: Columns with text that nobody types freely, or that no guard asks about, and why.
PLAIN = {
    "meetings.LaidAgenda": {"sha256"},
    "meetings.Meeting": {"number", "venue"},
    "meetings.AgendaPoint": {"left_out"},
    # What a source printed, whole.
    "indicators.Check": {"note_ms", "note_en"},
    "indicators.Source": {"title_ms", "title_en", "file_name", "media_type", "sha256", "text"},
    "indicators.PublishedTable": {"key", "title_ms", "title_en", "stub", "columns", "rows", "footnotes"},
    "indicators.PublishedCell": {"text", "note"},
    "indicators.Dimension": {"name_ms", "name_en"},
    "indicators.DimensionValue": {"name_ms", "name_en"},
    # Numbers as typed.
    "indicators.Figure": {"text"},
    "indicators.SentFigure": {"text"},
    "indicators.IndicatorVersion": {"unit", "pillar"},
    "indicators.FigureCitation": {"cell"},
    "indicators.Series": {"key"},
    "indicators.FigureImport": {"sha256"},
    # A reason that names somebody is refused.
    "indicators.FigureSubmission": {"identities_reason"},
    "recommendations.Submission": {"identities_reason"},
    "recommendations.AssignmentVersion": {"role", "stage"},
    "recommendations.ItemVersion": {"pillar"},
    "recommendations.CycleFact": {"key"},
    "recommendations.CycleFactVersion": {"kind"},
    "recommendations.OpeningImport": {"sha256"},
    "evidence.DocumentText": {"identities"},
    "evidence.Document": {"sha256", "media_type", "stored_name", "scan_note", "destruction_approval"},
}
GUARDED = (GuardedCharField, GuardedTextField, GuardedJSONField)
TEXTS = (models.CharField, models.TextField, models.JSONField)


def _plain(model: type[models.Model]) -> set[str]:
    fields = (
        each for each in model._meta.fields if isinstance(each, TEXTS) and not isinstance(each, GUARDED)
    )
    return {each.name for each in fields if not each.choices and not isinstance(each, models.SlugField)}


def test_every_text_is_guarded_or_listed() -> None:
    found = {
        model._meta.label: plain
        for model in apps.get_models()
        if model._meta.app_label in APPS and (plain := _plain(model))
    }
    assert found == PLAIN


def test_no_query_reads_a_text_as_plain() -> None:
    plain = re.compile(r"output_field=(models\.)?(Text|Char|JSON)Field\(")
    for app in (*APPS, "reports", "search", "reminders", "overview"):
        for path in (ROOT / app).rglob("*.py"):
            if "migrations" not in path.parts:
                assert not plain.search(path.read_text("utf-8")), path
