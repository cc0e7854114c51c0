"""What a process of the product remembers, and how each test begins as one that remembers nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

#: What another test may find otherwise (settings, files, time, rows, patched attributes), with what forgets it.
FORGOTTEN: dict[str, Callable[[Any], object]] = {
    "accounts.oidc.provider._remembered": lambda module: module._remembered.clear(),
    "evidence.queue._asked_again_at": lambda module: setattr(module, "_asked_again_at", 0.0),
    "evidence.scanner_state._Known": lambda module: setattr(module._Known, "read_at", float("-inf")),
    "guides.rendering.guide_of": lambda module: module.guide_of.cache_clear(),
    "indicators.queries.remembered._JUDGEMENTS": lambda module: module._JUDGEMENTS._held.clear(),
    "indicators.queries.remembered._PARTS": lambda module: module._PARTS._held.clear(),
    "installation.state._groups": lambda module: setattr(module, "_groups", module.groups_of_installation()),
    "privacy.reading._known": lambda module: module._known.clear(),
    "reminders.queries.demo_mails._read": lambda module: module._read.cache_clear(),
    "tracker.csp_reports.rate": lambda module: module.rate.instants.clear(),
    "tracker.health._installation": lambda module: setattr(
        module, "_installation", module.readiness.of_installation()
    ),
    "tracker.maintenance._read_lately": lambda module: module._read_lately.cache_clear(),
    "ui.addresses.address_of": lambda module: module.address_of.cache_clear(),
}

_FILES, _ARGUMENTS, _START = (
    "follows from files of the product, and its arguments",
    "follows from its arguments",
    "is the same once the apps are loaded",
)
#: What never differs within a process, and why. To make it anew would slow the tests.
KEPT = {
    "accounts.factor_secrets._derived": _ARGUMENTS,
    "accounts.passwords._common_passwords": _FILES,
    "audit.guarded_text._hide": _START,
    "audit.labels.NUMBERED": _START,
    "audit.labels.REFERENCES": _START,
    "audit.labels.VALUES": _START,
    "audit.labels._numbered_words": _START,
    "audit.values._choices_by_name": _START,
    "audit.values._field_of": _START,
    "audit.values._models_by_type": _START,
    "imports.values._words": _FILES,
    "indicators.queries.figures._hidden": _ARGUMENTS,
    "installation.counting._of_thread": "is read as a difference within one request",
    "installation.parts.version.version_number": _FILES,
    "privacy.detector.patterns_mark": _FILES,
    "privacy.words.given_names": _FILES,
    "recommendations.working_days.closed_days": _ARGUMENTS,
    "recommendations.working_days.count_working_days": _ARGUMENTS,
    "reminders.due.calendar._calendars_around": _ARGUMENTS,
    "reminders.mails.rendering._template": _FILES,
    "reminders.messages.wording._when": _FILES,
    "reminders.services.default_rules._read_file": "follows from a file as it was at an instant",
    "reports.writers.csv.header": _START,
    "reports.writers.pdf.fonts._characters_of": _FILES,
    "reports.writers.pdf.fonts._plain_characters": _FILES,
    "reports.writers.pdf.fonts.typst_fonts": _FILES,
    "tracker.celery._readings": "is kept by the id of a task in hand, until its end",
    "ui.components._state": _FILES,
    "ui.components._tag": _ARGUMENTS,
    "ui.icons.icon": _FILES,
    "ui.templatetags.ui._calendar": _FILES,
}


def forget_all() -> None:
    """Forget everything, as if the process had just begun; what was never imported remembers nothing."""
    for name, forget in FORGOTTEN.items():
        module = sys.modules.get(name.rpartition(".")[0])
        if module is not None:
            forget(module)
