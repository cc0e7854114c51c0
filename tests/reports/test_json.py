"""The JSON data: every file fits the schema that is published, and texts are as they were typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from reports.states import ExportFormat
from reports.views.downloads import SCHEMA_FILE
from reports.writers.columns import AGENCY, DOCUMENT, ITEM, STEP, UPDATE
from reports.writers.figure_columns import FIGURE_RECORDS
from tests.recommendations.visitors import Visitor
from tests.reports.conftest import NASTY, Told

pytestmark = pytest.mark.django_db

SCHEMA: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def problems(data: bytes) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(json.loads(data))]


def test_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(
    ("record", "part"),
    [
        *[(ITEM, "row_item"), (AGENCY, "agency"), (UPDATE, "update"), (DOCUMENT, "document"), (STEP, "step")],
        *[(record, record.name) for record in FIGURE_RECORDS],
    ],
)
def test_schema_names_every_column_in_order(record: Any, part: str) -> None:
    names = [column.name for column in record.for_programs()]
    assert [name for name in SCHEMA["$defs"][part]["properties"] if name != "agencies"] == names
    assert all(
        "description" in told or "$ref" in told for told in SCHEMA["$defs"][part]["properties"].values()
    )


def test_texts_are_untouched_and_a_file_with_another_shape_does_not_fit(told: Told) -> None:
    """Every file fits: `test_all_writers` asks."""
    data = json.loads(told.made(ExportFormat.JSON))
    assert NASTY in [update["narrative"] for update in data["updates"]]
    data["updates"][0]["percent"] = "40"
    data["items"][0]["more"] = 1
    del data["about"]["fingerprint"]
    assert len(problems(json.dumps(data).encode())) == 3


def test_labels_stand_in_the_languages_that_were_asked_for(told: Told) -> None:
    def status(language: str) -> Any:
        return json.loads(told.made(ExportFormat.JSON, language=language))["items"][0]["status"]

    assert status("ms") == {"code": "progress", "ms": "Dalam Tindakan"}
    assert status("en") == {"code": "progress", "en": "In progress"}
    assert status("both") == {"code": "progress", "ms": "Dalam Tindakan", "en": "In progress"}


def test_schema_is_read_by_everybody_who_is_signed_in(told: Told) -> None:
    response = Visitor(told.people["observer"]).get("/summaries/schema.json")
    assert response["Content-Type"] == "application/schema+json"
    assert json.loads(response.content) == SCHEMA
