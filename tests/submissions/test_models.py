"""A kind of submission that forgets a guard of its part fails here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from indicators.models import FigureReport, FigureSubmission
from recommendations.models import Submission, Update
from submissions.models import Draft, DraftWriter, SubmissionVersion

GUARDS = {
    Draft: {"no_delete", "state_moves", "begins_as_draft", "content_settled", "kept", "settled", "is_now"},
    SubmissionVersion: {"append_only", "is_now", "acts", "of_open_draft"},
    DraftWriter: {"append_only"},
}


def kinds_of(part: type[models.Model]) -> Iterator[type[models.Model]]:
    """The models of all apps that are such a part."""
    return (model for model in apps.get_models() if issubclass(model, part))


def test_updates_and_months_are_drafts_with_versions() -> None:
    assert {Update, FigureReport} <= set(kinds_of(Draft))
    assert {Submission, FigureSubmission} <= set(kinds_of(SubmissionVersion))


@pytest.mark.parametrize("part", GUARDS)
def test_every_kind_has_the_guards_of_its_part(part: type[models.Model]) -> None:
    for model in kinds_of(part):
        names = {trigger.name for trigger in model._meta.triggers}  # type: ignore[attr-defined]
        missing = {guard for guard in GUARDS[part] if not any(name.endswith(f"_{guard}") for name in names)}
        assert not missing, f"{model.__name__} has no guard {sorted(missing)}"


def test_every_draft_says_who_sees_it() -> None:
    for model in kinds_of(Draft):
        assert hasattr(model._default_manager.get_queryset(), "visible_to"), model
