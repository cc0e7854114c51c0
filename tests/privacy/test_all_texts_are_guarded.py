"""Every form with a free text looks for victims' identities, and every service that takes a reason does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from privacy.forms import IdentityGuardForm

ROOT = Path(__file__).parents[2]
APPS = ("accounts", "audit", "bulk", "cycles", "evidence", "guides", "imports", "indicators", "overview")
APPS += ("identities", "meetings", "privacy", "recommendations", "reminders", "reports", "search", "ui")
TEXT_FIELDS = {"CharField", "LineField"}
#: Texts of forms that are not looked at, by module and class or function, and why.
UNGUARDED_FORMS = {
    "accounts.factor_forms.code_field": "a code that works once",
    "accounts.factor_forms.passkey_name": "a name that its owner alone sees",
    "accounts.forms.PeopleFileForm": "a CSV of officers between two steps",
    "accounts.forms.PeopleFilterForm": "searches officers; nothing is kept",
    "accounts.forms.LanguageForm": "an address within Jejak",
    "accounts.password_forms._password": "a password",
    "accounts.password_forms.SetPasswordForm": "a password",
    "accounts.password_forms.OwnPasswordForm": "a password",
    "audit.forms.TrailFilter": "searches the trail; nothing is kept",
    "cycles.forms._text": "a field of CycleForm, which is guarded",
    "cycles.forms.LoadForm": "a cycle file between two steps",
    "evidence.forms.ReferenceForm": "the number of a paper file, in which its service refuses names",
    "evidence.forms.DocumentFilterForm": "searches names of files; nothing is kept",
    "imports.forms.RowForm": "a row is always kept like a draft; sending the import asks (send_opening)",
    "indicators.forms.workbook.FigureRowForm": "cells of a workbook, which stay the agency's like those of a month",
    "meetings.forms.meeting.MeetingForm": "number and place of a meeting",
    "reminders.forms.RuleForm": "the state of the form",
    "reminders.forms.DayOffForm": "the name of a public holiday",
    "reports.forms.schedule.ScheduleForm": "the name of a schedule, which its owner alone sees",
    "reports.forms.selection.SelectionForm": "choices of a list",
    "reports.forms.selection._select": "choices of a list",
    "reports.forms.selection._day": "a date",
    "reports.forms.selection._cycle": "a year",
    "reports.forms.verification.VerifyForm": "a hash",
}
#: Services with a free text that ask elsewhere or not at all, and why.
UNGUARDED_SERVICES = {
    "accounts.services.checks.ask_for_rights": "its callers ask, and hand on what was found",
    "accounts.services.checks.save_with_event": "its callers ask, and hand on what was found",
    "audit.services.record": "its callers ask, and hand on what was found",
    "meetings.services.checks.record_meeting": "its callers ask, and hand on what was found",
    "recommendations.services.checks.record_step": "its callers ask, and hand on what was found",
    "recommendations.services.checks.tell_of_step": "its callers ask, and hand on what was found",
    "recommendations.services.checks.close_assignment": "its callers ask, and hand on what was found",
    "recommendations.services.reviews.write_acceptance": "its callers ask, and hand on what was found",
    "recommendations.services.reviews.write_return": "its callers ask, and hand on what was found",
}
TEXTS = {"reason", "text", "narrative", "note", "line"}


def _modules(pattern: str) -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            relative = path.relative_to(ROOT)
            if pattern in str(relative) and "migrations" not in relative.parts:
                name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
                yield name, ast.parse(path.read_text("utf-8"))


def _forms_with_texts() -> Iterator[tuple[str, str]]:
    """Yield module and name of each top-level class or function that makes a text field of a form."""
    for module, tree in _modules("forms"):
        for node in tree.body:
            calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
            names = {getattr(func, "attr", getattr(func, "id", "")) for func in calls}
            if names & TEXT_FIELDS and isinstance(node, ast.ClassDef | ast.FunctionDef):
                yield module, node.name


def _services_with_texts() -> Iterator[tuple[str, set[str]]]:
    """Yield each public service that writes a free text, with all its parameters."""
    for module, tree in _modules("services"):
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            taken = {argument.arg for argument in node.args.kwonlyargs}
            if taken & TEXTS and {"actor", "now"} <= taken and node.name != "record_on":
                yield f"{module}.{node.name}", taken


def test_every_form_with_a_text_is_guarded_or_listed() -> None:
    unguarded = set()
    for module, name in _forms_with_texts():
        made = getattr(import_module(module), name)
        if not (isinstance(made, type) and issubclass(made, IdentityGuardForm)):
            unguarded.add(f"{module}.{name}")
    assert unguarded == set(UNGUARDED_FORMS)


def test_every_service_with_a_text_asks_or_is_listed() -> None:
    unguarded = {name for name, taken in _services_with_texts() if "identities_reason" not in taken}
    assert unguarded == set(UNGUARDED_SERVICES)


@pytest.mark.parametrize("walk", [_forms_with_texts, _services_with_texts])
def test_the_walk_finds_many(walk: object) -> None:
    assert callable(walk)
    assert len(list(walk())) > 15
